// How a step is to be run, and what came of it.

/// What a run may do.
package struct RunOptions: Sendable, Equatable {
    /// Shows what would be done and does nothing; needs that are not met and open questions do not keep it from that.
    package var isDryRun: Bool
    /// How long to stay with a step that takes time to show; zero for not at all.
    package var patience: Duration
    /// Runs the step though others should come first.
    package var ignoresNeeds: Bool

    package init(isDryRun: Bool = false, patience: Duration = .zero, ignoresNeeds: Bool = false) {
        self.isDryRun = isDryRun
        self.patience = patience
        self.ignoresNeeds = ignoresNeeds
    }
}

/// One step of a series, and how it ended.
package struct StepResult: Sendable, Equatable {
    package enum End: Sendable, Equatable {
        case ran(StepOutcome)
        /// Somebody answers for leaving it out.
        case waived
        /// It needs these, by id, which wait or have to be done by hand.
        case heldUp(by: [String])
    }

    package var step: Step
    package var end: End

    package init(step: Step, end: End) {
        self.step = step
        self.end = end
    }
}

/// How taking back a step ended.
package enum UndoOutcome: Sendable, Equatable {
    case undone
    /// The person said no.
    case declined
    /// Only shown: `--dry-run`.
    case previewed(UndoPreview)
    /// There is nothing that could be taken back; why, a line each.
    case nothing([String])
}

extension StepOutcome {
    /// Whether the step is done, and what needs it can go on.
    package var isDone: Bool {
        switch self {
        case .alreadySatisfied, .verified: true
        default: false
        }
    }
}
