// Steps that make things outside, the person who is asked, and all of it together.

import Synchronization
import World

@testable import Checklist

/// Things that were made outside, with the token and the time of each making.
final class Outside: Sendable {
    struct Making: Equatable {
        var thing: String
        var token: String
        var at: Instant
    }
    private let all = Mutex<[Making]>([])
    private let removed = Mutex<Set<String>>([])

    var makings: [Making] { all.withLock { $0 } }
    func making(_ thing: String) -> Making? {
        removed.withLock { $0.contains(thing) } ? nil : all.withLock { $0.last { $0.thing == thing } }
    }
    func make(_ thing: String, token: String, at: Instant) {
        _ = removed.withLock { $0.remove(thing) }
        all.withLock { $0.append(Making(thing: thing, token: token, at: at)) }
    }
    func remove(_ thing: String) { _ = removed.withLock { $0.insert(thing) } }
}

/// A step that makes things outside, as the protocol asks for: it looks before it acts.
struct Maker: StepKind {
    var things: [String]
    let outside: Outside
    let fate: Fate
    let clock: Clock
    /// Seconds until a thing that was made shows.
    var delay: Double = 0
    var questions: [Question] = []
    var byHand: [String] = []
    /// Called before each preview and each application.
    var onPreview: @Sendable () -> Void = {}
    var onApply: @Sendable () throws -> Void = {}
    var basis: @Sendable () -> String = { "" }
    var due: @Sendable () -> Instant? = { nil }

    func observe(_ record: StepRecord) async throws -> Observation {
        let makings = things.compactMap(outside.making)
        guard makings.count == things.count else {
            return .unsatisfied(reason: "\(things.count - makings.count) of \(things.count) things are missing")
        }
        if let last = makings.map(\.at).max(), last + delay > clock.now {
            return .waiting(reason: "it spreads", until: last + delay, facts: ["things": .list(things)])
        }
        return .satisfied(Evidence("all \(things.count) are there", facts: ["things": .list(things)], due: due()))
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        onPreview()
        let missing = things.filter { outside.making($0) == nil }
        return Preview(
            changes: missing.map { PlannedChange("make \($0)") },
            questions: questions.filter { answers[$0.id] == nil }, byHand: byHand,
            basis: missing.joined(separator: ",") + basis())
    }

    func apply(_ run: StepRun) async throws {
        try onApply()
        for thing in things {
            let open = run.record.openIntents.first { $0.effect == thing }
            if outside.making(thing) != nil, open == nil { continue }
            let intent = try await run.journal.intend(thing, ["wanted": .text(thing)])
            if outside.making(thing)?.token != intent.token {
                try fate.pass()
                outside.make(thing, token: intent.token, at: clock.now)
                try fate.pass()
            }
            try await run.journal.effected(intent, ["made": .text(thing)])
        }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        UndoPreview(
            changes: record.effects.map { PlannedChange("remove \($0.effect)") }, cannot: ["Who saw it has seen it."])
    }

    func undo(_ run: StepRun) async throws {
        for effect in run.record.effects.reversed() {
            try await run.journal.undoing(effect)
            if outside.making(effect.effect) != nil {
                try fate.pass()
                outside.remove(effect.effect)
                try fate.pass()
            }
            try await run.journal.reverted(effect)
        }
    }
}

/// A person with a list of answers, who agrees or not, and remembers what was heard.
final class Somebody: Person {
    private let answers: [String: String]
    private let agreement: @Sendable () -> Bool
    private let log = Mutex<[String]>([])

    init(answers: [String: String] = [:], agrees: @escaping @Sendable () -> Bool = { true }) {
        self.answers = answers
        agreement = agrees
    }

    var heard: [String] { log.withLock { $0 } }
    private func note(_ line: String) { log.withLock { $0.append(line) } }

    func answer(_ question: Question, of step: Step, seeing preview: Preview) async throws -> Answer? {
        note("asked \(question.id)")
        return answers[question.id].map { .text($0) }
    }
    func agrees(to preview: Preview, of step: Step) async throws -> Bool {
        note("shown \(preview.changes.map(\.subject).joined(separator: ", "))")
        return agreement()
    }
    func agrees(toUndo preview: UndoPreview, of step: Step) async throws -> Bool {
        note("shown \(preview.changes.map(\.subject).joined(separator: ", ")) but \(preview.cannot.joined())")
        return agreement()
    }
    func hear(_ news: RunnerNews) async {
        switch news {
        case .observing: break
        case .alreadySatisfied(_, let evidence): note("already: \(evidence.summary)")
        case .previewAgain(_, let what): note("again: \(what)")
        case .intending(_, let effect): note("intending \(effect)")
        case .effected(_, let effect): note("effected \(effect)")
        case .verified(_, let evidence): note("verified: \(evidence.summary)")
        case .waiting(_, let reason, _): note("waiting: \(reason)")
        case .notSatisfied(_, let reason): note("not: \(reason)")
        case .undone: note("undone")
        }
    }
}

/// All of it together; what lives on after a kill stays, the rest is made anew.
struct Stage {
    let memory = Memory()
    let outside = Outside()
    let clock = Clock()
    var steps: [Step]
    var person = Somebody()
    /// Changes the kind of a step from the plain one that makes two things.
    var change: @Sendable (inout Maker, String) -> Void = { _, _ in }

    init(_ steps: [Step]) { self.steps = steps }
    /// One step with the id `make`.
    init() { steps = [Step(id: "make", kind: "maker", title: "Make things")] }

    var checklist: Checklist { Checklist(id: "test", title: "Test", about: "", steps: steps, digest: "sha256:0") }

    func runner(_ fate: Fate = Fate(), order: Checklist.Order = .standard) -> Runner {
        let kinds = steps.map { step -> (String, any StepKind) in
            var maker = Maker(
                things: ["\(step.id)/a", "\(step.id)/b"], outside: outside, fate: fate, clock: clock)
            change(&maker, step.id)
            return (step.id, maker)
        }
        return Runner(
            checklist: checklist, order: order, kinds: Dictionary(uniqueKeysWithValues: kinds),
            journal: MemoryJournal(memory: memory, fate: fate, clock: clock), world: clock.world, person: person,
            words: { "\($0)" })
    }

    /// Everything of every step was made, and made once.
    var isMadeOnce: Bool {
        let things = steps.flatMap { ["\($0.id)/a", "\($0.id)/b"] }
        return outside.makings.map(\.thing).sorted() == things.sorted()
    }
}

/// A generator with a seed, so that a failure can be seen again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
