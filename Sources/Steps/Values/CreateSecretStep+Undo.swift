// Taking back the creation of a secret, where that loses nothing.

import Checklist
import Stores

extension CreateSecretStep {
    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            return UndoPreview(changes: [], cannot: ["\(secret.words) is not there any more."])
        }
        guard found.deleted == nil else {
            return UndoPreview(changes: [], cannot: [Self.deletion(of: found, secret) + " already."])
        }
        if try await isOurs(secret, record) {
            if let refusal = try await refusal(secret) {
                return UndoPreview(changes: [], cannot: [refusal.reason + "."])
            }
            let line = PreviewLine(
                .removed, "gone for good after \(Self.windowDays) days; until then it can be restored")
            return UndoPreview(
                changes: [PlannedChange("schedule the deletion of \(secret.words)", lines: [line])],
                cannot: ["The name stays taken for these \(Self.windowDays) days."])
        }
        var lines: [PreviewLine] = []
        for effect in record.effects.reversed() where effect.effect == Effect.tag {
            lines += (effect.facts.list("added") ?? []).map { PreviewLine(.removed, "tag \(PlainText.line($0))") }
            lines += (effect.facts.list("before") ?? []).map { PreviewLine(.changed, "tag \(PlainText.line($0))") }
        }
        return UndoPreview(
            changes: lines.isEmpty ? [] : [PlannedChange("tag secret \(secret.words)", lines: lines)],
            cannot: ["\(secret.words) was not made by this step, so it stays."])
    }

    func undo(_ run: StepRun) async throws {
        let secret = try await SecretPlace(workbench)
        if let found = try await secret.describe(), found.deleted == nil {
            guard try await isOurs(secret, run.record) else { return try await untag(secret, found, run) }
            if let refusal = try await refusal(secret) { throw refusal }
            try await settle(secret, run)
            let made =
                run.record.effects.last { $0.effect == Effect.create }
                ?? run.record.openIntents.first { $0.effect == Effect.create }
            if let made { try await run.journal.undoing(made) }
            _ = try await secret.store.delete(secret.name, days: Self.windowDays)
            if let made { try await run.journal.reverted(made) }
        }
        // The rest went with the secret.
        for effect in run.record.effects.reversed() where effect.effect != Effect.create {
            try await run.journal.undoing(effect)
            try await run.journal.reverted(effect)
        }
    }

    private func untag(_ secret: SecretPlace, _ found: SecretDescription, _ run: StepRun) async throws {
        for effect in run.record.effects.reversed() where effect.effect == Effect.tag {
            try await run.journal.undoing(effect)
            // A tag that somebody has given another value since is theirs.
            let added = (effect.facts.list("added") ?? []).filter { found.tags[$0] == tags[$0] }
            if !added.isEmpty { try await secret.store.untag(secret.name, added) }
            var before: [String: String] = [:]
            for pair in effect.facts.list("before") ?? [] {
                guard let equals = pair.firstIndex(of: "=") else { continue }
                before[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            if !before.isEmpty { try await secret.store.tag(secret.name, before) }
            try await run.journal.reverted(effect)
        }
    }

    private func isOurs(_ secret: SecretPlace, _ record: StepRecord) async throws -> Bool {
        if record.effects.contains(where: { $0.effect == Effect.create }) { return true }
        guard let intent = record.openIntents.first(where: { $0.effect == Effect.create }) else { return false }
        return try await madeVersion(secret, intent) != nil
    }

    /// Why a secret that this step made is not deleted; nil when it may be.
    private func refusal(_ secret: SecretPlace) async throws -> StepFailure? {
        let keys = try await secret.current()?.content.keys ?? []
        guard !keys.isEmpty else { return nil }
        return StepFailure(
            "\(secret.words) holds \(PlainText.count(keys.count, "key")) by now, so it stays",
            remedy: "take the steps back first that stored them", kind: .refused)
    }

    /// The version that a creation under this intent has made, if it is there.
    func madeVersion(_ secret: SecretPlace, _ intent: Intent) async throws -> String? {
        let id = try Creation.versionID(secret.name, run: try RunKeys(workbench).runKey(intent.token))
        return try await secret.store.versions(secret.name).contains { $0.versionID == id } ? id : nil
    }
}
