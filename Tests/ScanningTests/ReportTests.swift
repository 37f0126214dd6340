// What holds for every report: the same scan says the same, values never leave, and each can be lent again.

import Detection
import Git
import Secrets
import TestRepositories
import Testing

@testable import Scanning

@Suite("Reports")
struct ReportTests {
    /// A bit of everything, and the values that it hides.
    private func story() throws -> (repository: TemporaryRepository, values: [String]) {
        let password = Value.password(9)
        let bytes = ("\u{FEFF}\r\n" + Value.line(3)).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let repository = try TemporaryRepository()
            .write("app.py", Value.line(1)).write("b/.env", "DB_PASSWORD=\(password)\nKEY='\(Value.sendGrid(2))'\n")
            .commit("one")
            .write("wide.txt", bytes).commit("two").remove("app.py").commit("three with \(Value.sendGrid(4))")
            .write("data.bin", LFS.pointer(to: Value.line(6))).commit("four")
        try repository.git("tag", "-a", "-m", "tag with \(Value.sendGrid(5))", "v1")
        try repository.write(LFS.file(of: Value.line(6)), Value.line(6))
        try repository.write("new.py", Value.line(7)).write("wide-new.txt", bytes)
        _ = try repository.git("hash-object", "-w", "--stdin", input: Array(Value.line(8).utf8))
        return (repository, (1...8).map { Value.sendGrid($0) } + [password])
    }

    private func text(_ report: ScanReport) -> String {
        var report = report
        report.statistics.seconds = 0
        // Sets print in an order that changes with each process, not within one.
        var text = ""
        for index in report.findings.indices {
            for place in report.findings[index].occurrences.indices {
                let reach = report.findings[index].occurrences[place].reach
                text += reach.map(\.rawValue).sorted().joined(separator: ",") + "\n"
                report.findings[index].occurrences[place].reach = []
            }
        }
        dump(report, to: &text)
        return text
    }

