// The repository that a request is about, and what the request means in it.

import Files
import Git

/// A repository, found and checked, with the request's paths made relative to it.
struct OpenedRepository: Sendable {
    /// `Repository.gitFolder`: each worker opens its own handle by it.
    let gitFolder: String
    let commonFolder: String
    /// Without a final `/`; nil for a bare repository.
    let worktree: String?
    let isLinkedWorktree: Bool
    let isPartial: Bool
    let shallowCommits: Set<ObjectID>
    let head: Repository.Head
    var request: ScanRequest

    /// Nil when the path is in no repository.
    /// - Throws: `ScanError`.
    init?(_ request: ScanRequest) throws {
        guard FileStatus(at: request.path) != nil else { throw ScanError.noSuchPath(request.path) }
        guard let repository = try Self.open(request.path) else { return nil }
        if repository.configuration("extensions.objectformat").map({ $0 != "sha1" }) ?? false {
            throw ScanError.sha256Repository(path: request.path)
        }
        gitFolder = repository.gitFolder
        commonFolder = repository.commonFolder
        worktree = repository.worktree.map { $0.hasSuffix("/") && $0.count > 1 ? String($0.dropLast()) : $0 }
        isLinkedWorktree = repository.isLinkedWorktree
        isPartial = repository.isPartial || ObjectStorage(commonFolder: repository.commonFolder).hasPromisorPacks
        shallowCommits = repository.isShallow ? repository.shallowCommits() : []
        do { head = try repository.head() } catch {
            throw ScanError.unsupportedRepository(path: request.path, reason: error.message)
        }
        self.request = request
        // A path below the root limits the report to what is below it, `.` like any other.
        guard let worktree else {
            // A bare repository has no files to name: paths are taken as its trees have them.
            self.request.pathPrefixes += request.morePaths
            return
        }
        // A path within the git folder means the repository itself: no file that git keeps lies there.
        let isInGitFolder = [gitFolder, commonFolder].contains { Self.relative(request.path, to: $0) != nil }
        if !isInGitFolder, !request.isWholeRepository, let inside = Self.relative(request.path, to: worktree),
            !inside.isEmpty
        {
            self.request.pathPrefixes.append(inside)
        }
        for path in request.morePaths {
            guard let inside = Self.relative(path, to: worktree) else {
                throw ScanError.outsideRepository(path: path, root: worktree)
            }
            if inside.isEmpty {
                self.request.pathPrefixes = []
                break
            }
            self.request.pathPrefixes.append(inside)
        }
    }

    /// Nil when the path is in no repository. A file is looked for in the repository of its folder.
    private static func open(_ path: String) throws -> Repository? {
        var folder = path
        if FileStatus(at: path)?.kind == .file {
            folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            if folder.isEmpty { folder = "/" }
        }
        do { return try Repository(discovering: folder) } catch {
            switch error.code {
            case .notFound: return nil
            case .notOwner: throw ScanError.notOwner(path: path)
            case .unbornBranch, .other:
                if error.message.contains("objectformat") { throw ScanError.sha256Repository(path: path) }
                throw ScanError.unsupportedRepository(path: path, reason: error.message)
            }
        }
    }

    /// `path` from `root` on; "" for the root itself, nil for anything outside.
    private static func relative(_ path: String, to root: String) -> String? {
        guard let full = FilePaths.resolved(path), let base = FilePaths.resolved(root) else { return nil }
        if full == base { return "" }
        let prefix = base.hasSuffix("/") ? base : base + "/"
        return full.hasPrefix(prefix) ? String(full.dropFirst(prefix.count)) : nil
    }
}
