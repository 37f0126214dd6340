// Every built-in rule against its own examples and counterexamples.

import Testing

@testable import Detection

extension Rule: CustomTestStringConvertible {
    package var testDescription: String { id }
}

@Suite("Built-in rules")
struct RuleExampleTests {
    /// Compiled once for all tests: compiling takes most of their time.
    private static let all = Result { try CompiledRules(RuleSet(Rule.builtIn)) }

    @Test("A rule alone finds each of its examples, exactly at the marks", arguments: Rule.builtIn)
    func findsExamples(rule: Rule) throws {
        let matcher = try Matcher(CompiledRules(RuleSet([rule])))
        for example in rule.examples().map(MarkedExample.init) {
            let matches = try example.matches(of: matcher)
            #expect(matches.map(\.value) == example.marks, "in: \(example.text)")
            for match in matches {
                #expect(match.verdict != .placeholder && match.verdict != .checkFailed, "in: \(example.text)")
            }
        }
    }

    @Test("A rule alone finds nothing in its counterexamples, or calls it a placeholder", arguments: Rule.builtIn)
    func passesCounterexamples(rule: Rule) throws {
        let matcher = try Matcher(CompiledRules(RuleSet([rule])))
        for counterexample in rule.counterexamples().map(MarkedExample.init) {
            let matches = try counterexample.matches(of: matcher).filter { $0.verdict != .placeholder }
            #expect(matches.isEmpty, "in: \(counterexample.text)")
        }
    }

    @Test("Among all rules, the one that an example belongs to has the say", arguments: Rule.builtIn)
    func prevails(rule: Rule) throws {
        let matcher = try Matcher(Self.all.get())
        for example in rule.examples().map(MarkedExample.init) {
            let found = try example.matches(of: matcher).map { match in
                "\(Rule.builtIn[match.rule].id) \(match.value)"
            }
            for mark in example.marks {
                #expect(found.contains("\(rule.id) \(mark)"), "in: \(example.text)")
            }
        }
    }

    @Test("An example holds one of the rule's anchors", arguments: Rule.builtIn)
    func examplesHoldAnchors(rule: Rule) {
        for example in rule.examples().map(MarkedExample.init) {
            let holdsAnchor = rule.anchors.contains { anchor in
                anchor.ignoresCase
                    ? example.text.lowercased().contains(anchor.literal.lowercased())
                    : example.text.contains(anchor.literal)
            }
            #expect(holdsAnchor, "in: \(example.text)")
        }
    }

    @Test(
        "A rule has a kebab-case id, anchors of three bytes or more, and two examples of either kind",
        arguments: Rule.builtIn)
    func isWellMade(rule: Rule) {
        let words = rule.id.split(separator: "-", omittingEmptySubsequences: false)
        #expect(
            words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) } }
        )
        #expect(!rule.title.isEmpty && !rule.revocation.isEmpty && !rule.references.isEmpty)
        #expect(!rule.anchors.isEmpty && rule.anchors.allSatisfy { $0.literal.utf8.count >= 3 })
        #expect(rule.examples().count >= 2 && rule.counterexamples().count >= 2)
    }

    @Test("The public part of a value lies within it and leaves a secret, or is all of it", arguments: Rule.builtIn)
    func publicParts(rule: Rule) {
        for example in rule.examples().map(MarkedExample.init) {
            for mark in example.marks {
                let value = Array(Array(example.text.utf8)[mark])
                guard let part = rule.publicPart?(value.span) else { continue }
                #expect(part.lowerBound == 0 && part.upperBound <= value.count)
                #expect(part.count == value.count || value.count - part.count >= 12)
            }
        }
    }

    @Test("No two rules share an id")
    func idsAreUnique() {
        let ids = (Rule.builtIn + [.dotenvConnectionString, .dotenvFile]).map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test("The rules for dotenv entries have no anchors, so that the engine never tries them")
    func dotenvRulesAreInert() {
        for rule in [Rule.dotenvConnectionString, .dotenvFile] { #expect(rule.anchors.isEmpty) }
    }

    @Test("A SendGrid key is found in each of fifteen surroundings")
    func sendGridSurroundings() throws {
        let rule = try #require(Rule.builtIn.first { $0.id == "sendgrid-api-key" })
        #expect(rule.examples().count == 15)
    }
}

/// A text with `«` and `»` around what must be found.
private struct MarkedExample {
    let text: String
    /// What stood between the marks, as offsets into the text's bytes without them.
    let marks: [Range<Int>]

    init(_ marked: String) {
        var bytes: [UInt8] = []
        var marks: [Range<Int>] = []
        var start = 0
        for character in marked.unicodeScalars {
            switch character {
            case "«": start = bytes.count
            case "»": marks.append(start..<bytes.count)
            default: bytes.append(contentsOf: String(character).utf8)
            }
        }
        text = String(decoding: bytes, as: UTF8.self)
        self.marks = marks
    }

    func matches(of matcher: Matcher) throws -> [Match] {
        try Array(text.utf8).withUnsafeBytes { try matcher.matches(in: $0) }
    }
}
