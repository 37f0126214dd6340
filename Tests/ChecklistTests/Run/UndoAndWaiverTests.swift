// Taking a step back, and leaving one out.

import Testing
import World

@testable import Checklist

@Suite("Undone and waived")
struct UndoAndWaiverTests {
    private static let steps = [
        Step(id: "first", kind: "maker", title: "First"),
        Step(id: "second", kind: "maker", title: "Second", needs: ["first"]),
        Step(id: "third", kind: "maker", title: "Third", needs: ["second"]),
    ]

    @Test("what stays is shown before anything is taken back, and so are the steps that rest on it")
    func undo() async throws {
        let stage = Stage(Self.steps)
        _ = try await stage.runner().runThrough(["first", "second", "third"])
        #expect(try await stage.runner().undo("first") == .undone)
        #expect(stage.outside.making("first/a") == nil && stage.outside.making("first/b") == nil)
        #expect(
            stage.person.heard.suffix(2) == [
                "shown remove first/a, remove first/b but Who saw it has seen it."
                    + "second was done on top of this step and stays as it is."
                    + "third was done on top of this step and stays as it is.", "undone",
            ])
        #expect(
            stage.memory.events(of: "first").suffix(5) == [.undoing, .reverted, .undoing, .reverted, .undone])
        #expect(
            try await stage.runner().undo("first") == .nothing(["first was taken back already."]))
        // And it can be done again.
        guard case .verified = try await stage.runner().run("first") else {
            Issue.record("not done again")
            return
        }
    }

    @Test("a no, a dry run and nothing to take back change nothing")
    func noUndo() async throws {
        var stage = Stage(Self.steps)
        guard case .nothing = try await stage.runner().undo("first") else {
            Issue.record("there was nothing")
            return
        }
        _ = try await stage.runner().run("first")
        let record = stage.memory["first"]
        guard case .previewed(let preview) = try await stage.runner().undo("first", isDryRun: true) else {
            Issue.record("not previewed")
            return
        }
        #expect(preview.changes.count == 2)
        stage.person = Somebody(agrees: { false })
        #expect(try await stage.runner().undo("first") == .declined)
        #expect(stage.memory["first"] == record)
        #expect(stage.outside.making("first/a") != nil)
    }

    @Test("a waived step lets others go on, until the waiver ends or is taken back")
    func waiver() async throws {
        let stage = Stage(Self.steps)
        let runner = stage.runner()
        let until = stage.clock.now + 86_400
        try await runner.waive("first", reason: "not ours", owner: "Ada", until: until)
        try await runner.waive("first", reason: "not ours", owner: "Ada", until: until)
        #expect(stage.memory.events(of: "first") == [.waived])
        var statuses = await runner.statuses()
        #expect(statuses[0].standing == .waived(by: "Ada", reason: "not ours", until: until))
        #expect(StepStatus.next(in: statuses, order: .standard, now: stage.clock.now)?.step.id == "second")
        let results = try await runner.runThrough(["first", "second"])
        #expect(results.first?.end == .waived)
        #expect(stage.outside.makings.map(\.thing) == ["second/a", "second/b"])

        stage.clock.advance(86_400)
        statuses = await runner.statuses()
        #expect(
            statuses[0].standing
                == .ready(
                    reason: "the waiver of Ada ended on \(until.day); 2 of 2 things are missing", wasCutShort: false))
        // A step that is done after all is waived no longer.
        _ = try await runner.run("first")
        #expect(stage.memory.events(of: "first").prefix(2) == [.waived, .unwaived])
        #expect(stage.memory["first"].state == .verified)
        await #expect(throws: StepFailure("first is not waived", kind: .refused)) { try await runner.unwaive("first") }

        try await runner.waive("third", reason: "later", owner: "Bob", until: nil)
        try await runner.unwaive("third")
        #expect(stage.memory.events(of: "third") == [.waived, .unwaived])
    }

    @Test("a waiver without a name, a reason or a future is refused, and so is one of several lines")
    func badWaivers() async throws {
        let stage = Stage(Self.steps)
        let runner = stage.runner()
        for (reason, owner, until): (String, String, Instant?) in [
            ("", "Ada", nil), ("why", " ", nil), ("why", "Ada", stage.clock.now), ("two\nlines", "Ada", nil),
            ("why", "Ada\u{1b}[2J", nil),
        ] {
            await #expect(throws: StepFailure.self) {
                try await runner.waive("first", reason: reason, owner: owner, until: until)
            }
        }
        #expect(stage.memory["first"] == StepRecord())
    }

    @Test("what waits holds up what needs it, and nothing else; a no ends the series")
    func series() async throws {
        var stage = Stage(Self.steps + [Step(id: "apart", kind: "maker", title: "Apart")])
        stage.change = { maker, id in if id == "first" { maker.delay = 60 } }
        let ids = try stage.runner().ids(through: "apart")
        #expect(ids == ["first", "second", "third", "apart"])
        let results = try await stage.runner().runThrough(ids)
        #expect(results.map(\.step.id) == ids)
        #expect(results[1].end == .heldUp(by: ["first"]) && results[2].end == .heldUp(by: ["second"]))
        #expect(stage.memory["apart"].state == .verified)

        var other = Stage(Self.steps)
        other.person = Somebody(agrees: { false })
        #expect(try await other.runner().runThrough(["first", "second"]).count == 1)
        #expect(throws: StepFailure.self) { try other.runner().ids(through: "fourth") }
    }
}
