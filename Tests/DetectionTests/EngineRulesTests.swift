// Rules that are made ready: refusals, anchors, reach.

import Testing

@testable import Detection

@Suite("Compiled rules")
struct EngineRulesTests {
    private func reason(of rule: Rule) throws -> (id: String, reason: String) {
        let error = try #require(throws: DetectionError.self) { try CompiledRules(RuleSet([rule])) }
        guard case .invalidRule(let id, let reason) = error else { throw error }
        return (id, reason)
    }

    @Test(
        "An expression that the engine cannot take is refused by its rule's id, with the reason",
        arguments: ["KEY(", "KEY[", "(?=KEY)x", #"(K)\1"#, "KEY{3,1}"])
    func invalidExpression(expression: String) throws {
        let refusal = try reason(
            of: EngineSample.rule(named: "odd-one", .expression(expression, before: nil, after: nil)))
        #expect(refusal.id == "odd-one" && !refusal.reason.isEmpty && refusal.reason != "unknown")
    }

    @Test("An expression that matches the empty text is refused", arguments: ["(KEY)?", "[0-9]*"])
    func emptyMatch(expression: String) throws {
        let refusal = try reason(
            of: EngineSample.rule(named: "odd-one", .expression(expression, before: nil, after: nil)))
        #expect(refusal.id == "odd-one" && refusal.reason.contains("empty"))
    }

    @Test("The rules of a set keep their order, and those for dotenv files are always there, once")
    func ruleSet() {
        let chosen = [EngineSample.rule(named: "one", .urlPassword), Rule.genericAssignment]
        let set = RuleSet(chosen)
        #expect(set.rules.map(\.id) == ["one", "generic-secret", Rule.dotenvConnectionString.id])
        #expect(set.genericRule == 1 && set.connectionRule == 2)
        #expect(RuleSet([]).rules.map(\.id) == ["generic-secret", Rule.dotenvConnectionString.id])
    }

    @Test("Each anchor is searched for once, for all rules that have it; letter case makes two of it")
    func anchors() {
        let set = RuleSet([
            EngineSample.rule(named: "a", anchors: ["KEY", Anchor("name", ignoresCase: true)], .urlPassword),
            EngineSample.rule(
                named: "b", anchors: ["KEY", "KEY", "key", Anchor("NAME", ignoresCase: true)], .urlPassword),
        ])
        let entries = set.anchors.prefix(3).map { "\($0.anchor.literal) \($0.length) \($0.rules)" }
        #expect(entries == ["KEY 3 [0, 1]", "name 4 [0, 1]", "key 3 [1]"])
    }

    @Test("Anchors that ignore letter case are found in any, the others as written")
    func letterCase() throws {
        let insensitive = EngineSample.rule(
            anchors: [Anchor("key", ignoresCase: true)], .expression("[kK][eE][yY][0-9]{4}", before: nil, after: nil))
        let sensitive = EngineSample.rule(
            anchors: ["key"], .expression("[kK][eE][yY][0-9]{4}", before: nil, after: nil))
        let text = "key2718 KEY2718 kEy2718"
        #expect(try EngineSample.matcher([insensitive]).matches(in: text).count == 3)
        #expect(try EngineSample.matcher([sensitive]).matches(in: "KEY2718").isEmpty)
    }

    @Test("The reach of each rule is positive, bounded, and covers its examples", arguments: Rule.builtIn)
    func reach(rule: Rule) throws {
        let compiled = try EngineSample.builtIn.get()
        let index = try #require(compiled.ruleSet.rules.firstIndex { $0.id == rule.id })
        let reach = compiled.reach(ofRule: index)
        #expect((1...17_000).contains(reach))
        #expect(reach <= compiled.longestReach)
        for example in rule.examples() {
            for part in example.split(separator: "«").dropFirst() {
                let value = part.split(separator: "»", omittingEmptySubsequences: false).first ?? ""
                #expect(value.utf8.count <= reach)
            }
        }
    }

    @Test("The reach of all rules fits into half of what windows of a large file share")
    func longestReach() throws {
        #expect(try EngineSample.builtIn.get().longestReach <= (64 << 10) / 2)
    }

    @Test("The reach of an expression is its longest match and the byte after it")
    func reachOfExpression() throws {
        let compiled = try CompiledRules(
            RuleSet([
                EngineSample.rule(named: "bounded", .expression("KEY[0-9]{4,12}", before: nil, after: nil)),
                EngineSample.rule(named: "open", .expression("KEY[0-9]{4,}", before: nil, after: nil)),
            ]))
        #expect(compiled.reach(ofRule: 0) == 16)
        #expect(compiled.reach(ofRule: 1) == 16_385)
    }

    @Test("A match of an open-ended expression may be as long as its bound")
    func longOpenMatch() throws {
        let rule = EngineSample.rule(.expression("KEY[0-9]{4,}", before: nil, after: .digits))
        let matcher = try EngineSample.matcher([rule])
        var generator = EngineGenerator(state: 1)
        let digits = String((0..<16_000).map { _ in Character("\(Int.random(in: 0...9, using: &generator))") })
        #expect(try matcher.found(in: "KEY" + digits + " ") == ["test: KEY" + digits])
        // Beyond the bound it is refused, never reported short.
        #expect(try matcher.found(in: "KEY" + digits + digits + " ") == [])
    }
}
