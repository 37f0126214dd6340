// An event before it is written down, checked for what must not be published.

import World

extension RecordedEvent {
    /// What is told of an event; when, who and with which tool is known to the journal.
    struct Draft: Sendable {
        var event: StepEvent
        var effect: String?
        var token: String?
        var summary: String?
        var until: Instant?
        var facts = Facts()

        /// - Throws: `StepFailure` where a text must not get into a file that is published.
        func event(at: Instant, by: String, tool: String) throws(StepFailure) -> RecordedEvent {
            for (name, text) in [("name of the effect", effect), ("token of the effect", token)] {
                if let text, let objection = StateText.objection(to: text) {
                    throw Self.refusal("the \(name)", objection)
                }
            }
            for name in facts.names {
                let shown = StateText.oneLine(name, limit: 60)
                if let objection = StateText.objection(to: name) { throw Self.refusal("the name of a fact", objection) }
                if let fact = facts[name], let objection = StateText.objection(to: fact) {
                    throw Self.refusal("the fact \(shown)", objection)
                }
            }
            // Reasons come from servers and other programs, and are cut to one line rather than refused.
            let line = summary.map { StateText.oneLine($0) }
            if let line, let objection = StateText.objection(to: line) { throw Self.refusal("the summary", objection) }
            let whole = until.map { Instant(seconds: Double($0.wholeSeconds)) }
            let event = RecordedEvent(
                event: event, at: at, by: by, tool: tool, effect: effect, token: token, summary: line, until: whole,
                facts: facts)
            guard EventJSON.bytes(of: event, withDigest: false).count <= StateText.longestEvent else {
                throw Self.refusal("the event", "is longer than \(StateText.longestEvent) bytes")
            }
            return event
        }

        private static func refusal(_ subject: String, _ objection: String) -> StepFailure {
            StepFailure(
                "\(subject) was kept out of \(StateFile.path): it \(objection)",
                remedy: "This is a mistake in migrate; please report it.", kind: .refused)
        }
    }
}
