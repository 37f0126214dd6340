// Stores the values: everything in one version, and nothing that leaked without a word.

import Checklist
import Delivery
import Scanning
import Secrets
import Stores
import World

/// `store-values`: takes the values from dotenv files and history into the secret.
struct StoreValuesStep: StepKind {
    static let description = KindDescription(
        name: "store-values",
        about:
            "Stores the values of dotenv files and of history in one version; leaked ones are offered for replacement.",
        parameters: [
            ParameterDeclaration(
                "files", .list,
                about: "Dotenv files to take values from, the first one counting first; by default all that are found."),
            ParameterDeclaration(
                "keys", .list,
                about: "Only these keys, settings included; `*` stands for anything. By default every secret."),
            ParameterDeclaration("except", .list, about: "Not these keys; `*` stands for anything."),
            ParameterDeclaration("generate", .list, about: "Keys that get a new random value where they have none."),
        ])

    static let effect = "store-values"

    let workbench: Workbench
    private let files: [String]?
    private let selection: KeySelection
    private let generates: [String]

    init(_ step: Step, _ workbench: Workbench) {
        self.workbench = workbench
        files = step.parameters.list("files").flatMap { $0.isEmpty ? nil : $0 }
        selection = KeySelection(
            only: step.parameters.list("keys") ?? [], excluding: step.parameters.list("except") ?? [])
        generates = step.parameters.list("generate") ?? []
    }

    private typealias Current = (version: SecretVersion, content: SecretContent)

