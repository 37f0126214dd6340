// Taking changes of files back: byte for byte, or not at all.

package import Checklist
import Files
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileChange {
    /// What can be done about one recorded change.
    private enum Way {
        /// It is as it was before: nothing to do.
        case isAsBefore
        case remove
        case restore([UInt8])
        /// Why not, and what to do instead.
        case refuse(StepFailure)
    }

    /// One step of an undo: what the file holds when it is its turn, and what is done about it.
    private struct Reversal {
        let change: RecordedChange
        let now: [UInt8]?
        let way: Way
    }

    /// The record's changes, the last one first: each is judged by what those after it will have left.
    private static func reversals(_ record: StepRecord, on workbench: Workbench) throws -> [Reversal] {
        var contents: [String: [UInt8]?] = [:]
        return try record.fileChanges().reversed().map { change in
            let now =
                try contents[change.path] ?? content(of: try WorktreePlace(change.path, in: workbench.root))
            let way = way(to: change, now, workbench)
            contents[change.path] =
                switch way {
                case .isAsBefore, .refuse: .some(now)
                case .remove: .some(nil)
                case .restore(let bytes): .some(bytes)
                }
            return Reversal(change: change, now: now, way: way)
        }
    }

    /// What `undo` would do with the files of the record.
    ///
    /// - Parameter isDotenv: whether the lines of a path are `KEY=value`.
    package static func undoPreview(
        _ record: StepRecord, on workbench: Workbench, isDotenv: (_ path: String) -> Bool = { _ in false }
    ) throws -> UndoPreview {
        var preview = UndoPreview(changes: [])
        for reversal in try reversals(record, on: workbench) {
            let form: MaskedText.Form = isDotenv(reversal.change.path) ? .dotenv : .plain
            let shown = PlainText.line(reversal.change.path)
            func change(_ verb: String, to bytes: [UInt8]?) {
                preview.changes.append(
                    PlannedChange(
                        "\(verb) \(shown)", lines: MaskedDifference.lines(from: reversal.now, to: bytes, as: form)))
            }
            switch reversal.way {
            case .isAsBefore: continue
            case .remove: change("remove", to: nil)
            case .restore(let bytes): change("restore", to: bytes)
            case .refuse(let failure):
                preview.cannot.append(failure.reason + (failure.remedy.map { ": " + $0 } ?? ""))
            }
        }
        return preview
    }

    /// Takes the record's changes back, the last one first. Where a file has been changed since, nothing is taken back.
    ///
    /// - Throws: `StepFailure`.
    package static func undo(_ run: StepRun, on workbench: Workbench) async throws {
        let reversals = try reversals(run.record, on: workbench)
        for reversal in reversals {
            if case .refuse(let failure) = reversal.way { throw failure }
        }
        for reversal in reversals {
            let change = reversal.change
            let place = try WorktreePlace(change.path, in: workbench.root)
            try await run.journal.undoing(change.intent)
            func check() throws {
                guard try content(of: place) == reversal.now else { throw StepChanged(PlainText.line(change.path)) }
            }
            switch reversal.way {
            case .isAsBefore, .refuse: break
            case .remove:
                try check()
                guard unlink(place.full) == 0 || errno == ENOENT else {
                    let reason = FileError(writingTo: place.full, errorNumber: errno).reason
                    throw StepFailure(
                        "\(PlainText.line(change.path)) cannot be removed: \(reason)",
                        remedy: "make its folder writable")
                }
            case .restore(let bytes):
                try makeFolders(place)
                try replace(place, by: bytes, mode: change.mode, check)
            }
            removeFolders(change, in: workbench.root)
            try await run.journal.reverted(change.intent)
        }
    }

    private static func way(to change: RecordedChange, _ now: [UInt8]?, _ workbench: Workbench) -> Way {
        let backups = Backups(workbench)
        if change.isBefore(now, backups) { return .isAsBefore }
        let shown = PlainText.line(change.path)
        let kept = change.backup.map { name in
            backups.content(of: name) == nil
                ? "what it held before is in no backup here" : "what it held before is in \(backups.shownPath(name))"
        }
        guard digest(now) == change.after else {
            return .refuse(
                StepFailure(
                    "\(shown) has been changed since, and is left as it is", remedy: kept ?? "remove it yourself",
                    kind: .refused))
        }
        if change.before == "absent" { return .remove }
        if let bytes = change.backup.flatMap(backups.content(of:)),
            change.before == "private" || digest(bytes) == change.before
        {
            return .restore(bytes)
        }
        if let bytes = committed(change, in: workbench.root) { return .restore(bytes) }
        return .refuse(
            StepFailure(
                "what \(shown) held before is neither in a backup here nor in git",
                remedy: "undo it in the clone where the step was applied, or look for it in `git log -p -- \(shown)`",
                kind: .refused))
    }

    /// The same bytes, from HEAD or the index: for a clone that has no backup.
    private static func committed(_ change: RecordedChange, in root: String) -> [UInt8]? {
        guard let repository = try? Repository(discovering: root) else { return nil }
        var candidates: [ObjectID] = []
        switch try? repository.head() {
        case .branch(_, let commit), .detached(let commit):
            if let id = (try? repository.blob(at: change.path, in: commit)) ?? nil { candidates.append(id) }
        default: break
        }
        let path = Array(change.path.utf8)
        candidates += ((try? repository.indexRecords { $0 == path }) ?? []).map(\.id)
        for id in candidates {
            let bytes = try? repository.withObject(id) { _, bytes in Array(bytes) }
            if let bytes, digest(bytes) == change.before { return bytes }
        }
        return nil
    }

    /// Those that were made for the file, if nothing else has come into them.
    private static func removeFolders(_ change: RecordedChange, in root: String) {
        guard change.before == "absent" else { return }
        for folder in change.folders.reversed() {
            guard let place = try? WorktreePlace(folder + "/x", in: root), place.missingFolders.isEmpty else {
                continue
            }
            rmdir(String(place.full.dropLast(2)))
        }
    }
}
