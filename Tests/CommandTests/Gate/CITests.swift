// `migrate ci` as pipelines run it: their variables, real pushes, real clones.

import Foundation
import Testing

/// A remote with one sound commit, and a clone of it in which somebody works.
private struct PushedRepository {
    let remote: String
    let work: String

    static let rules = ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n"

    init() async throws {
        work = try await Git.cleanRepository()
        remote = try Scratch.folder("remote") + "/origin.git"
        try await Git.run(["clone", "--quiet", "--bare", work, remote], in: Scratch.root)
        try await Git.run(["remote", "add", "origin", "file://" + remote], in: work)
        try await Git.run(["fetch", "--quiet", "origin"], in: work)
    }

    func commit(_ files: [String: String]) async throws -> String {
        try await Git.commit(files, in: work)
        return try await Git.run(["rev-parse", "HEAD"], in: work)
    }

    /// Pushes HEAD to a branch.
    func push(_ branch: String) async throws {
        try await Git.run(["push", "--quiet", "--force", "origin", "HEAD:refs/heads/" + branch], in: work)
    }

    /// As a runner clones it.
    func clone(_ branch: String, _ options: String...) async throws -> String {
        let path = try Scratch.folder("runner") + "/clone"
        try await Git.run(
            ["clone", "--quiet", "--branch", branch] + options + ["file://" + remote, path], in: Scratch.root)
        return path
    }
}

/// A job of GitHub Actions.
private struct GitHubJob {
    let summary: String
    private let variables: [String: String?]

    init(branch: String, before: String?, tip: String) throws {
        let folder = try Scratch.folder("job")
        summary = folder + "/summary.md"
        let zeros = String(repeating: "0", count: 40)
        try Scratch.write(
            #"{"before":"\#(before ?? zeros)","after":"\#(tip)","repository":{"default_branch":"main"}}"#,
            to: folder + "/event.json")
        variables = [
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": tip,
            "GITHUB_REF": "refs/heads/" + branch, "GITHUB_EVENT_PATH": folder + "/event.json",
            "GITHUB_STEP_SUMMARY": summary,
        ]
    }

    func run(_ arguments: [String] = [], in clone: String) async throws -> Outcome {
        try await Program.run(["ci"] + arguments, in: clone, changes: variables)
    }

    var summaryText: String { String(decoding: Scratch.bytes(summary), as: UTF8.self) }
}

