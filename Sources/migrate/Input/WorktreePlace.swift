// Whether a file that is about to be written would end up in a commit.

import Files
import Git

enum WorktreePlace: Equatable {
    /// Outside of any repository, or ignored.
    case safe
    /// Git takes it at the next `git add`.
    case notIgnored
    /// Git has it already: a rule does nothing for it.
    case tracked

    /// - Parameter path: of a file, which need not exist.
    static func of(_ path: String) throws -> WorktreePlace {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        // The nearest folder that is there.
        var folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var missing = slash.map { String(path[path.index(after: $0)...]) } ?? path
        while FilePaths.resolved(folder) == nil, let up = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
            missing = String(folder[folder.index(after: up)...]) + "/" + missing
            folder = up == folder.startIndex ? "/" : String(folder[..<up])
        }
        guard let place = FilePaths.resolved(folder), let repository = try? Repository(discovering: place),
            let worktree = repository.worktree, let root = FilePaths.resolved(worktree),
            place == root || place.hasPrefix(root + "/")
        else { return .safe }
        let inside = place == root ? missing : place.dropFirst(root.count + 1) + "/" + missing
        // Git never takes its own folder.
        if inside.hasPrefix(".git/") { return .safe }
        if try repository.indexEntries().contains(where: { $0.path == inside }) { return .tracked }
        return try repository.isIgnored(String(inside)) ? .safe : .notIgnored
    }
}
