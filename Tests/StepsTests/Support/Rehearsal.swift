// A step, run as the runner runs it, without a person.

import Checklist
import Testing

/// One step with its journal.
struct Rehearsal {
    let kind: any StepKind
    let journal: MemoryJournal

    init(_ kind: any StepKind, _ journal: MemoryJournal = MemoryJournal()) {
        self.kind = kind
        self.journal = journal
    }

    func observe() async throws -> Observation { try await kind.observe(journal.record) }

    func preview(_ answers: [String: Answer] = [:]) async throws -> Preview {
        try await kind.preview(journal.record, answers: Answers(answers))
    }

    /// Previews, applies, observes, and writes down what came of it. A question that stays open fails the test.
    @discardableResult
    func run(_ answers: [String: Answer] = [:]) async throws -> Observation {
        let preview = try await preview(answers)
        #expect(preview.questions.filter(\.isRequired).map(\.id) == [])
        return try await apply(answers, agreedTo: preview)
    }

    /// The same for a preview that was shown earlier.
    @discardableResult
    func apply(_ answers: [String: Answer] = [:], agreedTo preview: Preview) async throws -> Observation {
        try await kind.apply(
            StepRun(
                record: await journal.record, answers: Answers(answers), journal: journal, basis: preview.basis))
        await journal.note(.applied)
        let observation = try await observe()
        switch observation {
        case .satisfied(let evidence):
            await journal.note(.verified, summary: evidence.summary, until: evidence.due, facts: evidence.facts)
        case .waiting(let reason, let until, let facts):
            await journal.note(.waiting, summary: reason, until: until, facts: facts)
        case .unsatisfied(let reason): await journal.note(.failed, summary: reason)
        case .unknowable: break
        }
        return observation
    }

    func undo(_ answers: [String: Answer] = [:]) async throws {
        try await kind.undo(
            StepRun(record: await journal.record, answers: Answers(answers), journal: journal, basis: ""))
        await journal.note(.undone)
    }
}

extension Rehearsal {
    /// Calls `body` once for every instant around a write of the journal at which the process can die, until a run is
    /// not killed any more. `body` sets everything up afresh with a journal of its own, runs until killed, `revive`s
    /// the journal, runs again and checks.
    ///
    /// - Returns: how many kills there were, so that a test can tell that there were any.
    @discardableResult
    static func withEveryKill(_ body: (MemoryJournal) async throws -> Void) async throws -> Int {
        var count = 0
        for number in 0... {
            for kill in [MemoryJournal.Kill.before(number), .after(number)] {
                let journal = MemoryJournal(kill: kill)
                try await body(journal)
                guard await journal.wasKilled else { return count }
                count += 1
            }
        }
        return count
    }
}

extension Preview {
    /// All that it says, a line each: for what must, and what must not, be in it.
    var text: String {
        (changes.flatMap { [$0.subject] + $0.lines.map { "\($0.mark.rawValue): \($0.text)" } }
            + questions.map(\.text) + irreversible + byHand).joined(separator: "\n")
    }
}

extension UndoPreview {
    var text: String {
        (changes.flatMap { [$0.subject] + $0.lines.map { "\($0.mark.rawValue): \($0.text)" } } + cannot).joined(
            separator: "\n")
    }
}

extension Observation {
    var evidence: Evidence? { if case .satisfied(let evidence) = self { evidence } else { nil } }
    /// Why it is not satisfied.
    var reason: String? {
        switch self {
        case .satisfied: nil
        case .unsatisfied(let reason), .waiting(let reason, _, _), .unknowable(let reason, _): reason
        }
    }
}
