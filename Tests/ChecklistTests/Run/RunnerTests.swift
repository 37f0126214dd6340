// How one step runs.

import Synchronization
import Testing
import World

@testable import Checklist

@Suite("A step runs")
struct RunnerTests {
    static let wholeRun: [StepEvent] = [.intended, .effected, .intended, .effected, .applied, .verified]

    @Test("it is shown, agreed to, announced, done, told and seen to be done, in that order")
    func whole() async throws {
        let stage = Stage()
        let outcome = try await stage.runner().run("make")
        let evidence = Evidence("all 2 are there", facts: ["things": ["make/a", "make/b"]])
        #expect(outcome == .verified(evidence))
        #expect(stage.isMadeOnce)
        #expect(stage.memory.events(of: "make") == Self.wholeRun)
        #expect(stage.memory["make"].last(.verified)?.summary == evidence.summary)
        #expect(stage.memory["make"].last(.verified)?.facts == evidence.facts)
        #expect(
            stage.person.heard == [
                "shown make make/a, make make/b", "intending make/a", "effected make/a", "intending make/b",
                "effected make/b", "verified: all 2 are there",
            ])
    }

    @Test("what somebody else has done is written down once, and not shown or done")
    func alreadyDone() async throws {
        let stage = Stage()
        for thing in ["make/a", "make/b"] { stage.outside.make(thing, token: "theirs", at: stage.clock.now) }
        for _ in 0..<3 {
            guard case .alreadySatisfied = try await stage.runner().run("make") else {
                Issue.record("it was done already")
                return
            }
        }
        #expect(stage.memory.events(of: "make") == [.verified])
        #expect(!stage.person.heard.contains { $0.hasPrefix("shown") })
        #expect(stage.isMadeOnce)
    }

    @Test("evidence with other facts is written down again")
    func otherEvidence() async throws {
        var stage = Stage()
        _ = try await stage.runner().run("make")
        stage.change = { maker, _ in maker.things = ["make/a"] }
        _ = try await stage.runner().run("make")
        #expect(stage.memory.events(of: "make") == Self.wholeRun + [.verified])
    }

    @Test("a no changes nothing and leaves nothing behind")
    func declined() async throws {
        var stage = Stage()
        stage.person = Somebody(agrees: { false })
        #expect(try await stage.runner().run("make") == .declined)
        #expect(stage.outside.makings.isEmpty)
        #expect(stage.memory["make"] == StepRecord())
    }

    @Test("a dry run only looks, whatever is open and whatever should come first")
    func dryRun() async throws {
        var stage = Stage([
            Step(id: "first", kind: "maker", title: "First"),
            Step(id: "make", kind: "maker", title: "Make", needs: ["first"]),
        ])
        stage.change = { maker, _ in maker.questions = [Question("name", "Which name?")] }
        let outcome = try await stage.runner().run("make", RunOptions(isDryRun: true))
        guard case .previewed(let preview) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(preview.changes.map(\.subject) == ["make make/a", "make make/b"])
        #expect(preview.questions.map(\.id) == ["name"])
        #expect(stage.person.heard.isEmpty)
        #expect(stage.memory["make"] == StepRecord())
    }

    @Test("a step or a kind that does not exist is refused by name")
    func unknown() async throws {
        var runner = Stage().runner()
        await #expect(throws: StepFailure.self) { try await runner.run("mkae\u{1b}[31m") }
        do { _ = try await runner.run("mkae\u{1b}[31m") } catch let failure as StepFailure {
            #expect(failure.reason == "no step of test has the id mkae?[31m")
        }
        runner.kinds = [:]
        await #expect(throws: StepFailure("make is of a kind that this version does not know: maker", kind: .refused)) {
            try await runner.run("make")
        }
    }

    @Test("what it needs must be done, which the world says and not the file")
    func needs() async throws {
        let stage = Stage([
            Step(id: "first", kind: "maker", title: "First"),
            Step(id: "make", kind: "maker", title: "Make", needs: ["first"]),
        ])
        // The file says that it was done; it is not.
        stage.memory.set(StepRecord(state: .verified), of: "first")
        await #expect(
            throws: StepFailure(
                "make needs first first: 2 of 2 things are missing", remedy: "migrate apply first", kind: .refused)
        ) { try await stage.runner().run("make") }
        #expect(stage.outside.makings.isEmpty)
        #expect(stage.memory["make"] == StepRecord())

        _ = try await stage.runner().run("make", RunOptions(ignoresNeeds: true))
        #expect(stage.outside.makings.map(\.thing) == ["make/a", "make/b"])

        stage.outside.remove("make/a")
        stage.memory.set(StepRecord(), of: "first")
        for thing in ["first/a", "first/b"] { stage.outside.make(thing, token: "theirs", at: stage.clock.now) }
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("what it needs was done by somebody else")
            return
        }
    }

    @Test("a need that cannot be asked about is not taken for done, nor for undone")
    func unknownNeed() async throws {
        let stage = Stage([
            Step(id: "first", kind: "maker", title: "First"),
            Step(id: "make", kind: "maker", title: "Make", needs: ["first"]),
        ])
        var runner = stage.runner()
        runner.kinds["first"] = Mute()
        do {
            _ = try await runner.run("make")
            Issue.record("it was run")
        } catch let failure as StepFailure {
            #expect(failure.kind == .unknown)
            #expect(failure.reason.contains("make needs first first, and whether that is done is not known: no line"))
        }
    }

    @Test("a step that cannot be asked about is not applied")
    func unknowable() async throws {
        let stage = Stage()
        var runner = stage.runner()
        runner.kinds["make"] = Mute()
        await #expect(throws: StepFailure("no line", remedy: "wait", kind: .unknown)) { try await runner.run("make") }
        #expect(stage.memory["make"] == StepRecord())
    }

    @Test("a thing that is no longer there is written down as drift before it is made again")
    func drift() async throws {
        let stage = Stage()
        _ = try await stage.runner().run("make")
        stage.outside.remove("make/b")
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("it was not done again")
            return
        }
        #expect(
            stage.memory.events(of: "make") == Self.wholeRun + [.drifted, .intended, .effected, .applied, .verified])
        #expect(stage.memory["make"].last(.drifted)?.summary == "1 of 2 things are missing")
    }

    @Test("what is due again is done again, and what is not is not")
    func due() async throws {
        var stage = Stage()
        let clock = stage.clock
        let limit = DueDate(clock.now + 100)
        stage.change = { maker, _ in
            maker.due = { limit.value }
            // Doing it again is what moves the date.
            maker.questions = [Question("again", "When again?", isRequired: false)]
            maker.onApply = { limit.value = clock.now + 1_000 }
        }
        stage.person = Somebody(answers: ["again": "later"])
        for thing in ["make/a", "make/b"] { stage.outside.make(thing, token: "theirs", at: stage.clock.now) }
        guard case .alreadySatisfied = try await stage.runner().run("make") else {
            Issue.record("it is not due yet")
            return
        }
        #expect(stage.memory["make"].last(.verified)?.until == clock.now + 100)
        clock.advance(200)
        guard case .verified(let evidence) = try await stage.runner().run("make") else {
            Issue.record("it is due")
            return
        }
        #expect(evidence.due == clock.now + 1_000)
        #expect(stage.memory.events(of: "make") == [.verified, .applied, .verified])
    }

    @Test("what only a person can do elsewhere is told, and nothing is written")
    func byHand() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.byHand = ["Open the page."] }
        var runner = stage.runner()
        runner.kinds["make"] = Bystander(lines: ["Open the page."])
        #expect(try await runner.run("make") == .byHand(["Open the page."]))
        runner.kinds["make"] = Bystander(lines: [])
        #expect(try await runner.run("make") == .unsatisfied(reason: "nobody did it"))
        #expect(stage.memory["make"] == StepRecord())
        // Where there is something to do as well, that is done.
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("it was not applied")
            return
        }
    }
}

final class DueDate: Sendable {
    private let date: Mutex<Instant>
    init(_ date: Instant) { self.date = Mutex(date) }
    var value: Instant {
        get { date.withLock { $0 } }
        set { date.withLock { $0 = newValue } }
    }
}

/// A step about which nothing can be found out.
struct Mute: StepKind {
    func observe(_ record: StepRecord) async throws -> Observation { .unknowable(reason: "no line", remedy: "wait") }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview() }
    func apply(_ run: StepRun) async throws { Issue.record("applied though nothing is known") }
}

/// A step that can do nothing by itself.
struct Bystander: StepKind {
    var lines: [String]

    func observe(_ record: StepRecord) async throws -> Observation { .unsatisfied(reason: "nobody did it") }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview(byHand: lines) }
    func apply(_ run: StepRun) async throws { Issue.record("applied though there is nothing to do") }
}
