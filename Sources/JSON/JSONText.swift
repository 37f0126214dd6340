// The escapes of JSON strings, both ways.

import Secrets

enum JSONText {
    /// The bytes that the string literal at `range`, quotes included, stands for. It has been checked.
    static func unescaped(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        forEachByte(bytes, range) { result.append($0) }
        return result
    }

    /// Where the bytes stop being UTF-8; nil when they are.
    static func firstInvalidByte(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }

    /// The same into wiped memory.
    static func unescapedSecret(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SecretValue {
        // Unescaped text is never longer, so the buffer does not grow.
        var buffer = SecretBuffer(capacity: range.count)
        forEachByte(bytes, range) { buffer.append($0) }
        return buffer.finish()
    }

    private static func forEachByte(_ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (UInt8) -> Void) {
        var offset = range.lowerBound + 1
        let end = range.upperBound - 1
        while offset < end {
            guard bytes[offset] == UInt8(ascii: "\\") else {
                body(bytes[offset])
                offset += 1
                continue
            }
            switch bytes[offset + 1] {
            case UInt8(ascii: "u"):
                var scalar = hexUnit(bytes, at: offset + 2) ?? 0xFFFD
                offset += 6
                if (0xD800...0xDBFF).contains(scalar), let low = hexUnit(bytes, at: offset + 2) {
                    scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00)
                    offset += 6
                }
                let unicode = Unicode.Scalar(scalar) ?? "\u{FFFD}"
                for byte in Unicode.UTF8.encode(unicode) ?? Unicode.UTF8.encodedReplacementCharacter { body(byte) }
                continue
            case UInt8(ascii: "b"): body(0x08)
            case UInt8(ascii: "f"): body(0x0C)
            case UInt8(ascii: "n"): body(0x0A)
            case UInt8(ascii: "r"): body(0x0D)
            case UInt8(ascii: "t"): body(0x09)
            default: body(bytes[offset + 1])
            }
            offset += 2
        }
    }

    /// Four hexadecimal digits; nil when there are none.
    static func hexUnit(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for index in offset..<offset + 4 {
            let digit: UInt8
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
