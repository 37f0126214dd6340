// Comments and ignore files that people wrote for other scanners.

import TestRepositories
import Testing

@testable import Detection
@testable import Scanning

@Suite struct AllowCommentTests {
    private static let key = Value.sendGrid(1)

    private static func scan(_ repository: TemporaryRepository) async throws -> ScanReport {
        var report = try await repository.scan()
        report.acceptComments(lender: ValueLender(path: repository.path))
        return report
    }

    @Test(arguments: [
        "gitleaks:allow", "betterleaks:allow", "trufflehog:ignore", "kingfisher:ignore", "ggignore", "migrate:ignore",
        "pragma: allowlist secret", "pragma: whitelist secret",
    ])
    func `a comment on the value's line is honoured, and counted`(words: String) async throws {
        let repository = try TemporaryRepository()
            .write("a.py", "x = 1\nkey = \"\(Self.key)\"  # \(words) until we move\n").write("b.py", Value.line(2))
            .commit("Leak")
        let report = try await Self.scan(repository)
        #expect(report.accepted.findings.map(\.ground) == [.marker(words)])
        #expect(report.finding(Self.key) == nil && report.finding(Value.sendGrid(2)) != nil)
        #expect(report.accepted.byMarkerCount == 1)
    }

    @Test(arguments: [
        "# gitleaks:allow\nkey = \"%\"\n", "key = \"%\"\n# gitleaks:allow\n", "key = \"%\" # gitleaks:allowed\n",
        "key = \"%\" # xgitleaks:allow\n", "key = \"%\" # gitleaks: allow\n",
        "key = \"%\" # pragma: allowlist nextline secret\n",
        "# pragma: allowlist nextline secret\n\nkey = \"%\"\n", "key = \"%\" # ggignored\n",
        "key = \"%\" # no-ggignore\n",
    ])
    func `a comment elsewhere, or one that is none, is about nothing`(text: String) async throws {
        let repository = try TemporaryRepository().write("a.py", text.replacing("%", with: Self.key)).commit("Leak")
        #expect(try await Self.scan(repository).finding(Self.key) != nil)
    }

    @Test func `the nextline pragma is about the line after it`() async throws {
        let text = "# pragma: allowlist nextline secret\nkey = \"\(Self.key)\"\n\(Value.line(2))"
        let report = try await Self.scan(try TemporaryRepository().write("a.py", text).commit("Leak"))
        #expect(report.finding(Self.key) == nil && report.finding(Value.sendGrid(2)) != nil)
    }

