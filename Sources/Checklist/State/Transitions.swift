// The state machine of a step, as one table.

package enum Transitions {
    /// What state follows an event. What is not in here cannot happen: writing it down would be a mistake in the code.
    ///
    /// Some rows say more than they seem to:
    /// - `effected` may come from any state in which an announced effect can still be open, since the run that announced
    ///   it may have been killed, and others may have looked at the step since.
    /// - `undoing` leads to `intended`, as an effect on the way back is no less uncertain than one on the way there.
    /// - A waiver that ends leads to `pending`, also where effects were made before it: they can be taken back from there.
    package static let table: [StepState: [StepEvent: StepState]] = [
        .pending: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .undoing: .intended, .undone: .undone,
        ],
        .intended: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .undoing: .intended, .reverted: .intended, .undone: .undone,
        ],
        .applied: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .undoing: .intended, .undone: .undone,
        ],
        .verified: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .drifted: .drifted, .undoing: .intended, .undone: .undone,
        ],
        .waiting: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .drifted: .drifted, .undoing: .intended, .undone: .undone,
        ],
        .failed: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .undoing: .intended, .reverted: .intended, .undone: .undone,
        ],
        .waived: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .unwaived: .pending, .undoing: .intended, .undone: .undone,
        ],
        .drifted: [
            .intended: .intended, .effected: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting,
            .failed: .failed, .waived: .waived, .undoing: .intended, .undone: .undone,
        ],
        .undone: [
            .intended: .intended, .applied: .applied, .verified: .verified, .waiting: .waiting, .failed: .failed,
            .waived: .waived,
        ],
    ]
}

extension StepState {
    /// The state that follows; nil when the event cannot happen in this one.
    package func after(_ event: StepEvent) -> StepState? { Transitions.table[self]?[event] }
}
