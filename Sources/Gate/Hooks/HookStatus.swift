// Which hooks a repository has, whose they are, and whether git would run them.

import Git
package import World

/// What is known of a repository's hooks.
package struct HookStatus: Sendable {
    /// Whose a hook is.
    package enum Owner: String, Sendable {
        case none, ours, changed, foreign, manager
    }

    /// Why a check that is there does not run.
    package enum Obstacle: Sendable, Equatable {
        /// Git passes over what is not executable.
        case notExecutable
        /// Neither the program that it names nor another one in the PATH is there.
        case noProgram
        /// The manager's own hook is not where git looks.
        case managerNotInPlace(install: String)
        /// Somebody has changed our hook, so what it does is not known.
        case changed
        /// The hook or the manager has no line for us.
        case notMentioned
        /// `core.hooksPath` leads to no folder.
        case hooksOff
    }

    /// The program that a hook of ours runs.
    package struct Program: Sendable, Equatable {
        /// As the hook has it.
        package var path: String
        package var isPresent: Bool
        /// Found in the PATH instead; nil for none, and where it is not needed.
        package var substitute: String?
        /// Whether it is the program that says this.
        package var isThis: Bool
    }

    package struct Hook: Sendable {
        package var kind: HookKind
        /// Absolute; the settings of a manager for what that runs.
        package var path: String
        package var owner: Owner
        /// Whether git runs our check.
        package var isActive: Bool
        package var obstacle: Obstacle?
        package var program: Program?
        /// The hook that was there before.
        package var kept: String?
        /// Whether it runs after ours.
        package var keptRuns: Bool
    }

    package var folder: HookFolder
    package var manager: HookManager?
    package var hooks: [Hook]
    /// Whether git looks in the folder for all repositories.
    package var isGlobal: Bool
    /// What keeps git from running any hook.
    package var refusal: HookRefusal?
    /// Hooks of ours in git's own folder, which a setting hides.
    package var hidden: [String]

    package subscript(_ kind: HookKind) -> Hook? { hooks.first { $0.kind == kind } }

    /// Whether a commit is checked.
    package var isActive: Bool { self[.preCommit]?.isActive ?? false }

    /// Looks; nothing that is found is run.
    ///
    /// - Parameters:
    ///   - place: a path in the worktree.
    ///   - running: the absolute path of the program that runs now, for comparison.
    /// - Throws: `HookRefusal`, `GitError`, `FileError`.
    package init(at place: String, running: String?, world: World) throws {
        folder = try HookFolder.find(place, world: world)
        isGlobal = GlobalHooks.folder(in: world) == folder.path
        refusal = folder.refusal
        manager = isGlobal ? nil : try HookManager.find(in: folder)
        let (folder, manager, isGlobal) = (folder, manager, isGlobal)
        hooks = try HookKind.allCases.map { kind in
            let file = try HookFile(folder.hook(kind.name))
            if let manager, !Self.isOurs(file) { return Self.hook(kind, manager, folder) }
            return Self.hook(kind, file, running: running, path: world.variable("PATH"))
        }
        for index in hooks.indices {
            if refusal != nil, hooks[index].isActive {
                hooks[index].isActive = false
                hooks[index].obstacle = .hooksOff
            }
            guard isGlobal else { continue }
            // What the folder for all repositories hands on to.
            let own = try HookFile(folder.standardPath + "/" + hooks[index].kind.name)
            guard own.state != .absent, own.state != .noFile else { continue }
            hooks[index].kept = own.path
            hooks[index].keptRuns = own.isExecutable
        }
        hidden =
            folder.setting == nil || folder.path == folder.standardPath
            ? []
            : try HookKind.allCases.compactMap { kind in
                let file = try HookFile(folder.standardPath + "/" + kind.name)
                // The folder for all repositories hands on to it.
                return Self.isOurs(file) && !isGlobal ? file.path : nil
            }
    }

    private static func isOurs(_ file: HookFile) -> Bool {
        switch file.state {
        case .ours, .changed: true
        case .absent, .foreign, .noFile: false
        }
    }

    private static func hook(_ kind: HookKind, _ manager: HookManager, _ folder: HookFolder) -> Hook {
        let (runsUs, isInPlace) = (manager.runsUs(kind, in: folder), manager.isInPlace(kind, in: folder))
        return Hook(
            kind: kind, path: manager.absolute(manager.file(for: kind), in: folder), owner: .manager,
            isActive: runsUs && isInPlace,
            obstacle: !runsUs
                ? .notMentioned
                : isInPlace ? nil : .managerNotInPlace(install: manager.next(for: kind, in: folder) ?? ""),
            program: nil, kept: nil, keptRuns: false)
    }

    private static func hook(_ kind: HookKind, _ file: HookFile, running: String?, path: String?) -> Hook {
        var hook = Hook(
            kind: kind, path: file.path, owner: .none, isActive: false, obstacle: nil, program: nil,
            kept: file.hasKept && isOurs(file) ? file.keptPath : nil, keptRuns: file.keptIsExecutable)
        switch file.state {
        case .absent, .noFile: return hook
        case .changed:
            hook.owner = .changed
            hook.obstacle = .changed
        case .foreign:
            hook.owner = .foreign
            if !file.mentions(kind) {
                hook.obstacle = .notMentioned
            } else if !file.isExecutable {
                hook.obstacle = .notExecutable
            }
            hook.isActive = hook.obstacle == nil
        case .ours(let script):
            hook.owner = .ours
            guard script.checks else {
                hook.owner = .none
                return hook
            }
            let isPresent = ProgramPath.isProgram(script.program)
            let substitute = isPresent ? nil : ProgramPath.find("migrate", path: path)
            hook.program = Program(
                path: script.program, isPresent: isPresent, substitute: substitute,
                isThis: ProgramPath.isSame(substitute ?? script.program, running))
            if !file.isExecutable {
                hook.obstacle = .notExecutable
            } else if !isPresent, substitute == nil {
                hook.obstacle = .noProgram
            }
            hook.isActive = hook.obstacle == nil
        }
        return hook
    }
}
