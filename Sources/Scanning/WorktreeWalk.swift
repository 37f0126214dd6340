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
    private(set) var unmodified: Set<String> = []
    /// Folders with a repository of their own.
    private(set) var repositories: [String] = []
    private(set) var specialFileCount = 0
    private(set) var gaps: [Gap] = []

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
            tracked.insert(entry.pathBytes)
            var folder = entry.pathBytes[...]
            while let slash = folder.lastIndex(of: UInt8(ascii: "/")) {
                folder = folder[..<slash]
                if !trackedFolders.insert(Array(folder)).inserted { break }
            }
            if entry.kind == .submodule { submodules.insert(entry.pathBytes) }
            guard entry.kind == .file else { continue }
            // Whatever git was told to overlook (`--skip-worktree`, a sparse checkout): a file that is there is read.
            guard let status = FileStatus(at: absolute(entry.pathBytes)), status.kind == .file else { continue }
            let isOlderThanIndex = indexTime.map { status.modified < $0 } ?? false
            if isOlderThanIndex, entry.stage == 0, status.modified == entry.modified,
                UInt32(truncatingIfNeeded: status.size) == entry.size
            {
                unmodified.insert(entry.path)
            } else {
                add(entry.pathBytes, .worktree)
            }
        }
    }

    /// Walks the folders for what git does not track.
    ///
    /// - Parameters:
    ///   - isRepository: false in a plain folder, where nested repositories are no concern.
    ///   - isIgnored: whether the ignore rules cover a path; a folder's ends in `/`.
    mutating func walk(isRepository: Bool, isIgnored: (String) -> Bool) {
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
                    guard let depth = depth(of: path, entry, ignoredDepth, isRepository, isIgnored) else { continue }
                    stack.append((path, depth))
                case .file:
                    if tracked.contains(path) { continue }
                    if ignoredDepth > 0 || isIgnored(String(decoding: path, as: UTF8.self)) {
                        if DotenvFileKind(fileName: entry.bytes) == .dotenv { add(path, .ignored) }
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
        of path: [UInt8], _ entry: Folder.Entry, _ outer: Int, _ isRepository: Bool, _ isIgnored: (String) -> Bool
    ) -> Int? {
        if submodules.contains(path) {
            repositories.append(String(decoding: path, as: UTF8.self))
            return nil
        }
        if trackedFolders.contains(path) { return 0 }
        let inner = outer > 0 || isIgnored(String(decoding: path, as: UTF8.self) + "/") ? outer + 1 : 0
        if inner > 0, inner > Self.deepestIgnoredFolder || Self.dependencyFolders.contains(entry.name) { return nil }
        if isRepository, FileStatus(at: absolute(path) + Array("/.git".utf8)) != nil {
            if inner == 0 { repositories.append(String(decoding: path, as: UTF8.self)) }
            return nil
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
