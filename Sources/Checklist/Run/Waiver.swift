// A step that somebody answers for leaving out.

package import World

/// Who answers for a step that is left out, why, and until when.
package struct Waiver: Sendable, Equatable {
    /// The name of the fact that holds the owner, in the event that is written down.
    package static let ownerFact = "owner"

    package var owner: String
    package var reason: String
    /// Nil for as long as nobody takes it back.
    package var until: Instant?

    package init(owner: String, reason: String, until: Instant?) {
        self.owner = owner
        self.reason = reason
        self.until = until
    }

    package func holds(at now: Instant) -> Bool { until.map { now < $0 } ?? true }
}

extension StepRecord {
    /// The waiver that was written down last, whether it has ended or not; nil when the step has gone on since.
    package var waiver: Waiver? {
        guard state == .waived, let event = last(.waived) else { return nil }
        return Waiver(
            owner: event.facts.text(Waiver.ownerFact) ?? event.by, reason: event.summary ?? "", until: event.until)
    }

    /// Whether an earlier run began to take the step back and never came to its end.
    package var isHalfUndone: Bool {
        guard let last = currentEvents.last(where: { $0.effect != nil })?.event else { return false }
        return last == .undoing || last == .reverted
    }

    /// Whether an earlier run announced something and never came to its end.
    package var wasCutShort: Bool { !openIntents.isEmpty || state == .intended || state == .applied }
}