@Suite struct CITests {
    @Test func `a push with nothing in it ends with 0`() async throws {
        let repository = try await PushedRepository()
        let before = try await Git.run(["rev-parse", "HEAD"], in: repository.work)
        let tip = try await repository.commit(["a.py": "pass\n"])
        try await repository.push("main")
        let clone = try await repository.clone("main")
        let outcome = try await GitHubJob(branch: "main", before: before, tip: tip).run(in: clone)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.contains("nothing found in the push to main, 1 commit."))
        #expect(outcome.errors.isEmpty)
    }

    @Test func `a leak that a new branch brings in and takes out again ends with 1, and shows nowhere`() async throws {
        let repository = try await PushedRepository()
        let key = FakeKey.sendGrid(7)
        _ = try await repository.commit(["app.py": "key = '\(key)'\n"])
        let tip = try await repository.commit(["app.py": "pass\n"])
        try await repository.push("feature")
        let clone = try await repository.clone("feature")
        let job = try GitHubJob(branch: "feature", before: nil, tip: tip)
        let reports = try Scratch.folder("reports")
        let forms = ["sarif", "junit", "gitlab", "json", "markdown", "gitleaks", "jsonl", "github", "azure"]
        let outcome = try await job.run(forms.flatMap { ["--report", "\($0)=\(reports)/\($0)"] }, in: clone)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("the new branch feature, 2 commits"))
        #expect(outcome.text.contains("\n::error file=app.py,line=1,"))
        #expect(job.summaryText.contains("## migrate ci on GitHub Actions"))
        #expect(job.summaryText.contains("`app.py:1`"))
        #expect(Scratch.names(in: reports) == forms.sorted())
        let secret = String(key.split(separator: ".")[2])
        for text in [outcome.text, outcome.errorText, job.summaryText]
            + forms.map({ String(decoding: Scratch.bytes("\(reports)/\($0)"), as: UTF8.self) })
        {
            #expect(!text.contains(secret))
        }
    }

    @Test func `nothing that a file is named after becomes a command of the log or HTML in the summary`() async throws {
        let repository = try await PushedRepository()
        let line = "key = '\(FakeKey.sendGrid(8))'\n"
        let names = [
            "::add-mask::x.py", "x\n::error::forged.py", "##[error]x.py", "##vso[task.complete result=Succeeded]x.py",
            "<img src=x onerror=y>.py", "a|b](https:x).py", "%0A::error::y.py",
        ]
        let tip = try await repository.commit(Dictionary(uniqueKeysWithValues: names.map { ($0, line) }))
        try await repository.push("feature")
        let clone = try await repository.clone("feature")
        let job = try GitHubJob(branch: "feature", before: nil, tip: tip)
        let outcome = try await job.run(in: clone)
        #expect(outcome.status == 1)
        let lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.first)
        #expect(first.hasPrefix("::stop-commands::"))
        let token = first.dropFirst("::stop-commands::".count)
        #expect(token.count == 32)
        let end = try #require(lines.firstIndex(of: "::\(token)::"))
        #expect(!lines[1..<end].contains { $0.contains(token) })
        for line in lines[(end + 1)...] where !line.isEmpty {
            #expect(line.hasPrefix("::error ") || line.hasPrefix("::notice ") || line.hasPrefix("::warning "))
            #expect(!line.contains("::error::"))
        }
        // With a backslash before it, or as code, it shows as the characters that it is made of.
        let live = job.summaryText.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map { $0.element.replacingOccurrences(of: "\\<", with: "") }
            .joined()
        #expect(!live.contains("<img"))
        #expect(!live.contains("](https:"))
        let azure = try await Program.run(
            ["ci"], in: clone,
            changes: ["TF_BUILD": "True", "BUILD_SOURCEVERSION": tip, "BUILD_SOURCEBRANCH": "refs/heads/feature"])
        #expect(azure.status == 1)
        #expect(!azure.text.contains("##vso[task.complete"))
        #expect(azure.text.contains("\n##vso[task.logissue type=error;"))
        #expect(!azure.text.contains("##["))
    }

    @Test(
        arguments: [
            (
                "github", ["GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/feature"],
                "fetch-depth"
            ),
            ("gitlab", ["GITLAB_CI": "true", "CI_COMMIT_BRANCH": "feature"], "GIT_DEPTH"),
            ("jenkins", ["JENKINS_URL": "x", "BRANCH_NAME": "feature"], "cloneOption"),
            ("buildkite", ["BUILDKITE": "true", "BUILDKITE_BRANCH": "feature"], "BUILDKITE_GIT_CLONE_FLAGS"),
            ("circleci", ["CIRCLECI": "true", "CIRCLE_BRANCH": "feature"], "method: full"),
            ("azure", ["TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/feature"], "fetchDepth: 0"),
            ("bitbucket", ["BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_BRANCH": "feature"], "depth: full"),
        ] as [(String, [String: String], String)])
    func `a shallow clone ends with 2 and the line to add`(
        platform: String, variables: [String: String], line: String
    ) async throws {
        let repository = try await PushedRepository()
        _ = try await repository.commit(["a.py": "pass\n"])
        try await repository.push("feature")
        let clone = try await repository.clone("feature", "--depth", "1")
        let changes = variables.mapValues { $0 as String? }
        let cut = try await Program.run(["ci"], in: clone, changes: changes)
        #expect(cut.status == 2, "\(platform): \(cut.text)")
        #expect(cut.text.contains(line))
        // The same job with all of the history is green.
        let whole = try await Program.run(["ci"], in: try await repository.clone("feature"), changes: changes)
        #expect(whole.status == 0, "\(platform): \(whole.text)")
    }

    @Test func `a range without a beginning is usage, and one whose beginning is gone is not known`() async throws {
        let repository = try await Git.cleanRepository()
        for range in ["..HEAD", "HEAD..", "HEAD", "", "A..B..C"] {
            #expect(try await Program.run(["ci", "--range", range], in: repository).status == 64, "\(range)")
        }
        let gone = String(repeating: "a", count: 40)
        let outcome = try await Program.run(["ci", "--range", "\(gone)..HEAD"], in: repository)
        #expect(outcome.status == 2)
        #expect(outcome.text.contains(gone))
        #expect(try await Program.run(["ci", "--range", "HEAD..HEAD"], in: repository).status == 0)
    }

    @Test func `outside of a pipeline it is the whole history`() async throws {
        let repository = try await Git.repository([
            "key.py": "KEY = '\(FakeKey.sendGrid())'\n", ".gitignore": PushedRepository.rules,
        ])
        let outcome = try await Program.run(["ci"], in: repository)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("the whole history"))
        #expect(try await Program.run(["ci", "--fail-on", "none"], in: repository).status == 0)
        #expect(try await Program.run(["ci", "--fail-on", "critical"], in: repository).status == 0)
    }

    @Test func `a hole in the ignore files of the commit fails, whatever the worktree has`() async throws {
        let repository = try await Git.repository(["main.py": "pass\n"])
        try Scratch.write(PushedRepository.rules, to: repository + "/.gitignore")
        let outcome = try await Program.run(["ci"], in: repository)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("Dotenv files are not ignored"))
        #expect(try await Program.run(["ci", "--fail-on", "high"], in: repository).status == 0)
    }

    @Test func `files of a job beside the commit are nobody's leak`() async throws {
        let repository = try await Git.cleanRepository()
        try Scratch.write("KEY=\(FakeKey.sendGrid())\n", to: repository + "/build.log")
        #expect(try await Program.run(["ci"], in: repository).status == 0)
    }

    @Test func `a report that cannot be written fails before anything is scanned`() async throws {
        let repository = try await Git.cleanRepository()
        for options in [["--output", "main.py/x"], ["--report", "sarif=main.py/x"]] {
            let outcome = try await Program.run(["ci"] + options, in: repository)
            #expect(outcome.status == 3)
            #expect(outcome.text.isEmpty)
            #expect(outcome.errorLines.first?.contains("main.py/x") == true)
        }
    }

    @Test func `a summary that cannot be written does not change the verdict`() async throws {
        let repository = try await Git.cleanRepository()
        let outcome = try await Program.run(
            ["ci"], in: repository,
            changes: [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "schedule", "GITHUB_STEP_SUMMARY": "main.py/x",
            ])
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("summary"))
    }

    @Test func `standard output has one document when a program reads it`() async throws {
        let repository = try await Git.cleanRepository()
        let outcome = try await Program.run(["ci", "--format", "json"], in: repository)
        #expect(outcome.status == 0)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        #expect(document["schema"] as? String == "migrate.ci/1")
        #expect(document["verdict"] as? String == "clean")
        #expect(outcome.errorLines.count == 1)
        // With a file for it, the log has words.
        let file = try Scratch.folder("report") + "/ci.json"
        let log = try await Program.run(["ci", "--format", "json", "--output", file], in: repository)
        #expect(log.text.contains("migrate ci: nothing found"))
        #expect(Scratch.bytes(file).first == UInt8(ascii: "{"))
    }

    @Test func `no program that a repository names is started`() async throws {
        let repository = try await PushedRepository()
        let tip = try await repository.commit([
            "a.env": "X=1\n", ".gitattributes": "* filter=evil diff=evil merge=evil\n*.py -diff\n",
            "key.py": "KEY = '\(FakeKey.sendGrid(3))'\n",
        ])
        try await repository.push("feature")
        let clone = try await repository.clone("feature")
        let mark = try Scratch.folder("mark") + "/started"
        let program = "touch \(mark)"
        for setting in [
            "core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv",
            "diff.evil.command", "diff.external", "core.pager", "core.sshCommand", "core.editor", "credential.helper",
            "uploadpack.packObjectsHook", "alias.log",
        ] {
            try await Git.run(["config", setting, (setting == "alias.log" ? "!" : "") + program], in: clone)
        }
        for hook in ["pre-commit", "post-checkout", "post-index-change", "reference-transaction"] {
            try Scratch.write("#!/bin/sh\n\(program)\n", to: clone + "/.git/hooks/" + hook)
            Scratch.setPermissions(0o755, clone + "/.git/hooks/" + hook)
        }
        let outcome = try await GitHubJob(branch: "feature", before: nil, tip: tip).run(in: clone)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("key.py:1"))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test func `what is there today can be accepted`() async throws {
        let repository = try await PushedRepository()
        _ = try await repository.commit(["old.py": "KEY = '\(FakeKey.sendGrid(4))'\n"])
        let baseline = try Scratch.folder("baseline") + "/baseline.json"
        let scan = try await Program.run(["scan", "--format", "json", "--output", baseline], in: repository.work)
        #expect(scan.status == 1)
        #expect(try await Program.run(["ci"], in: repository.work).status == 1)
        #expect(try await Program.run(["ci", "--baseline", baseline], in: repository.work).status == 0)
        _ = try await repository.commit(["new.py": "KEY = '\(FakeKey.sendGrid(5))'\n"])
        let later = try await Program.run(["ci", "--baseline", baseline], in: repository.work)
        #expect(later.status == 1)
        #expect(later.text.contains("new.py"))
    }

    @Test func `a change of what counts is told to who reviews it`() async throws {
        let repository = try await PushedRepository()
        let before = try await Git.run(["rev-parse", "HEAD"], in: repository.work)
        let tip = try await repository.commit([
            ".migrate/config.yml": "scan:\n  exclude: [src]\n", "src/key.py": "KEY = '\(FakeKey.sendGrid(6))'\n",
        ])
        try await repository.push("main")
        let clone = try await repository.clone("main")
        let job = try GitHubJob(branch: "main", before: before, tip: tip)
        let outcome = try await job.run(in: clone)
        #expect(outcome.status == 0)
        for text in [outcome.text, job.summaryText] {
            let words = text.replacingOccurrences(of: "\n", with: " ").replacingOccurrences(of: "  ", with: " ")
            #expect(words.contains("is not as it was before"))
            #expect(words.contains("left out"))
        }
    }
}

