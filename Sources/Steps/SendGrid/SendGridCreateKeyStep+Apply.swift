// Making the key, and putting it into the secret.

import Checklist
import HTTP
import Secrets
import SendGrid
import Stores

extension SendGridCreateKeyStep {
    func apply(_ run: StepRun) async throws {
        await workbench.livenesses?.forget()
        let held = try await HeldSendGridKeys.read(workbench, key)
        guard held.store != nil else { throw StepChanged(held.secret) }
        if !run.record.openIntents.isEmpty, try await finish(run, held) { return }
        if let pasted = run.answers.secret(Self.newKeyQuestion).map(HeldSendGridKeys.trimmed) {
            return try await storePasted(pasted, run, held)
        }
        guard let admin = try SendGridAdmin.client(workbench, run.answers) else {
            throw StepFailure(
                "there is no SendGrid key that may make keys",
                remedy: "set SENDGRID_ADMIN_KEY, or create a key by hand",
                kind: .refused)
        }
        try await create(run, admin, held)
    }

    /// Whether an earlier run has done everything but tell of it: the secret holds a key that is good.
    private func finish(_ run: StepRun, _ held: HeldSendGridKeys) async throws -> Bool {
        if isRotation { return try await finishPasted(run, held) }
        guard case .satisfied(let evidence) = try await observe(run.record), let id = evidence.facts.text("key-id")
        else { return false }
        for open in run.record.openIntents where [Self.createEffect, Self.storeEffect].contains(open.effect) {
            // What was announced under another id is not what is there.
            if let announced = open.facts.text("key-id"), announced != id { continue }
            let intent = try await run.journal.intend(open.effect, open.facts)
            try await run.journal.effected(
                intent, ["key-id": .text(id), "version-id": .text(held.versionID ?? "")])
            // The merge that was cut short may have left its label.
            _ = try await merge([], intent.token, held)
        }
        return true
    }

    private func create(_ run: StepRun, _ admin: SendGridClient, _ held: HeldSendGridKeys) async throws {
        var facts: Facts = ["name": .text(label(held)), "scopes": .list(scopes)]
        facts["previous-version-id"] = held.versionID.map { .text($0) }
        if isRotation { facts[Self.replacesFact] = replaced(held) }
        let intent = try await run.journal.intend(Self.createEffect, facts)
        let isFresh = run.record.openIntents.allSatisfy { $0.token != intent.token }
        if !isFresh, try await tellOfStored(intent, run, admin, held) { return }
        let created = try await SendGridAdmin.calling { try await make(intent, isFresh: isFresh, admin, held) }
        // From here on the secret has it, or nobody: what dies in between is found by its name, and deleted.
        let outcome = try await merge(created.key, intent.token, held)
        var told: Facts = [
            "key-id": .text(created.id), "version-id": .text(outcome.versionID ?? ""),
            "scopes": .list(created.scopes),
        ]
        // Since an intent was left open, somebody may have put yet another key there.
        if isRotation { told[Self.replacesFact] = replaced(held, besides: intent) }
        try await run.journal.effected(intent, told)
    }

    /// The secret may hold the key of this very intent, even where SendGrid does not know it everywhere yet.
    private func tellOfStored(
        _ intent: Intent, _ run: StepRun, _ admin: SendGridClient, _ held: HeldSendGridKeys
    ) async throws -> Bool {
        guard let id = held.value.flatMap({ SendGridKey.publicID(of: $0) }),
            let found = try await SendGridAdmin.calling({ try await admin.key(id) }),
            found.name == (try uniqueName(of: intent, held))
        else { return false }
        try await run.journal.effected(
            intent,
            ["key-id": .text(id), "version-id": .text(held.versionID ?? ""), "scopes": .list(found.scopes)])
        _ = try await merge([], intent.token, held)
        return true
    }

    /// Makes one key of the intent's name, after taking away those of that name whose text nobody has.
    private func make(
        _ intent: Intent, isFresh: Bool, _ admin: SendGridClient, _ held: HeldSendGridKeys
    ) async throws -> CreatedKey {
        var mayHaveOrphans = !isFresh
        var tries = 0
        while true {
            tries += 1
            if mayHaveOrphans {
                for orphan in try await orphans(of: [intent], admin, held) { try await admin.deleteKey(orphan.id) }
            }
            do {
                let created = try await admin.createKey(try uniqueName(of: intent, held), scopes: scopes)
                // The list may be late to show what an answer that got lost has made.
                for orphan in tries > 1 ? try await orphans(of: [intent], admin, held) : []
                where orphan.id != created.id {
                    try await admin.deleteKey(orphan.id)
                }
                return created
            } catch let error as SendGridError where error.operation == .createKey {
                mayHaveOrphans = true
                if error.kind == .lostAnswer, tries < 3 { continue }
                if error.kind == .forbidden, try await admin.keys().count >= 100 {
                    var limit = error
                    limit.kind = .keyLimit
                    throw limit
                }
                throw error
            }
        }
    }

    private func storePasted(_ pasted: SharedSecret, _ run: StepRun, _ held: HeldSendGridKeys) async throws {
        let id = SendGridKey.publicID(of: pasted) ?? ""
        var facts: Facts = ["key-id": .text(id)]
        facts["previous-version-id"] = held.versionID.map { .text($0) }
        if isRotation { facts[Self.replacesFact] = replaced(held) }
        let intent = try await run.journal.intend(Self.storeEffect, facts)
        let outcome = try await merge(pasted, intent.token, held)
        var told: Facts = ["key-id": .text(id), "version-id": .text(outcome.versionID ?? "")]
        if isRotation { told[Self.replacesFact] = replaced(held, besides: intent) }
        try await run.journal.effected(intent, told)
    }

    private func merge(_ value: SharedSecret, _ token: String, _ held: HeldSendGridKeys) async throws -> MergeOutcome {
        try await merge([.set(key, .text(value))], token, held)
    }

    func merge(_ changes: [Change], _ token: String, _ held: HeldSendGridKeys) async throws -> MergeOutcome {
        guard let store = held.store else { throw StepChanged(held.secret) }
        let merge = Merge(in: store, run: try RunKeys(workbench).runKey(token), world: workbench.world)
        let outcome = try await merge.apply(changes, to: held.secret)
        for case .set(let key, .text(let value)) in changes { workbench.remember(value, key: key) }
        return outcome
    }
}
