// The checksum that vendors append to their tokens.

/// CRC-32 as in zip and PNG: reflected polynomial 0xEDB88320, all bits set at first, inverted at last.
package enum CRC32 {
    /// The checksum of `bytes`.
    package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        var remainder = UInt32.max
        for index in bytes.indices {
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ bytes[index])] ^ (remainder >> 8)
        }
        return ~remainder
    }

    /// The remainder of each byte on its own.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 1 ? 0xEDB8_8320 ^ (remainder >> 1) : remainder >> 1
        }
    }
}
