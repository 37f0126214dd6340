// The whole list, and which step comes next.

package import World

extension StepStatus {
    /// Where all steps stand, in the order in which they run. A step that is missing in `observations` is unknown.
    package static func list(
        _ checklist: Checklist, order: Checklist.Order, records: [String: StepRecord],
        observations: [String: Observation], now: Instant
    ) -> [StepStatus] {
        var standings: [String: Standing] = [:]
        return checklist.steps(in: order).map { step in
            let record = records[step.id] ?? StepRecord()
            let standing = Standing.of(
                step, record: record,
                observation: observations[step.id]
                    ?? .unknowable(reason: "the world was not asked about this step", remedy: nil),
                standings: standings, order: order, now: now)
            standings[step.id] = standing
            return StepStatus(step: step, record: record, standing: standing)
        }
    }

    /// The step to do next: the first in the order of the run that can be done or done again now; then one that waits
    /// without a time to look again; then one that is due again. Nil when all are done, or wait, or cannot go on.
    package static func next(in statuses: [StepStatus], order: Checklist.Order, now: Instant) -> StepStatus? {
        let standings = Dictionary(statuses.map { ($0.step.id, $0.standing) }) { first, _ in first }
        func isPossible(_ status: StepStatus) -> Bool {
            switch status.standing {
            case .ready, .failed, .undone: true
            case .drifted: Standing.missing(of: status.step, standings: standings, order: order).isEmpty
            case .waiting(_, let until): status.isTimeToLook(until, now: now)
            default: false
            }
        }
        func waitsForever(_ status: StepStatus) -> Bool {
            if case .waiting(_, nil) = status.standing { true } else { false }
        }
        func isDue(_ status: StepStatus) -> Bool {
            if case .due = status.standing { true } else { false }
        }
        return statuses.first(where: isPossible) ?? statuses.first(where: waitsForever)
            ?? statuses.first(where: isDue)
    }

    /// Whether a step that waits is to be run now. A wait that is not written down yet begins with being so; after
    /// that, the time that was written down counts as well as the one that is said now, which may move on with the
    /// clock.
    private func isTimeToLook(_ until: Instant?, now: Instant) -> Bool {
        guard record.state == .waiting, let written = record.last(.waiting) else { return true }
        return [until, written.until].contains { $0.map { $0 <= now } ?? false }
    }
}
