// The names of values in ignores: they may never change.

import Testing

@testable import Detection

@Suite("Fingerprints")
struct FingerprintTests {
    private func fingerprint(_ rule: String, _ value: String) -> Fingerprint {
        Fingerprint(rule: rule, value: Array(value.utf8).span)
    }

    /// Computed apart from this code: HMAC-SHA256 with the key `migrate fingerprint 1␀rule␀`, the first 8 bytes.
    @Test(
        "Known values keep their fingerprints: ignore entries of today hold in every later version",
        arguments: [
            ("generic-secret", "not-a-secret-value-000", "e8809d639d5e993e"),
            ("sendgrid-api-key", "not-a-secret-value-000", "ef7c3d795c03ffb6"),
            // Shorter than 20 bytes: 2,000 rounds.
            ("generic-secret", "not-secret-000", "270e951fabfc7ebe"),
            ("generic-secret", "", "18d9b887ad3c52a7"),
        ])
    func pinned(rule: String, value: String, digits: String) {
        #expect(fingerprint(rule, value).description == digits)
    }

    @Test("It depends on the rule and on the value")
    func dependsOnBoth() {
        let rules = ["a", "b", "ab", "generic-secret"]
        let values = ["", "x", "bx", "a value of thirty-two bytes here", "a value of thirty-two bytes herE"]
        let all = rules.flatMap { rule in values.map { fingerprint(rule, $0) } }
        #expect(Set(all).count == rules.count * values.count)
        let again = rules.flatMap { rule in values.map { fingerprint(rule, $0) } }
        #expect(all == again)
    }

    @Test("A byte more on the rule's side and one less on the value's is another fingerprint")
    func keyAndValueAreApart() {
        #expect(fingerprint("rule", "sabcdefghijklmnopqrstuvw") != fingerprint("rules", "abcdefghijklmnopqrstuvw"))
        #expect(
            Fingerprint(rule: "a", value: [0, 98, 0].span) != Fingerprint(rule: "a\u{0}b", value: [0].span))
    }

    @Test("Values that may be words cost rounds, and tokens do not", arguments: [0, 1, 8, 19, 20, 69, 4_096])
    func rounds(length: Int) {
        #expect(Fingerprint.rounds(for: length) == (length < 20 ? 2_000 : 1))
    }

    @Test(
        "Its sixteen digits tell it whole",
        arguments: [0, 1, 0xF, 0x0123_4567_89AB_CDEF, UInt64.max, 1 << 63] as [UInt64])
    func roundTrip(bits: UInt64) {
        let fingerprint = Fingerprint(bits: bits)
        #expect(fingerprint.description.utf8.count == 16)
        #expect(Fingerprint(fingerprint.description) == fingerprint)
    }

    @Test(
        "What is not sixteen digits is no fingerprint",
        arguments: [
            "", "0", "00000000000000000", "000000000000000", "000000000000000g", "+000000000000001",
            "-000000000000000", " 00000000000000a", "0x00000000000000", "00000000000000é", "１234567890123456",
        ])
    func refusesOtherText(text: String) {
        #expect(Fingerprint(text) == nil)
    }

    @Test("They sort as their digits do")
    func order() {
        let all = (0..<50).map { fingerprint("rule", "a value of thirty-two bytes, \($0)") }
        #expect(all.sorted().map(\.description) == all.map(\.description).sorted())
    }
}
