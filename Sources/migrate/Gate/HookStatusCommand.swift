// `migrate hook status`: whether a commit is checked, and by what.

import ArgumentParser
import Gate
import Reporting
import World

struct HookStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows which hooks there are, whose they are, and whether git runs them.",
        discussion: "Exit codes: 0 commits are checked; 1 they are not. Nothing that is found is run.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let world = World.real()
        let status = try HookPlace.with { folder in
            try HookStatus(at: folder, running: ProgramPath.current(path: world.variable("PATH")), world: world)
        }
        let global = try? GlobalHooks(in: world).state()
        let report = HookStatusReport(status, global: global, version: Version.current)
        try output.choice.write(human: { report.text($0) }, json: { try report.json() })
        if !status.isActive { throw ExitStatus.findings }
    }
}
