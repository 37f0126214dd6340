// Splits a dotenv file into nodes. The shape follows the most common reading; what each dialect makes of an entry
// is decided later, from the entry's bytes.

/// One pass over the text, line by line.
///
/// Linear: a search for a closing quote that fails stops at the next quote of its kind, and the opening quote of a
/// later line is itself such a quote, so each byte is searched at most once per kind of quote.
struct DotenvParser {
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let text: [UInt8]
    private let start: Int
    private var line = 1
    /// How many bytes the searches for closing quotes have looked at; tests bound it.
    private(set) var searchedBytes = 0

    init(text: [UInt8], start: Int) {
        self.text = text
        self.start = start
    }

    mutating func parse() -> [Node] {
        var nodes: [Node] = []
        var offset = start
        // A byte-order mark belongs to the first node.
        var nodeStart = 0
        while nodeStart < text.count {
            let lineEnd = endOfLine(from: offset)
            let node = node(at: offset, nodeStart: nodeStart, lineEnd: lineEnd)
            nodes.append(node)
            let end = node.span.upperBound
            line += end == lineEnd.next ? 1 : text[offset..<end].count { $0 == Byte.lineFeed }
            offset = end
            nodeStart = end
        }
        return nodes
    }
}

extension DotenvParser {
    /// Where a line's content ends, and where the next line starts.
    private typealias LineEnd = (content: Int, next: Int)

    private func endOfLine(from offset: Int) -> LineEnd {
        guard let feed = text[offset...].firstIndex(of: Byte.lineFeed) else { return (text.count, text.count) }
        let hasReturn = feed > offset && text[feed - 1] == Byte.carriageReturn
        return (hasReturn ? feed - 1 : feed, feed + 1)
    }

    private mutating func node(at offset: Int, nodeStart: Int, lineEnd: LineEnd) -> Node {
        let first = skippingSpace(from: offset, before: lineEnd.content)
        if first == lineEnd.content { return .blank(nodeStart..<lineEnd.next) }
        if text[first] == Byte.hash { return .comment(nodeStart..<lineEnd.next) }
        return entry(at: first, nodeStart: nodeStart, lineEnd: lineEnd).map(Node.entry)
            ?? .malformed(nodeStart..<lineEnd.next)
    }

    private mutating func entry(at first: Int, nodeStart: Int, lineEnd: LineEnd) -> Entry? {
        let end = lineEnd.content
        let keyStart = skippingExport(from: first, before: end)
        var keyEnd = keyStart
        while keyEnd < end, Self.isKey(text[keyEnd]) { keyEnd += 1 }
        guard keyEnd > keyStart else { return nil }

        let afterKey = skippingSpace(from: keyEnd, before: end)
        guard let separator = separator(keyEnd: keyEnd, at: afterKey, before: end) else {
            return bareEntry(
                keyStart..<keyEnd, rest: afterKey..<end, isExported: keyStart > first, span: nodeStart..<lineEnd.next)
        }
        let value = value(in: afterKey + 1..<end)
        return Entry(
            key: String(decoding: text[keyStart..<keyEnd], as: UTF8.self),
            keySpan: keyStart..<keyEnd,
            span: nodeStart..<(value.lineEnd?.next ?? lineEnd.next),
            rawValueSpan: value.raw,
            valueSpan: value.quote == .none ? value.raw : value.raw.lowerBound + 1..<value.raw.upperBound - 1,
            quote: value.quote,
            isExported: keyStart > first,
            commentSpan: value.comment,
            line: line,
            separator: separator
        )
    }

    /// A bare `KEY`, for which only capitals, digits and underscores will do: a line of a PEM block or of prose is
    /// no key, and must not be shown as one.
    private func bareEntry(_ key: Range<Int>, rest: Range<Int>, isExported: Bool, span: Range<Int>) -> Entry? {
        guard rest.isEmpty || text[rest.lowerBound] == Byte.hash && rest.lowerBound > key.upperBound,
            text[key].allSatisfy({ Byte.isWord($0) && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }),
            !Byte.isDigit(text[key.lowerBound])
        else { return nil }
        return Entry(
            key: String(decoding: text[key], as: UTF8.self), keySpan: key, span: span,
            rawValueSpan: key.upperBound..<key.upperBound, valueSpan: key.upperBound..<key.upperBound,
            quote: .none, isExported: isExported, commentSpan: rest.isEmpty ? nil : rest, line: line, separator: nil
        )
    }

