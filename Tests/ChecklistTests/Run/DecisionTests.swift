// The decision, over checklists and observations that nobody thought of.

import Synchronization
import Testing
import World

@testable import Checklist

/// A checklist, what is remembered, and what the world says, made up from a seed.
struct Situation: Sendable {
    var checklist: Checklist
    var records: [String: StepRecord] = [:]
    var observations: [String: Observation] = [:]
    let now = Instant(seconds: 1_795_000_000)

    init(_ seed: Int) {
        var generator = Seeded(seed)
        func subset(_ ids: some Collection<String>) -> [String] {
            ids.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        }
        let count = Int.random(in: 1...12, using: &generator)
        let ids = (0..<count).map { "step-\($0)" }
        // Each order has a sequence of its own, so that neither has cycles.
        let emergency = ids.shuffled(using: &generator)
        var steps = ids.enumerated().map { index, id in
            Step(id: id, kind: "k", title: id, needs: subset(ids[..<index]))
        }
        if Bool.random(using: &generator) {
            for (index, id) in emergency.enumerated() {
                guard let place = ids.firstIndex(of: id) else { continue }
                steps[place].emergencyNeeds = subset(emergency[..<index])
            }
        }
        checklist = Checklist(
            id: "test", title: "Test", about: "", steps: steps.shuffled(using: &generator), digest: "sha256:0")
        for id in ids {
            records[id] = Self.record(now, &generator)
            observations[id] = Self.observation(now, &generator)
        }
        if count > 3 { observations["step-2"] = nil }
    }

    /// A record that a journal could have written: only steps that the table allows.
    private static func record(_ now: Instant, _ generator: inout Seeded) -> StepRecord {
        var record = StepRecord()
        for index in 0..<Int.random(in: 0...6, using: &generator) {
            guard let event = StepEvent.allCases.randomElement(using: &generator),
                let state = record.state.after(event)
            else { continue }
            let isEffect = [.intended, .effected, .undoing, .reverted].contains(event)
            record.state = state
            record.events.append(
                RecordedEvent(
                    event: event, at: now + Double(index - 10), by: "Ada", tool: "1", effect: isEffect ? "e" : nil,
                    token: isEffect ? "t" : nil, summary: "why",
                    until: Bool.random(using: &generator)
                        ? now + Double(Int.random(in: -2...2, using: &generator)) : nil))
        }
        return record
    }

    private static func observation(_ now: Instant, _ generator: inout Seeded) -> Observation {
        let time = now + Double(Int.random(in: -2...2, using: &generator)) * 86_400 * 10
        let isTimed = Bool.random(using: &generator)
        return switch Int.random(in: 0..<7, using: &generator) {
        case 0...2: .satisfied(Evidence("done", due: isTimed ? time : nil))
        case 3...4: .unsatisfied(reason: "not done")
        case 5: .waiting(reason: "spreads", until: isTimed ? time : nil, facts: Facts())
        default: .unknowable(reason: "no line", remedy: nil)
        }
    }

    func statuses(_ order: Checklist.Order = .standard) -> [StepStatus] {
        StepStatus.list(checklist, order: order, records: records, observations: observations, now: now)
    }
}

