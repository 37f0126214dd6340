// The effect on the index, how it is remembered, and how it is taken back.

package import Checklist
import Dotenv
import Git

enum DotenvPath {
    /// Whether a path is a dotenv file's, templates aside.
    static func isReal(_ path: String) -> Bool { DotenvFileKind(path: path) == .dotenv }
}

extension UntrackStep {
    static let untracking = "untrack"
    static let leaving = "leave-branches"

    /// Branches that a person has decided to leave.
    static func leftBranches(_ record: StepRecord) -> Set<String> {
        Set(record.effects.filter { $0.effect.hasPrefix(leaving) }.flatMap { $0.facts.list("branches") ?? [] })
    }

    static func newEffect(_ name: String, after record: StepRecord) -> String {
        let taken = Set(record.currentEvents.compactMap(\.effect))
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)#\($0)" }.first { !taken.contains($0) } ?? name
    }

    /// What an earlier run announced: its backup holds the entries.
    private func records(of intent: Intent) -> [IndexRecord]? {
        guard let name = intent.facts.text("backup"), let bytes = Backups(workbench).content(of: name) else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        let records = lines.compactMap { IndexRecord(line: $0) }
        return records.count == lines.count ? records : nil
    }

    private static func isUntracking(_ intent: Intent) -> Bool {
        intent.effect.hasPrefix(untracking) && intent.facts.flag("void") != true
    }

    /// Tells the end of what earlier runs announced: made, if nothing of it is in the index any more.
    func settle(_ run: StepRun, _ tracked: TrackedDotenvFiles) async throws {
        for intent in run.record.openIntents {
            if intent.effect.hasPrefix(Self.leaving) { try await run.journal.effected(intent, Facts()) }
            guard Self.isUntracking(intent) else { continue }
            let paths = Set(intent.facts.list("files") ?? [])
            let there = tracked.index.filter { paths.contains(QuotedPath.quoted($0.path)) }
            if records(of: intent) != nil, there.isEmpty {
                try await run.journal.effected(intent, Facts())
            } else if records(of: intent) != tracked.index {
                // It never came to it, and now it is about others.
                try await run.journal.effected(intent, ["void": true])
            }
        }
    }

    func untrack(_ run: StepRun, _ tracked: TrackedDotenvFiles, gitFolder: String) async throws {
        let open = run.record.openIntents.first { Self.isUntracking($0) && records(of: $0) == tracked.index }
        var facts: Facts = [
            "files": .list(tracked.index.map { QuotedPath.quoted($0.path) }),
            // The ids of the blobs stay here: they are computed from live values.
            "backup": .text(open?.facts.text("backup") ?? Backups.newName(in: workbench.world)),
        ]
        if let commit = tracked.headCommit { facts["head"] = .text(commit.description) }
        let intent = try await run.journal.intend(
            open?.effect ?? Self.newEffect(Self.untracking, after: run.record), facts)
        let lines = tracked.index.map { $0.line + "\n" }.joined()
        try Backups(workbench).save(Array(lines.utf8), as: intent.facts.text("backup") ?? "")
        do {
            let repository = try Repository(gitFolder: gitFolder)
            try repository.removeFromIndex(tracked.index.map(\.path), expecting: tracked.index)
        } catch let error as IndexError {
            throw StepRepository.failure(error)
        } catch let error as GitError {
            throw StepRepository.failure(error)
        }
        try await run.journal.effected(intent, Facts())
    }

    // MARK: Undo

    /// The entries of an effect, from the backup, or else from the commit that HEAD was.
    private func entries(of intent: Intent, _ repository: borrowing Repository) -> [IndexRecord]? {
        if let records = records(of: intent) { return records }
        guard let text = intent.facts.text("head"), let commit = ObjectID(hexadecimal: text),
            let paths = intent.facts.list("files")?.compactMap({ QuotedPath.path($0) }),
            let files = try? repository.files(in: [commit], named: { DotenvFileKind(fileName: $0) == .dotenv })[commit]
        else { return nil }
        let entries = files.filter { paths.contains($0.path) }
        guard entries.count == paths.count else { return nil }
        return entries.map { IndexRecord(path: $0.path, id: $0.id, mode: $0.mode) }
    }

    private func effects(_ record: StepRecord) -> [Intent] { (record.effects + record.openIntents).reversed() }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        let repository = try StepRepository.open(workbench)
        var preview = UndoPreview(changes: [])
        let tracked = try TrackedDotenvFiles(repository, workbench: workbench, except: exceptions)
        for intent in effects(record) {
            if intent.effect.hasPrefix(Self.leaving) {
                preview.changes.append(PlannedChange("forget that .env files may stay on other branches"))
            }
            guard Self.isUntracking(intent) else { continue }
            guard let entries = entries(of: intent, repository) else {
                preview.cannot.append(Self.withoutBackup(intent).reason)
                continue
            }
            let there = Set(tracked.index)
            let missing = entries.filter { !there.contains($0) }
            guard !missing.isEmpty else { continue }
            preview.changes.append(
                PlannedChange(
                    "put back into git's index: git tracks them again",
                    lines: missing.map { PreviewLine(.added, PlainText.line($0.path)) }))
            let committed = Set(tracked.head.map(\.path))
            if missing.contains(where: { !committed.contains($0.path) }) {
                preview.cannot.append("the commit that took them out stays: `git revert` it")
            }
        }
        return preview
    }

    func undo(_ run: StepRun) async throws {
        for intent in effects(run.record) {
            let isUntracking = Self.isUntracking(intent)
            guard isUntracking || intent.effect.hasPrefix(Self.leaving) else { continue }
            var work: (gitFolder: String, entries: [IndexRecord])?
            if isUntracking {
                let repository = try StepRepository.open(workbench)
                try StepRepository.refuseHalfDone(repository) { DotenvPath.isReal($0) }
                guard let entries = entries(of: intent, repository) else { throw Self.withoutBackup(intent) }
                work = (repository.gitFolder, entries)
            }
            try await run.journal.undoing(intent)
            if let work {
                do {
                    let repository = try Repository(gitFolder: work.gitFolder)
                    try repository.restoreToIndex(work.entries)
                } catch let error as IndexError {
                    throw StepRepository.failure(error)
                } catch let error as GitError {
                    throw StepRepository.failure(error)
                }
            }
            try await run.journal.reverted(intent)
        }
    }

    private static func withoutBackup(_ intent: Intent) -> StepFailure {
        let files = (intent.facts.list("files") ?? []).map { PlainText.line($0) }
        return StepFailure(
            "what the index held for \(PlainText.few(files)) is neither in a backup here nor in git",
            remedy: "undo it in the clone where the step was applied, or `git add --force` the files", kind: .refused)
    }
}
