// A new SendGrid key, straight into the secret.

import Checklist
import HTTP
import Scanning
import Secrets
import SendGrid
import Stores
import World

/// `sendgrid-create-key`
struct SendGridCreateKeyStep: StepKind {
    static let newKeyQuestion = "sendgrid-new-key"
    static let createEffect = "create-key"
    static let storeEffect = "store-key"
    /// Seconds in which a new key may still be unknown to some of SendGrid's machines.
    private static let settlingTime = 600.0

    let workbench: Workbench
    /// Of the secret.
    let key: String
    /// Nil for the secret's name.
    let name: String?
    let scopes: [String]
    /// Days after which the key that this step made is to be replaced; nil for never: any good key will do.
    var days: Int?
    /// Whether a new key is made although the old one is good.
    var isRotation: Bool { days != nil }

    // MARK: What is the case

    func observe(_ record: StepRecord) async throws -> Observation {
        let held = try await HeldSendGridKeys.read(workbench, key)
        if !isRotation, held.value?.isEmpty ?? true, try await isUnused() {
            return .satisfied(
                Evidence("not used here: no SendGrid key has leaked, and no .env file names \(key)"))
        }
        guard held.store != nil else { return .unsatisfied(reason: "there is no secret \(held.secret) yet") }
        guard let value = held.value, !value.isEmpty else {
            return .unsatisfied(reason: "\(held.secret) has no \(key) yet")
        }
        guard let id = SendGridKey.publicID(of: value) else {
            return .unsatisfied(reason: "\(key) of \(held.secret) is no SendGrid key")
        }
        let leaked = try LeakedSendGridKey.all(in: try await workbench.findings())
        if leaked.contains(where: { $0.id == id || $0.value.isSame(as: value) }) {
            return .unsatisfied(reason: "\(key) of \(held.secret) still holds the leaked key \(id)")
        }
        if let reason = whyNotRotated(id, record, held) { return .unsatisfied(reason: reason) }
        var evidence = Evidence(
            "\(key) of \(held.secret) holds the SendGrid key \(id), which did not leak",
            facts: ["key-id": .text(id), "version-id": .text(held.versionID ?? "")])
        evidence.due = due(id, record)
        switch try await workbench.liveness(of: value).liveness {
        case .live(let found):
            let missing = scopes.filter { !found.contains($0) }
            guard missing.isEmpty else {
                return .unsatisfied(reason: "the SendGrid key \(id) lacks \(missing.joined(separator: ", "))")
            }
            evidence.summary += " and may \(scopes.joined(separator: ", "))"
            evidence.facts["scopes"] = .list(found)
            evidence.facts["http-status"] = 200
            if !scopes.contains(where: Self.isManaging), found.contains(where: Self.isManaging) {
                evidence.warnings.append("The SendGrid key \(id) may manage keys, which an application has no need of.")
            }
            return .satisfied(evidence)
        case .scoped:
            evidence.facts["http-status"] = 403
            evidence.warnings.append("The SendGrid key \(id) may not tell what it may do (HTTP 403).")
            return .satisfied(evidence)
        case .dead:
            let made = record.effects.last { $0.facts.text("key-id") == id }
            if let made, (0..<Self.settlingTime).contains(workbench.world.now() - made.at) {
                return .waiting(
                    reason: "SendGrid does not know its new key \(id) everywhere yet",
                    until: workbench.world.now() + 15, facts: ["key-id": .text(id)])
            }
            return .unsatisfied(reason: "SendGrid does not know the key \(id) of \(held.secret) any more (HTTP 401)")
        case .elsewhere(let host):
            return .unknowable(
                reason: "the SendGrid key \(id) is at home at \(host), "
                    + "not at \(try workbench.sendGrid(value).place)",
                remedy: "set `sendgrid: region:` in .migrate/config.yml")
        case .unknown(let reason):
            return .unknowable(
                reason: "SendGrid does not say whether the key \(id) is live: \(reason)", remedy: "try again in a while"
            )
        }
    }

    /// Whether nothing in the repository, now or in its history, speaks of SendGrid: a team may send its mail otherwise.
    private func isUnused() async throws -> Bool {
        let report = try await workbench.findings().report
        return report.gapInWords == nil && !report.findings.contains { $0.provider == "SendGrid" }
            && !report.dotenvFiles.contains { $0.entries.contains { $0.key == key } }
    }

    private static func isManaging(_ scope: String) -> Bool { scope.hasPrefix("api_keys.") }