    private func plan(_ secret: SecretPlace, _ record: StepRecord, _ answers: Answers) async throws -> (
        plan: ValuePlan, current: Current?
    ) {
        let current = try await secret.current()
        let findings = try await workbench.findings()
        let survey = try ValueSurvey(workbench, findings, named: files)
        let planner = ValuePlanner(
            survey: survey, findings: findings, current: current, selection: selection, generates: generates,
            remembered: RememberedDecisions(record), answers: answers)
        return (try planner.plan(), current)
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            return .unsatisfied(reason: "there is no \(secret.words) yet")
        }
        if found.deleted != nil { return .unsatisfied(reason: "\(secret.words) is scheduled for deletion") }
        let (plan, current) = try await plan(secret, record, Answers())
        let missing = plan.keys(\.isChange) + plan.open.map(\.key)
        if !missing.isEmpty {
            let verb = missing.count == 1 ? "is" : "are"
            return .unsatisfied(
                reason:
                    "\(PlainText.count(missing.count, "key")) \(verb) to be stored in \(PlainText.line(secret.name)): "
                    + PlainText.list(missing))
        }
        // What was stored may not go away again without a word, whatever has become of the files.
        let lost = RememberedDecisions(record).stored.filter { key in
            current?.content.state(of: key, isPlaceholder: { _ in false }) != .present
                && !plan.rows.contains { $0.key == key && !$0.isChange }
        }
        if !lost.isEmpty {
            return .unsatisfied(
                reason: "\(PlainText.line(secret.name)) no longer holds \(PlainText.list(lost.sorted()))")
        }
        guard let current, !current.content.keys.isEmpty else {
            return .unsatisfied(reason: "\(secret.words) holds no values, and none were found to store")
        }
        if let left = try leftLabel(secret, record, found) {
            return .unsatisfied(
                reason: "the run that wrote version \(PlainText.version(left.version)) was cut short: its label is left"
            )
        }
        let count = current.content.keys.count
        var evidence = Evidence(
            "version \(PlainText.version(current.version.versionID)) of \(PlainText.line(secret.name)) holds "
                + PlainText.count(count, "key"),
            facts: ["version-id": .text(PlainText.line(current.version.versionID)), "keys": .number(count)])
        if let arn = current.version.arn { evidence.facts["arn"] = .text(arn) }
        if !plan.keptLeaked.isEmpty {
            evidence.facts[RememberedDecisions.Name.kept] = .list(plan.keptLeaked)
            evidence.warnings.append("leaked values were carried over: \(PlainText.list(plan.keptLeaked))")
        }
        return .satisfied(evidence)
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            throw StepFailure(
                "there is no \(secret.words) yet", remedy: "do the step first that creates it", kind: .refused)
        }
        let (plan, current) = try await plan(secret, record, answers)
        var preview = Preview(questions: plan.questions, basis: plan.basis)
        let writes = !plan.changing.isEmpty || !plan.open.isEmpty
        if writes || decidesAnew(plan, record) {
            let what = writes ? "store values in \(secret.words), in one new version" : "remember what you decided"
            preview.changes = [PlannedChange(what, lines: Self.lines(plan))]
        } else if let left = try leftLabel(secret, record, found) {
            preview.changes = [
                PlannedChange(
                    "tidy up \(secret.words)",
                    lines: [
                        PreviewLine(
                            .removed,
                            "the label \(PlainText.line(left.key.stage)) of version \(PlainText.version(left.version))")
                    ])
            ]
        } else if current?.content.keys.isEmpty ?? true {
            preview.byHand = [
                "no values were found: name the dotenv files in `files` of this step, or use `migrate secret set`"
            ]
        }
        return preview
    }

    private func decidesAnew(_ plan: ValuePlan, _ record: StepRecord) -> Bool {
        let remembered = RememberedDecisions(record)
        return !remembered.skipped.isSuperset(of: plan.skipped) || !remembered.kept.isSuperset(of: plan.keptLeaked)
    }

    /// The masked difference: what changes, then what stays, then what is left out.
    private static func lines(_ plan: ValuePlan) -> [PreviewLine] {
        let width = min(plan.rows.map(\.key.count).max() ?? 0, 32)
        func line(_ mark: PreviewLine.Mark, _ row: ValuePlan.Row) -> PreviewLine {
            let key = PlainText.line(row.key)
            let padded = key + String(repeating: " ", count: max(0, width - key.count))
            return PreviewLine(mark, [padded, row.mask, row.note].filter { !$0.isEmpty }.joined(separator: "  "))
        }
        var (changes, stays, open, skipped): ([PreviewLine], [PreviewLine], [PreviewLine], [PreviewLine]) =
            ([], [], [], [])
        var leftOut: [ValuePlan.LeftOut: [String]] = [:]
        for row in plan.rows {
            switch row.action {
            case .take, .generate: changes.append(line(row.isThere ? .changed : .added, row))
            case .stays: stays.append(line(.context, row))
            case .open: open.append(line(.note, row))
            case .skip: skipped.append(line(.note, row))
            case .leftOut(let why): leftOut[why, default: []].append("\(row.key) (\(row.note))")
            }
        }
        var lines = changes + open + stays + skipped
        for why in ValuePlan.LeftOut.allCases {
            guard let keys = leftOut[why] else { continue }
            let remedy = why == .setting ? "; `keys` of this step takes them in as well" : ""
            lines.append(PreviewLine(.note, "left out, as \(why.words): \(PlainText.list(keys, limit: 12))\(remedy)"))
        }
        return lines + plan.notes.map { PreviewLine(.note, $0) }
    }

    func apply(_ run: StepRun) async throws {
        let secret = try await SecretPlace(workbench)
        let (plan, current) = try await plan(secret, run.record, run.answers)
        guard plan.questions.isEmpty, plan.open.isEmpty else {
            throw StepFailure(
                "it is not decided yet what becomes of \(PlainText.list(plan.open.map(\.key)))",
                remedy: "answer \(PlainText.list(plan.questions.map(\.id)))")
        }
        guard plan.basis == run.basis else { throw StepChanged(secret.words) }
        let wasCutShort = run.record.openIntents.contains { $0.effect == Self.effect }
        guard wasCutShort || !plan.changing.isEmpty || decidesAnew(plan, run.record) else {
            return try await clearLeftLabel(secret, run.record)
        }
        let intent = try await run.journal.intend(Self.effect, facts(plan, base: current?.version.versionID))
        let key = try RunKeys(workbench).runKey(intent.token)
        guard !plan.changing.isEmpty else { return try await settle(secret, run, intent, key, plan, current) }
        let changes = try plan.changing.map { row throws(StoreError) in
            switch row.action {
            case .generate(let form):
                Change.set(
                    row.key,
                    .text(
                        SharedSecret(
                            try ValueGenerator.generate(form.format, bytes: form.bytes, world: workbench.world))))
            case .take(let value): Change.set(row.key, .text(value))
            case .stays, .skip, .leftOut, .open: throw .invalid(what: "the plan", reason: "it changes what stays")
            }
        }
        var options = MergeOptions()
        options.expected = try ChangePlan(name: secret.name, version: current?.version, changes: changes)
        var isTold = false
        let journal = run.journal
        let merge = Merge(in: secret.store, run: key, world: workbench.world, options: options) { event in
            // Before the labels go by which the version would be known.
            guard case .live(let version) = event, !isTold else { return }
            isTold = true
            try await journal.effected(intent, facts(plan, base: current?.version.versionID, version: version))
        }
        let outcome = try await merge.apply(changes, to: secret.name)
        if let content = options.expected?.result { workbench.remember(content, name: secret.name) }
        if case .superseded(let keys) = outcome.kind {
            throw StepChanged("\(PlainText.list(keys)) in \(PlainText.line(secret.name))")
        }
        if !isTold {
            // An answer got lost, and the version was found live when it was looked for.
            try await journal.effected(
                intent, facts(plan, base: current?.version.versionID, version: outcome.versionID))
        }
    }

    /// Nothing is left to write: only decisions, or what an earlier run has done and not told.
    private func settle(
        _ secret: SecretPlace, _ run: StepRun, _ intent: Intent, _ key: RunKey, _ plan: ValuePlan, _ current: Current?
    ) async throws {
        let live = current?.version.versionID
        let labelled = try await secret.store.describe(secret.name).version(with: key.stage)
        guard live != nil, labelled == live else {
            return try await run.journal.effected(intent, facts(plan, base: live))
        }
        var told = intent.facts
        told[RememberedDecisions.Name.version] = live.map { .text($0) }
        try await run.journal.effected(intent, told)
        _ = try await Merge(in: secret.store, run: key, world: workbench.world).apply([], to: secret.name)
    }

    /// The label of a run of this step's that wrote its version, said so, and was killed before it was done.
    private func leftLabel(
        _ secret: SecretPlace, _ record: StepRecord, _ found: SecretDescription
    ) throws -> (key: RunKey, version: String)? {
        guard let keys = try RunKeys.existing(workbench) else { return nil }
        for effect in record.effects where effect.effect == Self.effect {
            let key = try keys.runKey(effect.token)
            if let version = found.version(with: key.stage) { return (key, version) }
        }
        return nil
    }

    /// Nothing is announced: a label that is taken away twice is gone all the same.
    private func clearLeftLabel(_ secret: SecretPlace, _ record: StepRecord) async throws {
        guard let found = try await secret.describe(), let left = try leftLabel(secret, record, found) else { return }
        _ = try await Merge(in: secret.store, run: left.key, world: workbench.world).apply([], to: secret.name)
    }

    /// Names of keys and ids of versions: no values, and nothing that is made from them.
    private func facts(_ plan: ValuePlan, base: String?, version: String? = nil) -> Facts {
        typealias Name = RememberedDecisions.Name
        var facts: Facts = [
            Name.added: .list(plan.keys { $0.isChange && !$0.isThere }),
            Name.changed: .list(plan.keys { $0.isChange && $0.isThere }),
            Name.generated: .list(plan.generated), Name.kept: .list(plan.keptLeaked), Name.skipped: .list(plan.skipped),
        ]
        facts[Name.base] = base.map { .text($0) }
        facts[Name.version] = version.map { .text($0) }
        return facts
    }
}
