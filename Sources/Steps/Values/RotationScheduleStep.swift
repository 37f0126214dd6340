// Who rotates which value, and when: written down, and told by a tag.

import Checklist
import Dotenv
import Settings
import Stores
import World

/// `rotation-schedule`: a table in a document, and a tag on the secret with the earliest date.
struct RotationScheduleStep: StepKind {
    static let description = KindDescription(
        name: "rotation-schedule",
        about: "Writes down who rotates each key and when, and tags the secret with the earliest date.",
        parameters: [
            ParameterDeclaration(
                "document", .text, about: "The document, from the root on; by default docs/secret-rotation.md."),
            ParameterDeclaration("owner", .text, about: "Who rotates the values: a team or a person."),
            ParameterDeclaration(
                "days", .number, range: 1...3_650, about: "Days from one change to the next; by default 90."),
            ParameterDeclaration("keys", .map, about: "Days of single keys, by key."),
        ])

    static let tag = "migrate:rotate-by"
    static let tagEffect = "tag-secret"
    private static let question = "owner"
    private static let longestOwner = 200

    let workbench: Workbench
    private let document: String
    private let owner: String?
    private let days: Int
    private let daysByKey: [String: Int]

    /// - Throws: `StepFailure` for days that are no number.
    init(_ step: Step, _ workbench: Workbench) throws {
        self.workbench = workbench
        document = try Self.checkedDocument(step.parameters.text("document") ?? "docs/secret-rotation.md")
        owner = try step.parameters.text("owner").map { try Self.checked($0, "`owner` of this step") }
        days = step.parameters.number("days") ?? 90
        var byKey: [String: Int] = [:]
        for (key, value) in step.parameters.map("keys") ?? [] {
            guard let days = Int(value), (1...3_650).contains(days) else {
                throw StepFailure(
                    "`keys` gives \(PlainText.line(key)) the days \(PlainText.line(value))",
                    remedy: "give a number from 1 to 3650")
            }
            byKey[key] = days
        }
        daysByKey = byKey
    }

    private static let documentEndings = [".md", ".txt", ".adoc", ".rst"]

    /// A text for people: neither ours nor a file that programs read, which a table would break, and whose digest
    /// would be written down.
    private static func checkedDocument(_ path: String) throws -> String {
        let parts = path.lowercased().split(separator: "/")
        let name = parts.last.map(String.init) ?? ""
        guard documentEndings.contains(where: { name.hasSuffix($0) }), !name.hasPrefix(".env"),
            !parts.contains(".migrate"), DotenvFileKind(path: name) == nil
        else {
            throw StepFailure(
                "`document` of this step, \(PlainText.line(path)), is no text for people",
                remedy: "name a file that ends in .md, .txt, .adoc or .rst, outside of .migrate", kind: .refused)
        }
        return path
    }

    private static func checked(_ owner: String, _ what: String) throws -> String {
        let isLine = !owner.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard isLine, owner.contains(where: { !$0.isWhitespace }), owner.count <= longestOwner else {
            throw StepFailure(
                "\(what) is no name of a team or a person", remedy: "give one line of up to \(longestOwner) characters")
        }
        return owner
    }

    private typealias Current = (version: SecretVersion, content: SecretContent)

