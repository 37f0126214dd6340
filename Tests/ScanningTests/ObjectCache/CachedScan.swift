// Scans with and without what an earlier one knows, for comparing them.

import Git
import TestRepositories
import Testing

@testable import Detection
@testable import Scanning

/// A folder for a cache, removed at the end.
final class CacheFolder {
    let path: String

    init() throws { path = try TemporaryRepository.makeFolder() }

    deinit { try? TemporaryRepository.removeFolder(path) }

    var file: String { path + "/" + ObjectCache.fileName }
    var bytes: [UInt8] { (try? TemporaryRepository.read(file)) ?? [] }
}

extension TemporaryRepository {
    /// A scan that begins where the last one with this folder has ended, and keeps all that it learns.
    func scan(knowing folder: CacheFolder, jobs: Int = 2) async throws -> ScanReport {
        try await PreparedObjects.$keepsAll.withValue(true) {
            try await scan(jobs: jobs) { $0.objectCaching = .folder(folder.path) }
        }
    }
}

extension ScanReport {
    /// All that a report says, byte for byte, but for what the scan itself has cost.
    var content: [UInt8] {
        var report = self
        report.statistics.byteCount = 0
        report.statistics.seconds = 0
        report.statistics.knownObjectCount = 0
        var writer = ReportWriter()
        report.write(to: &writer)
        return writer.bytes
    }

    /// For people who read of a difference.
    var words: [String] {
        findings.map { finding in
            let places = finding.occurrences.map {
                "\($0.source) \($0.range) \($0.line):\($0.column) \($0.reach.map(\.rawValue).sorted())"
            }
            let history = finding.history
            return "\(finding.ruleID) \(finding.verdict) \(finding.name ?? "-") \(finding.reason) \(places) "
                + "in \(history.introduced?.id.short ?? "-") out \(history.removed?.id.short ?? "-") "
                + "\(history.commitCount) \(history.references) \(history.isInHead) \(history.isPushed)"
        } + dotenvFiles.map { "\($0)" } + gaps.map { "\($0)" } + notes
            + ["\(statistics.objectCount) \(statistics.blobCount) \(statistics.commitCount) \(gradedDown)"]
    }
}

/// The same report with and without the cache.
func expectSame(
    _ repository: TemporaryRepository, _ folder: CacheFolder, _ what: String,
    _ location: SourceLocation = #_sourceLocation
) async throws -> ScanReport {
    let known = try await repository.scan(knowing: folder)
    let plain = try await repository.scan()
    if known.content != plain.content {
        let (left, right) = (known.words, plain.words)
        let only = left.filter { !right.contains($0) }.map { "cached:   " + $0 }
        let missing = right.filter { !left.contains($0) }.map { "uncached: " + $0 }
        Issue.record("\(what):\n\((only + missing).joined(separator: "\n"))", sourceLocation: location)
    }
    return known
}
