// What a kept report was made from: the state of everything that a scan of a whole repository reads.

package import Detection
import Files
import Git
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The name of a state of a repository: as long as it is the same, a scan would find the same.
///
/// It is told by what is cheap to ask: the packs and loose objects by their names, which are digests of what they hold;
/// references, ignore rules and the index by their content; files by what the file system knows of them. Files that the
/// index answers for are as the index has them, which is what the scan itself goes by. A loose object that is damaged
/// later, in place, does not show.
package struct ScanKey: Sendable, Equatable {
    /// SHA-256.
    let digest: [UInt8]
    /// When the youngest of the files that are known by their state alone was last written.
    let youngest: Instant

    package static func == (left: ScanKey, right: ScanKey) -> Bool { left.digest == right.digest }

    /// Changes when the key or the form of kept reports does.
    static let format = "migrate scan 2"
}

extension ScanKey {
    /// The key of a scan, now; nil for one that is no scan of a whole repository, or of one that cannot be read.
    package init?(of request: ScanRequest, rules: RuleSet) {
        guard request.scope == .all, request.selection == .everything, !request.includesSubmodules,
            let opened = (try? OpenedRepository(request)) ?? nil, opened.request.pathPrefixes.isEmpty,
            let repository = try? Repository(gitFolder: opened.gitFolder)
        else { return nil }
        var digest = KeyDigest()
        do {
            try digest.addTool(rules)
            digest.add(request.includesPlaceholders)
            digest.add(request.largestBlob)
            try digest.addSettings(opened, repository)
            try digest.addObjects(opened)
            try digest.addReferences(opened)
            try digest.addFiles(opened, repository)
        } catch { return nil }
        youngest = digest.youngest
        self.digest = digest.finish()
    }
}

extension KeyDigest {
    /// The program itself, since much of what finds and judges is code, and its rules.
    fileprivate mutating func addTool(_ rules: RuleSet) throws(Unreadable) {
        add(ScanKey.format)
        if let program = FilePaths.resolved("/proc/self/exe") ?? FilePaths.resolved(CommandLine.arguments.first ?? "") {
            // The time of its installation is no time at which the repository was written to.
            let (path, before) = (program, youngest)
            try addState(of: Array(path.utf8))
            youngestIs(before)
        }
        add(rules)
    }

    /// All that is declared of the rules.
    mutating func add(_ rules: RuleSet) {
        for rule in rules.rules {
            add(rule.id)
            add(rule.title)
            add(rule.provider)
            add(rule.severity.rawValue)
            add(rule.revocation)
            add("\(rule.minimumEntropy)")
            add("\(rule.confirmation)")
            for anchor in rule.anchors {
                add(anchor.literal)
                add(anchor.ignoresCase)
            }
        }
    }

    /// Git's own settings, and what they lead to.
    fileprivate mutating func addSettings(
        _ opened: OpenedRepository, _ repository: borrowing Repository
    ) throws(Unreadable) {
        for folder in [opened.gitFolder, opened.commonFolder, opened.worktree ?? ""] { add(folder) }
        do {
            for setting in try repository.settings(ofSections: ["core", "extensions", "safe", "i18n"]) {
                add(setting.name)
                add(setting.value)
            }
        } catch { throw Unreadable() }
        for path in repository.userIgnoreFiles() { try addContent(of: path) }
        for name in ["config", "config.worktree", "info/exclude", "info/grafts", "shallow"] {
            try addContent(of: opened.commonFolder + name)
            try addContent(of: opened.gitFolder + name)
        }
    }

    /// Packs and loose objects, borrowed ones as well, and contents that git LFS keeps.
    fileprivate mutating func addObjects(_ opened: OpenedRepository) throws(Unreadable) {
        for folder in ObjectStorage(commonFolder: opened.commonFolder).folders {
            add(folder)
            try addContent(of: folder + "/info/alternates")
            let before = youngest
            for entry in try Self.entries(of: folder + "/pack") {
                try addState(of: Array((folder + "/pack/").utf8) + entry.bytes)
            }
            // A pack is never written to: another content has another name.
            youngestIs(before)
            for first in try Self.entries(of: folder) where first.bytes.count == 2 {
                add(first.bytes)
                for rest in try Self.entries(of: folder + "/" + first.name) {
                    add(rest.bytes)
                    add(rest.kind == .file)
                }
            }
            add(-2)
        }
        try addFiles(below: opened.commonFolder + "lfs/objects") { digest, path throws(Unreadable) in
            try digest.addState(of: Array(path.utf8))
        }
    }

    /// References, HEADs, what a merge or a rebase remembers, and reflogs, of all worktrees.
    fileprivate mutating func addReferences(_ opened: OpenedRepository) throws(Unreadable) {
        var folders = [opened.commonFolder]
        if opened.gitFolder != opened.commonFolder { folders.append(opened.gitFolder) }
        for worktree in try Self.entries(of: opened.commonFolder + "worktrees") where worktree.kind == .folder {
            let folder = opened.commonFolder + "worktrees/\(worktree.name)/"
            if !folders.contains(folder) { folders.append(folder) }
        }
        for folder in folders {
            add(folder)
            for name in ["packed-refs"] + Repository.pseudoReferenceNames { try addContent(of: folder + name) }
            for below in ["refs", "logs"] {
                try addFiles(below: folder + below) { digest, path throws(Unreadable) in
                    try digest.addContent(of: path)
                }
            }
        }
    }

    /// The index, and the files that it does not answer for.
    fileprivate mutating func addFiles(
        _ opened: OpenedRepository, _ repository: borrowing Repository
    ) throws(Unreadable) {
        guard let worktree = opened.worktree else { return }
        try addContent(of: opened.gitFolder + "index")
        let entries: [IndexEntry]
        do { entries = try repository.indexEntries() } catch { throw Unreadable() }
        var walk = WorktreeWalk(root: worktree)
        walk.compare(entries, indexTime: FileStatus(at: opened.gitFolder + "index")?.modified)
        walk.walk(entersRepositories: false) { path in (try? repository.isIgnored(path)) ?? false }
        // What cannot be read is a gap, and a report with gaps is not kept.
        guard walk.gaps.isEmpty else { throw Unreadable() }
        for entry in entries where !walk.unmodified.contains(entry.pathBytes) { add(entry.pathBytes) }
        add(-2)
        let root = Array((worktree + "/").utf8)
        for file in walk.files where !Self.isOurs(file.bytes) {
            add(file.reach.rawValue)
            try addState(of: root + file.bytes)
        }
        add(-2)
        for path in walk.ignoredRules where !Self.isOurs(path) { try addState(of: root + path) }
        for path in walk.repositories {
            add(path)
            add(FileStatus(at: root + Array(path.utf8) + Array("/.git".utf8)) != nil)
        }
        add(walk.specialFileCount)
        add(walk.leftOutFolderCount)
    }

    /// What this tool itself writes during a migration holds no values, but for backups, which are ignored.
    private static func isOurs(_ path: [UInt8]) -> Bool {
        // `.migrate/state.json`, and `.migrate/state.CHECKLIST.json` of a checklist that recurs.
        let isState =
            path.starts(with: ".migrate/state.".utf8) && path.suffix(5).elementsEqual(".json".utf8)
            && !path.dropFirst(".migrate/".utf8.count).contains(UInt8(ascii: "/"))
        return isState || path.starts(with: ".migrate/local/".utf8)
    }
}
