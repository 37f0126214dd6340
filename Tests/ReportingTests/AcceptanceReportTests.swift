// Accepted findings in every report: they do not count, and are not hidden either.

import Detection
import Foundation
import Scanning
import Testing
import World

@testable import Reporting

/// A report in which one finding counts, and others are accepted on every ground.
extension Story {
    static let ada = Acceptance(
        fingerprint: "0000000000514ed0", reason: "key of the test account, revoked", owner: "Ada <ada@example.org>",
        until: Instant(iso8601: "2026-02-22T23:59:59Z"), note: "sendgrid-api-key in backend/.env")

    static var accepted: ScanReport {
        let place = place(.blob(id("a1"), path: "backend/.env"), 3, 18, [.head, .index, .worktree, .branch])
        let history = History(introduced: commit("c1", daysAgo: 40, "Add settings"), commitCount: 1, isInHead: true)
        var report = ScanReport(
            target: .init(path: "/srv/app", kind: .worktree, head: "main"), scope: "the whole repository",
            findings: [generic(9, "DB_PASSWORD", .high, [place], history)],
            dotenvFiles: [
                DotenvFileReport(
                    path: "backend/.env", isTemplate: false, standing: .tracked, versionCount: 1, history: history,
                    entries: [])
            ])
        report.dotenvFiles[0].isAccepted = true
        report.accepted.findings = [
            AcceptedFinding(finding: sendGrid([place], history), ground: .entry(ada)),
            AcceptedFinding(finding: dotenvFile(7, .medium, place, history), ground: .baseline("old.json")),
            AcceptedFinding(finding: generic(8, "A", .high, [place], history), ground: .marker("gitleaks:allow")),
            AcceptedFinding(finding: generic(6, "B", .low, [place], history), ground: .ignoreFile(".gitleaksignore")),
        ]
        var past = ada
        past.fingerprint = "0000000000000009"
        past.until = Instant(iso8601: "2025-11-01T23:59:59Z")
        report.accepted.expired = [past]
        var gone = ada
        gone.fingerprint = "00000000000000aa"
        gone.until = nil
        gone.note = nil
        report.accepted.stale = [gone]
        return report
    }
}

@Suite struct AcceptanceReportTests {
    private static func text(_ report: ScanReport, _ verbosity: HumanReport.Verbosity = .normal) -> String {
        HumanReport(verbosity: verbosity, now: Story.now).text(for: report)
    }

    @Test func `a person reads how many there are, by what, and what needs attention`() {
        let text = Self.text(Story.accepted)
        #expect(
            text.contains(
                """
                Accepted (4): by .migrate/ignore.yml (1), old.json (1), comments on their lines
                """))
        #expect(text.contains("1 entry has expired, and its finding counts again:\n    0000000000000009"))
        #expect(text.contains("1 entry is about nothing that is still here:\n    00000000000000aa"))
        #expect(text.contains("migrate ignore prune"))
        #expect(text.contains("backend/.env  tracked, 1 version, accepted"))
        #expect(text.contains("1 secret in 1 dotenv file"))
        #expect(!text.contains("git rm --cached"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `with -v each is named, with its reason, and masked`() {
        let text = Self.text(Story.accepted, .verbose)
        #expect(text.contains("key of the test account, revoked (Ada <ada@example.org>, until 2026-02-22)"))
        #expect(text.contains("it stands in the baseline old.json"))
        #expect(text.contains("a comment on its line says `gitleaks:allow`"))
        #expect(text.contains(".gitleaksignore lists it"))
        #expect(text.contains("id 0000000000514ed0"))
    }

    @Test func `green is never claimed for what is only accepted`() {
        var report = Story.accepted
        report.findings = []
        #expect(Self.text(report).contains("No secrets found but what is accepted (4 findings). Looked at"))
    }

    @Test func `what nobody accepts is not spoken of`() {
        #expect(!Self.text(Story.whole).contains("ccepted"))
    }

    private static func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `programs read each with its ground`() throws {
        let json = try Self.object(JSONReport(version: "1").bytes(for: Story.accepted))
        #expect((json["findings"] as? [Any])?.count == 1)
        let counts = try #require(json["counts"] as? [String: Any])
        #expect(counts["accepted"] as? Int == 4 && counts["findings"] as? Int == 1 && counts["secrets"] as? Int == 1)
        let accepted = try #require(json["accepted"] as? [String: Any])
        let findings = try #require(accepted["findings"] as? [[String: Any]])
        #expect(findings.compactMap { $0["by"] as? String } == ["entry", "baseline", "comment", "ignore-file"])
        #expect(findings[0]["until"] as? String == "2026-02-22" && findings[0]["owner"] as? String == Story.ada.owner)
        #expect(findings[1]["reason"] == nil && findings[1]["source"] as? String == "old.json")
        let stale = try #require((accepted["stale"] as? [[String: Any]])?.first)
        #expect(stale["until"] == nil && stale["fingerprint"] as? String == "00000000000000aa")
        #expect((json["dotenvFiles"] as? [[String: Any]])?.first?["accepted"] as? Bool == true)
    }

    @Test func `in SARIF all results have suppressions, or none`() throws {
        func results(_ report: ScanReport) throws -> [[String: Any]] {
            let log = try Self.object(SARIFReport(version: "1").bytes(for: report))
            let run = try #require((log["runs"] as? [[String: Any]])?.first)
            let rules = ((run["tool"] as? [String: Any])?["driver"] as? [String: Any])?["rules"] as? [[String: Any]]
            let ids = Set((rules ?? []).compactMap { $0["id"] as? String })
            let results = try #require(run["results"] as? [[String: Any]])
            for result in results { #expect(ids.contains(try #require(result["ruleId"] as? String))) }
            return results
        }
        let suppressions = try results(Story.accepted).map { $0["suppressions"] as? [[String: Any]] }
        #expect(suppressions.map { $0?.count } == [0, 1, 1, 1, 1])
        #expect(
            suppressions.dropFirst().map { $0?.first?["kind"] as? String } == [
                "external", "external", "inSource", "external",
            ])
        #expect(suppressions.dropFirst().allSatisfy { $0?.first?["status"] as? String == "accepted" })
        #expect(
            suppressions[1]?.first?["justification"] as? String
                == "key of the test account, revoked (Ada <ada@example.org>, until 2026-02-22)")
        #expect(try results(Story.whole).allSatisfy { $0["suppressions"] == nil })
    }

    @Test func `a note for the ignore file is one line that can be read back, whatever the repository names its files`()
    {
        let place = Story.place(
            .file(path: "a\u{1B}[2J\u{202E}b\n" + String(repeating: "long/", count: 100)), 1, 1, [.worktree])
        let note = Story.generic(1, "NAME", .high, [place], History()).acceptanceNote
        #expect(note.hasPrefix("NAME (dotenv-secret) in a"))
        #expect(note.count <= 200 && Acceptances.isText(note))
    }
}
