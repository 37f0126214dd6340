// `migrate hook install`: from now on, git asks us before each commit.

import ArgumentParser
import Files
import Gate
import Git
import Reporting
import World

struct HookInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Puts the check in front of each commit; a hook that is there already runs after it.",
        discussion: """
            The hook goes where git looks (core.hooksPath, linked worktrees and submodules included). Where husky, \
            lefthook or the pre-commit framework owns the hooks, it says what to put into their settings. Exit codes: 0 \
            installed; 1 lines are to be added by hand; 3 it could not be installed.
            """)

    @OptionGroup var hooks: HookOptions

    @Flag(help: "Add the line to the manager's settings, where that is safe: husky.")
    var write = false

    @Flag(name: .customLong("no-manager"), help: "Install into git's own place, whatever manager of hooks there is.")
    var ignoresManager = false

    @Flag(name: [.customLong("dry-run"), .customShort("n")], help: "Show what would change, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The program that the hook is to run.", visibility: .hidden))
    var program: String?

    func validate() throws {
        if hooks.global, write || ignoresManager || dryRun {
            throw ValidationError("--global takes none of --write, --no-manager and --dry-run.")
        }
        if let program, !program.hasPrefix("/") { throw ValidationError("--program takes an absolute path.") }
    }

    func run() async throws {
        let world = World.real()
        if hooks.global { return try installGlobally(world) }
        try HookPlace.with { folder in
            let installation = try HookInstallation(
                at: folder, program: program, world: world)
            if installation.isGlobal {
                return try say(
                    "The hooks for all your repositories are in place and cover this one: "
                        + "\(installation.folder.path)\nTo see them: migrate hook status\n")
            }
            if let manager = installation.manager, !ignoresManager { return try enlist(manager, installation) }
            try install(installation)
        }
    }

    // MARK: Git's own place

    private func install(_ installation: HookInstallation) throws {
        let folder = installation.folder
        let changes = try hooks.kinds.map { try installation.installing($0) }
        var lines = HookLines()
        for change in changes {
            if !dryRun { try installation.apply(change) }
            lines.add(folder.shown(change.path), words(change, folder))
        }
        var text = lines.text(OutputChoice(format: .human, noColor: true).style())
        if changes.contains(where: \.isNeeded) {
            if folder.isShared, let setting = folder.setting {
                text +=
                    "core.hooksPath (\(setting.scope.rawValue)) leads there: this checks every repository that uses that folder.\n"
            } else if folder.isInWorktree {
                text += "The folder is part of the worktree, so git sees these files; whoever else uses them needs "
                text += "migrate in the PATH.\n"
            }
            text +=
                dryRun
                ? "Nothing was changed.\n" : "To see it: migrate hook status. To take it away: migrate hook uninstall\n"
        }
        try say(text)
    }

    private func words(_ change: HookChange, _ folder: HookFolder) -> String {
        let installed = dryRun ? "would be installed" : "installed"
        switch change.action {
        case .none: return "is installed already"
        case .create: return installed
        case .renew: return dryRun ? "would be renewed" : "renewed"
        case .keep(let runs):
            let kept = folder.shown(change.file.keptPath)
            return runs
                ? "\(installed); the hook that was there runs after it, as \(kept)"
                : "\(installed); the hook that was there is kept as \(kept): it is not executable, so git never ran it"
        case .remove, .restore, .forgetKept: return ""
        }
    }

    // MARK: Managers

    /// Says what belongs into the manager's settings, or puts it there.
    private func enlist(_ manager: HookManager, _ installation: HookInstallation) throws {
        let folder = installation.folder
        let missing = hooks.kinds.filter { !manager.runsUs($0, in: folder) }
        var text = ""
        var isByHand = false
        if manager.kind == .husky, write || dryRun {
            for kind in missing {
                let change = try HuskyLine.adding(kind, to: manager, in: folder)
                if !dryRun { try change.apply() }
                text += "\(manager.file(for: kind))  \(dryRun ? "would get the line" : "has the line now"): "
                text += manager.lines(for: kind).joined() + "\n"
            }
        } else if !missing.isEmpty {
            isByHand = true
            text += "\(manager.kind.title) owns the hooks here; nothing was changed. Add:\n"
            for kind in missing {
                text += "\n  to \(manager.file(for: kind))\(manager.kind == .preCommit ? ", under repos" : ""):\n"
                text += manager.lines(for: kind).map { "    \($0)\n" }.joined()
            }
            if manager.kind == .husky { text += "\nOr let migrate do it: migrate hook install --write\n" }
        } else {
            text += "\(manager.kind.title) runs migrate already, by \(manager.file(for: .preCommit)).\n"
        }
        let next = Set(hooks.kinds.compactMap { manager.next(for: $0, in: folder) }).sorted()
        if !next.isEmpty {
            text += "\nGit does not run \(manager.kind.title) yet: \(next.joined(separator: "; "))\n"
            isByHand = true
        }
        try say(text)
        if isByHand && !dryRun { throw ExitStatus.findings }
    }

    // MARK: All repositories

    private func installGlobally(_ world: World) throws {
        guard let program = program ?? ProgramPath.current(path: world.variable("PATH")) else {
            throw HookRefusal.noProgram
        }
        let global = try GlobalHooks(in: world)
        let isChanged = try global.install(Set(hooks.kinds), program: program)
        try say(
            isChanged
                ? "\(global.folder)  installed: \(hooks.kinds.map(\.name).joined(separator: ", ")) in all your repositories\n"
                    + "\(global.settings.file)  core.hooksPath leads there; each repository's own hooks run after ours\n"
                    + "A repository with a core.hooksPath of its own is not covered: migrate hook status\n"
                : "\(global.folder)  is installed already\n")
    }

    private func say(_ text: String) throws {
        let sanitizer = Sanitizer(unicode: Terminal.isUTF8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { sanitizer.clean(String($0)) }
        try StandardOutput.write(Array(lines.joined(separator: "\n").utf8))
    }
}
