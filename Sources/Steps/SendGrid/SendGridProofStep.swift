// The proof that the keys that leaked are dead.

import Checklist
import Secrets
import SendGrid
import World

/// `sendgrid-proof`
struct SendGridProofStep: StepKind {
    static let leaveEffect = "leave-key/"

    let workbench: Workbench
    /// Of the secret.
    let key: String
    let secondsApart: Double

    private struct Sighting {
        let id: String
        let first: Instant
    }

    // MARK: What is the case

    func observe(_ record: StepRecord) async throws -> Observation {
        let leaked = try LeakedSendGridKey.all(in: try await workbench.findings())
        guard !leaked.isEmpty else {
            return .satisfied(Evidence("no SendGrid key has leaked in this repository"))
        }
        let admin = try SendGridAdmin.client(workbench)
        let again = secondLooks(at: leaked, record)
        let answers = try await workbench.liveness(of: leaked.map(\.value)) { again[$0] }
        var refused: [(id: String, at: Instant)] = []
        for (leakedKey, answer) in zip(leaked, answers) {
            switch answer.liveness {
            case .dead: break
            case .live, .scoped:
                if isSpreading(leakedKey.id, record) {
                    return .waiting(
                        reason: "SendGrid still lets in \(leakedKey.id), which it has deleted",
                        until: workbench.world.now() + 30, facts: Facts())
                }
                return .unsatisfied(reason: "the leaked SendGrid key \(leakedKey.id) still opens something")
            case .elsewhere(let host):
                return .unknowable(
                    reason: "the leaked key \(leakedKey.id) is live at \(host), "
                        + "not at \(try workbench.sendGrid(leakedKey.value).place)",
                    remedy: "set `sendgrid: region:` in .migrate/config.yml")
            case .unknown(let reason):
                return .unknowable(
                    reason: "SendGrid does not say whether the leaked key \(leakedKey.id) is live: \(reason)",
                    remedy: "try again in a while")
            }
            if let admin, !isLeft(leakedKey.id, record),
                let found = try await SendGridAdmin.calling({ try await admin.key(leakedKey.id) })
            {
                guard await wasLetIn(leakedKey.id) else {
                    return .unsatisfied(
                        reason: "the leaked text of \(leakedKey.id) is refused, and a SendGrid key of that id exists "
                            + "(\(found.name)): whether it is that key's is not known")
                }
                return .unsatisfied(
                    reason: "the leaked SendGrid key \(leakedKey.id) (\(found.name)) is refused, and still exists")
            }
            refused.append((leakedKey.id, answer.at))
        }
        return conclude(refused, record, isGone: admin != nil)
    }

    /// Whether the leaked text itself has ever been seen to open anything. An id is public: whoever commits a text with
    /// the id of another key must not bring about that key's end.
    private func wasLetIn(_ id: String) async -> Bool {
        await workbench.records(SendGridSteps.revokeName).contains { record in
            record.effects.contains {
                [SendGridRevokeStep.deleteEffect + id, SendGridRevokeStep.reduceEffect + id].contains($0.effect)
            }
        }
    }

    /// Whether a person has said that the key of this id is another one, which stays.
    private func isLeft(_ id: String, _ record: StepRecord) -> Bool {
        record.effects.contains { $0.effect == Self.leaveEffect + id }
    }

    /// For each key when the answer must have been asked for to count as the second: one from before that time, which
    /// another step may have wanted, is none. Nil while the time has not come.
    private func secondLooks(at leaked: [LeakedSendGridKey], _ record: StepRecord) -> [Instant?] {
        let now = workbench.world.now()
        let seen = sightings(record)
        return leaked.map { leaked in
            guard let first = seen.first(where: { $0.id == leaked.id && $0.first <= now })?.first else { return nil }
            return now - first >= secondsApart ? first + secondsApart : nil
        }
    }