    func observe(_ record: StepRecord) async throws -> Observation {
        let secret = try await SecretPlace(workbench)
        guard let found = try await secret.describe() else {
            return .unsatisfied(reason: "there is no \(secret.words) yet")
        }
        if found.deleted != nil { return .unsatisfied(reason: "\(secret.words) is scheduled for deletion") }
        guard let current = try await secret.current(), !current.content.keys.isEmpty else {
            return .unsatisfied(reason: "\(secret.words) holds no values yet")
        }
        let shown = PlainText.line(document)
        let rows = try rowsByKey(nil)
        let missing = current.content.keys.filter { rows[$0] == nil || rows[$0]?.owner == "" }
        guard missing.isEmpty else {
            let what = missing.count == 1 ? "an owner and a next date" : "owners and next dates"
            return .unsatisfied(reason: "\(shown) lacks \(what) for \(PlainText.list(missing))")
        }
        let version = current.version.versionID
        let wasSeen = record.last(.verified)?.facts.text("version-id") == version
        if !wasSeen {
            let changed = try await SecretHistory.changed(secret, since: current, today: workbench.world.now())
            let late = current.content.keys.filter { (changed[$0] ?? "") > (rows[$0]?.changed ?? "") }
            guard late.isEmpty else {
                return .unsatisfied(reason: "\(PlainText.list(late)) changed after \(shown) was written")
            }
        }
        let dates = current.content.keys.compactMap { rows[$0]?.next }
        guard let next = dates.min(), let due = Day.instant(next) else {
            return .unsatisfied(reason: "\(shown) has no next date")
        }
        guard found.tags[Self.tag] == next else {
            return .unsatisfied(
                reason: "the tag \(Self.tag) of \(secret.words) is not \(next), the earliest date in \(shown)")
        }
        let first = current.content.keys.filter { rows[$0]?.next == next }
        return .satisfied(
            Evidence(
                "\(PlainText.list(first, limit: 2)) \(first.count == 1 ? "is" : "are") due next, on \(next)",
                facts: [
                    "document": .text(shown), "next": .text(next), "version-id": .text(PlainText.line(version)),
                    "keys": .number(current.content.keys.count),
                ], due: due))
    }

    /// - Parameter change: what is about to be written; nil for what is there.
    private func rowsByKey(_ change: FileChange?) throws -> [String: RotationRow] {
        // A link may lead where its name does not say.
        let place = try WorktreePlace(document, in: workbench.root)
        _ = try Self.checkedDocument(String(place.full.dropFirst(place.root.count + 1)))
        let bytes: [UInt8]
        if let change {
            bytes = change.after
        } else {
            bytes = try FileChange(of: document, in: workbench.root) { $0 ?? [] }.after
        }
        return Dictionary(try RotationDocument(bytes, path: document).rows.map { ($0.key, $0) }) { first, _ in first }
    }

    private struct Plan {
        var change: FileChange
        /// Nil while it is open.
        var next: String?
        var tagNow: String?
        var needsOwner: Bool
        var version: String

        var basis: String { "\(change.basis) \(version) \(tagNow ?? "none") \(next ?? "open")" }
        var isTagNeeded: Bool { next != nil && tagNow != next }
    }

    private func plan(_ secret: SecretPlace, _ answers: Answers) async throws -> Plan {
        guard let found = try await secret.describe(), found.deleted == nil, let current = try await secret.current(),
            !current.content.keys.isEmpty
        else {
            throw StepFailure(
                "\(secret.words) holds no values yet", remedy: "do the steps first that store them", kind: .refused)
        }
        let given = try answers.text(Self.question).map { try Self.checked($0, "the owner") } ?? owner
        let changed = try await SecretHistory.changed(secret, since: current, today: workbench.world.now())
        let now = try rowsByKey(nil)
        var rows: [RotationRow] = []
        var needsOwner = false
        for key in current.content.keys {
            let old = now[key]
            let name = old.flatMap { $0.owner.isEmpty ? nil : $0.owner } ?? given
            if name == nil { needsOwner = true }
            // A date that a person has written may be older than what the store can tell, and is not made younger.
            let day = changed[key] ?? workbench.world.now().day
            let last = old.map { max($0.changed, day) } ?? day
            let days = daysByKey[key] ?? days
            guard let next = Day.adding(days, to: last) else { continue }
            rows.append(RotationRow(key: key, owner: name ?? "", changed: last, next: next, days: days))
        }
        let change = try FileChange(of: document, in: workbench.root) { before in
            try RotationDocument(before ?? [], path: document).with(
                rows, secret: "`\(PlainText.line(secret.name))`")
        }
        return Plan(
            change: change, next: rows.map(\.next).min(), tagNow: found.tags[Self.tag], needsOwner: needsOwner,
            version: current.version.versionID)
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let secret = try await SecretPlace(workbench)
        let plan = try await plan(secret, answers)
        var preview = Preview(basis: plan.basis)
        if plan.needsOwner {
            preview.questions = [
                Question(
                    Self.question,
                    "Who rotates the values of \(PlainText.line(secret.name))? A team or a person, by name or address.")
            ]
        }
        if plan.change.isNeeded { preview.changes.append(plan.change.preview) }
        if plan.isTagNeeded, let next = plan.next {
            let line = PreviewLine(
                plan.tagNow == nil ? .added : .changed,
                "\(Self.tag): \(next)" + (plan.tagNow.map { " (now \(PlainText.line($0)))" } ?? ""))
            preview.changes.append(PlannedChange("tag secret \(secret.words)", lines: [line]))
        }
        return preview
    }

