// Where the reports on a fleet go: the document as it grows, everything else at the end.

import Files
import Reporting

/// One report on the repositories of a list.
struct FleetOutput {
    let format: ReportFormat
    let destination: ReportDestination
    /// Whether it is for this terminal, whose width and colours count.
    let isMain: Bool
}

/// All of them.
struct FleetOutputs {
    private let outputs: [FleetOutput]
    private let header: FleetHeader
    private let isQuiet: Bool
    private let noColor: Bool
    private var files: [FleetFile] = []
    private var streams: [ReportDestination] = []
    private var count = 0
    private(set) var summary = FleetSummary()

    /// Opens what is written as it grows.
    ///
    /// - Parameter resume: whether entries of an earlier run are taken over; `kept` has their paths then.
    init(
        _ outputs: [FleetOutput], header: FleetHeader, resume: Bool, isQuiet: Bool, noColor: Bool,
        kept: inout Set<String>
    ) throws {
        self.outputs = outputs
        self.header = header
        self.isQuiet = isQuiet
        self.noColor = noColor
        let line = try header.line()
        for output in outputs where output.format == .json {
            guard case .file(let path) = output.destination else {
                try output.destination.write(line, isPrivate: false)
                streams.append(output.destination)
                continue
            }
            let partial = FleetFile.partialPath(of: path)
            if !resume, FileStatus(at: partial) != nil {
                Diagnostics.note(
                    "\(partial) is left from a run that did not end; this one begins anew (--resume takes it up)")
            }
            var entries: [FleetEntry] = []
            files.append(
                try FleetFile(path, header: line, resume: resume) { line in
                    guard let entry = FleetEntry(line: line) else { return false }
                    entries.append(entry)
                    return true
                })
            for entry in entries {
                summary.add(entry)
                kept.insert(entry.path)
                count += 1
            }
        }
    }

    /// Takes in one repository.
    mutating func add(_ entry: FleetEntry) throws {
        summary.add(entry)
        let line = FleetDocument.line(entry, isFirst: count == 0)
        count += 1
        for file in files { try file.append(line) }
        for stream in streams { try stream.write(line, isPrivate: false) }
    }

    /// Writes what is left to write.
    func finish() throws {
        let end = try FleetDocument.end(summary)
        for file in files { try file.finish(end) }
        for stream in streams { try stream.write(end, isPrivate: false) }
        for output in outputs where output.format != .json {
            try output.destination.write(try bytes(output), isPrivate: false)
        }
    }

    private func bytes(_ output: FleetOutput) throws -> [UInt8] {
        switch output.format {
        case .jsonl: return try FleetReport.lines(for: summary, header: header)
        case .markdown: return Array(FleetReport.markdown(for: summary, header: header).utf8)
        default:
            let terminal = Terminal.standardOutput
            let toTerminal = if case .standardOutput = output.destination { true } else { false }
            let report = FleetReport(
                colour: toTerminal && !noColor && terminal.hasColour, unicode: Terminal.isUTF8,
                width: toTerminal ? terminal.width : 80)
            return Array(
                (isQuiet && output.isMain ? report.lines(for: summary) : report.text(for: summary, header: header)).utf8
            )
        }
    }
}
