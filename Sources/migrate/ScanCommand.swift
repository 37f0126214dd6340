// `migrate scan`: arguments in, a report out.

import ArgumentParser
import Detection
import Files
import Reporting
import Scanning
import Secrets
import Settings
import World

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Finds committed .env files and credentials in every place git can hide them.",
        discussion: """
            Scans a repository's whole object database (reachable or not), commit and tag messages, index and \
            worktree, and checks .gitignore. Nothing is sent anywhere, and no value is shown unless --show-secrets is given.

            Exit codes: 0 clean; 1 findings; 2 nothing found, but something could not be read.
            """)

    @Argument(help: "A repository or folder; further paths, or a path inside a repository, limit what is reported.")
    var paths: [String] = []

    @Option(
        name: [.customLong("format"), .customLong("report-format"), .customShort("f")],
        help: "How to report.")
    var format: ReportFormat = .human

    @Option(
        name: [.customLong("output"), .customShort("o"), .customLong("report-path"), .customShort("r")],
        help: "Write the report to this file, whole or not at all; - is standard output.")
    var output: String?

    @OptionGroup var further: ReportOptions
    @OptionGroup var fleet: FleetOptions

    @Option(help: "What to look at.")
    var scope: ScanRequest.Scope = .all

    @Flag(help: "What the next commit will hold: the same as --scope index.")
    var staged = false

    @Option(help: "Only what these commits bring in: A..B, A...B, or B for all that B has.")
    var range: String?

    @Option(help: ArgumentHelp("The same as --range COMMIT..HEAD.", visibility: .hidden))
    var sinceCommit: String?

    @Option(help: "Only what commits since then bring in: 2025-01-31, 2025-01-31T12:00:00Z, or 90d, 12w, 1y ago.")
    var since: String?

    @Flag(help: "Read standard input instead.")
    var stdin = false

    @Option(name: .shortAndLong, help: "Workers at once; default: one for each core.")
    var jobs: Int?

    @Option(help: "Report only findings of this severity and above.")
    var severity: Severity?

    @Option(help: "Exit with 1 only for findings of this severity and above; `none` for never. Default: low.")
    var failOn: FailOn?

    @Flag(help: ArgumentHelp("The same as --fail-on none.", visibility: .hidden))
    var exitZero = false

    @Flag(help: "Scan submodules and other repositories below as well.")
    var submodules = false

    @Flag(help: "Report placeholders and values that are public by design as well.")
    var includePlaceholders = false

    @Flag(name: .shortAndLong, help: "One line for each finding, nothing else.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say why: reasons, every place, every key.")
    var verbose = false

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    @Flag(help: "Show values in full. Mind who can see your screen and where the report goes.")
    var showSecrets = false

    @OptionGroup var acceptance: AcceptanceOptions

    @OptionGroup var caching: CacheOptions

    // Accepted from users of other scanners; what they ask for is so anyway.
    @Flag(help: ArgumentHelp("", visibility: .private)) var redact = false
    @Flag(help: ArgumentHelp("", visibility: .private)) var noBanner = false
    @Flag(help: ArgumentHelp("", visibility: .private)) var noUpdateCheck = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other.") }
        if [range != nil, since != nil, sinceCommit != nil].filter({ $0 }).count > 1 {
            throw ValidationError("Give one of --range, --since and --since-commit.")
        }
        if staged && scope != .all { throw ValidationError("--staged is --scope index: give one of them.") }
        if output == "" { throw ValidationError("--output needs the name of a file, or - for standard output.") }
        try further.check(besides: format, in: output)
        try validateFleet()
        if paths.contains("") { throw ValidationError("A path is empty: a variable that is not set, perhaps?") }
        _ = try selection()
        if let jobs, jobs < 1 || jobs > 1_024 { throw ValidationError("--jobs must be from 1 to 1024.") }
        if stdin, !paths.isEmpty || range != nil || since != nil || sinceCommit != nil || staged || scope != .all {
            throw ValidationError("--stdin reads standard input alone: leave out paths, ranges and scopes.")
        }
        if (staged || scope == .index || scope == .worktree) && (range != nil || since != nil || sinceCommit != nil) {
            throw ValidationError("A range of commits has no index and no worktree: leave out --scope.")
        }
    }

    func run() async throws {
        if let list = fleet.repos { return try await runFleet(list) }
        let request = try makeRequest()
        let destination = try ReportDestination(output)
        let destinations = try further.destinations()
        let started = Instant.systemNow()
        if !stdin { try PathCheck.requireReadable([request.path] + request.morePaths) }
        let settings = stdin ? Configuration() : try Configuration.load(root: request.configurationRoot)
        tell(of: settings)
        let grounds = try acceptance.grounds(root: stdin ? nil : request.configurationRoot)
        // Rules that do not compile are ours to mend; all the same they are told as what they are.
        let compiled = try CompiledRules(cacheFolder: request.cacheFolder)
        if verbose { Diagnostics.note(patternNote(compiled.origin)) }
        let scanner = Scanner(compiled: compiled)
        let display = quiet ? nil : ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        var report: ScanReport
        if stdin {
            report = try scanner.scan(bytes: StandardInput.readAll(), request: request)
        } else {
            report = try await scanner.scanKeepingReports(request)
        }
        display?.stop()
        report.exclude(settings.excludedPaths)
        grounds.apply(to: &report, lender: stdin ? nil : ValueLender(path: request.path), now: .systemNow())
        if !stdin { RememberedValues.note(report, path: request.path, root: request.configurationRoot) }
        let status = status(of: report, settings)
        report.keep(severity ?? settings.severity)
        let writer = reportWriter(settings, destination, started: started)
        try write(report, request, by: writer, to: destination)
        try destinations.write(report, by: writer)
        if quiet, report.accepted.count > 0 {
            // A repository may bring this along, and in quiet mode nothing else tells of it.
            Diagnostics.note(
                "\(Wording.count(report.accepted.count, "finding")) accepted by \(Acceptances.path), a baseline or "
                    + "comments; --no-ignore shows all")
        }
        if quiet, let gap = report.gaps.first { Diagnostics.note(incompleteNote(gap, of: report.gaps.count)) }
        status.exit()
    }
}