    @Test func `a comment that is added later is about that file's history too`() async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).commit("Leak")
        try repository.write("a.py", "key = \"\(Self.key)\" # gitleaks:allow\n").commit("Judged")
        #expect(try await Self.scan(repository).finding(Self.key) == nil)
    }

    @Test func `but not about the same value in another file, now or before`() async throws {
        let repository = try TemporaryRepository().write("config/prod.py", Value.line(1)).commit("Leak")
        try repository.remove("config/prod.py").write("test.py", "key = \"\(Self.key)\" # gitleaks:allow\n").commit(
            "Move")
        #expect(try await Self.scan(repository).finding(Self.key) != nil)
        let now = try TemporaryRepository().write("a.py", "key = \"\(Self.key)\" # gitleaks:allow\n")
            .write("b.py", Value.line(1)).commit("Two")
        #expect(try await Self.scan(now).finding(Self.key) != nil)
    }

    @Test func `what only history has needs the comment there`() async throws {
        for (comment, isAccepted) in [("# gitleaks:allow", true), ("", false)] {
            let repository = try TemporaryRepository().write("a.py", "key = \"\(Self.key)\" \(comment)\n").commit(
                "Leak")
            try repository.remove("a.py").commit("Gone")
            #expect(try await (Self.scan(repository).finding(Self.key) == nil) == isAccepted)
        }
    }

    @Test func `in one long line a comment is about its neighbourhood only`() async throws {
        let far = String(repeating: "a = 1; ", count: 100)
        let text = "key = \"\(Self.key)\"; " + far + "key = \"\(Value.sendGrid(2))\" // gitleaks:allow\n"
        let report = try await Self.scan(try TemporaryRepository().write("a.js", text).commit("Leak"))
        #expect(report.finding(Self.key) != nil && report.finding(Value.sendGrid(2)) == nil)
    }

    @Test func `any bytes and any range are looked at without harm`() {
        var dice = Dice(state: 0xA110)
        let pieces = ["gitleaks:allow", "pragma: allowlist nextline secret", "\n", "\u{0}", "x", "ggignore", " # "]
        for _ in 0..<3_000 {
            var bytes: [UInt8] = []
            for _ in 0..<dice.below(8) { bytes += Array(pieces[dice.below(pieces.count)].utf8) }
            let start = dice.below(bytes.count + 3)
            let range = start..<(start + dice.below(6))
            let words = AllowComment.words(in: bytes.span, at: range)
            if words != nil { #expect(range.upperBound <= bytes.count && !range.isEmpty) }
        }
    }

    // MARK: Ignore files

    private static func accepted(_ lines: String, _ repository: TemporaryRepository) async throws -> ScanReport {
        try repository.write(".gitleaksignore", lines)
        var report = try await repository.scan()
        for file in PeerIgnoreFile.load(root: repository.path) { report.accept(file) }
        return report
    }

    @Test func `a line with the commit that brought the value in accepts it, also after its line has moved`()
        async throws
    {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).commit("Leak")
        let commit = try repository.id()
        try repository.write("a.py", "\n\n" + Value.line(1)).commit("Shift")
        let report = try await Self.accepted("# ours\n\(commit):a.py:their-rule:1\n", repository)
        #expect(report.finding(Self.key) == nil)
        #expect(report.accepted.findings.map(\.ground) == [.ignoreFile(".gitleaksignore")])
        let later = try repository.id()
        #expect(try await Self.accepted("\(later):a.py:their-rule:3\n", repository).finding(Self.key) != nil)
    }

    @Test func `a line without a commit has to be about every line and every file that has the value`() async throws {
        let repository = try TemporaryRepository().write("a:b.py", Value.line(1)).commit("Leak")
        #expect(try await Self.accepted("a:b.py:their-rule:1\n", repository).finding(Self.key) == nil)
        try repository.write("a:b.py", "\n" + Value.line(1)).commit("Shift")
        #expect(try await Self.accepted("a:b.py:their-rule:1\n", repository).finding(Self.key) != nil)
        #expect(
            try await Self.accepted("a:b.py:their-rule:1\na:b.py:their-rule:2\n", repository).finding(Self.key) == nil)
        try repository.write("c.py", Value.line(1)).commit("Copy")
        #expect(
            try await Self.accepted("a:b.py:their-rule:1\na:b.py:their-rule:2\n", repository).finding(Self.key) != nil)
    }

    @Test(arguments: [
        "", "#\n", "a.py\n", "::\n", ":::::\n", "a.py:rule:zero\n", "a.py:rule:-1\n", "\u{0}\u{FF}:r:1\n",
    ])
    func `lines that are none accept nothing`(text: String) async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).commit("Leak")
        #expect(try await Self.accepted(text, repository).finding(Self.key) != nil)
    }

    // MARK: All together

    @Test func `grounds are read before the scan, and an entry comes first`() async throws {
        let repository = try TemporaryRepository()
            .write("a.py", "key = \"\(Self.key)\" # gitleaks:allow\n").write("b.py", Value.line(2)).commit("Leak")
        let name = Fingerprint(rule: "sendgrid-api-key", value: Array(Self.key.utf8).span).description
        try repository.write(acceptancePath, try written([entry(name)]))
        try repository.write(".gitleaksignore", "b.py:x:1\n")
        let grounds = try AcceptanceGrounds.load(root: repository.path)
        var report = try await repository.scan()
        grounds.apply(to: &report, lender: ValueLender(path: repository.path), now: today)
        #expect(report.keys.isEmpty)
        #expect(report.accepted.byEntryCount == 1 && report.accepted.byIgnoreFileCount == 1)
        var all = try await repository.scan()
        AcceptanceGrounds().apply(to: &all, lender: ValueLender(path: repository.path), now: today)
        #expect(all.keys.count == 2 && all.accepted.count == 0)
    }
}
