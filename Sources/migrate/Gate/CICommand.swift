// `migrate ci`: one command that a pipeline runs, with the right defaults on each platform.

import ArgumentParser
import Detection
import Gate
import Reporting
import Scanning

struct CICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci",
        abstract: "Checks in a pipeline what a push or a pull request brings in.",
        usage: """
            migrate ci [--require STEP] [--report FORMAT=FILE]
            migrate ci init github|gitlab|jenkins|buildkite|circleci|azure|bitbucket
            """,
        discussion: """
            Finds out from the platform's variables which commits are new and scans every object that they bring in, \
            merges included; audits .gitignore and the dotenv files that HEAD tracks; and looks at the checklist's \
            state file. Outside of a pipeline it scans the whole history. Nothing is sent anywhere.

            Exit codes: 0 clean; 1 findings, or steps left undone; 2 nothing found, but something could not be read, \
            as in a clone that is too shallow; 3 the operation failed.
            """,
        subcommands: [CIInitCommand.self])

    @Option(help: "Only what these commits bring in: A..B or A...B. Default: what the platform's variables say.")
    var range: String?

    @Option(
        help: ArgumentHelp(
            "The commit before the push, where the platform has no variable for it: CircleCI's << pipeline.git.base_revision >>. It may be empty.",
            valueName: "commit"))
    var base: String?

    @Flag(help: "The whole history, whatever the platform says.")
    var full = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Steps of the checklist, by name, that must be done (or waived). May be repeated.", valueName: "step"))
    var require: [String] = []

    @Flag(
        help: "Ask AWS, SendGrid and the rest where the steps stand, as verify does. Default: by the state file alone.")
    var askWorld = false

    @Flag(help: "Do not look at the checklist's state file.")
    var noChecklist = false

    @Option(name: .shortAndLong, help: "How to report.")
    var format: ReportFormat = .human

    @Option(
        name: .shortAndLong,
        help:
            "Write the report to this file, whole or not at all; - is standard output. The log then has a text as well."
    )
    var output: String?

    @OptionGroup var further: ReportOptions

    @Option(help: "Exit with 1 only for findings of this severity and above; `none` for never. Default: low.")
    var failOn: FailOn?

    @OptionGroup var acceptance: AcceptanceOptions

    @Option(name: .shortAndLong, help: "Workers at once; default: one for each core.")
    var jobs: Int?

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    @OptionGroup var caching: CacheOptions

    @OptionGroup var checklist: ChecklistOptions

    func validate() throws {
        if range != nil && full { throw ValidationError("--range and --full contradict each other.") }
        if base != nil && (range != nil || full) {
            throw ValidationError("--base is the beginning of the range: leave out --range and --full.")
        }
        if let range {
            // What a variable that is not set leaves behind would be an empty range, and so green.
            if range.hasPrefix("..") || range.hasSuffix("..") {
                throw ValidationError(
                    "--range \(range) has no beginning or no end: a variable that is not set, perhaps?")
            }
            guard case .range(let from, _, _) = try CommitRange.parse(range), from != nil else {
                throw ValidationError("--range takes A..B or A...B, not '\(range)'; for all that B has: --full.")
            }
        }
        if output == "" { throw ValidationError("--output needs the name of a file, or - for standard output.") }
        try further.check(besides: format, in: output)
        if let jobs, jobs < 1 || jobs > 1_024 { throw ValidationError("--jobs must be from 1 to 1024.") }
        if require.contains("") { throw ValidationError("--require is empty: a variable that is not set, perhaps?") }
        if checklist.probe && !askWorld {
            throw ValidationError("--probe reaches out, and so goes with --ask-world alone.")
        }
        if noChecklist, !require.isEmpty || askWorld {
            throw ValidationError("--no-checklist contradicts --require and --ask-world.")
        }
    }

    func run() async throws {
        let (report, output) = try await CIRun(self).report()
        try output.write(report)
        switch report.verdict {
        case .clean: ExitStatus.clean.exit()
        case .findings: ExitStatus.findings.exit()
        case .incomplete: ExitStatus.incomplete.exit()
        }
    }
}
