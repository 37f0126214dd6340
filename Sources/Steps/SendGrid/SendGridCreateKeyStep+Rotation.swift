// A new key although the old one is good: regular rotation.

import Checklist
import HTTP
import Secrets
import SendGrid
import Stores
import World

extension SendGridCreateKeyStep {
    /// The public ids of the keys that the new one took the place of.
    static let replacesFact = "replaces"

    /// Why the key that the secret holds does not count; nil when it does: this step made it.
    func whyNotRotated(_ id: String, _ record: StepRecord, _ held: HeldSendGridKeys) -> String? {
        guard isRotation, made(id, record) == nil else { return nil }
        let made = record.effects.last?.facts.text("key-id")
        return "\(key) of \(held.secret) holds the SendGrid key \(id), "
            + (made.map { "not the key \($0) that was made here" } ?? "which has not been replaced yet")
    }

    /// When the next rotation is due.
    func due(_ id: String, _ record: StepRecord) -> Instant? {
        guard let days, let made = made(id, record) else { return nil }
        return made.at + Double(days) * 86_400
    }

    /// The last key, when it is this one. One that was made by hand and is stored already needs only to be told of.
    private func made(_ id: String, _ record: StepRecord) -> Intent? {
        if let last = record.effects.last, last.facts.text("key-id") == id { return last }
        return record.openIntents.last { $0.effect == Self.storeEffect && $0.facts.text("key-id") == id }
    }

    /// What is to be remembered of the keys that lose their place.
    func replaced(_ held: HeldSendGridKeys, besides known: Intent? = nil) -> Fact {
        var ids = known?.facts.list(Self.replacesFact) ?? []
        let id = held.value.flatMap { SendGridKey.publicID(of: HeldSendGridKeys.trimmed($0)) }
        if let id, !ids.contains(id) { ids.append(id) }
        return .list(ids)
    }

    /// Whether an earlier run has done everything but tell of it. That the secret holds a good key says nothing here: it
    /// did before.
    func isRotated(_ record: StepRecord, _ held: HeldSendGridKeys, _ answers: Answers) async throws -> Bool {
        guard let id = held.value.flatMap({ SendGridKey.publicID(of: $0) }) else { return false }
        for open in record.openIntents {
            if open.effect == Self.storeEffect, open.facts.text("key-id") == id { return true }
            guard open.effect == Self.createEffect, let admin = try SendGridAdmin.client(workbench, answers) else {
                continue
            }
            let found = try await SendGridAdmin.calling { try await admin.key(id) }
            if found?.name == (try uniqueName(of: open, held)) { return true }
        }
        return false
    }

    /// Tells of a key that was made by hand, and that an earlier run has stored.
    func finishPasted(_ run: StepRun, _ held: HeldSendGridKeys) async throws -> Bool {
        guard let id = held.value.flatMap({ SendGridKey.publicID(of: $0) }) else { return false }
        var hasTold = false
        for open in run.record.openIntents where open.effect == Self.storeEffect && open.facts.text("key-id") == id {
            let intent = try await run.journal.intend(open.effect, open.facts)
            try await run.journal.effected(intent, ["key-id": .text(id), "version-id": .text(held.versionID ?? "")])
            hasTold = true
        }
        return hasTold
    }

    /// Makes sure that the key which would come back into the secret still opens something.
    /// - Throws: `StepFailure`.
    func checkReturn(of before: SharedSecret?) async throws {
        guard let before, let id = SendGridKey.publicID(of: HeldSendGridKeys.trimmed(before)) else { return }
        let value = HeldSendGridKeys.trimmed(before)
        let remedy = "keep the new key, or make another one"
        let leaked = try LeakedSendGridKey.all(in: try await workbench.findings())
        guard !leaked.contains(where: { $0.id == id || $0.value.isSame(as: value) }) else {
            throw StepFailure(
                "the key \(id) that \(key) had before has leaked: it does not come back into the secret",
                remedy: remedy, kind: .refused)
        }
        switch try await workbench.liveness(of: value).liveness {
        case .live, .scoped, .elsewhere: return
        case .dead:
            throw StepFailure(
                "the key \(id) that \(key) had before is dead: whoever reads the secret could send no mail with it",
                remedy: remedy, kind: .refused)
        case .unknown(let reason):
            throw StepFailure(
                "SendGrid does not say whether the key \(id) that \(key) had before is live: \(reason)",
                remedy: "try again in a while", kind: .unknown)
        }
    }
}
