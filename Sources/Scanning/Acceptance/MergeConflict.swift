// `.migrate/ignore.yml` after a merge that git left to people.

package import Settings

/// A text with git's marks in it: `<<<<<<<`, `|||||||`, `=======`, `>>>>>>>`.
package enum MergeConflict {
    /// The line of the first mark, from 1; nil for a text without any.
    package static func firstLine(in bytes: [UInt8]) -> Int? {
        guard bytes.contains(UInt8(ascii: "<")) || bytes.contains(UInt8(ascii: ">")) else { return nil }
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where mark(line) == UInt8(ascii: "<") || mark(line) == UInt8(ascii: ">") {
            return index + 1
        }
        return nil
    }

    /// What comes of taking both sides.
    package struct Union: Sendable, Equatable {
        /// The entries of both sides, each fingerprint once.
        package var acceptances: Acceptances
        /// Fingerprints that both sides have, with other words or another end. The entry that ends first is kept.
        package var disputed: [String]
        /// The whole new file.
        package var bytes: [UInt8]
    }

    /// Takes the entries of both sides of every conflict; nil for a text without marks and without a fingerprint that
    /// stands twice.
    ///
    /// Each side is put together whole before it is read, since git cuts conflicts where lines happen to be the same.
    /// - Throws: `ConfigurationError` when one side by itself is no ignore file.
    package static func union(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> Union? {
        let isMarked = firstLine(in: bytes) != nil
        let (ours, theirs) = isMarked ? try sides(of: bytes, path: path) : (bytes, [])
        let reader = IgnoreFileReader(path: path)
        var kept: [String: Acceptance] = [:]
        var disputed: Set<String> = []
        var hasTwice = false
        for side in [ours, theirs] {
            var seen: Set<String> = []
            for entry in try reader.entries(of: side).map(\.acceptance) {
                hasTwice = hasTwice || !seen.insert(entry.fingerprint).inserted
                guard let other = kept[entry.fingerprint], other != entry else {
                    kept[entry.fingerprint] = entry
                    continue
                }
                disputed.insert(entry.fingerprint)
                kept[entry.fingerprint] = endsFirst(entry, other) ? entry : other
            }
        }
        guard isMarked || hasTwice else { return nil }
        guard kept.count <= Acceptances.mostEntries else {
            throw ConfigurationError(
                path: path, line: 0,
                reason: "both sides have \(kept.count) entries, and \(Acceptances.mostEntries) are the most")
        }
        let entries = kept.values.sorted { $0.fingerprint < $1.fingerprint }
        let lines = IgnoreFileText.lines(of: entries, remarks: remarks(ours, theirs))
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        guard text.count <= Acceptances.largest else {
            throw ConfigurationError(
                path: path, line: 0, reason: "both sides together have more than \(Acceptances.largest >> 10) KiB")
        }
        return Union(acceptances: Acceptances(entries), disputed: disputed.sorted(), bytes: text)
    }

    private static func endsFirst(_ left: Acceptance, _ right: Acceptance) -> Bool {
        switch (left.until, right.until) {
        case (let left?, let right?): left < right
        case (.some, nil): true
        case (nil, _): false
        }
    }

    /// The byte of which a line's first seven are; nil for what is no mark.
    private static func mark(_ line: some Collection<UInt8>) -> UInt8? {
        guard let first = line.first, "<|=>".utf8.contains(first) else { return nil }
        let run = line.prefix { $0 == first }.count
        let next = line.dropFirst(7).first
        return run == 7 && (next == nil || next == 0x20 || next == 0x0D) ? first : nil
    }

    private static func sides(
        of bytes: [UInt8], path: String
    ) throws(ConfigurationError) -> (ours: [UInt8], theirs: [UInt8]) {
        enum Part { case common, ours, base, theirs }
        var part = Part.common
        var sides: (ours: [UInt8], theirs: [UInt8]) = ([], [])
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let next: Part? =
                switch (mark(line), part) {
                case (UInt8(ascii: "<"), .common): .ours
                case (UInt8(ascii: "|"), .ours): .base
                case (UInt8(ascii: "="), .ours), (UInt8(ascii: "="), .base): .theirs
                case (UInt8(ascii: ">"), .theirs): .common
                case (UInt8(ascii: "<"), _), (UInt8(ascii: ">"), _):
                    throw ConfigurationError(
                        path: path, line: index + 1, reason: "this mark of a merge conflict has no counterpart")
                default: nil
                }
            if let next {
                part = next
                continue
            }
            if part == .common || part == .ours { sides.ours += line + [0x0A] }
            if part == .common || part == .theirs { sides.theirs += line + [0x0A] }
        }
        guard part == .common else {
            throw ConfigurationError(path: path, line: 0, reason: "a merge conflict in it has no end")
        }
        return sides
    }

    /// The comments of people on both sides, each once.
    private static func remarks(_ sides: [UInt8]...) -> [String] {
        var seen = Set(IgnoreFileText.header + IgnoreFileText.anchors)
        var remarks: [String] = []
        for line in sides.flatMap({ $0.split(separator: 0x0A) }) {
            let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            guard text.first(where: { !$0.isWhitespace }) == "#", seen.insert(text).inserted else { continue }
            remarks.append(text)
        }
        return remarks
    }
}
