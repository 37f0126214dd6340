// The audit of the ignore rules that a commit has, whatever lies in the worktree.

package import Git

extension IgnoreAudit {
    /// As much of an ignore file as is read.
    private static let largestFile = 1 << 20

    /// Audits the `.gitignore` files in the tree of `commit`, against the files of the same tree.
    ///
    /// - Parameter known: paths of dotenv files and templates that a scan has seen, beyond those of the commit.
    /// - Returns: nil when there is no place for copies of the ignore files.
    /// - Throws: `GitError` when the commit, a tree or an ignore file cannot be read.
    package static func of(
        _ commit: ObjectID, repository: borrowing Repository, known: [String], notes: inout [String]
    ) throws -> IgnoreAudit? {
        guard let copy = TemporaryFolder() else { return nil }
        let files = try repository.files(in: [commit]) { _ in true }[commit] ?? []
        var made: Set<String> = [""]
        for file in files where file.mode & 0o170000 == 0o100000 {
            let parts = file.shownPath.split(separator: "/", omittingEmptySubsequences: false)
            // A tree may name anything, and none of it may lead out of the folder.
            guard parts.last == ".gitignore", !parts.contains(where: { ["", ".", "..", ".git"].contains($0) }) else {
                continue
            }
            var folder = ""
            for part in parts.dropLast() {
                folder += part + "/"
                if made.insert(folder).inserted { copy.createFolder(folder) }
            }
            try repository.withObject(file.id) { _, bytes in
                copy.write(Array(bytes.prefix(largestFile)), to: file.shownPath)
            }
        }
        return IgnoreAuditor.audit(
            worktree: copy.path, repository: repository, tracked: files.map(\.shownPath), known: known, notes: &notes)
    }
}
