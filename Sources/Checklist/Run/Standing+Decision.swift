// The decision: from what the file remembers and the world says to where a step stands. It takes values and returns
// one, and asks nobody.

package import World

extension Standing {
    /// So many days before something is due, it is said.
    package static let daysOfWarning = 14

    /// Where a step stands. What the world says goes before what is remembered.
    ///
    /// - Parameter standings: of the steps that it needs, by id; one that is missing counts as not done.
    package static func of(
        _ step: Step, record: StepRecord, observation: Observation, standings: [String: Standing],
        order: Checklist.Order, now: Instant
    ) -> Standing {
        if case .satisfied(let evidence) = observation { return satisfied(evidence, now: now) }
        let waiver = record.waiver
        if let waiver, waiver.holds(at: now) {
            return .waived(by: waiver.owner, reason: waiver.reason, until: waiver.until)
        }
        let ended = waiver.map { words(ofEnded: $0) } ?? ""
        switch observation {
        case .satisfied(let evidence): return satisfied(evidence, now: now)
        case .waiting(let reason, let until, _): return .waiting(reason: ended + reason, until: until)
        case .unknowable(let reason, let remedy): return .unknown(reason: ended + reason, remedy: remedy)
        case .unsatisfied(let reason):
            return unsatisfied(
                step, record: record, reason: ended + reason,
                missing: missing(of: step, standings: standings, order: order))
        }
    }

    /// The needs of a step that keep it from being done, in the order of its file.
    package static func missing(
        of step: Step, standings: [String: Standing], order: Checklist.Order
    ) -> [String] {
        step.needs(in: order).filter { standings[$0]?.allowsOthers != true }
    }

    private static func satisfied(_ evidence: Evidence, now: Instant) -> Standing {
        guard let due = evidence.due else { return .done(evidence) }
        if due <= now { return .due(evidence) }
        let days = Int(((due - now) / 86_400).rounded(.up))
        guard days <= daysOfWarning else { return .done(evidence) }
        var warned = evidence
        warned.warnings.append("due again on \(due.day), in \(days == 1 ? "1 day" : "\(days) days")")
        return .done(warned)
    }

    private static func unsatisfied(
        _ step: Step, record: StepRecord, reason: String, missing: [String]
    ) -> Standing {
        // That something has come undone is to be seen whatever else is missing.
        if record.state == .verified || record.state == .drifted { return .drifted(reason: reason) }
        guard missing.isEmpty else { return .blocked(by: missing, reason: reason) }
        switch record.state {
        case .failed: return .failed(reason: record.last(.failed)?.summary ?? reason)
        case .undone: return .undone(reason: reason)
        default: return .ready(reason: reason, wasCutShort: record.wasCutShort)
        }
    }

    private static func words(ofEnded waiver: Waiver) -> String {
        "the waiver of \(waiver.owner) ended on \(waiver.until?.day ?? "an unknown day"); "
    }
}
