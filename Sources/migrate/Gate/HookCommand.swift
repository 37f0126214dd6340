// `migrate hook`: git asks us before each commit.

import ArgumentParser

struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Blocks the next leak at the commit: installs, shows and runs git's hooks.",
        subcommands: [
            HookInstallCommand.self, HookUninstallCommand.self, HookStatusCommand.self, HookRunCommand.self,
        ])
}