extension ScanCommand {
    func makeRequest() throws -> ScanRequest {
        var request = ScanRequest(path: paths.first ?? ".", jobs: jobs ?? Processors.count)
        request.isWholeRepository = paths.isEmpty
        request.morePaths = Array(paths.dropFirst())
        request.scope = staged ? .index : scope
        request.includesPlaceholders = includePlaceholders
        request.includesSubmodules = submodules
        request.cacheFolder = CacheFolder.ready()
        request.objectCaching = caching.place(userFolder: request.cacheFolder, isForMany: fleet.repos != nil)
        request.selection = try selection()
        return request
    }

    private func selection() throws -> ScanRequest.Selection {
        if let range { return try CommitRange.parse(range) }
        if let sinceCommit {
            if sinceCommit.isEmpty { throw ValidationError("--since-commit needs a commit.") }
            return .range(from: sinceCommit, to: "HEAD", symmetric: false)
        }
        guard let since else { return .everything }
        guard let time = PointInTime.parse(since, now: PointInTime.now()) else {
            throw ValidationError(
                "--since takes a date (2025-01-31), a time (2025-01-31T12:00:00Z) or an age (90d, 12w, 6m, 1y), "
                    + "not '\(since)'.")
        }
        return .since(time)
    }

    /// A repository may bring settings that its reader does not know of: they are told even when little else is.
    private func tell(of settings: Configuration) {
        var parts: [String] = []
        let sanitizer = Sanitizer(unicode: Terminal.isUTF8)
        if !settings.excludedPaths.isEmpty {
            parts.append("excludes " + settings.excludedPaths.map(sanitizer.clean).joined(separator: ", "))
        }
        // What the command line says comes first.
        if let least = settings.failOn, failOn == nil, !exitZero { parts.append("fails from \(least.name) on") }
        if let least = settings.severity, severity == nil { parts.append("reports from \(least.name) on") }
        if parts.isEmpty { return }
        Diagnostics.note("settings from \(Configuration.path): " + parts.joined(separator: "; "))
    }

    /// A leak comes before an incomplete scan: the report tells of both.
    private func status(of report: ScanReport, _ settings: Configuration) -> ExitStatus {
        if let least = least(settings), report.findings.contains(where: { $0.severity >= least }) { return .findings }
        return report.isComplete ? .clean : .incomplete
    }

    /// The least severity that fails; nil when nothing does.
    private func least(_ settings: Configuration) -> Severity? {
        let least: FailOn = exitZero ? .none : failOn ?? settings.failOn.map { .severity($0) } ?? .severity(.low)
        return if case .severity(let least) = least { least } else { nil }
    }

    private func reportWriter(
        _ settings: Configuration, _ destination: ReportDestination, started: Instant
    ) -> ReportWriter {
        let toTerminal = if case .standardOutput = destination { true } else { false }
        let terminal = Terminal.standardOutput
        let human = HumanReport(
            verbosity: quiet ? .quiet : verbose ? .verbose : .normal,
            colour: toTerminal && !noColor && terminal.hasColour,
            unicode: Terminal.isUTF8, width: toTerminal ? terminal.width : 80, now: PointInTime.now())
        return ReportWriter(
            version: Version.current, failOn: least(settings), started: started, ended: Instant.systemNow(),
            human: human)
    }

    private func write(
        _ report: ScanReport, _ request: ScanRequest, by writer: ReportWriter, to destination: ReportDestination
    ) throws {
        let lender = showSecrets ? ValueLender(path: request.path) : nil
        let reveal: ((Occurrence) -> String?)? = lender.map { lender in
            { occurrence in
                guard let value = lender.value(at: occurrence) else { return nil }
                return value.withBytes { bytes in
                    String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
                }
            }
        }
        let bytes = try writer.bytes(for: report, as: format, reveal: reveal)
        // A report with values in it is for its owner's eyes.
        try destination.write(bytes, isPrivate: showSecrets)
    }

    /// In quiet mode the report holds nothing but findings, and a code alone would leave the reader guessing.
    private func incompleteNote(_ gap: Gap, of count: Int) -> String {
        let what = Sanitizer(unicode: Terminal.isUTF8).clean("\(gap.subject): \(gap.reason)")
        return "the scan is incomplete: " + what
            + (count > 1 ? " (and \(count - 1) more; leave out --quiet to see all)" : "")
    }

    private func patternNote(_ origin: CompiledRules.Origin) -> String {
        switch origin {
        case .cached: "search patterns: from the cache"
        case .compiled: "search patterns: compiled, and kept for the next run"
        case .compiledUncached: "search patterns: compiled; no cache folder can be written, so every run compiles them"
        }
    }
}

/// The least severity that fails a scan.
enum FailOn: ExpressibleByArgument {
    case severity(Severity)
    case none

    init?(argument: String) {
        if argument.lowercased() == "none" {
            self = .none
        } else if let severity = Severity(name: argument) {
            self = .severity(severity)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { Severity.allCases.map(\.name) + ["none"] }
}

extension Severity: ExpressibleByArgument {
    /// From its name.
    public init?(argument: String) { self.init(name: argument) }
    /// For help and for completions.
    public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension ReportFormat: ExpressibleByArgument {}
extension ScanRequest.Scope: ExpressibleByArgument {}
