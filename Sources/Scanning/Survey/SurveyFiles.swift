// The files of a worktree that a survey looks at.

import Files
package import Git

extension Surveyor {
    /// Surveys a worktree: what git tracks, and what it would take with the next `git add`.
    ///
    /// - Parameter root: of the worktree, absolute, without a final `/`.
    /// - Throws: `GitError` when the index cannot be read.
    package func survey(_ repository: borrowing Repository, root: String) throws(GitError) -> RepositorySurvey {
        var walk = WorktreeWalk(root: root)
        let entries = try repository.indexEntries()
        walk.compare(entries, indexTime: nil)
        walk.walk(entersRepositories: false) { path in (try? repository.isIgnored(path)) ?? false }
        var paths: [String: [UInt8]] = [:]
        for file in walk.files where file.reach != .ignored && file.dotenv == nil { paths[file.path] = file.bytes }
        let base = Array((root + "/").utf8)
        return survey(Array(paths.keys)) { path, limit in
            guard let bytes = paths[path] else { return nil }
            // A link could lead out of the repository, to files that are not its own.
            guard FileStatus(at: base + bytes)?.kind == .file else { return nil }
            return (try? FileContent.read(base + bytes, limit: limit)) ?? nil
        }
    }
}