    func apply(_ run: StepRun) async throws {
        let secret = try await SecretPlace(workbench)
        let plan = try await plan(secret, run.answers)
        guard !plan.needsOwner else {
            throw StepFailure(
                "nobody is named who rotates the values",
                remedy: "answer `\(Self.question)`, or set `owner` of this step")
        }
        guard plan.basis == run.basis else { throw StepChanged(PlainText.line(document)) }
        try await FileChange.settle(run, on: workbench, planned: [plan.change])
        try await plan.change.apply(run, on: workbench)
        let open = run.record.openIntents.first { $0.effect == Self.tagEffect }
        guard plan.isTagNeeded, let next = plan.next else {
            // Made by a run that was cut short before it could tell.
            if let open { try await run.journal.effected(open, Facts()) }
            return
        }
        var facts: Facts = ["tag": .text(Self.tag), "value": .text(next)]
        if let before = plan.tagNow { facts["before"] = .text(PlainText.line(before)) }
        let intent = try await run.journal.intend(Self.tagEffect, facts)
        try await secret.store.tag(secret.name, [Self.tag: next])
        // An intent of an earlier day is handed back with its own date.
        try await run.journal.effected(intent, ["value": .text(next)])
    }

    // MARK: Taking it back

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        var preview = try FileChange.undoPreview(record, on: workbench)
        let secret = try await SecretPlace(workbench)
        guard let last = tagEffects(record).first, let found = try await secret.describe(), found.deleted == nil else {
            return preview
        }
        guard let value = found.tags[Self.tag], value == last.facts.text("value") else {
            preview.cannot.append("The tag \(Self.tag) has been changed since, and is left as it is.")
            return preview
        }
        let before = tagEffects(record).last?.facts.text("before")
        let line =
            before.map { PreviewLine(.changed, "\(Self.tag): \(PlainText.line($0))") }
            ?? PreviewLine(.removed, "\(Self.tag): \(value)")
        preview.changes.append(PlannedChange("tag secret \(secret.words)", lines: [line]))
        return preview
    }

    func undo(_ run: StepRun) async throws {
        // It refuses as a whole where a file has been changed since; nothing else is taken back then.
        try await FileChange.undo(run, on: workbench)
        let effects = tagEffects(run.record)
        guard let last = effects.first, let first = effects.last else { return }
        let secret = try await SecretPlace(workbench)
        for effect in effects { try await run.journal.undoing(effect) }
        if let found = try await secret.describe(), found.deleted == nil,
            found.tags[Self.tag] == last.facts.text("value")
        {
            if let before = first.facts.text("before") {
                try await secret.store.tag(secret.name, [Self.tag: before])
            } else {
                try await secret.store.untag(secret.name, [Self.tag])
            }
        }
        for effect in effects { try await run.journal.reverted(effect) }
    }

    /// Newest first; one that was announced and not told may have been made.
    private func tagEffects(_ record: StepRecord) -> [Intent] {
        (record.effects + record.openIntents).filter { $0.effect == Self.tagEffect }.reversed()
    }
}
