// Accepted findings do not count, and whatever is wrong with an entry is told.

import TestRepositories
import Testing
import World

@testable import Detection
@testable import Scanning

@Suite struct AcceptTests {
    private static func repository() throws -> TemporaryRepository {
        try TemporaryRepository().write("a.py", Value.line(1)).write("b.py", Value.line(2))
            .write("backend/.env", "PASSWORD=\(Value.password(3))\n").commit("Leak")
    }

    private static func name(_ finding: Finding?) throws -> String { try #require(finding).fingerprint.description }

    @Test func `an accepted finding is counted apart, and all others stay`() async throws {
        let repository = try Self.repository()
        var report = try await repository.scan()
        let before = report.findings.map(\.fingerprint)
        let first = entry(try Self.name(report.finding(Value.sendGrid(1))))
        report.accept(Acceptances([first]), now: today)
        #expect(report.accepted.findings.map(\.ground) == [.entry(first)])
        #expect(report.accepted.findings.map(\.finding.fingerprint.description) == [first.fingerprint])
        #expect(report.findings.map(\.fingerprint) == before.filter { $0.description != first.fingerprint })
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.accepted.expired.isEmpty && report.accepted.stale.isEmpty && report.accepted.expiring.isEmpty)
    }

    @Test func `an entry holds over commits, moves and other lines`() async throws {
        let repository = try Self.repository()
        let first = entry(try Self.name(try await repository.scan().finding(Value.sendGrid(1))))
        try repository.git("mv", "a.py", "moved.py")
        try repository.write("moved.py", "\n\n# reformatted\n" + Value.line(1)).commit("Move")
        try repository.git("commit", "--quiet", "--amend", "--message", "Again")
        var report = try await repository.scan()
        report.accept(Acceptances([first]), now: today)
        #expect(report.finding(Value.sendGrid(1)) == nil)
        #expect(report.accepted.count == 1)
    }

    @Test func `what has expired counts again, and that is said`() async throws {
        let repository = try Self.repository()
        var report = try await repository.scan()
        let entries = [
            entry(try Self.name(report.finding(Value.sendGrid(1))), until: "2026-11-23"),
            entry(try Self.name(report.finding(Value.sendGrid(2))), until: "2026-12-01"),
        ]
        report.accept(Acceptances(entries), now: today)
        #expect(report.finding(Value.sendGrid(1)) != nil)
        #expect(report.accepted.expired == [entries[0]])
        #expect(report.accepted.expiring == [entries[1]])
        #expect(Acceptances(entries).acceptance(of: try report.fingerprint(Value.sendGrid(1)), now: today) == nil)
        #expect(
            Acceptances(entries).acceptance(of: try report.fingerprint(Value.sendGrid(2)), now: today) == entries[1])
    }

    @Test func `an entry about nothing is told only when everything was looked at`() async throws {
        let repository = try Self.repository()
        let stale = entry(fingerprint("1"))
        func accepted(_ change: @escaping (inout ScanRequest) -> Void) async throws -> AcceptanceReport {
            var report = try await repository.scan("", change)
            report.accept(Acceptances([stale]), now: today)
            return report.accepted
        }
        #expect(try await accepted { _ in }.stale == [stale])
        #expect(try await accepted { $0.scope = .index }.stale.isEmpty)
        #expect(try await accepted { $0.scope = .history }.stale.isEmpty)
        #expect(try await accepted { $0.selection = .range(from: nil, to: "HEAD", symmetric: false) }.stale.isEmpty)
        #expect(try await accepted { $0.pathPrefixes = ["backend"] }.stale.isEmpty)
        // Something could not be read: it may be there.
        let shallow = try TemporaryRepository(beside: repository.commit("More"), named: "shallow") {
            ["clone", "--quiet", "--depth", "1", "file://" + repository.path, $0]
        }
        var report = try await shallow.scan()
        #expect(!report.isComplete)
        report.accept(Acceptances([stale]), now: today)
        #expect(report.accepted.stale.isEmpty)
    }

    @Test func `a repository below that was not scanned may have what an entry is about`() async throws {
        let repository = try Self.repository()
        let inner = try TemporaryRepository(beside: repository, named: "project/inner") {
            ["init", "--quiet", "--template=", "--initial-branch=main", $0]
        }
        try inner.write("c.py", Value.line(9)).commit("Inner")
        let within = Fingerprint(rule: "sendgrid-api-key", value: Array(Value.sendGrid(9).utf8).span).description
        let entries = Acceptances([entry(within), entry(fingerprint("1"))])
        var outer = try await repository.scan()
        outer.accept(entries, now: today)
        #expect(outer.accepted.stale.isEmpty)
        var both = try await repository.scan { $0.includesSubmodules = true }
        both.accept(entries, now: today)
        #expect(both.accepted.count == 1)
        #expect(both.accepted.stale.map(\.fingerprint) == [fingerprint("1")])
    }

    @Test func `an accepted dotenv file stays listed, and is no fault of the ignore rules`() async throws {
        let repository = try Self.repository()
        try repository.write(".gitignore", ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n")
            .commit("Ignore")
        var report = try await repository.scan()
        #expect(report.ignoreAudit?.trackedThoughIgnored == ["backend/.env"])
        let file = try #require(report.findings.first { $0.ruleID == Rule.dotenvFile.id })
        let value = try #require(report.dotenvFile("backend/.env")?.entries[0].findings.first)
        report.accept(Acceptances([entry(file.fingerprint.description)]), now: today)
        #expect(report.dotenvFile("backend/.env")?.isAccepted == true)
        #expect(report.ignoreAudit?.trackedThoughIgnored == [])
        #expect(report.ignoreAudit?.isSound == true && report.ignoreAudit?.fix == [])
        // Its value is a finding of its own.
        #expect(report.findings.contains { $0.fingerprint == value })
        #expect(report.dotenvFile("backend/.env")?.entries[0].findings == [value])
        report.accept(Acceptances([entry(value.description)]), now: today)
        #expect(report.dotenvFile("backend/.env")?.entries[0].findings == [])
    }
}

extension ScanReport {
    fileprivate func fingerprint(_ value: String) throws -> Fingerprint {
        Fingerprint(rule: "sendgrid-api-key", value: Array(value.utf8).span)
    }
}
