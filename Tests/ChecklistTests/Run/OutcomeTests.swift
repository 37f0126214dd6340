// What comes of a step after it was applied.

import Synchronization
import Testing
import World

@testable import Checklist

@Suite("After a step was applied")
struct OutcomeTests {
    struct Broken: Error {}

    @Test("a failure is written down with its words, thrown, and tried again by the next run")
    func failure() async throws {
        var stage = Stage()
        let tries = Counter()
        stage.change = { maker, _ in maker.onApply = { if tries.next() == 1 { throw Broken() } } }
        await #expect(throws: Broken.self) { try await stage.runner().run("make") }
        #expect(stage.memory.events(of: "make") == [.failed])
        #expect(stage.memory["make"].last(.failed)?.summary == "Broken()")
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("not verified")
            return
        }
        #expect(stage.memory.events(of: "make") == [.failed] + RunnerTests.wholeRun)
    }

    @Test("a run that is called off has not failed")
    func cancelled() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.onApply = { throw CancellationError() } }
        await #expect(throws: CancellationError.self) { try await stage.runner().run("make") }
        #expect(stage.memory["make"] == StepRecord())

        // Whatever the floors below make of it.
        let running = Stage()
        var runner = running.runner()
        runner.kinds["make"] = Sleeper()
        let task = Task { [runner] in try await runner.run("make") }
        while running.memory["make"].state != .intended { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(running.memory.events(of: "make") == [.intended])
    }

    @Test("what takes time is waiting, and done when the time has come")
    func waiting() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.delay = 300 }
        let until = stage.clock.now + 300
        #expect(try await stage.runner().run("make") == .waiting(reason: "it spreads", until: until))
        #expect(stage.memory["make"].state == .waiting)
        #expect(stage.memory["make"].last(.waiting)?.until == until)
        #expect(stage.memory["make"].last(.waiting)?.facts == ["things": ["make/a", "make/b"]])
        // Looking again too early neither does nor writes anything.
        #expect(try await stage.runner().run("make") == .waiting(reason: "it spreads", until: until))
        let events = stage.memory.events(of: "make")
        #expect(events == [.intended, .effected, .intended, .effected, .applied, .waiting])
        stage.clock.advance(301)
        guard case .alreadySatisfied = try await stage.runner().run("make") else {
            Issue.record("not done")
            return
        }
        #expect(stage.memory.events(of: "make") == events + [.verified])
        #expect(stage.isMadeOnce)
    }

    @Test("patience looks again after one second, two, four, up to thirty, and when it is said to be time")
    func patience() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.delay = 100 }
        guard case .verified = try await stage.runner().run("make", RunOptions(patience: .seconds(600))) else {
            Issue.record("not verified")
            return
        }
        #expect(stage.clock.slept == [1, 2, 4, 8, 16, 30, 30, 9].map { .seconds($0) })
        #expect(stage.memory.events(of: "make").suffix(2) == [.waiting, .verified])
        #expect(stage.person.heard.filter { $0.hasPrefix("waiting") }.count == 1)
    }

    @Test("patience ends")
    func impatience() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.delay = 1_000 }
        guard case .waiting = try await stage.runner().run("make", RunOptions(patience: .seconds(10))) else {
            Issue.record("not waiting")
            return
        }
        #expect(stage.clock.slept == [1, 2, 4, 3].map { .seconds($0) })
    }

    @Test("what a person has to do is not waited for, however great the patience")
    func waitingForPerson() async throws {
        let stage = Stage()
        var runner = stage.runner()
        runner.kinds["make"] = Never(until: { nil })
        guard case .waiting = try await runner.run("make", RunOptions(patience: .seconds(600))) else {
            Issue.record("not waiting")
            return
        }
        #expect(stage.clock.slept.isEmpty)
    }

    @Test("a clock that is set back keeps nobody waiting longer")
    func clockSetBack() async throws {
        let stage = Stage()
        var runner = stage.runner()
        runner.kinds["make"] = Never()
        runner.world.now = { Instant(seconds: 0) }
        guard case .waiting = try await runner.run("make", RunOptions(patience: .seconds(60))) else {
            Issue.record("not waiting")
            return
        }
        #expect(stage.clock.slept.reduce(.zero, +) == .seconds(60))
    }

    @Test("a wait whose time moves on with each look is written down once until that time has come")
    func movingTime() async throws {
        let stage = Stage()
        var runner = stage.runner()
        let clock = stage.clock
        runner.kinds["make"] = Never(until: { clock.now + 60 })
        _ = try await runner.run("make", RunOptions(patience: .seconds(50)))
        #expect(stage.memory.events(of: "make") == [.waiting])
        // It says 60 seconds from now, as ever; what was promised has come all the same, and it is its turn.
        func next() async -> String? { await runner.next()?.step.id }
        #expect(await next() == nil)
        clock.advance(11)
        #expect(await next() == "make")
        _ = try await runner.run("make")
        #expect(stage.memory.events(of: "make") == [.waiting, .waiting])
        #expect(await next() == nil)
    }

    @Test("a wait begins with being written down, so a step that is not yet remembered to wait is next")
    func firstLook() async throws {
        let stage = Stage()
        var runner = stage.runner()
        runner.kinds["make"] = Never()
        #expect(await runner.next()?.step.id == "make")
        _ = try await runner.run("make")
        #expect(await runner.next() == nil)
    }

    @Test("what was found done is written down, once, and waivers are left alone")
    func takingNote() async throws {
        let stage = Stage([
            Step(id: "make", kind: "maker", title: "Make"), Step(id: "other", kind: "maker", title: "Other"),
            Step(id: "open", kind: "maker", title: "Open"),
        ])
        let runner = stage.runner()
        try await runner.waive("other", reason: "why", owner: "Ada", until: nil)
        for thing in ["make/a", "make/b", "other/a", "other/b"] {
            stage.outside.make(thing, token: "theirs", at: stage.clock.now)
        }
        for expected in [["make"], []] {
            #expect(try await runner.takeNote(of: await runner.statuses()).map(\.id) == expected)
        }
        #expect(stage.memory.events(of: "make") == [.verified])
        #expect(stage.memory.events(of: "other") == [.waived])
        #expect(stage.memory.events(of: "open") == [])
        // From now on it can be seen to come undone.
        stage.outside.remove("make/a")
        #expect(await runner.statuses()[0].standing == .drifted(reason: "1 of 2 things are missing"))
    }

    @Test("what has not worked has failed; what does not answer may have worked")
    func unsatisfied() async throws {
        let stage = Stage()
        var runner = stage.runner()
        runner.kinds["make"] = Disappointment(after: .unsatisfied(reason: "it is still there"))
        #expect(try await runner.run("make") == .unsatisfied(reason: "it is still there"))
        #expect(stage.memory.events(of: "make") == [.applied, .failed])
        let other = Stage()
        runner = other.runner()
        runner.kinds["make"] = Disappointment(after: .unknowable(reason: "no line", remedy: nil))
        #expect(try await runner.run("make") == .unknown(reason: "no line"))
        #expect(other.memory.events(of: "make") == [.applied])
        #expect(other.memory["make"].wasCutShort)
    }
}

/// Announces something and then takes very long.
private struct Sleeper: StepKind {
    struct LineLost: Error {}
    func observe(_ record: StepRecord) async throws -> Observation { .unsatisfied(reason: "not yet") }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        Preview(changes: [PlannedChange("sleep")])
    }
    func apply(_ run: StepRun) async throws {
        _ = try await run.journal.intend("sleep", Facts())
        do { try await Task.sleep(for: .seconds(600)) } catch { throw LineLost() }
    }
}

private struct Never: StepKind {
    var until: @Sendable () -> Instant? = { Instant(seconds: 2e9) }

    func observe(_ record: StepRecord) async throws -> Observation {
        .waiting(reason: "it spreads", until: until(), facts: Facts())
    }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview() }
    func apply(_ run: StepRun) async throws { Issue.record("applied though it waits") }
}

private struct Disappointment: StepKind {
    var after: Observation
    func observe(_ record: StepRecord) async throws -> Observation {
        record.events.isEmpty ? .unsatisfied(reason: "not yet") : after
    }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        Preview(changes: [PlannedChange("try")])
    }
    func apply(_ run: StepRun) async throws {}
}
