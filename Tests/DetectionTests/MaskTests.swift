// What is shown of secret values.

import Testing

@testable import Detection

@Suite("Masks")
struct MaskTests {
    private func mask(_ value: String, _ rule: Rule) -> String { Mask.of(Array(value.utf8).span, rule) }

    private func rule(publicPart: (@Sendable (Span<UInt8>) -> Range<Int>?)? = nil) -> Rule {
        Rule(
            id: "test", title: "Test", provider: "", severity: .low, anchors: [], confirmation: .genericAssignment,
            publicPart: publicPart, revocation: "", references: [], examples: { [] }, counterexamples: { [] })
    }

    @Test("A SendGrid key shows SG, a point and the id that it is revoked by")
    func sendGrid() throws {
        let rule = try #require(Rule.builtIn.first { $0.id == "sendgrid-api-key" })
        let key = Fake.sendGrid(seed: 4)
        #expect(mask(key, rule) == String(key.prefix(25)) + Mask.hidden)
    }

    /// Values that the examples of a rule mark.
    private static func values(of rule: Rule) -> [[UInt8]] {
        rule.examples().flatMap { example in
            example.split(separator: "«").dropFirst().compactMap { part in
                part.split(separator: "»", omittingEmptySubsequences: false).first.map { Array($0.utf8) }
            }
        }
    }

    @Test("No mask holds four bytes in a row of what is secret", arguments: Rule.builtIn)
    func hidesSecretPart(rule: Rule) {
        for value in Self.values(of: rule) {
            let shown = Mask.of(value.span, rule)
            let publicPart = rule.publicPart?(value.span) ?? 0..<0
            let secretPart = publicPart.count == value.count ? [] : Array(value[publicPart.upperBound...])
            for start in secretPart.indices.dropLast(3) {
                let run = String(decoding: secretPart[start..<start + 4], as: UTF8.self)
                // The public part may happen to hold the same four bytes: `eyJh` opens both parts of a JWT.
                let isPublicToo = String(decoding: value[publicPart], as: UTF8.self).contains(run)
                #expect(!shown.contains(run) || isPublicToo)
            }
            #expect(shown.hasSuffix(Mask.hidden) || publicPart == 0..<value.count)
        }
    }

    @Test("Values without a public part all look alike, however long", arguments: [0, 1, 5, 20, 300, 5_000])
    func tellsNoLength(count: Int) {
        #expect(mask(Fake.alphanumeric(count, seed: 1), rule()) == Mask.hidden)
    }

    @Test("With a public part, the mask is as long whatever follows", arguments: [4, 20, 300, 5_000])
    func tellsNoLengthOfRest(count: Int) {
        let rule = rule { _ in 0..<3 }
        #expect(mask("key" + Fake.alphanumeric(count, seed: 1), rule) == "key" + Mask.hidden)
    }

    @Test("A public part in the middle has a mark on both sides")
    func middle() {
        #expect(mask("aaaaKEYbbbb", rule { _ in 4..<7 }) == Mask.hidden + "KEY" + Mask.hidden)
    }

    @Test(
        "A public part that is empty, too long, or beyond the value, is not shown",
        arguments: [0..<0, 4..<4, 0..<65, 0..<100, 0..<101, 90..<200, -1..<3])
    func refusesOddParts(part: Range<Int>) {
        #expect(mask(Fake.alphanumeric(100, seed: 1), rule { _ in part }) == Mask.hidden)
    }

    @Test("A value that is public whole, as the id of an AWS key, is shown whole")
    func wholePart() {
        let value = Fake.alphanumeric(20, seed: 1)
        #expect(mask(value, rule { 0..<$0.count }) == value)
    }

    @Test("The longest public part is shown whole")
    func longestPart() {
        let value = Fake.alphanumeric(100, seed: 1)
        #expect(mask(value, rule { _ in 0..<64 }) == String(value.prefix(64)) + Mask.hidden)
    }
}
