// What a commit may not bring in, and what it may, on repositories of the real git.

import Dotenv
import Git
import Scanning
import Settings
import TestRepositories
import Testing

@testable import Gate

@Suite struct StagedCheckTests {
    @Test func `the first commit of all is checked`() throws {
        let repository = try TemporaryRepository()
        try repository.write("app.py", "import os\n" + Made.line()).write(".env", "PORT=3000\n").stage()
        let report = try repository.check()
        #expect(report.lines == ["dotenv-file .env", "credential app.py:2"])
        #expect(report.fileCount == 2)
    }

    @Test func `nothing staged is nothing to say`() throws {
        let repository = try TemporaryRepository()
        #expect(try repository.check().lines == [])
        try repository.write("app.py", "1\n").commit("One")
        #expect(try repository.check().fileCount == 0)
    }

    @Test func `the index counts, and not the worktree`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", Made.line(1)).write("b.py", "clean\n").stage()
        // Cleaned on disk, and still staged; and the other way round.
        try repository.write("a.py", "clean\n").write("b.py", Made.line(2))
        #expect(try repository.check().lines == ["credential a.py:1"])
    }

    @Test func `what was there before is counted, and what comes on top is refused`() throws {
        let repository = try TemporaryRepository()
        try repository.write("app.py", Made.line(1) + "a = 1\n").commit("Leak")
        try repository.write("app.py", "# moved down\n\n" + Made.line(1) + "a = 2\n").stage()
        let same = try repository.check()
        #expect(same.lines == [] && same.remainingCount == 1)
        // The same value once more is one more place that has to be mended.
        try repository.write("app.py", Made.line(1) + "a = 2\ncopy = \"\(Made.key(1))\"\n").stage()
        let copied = try repository.check()
        #expect(copied.lines == ["credential app.py:3"] && copied.remainingCount == 1)
        try repository.write("app.py", Made.line(1) + Made.line(2)).stage()
        let other = try repository.check()
        #expect(other.lines == ["credential app.py:2"] && other.remainingCount == 1)
    }

    @Test func `a problem says where, what and why, and shows no value`() throws {
        let repository = try TemporaryRepository()
        try repository.write("src/app.py", "import os\n  " + Made.line()).stage()
        let problem = try #require(try repository.check().problems.first)
        #expect(problem.line == 2 && problem.column == 10)
        #expect(problem.mask.hasPrefix("SG.") && !problem.mask.contains(Made.key().suffix(20)))
        #expect(!problem.reason.isEmpty && problem.fingerprint != nil)
        #expect(!"\(problem)".contains(Made.key().suffix(20)))
    }

    @Test func `a moved file brings nothing new, and one that was changed on the way only its changes`() throws {
        let repository = try TemporaryRepository()
        let body = (1...40).map { "line \($0) of the code\n" }.joined()
        try repository.write("old/app.py", body + Made.line(1)).write("old/b.py", body + "1\n").commit("One")
        try repository.git("mv", "old", "new")
        #expect(try repository.check().lines == [])
        try repository.write("new/app.py", body + "# edited\n" + Made.line(1)).stage()
        let edited = try repository.check()
        #expect(edited.lines == [] && edited.remainingCount == 1)
        try repository.write("new/app.py", body + Made.line(2) + Made.line(1)).stage()
        #expect(try repository.check().lines == ["credential new/app.py:41"])
    }

    @Test func `a copy is new`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", Made.line()).commit("One").write("b.py", Made.line()).stage()
        #expect(try repository.check().lines == ["credential b.py:1"])
    }

    @Test func `a change of mode alone is none`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", Made.line()).commit("One").setMode("a.py", 0o755).stage()
        #expect(try repository.check().fileCount == 0)
    }

    @Test func `a dotenv file is refused when it is added, changed or made of another file`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a/.env", "A=1\nB=2\n").write("config", "A=1\nB=2\nC=3\n").commit("One")
        #expect(try repository.check().lines == [])
        try repository.write("a/.env", "A=1\nB=3\n").stage()
        #expect(try repository.check().lines == ["dotenv-file a/.env"])
        // Only taken away: it gets better.
        try repository.write("a/.env", "A=1\n").stage()
        let less = try repository.check()
        #expect(less.lines == [] && less.remainingCount == 1)
        try repository.git("reset", "--quiet", "--hard")
        try repository.git("mv", "config", ".env.production")
        #expect(try repository.check().lines == ["dotenv-file .env.production"])
        try repository.git("reset", "--quiet", "--hard")
        try repository.git("rm", "--quiet", "a/.env")
        #expect(try repository.check().lines == [])
    }

    @Test func `a template may come in, but no real value in it`() throws {
        let repository = try TemporaryRepository()
        try repository.write(".env.example", "SENDGRID_API_KEY=\nDB_PASSWORD=changeme\nPORT=3000\n").stage()
        #expect(try repository.check().lines == [])
        try repository.write(".env.example", "PORT=3000\nSENDGRID_API_KEY=\(Made.key())\n").stage()
        #expect(try repository.check().lines == ["template-value .env.example:2"])
    }

    @Test func `a dotenv file that only tells where the secret is may come in when the settings name it`() throws {
        let repository = try TemporaryRepository()
        try repository.write(".env.production", "SECRET_NAME=shop/production\nPORT=3000\n").stage()
        let text = "version: 1\nsteps:\n  production-config:\n    places: [.env.production]\n"
        let settings = try Configuration.parse(Array(text.utf8), path: "config.yml")
        #expect(try repository.check().lines == ["dotenv-file .env.production"])
        #expect(try repository.check(settings: settings).lines == [])
        try repository.write(".env.production", "SECRET_NAME=shop/production\nKEY=\(Made.key())\n").stage()
        #expect(try repository.check(settings: settings).lines == ["dotenv-file .env.production"])
    }

    @Test func `what somebody answers for passes, and is counted`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", Made.line(1) + Made.line(2)).stage()
        let all = try repository.check()
        let first = try #require(all.problems.first?.fingerprint)
        let report = try repository.check(accepting: ["\(first)"])
        #expect(report.lines == ["credential a.py:2"] && report.acceptedCount == 1)
    }

    @Test(arguments: ["# gitleaks:allow", "// pragma: allowlist secret", "# migrate:ignore"])
    func `a comment on the line accepts it`(comment: String) throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", "key = \"\(Made.key(1))\" \(comment)\n" + Made.line(2)).stage()
        let report = try repository.check()
        #expect(report.lines == ["credential a.py:2"] && report.acceptedCount == 1)
    }

    @Test func `settings leave out paths`() throws {
        let repository = try TemporaryRepository()
        try repository.write("tests/fixtures/a.py", Made.line()).write("b.py", Made.line()).stage()
        var settings = Configuration()
        settings.excludedPaths = ["tests/fixtures"]
        #expect(try repository.check(settings: settings).lines == ["credential b.py:1"])
    }

    @Test func `intent to add is nothing yet; a link's target is read; a submodule is not`() throws {
        let repository = try TemporaryRepository()
        let other = try TemporaryRepository()
        try other.write(".env", "A=1\n").commit("Theirs")
        try repository.write("readme", "1\n").commit("One")
        try repository.write("planned.py", Made.line(1)).git("add", "--intent-to-add", "planned.py")
        try repository.link("link", to: "https://u:\(Made.text(24, 5))@example.org/x").link(".env", to: "elsewhere")
        try repository.git("submodule", "--quiet", "add", other.path, "theirs")
        try repository.git("add", "link", ".env")
        let report = try repository.check()
        #expect(report.lines.filter { !$0.hasSuffix("link:1") } == [])
        #expect(report.gaps.isEmpty)
        #expect(report.fileCount == 3)  // .gitmodules and two links
    }

    @Test func `a path in conflict is refused as not known`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", "1\n").commit("One")
        try repository.checkOut("-b", "side").write("a.py", "2\n").commit("Two")
        try repository.checkOut("main").write("a.py", "3\n").commit("Three")
        _ = try? repository.git("merge", "side")
        let report = try repository.check()
        #expect(report.gaps.map(\.subject) == ["a.py"])
    }

    @Test func `of a merge only that counts which no side has`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", "1\n").write("c/d.py", "1\n").commit("One")
        try repository.checkOut("-b", "side").write("side.py", Made.line(1)).write("a.py", "2\n").commit("Side")
        try repository.checkOut("main").write("a.py", "3\n").commit("Main")
        _ = try? repository.git("merge", "side")
        try repository.write("a.py", "4\n").stage()
        #expect(try repository.check().lines == [])
        try repository.write("a.py", "4\n" + Made.line(2)).write("c/d.py", Made.line(3)).stage()
        #expect(try repository.check().lines == ["credential a.py:2", "credential c/d.py:1"])
    }

    @Test func `a content that is missing or too large is told, and not passed over`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", Made.line()).write("b.txt", String(repeating: "word ", count: 1_000)).stage()
        let large = try repository.check(largest: 4_000)
        #expect(large.gaps.map(\.kind) == [.tooLarge] && large.lines == ["credential a.py:1"])
        let id = try repository.git("rev-parse", ":a.py")
        try repository.delete(repository.looseFile(id))
        let missing = try repository.check()
        #expect(missing.gaps.map(\.subject) == ["a.py"])
    }

    @Test(arguments: [
        "name with space.py", "quote\"d.py", "line\nbreak.py", "tab\t.py", "ümläut.py", "-dash.py", "$(x).py",
    ])
    func `any file name will do`(name: String) throws {
        let repository = try TemporaryRepository()
        try repository.write("d/" + name, Made.line()).stage()
        #expect(try repository.check().problems.map(\.path) == ["d/" + name])
    }

    @Test func `a name that is no UTF-8 is read as it is`() throws {
        let repository = try TemporaryRepository()
        let id = try repository.git("hash-object", "-w", "--stdin", input: Array(Made.line().utf8))
        try repository.git(
            "update-index", "-z", "--index-info",
            input: Array("100644 \(id)\td/".utf8) + [0xFF, 0xFE] + Array(".env\0".utf8))
        let report = try repository.check()
        #expect(report.problems.map(\.kind) == [.dotenvFile])
        #expect(report.problems.map(\.path) == ["d/\u{FFFD}\u{FFFD}.env"])
    }

    @Test func `ten thousand staged files are all read`() throws {
        let repository = try TemporaryRepository()
        var list: [UInt8] = []
        let clean = try repository.git("hash-object", "-w", "--stdin", input: Array("clean\n".utf8))
        let leak = try repository.git("hash-object", "-w", "--stdin", input: Array(Made.line().utf8))
        for number in 0..<10_000 {
            list += Array("100644 \(number % 1_000 == 7 ? leak : clean)\tf\(number % 50)/n\(number).txt\0".utf8)
        }
        try repository.git("update-index", "-z", "--index-info", input: list)
        let report = try repository.check()
        #expect(report.fileCount == 10_000 && report.problems.count == 10)
    }
}
