// Where a step may write: files of the worktree, and nothing that a link leads out of it to.

package import Checklist
import Files

/// A file of the worktree, checked.
struct WorktreePlace: Sendable {
    /// From the root, as it was named.
    let path: String
    /// Of the worktree, links resolved.
    let root: String
    /// Absolute, links resolved as far as the path is there.
    let full: String
    /// Folders on the way that are not there yet, from the root, outermost first.
    let missingFolders: [String]
    /// Whether there is anything.
    var isThere: Bool { FileStatus(at: full) != nil }

    /// - Parameter isFolder: whether it has to be a folder, not a file.
    /// - Throws: `StepFailure` for what lies outside of the worktree, or in git's own folder.
    init(_ path: String, in worktree: String, isFolder: Bool = false) throws {
        let shown = PlainText.line(path)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !path.isEmpty, !parts.contains(where: { ["", ".", ".."].contains($0) }), !path.utf8.contains(0) else {
            throw StepFailure(
                "\(shown) is no path in this repository", remedy: "name it from the root on, without `..`",
                kind: .refused)
        }
        // What git itself refuses to track, also on file systems that take `.GIT` for the same.
        guard !parts.contains(where: { $0.lowercased() == ".git" }) else {
            throw StepFailure("\(shown) lies in git's own folder", remedy: "name a file of yours", kind: .refused)
        }
        guard let base = FilePaths.resolved(worktree) else {
            throw StepFailure("the repository \(PlainText.line(worktree)) is not there", remedy: nil)
        }
        func outside() -> StepFailure {
            StepFailure(
                "\(shown) leads out of the repository through a symbolic link",
                remedy: "replace the link by a file or a folder", kind: .refused)
        }
        var place = base
        var missing: [String] = []
        for (depth, part) in parts.enumerated() {
            let next = place + "/" + part
            let isLast = depth == parts.count - 1
            if missing.isEmpty, let status = FileStatus(at: next) {
                guard let resolved = FilePaths.resolved(next) else {
                    // A link to nothing: what it would make may lie anywhere.
                    throw outside()
                }
                guard resolved == base || resolved.hasPrefix(base + "/") else { throw outside() }
                let isGitFolder = resolved.dropFirst(base.count).split(separator: "/").contains {
                    $0.lowercased() == ".git"
                }
                guard !isGitFolder else { throw outside() }
                let kind = status.kind == .symbolicLink ? FileStatus(at: resolved)?.kind : status.kind
                guard kind == (isLast && !isFolder ? .file : .folder) else {
                    throw StepFailure(
                        isLast
                            ? "\(shown) is no \(isFolder ? "folder" : "regular file")"
                            : "\(PlainText.line(parts[...depth].joined(separator: "/"))) is no folder",
                        remedy: "move it out of the way", kind: .refused)
                }
                place = resolved
            } else {
                if !isLast { missing.append(parts[...depth].joined(separator: "/")) }
                place = next
            }
        }
        self.path = path
        self.root = base
        full = place
        missingFolders = missing
    }
}
