// Hooks of one repository: what is to be done about each, and doing it.

import Files
package import World

/// A repository's hooks, looked at.
package struct HookInstallation: Sendable {
    package let folder: HookFolder
    /// Nil where none owns the hooks.
    package let manager: HookManager?
    /// What the folder for all of a user's repositories has, where git looks there.
    package let isGlobal: Bool
    private let program: String

    /// - Parameters:
    ///   - place: a path in the worktree.
    ///   - program: the absolute path that hooks are to run; nil for the program that runs now.
    /// - Throws: `HookRefusal`, `GitError`, `FileError`.
    package init(
        at place: String, program: String? = nil, world: World
    ) throws {
        guard let program = program ?? ProgramPath.current(path: world.variable("PATH")) else {
            throw HookRefusal.noProgram
        }
        self.program = program
        folder = try HookFolder.find(place, world: world)
        isGlobal = GlobalHooks.folder(in: world) == folder.path
        manager = isGlobal ? nil : try HookManager.find(in: folder)
    }

    /// What an installation would do about a hook, whatever manager there is.
    /// - Throws: `HookRefusal`, `FileError`.
    package func installing(_ kind: HookKind) throws -> HookChange {
        if let refusal = folder.refusal { throw refusal }
        return try HookChange.installing(
            HookScript(name: kind.name, program: program), at: folder.hook(kind.name))
    }

    /// What a removal would do about a hook: where git looks, and in git's own folder, from before a setting led elsewhere.
    /// - Throws: `HookRefusal`, `FileError`.
    package func removing(_ kind: HookKind) throws -> [HookChange] {
        let folders = isGlobal ? [folder.standardPath] : Array(Set([folder.path, folder.standardPath])).sorted()
        return try folders.map { try HookChange.removing(at: $0 + "/" + kind.name) }.filter(\.isNeeded)
    }

    /// Does what was planned.
    /// - Throws: `HookRefusal`, `FileError`.
    package func apply(_ change: HookChange) throws {
        // Git makes its own folder only where its template has one.
        if change.script != nil, folder.setting == nil { try Folder.make(at: folder.path) }
        try change.apply()
    }
}
