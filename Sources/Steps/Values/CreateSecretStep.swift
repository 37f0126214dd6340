// Makes the secret that takes the values.

import Checklist
import Stores
import World

/// `create-secret`: an empty secret with its tags, or the one that is there already.
struct CreateSecretStep: StepKind {
    static let description = KindDescription(
        name: "create-secret", about: "Creates the secret, in the expected account and region.",
        parameters: [
            ParameterDeclaration("description", .text, about: "What the secret is for, as the store shows it."),
            ParameterDeclaration("tags", .map, about: "Tags that the secret must have, by key."),
            ParameterDeclaration(
                "kms-key", .text, about: "Id, ARN or alias of the KMS key that encrypts it; by default the store's own."
            ),
        ])

    /// What the journal calls the effects.
    enum Effect {
        static let create = "create-secret"
        static let restore = "restore-secret"
        static let tag = "tag-secret"
    }
    static let windowDays = 7
    private static let question = "deleted"

    let workbench: Workbench
    let text: String?
    let tags: [String: String]
    let kmsKey: String?

    init(_ step: Step, _ workbench: Workbench) {
        self.workbench = workbench
        text = step.parameters.text("description")
        tags = Dictionary(step.parameters.map("tags")?.map { ($0.key, $0.value) } ?? []) { $1 }
        kmsKey = step.parameters.text("kms-key")
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            return .unsatisfied(reason: "there is no \(secret.words)")
        }
        if found.deleted != nil { return .unsatisfied(reason: Self.deletion(of: found, secret)) }
        let missing = missingTags(found)
        guard missing.isEmpty else {
            return .unsatisfied(reason: "\(secret.words) lacks the tags \(PlainText.list(missing))")
        }
        var evidence = Evidence("\(secret.words) is there", facts: secret.facts(found))
        if let account = evidence.facts.text("account") { evidence.summary += ", in account \(account)" }
        if let kmsKey, let key = found.kmsKey, key != kmsKey, !key.hasSuffix("/" + kmsKey), !kmsKey.hasSuffix(key) {
            evidence.warnings.append("it is encrypted with \(PlainText.line(key)), not with \(PlainText.line(kmsKey))")
        }
        return .satisfied(evidence)
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            var lines = [PreviewLine(.added, "an empty JSON object: the values come later, in one version")]
            if let text { lines.append(PreviewLine(.added, "description: \(PlainText.line(text))")) }
            if let kmsKey { lines.append(PreviewLine(.added, "encrypted with \(PlainText.line(kmsKey))")) }
            lines += tags.keys.sorted().map { PreviewLine(.added, tagLine($0)) }
            if let account = secret.access.expectedAccount {
                lines.append(PreviewLine(.note, "in account \(account), as the settings expect"))
            }
            return Preview(changes: [PlannedChange("create secret \(secret.words)", lines: lines)], basis: "absent")
        }
        if found.deleted != nil { return deletedPreview(found, secret, answers) }
        let missing = missingTags(found)
        guard !missing.isEmpty else { return Preview(basis: basis(found)) }
        let lines = missing.map { key in
            found.tags[key].map { PreviewLine(.changed, tagLine(key) + " (now \(PlainText.line($0)))") }
                ?? PreviewLine(.added, tagLine(key))
        }
        return Preview(changes: [PlannedChange("tag secret \(secret.words)", lines: lines)], basis: basis(found))
    }

    func apply(_ run: StepRun) async throws {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else { return try await create(secret, run) }
        if found.deleted != nil {
            guard run.answers.text(Self.question) == "restore" else {
                throw StepFailure(
                    Self.deletion(of: found, secret), remedy: "answer `\(Self.question)` with restore", kind: .refused)
            }
            let intent = try await run.journal.intend(Effect.restore, secret.facts(found))
            try await secret.store.restore(secret.name)
            try await run.journal.effected(intent, Facts())
        } else {
            try await settle(secret, run)
        }
        let missing = missingTags(found)
        guard !missing.isEmpty else { return }
        let before = missing.filter { found.tags[$0] != nil }.map { "\($0)=\(found.tags[$0] ?? "")" }
        let intent = try await run.journal.intend(
            Effect.tag, ["added": .list(missing.filter { found.tags[$0] == nil }), "before": .list(before)])
        try await secret.store.tag(secret.name, tags.filter { missing.contains($0.key) })
        try await run.journal.effected(intent, Facts())
    }

    private func create(_ secret: SecretPlace, _ run: StepRun) async throws {
        let intent = try await run.journal.intend(Effect.create, ["name": .text(PlainText.line(secret.name))])
        let options = CreationOptions(description: text, kmsKey: kmsKey, tags: tags)
        let made: VersionReference
        do {
            made = try await Creation.create(
                secret.name, in: secret.store, run: try RunKeys(workbench).runKey(intent.token), options: options
            ).reference
        } catch StoreError.alreadyExists {
            // Somebody else made it since the preview.
            throw StepChanged(secret.words)
        }
        var facts: Facts = ["version-id": .text(made.versionID)]
        if let arn = made.arn { facts["arn"] = .text(arn) }
        try await run.journal.effected(intent, facts)
    }

    /// A run that was cut short may have made the secret, and not have written that down.
    func settle(_ secret: SecretPlace, _ run: StepRun) async throws {
        guard let intent = run.record.openIntents.first(where: { $0.effect == Effect.create }) else { return }
        guard let version = try await madeVersion(secret, intent) else { return }
        try await run.journal.effected(intent, ["version-id": .text(version)])
    }
}

extension CreateSecretStep {
    private func missingTags(_ found: SecretDescription) -> [String] {
        tags.keys.filter { found.tags[$0] != tags[$0] }.sorted()
    }

    private func tagLine(_ key: String) -> String {
        "tag \(PlainText.line(key)): \(PlainText.line(tags[key] ?? ""))"
    }

    private func basis(_ found: SecretDescription) -> String {
        let states = found.tags.keys.sorted().map { "\($0)=\(found.tags[$0] ?? "")" }
        return ([found.arn ?? found.name, found.created?.iso8601 ?? ""] + states).joined(separator: "\n")
    }

    private func deletedPreview(_ found: SecretDescription, _ secret: SecretPlace, _ answers: Answers) -> Preview {
        let basis = "deleted\n" + basis(found)
        switch answers.text(Self.question) {
        case "restore":
            return Preview(
                changes: [
                    PlannedChange(
                        "restore secret \(secret.words)",
                        lines: [PreviewLine(.added, "with the values that it had when it was deleted")])
                ], basis: basis)
        case "cancel":
            return Preview(
                byHand: [
                    Self.deletion(of: found, secret)
                        + ": wait until it is gone, or give `secret` in .migrate/config.yml another name"
                ], basis: basis)
        default:
            let choices = [
                Question.Choice("restore", "bring it back, values and all"),
                Question.Choice("cancel", "leave it, and choose another name"),
            ]
            return Preview(
                questions: [
                    Question(
                        Self.question, Self.deletion(of: found, secret) + ". What is to happen?",
                        .choice(choices, suggested: nil))
                ], basis: basis)
        }
    }

    static func deletion(of found: SecretDescription, _ secret: SecretPlace) -> String {
        "\(secret.words) is scheduled for deletion" + (found.deletionDate.map { " on \($0.day)" } ?? "")
    }
}
