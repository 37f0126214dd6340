// `migrate status` and `migrate verify`: where the checklist stands, for people and for scripts.

import ArgumentParser
import Checklist
import Reporting

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Asks the world where the checklist stands: done, waiting, drifted, due.",
        usage: "migrate status [--format human|markdown|json]",
        discussion: """
            What the state file remembers is not taken for the truth: each step is looked at. Nothing is changed.

            Exit codes: 0 told; 2 something could not be asked. For scripts: migrate verify.
            """)

    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: ListOutputOptions

    func run() async throws {
        let report = try await ChecklistReport.now(checklist)
        try report.write(output)
        if report.hasUnknowns { ExitStatus.incomplete.exit() }
    }
}

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "The same as status for scripts: says by its exit code whether everything is done.",
        usage: "migrate verify [--format human|markdown|json]",
        discussion: """
            Exit codes: 0 every step is done or waived; 1 steps are left undone, no longer so, or due again, or the \
            past in the state file was edited; 2 none of that is known, but something could not be asked.
            """)

    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: ListOutputOptions

    func run() async throws {
        let report = try await ChecklistReport.now(checklist)
        try report.write(output)
        report.verdict.exit()
    }
}

extension ChecklistReport {
    /// Where the checklist stands in the repository around us.
    static func now(_ options: ChecklistOptions) async throws -> ChecklistReport {
        let session = try ChecklistSession.open(
            options, place: try RepositoryPlace.find(), identity: ChecklistSession.nobody)
        let snapshot = try session.snapshot()
        session.tell(snapshot.notes)
        return await session.report(snapshot, order: nil)
    }

    func write(_ output: ListOutputOptions) throws {
        switch output.format {
        case .human: try StandardOutput.write(Array(text(output.style).utf8))
        case .markdown: try StandardOutput.write(Array(markdown().utf8))
        case .json: try StandardOutput.write(json())
        }
    }

    /// What is known to be undone goes before what is not known.
    var verdict: ExitStatus {
        if !notes.isEmpty { return .findings }
        let isUndone = statuses.contains { status in
            switch status.standing {
            case .done, .waived, .unknown: false
            case .due, .ready, .blocked, .waiting, .drifted, .failed, .undone: true
            }
        }
        return isUndone ? .findings : hasUnknowns ? .incomplete : .clean
    }
}
