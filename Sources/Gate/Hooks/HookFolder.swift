// Where git looks for the hooks of a repository.

import Files
package import Git
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of hooks, and why it is the one.
package struct HookFolder: Sendable, Equatable {
    /// Absolute, without a `/` at the end.
    package var path: String
    /// Nil for git's own folder.
    package var setting: HooksPathSetting?
    /// The root of the worktree, absolute and without links, no `/` at the end.
    package var worktree: String
    /// `hooks` in the folder that all worktrees share: where hooks are unless a setting says otherwise.
    package var standardPath: String

    /// The folder in which git looks now.
    ///
    /// - Parameter place: a path in the worktree.
    /// - Throws: `HookRefusal`, `GitError`.
    package static func find(_ place: String, world: World) throws -> HookFolder {
        let repository = try Repository(discovering: place)
        guard let worktree = repository.worktree, let root = FilePaths.resolved(worktree) else {
            throw HookRefusal.bare(folder: repository.gitFolder)
        }
        let standard = trimmed(FilePaths.resolved(repository.commonFolder) ?? repository.commonFolder) + "/hooks"
        let setting = try repository.hooksPathSetting(environment: world.environment)
        return HookFolder(
            path: try setting.map { try absolute($0, root: root, world: world) } ?? standard, setting: setting,
            worktree: root, standardPath: standard)
    }

    /// For people: from the root of the worktree where it lies in it.
    package func shown(_ path: String) -> String {
        path.hasPrefix(worktree + "/") ? String(path.dropFirst(worktree.utf8.count + 1)) : path
    }

    /// Whether git tracks what is in it, or would: a folder of the team's, not of git's.
    package var isInWorktree: Bool {
        let real = FilePaths.resolved(path) ?? path
        guard real.hasPrefix(worktree + "/") else { return false }
        return !real.dropFirst(worktree.utf8.count).split(separator: "/").contains { $0.lowercased() == ".git" }
    }

    /// Whether other repositories share it.
    package var isShared: Bool { setting.map { [.global, .system].contains($0.scope) } ?? false }

    package func hook(_ name: String) -> String { path + "/" + name }

    /// What keeps git from running any hook of this folder; nil for nothing.
    package var refusal: HookRefusal? {
        guard let setting else { return nil }
        guard let real = FilePaths.resolved(path) else { return .noFolder(path: path, setting: setting) }
        return FileStatus(at: real)?.kind == .folder ? nil : .hooksOff(setting: setting)
    }

    // MARK: The setting

    /// As git reads it: `~` is a home folder, and what is relative begins where hooks run.
    private static func absolute(_ setting: HooksPathSetting, root: String, world: World) throws -> String {
        let value = setting.value
        if value.hasPrefix("~") {
            let name = value.dropFirst().prefix { $0 != "/" }
            let home = name.isEmpty ? world.homeFolder : home(of: String(name))
            guard let home else { throw HookRefusal.unknownHome(setting: setting) }
            return trimmed(home + value.dropFirst(1 + name.count))
        }
        guard !value.hasPrefix("%(") else { throw HookRefusal.unknownHome(setting: setting) }
        guard !value.isEmpty else { throw HookRefusal.hooksOff(setting: setting) }
        return trimmed(value.hasPrefix("/") ? value : root + "/" + value)
    }

    private static func home(of user: String) -> String? {
        guard let entry = getpwnam(user), let folder = entry.pointee.pw_dir else { return nil }
        return String(cString: folder)
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
