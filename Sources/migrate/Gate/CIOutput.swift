// Where the check of a pipeline tells what: the log, files, the summary of a job.

import Files
import Gate
import Reporting
import Scanning
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct CIOutput {
    private let command: CICommand
    private let world: World
    private let started: Instant
    private let destination: ReportDestination
    private let further: [(format: ReportFormat, destination: ReportDestination)]

    /// GitHub's variable with the name of the file that becomes the job's summary.
    private static let summaryVariable = "GITHUB_STEP_SUMMARY"

    /// - Throws: `FileError` for what cannot be written.
    init(_ command: CICommand, world: World, started: Instant) throws {
        self.command = command
        self.world = world
        self.started = started
        destination = try ReportDestination(command.output)
        further = try command.further.reports.map { report in
            (report.format, try ReportDestination(report.file == "-" ? nil : report.file))
        }
    }

    /// Writes every part, whatever becomes of the others.
    /// - Throws: the first `FileError`, after the rest was written.
    func write(_ report: PipelineReport) throws {
        let ended = world.now()
        var failure: (any Error)?
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { failure = failure ?? error }
        }
        let isLogFree = if case .standardOutput = destination { false } else { true }
        // A program that reads standard output gets its document and nothing else.
        let isForProgram = further.contains { isStandardOutput($0.destination) && !$0.format.isForLogs }
        if isLogFree, !isForProgram { attempt { try StandardOutput.write(Array(log(report, ended).utf8)) } }
        attempt {
            try destination.write(try bytes(report, as: command.format, to: destination, ended), isPrivate: false)
        }
        for (format, destination) in further {
            attempt { try destination.write(try bytes(report, as: format, to: destination, ended), isPrivate: false) }
        }
        if report.platform == .gitHub, let path = world.variable(Self.summaryVariable) {
            do { try append(CIReport(report).markdown(now: ended), to: path) } catch {
                // The verdict does not hang on it.
                Diagnostics.note("the job's summary was not written: \(Failure.line(for: error))")
            }
        }
        if let failure { throw failure }
        if (!isLogFree && command.format != .human) || isForProgram { Diagnostics.error(CIReport(report).verdict) }
    }

    private func isStandardOutput(_ destination: ReportDestination) -> Bool {
        if case .standardOutput = destination { true } else { false }
    }

    private func bytes(
        _ report: PipelineReport, as format: ReportFormat, to destination: ReportDestination, _ ended: Instant
    ) throws -> [UInt8] {
        let own = CIReport(report)
        return switch format {
        case .human: Array(try (isStandardOutput(destination) ? log(report, ended) : text(report, ended)).utf8)
        case .json: try own.json(version: Version.current)
        case .markdown: Array(own.markdown(now: ended).utf8)
        case .github: Array(own.gitHubAnnotations.utf8)
        case .azure: Array(own.azureLog("").utf8)
        case .jsonl, .sarif, .gitlab, .junit, .gitleaks: try writer(report, ended).bytes(for: report.scan, as: format)
        }
    }

    private func writer(_ report: PipelineReport, _ ended: Instant, onTerminal: Bool = false) -> ReportWriter {
        let terminal = Terminal.standardOutput
        return ReportWriter(
            version: Version.current, failOn: report.failOn, started: started, ended: ended,
            human: HumanReport(
                colour: onTerminal && !command.noColor && terminal.hasColour, unicode: Terminal.isUTF8,
                width: onTerminal ? terminal.width : 80, now: ended.wholeSeconds))
    }

    private func text(_ report: PipelineReport, _ ended: Instant, onTerminal: Bool = false) throws -> String {
        let scan = try writer(report, ended, onTerminal: onTerminal).bytes(for: report.scan, as: .human)
        let terminal = Terminal.standardOutput
        let style = TerminalStyle(
            colour: onTerminal && !command.noColor && terminal.hasColour, unicode: Terminal.isUTF8,
            width: onTerminal && terminal.isTerminal ? terminal.width : 80)
        return String(decoding: scan, as: UTF8.self) + "\n" + CIReport(report).text(style)
    }

    /// The text, and what the platform makes more of.
    private func log(_ report: PipelineReport, _ ended: Instant) throws -> String {
        let text = try text(report, ended, onTerminal: true)
        let own = CIReport(report)
        switch report.platform {
        case .gitHub:
            let digits = Array("0123456789abcdef")
            let token = world.randomBytes(16).map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined()
            return own.gitHubLog(text, token: token)
        case .azure: return own.azureLog(text)
        case .gitLab, .jenkins, .buildkite, .circleCI, .bitbucket, nil: return text
        }
    }

    /// Other steps write there as well, so nothing that is there goes.
    private func append(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(writingTo: path, errorNumber: errno) }
        defer { close(descriptor) }
        try StandardOutput.write(Array(text.utf8).span, to: descriptor, name: path)
    }
}
