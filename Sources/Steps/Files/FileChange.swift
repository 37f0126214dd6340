// A change of one file of the worktree: shown masked, made atomically, taken back byte for byte.

package import Checklist
import Crypto
import Files
import SystemPackage

/// A planned change of one file of the worktree, made from the file as it is now.
package struct FileChange: Sendable {
    /// From the root.
    package let path: String
    /// Nil when there is no file.
    package let before: [UInt8]?
    /// What it is to hold.
    package let after: [UInt8]
    /// Whether what the file holds now may have secrets in it: then nothing derived from it is written down.
    package let isPrivate: Bool
    let place: WorktreePlace
    /// Twelve bits; nil when there is no file.
    let mode: UInt32?
    private let stamp: String
    let form: MaskedText.Form

    /// In bytes: what is larger is no file that a step writes.
    static let largest = 8 << 20
    /// The beginning of the names of these effects; the path follows.
    static let effectPrefix = "write/"

    /// Reads the file and plans its change.
    ///
    /// - Parameters:
    ///   - path: from the root of the worktree.
    ///   - isDotenv: whether its lines are `KEY=value`, whose values a preview hides.
    ///   - edit: makes the new content from the old; the same for no change.
    /// - Throws: `StepFailure` for a path that leads out of the worktree or a file that cannot be read, and what `edit`
    ///   throws.
    package init(
        of path: String, in root: String, isDotenv: Bool = false,
        isPrivate: (_ before: [UInt8]?) -> Bool = { _ in false },
        _ edit: (_ before: [UInt8]?) throws -> [UInt8]
    ) throws {
        place = try WorktreePlace(path, in: root)
        self.path = path
        before = try Self.content(of: place)
        let status = FileStatus(at: place.full)
        mode = before == nil ? nil : status?.mode
        stamp = status.map { "\($0.inode)/\($0.size)/\($0.changed.seconds).\($0.changed.nanoseconds)" } ?? "absent"
        form = isDotenv ? .dotenv : .plain
        self.isPrivate = isPrivate(before)
        after = try edit(before)
    }

    static func content(of place: WorktreePlace) throws -> [UInt8]? {
        do { return try FileContent.read(place.full, limit: largest) } catch {
            throw StepFailure(
                "\(PlainText.line(place.path)) cannot be read: \(error.reason)", remedy: "make it a readable file")
        }
    }

    /// Whether there is anything to do.
    package var isNeeded: Bool { before != after }

    /// The masked difference.
    package var preview: PlannedChange {
        PlannedChange(
            (before == nil ? "create " : "write ") + PlainText.line(path),
            lines: MaskedDifference.lines(from: before, to: after, as: form))
    }

    /// Changes when the file does, or what is to become of it. A private file counts by its status alone.
    package var basis: String {
        "\(path) \(isPrivate ? stamp : Self.digest(before)) \(Self.digest(after))"
    }

    /// `sha256:` and 64 hexadecimal digits; `absent` for no file.
    static func digest(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "absent" }
        return "sha256:"
            + SHA256.hash(data: bytes).map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0" + digits : digits
            }.joined()
    }

    /// What is written down before the change.
    func facts(backup: String) -> Facts {
        var facts: Facts = [
            "path": .text(path), "before": .text(isPrivate ? "private" : Self.digest(before)),
            "after": .text(Self.digest(after)),
        ]
        if before != nil { facts["backup"] = .text(backup) }
        if let mode { facts["mode"] = .text("0" + String(mode, radix: 8)) }
        if !place.missingFolders.isEmpty { facts["folders"] = .list(place.missingFolders) }
        return facts
    }
}

// MARK: - Making it

extension FileChange {
    /// Makes the change: tells the journal, keeps the old bytes, and replaces the file if it is still what it was.
    ///
    /// What an earlier run left open is settled first, see `settle`.
    /// - Throws: `StepChanged` when the file has been changed since; `StepFailure`.
    package func apply(_ run: StepRun, on workbench: Workbench) async throws {
        guard isNeeded else { return }
        let backups = Backups(workbench)
        let open = run.record.openIntents.first { isThis($0, backups) }
        let effect = open?.effect ?? Self.newEffect(for: path, after: run.record)
        let planned = facts(backup: open?.facts.text("backup") ?? Backups.newName(in: workbench.world))
        let intent = try await run.journal.intend(effect, planned)
        if let before, let name = intent.facts.text("backup") { try backups.save(before, as: name) }
        try write()
        try await run.journal.effected(intent, Facts())
    }

    /// Whether an intent is for this very change.
    func isThis(_ intent: Intent, _ backups: Backups) -> Bool {
        let recorded = RecordedChange(intent)
        guard let recorded, recorded.path == path, recorded.after == Self.digest(after) else { return false }
        return recorded.isBefore(before, backups)
    }

    /// `write/.gitignore`; with a number when the record has another change of the same file.
    private static func newEffect(for path: String, after record: StepRecord) -> String {
        let taken = Set(record.currentEvents.compactMap(\.effect))
        let name = effectPrefix + path
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)#\($0)" }.first { !taken.contains($0) } ?? name
    }

    private func write() throws {
        try Self.makeFolders(place)
        func check() throws {
            // The links on the way as well.
            guard try WorktreePlace(path, in: place.root).full == place.full,
                try Self.content(of: place) == before
            else { throw StepChanged(PlainText.line(path)) }
        }
        try check()
        try Self.replace(place, by: after, mode: mode, check)
    }

    static func makeFolders(_ place: WorktreePlace) throws {
        for folder in place.missingFolders {
            do { try Folder.make(at: place.root + "/" + folder) } catch {
                throw StepFailure(
                    "the folder \(PlainText.line(folder)) cannot be made: \(error.reason)",
                    remedy: "make the worktree writable")
            }
        }
    }

    /// - Parameter mode: exactly; nil for a new file's, as the umask allows.
    static func replace(
        _ place: WorktreePlace, by bytes: [UInt8], mode: UInt32?, _ check: () throws -> Void
    ) throws {
        // Of a run that was killed while it wrote: one run at a time changes files here.
        AtomicFile.removeLeftovers(of: place.full)
        do {
            if let mode {
                try AtomicFile.write(
                    bytes, to: place.full, permissions: FilePermissions(rawValue: CModeT(mode)), isExact: true,
                    beforeRename: check)
            } else {
                try AtomicFile.write(bytes, to: place.full, beforeRename: check)
            }
        } catch let error as FileError {
            throw StepFailure(
                "\(PlainText.line(place.path)) cannot be written: \(error.reason)",
                remedy: "nothing was changed; make the file and its folder writable")
        }
    }
}
