// What a change would do, key by key.

import JSON
import Secrets
import Stores
import Testing

@Suite("The plan of a change")
struct ChangePlanTests {
    @Test("Tells for every key what happens to it, the requested ones first and in their order")
    func actions() throws {
        let plan = try plan(
            #"{"KEEP":{"a":[1]},"SAME":"\u0041","GONE":"1","PORT":80,"TEXT":"t"}"#,
            [
                .text("NEW", "n"), .text("TEXT", "u"), .remove("GONE"), .text("SAME", "A"), .remove("NEVER"),
                .text("PORT", "http"),
            ])
        #expect(plan.differences.map(\.key) == ["NEW", "TEXT", "GONE", "SAME", "NEVER", "PORT", "KEEP"])
        #expect(
            plan.differences.map(\.action) == [
                .added, .changed, .removed, .unchanged, .unchanged, .changed, .untouched,
            ])
        #expect(plan.differences.map(\.changesType) == [false, false, false, false, false, true, false])
        #expect(plan.keys(.changed) == ["TEXT", "PORT"])
        #expect(!plan.isEmpty)
        let port = try #require(plan.differences.first { $0.key == "PORT" })
        #expect(port.old?.kind == .number)
        #expect(port.new?.kind == .string)
        #expect(port.old.map { Reveal.text($0.text()) } == "80")
        #expect(port.new.map { Reveal.text($0.text()) } == "http")
        #expect(Reveal.text(plan.result) == #"{"KEEP":{"a":[1]},"SAME":"\u0041","PORT":"http","TEXT":"u","NEW":"n"}"#)
    }

    @Test("Flags keys that no environment takes")
    func names() throws {
        let plan = try plan("{}", [.text("GOOD_1", "1"), .text("not-good", "1")])
        #expect(plan.differences.map(\.isEnvironmentName) == [true, false])
    }

    @Test("Is made for nothing as for an empty object")
    func nothing() throws {
        let plan = try ChangePlan(name: "n", version: nil, changes: [.text("A", "1")])
        #expect(plan.base == nil)
        #expect(plan.keys(.added) == ["A"])
        #expect(Reveal.text(plan.result) == #"{"A":"1"}"#)
    }

    @Test("A secret that is too large already can be read, and made smaller, but not larger")
    func tooLarge() throws {
        let large = #"{"A":""# + String(repeating: "x", count: 65_536) + #""}"#
        #expect(try plan(large, []).isEmpty)
        #expect(try plan(large, [.text("A", "1")]).keys(.changed) == ["A"])
        #expect(throws: StoreError.self) { try plan(large, [.text("B", "1")]) }
    }

    @Test("The limit counts bytes, not characters")
    func bytes() throws {
        let error = #expect(throws: StoreError.self) {
            try plan("{}", [.text("A", String(repeating: "ä", count: 32_765))])
        }
        guard case .tooLarge(_, let bytes) = try #require(error) else {
            Issue.record("another error")
            return
        }
        #expect(bytes == 65_538)
        #expect(try !plan("{}", [.text("A", String(repeating: "ä", count: 32_764))]).isEmpty)
    }

    @Test(
        "Knows which of its keys somebody else has changed meanwhile",
        arguments: [
            (#"{"A":"1","B":"1"}"#, [String]()),
            // Another spelling is no change.
            (#"{ "A":"\u0031", "B":"1" }"#, []),
            (#"{"A":"theirs","B":"1"}"#, ["A"]),
            (#"{"A":1,"B":"1"}"#, ["A"]),
            // Gone, or not as it was when it was to be removed.
            (#"{"B":"1"}"#, ["A"]), (#"{"A":"1","B":"2"}"#, ["B"]),
            // What is wanted already is no reason to stop.
            (#"{"A":"mine"}"#, []),
            // A key that was to be added, and is there now.
            (#"{"A":"1","B":"1","C":"theirs"}"#, ["C"]), (#"{"A":"1","B":"1","C":"mine"}"#, []),
            // Keys that nobody asked for.
            (#"{"A":"1","B":"1","X":"theirs"}"#, []),
        ])
    func superseded(now: String, keys: [String]) throws {
        let changes = [Change.text("A", "mine"), .remove("B"), .text("C", "mine")]
        let earlier = try plan(#"{"A":"1","B":"1"}"#, changes)
        #expect(try plan(now, changes).superseded(since: earlier) == keys)
    }

    @Test("Nothing of a value shows when a plan, a value or an event is printed")
    func printing() throws {
        let plan = try plan(#"{"A":"hunter2-old","N":["hunter2-nested"]}"#, [.text("A", "hunter2-new")])
        let outcome = MergeEvent.planned(plan)
        var dumped = ""
        dump(plan, to: &dumped)
        for text in ["\(plan)", String(reflecting: plan), "\(outcome)", dumped, "\(plan.changes)"] {
            #expect(!text.contains("hunter2"))
        }
    }

    private func plan(_ content: String, _ changes: [Change]) throws -> ChangePlan {
        let version = SecretVersion(
            name: "app/test", arn: nil, versionID: "v0", stages: [Stage.current], created: nil,
            content: Reveal.secret(content))
        return try ChangePlan(name: "app/test", version: version, changes: changes)
    }
}

@Suite("The comparison of two contents")
struct ComparisonTests {
    @Test("Goes in the order of the first, then what only the second has")
    func order() throws {
        let comparison = Comparison(
            from: try Reveal.content(#"{"Z":"1","GONE":"1","SAME":[1]}"#),
            to: try Reveal.content(#"{"NEW":"1","SAME":[ 1 ],"Z":1}"#))
        #expect(comparison.differences.map(\.key) == ["Z", "GONE", "SAME", "NEW"])
        #expect(comparison.differences.map(\.action) == [.changed, .removed, .unchanged, .added])
        #expect(comparison.differences.map(\.changesType) == [true, false, false, false])
        #expect(comparison.keys(.added) == ["NEW"])
        #expect(!comparison.isEmpty)
    }

    @Test("Is empty for the same values in another order and spelling")
    func same() throws {
        let (left, right) = (#"{"A":"x","B":null}"#, #"{ "B" : null, "\u0041":"\u0078" }"#)
        #expect(Comparison(from: try Reveal.content(left), to: try Reveal.content(right)).isEmpty)
    }
}
