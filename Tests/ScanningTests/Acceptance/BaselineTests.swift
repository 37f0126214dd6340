// Reports of earlier scans, by this tool and others, as a baseline.

import Foundation
import TestRepositories
import Testing

@testable import Detection
@testable import Scanning

@Suite struct BaselineTests {
    private static let key = Value.sendGrid(1)
    private static let password = Value.password(3)

    private static func repository() throws -> TemporaryRepository {
        try TemporaryRepository().write("src/a.py", "\n" + Value.line(1)).write("b.py", Value.line(2))
            .write("settings.ini", "db_password = \(password)\n").commit("Leak")
    }

    private static func accepted(
        _ json: Any, _ repository: TemporaryRepository, _ change: (inout ScanRequest) -> Void = { _ in }
    ) async throws -> ScanReport {
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: json))
        var report = try await repository.scan("", change)
        report.accept(try Baseline.parse(bytes, path: "baseline.json"), lender: ValueLender(path: repository.path))
        return report
    }

    /// As gitleaks writes a finding.
    private static func leak(
        _ secret: String?, _ file: String, _ line: Int, commit: String = ""
    ) -> [String: Any] {
        var leak: [String: Any] = [
            "RuleID": "some-rule", "Description": "d", "StartLine": line, "EndLine": line, "StartColumn": 1,
            "EndColumn": 9, "Match": "REDACTED", "File": file, "SymlinkFile": "", "Commit": commit, "Entropy": 4.5,
            "Author": "", "Email": "", "Date": "", "Message": "", "Tags": [String](),
            "Fingerprint": "\(commit):\(file):some-rule:\(line)",
        ]
        if let secret { leak["Secret"] = secret }
        return leak
    }

    // MARK: Our own

    @Test func `our own report knows its findings by their fingerprints`() async throws {
        let repository = try Self.repository()
        let first = try await repository.scan()
        let names = first.findings.map { ["fingerprint": $0.fingerprint.description] }
        let whole = try await Self.accepted(["schema": "migrate.scan/1", "findings": names], repository)
        #expect(whole.findings.isEmpty)
        #expect(whole.accepted.byBaselineCount == first.findings.count)
        #expect(whole.accepted.findings.allSatisfy { $0.ground == .baseline("baseline.json") })

        try repository.write("new.py", Value.line(7)).commit("New")
        let later = try await Self.accepted(["schema": "migrate.scan/1", "findings": names], repository)
        #expect(later.findings.map(\.fingerprint) == [try #require(later.finding(Value.sendGrid(7))).fingerprint])
    }

    @Test func `what a report had accepted is known too`() async throws {
        let repository = try Self.repository()
        let names = try await repository.scan().findings.map { ["fingerprint": $0.fingerprint.description] }
        let report: [String: Any] = [
            "schema": "migrate.scan/1", "findings": [String](), "accepted": ["count": 1, "findings": names],
        ]
        #expect(try await Self.accepted(report, repository).findings.isEmpty)
    }

    // MARK: gitleaks

    @Test func `a gitleaks report with values knows them wherever they stand`() async throws {
        let repository = try Self.repository()
        let report = try await Self.accepted(
            [Self.leak(Self.key, "elsewhere.py", 99), Self.leak(Self.password, "settings.ini", 1)], repository)
        #expect(report.findings.map(\.fingerprint) == [try #require(report.finding(Value.sendGrid(2))).fingerprint])
        #expect(report.accepted.byBaselineCount == 2)
    }

    @Test(arguments: ["REDACTED", "redacted", "*****", "", "SG.abcdefghijklmnopqrstuv..."])
    func `one without values knows places, and only those`(mask: String) async throws {
        let repository = try Self.repository()
        let commit = try repository.id()
        let known = try await Self.accepted([Self.leak(mask, "src/a.py", 2, commit: commit)], repository)
        #expect(known.finding(Self.key) == nil)
        #expect(known.finding(Value.sendGrid(2)) != nil)
        for (file, line, commit) in [
            ("src/a.py", 1, commit), ("a.py", 2, commit), ("src/a.py", 2, String(repeating: "0", count: 40)),
        ] {
            let other = try await Self.accepted([Self.leak(mask, file, line, commit: commit)], repository)
            #expect(other.finding(Self.key) != nil, "\(file):\(line) \(commit)")
        }
    }

    @Test func `a place does not vouch for the same value elsewhere, nor for another value there`() async throws {
        let repository = try Self.repository()
        let commit = try repository.id()
        try repository.write("copy.py", Value.line(1)).commit("Copy")
        let copied = try await Self.accepted([Self.leak("REDACTED", "src/a.py", 2, commit: commit)], repository)
        #expect(copied.finding(Self.key) != nil)

        let changed = try Self.repository()
        let before = try changed.id()
        try changed.write("src/a.py", "\n" + Value.line(8)).commit("Another")
        let report = try await Self.accepted([Self.leak("REDACTED", "src/a.py", 2, commit: before)], changed)
        #expect(report.finding(Value.sendGrid(8)) != nil)
    }

    @Test func `a report of files without commits knows what stands there now`() async throws {
        let repository = try Self.repository()
        let report = try await Self.accepted([Self.leak("REDACTED", "src/a.py", 2)], repository) {
            $0.scope = .worktree
        }
        #expect(report.finding(Self.key) == nil && report.finding(Value.sendGrid(2)) != nil)
    }

    @Test func `an empty report knows nothing`() async throws {
        let report = try await Self.accepted([Any](), Self.repository())
        #expect(report.accepted.count == 0 && report.findings.count == 3)
    }

    // MARK: detect-secrets

    private static func detectSecrets(_ results: [String: [String]]) -> [String: Any] {
        [
            "version": "1.5.0", "plugins_used": [["name": "KeywordDetector"]],
            "filters_used": [["path": "detect_secrets.filters.allowlist.is_line_allowlisted"]],
            "results": results.mapValues { hashes in
                hashes.map {
                    [
                        "type": "Secret Keyword", "filename": "f", "hashed_secret": $0, "is_verified": false,
                        "line_number": 1,
                    ]
                        as [String: Any]
                }
            },
            "generated_at": "2026-11-24T00:00:00Z",
        ]
    }

    private static func sha1(_ text: String) -> String { ValueDigest.sha1(Array(text.utf8).span) }

    @Test func `SHA-1 is as everybody computes it`() {
        #expect(Self.sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Self.sha1("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }

    @Test func `.secrets.baseline knows values by their hashes, in the files that it names`() async throws {
        let repository = try Self.repository()
        let known = try await Self.accepted(
            Self.detectSecrets(["./src/a.py": [Self.sha1(Self.key)], "settings.ini": [Self.sha1(Self.password)]]),
            repository)
        #expect(known.findings.map(\.fingerprint) == [try #require(known.finding(Value.sendGrid(2))).fingerprint])
        let elsewhere = try await Self.accepted(
            Self.detectSecrets(["b.py": [Self.sha1(Self.key)], "src\\a.py": [Self.sha1(Self.password)]]), repository)
        #expect(elsewhere.accepted.count == 0)
    }

    // MARK: What is none

    @Test(arguments: [
        ("", "no JSON"), ("{", "no JSON"), ("[1]", "entry 1 has no `RuleID`"), ("{}", "is no report"),
        ("3", "is no report"),
        (#"{"schema":"migrate.scan/2","findings":[]}"#, "is no report"),
        (#"{"schema":"migrate.scan/1"}"#, "`findings` must be a list"),
        (#"{"schema":"migrate.scan/1","findings":[{}]}"#, "entry 1 of `findings` has no fingerprint"),
        (#"{"schema":"migrate.scan/1","findings":[],"accepted":{}}"#, "`findings` must be a list"),
        (#"[{"RuleID":"a","File":"b"}]"#, "entry 1 has no `StartLine`"),
        (#"[{"RuleID":"a","File":"b","StartLine":1,"Commit":"zz"}]"#, "entry 1 has no sound `Commit`"),
        (#"{"results":{"a":{}}}"#, "must hold a list for each file"),
        (#"{"results":{"a":[{"hashed_secret":"12"}]}}"#, "has no `hashed_secret`"),
        (#"[{"RuleID":"a","RuleID":"b"}]"#, "no JSON"),
    ])
    func `a file that is no sound report is refused in a line`(text: String, reason: String) {
        do {
            _ = try Baseline.parse(Array(text.utf8), path: "b.json")
            Issue.record("it was read")
        } catch {
            #expect(error.reason.contains(reason), "\(error.reason)")
            #expect(error.path == "b.json")
        }
    }

    @Test func `a file that is not there, or is a folder, is refused`() throws {
        let repository = try Self.repository()
        #expect(throws: BaselineError.self) { try Baseline.load(repository.path + "/none.json") }
        #expect(throws: BaselineError.self) { try Baseline.load(repository.path) }
    }

    @Test func `mutated reports are read or refused, and what refuses them repeats nothing of them`() throws {
        var dice = Dice(state: 0xBA5E)
        let value = Self.key
        let seeds = try [
            [Self.leak(value, "a", 1), Self.leak("REDACTED", "b", 2, commit: String(repeating: "a", count: 40))] as Any,
            Self.detectSecrets(["a": [Self.sha1(value)]]),
            ["schema": "migrate.scan/1", "findings": [["fingerprint": fingerprint("1")]]],
        ].map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) }
        var refused = 0
        for round in 0..<4_000 {
            var bytes = seeds[round % 3]
            for _ in 0...dice.below(3) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] = UInt8(dice.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("{}[]\":,0e-tnf\\u".utf8)[dice.below(15)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + dice.below(30)))
                }
                if bytes.isEmpty { bytes = [0x5B] }
            }
            do {
                let baseline = try Baseline.parse(bytes, path: "b.json")
                #expect(baseline.count <= 2)
            } catch {
                refused += 1
                #expect(!error.reason.contains(value.prefix(20)))
            }
        }
        #expect(refused > 1_000 && refused < 4_000)
    }
}
