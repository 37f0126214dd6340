// How a run ends, for whoever acts on its exit code.

import Testing

@Suite struct ExitCodeTests {
    @Test func `a clean repository ends with 0`() async throws {
        let outcome = try await Program.run(["scan", Git.cleanRepository()])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("No secrets found"))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `findings end with 1`() async throws {
        let outcome = try await Program.run(["scan"], in: Demo.shared.path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.isEmpty)
    }

    @Test func `findings come before gaps, and the report tells of both`() async throws {
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        try Scratch.write("DIRC\u{0}\u{0}\u{0}\u{9}", to: repository + "/.git/index")
        let outcome = try await Program.run(["scan", repository])
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("incomplete"))
        let report = try await Program.run(["scan", repository, "--format", "json"]).report()
        #expect(!report.complete && !report.findings.isEmpty && report.gaps.map(\.kind) == ["unreadable-index"])
    }

    @Test func `gaps without findings end with 2`() async throws {
        let origin = try await Git.cleanRepository()
        try await Git.commit(["second.py": "pass\n"], in: origin)
        let clone = try Scratch.folder("shallow") + "/clone"
        try await Git.run(["clone", "--quiet", "--depth", "1", "file://" + origin, clone], in: Scratch.root)
        let outcome = try await Program.run(["scan", clone])
        #expect(outcome.status == 2)
        #expect(outcome.text.contains("the answer is not known"))
        #expect(try await Program.run(["scan", clone, "--exit-zero"]).status == 2, "an unknown answer is not excused")
    }

    @Test(
        arguments: [
            (["--fail-on", "high"], 1), (["--fail-on", "critical"], 0), (["--fail-on", "none"], 0),
            (["--fail-on", "info"], 1),
            (["--exit-zero"], 0), (["--fail-on", "NONE"], 0),
            // What is not shown can still fail a scan.
            (["--severity", "critical"], 1),
        ] as [([String], Int32)])
    func `--fail-on says which findings fail a scan`(options: [String], status: Int32) async throws {
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        #expect(try await Program.run(["scan", repository] + options).status == status)
    }

    @Test func `--severity shows only what is at least so severe, and says so`() async throws {
        let report = try await Program.run(["scan", Demo.shared.path, "--severity", "high", "--format", "json"])
            .report()
        #expect(Set(report.findings.map(\.severity)) == ["critical", "high"])
        #expect(report.notes.contains { $0.contains("below high are not shown") })
    }

    @Test(arguments: [
        ["--no-such-option"], ["--format", "xml"], ["--quiet", "--verbose"], ["--severity", "huge"],
        ["--fail-on", "huge"],
        ["--jobs", "0"], ["--jobs", "many"], ["--scope", "everywhere"], ["--output", ""], [""],
        ["--since", "yesterday"], ["--since", "2025-13-01"], ["--since", "2025-02-30"],
        ["--since", "2025-01-01T25:00"],
        ["--since", ""], ["--range", ""], ["--range", ".."], ["--range", "..."], ["--range", "a..b..c"],
        ["--since-commit", ""],
        ["--range", "HEAD", "--since", "1d"], ["--range", "HEAD", "--staged"], ["--staged", "--scope", "history"],
        ["--stdin", "."], ["--stdin", "--range", "HEAD"], ["--stdin", "--scope", "history"],
    ])
    func `what makes no sense ends with 64, one clear line and the way to help`(options: [String]) async throws {
        let outcome = try await Program.run(["scan"] + options, in: Git.cleanRepository())
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.hasPrefix("Error: "))
        #expect(outcome.errorText.contains("migrate scan --help"))
    }

    @Test(arguments: [["--range", "HEAD"], ["--since", "1y"], ["--staged"], ["--scope", "history"]])
    func `what needs a repository ends with 64 in a plain folder`(options: [String]) async throws {
        let folder = try Scratch.folder("plain")
        let outcome = try await Program.run(["scan", folder] + options)
        #expect(outcome.status == 64)
        #expect(outcome.errorLines.count == 1 && outcome.errorText.contains("is in no git repository"))
    }

    @Test func `an unknown revision ends with 3 and a hint`() async throws {
        for option in [
            "--range=nope..HEAD", "--range=HEAD...nope", "--range=nope", "--since-commit=nope", "--range=--help",
        ] {
            let outcome = try await Program.run(["scan", option], in: Git.cleanRepository())
            #expect(outcome.status == 3)
            #expect(outcome.errorLines.count == 2)
            #expect(outcome.errorText.hasPrefix("migrate: there is no commit "))
            #expect(outcome.errorLines.last?.hasPrefix("hint: ") == true)
        }
    }

    @Test func `paths of two repositories end with 64`() async throws {
        let outcome = try await Program.run(["scan", Git.cleanRepository(), Git.cleanRepository()])
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("scan one repository at a time"))
    }

    @Test func `ranges and ages scan what they bring in`() async throws {
        let repository = try await Git.repository(["old.py": "KEY = \"\(FakeKey.sendGrid(2))\"\n"])
        try await Git.commit(["new.py": "KEY = \"\(FakeKey.sendGrid(3))\"\n"], in: repository)
        func paths(_ options: [String]) async throws -> Set<String> {
            let report = try await Program.run(["scan", repository, "--format", "json"] + options).report()
            return Set(report.findings.flatMap(\.occurrences).compactMap(\.path))
        }
        #expect(try await paths(["--range", "HEAD~1..HEAD"]) == ["new.py"])
        #expect(try await paths(["--range", "HEAD~1.."]) == ["new.py"])
        #expect(try await paths(["--since-commit", "HEAD~1"]) == ["new.py"])
        #expect(try await paths(["--range", "HEAD"]) == ["new.py", "old.py"])
        #expect(try await paths(["--since", "1d"]) == ["new.py", "old.py"])
        #expect(try await paths(["--since", "2999-01-01"]).isEmpty)
    }
}
