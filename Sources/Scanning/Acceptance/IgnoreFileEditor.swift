// Changes single entries of `.migrate/ignore.yml`, and leaves every other line as people have written it.

package import Settings

/// The text of an ignore file that is being changed.
package struct IgnoreFileEditor {
    private let path: String
    private let lineEnd: String
    private var lines: [String]
    /// Comments of people that no longer stand beside what they are about, since the whole file was written anew.
    package private(set) var isRewritten = false

    /// - Parameter bytes: nil for a file that is yet to be made.
    /// - Throws: `ConfigurationError`, as `Acceptances.parse` does.
    package init(_ bytes: [UInt8]?, path: String) throws(ConfigurationError) {
        self.path = path
        _ = try Acceptances.parse(bytes ?? [], path: path)
        let text = String(decoding: bytes ?? [], as: UTF8.self)
        lineEnd = text.utf8.contains(0x0D) ? "\r\n" : "\n"
        lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if lines.isEmpty { lines = IgnoreFileText.lines(of: []) }
    }

    package var bytes: [UInt8] { Array((lines.joined(separator: lineEnd) + lineEnd).utf8) }

    /// What the text holds now.
    package func acceptances() throws(ConfigurationError) -> Acceptances { try Acceptances.parse(bytes, path: path) }

    /// Adds entries, each in the place of one with its fingerprint if there is one.
    /// - Throws: `ConfigurationError` when the file would grow beyond its limits.
    package mutating func put(_ entries: [Acceptance]) throws(ConfigurationError) {
        let before = lines
        var wanted = try acceptances().byFingerprint
        let changed = entries.filter { wanted[$0.fingerprint] != $0 }
        for entry in changed { wanted[entry.fingerprint] = entry }
        // Where a line alone cannot be changed, the whole file is written anew.
        if try spans().allSatisfy({ !$0.lines.isEmpty }) {
            if changed.count > 8 {
                putAll(changed)
            } else {
                // Each one by itself means to read the file as many times.
                for entry in changed { try? put(entry) }
            }
        }
        try settle(on: wanted, or: before)
    }

    /// Takes entries away, with the comments right above them.
    package mutating func remove(_ fingerprints: Set<String>) throws(ConfigurationError) {
        let before = lines
        let wanted = try acceptances().byFingerprint.filter { !fingerprints.contains($0.key) }
        for span in try spans().reversed() where fingerprints.contains(span.fingerprint) && !span.lines.isEmpty {
            var start = span.lines.lowerBound
            while start > 0, isRemark(lines[start - 1]) { start -= 1 }
            // What begins the file is about all of it.
            if start == 0 { start = span.lines.lowerBound }
            var end = span.lines.upperBound
            if end < lines.count, isBlank(lines[end]) { end += 1 }
            lines.removeSubrange(start..<end)
        }
        try settle(on: wanted, or: before)
    }

    // MARK: Parts

    private struct Span {
        var fingerprint: String
        /// From the `-` to the last line of the entry; empty where the layout is not ours.
        var lines: Range<Int>
    }

    private func spans() throws(ConfigurationError) -> [Span] {
        let entries = try IgnoreFileReader(path: path).entries(of: bytes)
        return entries.indices.map { index in
            let start = entries[index].line - 1
            let next = index + 1 < entries.count ? entries[index + 1].line - 1 : lines.count
            guard lines.indices.contains(start), lines[start].hasPrefix("- "), next > start, next <= lines.count else {
                return Span(fingerprint: entries[index].acceptance.fingerprint, lines: 0..<0)
            }
            var end = next
            while end > start + 1, isBlank(lines[end - 1]) || isComment(lines[end - 1]) { end -= 1 }
            return Span(fingerprint: entries[index].acceptance.fingerprint, lines: start..<end)
        }
    }

    private mutating func put(_ entry: Acceptance) throws(ConfigurationError) {
        let spans = try spans()
        let block = IgnoreFileText.lines(of: entry)
        if let old = spans.first(where: { $0.fingerprint == entry.fingerprint }) {
            lines.replaceSubrange(old.lines, with: block)
            return
        }
        addAnchorsWhereThereAreNoEntries(spans.isEmpty)
        let room = section(of: entry.fingerprint)
        let greater = spans.first { room.contains($0.lines.lowerBound) && $0.fingerprint > entry.fingerprint }
        var place = greater?.lines.lowerBound ?? room.upperBound
        if greater != nil {
            while place > room.lowerBound, isRemark(lines[place - 1]) { place -= 1 }
        }
        var inserted = block + [""]
        if place > 0, isEntryLine(lines[place - 1]) { inserted.insert("", at: 0) }
        if place == lines.count { inserted.removeLast() }
        lines.insert(contentsOf: inserted, at: place)
    }

    /// Many at once: from the last place to the first, with one look at the file.
    private mutating func putAll(_ entries: [Acceptance]) {
        var old: [Span] = (try? spans()) ?? []
        let known = Set(old.map(\.fingerprint))
        let changed = Dictionary(entries.map { ($0.fingerprint, $0) }, uniquingKeysWith: { $1 })
        for span in old.reversed() {
            if let entry = changed[span.fingerprint] {
                lines.replaceSubrange(span.lines, with: IgnoreFileText.lines(of: entry))
            }
        }
        old = (try? spans()) ?? []
        addAnchorsWhereThereAreNoEntries(old.isEmpty)
        let fresh = changed.values.filter { !known.contains($0.fingerprint) }.sorted { $0.fingerprint > $1.fingerprint }
        let sections = IgnoreFileText.anchors.indices.map { section(number: $0) }
        // Blocks of one place are gathered, so that the places keep their numbers until all are known.
        var blocks: [Int: [Acceptance]] = [:]
        for entry in fresh {
            let room = sections[IgnoreFileText.section(of: entry.fingerprint)]
            var place = room.upperBound
            if let greater = old.first(where: {
                room.contains($0.lines.lowerBound) && $0.fingerprint > entry.fingerprint
            }) {
                place = greater.lines.lowerBound
                while place > room.lowerBound, isRemark(lines[place - 1]) { place -= 1 }
            }
            blocks[place, default: []].insert(entry, at: 0)
        }
        for (place, entries) in blocks.sorted(by: { $0.key > $1.key }) {
            var inserted = entries.flatMap { IgnoreFileText.lines(of: $0) + [""] }
            if place > 0, isEntryLine(lines[place - 1]) { inserted.insert("", at: 0) }
            if place == lines.count { inserted.removeLast() }
            lines.insert(contentsOf: inserted, at: place)
        }
    }

    private mutating func addAnchorsWhereThereAreNoEntries(_ isEmpty: Bool) {
        guard isEmpty, !IgnoreFileText.anchors.contains(where: lines.contains) else { return }
        if let last = lines.last, !last.isEmpty { lines.append("") }
        lines += IgnoreFileText.anchors
    }

    /// The lines in which an entry belongs: between two anchors, or anywhere in a file without them.
    private func section(of fingerprint: String) -> Range<Int> {
        section(number: IgnoreFileText.section(of: fingerprint))
    }

    private func section(number: Int) -> Range<Int> {
        guard let start = lines.firstIndex(of: IgnoreFileText.anchors[number]) else { return 0..<lines.count }
        let rest = Set(IgnoreFileText.anchors.dropFirst(number + 1))
        let end = lines[(start + 1)...].firstIndex(where: rest.contains) ?? lines.count
        return start + 1..<end
    }

    private func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }
    private func isComment(_ line: String) -> Bool { line.first { !$0.isWhitespace } == "#" }
    private func isRemark(_ line: String) -> Bool { isComment(line) && !IgnoreFileText.anchors.contains(line) }
    private func isEntryLine(_ line: String) -> Bool { !isBlank(line) && !isComment(line) }

    /// A layout of somebody else's (all in one line, say) is not edited line by line: the file is written anew, with
    /// all lines that are comments at its beginning.
    private mutating func settle(on wanted: [String: Acceptance], or before: [String]) throws(ConfigurationError) {
        let entries = Array(wanted.values)
        guard entries.count <= Acceptances.mostEntries else {
            lines = before
            throw ConfigurationError(
                path: path, line: 0,
                reason: "it would have \(entries.count) entries, and \(Acceptances.mostEntries) are the most")
        }
        if (try? acceptances().byFingerprint) != wanted {
            let ours = Set(IgnoreFileText.header + IgnoreFileText.anchors)
            lines = IgnoreFileText.lines(of: entries, remarks: before.filter { isComment($0) && !ours.contains($0) })
            isRewritten = true
        }
        guard bytes.count <= Acceptances.largest else {
            lines = before
            throw ConfigurationError(
                path: path, line: 0,
                reason: "with \(entries.count) entries it would have more than \(Acceptances.largest >> 10) KiB")
        }
        guard try acceptances().byFingerprint == wanted else {
            lines = before
            throw ConfigurationError(path: path, line: 0, reason: "an entry cannot be written so that it can be read")
        }
    }
}