    @Test("The same repository gives the same report, whatever the number of workers", arguments: [1, 4])
    func deterministic(jobs: Int) async throws {
        let repository = try story().repository
        for number in 10..<60 { try repository.write("f\(number % 7)/\(number).py", Value.line(UInt64(number))) }
        try repository.commit("many")
        let first = text(try await repository.scan(jobs: 1))
        #expect(text(try await repository.scan(jobs: jobs)) == first)
        let range = text(
            try await repository.scan(jobs: 1) { $0.selection = .range(from: nil, to: "HEAD", symmetric: false) })
        #expect(
            text(
                try await repository.scan(jobs: jobs) { $0.selection = .range(from: nil, to: "HEAD", symmetric: false) }
            ) == range)
    }

    @Test("No value is anywhere in a report")
    func noValues() async throws {
        let (repository, values) = try story()
        let report = try await repository.scan()
        var dumped = ""
        dump(report, to: &dumped)
        dumped += String(reflecting: report)
        for value in values {
            #expect(
                report.findings.contains {
                    $0.fingerprint == Fingerprint(rule: $0.ruleID, value: Array(value.utf8).span)
                })
            // The public id of a key may be shown, its secret half not.
            let secret = String(value.suffix(20))
            #expect(!dumped.contains(secret))
        }
    }

    @Test(
        "A commit's subject, author or address that holds a value found elsewhere is not shown",
        arguments: ["committed", "ignored"])
    func subjects(where place: String) async throws {
        let (password, short) = (Value.password(3), "Hu7!x")
        let repository = try TemporaryRepository().commit("base")
        if place == "ignored" { try repository.write(".gitignore", ".env\n") }
        try repository.write("app.py", Value.line()).commit("login is root/\(password), in 'short'", as: password)
            .remove("app.py").commit(String(repeating: "x", count: 190) + password)
        try repository.write(".env", "DB_PASSWORD=\(password)\nADMIN_PASSWORD=\(short)\n").commit("now \(short).")
        let report = try await repository.scan()
        var dumped = ""
        dump(report, to: &dumped)
        #expect(!dumped.contains(password.prefix(9)))
        let history = try report.key().history
        #expect(history.introduced?.subject == "(hidden: the message holds a secret)")
        #expect(history.removed?.subject == "(hidden: the message holds a secret)")
        #expect(history.introduced?.authorName == "(hidden)")
        if place == "committed" {
            #expect(report.dotenvFile(".env")?.history.introduced?.subject == "(hidden: the message holds a secret)")
        }
    }

    @Test("A subject that holds no value is shown, cut to two hundred bytes")
    func harmlessSubject() async throws {
        let repository = try TemporaryRepository().write(".env", "DB_PASSWORD=\(Value.password())\n")
            .write("app.py", Value.line()).commit("add " + String(repeating: "y", count: 300))
        let subject = try await repository.scan().key().history.introduced?.subject
        #expect(subject == "add " + String(repeating: "y", count: 196))
    }

    @Test("A path or a reference that holds a key is shown without it")
    func pathsAndReferences() async throws {
        let repository = try TemporaryRepository().write("\(Value.sendGrid(2)).py", Value.line(1)).commit("add")
        try repository.git("branch", "try-" + Value.sendGrid(3))
        let history = try await repository.scan().key()
        #expect(history.paths == ["(hidden).py"])
        #expect(history.history.references == ["refs/heads/main", "refs/heads/try-(hidden)"])
    }

    @Test("Guesses by name in vendored files are counted, and values of dotenv files there are reported")
    func leftOut() async throws {
        let repository = try TemporaryRepository()
            .write("vendor/a.py", "db_password = \"\(Value.password(1))\"\n")
            .write("vendor/.env", "DB_PASSWORD=\(Value.password(2))\n").commit("add")
        let report = try await repository.scan()
        #expect(report.finding(Value.password(1), "generic-secret") == nil)
        #expect(report.finding(Value.password(2), "generic-secret")?.paths == ["vendor/.env"])
        #expect(report.notes.contains { $0.hasPrefix("1 value with a telling name in lock files, vendored folders") })
    }

    @Test("Every occurrence's value can be lent, byte for byte")
    func lending() async throws {
        let (repository, values) = try story()
        let report = try await repository.scan()
        #expect(report.isComplete, "\(report.gaps)")
        let lender = ValueLender(path: repository.path)
        var lent = 0
        for value in values {
            let finding = try #require(
                report.findings.first { $0.fingerprint == Fingerprint(rule: $0.ruleID, value: Array(value.utf8).span) })
            for occurrence in finding.occurrences {
                var bytes: [UInt8] = []
                if let secret = lender.value(at: occurrence) {
                    bytes = secret.withBytes { span in span.indices.map { span[$0] } }
                }
                // UTF-16 has every other byte zero.
                #expect(String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self) == value, "\(occurrence)")
                lent += 1
            }
        }
        #expect(lent == 10)
    }

    @Test("A place that has gone lends nothing")
    func gone() async throws {
        let repository = try TemporaryRepository().commit("base").write("new.py", Value.line())
        let occurrence = try #require(try await repository.scan().key().occurrences.first)
        try repository.remove("new.py")
        let isLent = ValueLender(path: repository.path).value(at: occurrence) != nil
        #expect(!isLent)
    }

    @Test("Paths that the configuration excludes are left out, and that is said")
    func exclusion() async throws {
        let repository = try TemporaryRepository().write("a/app.py", Value.line(1)).write("b/app.py", Value.line(1))
            .write("a/only.py", Value.line(2)).commit("add")
        var report = try await repository.scan()
        report.exclude(["a"])
        #expect(report.finding(Value.sendGrid(1))?.paths == ["b/app.py"])
        #expect(report.finding(Value.sendGrid(2)) == nil)
        #expect(report.notes.contains { $0.hasPrefix("1 ") })
    }
}
