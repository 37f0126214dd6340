// Where a step stands: what the file remembers and what the world says, put together.

package import World

/// What is the case with a step, for whoever looks at the list.
package enum Standing: Sendable, Equatable {
    /// Satisfied, seen just now.
    case done(Evidence)
    /// Satisfied, and due to be done again.
    case due(Evidence)
    /// It can be done now. `wasCutShort` when an earlier run left an intent open.
    case ready(reason: String, wasCutShort: Bool)
    /// Steps that must come first, by id.
    case blocked(by: [String], reason: String)
    /// It was done, and takes time to show.
    case waiting(reason: String, until: Instant?)
    /// It was verified, and is no longer so.
    case drifted(reason: String)
    /// Somebody answers for leaving it out.
    case waived(by: String, reason: String, until: Instant?)
    /// The last try failed; it can be tried again.
    case failed(reason: String)
    /// It was taken back.
    case undone(reason: String)
    /// The world could not be asked.
    case unknown(reason: String, remedy: String?)

    /// Whether what needs this step may go on.
    package var allowsOthers: Bool {
        switch self {
        case .done, .due, .waived: true
        default: false
        }
    }

    /// Why it is not done; nil when it is.
    package var reason: String? {
        switch self {
        case .done, .due: nil
        case .ready(let reason, _), .blocked(_, let reason), .waiting(let reason, _), .drifted(let reason),
            .waived(_, let reason, _), .failed(let reason), .undone(let reason), .unknown(let reason, _):
            reason
        }
    }
}

/// One line of the list.
package struct StepStatus: Sendable, Equatable {
    package var step: Step
    package var record: StepRecord
    package var standing: Standing

    package init(step: Step, record: StepRecord, standing: Standing) {
        self.step = step
        self.record = record
        self.standing = standing
    }
}
