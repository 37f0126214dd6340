// JSON and SARIF: what they have, and that they keep to their schemas.

import Detection
import Foundation
import Git
import Scanning
import Testing

@testable import Reporting

/// Parsed JSON, for looking into.
private func parse(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
}

@Suite("JSON report")
struct JSONReportTests {
    private let report = JSONReport(version: "1.2.3")

    @Test("has everything that the scan found")
    func whole() throws {
        let document = try parse(report.bytes(for: Story.whole))
        #expect(document["schema"] as? String == "migrate.scan/1")
        #expect((document["tool"] as? [String: String]) == ["name": "migrate", "version": "1.2.3"])
        #expect(document["complete"] as? Bool == true)
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.count == Story.whole.findings.count)
        let first = try #require(findings.first)
        #expect(first["fingerprint"] as? String == "0000000000514ed0")
        #expect(first["severity"] as? String == "critical")
        #expect(first["situation"] as? String == "pushed")
        let places = try #require(first["occurrences"] as? [[String: Any]])
        #expect(places.count == 4)
        #expect(places[0]["source"] as? String == "blob")
        #expect(places[0]["path"] as? String == "backend/.env")
        #expect(places[0]["object"] as? String == Story.id("b1").description)
        #expect(places[0]["line"] as? Int == 3)
        #expect(places[0]["column"] as? Int == 18)
        #expect(places[0]["start"] as? Int == 100)
        #expect(places[0]["end"] as? Int == 169)
        #expect(places[0]["reach"] as? [String] == ["worktree", "index", "HEAD", "branch", "remote-branch"])
        let history = try #require(first["history"] as? [String: Any])
        #expect((history["introduced"] as? [String: Any])?["time"] as? String == "2025-08-12T09:00:00Z")
        #expect(history["removed"] == nil)
        let counts = try #require(document["counts"] as? [String: Any])
        #expect(counts["findings"] as? Int == 9)
        #expect(counts["secrets"] as? Int == 6)
        #expect(counts["pushed"] as? Int == 3)
        #expect((document["dotenvFiles"] as? [[String: Any]])?.count == 5)
        #expect(
            (document["ignoreAudit"] as? [String: Any])?["fix"] as? [String] == [".env", ".env.*", "!.env.example"])
    }

    @Test("says when it is incomplete")
    func incomplete() throws {
        let document = try parse(report.bytes(for: Story.incomplete))
        #expect(document["complete"] as? Bool == false)
        let gaps = try #require(document["gaps"] as? [[String: String]])
        #expect(gaps.map { $0["kind"] } == ["shallow-history", "too-large"])
    }

    @Test("has values only when they are revealed")
    func values() throws {
        func values(_ document: [String: Any]) -> [String?] {
            (document["findings"] as? [[String: Any]] ?? []).map { $0["value"] as? String }
        }
        let masked = try parse(report.bytes(for: Story.whole))
        #expect(values(masked).allSatisfy { $0 == nil })
        let revealed = try parse(
            report.bytes(for: Story.whole) { $0.path == "backend/.env" ? "sentinel\n\u{1b}" : nil })
        #expect(
            values(revealed) == [
                "sentinel\n\u{1b}", nil, "sentinel\n\u{1b}", nil, nil, nil, nil, "sentinel\n\u{1b}", nil,
            ])
    }

    @Test("is the same for the same scan")
    func stable() throws {
        #expect(try report.bytes(for: Story.whole) == report.bytes(for: Story.whole))
    }

    @Test("writes no raw control character, whatever names a repository has")
    func hostile() throws {
        let bytes = try report.bytes(for: Story.hostile)
        #expect(bytes.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") })
        let document = try parse(bytes)
        #expect((document["findings"] as? [[String: Any]])?.first?["name"] as? String == "KEY\u{1b}[31m\u{200b}")
    }

    @Test("an endless time is still JSON")
    func endless() throws {
        var endless = Story.empty
        endless.statistics.seconds = .infinity
        let document = try parse(report.bytes(for: endless))
        #expect((document["statistics"] as? [String: Any])?["seconds"] as? Double == 0)
    }
}

