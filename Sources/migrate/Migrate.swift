// The command line's root.

import ArgumentParser

@main
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Takes a repository from committed .env files to AWS Secrets Manager, with proof.",
        discussion: """
            Exit codes: 0 clean; 1 findings; 2 nothing found, but something could not be read; \
            3 the operation failed; 64 wrong usage; 70 a bug in migrate.
            """,
        version: Version.current,
        subcommands: [
            ScanCommand.self, InitCommand.self, PlanCommand.self, ApplyCommand.self, StatusCommand.self,
            VerifyCommand.self,
            UndoCommand.self, WaiveCommand.self, SecretCommand.self, RunCommand.self, ExportCommand.self,
            SendGridCommand.self, HookCommand.self, CICommand.self, IgnoreCommand.self, ReportCommand.self,
            AuditCommand.self, PolicyCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        StandardStream.reserve()
        CrashDumps.forbid()
        Interruption.install()
        do {
            // Git waits for it at every commit: the tree of all commands takes longer to build than the check.
            if let hook = HookRun(plain: CommandLine.arguments.dropFirst()) {
                try await hook.run()
                return
            }
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            status.exit()
        } catch {
            Failure.report(error, parsedBy: Self.self)
        }
    }
}

enum Version {
    /// Of the tool; a report says which wrote it.
    static let current = "0.1.0"
}
