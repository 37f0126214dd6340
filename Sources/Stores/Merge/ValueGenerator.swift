// New values that nobody can guess.

package import Secrets
package import World

package enum ValueGenerator {
    package enum Format: String, Sendable, CaseIterable {
        /// Lower case.
        case hex
        /// RFC 4648, section 4, padded.
        case base64
        /// RFC 4648, section 5, not padded.
        case base64url
        /// Letters and digits, each equally likely: at least as hard to guess as that many bytes.
        case alnum
        /// Version 4, lower case; always 16 bytes, six bits of them fixed.
        case uuid
    }

    /// Of randomness. Fewer than 16 bytes can be searched through; more than 1,024 are a mistake.
    package static let bytes = 16...1_024

    /// - Parameter count: bytes of randomness, not characters; a UUID has its own.
    /// - Throws: `StoreError.invalid` for a count outside `bytes`.
    package static func generate(_ format: Format, bytes count: Int = 32, world: World) throws(StoreError)
        -> SecretValue
    {
        guard format == .uuid || bytes.contains(count) else {
            throw .invalid(
                what: "number of random bytes",
                reason: "\(count) is outside \(bytes.lowerBound) to \(bytes.upperBound)")
        }
        switch format {
        case .hex: return withRandom(count, world) { encode($0, hexDigits, bits: 4) }
        case .base64: return withRandom(count, world) { encode($0, base64Digits, bits: 6, pads: true) }
        case .base64url: return withRandom(count, world) { encode($0, base64urlDigits, bits: 6) }
        case .alnum: return alphanumeric(count, world)
        case .uuid: return withRandom(16, world) { uuid($0) }
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let base64Digits = Array((letters + "+/").utf8)
    private static let base64urlDigits = Array((letters + "-_").utf8)

    /// Lends random bytes, and wipes them.
    private static func withRandom<Result: ~Copyable>(_ count: Int, _ world: World, _ body: ([UInt8]) -> Result)
        -> Result
    {
        var random = world.randomBytes(count)
        defer { random.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        return body(random)
    }

    private static func encode(_ bytes: [UInt8], _ digits: [UInt8], bits: Int, pads: Bool = false) -> SecretValue {
        var output = SecretBuffer(capacity: bytes.count * 8 / bits + 4)
        var (pending, available) = (0, 0)
        for byte in bytes {
            pending = (pending << 8 | Int(byte)) & 0xFFFF
            available += 8
            while available >= bits {
                available -= bits
                output.append(digits[pending >> available & (1 << bits - 1)])
            }
        }
        if available > 0 { output.append(digits[pending << (bits - available) & (1 << bits - 1)]) }
        while pads, output.count % 4 != 0 { output.append(UInt8(ascii: "=")) }
        return output.finish()
    }

    private static func alphanumeric(_ count: Int, _ world: World) -> SecretValue {
        let digits = Array(letters.utf8)
        // A character of 62 carries log2(62) = 5.954... bits.
        let length = (count * 8 * 1_000 + 5_953) / 5_954
        var output = SecretBuffer(capacity: length)
        while output.count < length {
            withRandom(length - output.count, world) { random in
                // 248 is 4 x 62: the rest of a byte's range would favour the first letters.
                for byte in random where byte < 248 { output.append(digits[Int(byte) % 62]) }
            }
        }
        return output.finish()
    }

    private static func uuid(_ random: [UInt8]) -> SecretValue {
        var output = SecretBuffer(capacity: 36)
        for (index, byte) in random.enumerated() {
            if [4, 6, 8, 10].contains(index) { output.append(UInt8(ascii: "-")) }
            // RFC 9562: version 4, variant 10.
            let byte = index == 6 ? byte & 0x0F | 0x40 : index == 8 ? byte & 0x3F | 0x80 : byte
            output.append(hexDigits[Int(byte >> 4)])
            output.append(hexDigits[Int(byte & 15)])
        }
        return output.finish()
    }
}
