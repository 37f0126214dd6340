// What is remembered of a step.

package import World

/// How far a step has come. What the world says goes before it.
package enum StepState: String, Sendable, CaseIterable {
    /// Nothing was done yet.
    case pending
    /// An effect was announced; whether it happened is not known.
    case intended
    /// All effects were made; nothing has shown yet that they worked.
    case applied
    /// Done, with evidence.
    case verified
    /// Done, and it takes time until it shows.
    case waiting
    /// It did not work, and may be tried again.
    case failed
    /// Somebody answers for leaving it out.
    case waived
    /// It was verified, and is no longer so.
    case drifted
    /// It was done and taken back.
    case undone
}

/// What happens to a step.
package enum StepEvent: String, Sendable, CaseIterable {
    /// An effect is about to be made.
    case intended
    /// It was made.
    case effected
    /// All of them were.
    case applied
    case verified
    case waiting
    case failed
    case waived
    /// A waiver was taken back, or ran out.
    case unwaived
    case drifted
    /// An effect is about to be taken back.
    case undoing
    /// It was.
    case reverted
    /// All of them were.
    case undone
}

/// One event, as it was written down.
package struct RecordedEvent: Sendable, Equatable {
    package var event: StepEvent
    package var at: Instant
    /// Who: "Ada Lovelace <ada@example.com>".
    package var by: String
    /// Version of the tool.
    package var tool: String
    /// Of `intended`, `effected`, `undoing` and `reverted`.
    package var effect: String?
    package var token: String?
    /// Evidence or reason, in one line.
    package var summary: String?
    /// Of `waiting`: when to look again. Of `verified`: when it is due again. Of `waived`: when the waiver ends.
    package var until: Instant?
    package var facts: Facts
    /// `sha256:…` over this event and the digest of the one before: editing the past shows.
    package var digest: String

    package init(
        event: StepEvent, at: Instant, by: String, tool: String, effect: String? = nil, token: String? = nil,
        summary: String? = nil, until: Instant? = nil, facts: Facts = Facts(), digest: String = ""
    ) {
        self.event = event
        self.at = at
        self.by = by
        self.tool = tool
        self.effect = effect
        self.token = token
        self.summary = summary
        self.until = until
        self.facts = facts
        self.digest = digest
    }
}

/// The memory of one step.
package struct StepRecord: Sendable, Equatable {
    package var state: StepState
    /// Oldest first.
    package var events: [RecordedEvent]

    package init(state: StepState = .pending, events: [RecordedEvent] = []) {
        self.state = state
        self.events = events
    }

    /// The events since the step was last undone: what counts now.
    package var currentEvents: ArraySlice<RecordedEvent> {
        let last = events.lastIndex { $0.event == .undone }
        return events[(last.map { $0 + 1 } ?? 0)...]
    }

    /// Effects that were announced, and of which no outcome is known.
    package var openIntents: [Intent] {
        var open: [Intent] = []
        for event in currentEvents {
            guard let effect = event.effect, let token = event.token else { continue }
            switch event.event {
            case .intended:
                open.append(Intent(effect: effect, token: token, facts: event.facts, at: event.at))
            case .effected: open.removeAll { $0.token == token }
            default: break
            }
        }
        return open
    }

    /// The effects that were made and not taken back, oldest first: with the facts of their intent, and, where both
    /// have one, those of their outcome.
    package var effects: [Intent] {
        var intents: [String: Intent] = [:]
        var made: [Intent] = []
        for event in currentEvents {
            guard let effect = event.effect, let token = event.token else { continue }
            switch event.event {
            case .intended: intents[token] = Intent(effect: effect, token: token, facts: event.facts, at: event.at)
            case .effected:
                guard var intent = intents[token] else { continue }
                for (name, fact) in event.facts.values { intent.facts[name] = fact }
                made.append(intent)
            case .reverted: made.removeAll { $0.token == token }
            default: break
            }
        }
        return made
    }

    /// The last event of that kind that counts now.
    package func last(_ event: StepEvent) -> RecordedEvent? { currentEvents.last { $0.event == event } }
}
