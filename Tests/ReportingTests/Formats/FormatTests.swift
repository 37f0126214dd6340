// The forms for pipelines and for other programs, each read back by what reads it.

import Detection
import Foundation
import Scanning
import Testing
import World

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

private let writer = ReportWriter(
    version: "1.2.3", failOn: .medium, started: Instant(seconds: 1_763_974_700),
    ended: Instant(seconds: 1_763_974_800))

@Suite("Formats")
struct FormatTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    // By name: what is an argument of a test is printed with all that is in it.
    private static func story(_ name: String) -> ScanReport {
        switch name {
        case "empty": Story.empty
        case "one": Story.one
        case "whole": Story.whole
        case "incomplete": Story.incomplete
        case "hostile": Story.hostile
        default: HostileReport.make(seed: UInt64(name.drop { !$0.isNumber }) ?? 0)
        }
    }

    private static let names = ["empty", "one", "whole", "incomplete", "hostile"] + (1...8).map { "seed-\($0)" }

    @Test("every story can be written in every form, twice the same", arguments: names)
    func samples(name: String) throws {
        let report = Self.story(name)
        // `scripts/validate-formats.py` reads these after the tests, with parsers that are not ours.
        let folder = Self.root.appending(path: ".build/format-samples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for format in ReportFormat.allCases {
            let bytes = try writer.bytes(for: report, as: format)
            #expect(try writer.bytes(for: report, as: format) == bytes, "\(format)")
            #expect(String(validating: bytes, as: UTF8.self) != nil, "\(format) is UTF-8")
            #expect(bytes.isEmpty || bytes.last == 0x0A, "\(format) ends with a line")
            try Data(bytes).write(to: folder.appending(path: "\(name).\(format.rawValue)"), options: .atomic)
        }
    }

    @Test("no form but human and JSON ever asks for a value")
    func masked() throws {
        for format in ReportFormat.allCases {
            let text = String(
                decoding: try writer.bytes(for: Story.whole, as: format) { _ in "the-value-itself" }, as: UTF8.self)
            #expect(text.contains("the-value-itself") == [.human, .json].contains(format), "\(format)")
        }
    }

    @Test("no control character gets into any form", arguments: 1...60)
    func noControls(seed: UInt64) throws {
        let report = HostileReport.make(seed: seed)
        for format in ReportFormat.allCases {
            let text = String(decoding: try writer.bytes(for: report, as: format), as: UTF8.self)
            let control = text.unicodeScalars.first {
                $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value))
            }
            #expect(control == nil, "\(format)")
        }
    }

    @Test("the page knows every form")
    func page() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/formats.md"), encoding: .utf8)
        for format in ReportFormat.allCases { #expect(page.contains("`\(format.rawValue)`"), "\(format)") }
    }
}

@Suite("JSON Lines")
struct JSONLinesTests {
    @Test(
        "has a header, a line for each finding, and a summary", arguments: ["whole", "empty", "incomplete"])
    func lines(name: String) throws {
        let report = name == "whole" ? Story.whole : name == "empty" ? Story.empty : Story.incomplete
        let lines = try writer.bytes(for: report, as: .jsonl).split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
        #expect(
            lines.map { $0["type"] as? String } == ["header"] + report.findings.map { _ in "finding" } + ["summary"])
        #expect(lines.first?["schema"] as? String == "migrate.scan-lines/1")
        #expect(
            lines.dropFirst().dropLast().map { $0["fingerprint"] as? String }
                == report.findings.map(\.fingerprint.description))
        #expect(lines.last?["complete"] as? Bool == report.isComplete)
    }
}

