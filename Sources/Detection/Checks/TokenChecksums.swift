// Checksums that vendors build into their tokens, so that a made-up one is told apart offline.

/// Judges tokens by the checksum in their last characters.
package enum TokenChecksum {
    /// A token of 4 bytes of prefix, 30 random characters and 6 of checksum: the CRC-32 of the 30 in base 62.
    ///
    /// The layout of GitHub's `ghp_…` and, with another prefix, of npm's `npm_…`.
    /// See https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/.
    package static func gitHub(_ token: Span<UInt8>) -> Verdict {
        guard token.count == 40 else { return .checkFailed }
        let expected = UInt64(CRC32.checksum(token.extracting(4..<34)))
        return Base62.decode(token.extracting(34..<40)) == expected ? .checked : .checkFailed
    }

    /// `glsa_<32 characters>_<8 digits>`: the digits are the CRC-32 of all before the last `_`, lowest byte first.
    package static func grafana(_ token: Span<UInt8>) -> Verdict {
        guard token.count == 46, let written = Hexadecimal.decode(token.extracting(38..<46)) else {
            return .checkFailed
        }
        let expected = CRC32.checksum(token.extracting(0..<37)).byteSwapped
        return written == UInt64(expected) ? .checked : .checkFailed
    }

    /// A Bitbucket app password: 28 characters from `ATBB` on, then their CRC-32 in 8 digits.
    package static func bitbucket(_ token: Span<UInt8>) -> Verdict {
        guard token.count == 36, let written = Hexadecimal.decode(token.extracting(28..<36)) else {
            return .checkFailed
        }
        return written == UInt64(CRC32.checksum(token.extracting(0..<28))) ? .checked : .checkFailed
    }

    /// An Atlassian API token, which ends in `=` and 8 digits.
    ///
    /// Whether the checksum covers the `=` is not documented: either is accepted, and neither counts against a token.
    package static func atlassian(_ token: Span<UInt8>) -> Verdict {
        guard token.count > 9, let written = Hexadecimal.decode(token.extracting(token.count - 8..<token.count))
        else { return .wellFormed }
        let withSign = CRC32.checksum(token.extracting(0..<token.count - 8))
        let withoutSign = CRC32.checksum(token.extracting(0..<token.count - 9))
        return written == UInt64(withSign) || written == UInt64(withoutSign) ? .checked : .wellFormed
    }
}
