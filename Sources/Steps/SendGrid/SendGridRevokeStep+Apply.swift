// Deleting and reducing, and giving back what can be given back.

import Checklist
import HTTP
import Secrets
import SendGrid

extension SendGridRevokeStep {
    func apply(_ run: StepRun) async throws {
        // What is revoked is looked at right before.
        await workbench.livenesses?.forget()
        let (live, held) = try await liveKeys(run.record)
        try await finish(run, stillLive: Set(live.map(\.id)))
        let free = live.filter { held.holding($0) == nil }
        guard !free.isEmpty else { return }
        guard let admin = try SendGridAdmin.client(workbench, run.answers) else {
            throw StepFailure(
                "there is no SendGrid key that may delete keys", remedy: "set SENDGRID_ADMIN_KEY, or do it by hand",
                kind: .refused)
        }
        for target in try await targets(free, admin, run.answers) { try await revoke(target, admin, run) }
    }

    /// Tells of what earlier runs have done without living to tell.
    private func finish(_ run: StepRun, stillLive: Set<String>) async throws {
        for open in run.record.openIntents {
            guard let id = Self.id(of: open, Self.deleteEffect) ?? Self.id(of: open, Self.reduceEffect),
                !stillLive.contains(id)
            else { continue }
            let intent = try await run.journal.intend(open.effect, open.facts)
            let isReduced = open.effect.hasPrefix(Self.reduceEffect)
            try await run.journal.effected(intent, ["http-status": .number(isReduced ? 200 : 401)])
        }
    }

    private func revoke(_ target: Target, _ admin: SendGridClient, _ run: StepRun) async throws {
        let id = target.leaked.id
        // Once more, right before: somebody may have put it back into the secret meanwhile.
        let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
        guard held.holding(target.leaked) == nil else { throw StepChanged(held.secret) }
        guard let detail = target.detail else {
            // Deleted already, and still spreading. An earlier run may have been the one.
            if let open = run.record.openIntents.first(where: { $0.effect == Self.deleteEffect + id }) {
                let intent = try await run.journal.intend(open.effect, open.facts)
                try await run.journal.effected(intent, ["http-status": 404])
            }
            return
        }
        var facts: Facts = ["key-id": .text(id), "name": .text(detail.name), "scopes": .list(detail.scopes)]
        switch target.choice {
        case nil:
            throw StepFailure(
                "nobody has said what is to happen with the SendGrid key \(id)", remedy: "--answer how/\(id)=delete",
                kind: .refused)
        case .delete:
            let intent = try await run.journal.intend(Self.deleteEffect + id, facts)
            let wasThere = try await SendGridAdmin.calling { try await admin.deleteKey(id) }
            try await run.journal.effected(intent, ["http-status": .number(wasThere ? 204 : 404)])
        case .reduce:
            facts["reduced-to"] = .list([Self.harmlessScope])
            // The scopes that an earlier run has seen are the ones to give back.
            let intent = try await run.journal.intend(Self.reduceEffect + id, facts)
            try await SendGridAdmin.calling {
                try await admin.setScopes(id, name: detail.name, scopes: [Self.harmlessScope])
            }
            try await run.journal.effected(intent, ["http-status": 200])
        }
    }

    static func id(of intent: Intent, _ prefix: String) -> String? {
        intent.effect.hasPrefix(prefix) ? String(intent.effect.dropFirst(prefix.count)) : nil
    }

    // MARK: Back

    /// - Throws: `StepFailure` for a key that did not leak: what the state file says of it was made up.
    private func checkLeaked(_ id: String) async throws {
        guard try LeakedSendGridKey.all(in: try await workbench.findings()).contains(where: { $0.id == id }) else {
            throw StepFailure(
                "the SendGrid key \(OneLine.of(id)) is none of those that leaked here: its permissions stay as they are",
                remedy: "look at it: \(SendGridWords.page)", kind: .refused)
        }
    }

    /// - Throws: `StepFailure` for permissions that this step did not leave there.
    private func checkReduced(_ detail: KeyDetail, _ id: String) throws {
        guard detail.scopes == [Self.harmlessScope] else {
            throw StepFailure(
                "the SendGrid key \(id) has other permissions than the one that this step left it",
                remedy: "look at it: \(SendGridWords.page)", kind: .refused)
        }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        var preview = UndoPreview(changes: [])
        let admin = try SendGridAdmin.client(workbench)
        for effect in record.effects {
            if let id = Self.id(of: effect, Self.deleteEffect) {
                preview.cannot.append("The SendGrid key \(id) was deleted, and never comes back.")
            } else if let id = Self.id(of: effect, Self.reduceEffect), let scopes = effect.facts.list("scopes") {
                try await checkLeaked(id)
                if let admin {
                    guard let detail = try await SendGridAdmin.calling({ try await admin.key(id) }) else { continue }
                    if detail.scopes != scopes { try checkReduced(detail, id) }
                }
                preview.changes.append(
                    PlannedChange(
                        "give the SendGrid key \(id), which leaked, its permissions back",
                        lines: [
                            PreviewLine(.removed, "scopes: \(Self.harmlessScope)"),
                            PreviewLine(.added, "scopes: \(scopes.map { OneLine.of($0) }.joined(separator: ", "))"),
                        ]))
            }
        }
        if preview.changes.isEmpty, preview.cannot.isEmpty {
            preview.cannot.append("This step has changed nothing that could be taken back.")
        }
        if !preview.changes.isEmpty, admin == nil {
            preview.questions.append(SendGridAdmin.question(isRequired: true))
        }
        return preview
    }

    func undo(_ run: StepRun) async throws {
        let reduced = run.record.effects.filter { Self.id(of: $0, Self.reduceEffect) != nil }
        guard !reduced.isEmpty else { return }
        guard let admin = try SendGridAdmin.client(workbench, run.answers) else {
            throw StepFailure(
                "there is no SendGrid key that may change keys", remedy: "set SENDGRID_ADMIN_KEY", kind: .refused)
        }
        for effect in reduced {
            guard let id = Self.id(of: effect, Self.reduceEffect), let scopes = effect.facts.list("scopes"),
                !scopes.isEmpty
            else { continue }
            try await checkLeaked(id)
            try await run.journal.undoing(effect)
            try await SendGridAdmin.calling {
                // Deleted meanwhile: there is nothing that could be given back.
                guard let detail = try await admin.key(id), detail.scopes != scopes else { return }
                try checkReduced(detail, id)
                try await admin.setScopes(id, name: detail.name, scopes: scopes)
            }
            try await run.journal.reverted(effect)
        }
    }
}
