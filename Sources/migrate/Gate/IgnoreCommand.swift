// `migrate ignore`: findings that somebody answers for, in a file that the team commits.

import ArgumentParser

struct IgnoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ignore",
        abstract: "Accepts findings for a while, each with a reason, an owner and an end.",
        discussion: """
            What is accepted stands in .migrate/ignore.yml, by fingerprint, which no commit, move or reformatting changes. \
            Commit the file: it counts for everybody, in `scan`, in the hook and in `ci`.
            """,
        subcommands: [
            IgnoreAddCommand.self, IgnoreListCommand.self, IgnorePruneCommand.self, IgnoreRemoveCommand.self,
            IgnoreMergeCommand.self,
        ])
}
