// Questions, consent, and what changes while they are thought about.

import Synchronization
import Testing
import World

@testable import Checklist

/// Counts calls.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    @discardableResult func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

@Suite("A step asks")
struct AskingTests {
    @Test("all that it has to be told, before anything is shown for consent")
    func questions() async throws {
        var stage = Stage()
        stage.change = { maker, _ in
            maker.questions = [Question("name", "Which name?"), Question("note", "A note?", isRequired: false)]
        }
        stage.person = Somebody(answers: ["name": "x"])
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("not verified")
            return
        }
        #expect(stage.person.heard.prefix(3) == ["asked name", "asked note", "shown make make/a, make make/b"])
        #expect(stage.person.heard.filter { $0.hasPrefix("asked") }.count == 2)
    }

    @Test("and does nothing while a required answer is missing")
    func missingAnswer() async throws {
        var stage = Stage()
        stage.change = { maker, _ in maker.questions = [Question("name", "Which name?")] }
        await #expect(
            throws: StepFailure(
                "make cannot go on without an answer to: Which name?", remedy: "--answer name=…", kind: .refused)
        ) { try await stage.runner().run("make") }
        #expect(stage.memory["make"] == StepRecord())
        #expect(stage.outside.makings.isEmpty)
    }

    @Test("an answer may bring up another question; one that is not taken is asked for three times")
    func chain() async throws {
        let stage = Stage()
        var runner = stage.runner()
        let person = Somebody(answers: ["first": "yes", "second": "no"])
        runner.person = person
        runner.kinds["make"] = Examiner(accepts: "no")
        #expect(try await runner.run("make") == .verified(Evidence("told")))
        #expect(person.heard.filter { $0.hasPrefix("asked") } == ["asked first", "asked second"])

        let other = Stage()
        runner = other.runner()
        runner.person = person
        runner.kinds["make"] = Examiner(accepts: "maybe")
        await #expect(
            throws: StepFailure("the answer to second is not one that this step can use", kind: .refused)
        ) { try await runner.run("make") }
        #expect(person.heard.filter { $0 == "asked second" }.count == 1 + Runner.answerLimit)
        #expect(other.memory["make"] == StepRecord())
    }

    @Test("for consent again when what it would change has changed since it was shown")
    func changedBeforeApply() async throws {
        var stage = Stage()
        let previews = Counter()
        let outside = stage.outside
        let clock = stage.clock
        stage.change = { maker, _ in
            // Somebody makes one of the two things between the first look and the second.
            maker.onPreview = {
                if previews.next() == 2 { outside.make("make/a", token: "theirs", at: clock.now) }
            }
        }
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("not verified")
            return
        }
        #expect(
            stage.person.heard.prefix(3) == [
                "shown make make/a, make make/b", "again: make make/b", "shown make make/b",
            ])
        #expect(stage.isMadeOnce)
    }

    @Test("but not for ever")
    func restless() async throws {
        var stage = Stage()
        let previews = Counter()
        stage.change = { maker, _ in maker.basis = { "\(previews.next())" } }
        await #expect(throws: StepFailure.self) { try await stage.runner().run("make") }
        #expect(stage.person.heard.filter { $0.hasPrefix("shown") }.count == Runner.previewLimit)
        #expect(stage.outside.makings.isEmpty)
    }

    @Test("for consent again when the step itself finds a change at the last moment")
    func changedWhileApplying() async throws {
        var stage = Stage()
        let tries = Counter()
        stage.change = { maker, _ in
            maker.onApply = { if tries.next() == 1 { throw StepChanged("backend/.gitignore") } }
        }
        guard case .verified = try await stage.runner().run("make") else {
            Issue.record("not verified")
            return
        }
        #expect(stage.person.heard.contains("again: backend/.gitignore"))
        #expect(stage.person.heard.filter { $0.hasPrefix("shown") }.count == 2)
        #expect(stage.memory.events(of: "make") == RunnerTests.wholeRun)
    }
}

/// A step that wants two answers, the second of which must be the right one.
struct Examiner: StepKind {
    var accepts: String

    func observe(_ record: StepRecord) async throws -> Observation {
        record.effects.isEmpty ? .unsatisfied(reason: "nobody was asked") : .satisfied(Evidence("told"))
    }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        guard answers.text("first") != nil else { return Preview(questions: [Question("first", "First?")]) }
        guard answers.text("second") == accepts else { return Preview(questions: [Question("second", "Second?")]) }
        return Preview()
    }
    func apply(_ run: StepRun) async throws {
        let intent = try await run.journal.intend("note", ["answer": .text(run.answers.text("second") ?? "")])
        try await run.journal.effected(intent, Facts())
    }
}
