// `migrate scan --repos`.

import ArgumentParser
import Detection
import Reporting
import Scanning

extension ScanCommand {
    /// Refuses what is about one repository.
    func validateFleet() throws {
        guard fleet.repos != nil else { return }
        try FleetOptions.requireFormat(format)
        for report in further.reports { try FleetOptions.requireFormat(report.format) }
        let refused: [(String, Bool)] = [
            ("paths", !paths.isEmpty), ("--stdin", stdin), ("--range", range != nil),
            ("--since-commit", sinceCommit != nil), ("--staged", staged), ("--show-secrets", showSecrets),
            ("--baseline", !acceptance.baseline.isEmpty || !acceptance.baselinePath.isEmpty),
        ]
        if let (name, _) = refused.first(where: \.1) {
            throw ValidationError("--repos names repositories, and \(name) is about one: leave out one of them.")
        }
        if fleet.resume {
            let files = ([(format, output)] + further.reports.map { ($0.format, $0.file) })
                .filter { $0.0 == .json && $0.1 != nil && $0.1 != "-" }
            if files.count != 1 {
                throw ValidationError("--resume needs one JSON file: --format json --output FILE.")
            }
        }
    }

    /// Scans the repositories of the list, and ends the process with the status of all.
    func runFleet(_ path: String) async throws {
        let (list, folder) = try FleetScan.list(path)
        if let first = list.repeated.first {
            let more = list.repeated.count > 1 ? " (and \(list.repeated.count - 1) more)" : ""
            Diagnostics.note("the list names \(first) twice\(more); it counts once")
        }
        if fleet.listRepos {
            let own = list.entries.filter { fleet.shard.holds($0.path) }
            return try StandardOutput.write(Array(own.map { $0.path + "\n" }.joined().utf8))
        }
        let outputs = try destinations()
        let request = try makeRequest()
        let compiled = try CompiledRules(cacheFolder: request.cacheFolder)
        let header = FleetHeader(
            version: Version.current, rules: compiled.ruleSet.digest, repositoryCount: list.entries.count,
            listDigest: list.digest, settings: settingsOfFleet, shard: fleet.shard)
        var kept: Set<String> = []
        var reports = try FleetOutputs(
            outputs, header: header, resume: fleet.resume, isQuiet: quiet, noColor: noColor, kept: &kept)
        if !kept.isEmpty { Diagnostics.note("taken over from the run before: \(kept.count) repositories") }
        let scan = FleetScan(
            list: list, folder: folder, shard: fleet.shard, request: request, ignoresNothing: acceptance.noIgnore,
            severity: severity)
        let scanner = Scanner(compiled: compiled)
        let display = quiet || verbose ? nil : ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        try await scan.run(scanner, into: &reports, besides: kept) { if verbose { Diagnostics.note($0) } }
        display?.stop()
        try reports.finish()
        if quiet, let unread = reports.summary.unreadInWords {
            Diagnostics.note("the scan is incomplete: " + unread)
        }
        status(of: reports.summary).exit()
    }

    private func destinations() throws -> [FleetOutput] {
        [FleetOutput(format: format, destination: try ReportDestination(output), isMain: true)]
            + (try further.reports.map {
                FleetOutput(
                    format: $0.format, destination: try ReportDestination($0.file == "-" ? nil : $0.file),
                    isMain: false)
            })
    }

    /// What decides what is found, the repositories aside: shards under different ones are not merged.
    private var settingsOfFleet: [String: String] {
        [
            "scope": scope.rawValue, "since": since ?? "", "severity": severity?.name ?? "",
            "submodules": "\(submodules)", "include-placeholders": "\(includePlaceholders)",
            "no-ignore": "\(acceptance.noIgnore)",
        ]
    }

    private func status(of summary: FleetSummary) -> ExitStatus {
        summary.status(failOn: exitZero ? .none : failOn ?? .severity(.low))
    }
}

extension FleetSummary {
    /// A leak comes before what was not read: the report tells of both.
    func status(failOn: FailOn) -> ExitStatus {
        if case .severity(let least) = failOn, let worst, worst >= least { return .findings }
        return isComplete ? .clean : .incomplete
    }
}
