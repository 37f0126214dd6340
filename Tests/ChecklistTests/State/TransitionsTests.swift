// The state machine of a step: every pair of state and event, and what holds after any legal sequence of them.

import Testing
import World

@testable import Checklist

@Suite("Transitions")
struct TransitionsTests {
    /// A row for each state, a column for each event: the state that follows, or a dot where the event cannot happen.
    private static let table = """
                  intended  effected  applied  verified  waiting  failed  waived  unwaived  drifted  undoing   reverted  undone
        pending   intended  intended  applied  verified  waiting  failed  waived  .         .        intended  .         undone
        intended  intended  intended  applied  verified  waiting  failed  waived  .         .        intended  intended  undone
        applied   intended  intended  applied  verified  waiting  failed  waived  .         .        intended  .         undone
        verified  intended  intended  applied  verified  waiting  failed  waived  .         drifted  intended  .         undone
        waiting   intended  intended  applied  verified  waiting  failed  waived  .         drifted  intended  .         undone
        failed    intended  intended  applied  verified  waiting  failed  waived  .         .        intended  intended  undone
        waived    intended  intended  applied  verified  waiting  failed  waived  pending   .        intended  .         undone
        drifted   intended  intended  applied  verified  waiting  failed  waived  .         .        intended  .         undone
        undone    intended  .         applied  verified  waiting  failed  waived  .         .        .         .         .
        """

    @Test("every pair of state and event leads where the table says, or nowhere")
    func everyPair() throws {
        let rows = Self.table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let events = try rows[0].map { try #require(StepEvent(rawValue: $0)) }
        #expect(Set(events) == Set(StepEvent.allCases))
        #expect(Set(rows.dropFirst().map { $0[0] }) == Set(StepState.allCases.map(\.rawValue)))
        var pairs = 0
        for row in rows.dropFirst() {
            let state = try #require(StepState(rawValue: row[0]))
            for (event, expected) in zip(events, row.dropFirst()) {
                #expect(state.after(event)?.rawValue ?? "." == expected, "\(state.rawValue), \(event.rawValue)")
                pairs += 1
            }
        }
        #expect(pairs == StepState.allCases.count * StepEvent.allCases.count)
    }

    @Test("every state can be reached, and from every state a step can still be verified")
    func reach() {
        var reached: Set<StepState> = [.pending]
        while true {
            let next = reached.union(reached.flatMap { state in StepEvent.allCases.compactMap { state.after($0) } })
            if next == reached { break }
            reached = next
        }
        #expect(reached == Set(StepState.allCases))
        for state in StepState.allCases { #expect(state.after(.verified) == .verified) }
    }

    @Test(
        "some states have one way in",
        arguments: [
            (StepState.verified, StepEvent.verified), (.waived, .waived), (.undone, .undone), (.drifted, .drifted),
            (.applied, .applied), (.waiting, .waiting), (.failed, .failed),
        ])
    func oneWayIn(state: StepState, event: StepEvent) {
        for before in StepState.allCases {
            for other in StepEvent.allCases where before.after(other) == state { #expect(other == event) }
        }
    }

    @Test("after any legal sequence of events, what is remembered agrees with itself", arguments: 1...40)
    func invariants(seed: Int) {
        var random = SeededGenerator(UInt64(seed))
        var record = StepRecord()
        var tokens = 0
        var everVerified = false
        for number in 0..<300 {
            let legal = StepEvent.allCases.filter { record.state.after($0) != nil }
            var event = RecordedEvent(
                event: legal.randomElement(using: &random)!, at: Instant(seconds: Double(number)), by: "a", tool: "1")
            // As the journal has it: an outcome is of an open intent, and what is taken back was done.
            switch event.event {
            case .intended:
                tokens += 1
                (event.effect, event.token) = ("effect-\(tokens % 5)", "\(tokens)")
            case .effected:
                guard let intent = record.openIntents.randomElement(using: &random) else { continue }
                (event.effect, event.token) = (intent.effect, intent.token)
            case .undoing, .reverted:
                guard let effect = record.effects.randomElement(using: &random) else { continue }
                (event.effect, event.token) = (effect.effect, effect.token)
            default: break
            }
            let (open, made) = (record.openIntents.count, record.effects.count)
            let before = record.state
            guard let state = before.after(event.event) else { continue }
            record = StepRecord(state: state, events: record.events + [event])
            everVerified = everVerified || event.event == .verified

            switch event.event {
            case .intended: #expect(record.openIntents.count == open + 1)
            case .effected:
                #expect(record.openIntents.count == open - 1)
                #expect(record.effects.count == made + 1)
            case .reverted: #expect(record.effects.count == made - 1)
            case .undone:
                #expect(record.effects.isEmpty && record.openIntents.isEmpty)
                #expect(record.last(.verified) == nil)
            default: #expect((record.openIntents.count, record.effects.count) == (open, made))
            }
            // An effect on its way never counts as done by itself: only an observation makes a step verified.
            if record.state == .verified { #expect(record.events.last?.event == .verified) }
            if before == .verified, [.intended, .effected, .undoing].contains(event.event) {
                #expect(record.state == .intended)
            }
            if record.state == .undone { #expect(record.currentEvents.isEmpty) }
            if record.state == .drifted { #expect(everVerified || before == .waiting) }
        }
        #expect(record.events.count > 100)
    }
}
