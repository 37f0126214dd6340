// A template of a dotenv file: every key, no value.

import Detection
import Dotenv

/// Brings a template up to the dotenv files that it stands for.
struct DotenvTemplate {
    /// What stands for a value: plain for every dialect, and told as a stand-in by the scan.
    static let placeholder = Array("changeme".utf8)

    /// Whether a value must not stand in a template.
    var isReal: (_ key: [UInt8], _ value: ArraySlice<UInt8>) -> Bool

    /// A line, or an entry of several lines.
    private struct Piece {
        var bytes: [UInt8]
        var key: String?
        var isComment = false
    }

    /// What the template should be.
    ///
    /// Its own lines stay as they are but for real values. Missing keys go where the dotenv file has them: after the key
    /// before them, with the comments above them.
    /// - Parameters:
    ///   - existing: the template as it is; nil for none.
    ///   - sources: the dotenv files beside it; the first one gives a new template its order and comments.
    ///   - furtherKeys: that must be in it as well, at the end.
    func updated(_ existing: [UInt8]?, from sources: [DotenvDocument], furtherKeys: [String]) -> [UInt8] {
        let end = Self.lineEnd(of: existing ?? sources.first?.text ?? [])
        var pieces = existing.map { self.pieces(of: DotenvDocument(parsing: $0)) } ?? []
        let isCut = existing.map { !$0.isEmpty && $0.last != UInt8(ascii: "\n") } ?? false
        for (number, source) in sources.enumerated() {
            merge(source, into: &pieces, end: end, isWhole: existing == nil && number == 0)
        }
        for key in furtherKeys where !pieces.contains(where: { $0.key == key }) {
            Self.insert(Piece(bytes: Self.line(key) + end, key: key), at: pieces.count, in: &pieces, end: end)
        }
        var result = pieces.flatMap(\.bytes)
        if isCut, let existing, result.count > existing.count, result.suffix(end.count) == end[...] {
            result.removeLast(end.count)
        }
        return result
    }

    /// The keys of a template or a dotenv file.
    static func keys(of document: DotenvDocument) -> [String] {
        var seen: Set<String> = []
        return document.entries.map(\.key).filter { seen.insert($0).inserted }
    }

    /// The keys in the template whose values are real; comments count as the empty key.
    func realKeys(in existing: [UInt8]) -> [String] {
        let document = DotenvDocument(parsing: existing)
        var keys: [String] = []
        for node in document.nodes where cleaned(node, of: document) != Array(document.text[node.span]) {
            if case .entry(let entry) = node { keys.append(entry.key) } else { keys.append("") }
        }
        return keys
    }

    // MARK: The template's own lines

    private func pieces(of document: DotenvDocument) -> [Piece] {
        document.nodes.map { node in
            let bytes = cleaned(node, of: document)
            switch node {
            case .entry(let entry): return Piece(bytes: bytes, key: entry.key)
            case .comment: return Piece(bytes: bytes, isComment: true)
            case .blank, .malformed: return Piece(bytes: bytes)
            }
        }
    }

    /// The bytes of a node without real values.
    private func cleaned(_ node: Node, of document: DotenvDocument) -> [UInt8] {
        let text = document.text
        let span = node.span
        guard case .entry(let entry) = node else {
            if case .blank = node { return Array(text[span]) }
            return withoutSecrets(Array(text[span]))
        }
        var result = Array(text[span.lowerBound..<entry.rawValueSpan.lowerBound])
        let value = text[entry.valueSpan]
        result +=
            !value.isEmpty && isReal(Array(entry.key.utf8), value) ? Self.placeholder[...] : text[entry.rawValueSpan]
        result += withoutSecrets(Array(text[entry.rawValueSpan.upperBound..<span.upperBound]))
        return result
    }