    // MARK: What would be done

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let held = try await HeldSendGridKeys.read(workbench, key)
        guard held.store != nil else {
            throw StepFailure(
                "there is no secret \(held.secret) yet to put the new SendGrid key into",
                remedy: "create it first: migrate plan shows the step", kind: .refused)
        }
        // A run that was cut short may have done all of it.
        if !record.openIntents.isEmpty, try await isFinished(record, held, answers) {
            return Preview(basis: held.versionID ?? "")
        }
        if let pasted = answers.secret(Self.newKeyQuestion).map(HeldSendGridKeys.trimmed) {
            let id = try await usable(pasted)
            var preview = Preview(changes: [storing(held, "SG.\(id).********")])
            preview.basis = "\(held.versionID ?? "") pasted \(id)"
            return preview
        }
        guard let admin = try SendGridAdmin.client(workbench, answers) else {
            return Preview(
                questions: [
                    SendGridAdmin.question(),
                    Question(
                        Self.newKeyQuestion, "the new key that was made by hand (it goes straight into the secret)",
                        .secret, isRequired: false),
                ],
                byHand: [
                    "open \(SendGridWords.page) and create a key with restricted access: \(scopes.joined(separator: ", "))",
                    "then run this step again and paste the key at its question \(Self.newKeyQuestion)",
                ], basis: held.versionID ?? "")
        }
        try await SendGridAdmin.check(admin, may: [.createKey, .listKeys, .deleteKey])
        var preview = Preview(basis: "\(held.versionID ?? "") \(SendGridAdmin.basis(admin))")
        for orphan in try await orphans(of: record.openIntents, admin, held) {
            preview.changes.append(
                PlannedChange(
                    "delete the SendGrid key \(orphan.id), which an earlier run left behind",
                    lines: [PreviewLine(.removed, "name: \(orphan.name)"), PreviewLine(.note, "nobody has its text")]))
            preview.basis += " " + orphan.id
        }
        preview.changes.append(
            PlannedChange(
                "create a SendGrid key at \(admin.place)",
                lines: [
                    PreviewLine(.added, "name: \(label(held)) and a mark of this run"),
                    PreviewLine(.added, "scopes: \(scopes.joined(separator: ", "))"),
                ]))
        preview.changes.append(storing(held, "the new key, which is shown to nobody"))
        return preview
    }

    private func isFinished(_ record: StepRecord, _ held: HeldSendGridKeys, _ answers: Answers) async throws -> Bool {
        if isRotation { return try await isRotated(record, held, answers) }
        if case .satisfied = try await observe(record) { return true }
        return false
    }

    private func storing(_ held: HeldSendGridKeys, _ new: String) -> PlannedChange {
        let place = held.store.map { " in \($0.place)" } ?? ""
        var lines: [PreviewLine] = []
        if let value = held.value {
            let id = SendGridKey.publicID(of: HeldSendGridKeys.trimmed(value))
            lines.append(PreviewLine(.removed, "\(key): " + (id.map { "SG.\($0).********" } ?? "********")))
        }
        lines.append(PreviewLine(.added, "\(key): \(new)"))
        return PlannedChange("change \(OneLine.of(held.secret))\(place)", lines: lines)
    }

    /// The id of a key that a person has made by hand.
    /// - Throws: `StepFailure` for one that leaked, that SendGrid does not know, or that is no key at all.
    private func usable(_ pasted: SharedSecret) async throws -> String {
        guard let id = SendGridKey.publicID(of: pasted) else {
            throw StepFailure(
                "what was given as the new key is no SendGrid key",
                remedy: "copy all of it: SG., 22 characters, a dot, 43",
                kind: .refused)
        }
        let leaked = try LeakedSendGridKey.all(in: try await workbench.findings())
        guard !leaked.contains(where: { $0.id == id }) else {
            throw StepFailure(
                "the key \(id) is one that leaked", remedy: "create another one: \(SendGridWords.page)", kind: .refused)
        }
        switch try await workbench.liveness(of: pasted).liveness {
        case .live(let found):
            let missing = scopes.filter { !found.contains($0) }
            guard missing.isEmpty else {
                throw StepFailure(
                    "the SendGrid key \(id) lacks \(missing.joined(separator: ", "))",
                    remedy: "give it that scope, or create another one: \(SendGridWords.page)", kind: .refused)
            }
        case .scoped: break
        case .dead:
            throw StepFailure(
                "SendGrid does not know the key \(id) (HTTP 401)", remedy: "copy it again", kind: .refused)
        case .elsewhere(let host):
            throw StepFailure(
                "the key \(id) is at home at \(host)", remedy: "set `sendgrid: region:` in .migrate/config.yml",
                kind: .refused)
        case .unknown(let reason):
            throw StepFailure(
                "SendGrid does not say whether the key \(id) is live: \(reason)", remedy: "try again in a while",
                kind: .unknown)
        }
        return id
    }

    // MARK: Names

    func label(_ held: HeldSendGridKeys) -> String { OneLine.of(name ?? held.secret, limit: 80) }

    /// Names are not unique at SendGrid; this one is.
    func uniqueName(of intent: Intent, _ held: HeldSendGridKeys) throws -> String {
        (intent.facts.text("name") ?? label(held)) + " " + (try suffix(of: intent))
    }

    /// Eight hexadecimal digits that nobody can tell from the token, which is published: a state file that was made up
    /// names no key of the account.
    func suffix(of intent: Intent) throws -> String {
        try RunKeys(workbench).bytes(for: "sendgrid-key-name", token: intent.token).withBytes { bytes in
            (0..<4).map { index in
                let digits = String(bytes[index], radix: 16)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
        }
    }

    /// Keys that a run which was cut short has made, and whose text got lost with it.
    func orphans(
        of intents: [Intent], _ admin: SendGridClient, _ held: HeldSendGridKeys
    ) async throws -> [KeySummary] {
        let names = try intents.filter { $0.effect == Self.createEffect }.map { try uniqueName(of: $0, held) }
        guard !names.isEmpty else { return [] }
        return try await SendGridAdmin.calling { try await admin.keys() }.filter { key in
            names.contains(key.name) && held.holding(id: key.id) == nil
        }
    }
}
