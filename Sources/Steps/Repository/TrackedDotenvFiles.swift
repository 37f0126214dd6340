// Where git still tracks dotenv files: the index, HEAD, every local branch.

import Checklist
import Dotenv
import Git

/// Dotenv files that are tracked, templates aside.
struct TrackedDotenvFiles {
    /// In the index of this worktree.
    var index: [IndexRecord] = []
    /// In the tree of HEAD.
    var head: [TreeFile] = []
    /// Nil before the first commit.
    var headCommit: ObjectID?
    /// Other local branches that have some, by short name.
    var branches: [(name: String, files: [TreeFile])] = []
    var branchCount = 0
    /// Staged changes of other files, which a commit would take along.
    var otherStaged: [String] = []

    /// - Parameter exceptions: paths that stay tracked.
    /// - Throws: `StepFailure`.
    init(_ repository: borrowing Repository, workbench: Workbench, except exceptions: [String]) throws {
        func isWanted(_ path: [UInt8]) -> Bool {
            let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path[...]
            guard DotenvFileKind(fileName: Array(name)) == .dotenv else { return false }
            let text = String(decoding: path, as: UTF8.self)
            return !workbench.excludes(text) && !exceptions.contains(text)
        }
        do {
            index = try repository.indexRecords(where: isWanted).filter { $0.mode & 0o170000 != 0o160000 }
            let tips = try repository.localTips()
            let head = try repository.head()
            let files = try repository.files(in: tips.map(\.target)) {
                DotenvFileKind(fileName: $0) == .dotenv
            }.mapValues { $0.filter { isWanted($0.path) } }
            var current = "HEAD"
            switch head {
            case .branch(let name, let commit):
                current = name
                headCommit = commit
            case .detached(let commit): headCommit = commit
            case .unborn: break
            }
            self.head = headCommit.flatMap { files[$0] } ?? []
            for tip in tips where tip.name != current {
                branchCount += 1
                if let tracked = files[tip.target], !tracked.isEmpty {
                    branches.append((String(tip.name.dropFirst("refs/heads/".count)), tracked))
                }
            }
            let ours = Set(index.map(\.shownPath) + self.head.map(\.shownPath))
            otherStaged = try repository.stagedPaths().filter { !ours.contains($0) }
        } catch let error as GitError {
            throw StepRepository.failure(error)
        }
    }

    /// How the index differs from HEAD, in words for each entry where it does.
    func note(on record: IndexRecord) -> String? {
        guard let committed = head.first(where: { $0.path == record.path }) else {
            return record.isIntentToAdd ? "announced by git add -N" : "staged, and in no commit of HEAD yet"
        }
        return committed.id == record.id && committed.mode == record.mode
            ? nil : "what is staged differs from HEAD; the file itself stays as it is"
    }
}
