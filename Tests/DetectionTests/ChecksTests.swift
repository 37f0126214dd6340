// The offline checks: checksums, structure, and what an AWS key id tells.

import Testing

@testable import Detection

/// Lends `bytes` to a check. A span itself cannot stand within `#expect`.
private func apply<Result>(_ check: (Span<UInt8>) -> Result, to bytes: some Sequence<UInt8>) -> Result {
    check(Array(bytes).span)
}

@Suite("Checks")
struct ChecksTests {
    @Test(
        "CRC-32 gives the published check values",
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func crc32(text: String, expected: UInt32) {
        #expect(apply(CRC32.checksum, to: Array(text.utf8)) == expected)
    }

    @Test(
        "Base64 decodes both alphabets, with and without padding",
        arguments: [
            ("", ""), ("Zg", "f"), ("Zg==", "f"), ("Zm8", "fo"), ("Zm8=", "fo"), ("Zm9v", "foo"),
            ("Zm9vYmFy", "foobar"),
        ])
    func base64(text: String, expected: String) {
        #expect(apply(Base64.decode, to: Array(text.utf8)) == Array(expected.utf8))
    }

    @Test("The last two digits of either base64 alphabet stand for the same bits")
    func base64Alphabets() {
        #expect(apply(Base64.decode, to: Array("-_-_".utf8)) == apply(Base64.decode, to: Array("+/+/".utf8)))
    }

    @Test("What is no base64 is refused", arguments: ["A", "Zm9v!", "Zg===", "Z=g=", "Zm9vY"])
    func notBase64(text: String) {
        #expect(apply(Base64.decode, to: Array(text.utf8)) == nil)
    }

    @Test(
        "Base 62 counts digits, capitals, small letters",
        arguments: [
            ("0", 0), ("9", 9), ("A", 10), ("Z", 35), ("a", 36), ("z", 61), ("10", 62), ("000001", 1),
            ("4gfFC3", 4_294_967_295),
        ] as [(String, UInt64)])
    func base62(text: String, expected: UInt64) {
        #expect(apply(Base62.decode, to: Array(text.utf8)) == expected)
    }

    @Test("Base 62 refuses foreign characters and numbers beyond 64 bits", arguments: ["a-b", "é", "zzzzzzzzzzzz"])
    func notBase62(text: String) {
        #expect(apply(Base62.decode, to: Array(text.utf8)) == nil)
    }

    @Test(
        "A token with its right checksum is checked, with one character changed it fails", arguments: Checked.allCases)
    func checksums(kind: Checked) {
        for seed in UInt64(1)...20 {
            let token = Array(kind.sample(seed).utf8)
            #expect(apply(kind.check, to: token) == .checked)
            for place in [token.count / 2, token.count - 1] {
                var changed = token
                changed[place] = changed[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
                #expect(apply(kind.check, to: changed) == kind.verdictOnFailure)
            }
        }
    }

    @Test("A token of the wrong length is not checked", arguments: Checked.allCases, [0, 1, 20])
    func tooShort(kind: Checked, length: Int) {
        let token = Array(kind.sample(1).utf8.prefix(length))
        #expect(apply(kind.check, to: token) != .checked)
    }

    @Test(
        "An AWS key id tells its account",
        arguments: [
            // The pair that the published description of the encoding uses.
            (["ASIA", "QNZGKIQY56JQ7WML"], "029608264753"),
            (["AKIA", "AAAAAAAAAAAAAAAA"], "000000000000"),
        ])
    func account(parts: [String], expected: String) {
        #expect(apply(AWSKeyID.accountNumber, to: Array(parts.joined().utf8)) == expected)
    }

    @Test(
        "Key ids of the older kind and other texts tell no account",
        arguments: [
            ["AKIA", "IOSFODNN7EXAMPLE"], ["AKIA", "JAAAAAAAAAAAAAAA"], ["AKIA", "QNZGKIQY56JQ7WM"],
            ["AKIA", "QNZGKIQY50189WML"], [""],
        ])
    func noAccount(parts: [String]) {
        #expect(apply(AWSKeyID.accountNumber, to: Array(parts.joined().utf8)) == nil)
    }

    @Test("A SendGrid key is checked when both tails are those of whole bytes, and never held against otherwise")
    func sendGridTails() {
        let key = Array(Fake.sendGrid(seed: 7).utf8)
        #expect(apply(TokenStructure.sendGrid, to: key) == .checked)
        for place in [24, 68] {
            var changed = key
            changed[place] = UInt8(ascii: "B")
            #expect(apply(TokenStructure.sendGrid, to: changed) == .wellFormed)
        }
    }

    @Test(
        "A JSON Web Token's header must be an object that names an algorithm",
        arguments: [
            (#"{"alg":"HS256"}"#, .checked), (#"{ "typ" : "JWT" , "alg" : "RS256" }"#, .checked),
            (#"{"typ":"JWT"}"#, .checkFailed), (#"{"nested":{"alg":"none"}}"#, .checkFailed),
            (#"{"x":"alg"}"#, .checkFailed),
            (#"["alg"]"#, .checkFailed), (#"{"alg":"HS256""#, .checkFailed), (#"{"alg":"HS256"} more"#, .checkFailed),
            (#"{"alg":"HS256"}{}"#, .checkFailed), ("", .checkFailed), (#"{"a\"lg":1}"#, .checkFailed),
        ] as [(String, Verdict)])
    func jsonWebTokens(header: String, expected: Verdict) {
        let token = Fake.base64URL(of: header) + "." + Fake.base64URL(of: "{}") + "." + Fake.base64URL(43, seed: 1)
        #expect(apply(TokenStructure.jsonWebToken, to: Array(token.utf8)) == expected)
    }

    @Test("A PyPI token is checked when its macaroon is whole, at any cut it is merely well-formed")
    func macaroons() {
        let token = Array(Fake.pyPI(seed: 3).utf8)
        #expect(apply(TokenStructure.pyPI, to: token) == .checked)
        for length in 0..<token.count {
            #expect(apply(TokenStructure.pyPI, to: token.prefix(length)) == .wellFormed)
        }
    }

    @Test(
        "Discord bot tokens begin with a number in base64",
        arguments: [
            ("100000000000000001", .checked), ("1000", .checkFailed), ("10000000000000000x", .checkFailed),
        ] as [(String, Verdict)])
    func discord(id: String, expected: Verdict) {
        let token = Fake.base64URL(of: id) + "." + Fake.base64URL(6, seed: 1) + "." + Fake.base64URL(38, seed: 2)
        #expect(apply(TokenStructure.discord, to: Array(token.utf8)) == expected)
    }

    @Test(
        "Documented examples are known to the last byte",
        arguments: [
            ["AKIA", "IOSFODNN7", "EXAMPLE"], ["wJalrXUtnFEMI", "/K7MDENG/", "bPxRfiCYEXAMPLEKEY"],
            ["sk_", "test_", "4eC39HqLyjWDarjtT1zdp7dc"],
        ])
    func knownExamples(parts: [String]) {
        let value = Array(parts.joined().utf8)
        #expect(apply(KnownExample.contains, to: value))
        #expect(!apply(KnownExample.contains, to: value.dropLast()))
    }

    /// The formats with a checksum.
    enum Checked: CaseIterable, Sendable {
        case gitHub, npm, grafana, bitbucket, atlassian

        func sample(_ seed: UInt64) -> String {
            switch self {
            case .gitHub: Fake.gitHub("ghp" + "_", seed: seed)
            case .npm: Fake.npm(seed: seed)
            case .grafana: Fake.grafana(seed: seed)
            case .bitbucket: Fake.bitbucket(seed: seed)
            case .atlassian: Fake.atlassian("ATATT3" + "xFfGF0", seed: seed)
            }
        }

        var check: (Span<UInt8>) -> Verdict {
            switch self {
            case .gitHub, .npm: TokenChecksum.gitHub
            case .grafana: TokenChecksum.grafana
            case .bitbucket: TokenChecksum.bitbucket
            case .atlassian: TokenChecksum.atlassian
            }
        }

        var verdictOnFailure: Verdict { self == .atlassian ? .wellFormed : .checkFailed }
    }
}