@Suite("SARIF report")
struct SARIFReportTests {
    private func run(_ report: ScanReport, _ sarif: SARIFReport = SARIFReport(version: "1.2.3")) throws -> [String: Any]
    {
        let document = try parse(sarif.bytes(for: report))
        #expect(document["version"] as? String == "2.1.0")
        return try #require((document["runs"] as? [[String: Any]])?.first)
    }

    @Test("has a result for each finding, with its rule")
    func results() throws {
        let run = try run(Story.whole)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == 9)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        #expect(rules.map { $0["id"] as? String } == ["dotenv-file", "dotenv-secret", "sendgrid-api-key"])
        #expect(rules[2]["helpUri"] as? String == "https://app.sendgrid.com/settings/api_keys")
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
            #expect((result["locations"] as? [Any])?.count == 1)
        }
        #expect(
            results.map { $0["level"] as? String } == [
                "error", "error", "error", "warning", "error", "warning", "note", "warning", "warning",
            ])
        #expect(results[0]["partialFingerprints"] as? [String: String] == ["migrate/v1": "0000000000514ed0"])
    }

    @Test("percent-encodes paths and gives messages and unnamed blobs a place")
    func places() throws {
        var report = Story.one
        report.findings[0].occurrences = [
            Story.place(.file(path: "a b/ü%#?.env"), 1, 1, [.untracked]),
            Story.place(.commitMessage(Story.id("c1")), 2, 3, [.commitMessage]),
            Story.place(.blob(Story.id("b1"), path: nil), 4, 5, [.unreachable]),
            Story.place(.standardInput, 6, 7, []),
        ]
        let result = try #require((run(report)["results"] as? [[String: Any]])?.first)
        let places =
            (result["locations"] as? [[String: Any]] ?? []) + (result["relatedLocations"] as? [[String: Any]] ?? [])
        let locations = places.compactMap { $0["physicalLocation"] as? [String: Any] }
        let uris = locations.map { ($0["artifactLocation"] as? [String: Any])?["uri"] as? String }
        #expect(
            uris == [
                "a%20b/%C3%BC%25%23%3F.env", ".git/objects/c1/" + String(repeating: "c1", count: 19),
                ".git/objects/b1/" + String(repeating: "b1", count: 19), "stdin",
            ])
        #expect(locations.map { ($0["region"] as? [String: Int]) }[1] == ["startLine": 2, "startColumn": 3])
    }

    @Test("takes columns in UTF-16 where they are known")
    func columns() throws {
        let bytes = try SARIFReport(version: "1").bytes(for: Story.one, utf16Column: { $0.column - 2 })
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""startColumn" : 7"#))
    }

    @Test("an incomplete scan is not a successful one")
    func gaps() throws {
        let invocation = try #require((run(Story.incomplete)["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
        let notifications = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect(notifications.map { $0["level"] as? String } == ["error", "error", "note"])
        let good = try #require((run(Story.empty)["invocations"] as? [[String: Any]])?.first)
        #expect(good["executionSuccessful"] as? Bool == true)
    }

    @Test("names the repository only where it is known")
    func provenance() throws {
        #expect(try run(Story.one)["versionControlProvenance"] == nil)
        let known = SARIFReport(version: "1", repositoryURI: "https://example.org/a.git", revision: "c1")
        let details = try #require((run(Story.one, known)["versionControlProvenance"] as? [[String: String]])?.first)
        #expect(details == ["repositoryUri": "https://example.org/a.git", "revisionId": "c1", "branch": "main"])
    }

    @Test("shows no piece of a source and no end of a value")
    func noSnippets() throws {
        let text = String(decoding: try SARIFReport(version: "1").bytes(for: Story.whole), as: UTF8.self)
        for word in ["snippet", "endColumn", "charLength", "byteLength"] { #expect(!text.contains(word)) }
    }

    @Test("a finding without a known place still has one", arguments: [0, 150])
    func counts(count: Int) throws {
        var report = Story.one
        report.findings[0].occurrences = (0..<count).map { Story.place(.file(path: "f\($0)"), 1, 1, [.untracked]) }
        let result = try #require((run(report)["results"] as? [[String: Any]])?.first)
        #expect((result["locations"] as? [Any])?.count == 1)
        #expect((result["relatedLocations"] as? [Any])?.count ?? 0 == (count == 0 ? 0 : 100))
    }
}
