// motdotla's dotenv: a single regular expression, a trim, and `\n` and `\r` in double quotes.

/// Reads one entry as motdotla's dotenv does.
///
/// Not covered: the expression also takes a quoted string that stands alone on the line after an empty `KEY=`.
struct NodeReader {
    let text: [UInt8]
    let entry: Entry
    let isUTF8: Bool

    func reading() -> Reading {
        guard entry.separator != nil, text[entry.keySpan].allSatisfy(Self.isKey) else { return .absent }
        let value = entry.quote == .none ? unquoted() : quoted()
        // Node decodes the file before parsing it, with U+FFFD for what is not UTF-8.
        return .value(isUTF8 ? value : Array(String(decoding: value, as: UTF8.self).utf8))
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        Byte.isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private func quoted() -> [UInt8] {
        let value = withLineFeeds(text[entry.valueSpan])
        return entry.quote == .double ? Self.unescaped(value[...]) : value
    }

    private func unquoted() -> [UInt8] {
        let tail = entry.tail(in: text)
        // Any `#` starts a comment, and a lone carriage return ends the line.
        let end =
            text[tail].firstIndex { $0 == Byte.hash || $0 == Byte.carriageReturn } ?? tail.upperBound
        var range = WhiteSpace.javaScript.trimming(tail.lowerBound..<end, of: text)
        guard let first = text[range].first else { return [] }
        // Quotes that only look closed, as in `'a'b'`, still lose the outer pair.
        if Byte.isQuote(first), range.count >= 2, text[range.upperBound - 1] == first {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        return first == Byte.doubleQuote ? Self.unescaped(text[range]) : Array(text[range])
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(Byte.backslash) else { return Array(bytes) }
        var result: [UInt8] = []
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            if bytes[offset] == Byte.backslash, offset + 1 < bytes.endIndex {
                let escape: UInt8? =
                    switch bytes[offset + 1] {
                    case UInt8(ascii: "n"): Byte.lineFeed
                    case UInt8(ascii: "r"): Byte.carriageReturn
                    default: nil
                    }
                if let escape {
                    result.append(escape)
                    offset += 2
                    continue
                }
            }
            result.append(bytes[offset])
            offset += 1
        }
        return result
    }
}
