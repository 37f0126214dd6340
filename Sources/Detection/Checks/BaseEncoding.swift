// Decoders for the small alphabets that tokens are written in.

/// Bytes written as base64 in either alphabet, with or without padding.
enum Base64 {
    /// The bytes that `text` stands for; nil when a character is foreign or the length is impossible.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        guard text.count - end <= 2, end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end * 3 / 4)
        var bits: UInt32 = 0
        for index in 0..<end {
            guard let digit = digit(text[index]) else { return nil }
            bits = bits << 6 | digit
            switch index & 3 {
            case 1: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            case 3: bytes.append(UInt8(truncatingIfNeeded: bits))
            default: break
            }
        }
        return bytes
    }

    /// The six bits that `character` stands for.
    static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}

/// Numbers written in base 62 with the digits `0-9A-Za-z`, as GitHub and npm do.
enum Base62 {
    /// The number that `text` stands for; nil when a character is foreign or the number exceeds 64 bits.
    static func decode(_ text: Span<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for index in text.indices {
            let digit: UInt64
            switch text[index] {
            case let byte where (48...57).contains(byte): digit = UInt64(byte) - 48
            case let byte where (65...90).contains(byte): digit = UInt64(byte) - 55
            case let byte where (97...122).contains(byte): digit = UInt64(byte) - 61
            default: return nil
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: 62)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }
}

/// Numbers written in hexadecimal, in either case.
enum Hexadecimal {
    /// The number that up to 16 digits stand for.
    static func decode(_ text: Span<UInt8>) -> UInt64? {
        guard (1...16).contains(text.count) else { return nil }
        var number: UInt64 = 0
        for index in text.indices {
            let digit: UInt64
            switch text[index] {
            case let byte where (48...57).contains(byte): digit = UInt64(byte) - 48
            case let byte where (65...70).contains(byte): digit = UInt64(byte) - 55
            case let byte where (97...102).contains(byte): digit = UInt64(byte) - 87
            default: return nil
            }
            number = number << 4 | digit
        }
        return number
    }
}
