// Which files of a worktree are to be read, and as what.

import Dotenv
import Files
import Git

/// A file to read.
struct WorktreeFile: Sendable {
    /// Relative to the root, for showing.
    var path: String
    /// Relative to the root, exact.
    var bytes: [UInt8]
    /// `.worktree`, `.untracked` or `.ignored`.
    var reach: Reach
    var dotenv: DotenvFileKind?
}

/// The worktree, compared with the index: what must be read, and what the index answers for.
struct WorktreeWalk {
    private(set) var files: [WorktreeFile] = []
    /// Tracked files that are as the index says: their blobs are read from the object database.
    /// By the bytes of their paths, as names that look the same need not be the same.
    private(set) var unmodified: Set<[UInt8]> = []
    /// Folders with a repository of their own.
    private(set) var repositories: [String] = []
    private(set) var specialFileCount = 0
    /// Ignored folders that were not entered.
    private(set) var leftOutFolderCount = 0
    private(set) var gaps: [Gap] = []
    /// Ignore files that are ignored themselves: they are not searched, but what they say counts.
    private(set) var ignoredRules: [[UInt8]] = []

    private let root: [UInt8]
    private var tracked: Set<[UInt8]> = []
    private var trackedFolders: Set<[UInt8]> = []
    private var submodules: Set<[UInt8]> = []

    /// Folders of dependencies and build products, whose dotenv files are nobody's secrets.
    private static let dependencyFolders: Set<String> = [
        "node_modules", "bower_components", ".venv", "venv", "site-packages", ".tox", "target", ".build", ".gradle",
        ".git",
    ]
    private static let deepestIgnoredFolder = 6