    /// Whether each has been seen refused before, and long enough ago.
    private func conclude(
        _ refused: [(id: String, at: Instant)], _ record: StepRecord, isGone: Bool
    ) -> Observation {
        // Once proved, proved: what changes that is a key that opens something again.
        let proved = record.last(.verified)?.facts.list("proved") ?? []
        let seen = sightings(record)
        var (proofs, waiting): ([String], [String]) = ([], [])
        var next: Instant?
        for (id, now) in refused {
            if let proof = proved.first(where: { $0.hasPrefix(id + " ") }) {
                proofs.append(proof)
                continue
            }
            // A first sight that lies ahead was made by a clock that has been set back since.
            let first = seen.first { $0.id == id && $0.first <= now }?.first ?? now
            if now - first >= secondsApart {
                proofs.append(
                    "\(id) HTTP 401 \(first.iso8601) HTTP 401 \(now.iso8601)"
                        + (isGone && !isLeft(id, record) ? " HTTP 404" : ""))
            } else {
                waiting.append("\(id) \(first.iso8601)")
                next = max(next ?? first, first + secondsApart)
            }
        }
        guard waiting.isEmpty else {
            return .waiting(
                reason: "refused once (HTTP 401); the second time counts from \(Int(secondsApart)) s later on",
                until: next, facts: ["first-seen": .list(waiting + seenProofs(proofs))])
        }
        let ids = refused.map(\.id).joined(separator: ", ")
        var evidence = Evidence(
            "dead, refused twice (HTTP 401): \(ids)", facts: ["proved": .list(proofs), "http-status": 401])
        if !isGone {
            evidence.warnings.append(
                "Without a SendGrid key that may read keys, that the old ones are gone rests on their being refused.")
        }
        return .satisfied(evidence)
    }

    /// A proof that others still wait for keeps the time of its first half.
    private func seenProofs(_ proofs: [String]) -> [String] {
        proofs.compactMap { proof in
            let words = proof.split(separator: " ")
            return words.count > 3 ? "\(words[0]) \(words[3])" : nil
        }
    }