@Suite struct CIChecklistTests {
    /// Writes a state file in which one step has gone through these events.
    private func write(_ events: [[String: String]], of step: String, state: String, in repository: String) async throws
    {
        let script = """
            import hashlib, json, sys
            step, state, events, path = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
            digest = lambda text: "sha256:" + hashlib.sha256(text.encode()).hexdigest()
            last = digest("migrate.state/1\\naws-secrets-manager\\n" + step)
            done = []
            for event in events:
                ordered = {k: event[k] for k in ("event", "at", "by", "tool", "summary", "until") if k in event}
                last = digest(last + "\\n" + json.dumps(ordered, separators=(",", ":")))
                done.append({**ordered, "digest": last})
            import os
            os.makedirs(os.path.dirname(path), exist_ok=True)
            json.dump({"schema": "migrate.state/1",
                       "checklist": {"id": "aws-secrets-manager", "digest": "sha256:" + "0" * 64, "order": "default"},
                       "steps": {step: {"state": state, "events": done}}}, open(path, "w"), indent=2)
            """
        let file = try Scratch.folder("script") + "/state.py"
        try Scratch.write(script, to: file)
        let json = String(decoding: try JSONSerialization.data(withJSONObject: events), as: UTF8.self)
        let outcome = try await Running(
            ["python3", file, step, state, json, repository + "/.migrate/state.json"], in: Scratch.root,
            input: "/dev/null", output: nil, environment: Program.environment
        ).end()
        try #require(outcome.status == 0, "\(outcome.errorText)")
    }

