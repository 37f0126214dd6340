// The words of the reports against the documents in docs/, and samples for the validator
// in scripts/, which is not ours to write in Swift.

import Detection
import Foundation
import Scanning
import Testing

@testable import Reporting

@Suite("Schemas")
struct SchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let stories: [(name: String, report: ScanReport)] = [
        ("empty", Story.empty), ("one", Story.one), ("whole", Story.whole), ("incomplete", Story.incomplete),
        ("hostile", Story.hostile), ("accepted", Story.accepted),
    ]

    @Test("every story can be written in both machine formats", arguments: stories)
    func samples(name: String, report: ScanReport) throws {
        // `scripts/validate-reports.py` reads these after the tests.
        let folder = Self.root.appending(path: ".build/report-samples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let json = try JSONReport(version: "1.2.3").bytes(for: report) { _ in "value" }
        let sarif = try SARIFReport(version: "1.2.3", repositoryURI: "https://example.org/a.git", revision: "c1")
            .bytes(for: report)
        for (bytes, suffix) in [(json, "json"), (sarif, "sarif")] {
            #expect(try JSONSerialization.jsonObject(with: Data(bytes)) is [String: Any])
            try Data(bytes).write(to: folder.appending(path: "\(name).\(suffix)"), options: .atomic)
        }
    }

    @Test("the schema and the page beside it know every word that the report can use")
    func words() throws {
        let schema = try String(contentsOf: Self.root.appending(path: "docs/report.schema.json"), encoding: .utf8)
        let page = try String(contentsOf: Self.root.appending(path: "docs/report-schema.md"), encoding: .utf8)
        let words =
            Severity.allCases.map(\.name) + Verdict.allCases.map(\.rawValue) + ValueClass.allCases.map(\.rawValue)
            + Reach.allCases.map(\.rawValue) + Situation.allCases.map(\.rawValue) + Action.Kind.allCases.map(\.rawValue)
        for word in words {
            #expect(schema.contains("\"\(word)\""), "\(word) in the schema")
            #expect(page.contains("`\(word)`"), "\(word) on the page")
        }
        for kind in Gap.Kind.allCases {
            #expect(schema.contains("\"\(kind.rawValue)\""), "\(kind.rawValue) in the schema")
        }
    }
}
