// The hooks of git's that check, and all others that git knows.

/// A hook that this tool can be.
package enum HookKind: String, Sendable, CaseIterable {
    case preCommit = "pre-commit"
    case preMergeCommit = "pre-merge-commit"
    case commitMessage = "commit-msg"
    case prePush = "pre-push"

    /// The name of its file.
    package var name: String { rawValue }

    /// How a person goes on without it, once.
    package var pass: String {
        switch self {
        case .preCommit, .commitMessage: "git commit --no-verify"
        case .preMergeCommit: "git merge --no-verify"
        case .prePush: "git push --no-verify"
        }
    }

    /// All hooks that git looks for in its folder: a folder of ours that takes this folder's place must have each of them.
    package static let allNames = [
        "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg",
        "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update",
        "proc-receive", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc",
        "post-rewrite", "sendemail-validate", "fsmonitor-watchman", "p4-changelist", "p4-prepare-changelist",
        "p4-post-changelist", "p4-pre-submit", "post-index-change",
    ]
}
