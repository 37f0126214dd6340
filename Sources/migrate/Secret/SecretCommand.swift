// `migrate secret`: what is in the store, and changes to it.

import ArgumentParser

struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Reads and changes secrets in AWS Secrets Manager or in the local vault.",
        discussion: """
            One secret holds the keys and values of one environment as a JSON object. Values are shown masked, come \
            from standard input, a file or the keyboard, and never from the command line. Every change is shown \
            first, written as one new version, read back, and moved into place only if nobody else has changed the \
            secret meanwhile.
            """,
        subcommands: [
            CreateCommand.self, ListCommand.self, GetCommand.self, SetCommand.self, UnsetCommand.self,
            ImportCommand.self, GenerateCommand.self, DiffCommand.self, HistoryCommand.self, RollbackCommand.self,
            DeleteCommand.self, RestoreCommand.self,
        ])
}