@Suite("gitleaks form")
struct GitleaksTests {
    @Test("has an element with all of gitleaks' members for each place")
    func elements() throws {
        let leaks = try #require(
            try JSONSerialization.jsonObject(with: Data(writer.bytes(for: Story.whole, as: .gitleaks)))
                as? [[String: Any]])
        #expect(leaks.count == Story.whole.findings.map(\.occurrences.count).reduce(0, +))
        let members: Set = [
            "RuleID", "Description", "StartLine", "EndLine", "StartColumn", "EndColumn", "Match", "Secret", "File",
            "SymlinkFile", "Commit", "Entropy", "Author", "Email", "Date", "Message", "Tags", "Fingerprint",
        ]
        for leak in leaks { #expect(Set(leak.keys) == members) }
        let first = try #require(leaks.first)
        #expect(first["File"] as? String == "backend/.env")
        #expect(first["Secret"] as? String == Story.sendGridMask)
        #expect(first["StartLine"] as? Int == 3)
        #expect(first["EndColumn"] as? Int == first["StartColumn"] as? Int, "the end would tell how long the value is")
    }

    @Test("is an empty array when there is nothing")
    func empty() throws {
        let text = String(decoding: try writer.bytes(for: Story.empty, as: .gitleaks), as: UTF8.self)
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Int] == [])
    }
}

@Suite("GitLab form")
struct GitLabTests {
    private func document(_ report: ScanReport) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(writer.bytes(for: report, as: .gitlab))) as? [String: Any])
    }

    @Test("has a vulnerability for each finding, by its place")
    func vulnerabilities() throws {
        let document = try document(Story.whole)
        let list = try #require(document["vulnerabilities"] as? [[String: Any]])
        #expect(list.count == Story.whole.findings.count)
        #expect(Set(list.compactMap { $0["id"] as? String }).count == list.count, "each has an id of its own")
        let location = try #require(list.first?["location"] as? [String: Any])
        #expect(location["file"] as? String == "backend/.env")
        #expect(location["start_line"] as? Int == 3)
        let scan = try #require(document["scan"] as? [String: Any])
        #expect(scan["status"] as? String == "success")
        #expect(scan["start_time"] as? String == "2025-11-24T08:58:20")
        #expect(scan["end_time"] as? String == "2025-11-24T09:00:00")
    }

    @Test("an incomplete scan is a failed one, and says what was not read")
    func incomplete() throws {
        let scan = try #require(try document(Story.incomplete)["scan"] as? [String: Any])
        #expect(scan["status"] as? String == "failure")
        let messages = try #require(scan["messages"] as? [[String: String]])
        #expect(messages.filter { $0["level"] == "warn" }.count == 2)
    }
}

@Suite("JUnit form")
struct JUnitTests {
    private func parse(_ report: ScanReport, failOn: Severity? = .medium) throws -> XMLElement {
        let document = try XMLDocument(data: Data(JUnitReport(failOn: failOn).bytes(for: report)), options: [])
        let root = try #require(document.rootElement())
        return try #require(root.elements(forName: "testsuite").first)
    }

    private func count(_ suite: XMLElement, _ name: String) -> Int {
        suite.elements(forName: "testcase").filter { !$0.elements(forName: name).isEmpty }.count
    }

    @Test("counts what it has", arguments: 1...60)
    func counts(seed: UInt64) throws {
        let report = HostileReport.make(seed: seed)
        let suite = try parse(report)
        func attribute(_ name: String) -> Int? { suite.attribute(forName: name)?.stringValue.flatMap { Int($0) } }
        let failing = report.findings.filter { $0.severity >= .medium }.count
        #expect(attribute("tests") == suite.elements(forName: "testcase").count)
        #expect(attribute("failures") == failing && count(suite, "failure") == failing)
        #expect(attribute("errors") == report.gaps.count && count(suite, "error") == report.gaps.count)
        #expect(count(suite, "skipped") == report.findings.count - failing)
    }

    @Test("a clean scan passes one case; an incomplete one passes none")
    func cleanAndNot() throws {
        let clean = try parse(Story.empty)
        #expect(clean.elements(forName: "testcase").count == 1)
        #expect(clean.elements(forName: "testcase").first?.childCount == 0)
        let incomplete = try parse(Story.incomplete)
        #expect(count(incomplete, "error") == incomplete.elements(forName: "testcase").count)
    }

    @Test("when nothing fails a run, nothing is a failure")
    func nothingFails() throws {
        #expect(count(try parse(Story.whole, failOn: nil), "failure") == 0)
    }
}
