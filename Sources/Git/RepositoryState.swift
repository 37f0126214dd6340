// Who commits here, what is in the middle of being done, and whether anything can be changed at all.

import CLibgit2
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// The name and address that git would commit under; nil when one of them is set nowhere.
    ///
    /// - Parameter environment: `GIT_AUTHOR_NAME`, `GIT_COMMITTER_EMAIL` and the like come before the settings.
    package borrowing func identity(environment: [String: String]) -> (name: String, email: String)? {
        func first(_ variables: [String], _ settings: [String]) -> String? {
            (variables.lazy.compactMap { environment[$0] } + settings.compactMap { configuration($0) })
                .map(Self.withoutMarks).first { !$0.isEmpty }
        }
        let name = first(
            ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"], ["author.name", "user.name", "committer.name"])
        let email = first(
            ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"], ["author.email", "user.email", "committer.email"])
        guard let name, let email = email ?? environment["EMAIL"].map(Self.withoutMarks), !email.isEmpty else {
            return nil
        }
        return (name, email)
    }

    /// As git cleans it: no line ends, no angle brackets, nothing but text at the ends.
    private static func withoutMarks(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">" }
        func isMark(_ scalar: Unicode.Scalar) -> Bool { " .,:;\"\\'".unicodeScalars.contains(scalar) }
        var result = Array(kept)
        while let last = result.last, isMark(last), last != "." { result.removeLast() }
        return String(String.UnicodeScalarView(result.drop(while: isMark)))
    }

    /// What has been begun in this worktree and not ended, as git names it: "merge", "rebase"; nil for nothing.
    package borrowing func operationInProgress() -> String? {
        switch git_repository_state_t(UInt32(bitPattern: git_repository_state(handle))) {
        case GIT_REPOSITORY_STATE_NONE: nil
        case GIT_REPOSITORY_STATE_MERGE: "merge"
        case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: "revert"
        case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: "cherry-pick"
        case GIT_REPOSITORY_STATE_BISECT: "bisect"
        case GIT_REPOSITORY_STATE_APPLY_MAILBOX: "am"
        default: "rebase"
        }
    }

    /// Paths whose entry in the index is not that of HEAD, in the order of the index: what a commit would take.
    ///
    /// - Throws: `GitError`.
    package borrowing func stagedPaths() throws(GitError) -> [String] {
        var tree: OpaquePointer?
        switch try head() {
        case .unborn: break
        case .branch(_, let commit), .detached(let commit):
            var id = commit.raw
            var object: OpaquePointer?
            try git("read HEAD") { git_commit_lookup(&object, handle, &id) }
            defer { git_commit_free(object) }
            try git("read the tree of HEAD") { git_commit_tree(&tree, object) }
        }
        defer { git_tree_free(tree) }
        var index: OpaquePointer?
        try git("read the index") { git_repository_index(&index, handle) }
        defer { git_index_free(index) }
        try git("read the index") { git_index_read(index, 0) }
        var difference: OpaquePointer?
        try git("compare the index with HEAD") { git_diff_tree_to_index(&difference, handle, tree, index, nil) }
        defer { git_diff_free(difference) }
        return (0..<git_diff_num_deltas(difference)).compactMap { place in
            git_diff_get_delta(difference, place)?.pointee.new_file.path.map { String(cString: $0) }
        }
    }

    /// Why the index cannot be written, in the system's words; nil when it can.
    package borrowing func obstacleToWriting() -> (path: String, reason: String)? {
        guard access(gitFolder, W_OK) != 0 else { return nil }
        let error = FileError(writingTo: gitFolder, errorNumber: errno)
        return (error.path, error.reason)
    }
}
