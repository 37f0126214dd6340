// A change of a secret, from the plan to the proof.

import AWS
import Detection
import Reporting
import Scanning
import Secrets
import Stores
import World

/// What several commands have in common: `set`, `unset`, `generate`, `import`.
struct ChangeRun {
    let session: StoreSession
    let name: String
    let output: OutputChoice
    let consent: ConsentOptions
    /// Whether even a change that only adds is asked for.
    var asksAlways = false
    /// Whether secrets that rotation or a service manages may be written.
    var force = false
    /// Whether keys that the secret has are left alone.
    var keepsExisting = false
    /// What the repository is known to have leaked; nil where that is not looked at.
    var leaked: LeakedValues?
    /// Whether a leaked value may take another one's place.
    var allowsLeaked = false
    /// Notes to show beside keys.
    var notes: [String: String] = [:]

    /// - Parameter creation: make the secret when it is not there.
    func run(_ wanted: [Change], creation: CreationOptions? = nil) async throws {
        let current: SecretVersion?
        do { current = try await session.store.read(name) } catch let error as StoreError {
            switch error {
            case .notFound where creation != nil:
                _ = try SecretName(new: name)
            // There, but nobody has given it a value yet: infrastructure code makes such secrets.
            case .noSuchVersion: break
            default: throw error
            }
            try await session.checkAccountOfCaller()
            current = nil
        }
        try session.checkAccount(arn: current?.arn)
        let changes = try keepsExisting ? missing(wanted, in: current) : wanted
        let plan = try ChangePlan(name: name, version: current, changes: changes)
        try refuseMissing(plan)
        let burnt = leakedKeys(plan)
        let report = report(plan, burnt, isNew: current == nil)
        if (plan.isEmpty && current != nil) || consent.dryRun {
            try output.write(human: { report.text($0) }, json: { try report.json(applied: false) })
            return
        }
        let overwrites = plan.differences.contains { $0.action == .changed || $0.action == .removed }
        let asks = !consent.yes && (asksAlways || overwrites)
        if output.format == .human || asks { Diagnostics.text(report.text(output.style(.standardError))) }
        let returning = plan.differences.filter { $0.action == .changed }.compactMap { difference in
            burnt[difference.key].map { LeakedReturn.Value(key: difference.key, finding: $0) }
        }
        if !returning.isEmpty, !allowsLeaked { throw LeakedOverwrite(secret: name, values: returning) }
        if asks {
            let agreed = try Prompt.confirm(
                "Write this to \(name)?", need: "your consent to change \(name)",
                remedy: "look at it with --dry-run, then add --yes")
            if !agreed { throw PromptError.cancelled }
        }
        var options = MergeOptions()
        options.includesManaged = force
        options.expected = plan
        options.creation = creation
        let merge = Merge(
            in: session.store, run: RunKey.random(session.world), world: session.world, options: options)
        let outcome = try await merge.apply(changes, to: name)
        if let content = try? SecretContent(parsing: plan.result, name: name) {
            RememberedValues.note(content, root: session.settings.root)
        }
        try tell(outcome, report)
    }

    private func tell(_ outcome: MergeOutcome, _ report: ChangeReport) throws {
        if case .superseded(let keys) = outcome.kind { throw ChangeSuperseded(secret: name, keys: keys) }
        if outcome.guarantee == .weak, outcome.kind != .unchanged {
            Diagnostics.note(
                "warning: written without compare-and-swap, as secretsmanager:UpdateSecretVersionStage is not allowed: "
                    + "a change that somebody else made in the same moment may be lost.")
        }
        if !outcome.isInspected {
            Diagnostics.note(
                "note: secretsmanager:DescribeSecret is not allowed, so whether rotation manages \(name) is not known.")
        }
        switch output.format {
        case .human:
            let version = outcome.versionID.map { " as version \($0.prefix(8))" } ?? ""
            let changed = report.rows.filter { [.added, .changed, .removed].contains($0.kind) }.count
            let words =
                outcome.kind == .unchanged
                ? "\(name) has these values already; nothing was written.\n"
                : "\(name): \(Wording.count(changed, "key")) written\(version) and read back.\n"
            try StandardOutput.write(Array(words.utf8))
        case .json: try StandardOutput.write(report.json(applied: outcome.kind != .unchanged))
        }
    }

    /// Whoever takes a key away means one that is there.
    private func refuseMissing(_ plan: ChangePlan) throws {
        for case .remove(let key) in plan.changes {
            guard plan.differences.contains(where: { $0.key == key && $0.old == nil }) else { continue }
            throw NoSuchKey(key: key, secret: name, others: plan.keys(.untouched))
        }
    }

    private func missing(_ changes: [Change], in version: SecretVersion?) throws -> [Change] {
        guard let version else { return changes }
        let content = try SecretContent(parsing: version.content, name: name)
        return changes.filter { content.value(of: $0.key) == nil }
    }

    /// New values that are in the repository's history, by key.
    private func leakedKeys(_ plan: ChangePlan) -> [String: Finding] {
        guard let leaked else { return [:] }
        var keys: [String: Finding] = [:]
        for difference in plan.differences where difference.action == .added || difference.action == .changed {
            guard let new = difference.new, let finding = leaked.finding(of: new.text(), key: difference.key) else {
                continue
            }
            keys[difference.key] = finding
        }
        return keys
    }

    private func report(_ plan: ChangePlan, _ burnt: [String: Finding], isNew: Bool) -> ChangeReport {
        ChangeReport(
            title: "\(name) in \(session.store.place)" + (isNew ? " (no values yet)" : ""),
            rows: plan.differences.map {
                Shown.row($0, note: burnt[$0.key].map { _ in "in git history: replace it" } ?? notes[$0.key])
            }, size: plan.result.count)
    }
}

/// An import would put a value that is in the repository over another one.
struct LeakedOverwrite: Error {
    let secret: String
    let values: [LeakedReturn.Value]
}

/// Somebody else has changed the same keys since the preview.
struct ChangeSuperseded: Error {
    let secret: String
    let keys: [String]
}
