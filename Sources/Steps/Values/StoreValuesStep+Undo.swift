// Back to the version before, where nobody has written since.

import Checklist
import Stores

extension StoreValuesStep {
    /// One version of this step's, and the one it was made on.
    private struct Written {
        var intent: Intent
        var version: String
        var base: String
    }

    /// What can be taken back, newest first: an unbroken chain from the current version down.
    private func chain(_ secret: SecretPlace, _ record: StepRecord, from live: String) async throws -> [Written] {
        typealias Name = RememberedDecisions.Name
        var written = record.effects.compactMap { effect -> Written? in
            guard let version = effect.facts.text(Name.version), let base = effect.facts.text(Name.base) else {
                return nil
            }
            return Written(intent: effect, version: version, base: base)
        }
        // A run that was cut short knows its version by the label.
        for intent in record.openIntents {
            guard let base = intent.facts.text(Name.base), base != live,
                try await secret.store.describe(secret.name).version(
                    with: RunKeys(workbench).runKey(intent.token).stage)
                    == live
            else { continue }
            written.append(Written(intent: intent, version: live, base: base))
        }
        var chain: [Written] = []
        var top = live
        for one in written.reversed() where one.version == top {
            chain.append(one)
            top = one.base
        }
        return chain
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let secret = try await SecretPlace(workbench)
        guard let current = try await secret.current() else {
            return UndoPreview(changes: [], cannot: ["\(secret.words) holds no version."])
        }
        let chain = try await chain(secret, record, from: current.version.versionID)
        guard let base = chain.last?.base else {
            return UndoPreview(changes: [], cannot: [try refusal(secret, record, live: current.version).reason + "."])
        }
        let rollback = try await Rollback.plan(secret.name, to: VersionSelector(id: base), in: secret.store)
        let lines = (rollback.comparison?.differences ?? []).compactMap { difference -> PreviewLine? in
            let key = PlainText.line(difference.key)
            return switch difference.action {
            case .added: PreviewLine(.added, "\(key)  as it was before")
            case .changed: PreviewLine(.changed, "\(key)  back to the value before")
            case .removed: PreviewLine(.removed, key)
            case .unchanged, .untouched: nil
            }
        }
        var cannot = ["Whoever has read the new values keeps them until the next read."]
        let leaked = try await workbench.findings()
        let returning = rollback.returning.filter { leaked.leak(of: $0.value.text(), key: $0.key) != nil }.map(\.key)
        if !returning.isEmpty {
            cannot.append("Values that are in git would be live again: \(PlainText.list(returning)).")
        }
        return UndoPreview(
            changes: [
                PlannedChange(
                    "make version \(PlainText.version(base)) of \(secret.words) current again", lines: lines)
            ], cannot: cannot)
    }

    func undo(_ run: StepRun) async throws {
        let secret = try await SecretPlace(workbench)
        guard let current = try await secret.current() else {
            throw StepFailure("\(secret.words) holds no version", kind: .refused)
        }
        let live = current.version.versionID
        let chain = try await chain(secret, run.record, from: live)
        let decisions = run.record.effects.filter { $0.facts.text(RememberedDecisions.Name.version) == nil }
        if let base = chain.last?.base {
            for one in chain { try await run.journal.undoing(one.intent) }
            let rollback = try await Rollback.plan(secret.name, to: VersionSelector(id: base), in: secret.store)
            // Planned on what is there now: that must be what was looked at.
            guard rollback.current.versionID == live else { throw StepChanged(secret.words) }
            try await rollback.apply(in: secret.store)
            for one in chain { try await run.journal.reverted(one.intent) }
        } else if !wasTakenBack(run.record, live: live) {
            guard decisions.count == run.record.effects.count else {
                throw try refusal(secret, run.record, live: current.version)
            }
        } else {
            // Moved before a run was cut short, and not told.
            for effect in run.record.effects where effect.facts.text(RememberedDecisions.Name.version) != nil {
                // Announced again: since then the step may have been waived, or looked at.
                try await run.journal.undoing(effect)
                try await run.journal.reverted(effect)
            }
        }
        for effect in decisions {
            try await run.journal.undoing(effect)
            try await run.journal.reverted(effect)
        }
    }

    /// Whether an earlier run has announced to take the values back, and has come as far as that.
    private func wasTakenBack(_ record: StepRecord, live: String) -> Bool {
        let announced = Set(record.currentEvents.filter { $0.event == .undoing }.compactMap(\.token))
        return record.effects.contains {
            announced.contains($0.token) && $0.facts.text(RememberedDecisions.Name.base) == live
        }
    }

    private func refusal(_ secret: SecretPlace, _ record: StepRecord, live: SecretVersion) throws -> StepFailure {
        if record.effects.allSatisfy({ $0.facts.text(RememberedDecisions.Name.version) == nil }) {
            return StepFailure("this step has written no version of \(secret.words)", kind: .refused)
        }
        return StepFailure(
            "version \(PlainText.version(live.versionID)) of \(secret.words) is not this step's: somebody has written since",
            remedy: "look at it with `migrate secret history`, and go back with `migrate secret rollback`",
            kind: .refused)
    }
}
