// `migrate report`: reports that are there already.

import ArgumentParser
import Detection
import Files
import Reporting

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Works with reports that were written before: merges the shards of a scan of many repositories.",
        subcommands: [ReportMergeCommand.self])
}

struct ReportMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Makes one report of the shards of migrate scan --repos.",
        discussion: """
            Takes every shard's JSON file. What comes out as JSON is the document that one scan over the whole list would \
            have written. A value that stands in several repositories is shown once, with all of them.

            Exit codes: 0 clean; 1 findings; 2 a shard is missing, or nothing was found and something could not be read; \
            3 the files are not one report.
            """)

    @Argument(help: "The files of all shards, in any order.", completion: .file())
    var files: [String]

    @Option(name: .shortAndLong, help: "How to report: human, json, markdown or jsonl.")
    var format: ReportFormat = .human

    @Option(name: .shortAndLong, help: "Write the report to this file, whole or not at all; - is standard output.")
    var output: String?

    @OptionGroup var further: ReportOptions

    @Option(help: "Exit with 1 only for findings of this severity and above; `none` for never. Default: low.")
    var failOn: FailOn?

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    /// In bytes. A shard's report of a hundred thousand repositories is smaller.
    private static let largest = 2 << 30

    func validate() throws {
        if output == "" { throw ValidationError("--output needs the name of a file, or - for standard output.") }
        if files.contains("") { throw ValidationError("A file's name is empty: a variable that is not set, perhaps?") }
        try further.check(besides: format, in: output)
        for format in [format] + further.reports.map(\.format) { try FleetOptions.requireFormat(format) }
    }

    func run() async throws {
        let outputs =
            [FleetOutput(format: format, destination: try ReportDestination(output), isMain: true)]
            + (try further.reports.map {
                FleetOutput(
                    format: $0.format, destination: try ReportDestination($0.file == "-" ? nil : $0.file),
                    isMain: false)
            })
        var documents: [(name: String, document: FleetDocument)] = []
        for file in files {
            guard let bytes = try FileContent.read(file, limit: Self.largest) else { throw NoSuchFile(path: file) }
            documents.append((file, try FleetDocument(parsing: bytes, file: file)))
        }
        let merged = try FleetDocument.merging(documents)
        // What is there whole is written whole; the rest is made from it as a scan makes it.
        for output in outputs where output.format == .json {
            try output.destination.write(try merged.bytes(), isPrivate: false)
        }
        var kept: Set<String> = []
        var reports = try FleetOutputs(
            outputs.filter { $0.format != .json }, header: merged.header, resume: false, isQuiet: false,
            noColor: noColor, kept: &kept)
        for entry in merged.entries { try reports.add(entry) }
        try reports.finish()
        reports.summary.status(failOn: failOn ?? .severity(.low)).exit()
    }
}
