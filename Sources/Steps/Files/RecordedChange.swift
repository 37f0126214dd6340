// A change of a file as the journal remembers it.

package import Checklist
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What an intent of `FileChange` says. It may come from a file that anybody has edited, and is taken for nothing more.
struct RecordedChange {
    let intent: Intent
    let path: String
    /// A digest; "absent", or "private".
    let before: String
    let after: String
    let backup: String?
    let mode: UInt32?
    /// That were made for it, from the root, outermost first.
    let folders: [String]

    /// Nil for an intent of another kind, and for one that came to nothing.
    init?(_ intent: Intent) {
        guard intent.effect.hasPrefix(FileChange.effectPrefix), intent.facts.flag("void") != true,
            let path = intent.facts.text("path"), let before = intent.facts.text("before"),
            let after = intent.facts.text("after")
        else { return nil }
        self.intent = intent
        self.path = path
        self.before = before
        self.after = after
        backup = intent.facts.text("backup")
        mode = intent.facts.text("mode").flatMap { UInt32($0, radix: 8) }.map { $0 & 0o7777 }
        folders = intent.facts.list("folders") ?? []
    }

    /// Whether the bytes are those from before the change. Of a private file only its backup tells.
    func isBefore(_ bytes: [UInt8]?, _ backups: Backups) -> Bool {
        guard before == "private" else { return before == FileChange.digest(bytes) }
        guard let bytes, let backup else { return false }
        return backups.content(of: backup) == bytes
    }
}

extension FileChange {
    /// Settles what earlier runs announced and never told the end of: a change that is there was made, one that is not
    /// came to nothing, unless it is about to be made now.
    ///
    /// - Parameter planned: what is about to be made.
    package static func settle(_ run: StepRun, on workbench: Workbench, planned: [FileChange]) async throws {
        let backups = Backups(workbench)
        for intent in run.record.openIntents {
            guard let recorded = RecordedChange(intent) else { continue }
            let content = try content(of: try WorktreePlace(recorded.path, in: workbench.root))
            if digest(content) == recorded.after {
                try await run.journal.effected(intent, Facts())
            } else if !planned.contains(where: { $0.isNeeded && $0.isThis(intent, backups) }) {
                try await run.journal.effected(intent, ["void": true])
            }
        }
    }
}

extension StepRecord {
    /// The changes of files that were made and not taken back, oldest first, with those that may have been.
    func fileChanges() -> [RecordedChange] {
        (effects + openIntents).compactMap { RecordedChange($0) }
    }
}
