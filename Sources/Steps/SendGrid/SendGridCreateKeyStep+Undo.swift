// Taking the new key back.

import Checklist
import HTTP
import Secrets
import SendGrid
import Stores

extension SendGridCreateKeyStep {
    /// What was made, and where the secret stands.
    private struct Made {
        var intent: Intent
        var id: String
        /// Whether SendGrid was asked to make it by this tool: else a person made it, and may use it elsewhere.
        var isOurs: Bool
        var isHeld: Bool
        /// What the secret's key had before; nil for nothing.
        var before: SharedSecret?
        /// Whether the version that would tell is no longer there.
        var isBeforeGone: Bool
    }

    /// - Throws: what the store throws, but for a version that is gone.
    private func made(_ record: StepRecord, _ held: HeldSendGridKeys) async throws -> [Made] {
        var all: [Made] = []
        // Each takes the one before it back into the secret.
        var inSecret = held.value.flatMap { SendGridKey.publicID(of: $0) }
        // Of many rotations, the last one can be taken back: the keys of those before are gone.
        for intent in isRotation ? Array(record.effects.suffix(1)) : record.effects.reversed() {
            guard let id = intent.facts.text("key-id") else { continue }
            var before: SharedSecret?
            var isBeforeGone = false
            if let version = intent.facts.text("previous-version-id"), let store = held.store {
                do {
                    let old = try await store.read(held.secret, VersionSelector(id: version))
                    before = try SecretContent(parsing: old.content, name: held.secret).value(of: key)?.text()
                } catch StoreError.noSuchVersion {
                    isBeforeGone = true
                }
            }
            let isHeld = inSecret == id
            all.append(
                Made(
                    intent: intent, id: id, isOurs: intent.effect == Self.createEffect, isHeld: isHeld, before: before,
                    isBeforeGone: isBeforeGone))
            if isHeld { inSecret = before.flatMap { SendGridKey.publicID(of: $0) } }
        }
        return all
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let held = try await HeldSendGridKeys.read(workbench, key)
        var preview = UndoPreview(changes: [])
        for made in try await made(record, held) {
            if made.isHeld {
                try await checkReturn(of: made.before)
                let new = made.before.map { old in
                    SendGridKey.publicID(of: old).map { "SG.\($0).********" } ?? "********"
                }
                var lines = [PreviewLine(.removed, "\(key): SG.\(made.id).********")]
                if let new { lines.append(PreviewLine(.added, "\(key): \(new)")) }
                preview.changes.append(PlannedChange("change \(OneLine.of(held.secret)) back", lines: lines))
                if new == nil {
                    preview.cannot.append(
                        made.isBeforeGone
                            ? "The version with the value before is gone: \(key) is taken out of \(held.secret)."
                            : "\(held.secret) had no \(key) before: it is taken out.")
                }
            }
            if made.isOurs {
                preview.changes.append(
                    PlannedChange(
                        "delete the SendGrid key \(made.id)",
                        lines: [PreviewLine(.note, "whatever uses it stops sending mail at once")]))
                preview.cannot.append("A SendGrid key that was deleted never comes back.")
            } else {
                preview.cannot.append(
                    "The key \(made.id) was made by hand and stays: delete it at \(SendGridWords.page)")
            }
        }
        if preview.changes.isEmpty {
            preview.cannot.append("This step has changed nothing that could be taken back.")
        } else if try SendGridAdmin.client(workbench) == nil,
            record.effects.contains(where: { $0.effect == Self.createEffect })
        {
            preview.questions.append(SendGridAdmin.question(isRequired: true))
        }
        return preview
    }

    func undo(_ run: StepRun) async throws {
        let admin = try SendGridAdmin.client(workbench, run.answers)
        await workbench.livenesses?.forget()
        let all = try await made(run.record, try await HeldSendGridKeys.read(workbench, key))
        // All of them before the first change.
        for made in all where made.isHeld { try await checkReturn(of: made.before) }
        for made in all {
            if made.isOurs, admin == nil {
                throw StepFailure(
                    "there is no SendGrid key that may delete keys", remedy: "set SENDGRID_ADMIN_KEY", kind: .refused)
            }
            try await run.journal.undoing(made.intent)
            // First the secret: nobody should read a key that is dead.
            if made.isHeld {
                let change: Change = made.before.map { .set(key, .text($0)) } ?? .remove(key)
                let held = try await HeldSendGridKeys.read(workbench, key)
                _ = try await merge([change], "undo " + made.intent.token, held)
            }
            if made.isOurs, let admin { try await delete(made, admin) }
            try await run.journal.reverted(made.intent)
        }
    }

    private func delete(_ made: Made, _ admin: SendGridClient) async throws {
        try await SendGridAdmin.calling {
            guard let found = try await admin.key(made.id) else { return }
            // The name ends in what only this machine can derive from the token: a key of another name is not the one that was made here.
            guard found.name.hasSuffix(" " + (try suffix(of: made.intent))) else {
                throw StepFailure(
                    "the SendGrid key \(made.id) has another name than the one that this step gave it",
                    remedy: "look at it, and delete it by hand: \(SendGridWords.page)", kind: .refused)
            }
            try await admin.deleteKey(made.id)
        }
    }
}
