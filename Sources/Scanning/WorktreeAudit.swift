// The audit of the ignore rules by itself, as they are now.

package import Git

extension IgnoreAudit {
    /// Audits the `.gitignore` files of a worktree.
    ///
    /// - Parameters:
    ///   - worktree: its root, without a final `/`.
    ///   - known: paths of dotenv files and templates that a scan has seen, beyond those in the index.
    /// - Returns: nil when the rules cannot be read.
    /// - Throws: `GitError` when the index cannot be read.
    package static func now(
        worktree: String, repository: borrowing Repository, known: [String]
    ) throws(GitError) -> IgnoreAudit? {
        var notes: [String] = []
        return IgnoreAuditor.audit(
            worktree: worktree, repository: repository, tracked: try repository.indexEntries().map(\.path),
            known: known, notes: &notes)
    }
}