    func withoutSecrets(_ line: [UInt8], isStrict: Bool = false) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        for range in SecretWords.ranges(in: line, isStrict: isStrict, isSecret: { isReal($0 ?? [], $1) }) {
            result += line[place..<range.lowerBound] + Self.placeholder
            place = range.upperBound
        }
        return result + line[place...]
    }

    // MARK: What comes from a dotenv file

    private func merge(_ source: DotenvDocument, into pieces: inout [Piece], end: [UInt8], isWhole: Bool) {
        var previous: Int?
        /// Comments and blank lines since the last entry.
        var lead: [Piece] = []
        for (number, node) in source.nodes.enumerated() {
            var bytes = Array(source.text[node.span])
            if number == 0, source.hasByteOrderMark { bytes.removeFirst(3) }
            switch node {
            case .blank: lead.append(Piece(bytes: end))
            case .comment:
                if let comment = comment(bytes) { lead.append(Piece(bytes: comment + end, isComment: true)) }
            // It may be a part of a value.
            case .malformed: lead = []
            case .entry(let entry):
                if let place = pieces.firstIndex(where: { $0.key == entry.key }) {
                    previous = place
                    lead = []
                    continue
                }
                let place =
                    previous.map { $0 + 1 } ?? (isWhole ? pieces.count : start(of: source, after: number, pieces))
                let head = isWhole ? lead : Self.ownLead(lead, besides: pieces)
                for piece in head.reversed() { Self.insert(piece, at: place, in: &pieces, end: end) }
                let line = line(entry, of: source) + end
                Self.insert(Piece(bytes: line, key: entry.key), at: place + head.count, in: &pieces, end: end)
                previous = place + head.count
                lead = []
            }
        }
        if isWhole { pieces += lead }
    }

    /// Where keys go that come before all that the template has: above the next one that it has, and its comments; else
    /// at the end.
    private func start(of source: DotenvDocument, after number: Int, _ pieces: [Piece]) -> Int {
        for node in source.nodes[number...] {
            guard case .entry(let entry) = node, var place = pieces.firstIndex(where: { $0.key == entry.key }) else {
                continue
            }
            while place > 0, pieces[place - 1].isComment { place -= 1 }
            // The first lines of a file are about the file.
            return place == 0 && pieces.first?.isComment == true
                ? pieces.firstIndex { $0.key == entry.key } ?? 0 : place
        }
        return pieces.count
    }

    /// The comments right above an entry that the template does not have yet, with the blank line above them.
    private static func ownLead(_ lead: [Piece], besides pieces: [Piece]) -> [Piece] {
        let known = Set(pieces.filter(\.isComment).map { trimmed($0.bytes) })
        var comments: [Piece] = []
        for piece in lead.reversed() {
            guard piece.isComment else {
                return comments.isEmpty ? [] : [piece] + comments
            }
            if !known.contains(trimmed(piece.bytes)) { comments.insert(piece, at: 0) }
        }
        return comments
    }

    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        Array(line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
    }

    /// A comment of a file that may never have been in git, without values; nil where that is not sure.
    private func comment(_ bytes: [UInt8]) -> [UInt8]? {
        let line = Self.trimmed(bytes)
        if Self.mayTellSecret(line) { return nil }
        return withoutSecrets(line, isStrict: true)
    }

    /// "password: …", "the key is …"
    private static func mayTellSecret(_ line: [UInt8]) -> Bool {
        let text = String(decoding: line, as: UTF8.self).lowercased()
        for word in ["password", "passwd", "pwd", "pass", "secret", "token", "key", "credential", "credentials"] {
            var rest = text[...]
            while let range = rest.range(of: word) {
                let after = rest[range.upperBound...].drop { $0 == " " }
                if after.hasPrefix(":") || after.hasPrefix("is ") { return true }
                rest = rest[range.upperBound...]
            }
        }
        return false
    }

    private func line(_ entry: Entry, of source: DotenvDocument) -> [UInt8] {
        var line = Self.line(entry.key, isExported: entry.isExported)
        // What one dialect takes for a comment may be a part of the value for another.
        if let span = entry.commentSpan, !source.isAmbiguous(entry), let comment = comment(Array(source.text[span])) {
            line += [UInt8(ascii: " ")] + comment
        }
        return line
    }

    private static func line(_ key: String, isExported: Bool = false) -> [UInt8] {
        Array(((isExported ? "export " : "") + key + "=").utf8) + placeholder
    }

    // MARK: Lines

    private static func lineEnd(of text: [UInt8]) -> [UInt8] {
        let first = text.firstIndex(of: UInt8(ascii: "\n"))
        let isWindows = first.map { $0 > 0 && text[$0 - 1] == UInt8(ascii: "\r") } ?? false
        return Array((isWindows ? "\r\n" : "\n").utf8)
    }

    /// What comes after a line without an end gives it one.
    private static func insert(_ piece: Piece, at place: Int, in pieces: inout [Piece], end: [UInt8]) {
        if place > 0, let last = pieces[place - 1].bytes.last, last != UInt8(ascii: "\n") {
            pieces[place - 1].bytes += end
        }
        pieces.insert(piece, at: place)
    }
}

extension Substring {
    /// Where `word` stands first.
    fileprivate func range(of word: String) -> Range<Index>? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(word) { return place..<index(place, offsetBy: word.count) }
            place = index(after: place)
        }
        return nil
    }
}
