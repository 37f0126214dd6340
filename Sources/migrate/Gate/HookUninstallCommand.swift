// `migrate hook uninstall`: ours goes, and what was there before comes back.

import ArgumentParser
import Files
import Gate
import Git
import Reporting
import World

struct HookUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Takes migrate's hooks away, all of them or those named; hooks from before come back byte for byte.",
        discussion: "A hook that somebody has changed since is left as it is, with exit code 3.")

    @OptionGroup var hooks: HookOptions

    @Flag(name: .customLong("pre-commit"), help: "Only the hook before a commit, and others that are named.")
    var preCommit = false

    func run() async throws {
        let world = World.real()
        if hooks.global {
            let global = try GlobalHooks(in: world)
            let isChanged = try global.uninstall()
            return try say(
                isChanged
                    ? "\(global.folder)  taken away\n\(global.settings.file)  is as it was before\n"
                    : "No hooks for all repositories are installed.\n")
        }
        try HookPlace.with { folder in
            let installation = try HookInstallation(
                at: folder, program: CommandLine.arguments[0], world: world)
            try uninstall(installation)
        }
    }

    private var kinds: [HookKind] {
        let named = hooks.kinds.filter { $0 != .preCommit || preCommit }
        return named.isEmpty ? HookKind.allCases : named
    }

    private func uninstall(_ installation: HookInstallation) throws {
        let folder = installation.folder
        var lines = HookLines()
        // All are looked at before any is touched.
        let changes = try kinds.flatMap { try installation.removing($0) }
        let husky = try installation.manager.map { manager in
            manager.kind == .husky ? try kinds.map { try HuskyLine.removing($0, from: manager, in: folder) } : []
        }
        for change in changes {
            try installation.apply(change)
            let words =
                switch change.action {
                case .restore: "taken away; the hook from before is back"
                case .forgetKept: "was being installed; it is as it was before"
                default: "taken away"
                }
            lines.add(folder.shown(change.path), words)
        }
        for change in husky ?? [] where change.isNeeded {
            try change.apply()
            lines.add(folder.shown(change.path), change.after == nil ? "taken away" : "our line is taken out")
        }
        var text = lines.text(OutputChoice(format: .human, noColor: true).style())
        if text.isEmpty {
            text =
                installation.isGlobal
                ? "The hooks here are those for all your repositories. To take them away: migrate hook uninstall --global\n"
                : "No hook of migrate's is installed here.\n"
        }
        if let manager = installation.manager, manager.kind != .husky {
            for kind in kinds where manager.runsUs(kind, in: folder) {
                text += "\(manager.kind.title) runs migrate; take it out of \(manager.file(for: kind)) by hand.\n"
                break
            }
        }
        try say(text)
    }

    private func say(_ text: String) throws {
        let sanitizer = Sanitizer(unicode: Terminal.isUTF8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { sanitizer.clean(String($0)) }
        try StandardOutput.write(Array(lines.joined(separator: "\n").utf8))
    }
}
