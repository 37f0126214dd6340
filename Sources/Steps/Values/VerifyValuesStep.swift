// Reads back what was stored, and looks at every value.

import Checklist
import Delivery
import Detection
import JSON
import Scanning
import Secrets
import Stores

/// `verify-values`: the secret reads back the same by version and by stage, and is complete, filled in and not leaked.
struct VerifyValuesStep: StepKind {
    static let description = KindDescription(
        name: "verify-values",
        about: "Reads the secret back: every required key is there, none is empty, a placeholder or a leaked value.",
        parameters: [
            ParameterDeclaration(
                "required", .list,
                about:
                    "Keys that must be there; by default those that were stored."),
            ParameterDeclaration(
                "allow-leaked", .list, about: "Keys that may hold a value that is in git, until they are replaced."),
        ])

    let workbench: Workbench
    private let required: [String]?
    private let allowed: Set<String>

    init(_ step: Step, _ workbench: Workbench) {
        self.workbench = workbench
        required = step.parameters.list("required")
        allowed = Set(step.parameters.list("allow-leaked") ?? [])
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let secret = try await SecretPlace(workbench)
        let version: SecretVersion
        do { version = try await secret.store.read(secret.name, .current) } catch StoreError.notFound {
            return .unsatisfied(reason: "there is no \(secret.words) yet")
        } catch StoreError.noSuchVersion {
            return .unsatisfied(reason: "\(secret.words) holds no values yet")
        } catch StoreError.scheduledForDeletion {
            return .unsatisfied(reason: "\(secret.words) is scheduled for deletion")
        }
        // By its id, and by its id and stage together: both name one version, and must give the same bytes.
        for selector in [
            VersionSelector(id: version.versionID), VersionSelector(id: version.versionID, stage: Stage.current),
        ] {
            let again = try await secret.store.read(secret.name, selector)
            guard again.versionID == version.versionID, again.content.isSame(as: version.content) else {
                return .unsatisfied(
                    reason:
                        "version \(PlainText.version(version.versionID)) of \(PlainText.line(secret.name)) reads back"
                        + " as other bytes by its id than by AWSCURRENT")
            }
        }
        let content: SecretContent
        do { content = try SecretContent(parsing: version.content, name: secret.name) } catch {
            guard case .notAnObject(_, let reason) = error else { throw error }
            return .unsatisfied(reason: "\(secret.words) holds no JSON object: \(PlainText.line(reason))")
        }
        let findings = try await workbench.findings()
        let problems = problems(content, findings, await required(findings))
        guard problems.isEmpty else { return .unsatisfied(reason: problems.joined(separator: "; ")) }
        let count = content.keys.count
        var evidence = Evidence(
            "version \(PlainText.version(version.versionID)) reads back by id and by stage, and holds "
                + PlainText.count(count, "key"),
            facts: ["version-id": .text(PlainText.line(version.versionID)), "keys": .number(count)])
        if let arn = version.arn { evidence.facts["arn"] = .text(arn) }
        let leaked = leakedKeys(content, findings).filter(allowed.contains)
        if !leaked.isEmpty {
            evidence.facts["allowed-leaked"] = .list(leaked)
            evidence.warnings.append("values that are in git, as `allow-leaked` allows: \(PlainText.list(leaked))")
        }
        return .satisfied(evidence)
    }

    private func problems(_ content: SecretContent, _ findings: RepositoryFindings, _ required: [String]) -> [String] {
        guard !content.keys.isEmpty else { return ["the secret holds no values"] }
        func state(_ key: String) -> ValueState {
            content.state(of: key, isPlaceholder: { $0.withBytes { StandaloneValue.isPlaceholder($0) } })
        }
        var problems: [String] = []
        func tell(_ what: String, _ keys: [String]) {
            guard !keys.isEmpty else { return }
            problems.append("\(what): \(PlainText.list(keys))")
        }
        tell("missing", required.filter { state($0) == .absent })
        tell("empty", content.keys.filter { state($0) == .empty })
        tell("placeholders", content.keys.filter { state($0) == .placeholder })
        tell("no strings", content.keys.filter { [.object, .array].contains(content.value(of: $0)?.kind) })
        tell("values that are in git", leakedKeys(content, findings).filter { !allowed.contains($0) })
        return problems
    }

    private func leakedKeys(_ content: SecretContent, _ findings: RepositoryFindings) -> [String] {
        content.keys.filter { key in
            guard let value = content.value(of: key) else { return false }
            return findings.leak(of: value.text(), key: key) != nil
        }
    }

    /// What the checklist names; else what was stored; else every secret of the dotenv files but those that a person
    /// left out.
    private func required(_ findings: RepositoryFindings) async -> [String] {
        if let required { return required }
        var skipped: Set<String> = []
        var stored: Set<String> = []
        for record in await workbench.records(StoreValuesStep.description.name) {
            let decisions = RememberedDecisions(record)
            skipped.formUnion(decisions.skipped)
            stored.formUnion(decisions.stored)
        }
        // Which files and keys count is told to the step that stores them.
        guard stored.isEmpty else { return stored.subtracting(skipped).sorted() }
        guard let selection = try? DotenvSelection(named: nil, findings.report) else { return [] }
        let paths = Set(selection.paths.map(\.path))
        var seen: Set<String> = [ValueSurvey.nameKey]
        return findings.report.dotenvFiles.filter { paths.contains($0.path) }.flatMap(\.entries)
            .filter { $0.valueClass == .secret || $0.valueClass == .connectionString }.map(\.key)
            .filter { EnvironmentName.isValid($0) && !skipped.contains($0) && seen.insert($0).inserted }
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        // It changes nothing: what is wrong, others put right.
        guard case .unsatisfied(let reason) = try await observe(record) else { return Preview(basis: "verified") }
        return Preview(
            byHand: [
                reason,
                "put it right with `migrate secret set`, or do the step again that stores the values; a leaked value that"
                    + " must stay for now goes into `allow-leaked` of this step",
            ], basis: reason)
    }

    func apply(_ run: StepRun) async throws {}
}
