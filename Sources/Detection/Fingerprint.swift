// The name of a secret value under a rule, which tells nothing of the value.

internal import Crypto

/// Sixteen hexadecimal digits that name one value under one rule.
///
/// It depends on the rule's id and the value alone, so one ignore entry survives rebases,
/// squashes, moves and reformatting. It is truncated to 64 bits and computed by
/// `rounds(for:)` rounds of HMAC-SHA256: a random token cannot be guessed from it at all, a
/// human password only at the price of that many rounds a try.
package struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    /// The fingerprint of `value` under the rule with id `rule`.
    package init(rule: String, value: Span<UInt8>) {
        // The key separates this use of the hash from any other.
        let key = SymmetricKey(data: Array("migrate fingerprint 1\u{0}\(rule)\u{0}".utf8))
        // Keyed once: each round starts from a copy.
        let keyed = HMAC<SHA256>(key: key)
        var code = keyed
        value.withUnsafeBytes { code.update(data: $0) }
        var digest = code.finalize()
        for _ in 1..<Self.rounds(for: value.count) {
            var next = keyed
            digest.withUnsafeBytes { next.update(data: $0) }
            digest = next.finalize()
        }
        bits = digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    /// Rounds for a value of `length` bytes. Vendors' tokens have 20 bytes and more of
    /// random text, which no number of rounds would make safer; shorter values may be words.
    package static func rounds(for length: Int) -> Int {
        length >= 20 ? 1 : 2_000
    }

    /// The sixteen digits.
    package init?(_ text: some StringProtocol) {
        // `UInt64` would take a sign for a digit.
        guard text.utf8.count == 16, text.utf8.first != UInt8(ascii: "+"), text.utf8.first != UInt8(ascii: "-"),
            let bits = UInt64(text, radix: 16)
        else { return nil }
        self.bits = bits
    }

    package var description: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    package static func < (left: Fingerprint, right: Fingerprint) -> Bool { left.bits < right.bits }
}