    private func event(_ name: String, _ more: [String: String] = [:]) -> [String: String] {
        ["event": name, "at": "2025-11-24T08:59:03Z", "by": "Ada <ada@example.com>", "tool": "0.1.0"]
            .merging(more) { $1 }
    }

    @Test func `a required step must be done`() async throws {
        let repository = try await Git.cleanRepository()
        let missing = try await Program.run(["ci", "--require", "gate"], in: repository)
        #expect(missing.status == 1)
        #expect(missing.text.contains("there is no .migrate/state.json"))
        try await write([event("verified", ["summary": "seen"])], of: "gate", state: "verified", in: repository)
        let done = try await Program.run(["ci", "--require", "gate"], in: repository)
        #expect(done.status == 0, "\(done.text)")
        #expect(done.text.contains("1 of 18 steps done, by .migrate/state.json alone"))
        let two = try await Program.run(["ci", "--require", "gate", "--require", "revoke-keys"], in: repository)
        #expect(two.status == 1)
        #expect(two.text.contains("revoke-keys"))
        #expect(try await Program.run(["ci", "--no-checklist"], in: repository).status == 0)
    }

    @Test func `what no checklist has is usage, with the nearest name`() async throws {
        let repository = try await Git.cleanRepository()
        let outcome = try await Program.run(["ci", "--require", "gaet"], in: repository)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("did you mean: gate"))
    }

    @Test func `an overdue rotation, an ended waiver and a drifted step fail without being asked for`() async throws {
        let cases: [([[String: String]], String, String)] = [
            (
                [event("verified", ["summary": "x", "until": "2026-02-22T00:00:00Z"])], "verified",
                "due again on 2026-02-22"
            ),
            (
                [event("waived", ["summary": "later", "until": "2026-01-31T23:59:59Z"])], "waived",
                "ended on 2026-01-31"
            ),
            (
                [event("verified", ["summary": "x"]), event("drifted", ["summary": "the schedule is gone"])], "drifted",
                "the schedule is gone"
            ),
        ]
        for (events, state, words) in cases {
            let repository = try await Git.cleanRepository()
            try await write(events, of: "rotation-schedule", state: state, in: repository)
            let outcome = try await Program.run(["ci"], in: repository)
            #expect(outcome.status == 1, "\(outcome.text)")
            #expect(outcome.text.contains(words), "\(outcome.text)")
        }
        let repository = try await Git.cleanRepository()
        try await write(
            [event("waived", ["summary": "later", "until": "2126-01-31T23:59:59Z"])], of: "rotation-schedule",
            state: "waived", in: repository)
        #expect(try await Program.run(["ci", "--require", "rotation-schedule"], in: repository).status == 0)
    }

    @Test func `a state file whose past was edited fails, and a damaged one is not known`() async throws {
        let repository = try await Git.cleanRepository()
        let path = repository + "/.migrate/state.json"
        try await write([event("verified", ["summary": "seen"])], of: "gate", state: "verified", in: repository)
        let text = String(decoding: Scratch.bytes(path), as: UTF8.self)
        try Scratch.write(text.replacingOccurrences(of: "Ada", with: "Eve"), to: path)
        let edited = try await Program.run(["ci"], in: repository)
        #expect(edited.status == 1)
        #expect(edited.text.contains("State file was edited"))
        try Scratch.write(String(text.dropLast(20)), to: path)
        let damaged = try await Program.run(["ci", "--require", "gate"], in: repository)
        #expect(damaged.status == 2)
        #expect(damaged.text.contains(".migrate/state.json is damaged"))
    }

    @Test func `the world is asked where that is wanted, and what it cannot tell is not known`() async throws {
        let repository = try await Git.cleanRepository()
        let local = ["ci", "--ask-world", "--store", "local"]
        let asked = try await Program.run(local + ["--require", "gitignore"], in: repository)
        #expect(asked.status == 0, "\(asked.text)\(asked.errorText)")
        #expect(asked.text.contains("the world was asked"))
        let undone = try await Program.run(local + ["--require", "gate"], in: repository)
        #expect(undone.status == 1)
        #expect(undone.text.contains("Step left undone: gate"))
    }

    @Test func `an acceptance that has ended fails`() async throws {
        let repository = try await Git.repository([
            "key.py": "KEY = '\(FakeKey.sendGrid())'\n", ".gitignore": PushedRepository.rules,
        ])
        let added = try await Program.run(
            ["ignore", "add", "--all", "--reason", "Being replaced", "--owner", "ada@example.com", "--until", "30d"],
            in: repository)
        try #require(added.status == 0, "\(added.errorText)")
        #expect(try await Program.run(["ci"], in: repository).status == 0)
        let path = repository + "/.migrate/ignore.yml"
        let text = String(decoding: Scratch.bytes(path), as: UTF8.self)
        let day = try #require(
            text.split(whereSeparator: { " \n\"'".contains($0) }).first { $0.hasPrefix("202") && $0.count >= 10 })
        try Scratch.write(text.replacingOccurrences(of: String(day), with: "2026-01-31"), to: path)
        let outcome = try await Program.run(["ci"], in: repository)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("Acceptance has ended"))
    }
}