    /// - Parameter root: the folder, with or without a final `/`.
    init(root: String) {
        var bytes = Array(root.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        self.root = bytes
    }

    /// Compares the tracked files with the index.
    ///
    /// - Parameter indexTime: when the index was written; a file that is as young may have changed since (git calls it racy).
    mutating func compare(_ entries: [IndexEntry], indexTime: (seconds: Int64, nanoseconds: UInt32)?) {
        for entry in entries {
            if entry.kind == .submodule { submodules.insert(entry.pathBytes) }
            // A conflict has several entries for one file.
            guard tracked.insert(entry.pathBytes).inserted else { continue }
            var folder = entry.pathBytes[...]
            while let slash = folder.lastIndex(of: UInt8(ascii: "/")) {
                folder = folder[..<slash]
                if !trackedFolders.insert(Array(folder)).inserted { break }
            }
            // Whatever git was told to overlook (`--skip-worktree`, a sparse checkout), and whatever the index says it is:
            // a file that is there is read.
            let status: FileStatus?
            do { status = try FileStatus.lookUp(absolute(entry.pathBytes)) } catch {
                gaps.append(Gap(kind: .unreadableFile, subject: entry.path, reason: error.reason))
                continue
            }
            guard let status, status.kind == .file else { continue }
            let isOlderThanIndex = indexTime.map { status.modified < $0 } ?? false
            if isOlderThanIndex, entry.kind == .file, entry.stage == 0, entry.describes(status) {
                unmodified.insert(entry.pathBytes)
            } else {
                add(entry.pathBytes, .worktree)
            }
        }
    }

    /// Walks the folders for what git does not track.
    ///
    /// - Parameters:
    ///   - entersRepositories: whether nested repositories are read as plain folders. They are named in any case.
    ///   - isIgnored: whether the ignore rules cover a path; a folder's ends in `/`.
    mutating func walk(entersRepositories: Bool, isIgnored: (String) -> Bool) {
        // A stack of our own: how deep folders nest is not ours to bound.
        var stack: [(folder: [UInt8], ignoredDepth: Int)] = [([], 0)]
        while let (folder, ignoredDepth) = stack.popLast() {
            let entries: [Folder.Entry]
            do { entries = try Folder.entries(at: folder.isEmpty ? root : absolute(folder)) } catch {
                gaps.append(
                    Gap(kind: .unreadableFolder, subject: String(decoding: folder, as: UTF8.self), reason: error.reason)
                )
                continue
            }
            for entry in entries.reversed() where entry.bytes != Array(".git".utf8) {
                let path = folder.isEmpty ? entry.bytes : folder + [UInt8(ascii: "/")] + entry.bytes
                switch entry.kind {
                case .folder:
                    guard let depth = depth(of: path, entry, ignoredDepth, entersRepositories, isIgnored) else {
                        continue
                    }
                    stack.append((path, depth))
                case .file:
                    if tracked.contains(path) { continue }
                    if ignoredDepth > 0 || isIgnored(String(decoding: path, as: UTF8.self)) {
                        if DotenvFileKind(fileName: entry.bytes) == .dotenv { add(path, .ignored) }
                        if entry.bytes == Array(".gitignore".utf8) { ignoredRules.append(path) }
                    } else {
                        add(path, .untracked)
                    }
                case .symbolicLink:
                    break
                case .other:
                    specialFileCount += 1
                }
            }
        }
    }

    /// How deep in ignored folders the walk is inside the folder at `path`, 0 outside; nil to stay out.
    private mutating func depth(
        of path: [UInt8], _ entry: Folder.Entry, _ outer: Int, _ entersRepositories: Bool,
        _ isIgnored: (String) -> Bool
    ) -> Int? {
        let hasRepository = FileStatus(at: absolute(path) + Array("/.git".utf8)) != nil
        if submodules.contains(path) {
            // One without a repository that holds files all the same is a plain folder.
            let isEmpty = (try? Folder.entries(at: absolute(path)).isEmpty) ?? false
            guard hasRepository || isEmpty else { return 0 }
            repositories.append(String(decoding: path, as: UTF8.self))
            return nil
        }
        if trackedFolders.contains(path) { return 0 }
        let inner = outer > 0 || isIgnored(String(decoding: path, as: UTF8.self) + "/") ? outer + 1 : 0
        let isLeftOut =
            inner > Self.deepestIgnoredFolder || Self.dependencyFolders.contains(entry.name) || hasRepository
        if inner > 0, isLeftOut {
            leftOutFolderCount += 1
            return nil
        }
        if hasRepository {
            repositories.append(String(decoding: path, as: UTF8.self))
            if !entersRepositories { return nil }
        }
        return inner
    }

    /// Asks once more about the dotenv files that were taken for ignored: one that is not may go in with the next commit.
    mutating func reconsiderIgnored(_ isIgnored: (String) -> Bool) {
        for index in files.indices where files[index].reach == .ignored && !isIgnored(files[index].path) {
            files[index].reach = .untracked
        }
    }

    private mutating func add(_ path: [UInt8], _ reach: Reach) {
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path[...]
        files.append(
            WorktreeFile(
                path: String(decoding: path, as: UTF8.self), bytes: path, reach: reach,
                dotenv: DotenvFileKind(fileName: Array(name))))
    }

    private func absolute(_ path: [UInt8]) -> [UInt8] { root + [UInt8(ascii: "/")] + path }
}

extension IndexEntry {
    /// Whether a file with this status is the one that git compared last. What the index does not know (0) is not asked.
    fileprivate func describes(_ status: FileStatus) -> Bool {
        status.modified == modified && UInt32(truncatingIfNeeded: status.size) == size
            && (changed.seconds == 0 || status.changed == changed)
            && (inode == 0 || UInt32(truncatingIfNeeded: status.inode) == inode)
    }
}

extension ScanReport {
    /// Notes what the walk left out by design.
    mutating func noteOmissions(of walk: WorktreeWalk) {
        if walk.specialFileCount > 0 {
            notes.append("\(walk.specialFileCount) special files (pipes, sockets, devices) were left out.")
        }
        if walk.leftOutFolderCount > 0 {
            let folders = walk.leftOutFolderCount == 1 ? "folder" : "folders"
            notes.append(
                "\(walk.leftOutFolderCount) ignored \(folders) of dependencies, build products or other repositories: "
                    + "not looked into.")
        }
    }
}
