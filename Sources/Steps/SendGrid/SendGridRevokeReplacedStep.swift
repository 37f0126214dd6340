// The key that a rotation has replaced, and its end.

import Checklist
import HTTP
import SendGrid
import World

/// `sendgrid-revoke` with `which: replaced`
struct SendGridRevokeReplacedStep: StepKind {
    let workbench: Workbench
    /// Of the secret.
    let key: String

    private struct Found {
        let key: ReplacedSendGridKey
        let fate: ReplacedSendGridKey.Fate
    }

    // MARK: What is the case

    func observe(_ record: StepRecord) async throws -> Observation {
        let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
        guard let found = try await find(record, held) else {
            return .unsatisfied(reason: "no rotation has made a new SendGrid key yet")
        }
        var (dead, spreading) = (settled(record), [String]())
        for found in found {
            let id = found.key.id
            switch found.fate {
            case .refused, .missing: dead.append(id)
            case .spreading: spreading.append(id)
            case .live:
                let keeper = held.holding(id: id)
                return .unsatisfied(
                    reason: keeper.map { "\($0.name) of \(held.secret) holds the replaced key \(id) again" }
                        ?? "the replaced SendGrid key \(id) is live")
            case .unknown(let reason, let remedy): return .unknowable(reason: reason, remedy: remedy)
            }
        }
        guard spreading.isEmpty else {
            return .waiting(
                reason: "SendGrid still lets in \(spreading.joined(separator: ", ")), which it has deleted",
                until: workbench.world.now() + 15, facts: ["spreading": .list(spreading)])
        }
        guard !dead.isEmpty else { return .satisfied(Evidence("the secret held no SendGrid key before")) }
        return .satisfied(
            Evidence("replaced SendGrid keys, dead: \(dead.joined(separator: ", "))", facts: ["dead": .list(dead)]))
    }

    /// Keys of earlier rotations. A deleted key never comes back, and the version that held it goes.
    private func settled(_ record: StepRecord) -> [String] { record.last(.verified)?.facts.list("dead") ?? [] }

    /// Nil when no key was replaced yet.
    private func find(
        _ record: StepRecord, _ held: HeldSendGridKeys, _ answers: Answers = Answers()
    ) async throws -> [Found]? {
        guard let ids = await ReplacedSendGridKey.ids(workbench) else { return nil }
        let admin = try SendGridAdmin.client(workbench, answers)
        let settled = settled(record)
        var found: [Found] = []
        for (id, version) in ids where !settled.contains(id) {
            let key = try await ReplacedSendGridKey.find(id, versionID: version, in: held)
            let isDeleted = await ReplacedSendGridKey.wasDeleted(id, workbench)
            found.append(Found(key: key, fate: try await key.fate(workbench, admin, isDeleted: isDeleted)))
        }
        return found
    }

    // MARK: What would be done

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
        let live = try await live(record, held, answers)
        guard !live.isEmpty else { return Preview() }
        try check(live, held)
        guard let admin = try SendGridAdmin.client(workbench, answers) else {
            return Preview(
                questions: [SendGridAdmin.question()],
                byHand: live.map { "open \(SendGridWords.page) and delete the key whose API key id is \($0)" })
        }
        try await SendGridAdmin.check(admin, may: [.readKey, .deleteKey])
        var preview = Preview(basis: "\(SendGridAdmin.basis(admin)) \(held.versionID ?? "")")
        for id in live {
            guard let detail = try await SendGridAdmin.calling({ try await admin.key(id) }) else { continue }
            preview.basis += " \(id):\(detail.name):\(detail.scopes.joined(separator: ","))"
            preview.changes.append(
                PlannedChange(
                    "delete the SendGrid key \(id) at \(admin.place)",
                    lines: [
                        PreviewLine(.removed, "name: \(detail.name)"),
                        PreviewLine(.removed, "scopes: \(SendGridRevokeStep.shown(detail.scopes))"),
                    ]))
            preview.irreversible.append(
                "A SendGrid key that was deleted never comes back: whatever still uses \(id) stops sending mail.")
        }
        return preview
    }

    func apply(_ run: StepRun) async throws {
        await workbench.livenesses?.forget()
        let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
        let live = try await live(run.record, held, run.answers)
        // Tells of what earlier runs have deleted without living to tell.
        for open in run.record.openIntents {
            guard let id = SendGridRevokeStep.id(of: open, SendGridRevokeStep.deleteEffect), !live.contains(id) else {
                continue
            }
            let intent = try await run.journal.intend(open.effect, open.facts)
            try await run.journal.effected(intent, ["http-status": 404])
        }
        guard !live.isEmpty else { return }
        guard let admin = try SendGridAdmin.client(workbench, run.answers) else {
            throw StepFailure(
                "there is no SendGrid key that may delete keys", remedy: "set SENDGRID_ADMIN_KEY, or do it by hand",
                kind: .refused)
        }
        for id in live {
            // Once more, right before: somebody may have put it back into the secret meanwhile.
            try check([id], try await HeldSendGridKeys.readIfNamed(workbench, key))
            guard let detail = try await SendGridAdmin.calling({ try await admin.key(id) }) else { continue }
            let intent = try await run.journal.intend(
                SendGridRevokeStep.deleteEffect + id,
                ["key-id": .text(id), "name": .text(detail.name), "scopes": .list(detail.scopes)])
            let wasThere = try await SendGridAdmin.calling { try await admin.deleteKey(id) }
            try await run.journal.effected(intent, ["http-status": .number(wasThere ? 204 : 404)])
        }
        await workbench.livenesses?.forget()
    }

    private func live(
        _ record: StepRecord, _ held: HeldSendGridKeys, _ answers: Answers
    ) async throws -> [String] {
        var live: [String] = []
        for found in try await find(record, held, answers) ?? [] {
            switch found.fate {
            case .live: live.append(found.key.id)
            case .unknown(let reason, let remedy): throw StepFailure(reason, remedy: remedy, kind: .unknown)
            case .refused, .missing, .spreading: break
            }
        }
        return live
    }

    /// - Throws: `StepFailure` when the secret holds one of them.
    private func check(_ ids: [String], _ held: HeldSendGridKeys) throws {
        guard let kept = ids.lazy.compactMap({ held.holding(id: $0) }).first else { return }
        throw StepFailure(
            "\(kept.name) of \(held.secret) holds the key \(kept.id): to revoke it would stop whoever reads the secret",
            remedy: "put a new key into the secret first: migrate plan shows the step", kind: .refused)
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let deleted = record.effects.compactMap { SendGridRevokeStep.id(of: $0, SendGridRevokeStep.deleteEffect) }
        let lines = deleted.map { "The SendGrid key \($0) was deleted, and never comes back." }
        return UndoPreview(
            changes: [], cannot: lines.isEmpty ? ["This step has changed nothing that could be taken back."] : lines)
    }
}
