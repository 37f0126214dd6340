// What an AWS access key id tells about itself.

/// The parts of an access key id such as `AKIA…`.
package enum AWSKeyID {
    /// The twelve digits of the account that `keyID` belongs to, read from the id itself.
    ///
    /// The 16 characters after the prefix are base32; bits 1 to 40 of the first 48 are the account's number.
    /// - Returns: nil for ids of the older kind, whose fifth character is `I` or `J` and which hold no
    ///   account, and for what is no key id.
    package static func accountNumber(_ keyID: Span<UInt8>) -> String? {
        guard keyID.count == 20, keyID[4] != UInt8(ascii: "I"), keyID[4] != UInt8(ascii: "J") else { return nil }
        var bits: UInt64 = 0
        // Ten characters are 50 bits, of which the last two go beyond the six bytes.
        for index in 4..<14 {
            switch keyID[index] {
            case let byte where (65...90).contains(byte): bits = bits << 5 | UInt64(byte - 65)
            case let byte where (50...55).contains(byte): bits = bits << 5 | UInt64(byte - 24)
            default: return nil
            }
        }
        let number = ((bits >> 2) & 0x7FFF_FFFF_FF80) >> 7
        guard number < 1_000_000_000_000 else { return nil }
        let digits = String(number)
        return String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    /// Tells the documentation's key ids from others.
    static func verdict(_ keyID: Span<UInt8>) -> Verdict {
        KnownExample.contains(keyID) ? .placeholder : .wellFormed
    }
}
