// `user:password` in base64, as HTTP and container registries carry it.

/// Recognises encoded pairs of user and password.
enum BasicCredentials {
    /// Whether `value` is base64 of a user and a password that is no stand-in, joined by `:`, at
    /// most 192 bytes of printable ASCII.
    static func isEncoded(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 12, value.count <= 256, value.count % 4 == 0 else { return false }
        var bits: UInt32 = 0
        var held = 0
        var length = 0
        var colon = 0
        var decoded = InlineArray<192, UInt8>(repeating: 0)
        for index in value.indices {
            if value[index] == UInt8(ascii: "=") {
                guard index >= value.count - 2 else { return false }
                continue
            }
            guard let digit = digit(value[index]) else { return false }
            bits = bits << 6 | digit
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> UInt32(held))
            guard byte > 0x20, byte < 0x7F else { return false }
            if byte == UInt8(ascii: ":"), colon == 0 { colon = length + 1 }
            decoded[length] = byte
            length += 1
        }
        // Encoded JSON has colons too.
        guard colon > 1, colon < length, decoded[0] != UInt8(ascii: "{"), decoded[0] != UInt8(ascii: "[") else {
            return false
        }
        let password = decoded.span.extracting(colon..<length)
        return !Placeholder.isPlaceholder(password) && !URLPassword.isStandIn(password) && !password.reads("opensesame")
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