@Suite struct CIInitTests {
    /// Not every machine has it.
    private static let hasPyYAML: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import yaml"]
        process.standardError = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    static let platforms = ["github", "gitlab", "jenkins", "buildkite", "circleci", "azure", "bitbucket"]

    @Test(arguments: platforms)
    func `a pipeline's file is written once, with a whole clone`(platform: String) async throws {
        let repository = try await Git.cleanRepository()
        let install = "curl -fsSL https://example.com/x | sh -s -- 'a' \"b: #c\""
        let outcome = try await Program.run(["ci", "init", platform, "--install", install], in: repository)
        #expect(outcome.status == 0)
        let path = try #require(outcome.text.split(separator: " ").dropFirst().first).dropLast()
        let bytes = Scratch.bytes("\(repository)/\(path)")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("migrate ci"))
        #expect(text.contains("The whole history"))
        // A second time nothing is written, and what to add is shown.
        try Scratch.write("mine: true\n", to: "\(repository)/\(path)")
        let again = try await Program.run(["ci", "init", platform, "--install", install], in: repository)
        #expect(again.status == 3)
        #expect(again.output == bytes)
        #expect(Scratch.bytes("\(repository)/\(path)") == Array("mine: true\n".utf8))
        #expect(
            try await Program.run(["ci", "init", platform, "--force", "--install", install], in: repository).status == 0
        )
        #expect(Scratch.bytes("\(repository)/\(path)") == bytes)
        if platform != "jenkins", Self.hasPyYAML { #expect(try await commands(bytes).contains(install)) }
    }

    @Test(arguments: platforms)
    func `printing writes nothing, and what is printed counts as a gate`(platform: String) async throws {
        let repository = try await Git.cleanRepository()
        let outcome = try await Program.run(["ci", "init", platform, "--print"], in: repository)
        #expect(outcome.status == 0)
        #expect(try await Git.run(["status", "--porcelain"], in: repository).isEmpty)
        guard platform != "jenkins", Self.hasPyYAML else { return }
        #expect(try await commands(outcome.output).contains { $0.hasPrefix("migrate ci") })
    }

    @Test func `a platform that is none is usage`() async throws {
        let outcome = try await Program.run(["ci", "init", "travis"], in: try await Git.cleanRepository())
        #expect(outcome.status == 64)
    }

    @Test(.enabled(if: hasPyYAML, "PyYAML reads the file"))
    func `the action of this repository is sound YAML, and gives no input to a shell's grammar`() async throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appendingPathComponent("action.yml"), encoding: .utf8)
        let found = try await commands(Array(text.utf8))
        #expect(found.contains { $0.contains("ci") && $0.contains("MIGRATE_ARGS") })
        for command in found { #expect(!command.contains("${{"), "an input becomes code: \(command)") }
    }

    /// Every text in a YAML document, as PyYAML reads it.
    private func commands(_ bytes: [UInt8]) async throws -> [String] {
        let folder = try Scratch.folder("yaml")
        try Scratch.write(bytes, to: folder + "/in.yml")
        let script = """
            import json, yaml
            found = []
            def walk(value):
                if isinstance(value, dict):
                    for key, each in value.items():
                        if key not in ("if", "env", "with", "outputs", "working-directory"): walk(each)
                elif isinstance(value, list):
                    for each in value: walk(each)
                elif isinstance(value, str): found.append(value)
            walk(yaml.safe_load(open("in.yml")))
            print(json.dumps(found))
            """
        try Scratch.write(script, to: folder + "/walk.py")
        let outcome = try await Running(
            ["python3", "walk.py"], in: folder, input: "/dev/null", output: nil, environment: Program.environment
        ).end()
        try #require(outcome.status == 0, "\(outcome.errorText)")
        return try JSONDecoder().decode([String].self, from: Data(outcome.output))
    }
}
