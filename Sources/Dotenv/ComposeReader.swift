// Docker Compose: `#` after a blank, Go escapes and `$NAME` in double quotes and without quotes.

/// Reads one entry as Docker Compose does for `env_file`.
struct ComposeReader {
    let text: [UInt8]
    let entry: Entry

    func reading() -> Reading {
        guard hasValidName else { return .invalid("does not allow this name") }
        guard entry.separator != nil else { return .expands([entry.key]) }

        let tail = WhiteSpace.go.trimmingStart(lineOne(of: entry.tail(in: text)), of: text)
        switch text[tail].first {
        case Byte.singleQuote, Byte.doubleQuote:
            return quoted(from: tail.lowerBound)
        default:
            // Only a blank before `#` starts a comment, and never at the very start of the value.
            var end = tail.upperBound
            for offset in tail.dropFirst()
            where text[offset] == Byte.hash && text[offset - 1] == Byte.space {
                end = offset
                break
            }
            return Self.expanding(Array(text[WhiteSpace.go.trimmingEnd(tail.lowerBound..<end, of: text)]))
        }
    }

    private var hasValidName: Bool {
        text[entry.keySpan].allSatisfy { $0 < 0x80 }
            || entry.key.unicodeScalars.allSatisfy { scalar in
                if scalar.isASCII { return true }
                return switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                    .decimalNumber, .letterNumber, .otherNumber:
                    true
                default: false
                }
            }
    }

    private func lineOne(of range: Range<Int>) -> Range<Int> {
        range.lowerBound..<(text[range].firstIndex(of: Byte.lineFeed) ?? range.upperBound)
    }

    private func quoted(from opening: Int) -> Reading {
        let quote = text[opening]
        let end = entry.tail(in: text).upperBound
        var value: [UInt8] = []
        var offset = opening + 1
        while offset < end, text[offset] != quote {
            if text[offset] == Byte.backslash, offset + 1 < end {
                // A backslash goes only before the quote itself; escapes come later, and only in double quotes.
                if text[offset + 1] != quote { value.append(Byte.backslash) }
                value.append(text[offset + 1])
                offset += 2
            } else {
                value.append(text[offset])
                offset += 1
            }
        }
        guard offset < end else { return .invalid("finds no closing quote") }
        guard isStatement(offset + 1..<end) else { return .invalid("refuses what follows the closing quote") }
        return quote == Byte.doubleQuote ? Self.expanding(Self.unescaped(value)) : .value(value)
    }

    /// Whether what follows a closing quote could be the next statement, which Compose looks for on the same line.
    private func isStatement(_ range: Range<Int>) -> Bool {
        let rest = WhiteSpace.go.trimming(range, of: text)
        guard let first = text[rest].first, first != Byte.hash else { return true }
        let name = text[rest].prefix {
            Byte.isWord($0) || $0 >= 0x80 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
        let next = WhiteSpace.go.trimmingStart(name.endIndex..<rest.upperBound, of: text).lowerBound
        return next == rest.upperBound || text[next] == Byte.equals || text[next] == Byte.colon
    }

    /// Go's escapes, with `\$` as `$$` and octal numbers as `\0` and three digits.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes[offset] == Byte.backslash, offset + 1 < bytes.count else {
                result.append(bytes[offset])
                offset += 1
                continue
            }
            let next = bytes[offset + 1]
            offset += 2
            switch next {
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(Byte.lineFeed)
            case UInt8(ascii: "r"): result.append(Byte.carriageReturn)
            case UInt8(ascii: "t"): result.append(Byte.tab)
            case UInt8(ascii: "v"): result.append(0x0B)
            case Byte.dollar: result += [Byte.dollar, Byte.dollar]
            case Byte.doubleQuote, Byte.backslash: result.append(next)
            case UInt8(ascii: "0"):
                let digits = bytes[offset...].prefix(3).prefix(while: Byte.isDigit)
                offset += digits.count
                let number = digits.reduce(0) { $0 * 8 + UInt32($1 - UInt8(ascii: "0")) }
                if digits.count == 3, digits.allSatisfy({ $0 < UInt8(ascii: "8") }), number < 256,
                    let scalar = Unicode.Scalar(number)
                {
                    result += Array(String(Character(scalar)).utf8)
                } else {
                    result += [Byte.backslash] + digits
                }
            default: result += [Byte.backslash, next]
            }
        }
        return result
    }

    /// The value when it refers to nothing: `$$` is a dollar sign, as is a `$` before anything but a name or a brace.
    private static func expanding(_ bytes: [UInt8]) -> Reading {
        guard bytes.contains(Byte.dollar) else { return .value(bytes) }
        var result: [UInt8] = []
        var names: [String] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes[offset] == Byte.dollar, offset + 1 < bytes.count else {
                result.append(bytes[offset])
                offset += 1
                continue
            }
            offset += 1
            let isBraced = bytes[offset] == Byte.openBrace
            if bytes[offset] == Byte.dollar {
                result.append(Byte.dollar)
                offset += 1
                continue
            }
            let nameStart = offset + (isBraced ? 1 : 0)
            let name = bytes[nameStart...].prefix(while: Byte.isWord)
            if let first = name.first, !Byte.isDigit(first) {
                names.append(String(decoding: name, as: UTF8.self))
                offset = name.endIndex
                if isBraced {
                    guard let end = endOfBraces(in: bytes, after: offset) else {
                        return .invalid("refuses a `${` that is no reference")
                    }
                    offset = end
                }
            } else if isBraced {
                return .invalid("refuses a `${` that is no reference")
            } else {
                result.append(Byte.dollar)
            }
        }
        return names.isEmpty ? .value(result) : .expands(names)
    }

    /// The offset after `}`, `:-default}`, `?message}` and the like.
    private static func endOfBraces(in bytes: [UInt8], after name: Int) -> Int? {
        var offset = name
        if offset < bytes.count, bytes[offset] == Byte.closeBrace { return offset + 1 }
        if offset < bytes.count, bytes[offset] == Byte.colon { offset += 1 }
        guard offset < bytes.count, [UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "+")].contains(bytes[offset])
        else { return nil }
        var depth = 1
        while offset < bytes.count {
            if bytes[offset] == Byte.openBrace, bytes[offset - 1] == Byte.dollar { depth += 1 }
            if bytes[offset] == Byte.closeBrace {
                depth -= 1
                if depth == 0 { return offset + 1 }
            }
            offset += 1
        }
        return nil
    }
}
