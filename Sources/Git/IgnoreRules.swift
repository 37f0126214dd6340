// Whether git's ignore rules cover a path.

import CLibgit2
import Synchronization

extension Repository {
    /// Whether an ignore rule of any kind covers `path`, relative to the worktree's root: committed rules and those
    /// of this machine alike. The path need not exist; a folder's ends in `/`.
    package borrowing func isIgnored(_ path: String) throws(GitError) -> Bool {
        var ignored: Int32 = 0
        // The first question loads the user's own ignore file.
        try git("check the ignore rules for \(path)") {
            Library.searchPaths.withLock { _ in git_ignore_path_is_ignored(&ignored, handle, path) }
        }
        return ignored != 0
    }
}

/// The `.gitignore` files of a worktree alone, without this machine's `info/exclude` and `core.excludesFile`:
/// what protects everybody who clones.
package struct SharedIgnoreRules: ~Copyable {
    private let handle: OpaquePointer

    package init(worktree: String) throws(GitError) {
        _ = Library.ready
        var repository: OpaquePointer?
        // A repository without a git folder has no `info/exclude`.
        try git("read the ignore rules") { git_repository_new(&repository) }
        var configuration: OpaquePointer?
        do {
            try git("read the ignore rules") { git_repository_set_workdir(repository, worktree, 0) }
            try git("read the ignore rules") { git_config_new(&configuration) }
            try git("read the ignore rules") { git_repository_set_config(repository, configuration) }
        } catch {
            git_config_free(configuration)
            git_repository_free(repository)
            throw error
        }
        git_config_free(configuration)
        guard let repository else {
            throw GitError(operation: "read the ignore rules", code: .other(-1), message: "no memory")
        }
        handle = repository
        // The first look-up loads and keeps the name of the user's own ignore file: there is none on an empty path.
        Library.searchPaths.withLock { _ in
            var path = git_buf()
            _ = migrate_git_get_search_path(GIT_CONFIG_LEVEL_XDG.rawValue, &path)
            defer { git_buf_dispose(&path) }
            _ = migrate_git_set_search_path(GIT_CONFIG_LEVEL_XDG.rawValue, "")
            var ignored: Int32 = 0
            _ = git_ignore_path_is_ignored(&ignored, repository, "probe")
            _ = migrate_git_set_search_path(GIT_CONFIG_LEVEL_XDG.rawValue, path.ptr)
        }
    }

    deinit { git_repository_free(handle) }

    /// Whether a committed rule covers `path`, relative to the worktree's root.
    package borrowing func isIgnored(_ path: String) throws(GitError) -> Bool {
        var ignored: Int32 = 0
        try git("check the ignore rules for \(path)") { git_ignore_path_is_ignored(&ignored, handle, path) }
        return ignored != 0
    }
}