    /// A byte of a key: what motdotla's dotenv or Compose allows. Names that only python-dotenv takes, such as `A+B`,
    /// are left out, because lines of Base64 look like them.
    private static func isKey(_ byte: UInt8) -> Bool {
        Byte.isWord(byte) || byte >= 0x80
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }

    private func separator(keyEnd: Int, at offset: Int, before end: Int) -> Separator? {
        guard offset < end else { return nil }
        if text[offset] == Byte.equals { return .equals }
        guard text[offset] == Byte.colon, offset == keyEnd, offset + 1 < end, Byte.isLineSpace(text[offset + 1]) else {
            return nil
        }
        let value = skippingSpace(from: offset + 1, before: end)
        return value < end && text[value] != Byte.hash ? .colon : nil
    }

    private func skippingSpace(from offset: Int, before end: Int) -> Int {
        var offset = offset
        while offset < end, Byte.isLineSpace(text[offset]) { offset += 1 }
        return offset
    }

    private func skippingExport(from offset: Int, before end: Int) -> Int {
        let word = Array("export".utf8)
        guard end - offset > word.count, text[offset..<offset + word.count].elementsEqual(word) else { return offset }
        let next = skippingSpace(from: offset + word.count, before: end)
        return next > offset + word.count && next < end && Self.isKey(text[next]) ? next : offset
    }
}

extension DotenvParser {
    /// A value with its quotes and comment; `lineEnd` is set when the value is quoted.
    private typealias Value = (raw: Range<Int>, quote: Quote, comment: Range<Int>?, lineEnd: LineEnd?)

    private mutating func value(in line: Range<Int>) -> Value {
        let start = skippingSpace(from: line.lowerBound, before: line.upperBound)
        if start < line.upperBound, Byte.isQuote(text[start]), let closing = closingQuote(of: text[start], at: start) {
            let lineEnd = endOfLine(from: closing + 1)
            let tail = skippingSpace(from: closing + 1, before: lineEnd.content)
            let comment = tail < lineEnd.content ? tail..<lineEnd.content : nil
            return (start..<closing + 1, Quote(text[start]), comment, lineEnd)
        }
        // No quotes, or quotes that do not close: the value is the rest of the line.
        var end = line.upperBound
        var comment: Range<Int>?
        var offset = start
        while offset < line.upperBound {
            if text[offset] == Byte.hash, offset > line.lowerBound, Byte.isLineSpace(text[offset - 1]) {
                comment = offset..<line.upperBound
                end = offset
                break
            }
            offset += 1
        }
        while end > start, Byte.isLineSpace(text[end - 1]) { end -= 1 }
        return (start..<end, .none, comment, nil)
    }

    /// The quote that closes the one at `opening`, on whichever line it is.
    ///
    /// The first one without a backslash does, if nothing but a comment follows on its line. Otherwise the last one
    /// with a backslash before it does, as in `'C:\'`, on the same condition. This is what motdotla's regular
    /// expression comes to by backtracking.
    private mutating func closingQuote(of quote: UInt8, at opening: Int) -> Int? {
        var escaped: Int?
        var offset = opening + 1
        defer { searchedBytes += offset - opening }
        while offset < text.count {
            if text[offset] == quote {
                if endsLine(after: offset) { return offset }
                // An even number of backslashes escapes nothing here, but does for two of the dialects.
                guard text[offset - 1] == Byte.backslash else { return escaped }
                offset += 1
                continue
            }
            guard text[offset] == Byte.backslash, offset + 1 < text.count else {
                offset += 1
                continue
            }
            if text[offset + 1] == quote, endsLine(after: offset + 1) { escaped = offset + 1 }
            offset += 2
        }
        return escaped
    }

    /// Whether nothing but white space or a comment follows on the line.
    private mutating func endsLine(after offset: Int) -> Bool {
        var next = offset + 1
        while next < text.count, Byte.isLineSpace(text[next]) { next += 1 }
        searchedBytes += next - offset
        return next == text.count || text[next] == Byte.lineFeed || text[next] == Byte.hash
    }
}
