// What a scan is asked to look at.

package import Git
import World

/// What to scan, and how.
package struct ScanRequest: Sendable {
    /// Where to look.
    package enum Scope: String, Sendable, CaseIterable {
        /// Everything: object database, messages, index, worktree.
        case all
        /// The object database and messages alone, reachable or not.
        case history
        /// What the next commit will hold.
        case index
        /// The files on disk, tracked and not.
        case worktree
    }

    /// Which commits count, when not all do.
    package enum Selection: Sendable, Equatable {
        case everything
        /// What `to` has and `from` lacks; `from` is nil for all that `to` has. When symmetric, what `to` has since it and
        /// `from` parted.
        case range(from: String?, to: String, symmetric: Bool)
        /// Commits made at or after this time, in seconds since 1970.
        case since(Int64)
        /// What a push or a pull request brings in, and the dotenv files that HEAD tracks.
        case added(Addition)
    }

    /// What came to a repository: commits, and tags with their messages.
    package struct Addition: Sendable, Equatable {
        /// Commits, or tags that lead to some.
        package var tips: [ObjectID]
        /// Commits that were there before, with all that they have.
        package var known: [ObjectID]
        /// In words: "pull request 12".
        package var words: String

        package init(tips: [ObjectID], known: [ObjectID], words: String) {
            self.tips = tips
            self.known = known
            self.words = words
        }
    }

    /// A repository, a folder in one, or a plain folder or file.
    package var path: String
    /// Whether all of the repository that holds `path` is meant, and not only what is below `path`.
    package var isWholeRepository = false
    /// Further paths in the same repository, to limit the report to.
    package var morePaths: [String] = []
    package var scope: Scope = .all
    package var selection: Selection = .everything
    /// Paths below the repository's root to which the report is limited; empty for all.
    package var pathPrefixes: [String] = []
    /// Submodules and nested repositories too.
    package var includesSubmodules = false
    /// Report placeholders and public keys as findings as well.
    package var includesPlaceholders = false
    /// In bytes. A larger blob is not expanded, but told as a gap: libgit2 would hold it in memory whole, once a worker.
    package var largestBlob = 512 << 20
    /// Workers; 1 and more.
    package var jobs: Int
    /// An existing folder for compiled patterns; nil to do without.
    package var cacheFolder: String?
    /// Where it is kept which objects were read already. Only scans of all of a repository's objects have use for it.
    package var objectCaching = ObjectCaching.none

    package init(path: String, jobs: Int) {
        self.path = path
        self.jobs = jobs
    }
}

/// What keeps a scan from happening at all.
package enum ScanError: Error, Sendable {
    case noSuchPath(String)
    case notReadable(path: String, reason: String)
    /// It belongs to another user, and git's `safe.directory` does not list it.
    case notOwner(path: String)
    /// Its objects have SHA-256 names.
    case sha256Repository(path: String)
    /// Git settings that libgit2 does not know.
    case unsupportedRepository(path: String, reason: String)
    case noSuchRevision(String, reason: String)
    /// A range, a date or a scope that needs a repository, and there is none.
    case needsRepository(option: String, path: String)
    case outsideRepository(path: String, root: String)
}

extension ScanRequest {
    /// Where `.migrate/` is looked for: the root of the repository, or the folder.
    package var configurationRoot: String {
        var root = path
        if let repository = try? Repository(discovering: path), let worktree = repository.worktree { root = worktree }
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        return root
    }
}

extension ScanRequest: CustomStringConvertible {
    /// The scope of a scan that leaves nothing out.
    package static let wholeRepository = "the whole repository"
    /// What is scanned, in words.
    package var description: String {
        let what: String =
            switch selection {
            case .range(let from, let to, let symmetric):
                "the commits of \(from.map { $0 + (symmetric ? "..." : "..") } ?? "")\(to)"
            case .since(let time): "the commits since \(Instant(seconds: Double(time)).day)"
            case .added(let addition): addition.words
            case .everything:
                switch scope {
                case .all: Self.wholeRepository
                case .history: "the whole history"
                case .index: "the index"
                case .worktree: "the worktree"
                }
            }
        return pathPrefixes.isEmpty ? what : what + ", limited to " + pathPrefixes.joined(separator: ", ")
    }
}
