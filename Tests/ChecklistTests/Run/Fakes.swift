// What is written down in memory, and a fate that may end it all between any two moments.

import Synchronization
import World

@testable import Checklist

/// The process is gone.
struct Killed: Error {}

/// Counts the moments at which a process can be killed: before and after each write, and each effect outside.
final class Fate: Sendable {
    private let left: Mutex<Int>

    init(after moments: Int = .max) { left = Mutex(moments) }

    /// Once it has thrown, it always does: nothing happens after the end.
    func pass() throws {
        try left.withLock { left in
            guard left > 0 else { throw Killed() }
            left -= 1
        }
    }
}

/// What is written down. It outlives the process.
final class Memory: Sendable {
    private let records = Mutex<[String: StepRecord]>([:])
    private let tokens = Mutex(0)

    subscript(_ id: String) -> StepRecord { records.withLock { $0[id] ?? StepRecord() } }
    func events(of id: String) -> [StepEvent] { self[id].events.map(\.event) }
    func set(_ record: StepRecord, of id: String) { records.withLock { $0[id] = record } }
    func newToken() -> String {
        tokens.withLock {
            $0 += 1
            return "token-\($0)"
        }
    }
}

struct MemoryJournal: RunJournal {
    let memory: Memory
    let fate: Fate
    let clock: Clock

    func record(of step: String) async -> StepRecord { memory[step] }

    func write(
        _ event: StepEvent, of step: String, summary: String?, until: Instant?, facts: Facts
    ) async throws {
        try append(
            RecordedEvent(
                event: event, at: clock.now, by: "Ada", tool: "1", summary: summary, until: until, facts: facts),
            to: step)
    }

    func stepJournal(of step: String) -> any StepJournal { Entries(journal: self, step: step) }

    struct IllegalTransition: Error {
        var state: StepState
        var event: StepEvent
    }

    func append(_ event: RecordedEvent, to step: String) throws {
        try fate.pass()
        var record = memory[step]
        guard let state = record.state.after(event.event) else {
            throw IllegalTransition(state: record.state, event: event.event)
        }
        record.state = state
        record.events.append(event)
        memory.set(record, of: step)
        try fate.pass()
    }

    struct Entries: StepJournal {
        let journal: MemoryJournal
        let step: String

        func intend(_ effect: String, _ facts: Facts) async throws -> Intent {
            if let open = journal.memory[step].openIntents.last(where: { $0.effect == effect }) { return open }
            let token = journal.memory.newToken()
            try write(.intended, effect, token, facts)
            return Intent(effect: effect, token: token, facts: facts, at: journal.clock.now)
        }
        func effected(_ intent: Intent, _ facts: Facts) async throws {
            try write(.effected, intent.effect, intent.token, facts)
        }
        func undoing(_ effect: Intent) async throws { try write(.undoing, effect.effect, effect.token, Facts()) }
        func reverted(_ effect: Intent) async throws { try write(.reverted, effect.effect, effect.token, Facts()) }

        private func write(_ event: StepEvent, _ effect: String, _ token: String, _ facts: Facts) throws {
            try journal.append(
                RecordedEvent(
                    event: event, at: journal.clock.now, by: "Ada", tool: "1", effect: effect, token: token,
                    facts: facts), to: step)
        }
    }
}

final class Clock: Sendable {
    private let time = Mutex(Instant(seconds: 1_795_000_000))
    private let pauses = Mutex<[Duration]>([])

    var now: Instant { time.withLock { $0 } }
    var slept: [Duration] { pauses.withLock { $0 } }
    func advance(_ seconds: Double) { time.withLock { $0 = $0 + seconds } }

    var world: World {
        World(
            now: { self.now }, environment: [:], randomBytes: { [UInt8](repeating: 7, count: $0) }, jitter: { 0.5 },
            sleep: { duration in
                try Task.checkCancellation()
                self.pauses.withLock { $0.append(duration) }
                self.advance(duration / .seconds(1))
            })
    }
}
