// python-dotenv: C escapes in quotes, `#` after white space, and `${NAME}` expanded even in single quotes.

/// Reads one entry as python-dotenv does.
struct PythonReader {
    let document: DotenvDocument
    let entry: Entry

    private var text: [UInt8] { document.text }

    func reading() -> Reading {
        guard document.isUTF8(entry) else { return .invalid("refuses bytes that are not UTF-8") }
        // A byte-order mark becomes part of the first name.
        guard entry.separator == .equals, !document.followsMark(entry) else { return .absent }

        let tail = WhiteSpace.python.trimmingStart(lineOne(of: entry.tail(in: text)), of: text)
        let value: [UInt8]
        switch text[tail].first {
        case Byte.singleQuote, Byte.doubleQuote:
            // A quote that does not close, or that closes before something else, costs the whole entry.
            guard entry.quote != .none else { return .absent }
            let closing = entry.rawValueSpan.upperBound - 1
            // Any backslash before a quote escapes it, even one that is itself escaped; only when no other quote
            // follows in the file is this one the end after all.
            if closing > entry.valueSpan.lowerBound, text[closing - 1] == Byte.backslash,
                document.hasQuote(entry.quote, from: closing + 1)
            {
                return .absent
            }
            value = unescaped(withLineFeeds(text[entry.valueSpan]), quote: entry.quote)
        default:
            value = Array(text[unquoted(in: tail)])
        }
        let names = Self.names(expandedIn: value)
        return names.isEmpty ? .value(value) : .expands(names)
    }

    /// Up to the first line ending, which a lone carriage return also is.
    private func lineOne(of range: Range<Int>) -> Range<Int> {
        let end = text[range].firstIndex { $0 == Byte.carriageReturn || $0 == Byte.lineFeed }
        return range.lowerBound..<(end ?? range.upperBound)
    }

    /// `range` up to a `#` that white space precedes, and without white space at the end.
    private func unquoted(in range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        for offset in range where text[offset] == Byte.hash {
            if WhiteSpace.python.length(endingAt: offset, in: text, from: range.lowerBound) > 0 {
                end = offset
                break
            }
        }
        return WhiteSpace.python.trimmingEnd(range.lowerBound..<end, of: text)
    }

    private func unescaped(_ bytes: [UInt8], quote: Quote) -> [UInt8] {
        guard bytes.contains(Byte.backslash) else { return bytes }
        var result: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] == Byte.backslash, offset + 1 < bytes.count,
                let byte = Self.escape(bytes[offset + 1], quote: quote)
            {
                result.append(byte)
                offset += 2
            } else {
                result.append(bytes[offset])
                offset += 1
            }
        }
        return result
    }

    private static func escape(_ byte: UInt8, quote: Quote) -> UInt8? {
        switch byte {
        case Byte.backslash, Byte.singleQuote: byte
        case _ where quote == .single: nil
        case Byte.doubleQuote: byte
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): Byte.lineFeed
        case UInt8(ascii: "r"): Byte.carriageReturn
        case UInt8(ascii: "t"): Byte.tab
        case UInt8(ascii: "v"): 0x0B
        default: nil
        }
    }

    /// The names in `${NAME}` and `${NAME:-default}`; a `$` without braces means nothing.
    private static func names(expandedIn value: [UInt8]) -> [String] {
        var names: [String] = []
        var offset = 0
        // Without a closing brace ahead nothing expands; knowing the last one keeps the search linear.
        guard let lastBrace = value.lastIndex(of: Byte.closeBrace) else { return [] }
        while offset + 1 < lastBrace {
            guard value[offset] == Byte.dollar, value[offset + 1] == Byte.openBrace else {
                offset += 1
                continue
            }
            let nameStart = offset + 2
            offset = nameStart
            guard let nameEnd = value[nameStart...].firstIndex(where: { $0 == Byte.closeBrace || $0 == Byte.colon })
            else { break }
            let hasDefault = value[nameEnd] == Byte.colon
            if hasDefault, value[nameEnd + 1] != UInt8(ascii: "-") { continue }
            names.append(String(decoding: value[nameStart..<nameEnd], as: UTF8.self))
            offset = (value[nameEnd...].firstIndex(of: Byte.closeBrace) ?? lastBrace) + 1
        }
        return names
    }
}
