// Where one step stands, as a pipeline judges it.

import Checklist
import Gate
import World

struct CIStep {
    let id: String
    private(set) var isDone = false
    private(set) var isWaived = false
    /// Why the world could not tell; nil when it could.
    private(set) var gap: String?
    private var kind = PipelineProblem.Kind.stepUndone
    private var reason = ""
    private var remedy: String

    /// By what is remembered alone.
    init(_ id: String, remembered record: StepRecord, now: Instant) {
        self.id = id
        remedy = CommandHint.line("apply", id)
        switch record.state {
        case .verified:
            isDone = true
            guard let due = record.last(.verified)?.until, due <= now else { return }
            kind = .stepDue
            reason = "it was due again on \(due.day)"
        case .waived:
            guard let waiver = record.waiver else { return }
            isWaived = waiver.holds(at: now)
            guard !isWaived else { return }
            kind = .waiverExpired
            reason = "the waiver of \(waiver.owner) ended on \(waiver.until?.day ?? "an unknown day")"
        case .drifted:
            kind = .stepDrifted
            reason = record.last(.drifted)?.summary ?? "it was done, and is so no longer"
        case .pending: reason = "nothing was done yet"
        case .intended: reason = "an earlier run was cut short"
        case .applied: reason = "nothing has shown yet that it worked"
        case .waiting:
            reason = record.last(.waiting)?.summary ?? "it was done, and takes time to show"
            remedy = CommandHint.line("status")
        case .failed: reason = record.last(.failed)?.summary ?? "the last try failed"
        case .undone: reason = "it was taken back"
        }
    }

    /// By what the world says.
    init(_ status: StepStatus) {
        id = status.step.id
        remedy = CommandHint.line("apply", id)
        switch status.standing {
        case .done: isDone = true
        case .due(let evidence):
            isDone = true
            kind = .stepDue
            reason = "it was due again on \(evidence.due?.day ?? "an unknown day")"
        case .waived: isWaived = true
        case .drifted(let why):
            kind = .stepDrifted
            reason = why
        case .unknown(let why, let way):
            gap = why + (way.map { "; \($0)" } ?? "")
            reason = why
        case .ready(let why, _), .blocked(_, let why), .waiting(let why, _), .failed(let why), .undone(let why):
            if status.record.waiver != nil { kind = .waiverExpired }
            reason = why
        }
    }

    /// What is wrong with it; nil for nothing, and for a step that may still be open.
    func problem(isRequired: Bool) -> PipelineProblem? {
        if reason.isEmpty || isWaived { return nil }
        if kind == .stepUndone && !isRequired { return nil }
        return PipelineProblem(kind: kind, subject: id, reason: reason, remedy: remedy)
    }
}
