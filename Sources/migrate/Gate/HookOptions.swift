// Which hooks are meant, and where.

import ArgumentParser
import Files
import Gate
import Git
import Scanning
import World

struct HookOptions: ParsableArguments {
    @Flag(name: .customLong("commit-msg"), help: "The hook on commit messages as well.")
    var commitMessage = false

    @Flag(name: .customLong("pre-merge-commit"), help: "The hook before a merge that needs no hand as well.")
    var preMergeCommit = false

    @Flag(name: .customLong("pre-push"), help: "The hook before a push as well.")
    var prePush = false

    @Flag(help: "For all repositories of this user: core.hooksPath in the user's settings of git.")
    var global = false

    /// The check before each commit, and what else is asked for.
    var kinds: [HookKind] {
        [.preCommit] + (preMergeCommit ? [.preMergeCommit] : []) + (commitMessage ? [.commitMessage] : [])
            + (prePush ? [.prePush] : [])
    }
}

/// The repository around the working folder.
enum HookPlace {
    /// - Throws: `NotAWorktree`, `ScanError`, and what `body` throws.
    static func with<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
        let folder = WorkingFolder.path
        do { return try body(folder) } catch let error as GitError {
            switch error.code {
            case .notFound: throw NotAWorktree.none(folder)
            case .notOwner: throw ScanError.notOwner(path: folder)
            case .unbornBranch, .other:
                if error.message.contains("objectformat") { throw ScanError.sha256Repository(path: folder) }
                throw error
            }
        }
    }
}