@Suite("Where a step stands")
struct DecisionTests {
    @Test("every step once, in the order of the run, and none ready before what it needs", arguments: 0..<400)
    func invariants(seed: Int) {
        let situation = Situation(seed)
        for order in Checklist.Order.allCases {
            let statuses = situation.statuses(order)
            #expect(statuses.map(\.step) == situation.checklist.steps(in: order))
            let standings = Dictionary(uniqueKeysWithValues: statuses.map { ($0.step.id, $0.standing) })
            for status in statuses {
                let missing = status.step.needs(in: order).filter { standings[$0]?.allowsOthers != true }
                let observation = situation.observations[status.step.id]
                switch status.standing {
                case .ready, .failed, .undone: #expect(missing.isEmpty)
                case .blocked(let ids, _): #expect(ids == missing && !ids.isEmpty)
                case .done(let evidence): #expect(evidence.due.map { $0 > situation.now } ?? true)
                case .due(let evidence): #expect(evidence.due.map { $0 <= situation.now } == true)
                case .waived(_, _, let until):
                    #expect(status.record.state == .waived && until.map { $0 > situation.now } ?? true)
                case .drifted: #expect([.verified, .drifted].contains(status.record.state))
                case .waiting: #expect(observation.map { if case .waiting = $0 { true } else { false } } == true)
                case .unknown: #expect(observation.map { if case .unknowable = $0 { true } else { false } } ?? true)
                }
                // What the world says goes first, whatever is remembered.
                if case .satisfied? = observation { #expect(status.standing.allowsOthers) }
                if case .unsatisfied(let reason)? = observation, case .ready(let said, _) = status.standing {
                    #expect(said.hasSuffix(reason))
                    let ended = status.record.state == .waived
                    #expect(said.contains("the waiver of Ada ended on") == ended)
                }
            }
        }
    }

    @Test("the other order changes nothing for a step whose needs stay the same", arguments: 0..<400)
    func orders(seed: Int) {
        let situation = Situation(seed)
        let emergency = Dictionary(
            uniqueKeysWithValues: situation.statuses(.emergency).map { ($0.step.id, $0.standing) })
        for status in situation.statuses(.standard)
        where status.step.needs(in: .emergency) == status.step.needs(in: .standard) {
            #expect(emergency[status.step.id] == status.standing)
        }
    }

    @Test("next is the first that can go on, and there is none only when nothing can", arguments: 0..<400)
    func next(seed: Int) {
        let situation = Situation(seed)
        for order in Checklist.Order.allCases {
            let statuses = situation.statuses(order)
            let standings = Dictionary(uniqueKeysWithValues: statuses.map { ($0.step.id, $0.standing) })
            func rank(_ status: StepStatus) -> Int? {
                switch status.standing {
                case .ready, .failed, .undone: 0
                case .drifted:
                    status.step.needs(in: order).allSatisfy { standings[$0]?.allowsOthers == true } ? 0 : nil
                // Not written down yet, or the time has come that was written or is said.
                case .waiting(_, let until):
                    status.record.state != .waiting
                        || [until, status.record.events.last { $0.event == .waiting }?.until]
                            .contains { $0.map { $0 <= situation.now } ?? false }
                        ? 0 : until == nil ? 1 : nil
                case .due: 2
                default: nil
                }
            }
            let best = statuses.compactMap(rank).min()
            let expected = best.flatMap { best in statuses.first { rank($0) == best } }
            #expect(StepStatus.next(in: statuses, order: order, now: situation.now) == expected)
        }
    }

    @Test("done for two more weeks is done; less is said, and none is due")
    func due() {
        let step = Step(id: "a", kind: "k", title: "A")
        let now = Instant(seconds: 1_795_000_000)
        func standing(_ days: Double) -> Standing {
            Standing.of(
                step, record: StepRecord(),
                observation: .satisfied(Evidence("done", due: now + days * 86_400)), standings: [:], order: .standard,
                now: now)
        }
        #expect(standing(15) == .done(Evidence("done", due: now + 15 * 86_400)))
        let soon = Evidence(
            "done", due: now + 86_400, warnings: ["due again on \((now + 86_400).day), in 1 day"])
        #expect(standing(1) == .done(soon))
        #expect(standing(0) == .due(Evidence("done", due: now)))
    }

    @Test("an intent without an outcome shows as a run that was cut short")
    func cutShort() {
        let step = Step(id: "a", kind: "k", title: "A")
        let now = Instant(seconds: 1_795_000_000)
        let record = StepRecord(
            state: .intended,
            events: [RecordedEvent(event: .intended, at: now, by: "Ada", tool: "1", effect: "e", token: "t")])
        #expect(
            Standing.of(
                step, record: record, observation: .unsatisfied(reason: "no"), standings: [:], order: .standard,
                now: now) == .ready(reason: "no", wasCutShort: true))
    }
}

@Suite("Watching a checklist")
struct WatchTests {
    @Test("steps are asked about side by side, a bounded number at a time, and an error of one is its own")
    func sideBySide() async {
        let gauge = Gauge()
        let steps = (0..<30).map { Step(id: "s\($0)", kind: "k", title: "S\($0)") }
        var kinds: [String: any StepKind] = [:]
        for step in steps { kinds[step.id] = Measured(gauge: gauge, fails: step.id == "s7") }
        kinds["s9"] = nil
        let checklist = Checklist(id: "t", title: "T", about: "", steps: steps, digest: "")
        let statuses = await ChecklistWatch.statuses(
            checklist, order: .standard, records: [:], kinds: kinds, world: Clock().world, words: { _ in "in words" })
        #expect(statuses.count == 30)
        for status in statuses {
            switch status.step.id {
            case "s7": #expect(status.standing == .unknown(reason: "in words", remedy: nil))
            case "s9": #expect(status.standing.reason?.contains("does not know this kind") == true)
            default: #expect(status.standing == .done(Evidence("seen")))
            }
        }
        #expect(gauge.most > 1 && gauge.most <= ChecklistWatch.width)
    }

    @Test("a failure keeps its remedy")
    func remedy() async {
        let step = Step(id: "a", kind: "k", title: "A")
        let observations = await ChecklistWatch.observations(
            of: [step], records: [:], kinds: ["a": Refusing()], words: { _ in "in words" })
        #expect(observations["a"] == .unknowable(reason: "no way in", remedy: "log in"))
    }
}

private struct Refusing: StepKind {
    func observe(_ record: StepRecord) async throws -> Observation {
        throw StepFailure("no way in", remedy: "log in")
    }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview() }
    func apply(_ run: StepRun) async throws {}
}

/// How many are inside at once.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))
    var most: Int { counts.withLock { $0.most } }
    func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { counts.withLock { $0.now -= 1 } }
}

private struct Measured: StepKind {
    struct Broken: Error {}
    let gauge: Gauge
    let fails: Bool

    func observe(_ record: StepRecord) async throws -> Observation {
        gauge.enter()
        defer { gauge.leave() }
        try await Task.sleep(for: .milliseconds(20))
        if fails { throw Broken() }
        return .satisfied(Evidence("seen"))
    }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview() }
    func apply(_ run: StepRun) async throws {}
}
