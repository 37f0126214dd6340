// Failures of libgit2, as facts.

import CLibgit2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A failure of libgit2: what was being done, and what it said.
package struct GitError: Error, Sendable {
    package enum Code: Sendable, Equatable {
        case notFound
        /// The repository belongs to another user and is not listed in `safe.directory`.
        case notOwner
        case unbornBranch
        case other(Int32)
    }

    /// In words that follow "cannot": "open the repository".
    package let operation: String
    package let code: Code
    /// Libgit2's own sentence.
    package let message: String

    /// For a tree whose bytes end in the middle of an entry.
    package static func damagedTree(_ id: ObjectID) -> GitError {
        GitError(operation: "read tree \(id)", code: .other(-1), message: "the tree ends in the middle of an entry")
    }
}

/// Runs a libgit2 call and throws when it fails.
///
/// Libgit2 keeps its last error per thread, so it is read here, before anything else can run.
func git(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(GitError) {
    let status = call()
    guard status < 0 else { return }
    throw lastError(status, operation())
}

func lastError(_ status: Int32, _ operation: String) -> GitError {
    let code: GitError.Code =
        switch status {
        case GIT_ENOTFOUND.rawValue: .notFound
        case GIT_EOWNER.rawValue: .notOwner
        case GIT_EUNBORNBRANCH.rawValue: .unbornBranch
        default: .other(status)
        }
    let message = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "error \(status)"
    return GitError(operation: operation, code: code, message: message)
}

/// Libgit2's global state, set up once.
enum Library {
    /// Held by whoever makes libgit2 look for the user's settings: `SharedIgnoreRules` hides them for a moment.
    static let searchPaths = Mutex<Void>(())

    /// Touch it before any call.
    static let ready: Bool = {
        git_libgit2_init()
        // Objects are read once each, in the order of their pack: a cache of them would only cost memory.
        _ = migrate_git_set_flag(Int32(GIT_OPT_ENABLE_CACHING.rawValue), 0)
        // Checked for the objects that matter by whoever reports them; for all it would cost more than reading them.
        _ = migrate_git_set_flag(Int32(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION.rawValue), 0)
        // Pack files are mapped in windows: this bounds how much of them counts as our memory.
        _ = migrate_git_set_size(Int32(GIT_OPT_SET_MWINDOW_SIZE.rawValue), 32 << 20)
        _ = migrate_git_set_size(Int32(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT.rawValue), 128 << 20)
        // Extensions that change nothing about reading objects, which libgit2 would refuse by default:
        // partial clones and `git sparse-checkout` set them.
        let names = ["partialclone", "worktreeconfig", "preciousobjects"].map { (name: String) in strdup(name) }
        defer { names.forEach { free($0) } }
        var pointers = names.map { UnsafePointer<CChar>($0) }
        _ = migrate_git_set_extensions(&pointers, pointers.count)
        return true
    }()
}
