// Base64 (RFC 4648) in wiped memory.

import Secrets

enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func append(_ bytes: Span<UInt8>, to buffer: inout SecretBuffer) {
        var offset = 0
        while offset < bytes.count {
            let length = min(3, bytes.count - offset)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < length ? UInt32(bytes[offset + index]) : 0)
            }
            for index in 0..<4 {
                buffer.append(
                    index <= length ? alphabet[Int(group >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
            }
            offset += length
        }
    }

    /// Nil for what is not base64 with its padding.
    static func decoded(_ text: Span<UInt8>) -> SharedSecret? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var buffer = SecretBuffer(capacity: text.count)
        var offset = 0
        while offset < text.count {
            var group: UInt32 = 0
            var padding = 0
            for index in 0..<4 {
                let byte = text[offset + index]
                if byte == UInt8(ascii: "="), offset + 4 == text.count, index >= 2 {
                    padding += 1
                    group <<= 6
                } else if padding == 0, let digit = digit(byte) {
                    group = group << 6 | digit
                } else {
                    return nil
                }
            }
            for index in 0..<3 - padding { buffer.append(UInt8(group >> (16 - 8 * UInt32(index)) & 255)) }
            offset += 4
        }
        return SharedSecret(buffer.finish())
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
