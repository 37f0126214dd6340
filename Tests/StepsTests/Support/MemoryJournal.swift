// What a run writes down, kept in memory, and the instants at which a run can be killed.

import Checklist
import Foundation
import Testing
import World

/// A step's journal that forgets nothing when its run is killed: the process is what dies, not the file.
actor MemoryJournal: StepJournal {
    /// Where the process dies.
    enum Kill: Sendable, Equatable, CustomTestStringConvertible {
        /// The write of this number, counted from 0, is lost, and nothing comes after it.
        case before(Int)
        /// It is written, and nothing comes after it.
        case after(Int)

        var testDescription: String {
            switch self {
            case .before(let number): "killed before write \(number)"
            case .after(let number): "killed after write \(number)"
            }
        }
    }

    /// What a killed run ends with; a new run of the same journal goes on from there.
    struct Killed: Error {}

    private(set) var record: StepRecord
    /// Whether the kill has come.
    private(set) var wasKilled = false
    private var kill: Kill?
    private var count = 0
    private let now: @Sendable () -> Instant

    init(
        _ record: StepRecord = StepRecord(), kill: Kill? = nil,
        now: @escaping @Sendable () -> Instant = { Instant.systemNow() }
    ) {
        self.record = record
        self.kill = kill
        self.now = now
    }

    func intend(_ effect: String, _ facts: Facts) throws -> Intent {
        if let open = record.openIntents.first(where: { $0.effect == effect }) { return open }
        let token = (0..<32).map { _ in String(UInt8.random(in: 0..<16), radix: 16) }.joined()
        let event = event(.intended, effect: effect, token: token, facts: facts)
        try write(event, state: .intended)
        return Intent(effect: effect, token: token, facts: facts, at: event.at)
    }

    func effected(_ intent: Intent, _ facts: Facts) throws {
        try write(event(.effected, effect: intent.effect, token: intent.token, facts: facts), state: .intended)
    }

    func undoing(_ effect: Intent) throws {
        try write(event(.undoing, effect: effect.effect, token: effect.token), state: record.state)
    }

    func reverted(_ effect: Intent) throws {
        try write(event(.reverted, effect: effect.effect, token: effect.token), state: record.state)
    }

    /// What the runner writes itself, which is never killed here.
    func note(_ event: StepEvent, summary: String? = nil, until: Instant? = nil, facts: Facts = Facts()) {
        let state: StepState? =
            switch event {
            case .applied: .applied
            case .verified: .verified
            case .waiting: .waiting
            case .failed: .failed
            case .waived: .waived
            case .drifted: .drifted
            case .undone: .undone
            case .intended, .effected, .unwaived, .undoing, .reverted: nil
            }
        record.events.append(
            RecordedEvent(
                event: event, at: now(), by: Bench.identity, tool: "test", summary: summary, until: until,
                facts: facts))
        if let state { record.state = state }
    }

    /// No word of a record may hold a secret: all its texts, for a test to look through.
    var texts: [String] {
        record.events.flatMap { event in
            [event.effect, event.summary].compactMap(\.self)
                + event.facts.values.flatMap { name, fact -> [String] in
                    switch fact {
                    case .text(let text): [name, text]
                    case .list(let list): [name] + list
                    case .number, .flag: [name]
                    }
                }
        }
    }

    private func event(_ kind: StepEvent, effect: String, token: String, facts: Facts = Facts()) -> RecordedEvent {
        RecordedEvent(
            event: kind, at: now(), by: Bench.identity, tool: "test", effect: effect, token: token, facts: facts)
    }

    private func write(_ event: RecordedEvent, state: StepState) throws {
        defer { count += 1 }
        // A process that is dead does nothing more.
        if wasKilled && kill != nil { throw Killed() }
        if kill == .before(count) {
            wasKilled = true
            throw Killed()
        }
        record.events.append(event)
        record.state = state
        if kill == .after(count) {
            wasKilled = true
            throw Killed()
        }
    }

    /// Another process takes over.
    func revive() { kill = nil }
}
