// Named bytes, and what each implementation means by white space, on slices of UTF-8.

enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let hash = UInt8(ascii: "#")
    static let dollar = UInt8(ascii: "$")
    static let singleQuote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")
    static let backtick = UInt8(ascii: "`")
    static let backslash = UInt8(ascii: "\\")
    static let equals = UInt8(ascii: "=")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let underscore = UInt8(ascii: "_")

    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    /// A byte of a POSIX variable name, the first byte aside.
    static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == underscore
    }

    /// White space within a line: blank, tab, vertical tab, form feed, and a carriage return that ends no line.
    static func isLineSpace(_ byte: UInt8) -> Bool {
        byte == space || byte == tab || byte == carriageReturn || byte == 0x0B || byte == 0x0C
    }

    static func isQuote(_ byte: UInt8) -> Bool {
        byte == singleQuote || byte == doubleQuote || byte == backtick
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}

/// The white space of one implementation; all of them know ASCII's and the Unicode space separators.
enum WhiteSpace {
    case javaScript, python, go

    func contains(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        case 0x1C...0x1F: self == .python
        case 0x85: self != .javaScript
        case 0xFEFF: self == .javaScript
        default: false
        }
    }

    /// The length in bytes of the white space that starts at `offset`, 0 when none does.
    func length(at offset: Int, in text: [UInt8], before end: Int) -> Int {
        guard offset < end else { return 0 }
        let first = text[offset]
        if first < 0x80 { return contains(UInt32(first)) ? 1 : 0 }
        if first & 0xE0 == 0xC0, offset + 1 < end {
            return contains(UInt32(first & 0x1F) << 6 | UInt32(text[offset + 1] & 0x3F)) ? 2 : 0
        }
        guard first & 0xF0 == 0xE0, offset + 2 < end else { return 0 }
        let scalar =
            UInt32(first & 0x0F) << 12 | UInt32(text[offset + 1] & 0x3F) << 6 | UInt32(text[offset + 2] & 0x3F)
        return contains(scalar) ? 3 : 0
    }

    /// The length in bytes of the white space that ends at `end`, 0 when none does.
    func length(endingAt end: Int, in text: [UInt8], from start: Int) -> Int {
        for length in 1...3 where end - length >= start {
            if self.length(at: end - length, in: text, before: end) == length { return length }
        }
        return 0
    }

    /// `range` of `text` without the white space at its two ends.
    func trimming(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        trimmingEnd(trimmingStart(range, of: text), of: text)
    }

    func trimmingStart(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        var lower = range.lowerBound
        while case let length = length(at: lower, in: text, before: range.upperBound), length > 0 { lower += length }
        return lower..<range.upperBound
    }

    func trimmingEnd(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        var upper = range.upperBound
        while case let length = length(endingAt: upper, in: text, from: range.lowerBound), length > 0 {
            upper -= length
        }
        return range.lowerBound..<upper
    }
}

/// `bytes` with CRLF and lone CR turned into LF, as text mode (Python) and motdotla's dotenv do first of all.
func withLineFeeds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard bytes.contains(Byte.carriageReturn) else { return Array(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
        if byte == Byte.carriageReturn {
            result.append(Byte.lineFeed)
        } else if byte != Byte.lineFeed || previous != Byte.carriageReturn {
            result.append(byte)
        }
        previous = byte
    }
    return result
}