    /// From the last look: what was refused, and since when.
    private func sightings(_ record: StepRecord) -> [Sighting] {
        let last = record.currentEvents.last { $0.event == .waiting || $0.event == .failed || $0.event == .drifted }
        // A look that found one alive ends the row.
        guard let last, last.event == .waiting else { return [] }
        return (last.facts.list("first-seen") ?? []).compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let time = Instant(iso8601: String(words[1])) else { return nil }
            return Sighting(id: String(words[0]), first: time)
        }
    }

    private func isSpreading(_ id: String, _ record: StepRecord) -> Bool {
        let deleted = record.effects.last { $0.effect == SendGridRevokeStep.deleteEffect + id }
        guard let deleted else { return false }
        return abs(workbench.world.now() - deleted.at) < SendGridRevokeStep.longestPropagation
    }

    // MARK: What would be done

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let (live, held) = try await left(record)
        guard let admin = try SendGridAdmin.client(workbench, answers) else {
            guard !live.isEmpty else { return Preview() }
            return Preview(
                questions: [SendGridAdmin.question()],
                byHand: live.map { leaked in
                    "open \(SendGridWords.page) and delete the key whose API key id is \(leaked.id)"
                })
        }
        try await SendGridAdmin.check(admin, may: [.readKey, .deleteKey])
        var preview = Preview(basis: "\(SendGridAdmin.basis(admin)) \(held.versionID ?? "")")
        for (leaked, detail, isProven) in try await existing(admin, record) {
            let choice = isProven ? "delete" : answers.text(Self.question(leaked.id)) ?? ""
            preview.basis += " \(leaked.id):\(detail.name):\(choice)"
            if choice != "delete" {
                show(leaked.id, detail, isOpen: choice != "leave", in: &preview)
                continue
            }
            guard held.holding(leaked) == nil else {
                throw StepFailure(
                    "\(held.secret) still holds the leaked key \(leaked.id)",
                    remedy: "put a new key into the secret first: migrate plan shows the step", kind: .refused)
            }
            preview.changes.append(
                PlannedChange(
                    "delete the SendGrid key \(leaked.id) at \(admin.place)",
                    lines: [
                        PreviewLine(.removed, "name: \(detail.name)"),
                        PreviewLine(.removed, "scopes: \(SendGridRevokeStep.shown(detail.scopes))"),
                    ]))
            preview.irreversible.append(
                "A SendGrid key that was deleted never comes back: whatever still uses \(leaked.id) stops sending mail."
            )
        }
        return preview
    }

    private static func question(_ id: String) -> String { "refused/\(id)" }

    /// Nothing shows that the key is the one that leaked: a person decides, and nothing is suggested.
    private func show(_ id: String, _ detail: KeyDetail, isOpen: Bool, in preview: inout Preview) {
        let lines = [
            PreviewLine(.context, "name: \(detail.name)"),
            PreviewLine(.context, "scopes: \(detail.scopes.joined(separator: ", "))"),
            PreviewLine(.note, "the leaked text with this id was never seen to open anything: it may be made up"),
        ]
        preview.changes.append(PlannedChange("\(isOpen ? "look at" : "leave") the SendGrid key \(id)", lines: lines))
        guard isOpen else { return }
        preview.questions.append(
            Question(
                Self.question(id),
                "a leaked text with the id \(id) is refused, and a key of that id exists (\(detail.name)): what of it?",
                .choice(
                    [
                        Question.Choice("leave", "it is another key, and stays"),
                        Question.Choice("delete", "it is the key that leaked: delete it for good"),
                    ], suggested: nil)))
    }

    func apply(_ run: StepRun) async throws {
        await workbench.livenesses?.forget()
        guard let admin = try SendGridAdmin.client(workbench, run.answers) else { return try await finish(run) }
        for (leaked, detail, isProven) in try await existing(admin, run.record) {
            switch isProven ? "delete" : run.answers.text(Self.question(leaked.id)) {
            case "delete": break
            case "leave":
                let intent = try await run.journal.intend(
                    Self.leaveEffect + leaked.id, ["key-id": .text(leaked.id), "name": .text(detail.name)])
                try await run.journal.effected(intent, Facts())
                continue
            default:
                throw StepFailure(
                    "nobody has said what is to happen with the SendGrid key \(leaked.id), whose leaked text is refused",
                    remedy: "--answer \(Self.question(leaked.id))=leave, or =delete", kind: .refused)
            }
            let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
            guard held.holding(leaked) == nil else { throw StepChanged(held.secret) }
            let intent = try await run.journal.intend(
                SendGridRevokeStep.deleteEffect + leaked.id,
                ["key-id": .text(leaked.id), "name": .text(detail.name), "scopes": .list(detail.scopes)])
            let wasThere = try await SendGridAdmin.calling { try await admin.deleteKey(leaked.id) }
            try await run.journal.effected(intent, ["http-status": .number(wasThere ? 204 : 404)])
        }
        try await finish(run)
    }

    /// Tells of what earlier runs have deleted without living to tell.
    private func finish(_ run: StepRun) async throws {
        for open in run.record.openIntents {
            guard let id = SendGridRevokeStep.id(of: open, SendGridRevokeStep.deleteEffect) else { continue }
            let live = try await left(run.record).0
            guard !live.contains(where: { $0.id == id }) else { continue }
            let intent = try await run.journal.intend(open.effect, open.facts)
            try await run.journal.effected(intent, ["http-status": 401])
        }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let deleted = record.effects.compactMap { SendGridRevokeStep.id(of: $0, SendGridRevokeStep.deleteEffect) }
        let lines = deleted.map { "The SendGrid key \($0) was deleted, and never comes back." }
        return UndoPreview(
            changes: [], cannot: lines.isEmpty ? ["This step has changed nothing that could be taken back."] : lines)
    }

    /// The leaked keys that still exist, and whether their leaked text was ever seen to open anything.
    private func existing(
        _ admin: SendGridClient, _ record: StepRecord
    ) async throws -> [(LeakedSendGridKey, KeyDetail, isProven: Bool)] {
        var found: [(LeakedSendGridKey, KeyDetail, isProven: Bool)] = []
        let all = try LeakedSendGridKey.all(in: try await workbench.findings())
        for (leaked, answer) in zip(all, try await workbench.liveness(of: all.map(\.value)))
        where !isLeft(leaked.id, record) {
            guard let detail = try await SendGridAdmin.calling({ try await admin.key(leaked.id) }) else { continue }
            let wasLetIn = await wasLetIn(leaked.id)
            found.append((leaked, detail, isProven: answer.liveness.isLive == true || wasLetIn))
        }
        return found
    }

    /// The leaked keys that still open something, and what the secret holds.
    private func left(_ record: StepRecord) async throws -> ([LeakedSendGridKey], HeldSendGridKeys) {
        var live: [LeakedSendGridKey] = []
        let all = try LeakedSendGridKey.all(in: try await workbench.findings())
        for (leaked, answer) in zip(all, try await workbench.liveness(of: all.map(\.value))) {
            if answer.liveness.isLive ?? false, !isSpreading(leaked.id, record) { live.append(leaked) }
        }
        return (live, try await HeldSendGridKeys.readIfNamed(workbench, key))
    }
}
