// Further reports of the same scan, each in a form and a file of its own.

import ArgumentParser
import Files
import Reporting
import Scanning

/// `--report FORMAT=FILE`, for every command that scans.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .customLong("report"),
        help: ArgumentHelp(
            "Write the report in this form to this file as well, masked; - is standard output. May be repeated.",
            valueName: "format=file"))
    var reports: [ReportRequest] = []

    func validate() throws {
        for (number, report) in reports.enumerated() where report.file != "-" {
            if reports[..<number].contains(where: { $0.file == report.file }) {
                throw ValidationError("Two reports go to \(report.file): give each a file of its own.")
            }
        }
    }

    /// Refuses what could not be told apart: a form for programs on a stream that has another report.
    ///
    /// - Parameters:
    ///   - main: the form of the command's own report.
    ///   - output: where that goes; nil or "-" is standard output.
    func check(besides main: ReportFormat, in output: String?) throws {
        let isMainOnOutput = output == nil || output == "-"
        let onOutput = reports.filter { $0.file == "-" }.map(\.format) + (isMainOnOutput ? [main] : [])
        if onOutput.count > 1, let format = onOutput.first(where: { !$0.isForLogs }) {
            throw ValidationError(
                "Two reports on standard output, and one is \(format.rawValue), which a program reads: "
                    + "give it a file (--report \(format.rawValue)=FILE).")
        }
        if let output, !isMainOnOutput, reports.contains(where: { $0.file == output }) {
            throw ValidationError("Two reports go to \(output): give each a file of its own.")
        }
    }

    /// Looks at every place before a scan, since it would be unkind to fail after it.
    /// - Throws: `FileError` for what cannot be written.
    func destinations() throws -> ReportDestinations {
        ReportDestinations(
            entries: try reports.map { ($0.format, try ReportDestination($0.file == "-" ? nil : $0.file)) })
    }
}

/// One of them.
struct ReportRequest: ExpressibleByArgument, Equatable {
    var format: ReportFormat
    var file: String

    init?(argument: String) {
        guard let separator = argument.firstIndex(of: "="),
            let format = ReportFormat(rawValue: String(argument[..<separator]))
        else { return nil }
        file = String(argument[argument.index(after: separator)...])
        if file.isEmpty { return nil }
        self.format = format
    }
}

/// Where further reports go, looked at before the scan.
struct ReportDestinations {
    fileprivate let entries: [(format: ReportFormat, destination: ReportDestination)]

    fileprivate init(entries: [(format: ReportFormat, destination: ReportDestination)]) { self.entries = entries }

    /// Writes every one, whatever becomes of the others.
    /// - Throws: the first `FileError`, after the rest was written.
    func write(_ report: ScanReport, by writer: ReportWriter) throws {
        var plain = writer
        // A file has neither colours nor the width of this terminal.
        plain.human.colour = false
        plain.human.width = 80
        var failure: (any Error)?
        for (format, destination) in entries {
            do { try destination.write(try plain.bytes(for: report, as: format), isPrivate: false) } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
