// `migrate hook run` as git itself runs it: hooks of real repositories that call the built binary.

import Foundation
import TestRepositories
import Testing

@Suite struct HookRunTests {
    /// A repository whose hooks are ours.
    private func repository(_ hooks: [String] = ["pre-commit"]) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try install(hooks, in: repository.path + "/.git/hooks")
        return repository
    }

    private func install(_ hooks: [String], in folder: String) throws {
        for hook in hooks {
            let call = hook == "pre-commit" ? "" : " \(hook) \"$@\""
            // The patterns are compiled once for all tests, and not in each repository's own home.
            let script =
                "#!/bin/sh\nexport XDG_CACHE_HOME='\(Program.home)/cache'\nexec '\(Program.path)' hook run\(call)\n"
            try TemporaryRepository.write("\(folder)/\(hook)", Array(script.utf8))
            chmod("\(folder)/\(hook)", 0o755)
        }
    }

    private func line(_ seed: UInt64 = 1) -> String { "key = \"\(FakeKey.sendGrid(seed))\"\n" }

    /// What git says when it does not go on; nil when it does.
    private func refusal(_ repository: TemporaryRepository, _ arguments: String...) throws -> String? {
        do { try repository.git(arguments) } catch let failure as TemporaryRepository.Failure {
            return failure.description
        }
        return nil
    }

    @Test func `git refuses the first commit with a leak, and takes the next one in silence`() throws {
        let repository = try repository()
        try repository.write("app.py", line()).stage()
        let words = try #require(try refusal(repository, "commit", "--message", "Leak"))
        #expect(words.contains("app.py:1:8") && words.contains("This commit is refused"))
        #expect(words.contains("git commit --no-verify") && words.contains("migrate ignore add"))
        #expect(!words.contains(FakeKey.sendGrid().suffix(20)))
        try repository.write("app.py", "clean\n").stage()
        #expect(try repository.git("commit", "--quiet", "--message", "Clean") == "")
        try repository.write("app.py", line()).stage()
        #expect(try refusal(repository, "commit", "--no-verify", "--message", "All the same") == nil)
    }

    @Test func `commit with all, amended, in part: what is committed counts`() throws {
        let repository = try repository()
        try repository.write("a.py", "1\n").write("b.py", "1\n").commit("One")
        try repository.write("a.py", line())
        #expect(try refusal(repository, "commit", "--all", "--message", "All")?.contains("a.py:1") == true)
        try repository.write("b.py", "2\n")
        // Only b.py, though a.py is staged: git makes an index of its own for that.
        try repository.git("add", "a.py")
        #expect(try refusal(repository, "commit", "--message", "Part", "b.py") == nil)
        #expect(try refusal(repository, "commit", "--message", "Part", "a.py")?.contains("a.py:1") == true)
        #expect(try refusal(repository, "commit", "--amend", "--no-edit")?.contains("a.py:1") == true)
        try repository.git("reset", "--quiet", "--hard")
        #expect(try refusal(repository, "commit", "--amend", "--allow-empty", "--message", "Reworded") == nil)
    }

    @Test func `what remains is one line`() throws {
        let repository = try repository()
        try repository.write("a.py", line()).stage()
        try repository.git("commit", "--quiet", "--no-verify", "--message", "Leak")
        try repository.write("a.py", line() + "more = 1\n").stage()
        let words = try repository.git("commit", "--quiet", "--message", "More")
        #expect(words.split(separator: "\n").count == 1)
        #expect(words.contains("1 finding in the changed files was there before"))
    }

    @Test func `merges, cherry-picks and rebases`() throws {
        let repository = try repository()
        try repository.write("a.py", "1\n").commit("One")
        try repository.checkOut("-b", "side").write("side.py", line()).write("a.py", "2\n").stage()
        try repository.git("commit", "--quiet", "--no-verify", "--message", "Leak on the side")
        try repository.checkOut("main").write("a.py", "3\n").commit("Main")
        _ = try? repository.git("merge", "side")
        try repository.write("a.py", "4\n").stage()
        // What comes from the side is not this commit's; what the resolution adds is.
        try repository.write("new.py", line(2)).git("add", "new.py")
        let words = try #require(try refusal(repository, "commit", "--no-edit"))
        #expect(words.contains("new.py:1") && !words.contains("side.py"))
        try repository.git("rm", "--quiet", "--cached", "new.py")
        #expect(try refusal(repository, "commit", "--no-edit") == nil)
        // A commit that is picked by hand is a commit like any other.
        try repository.checkOut("-b", "other", "main~1")
        #expect(try refusal(repository, "cherry-pick", "--no-commit", "--strategy-option=theirs", "side") == nil)
        #expect(try refusal(repository, "commit", "--message", "Picked")?.contains("side.py:1") == true)
        try repository.git("reset", "--quiet", "--hard")
        _ = try? repository.git("rebase", "side")
        try repository.write("a.py", line(3)).stage()
        #expect(try refusal(repository, "commit", "--message", "Resolved")?.contains("a.py:1") == true)
    }

    @Test func `a linked worktree, a submodule, another work tree and a folder below`() throws {
        let repository = try repository()
        try repository.write("d/a.py", "1\n").commit("One")
        let linked = try TemporaryRepository(beside: repository, named: "linked") {
            ["worktree", "add", "--quiet", "-b", "second", $0]
        }
        try linked.write("b.py", line()).stage()
        #expect(try refusal(linked, "commit", "--message", "Linked")?.contains("b.py:1") == true)
        // The main worktree has nothing staged.
        #expect(try refusal(repository, "commit", "--allow-empty", "--message", "Main") == nil)

        let inner = try TemporaryRepository()
        try inner.write("c.py", "1\n").commit("Inner")
        try repository.git("submodule", "--quiet", "add", inner.path, "inner")
        try install(["pre-commit"], in: repository.path + "/.git/modules/inner/hooks")
        try repository.write("inner/c.py", line())
        #expect(
            try refusal(repository, "-C", "inner", "commit", "--all", "--message", "Inner")?.contains("c.py:1") == true)
        #expect(try refusal(repository, "commit", "--message", "Submodule") == nil)

        try repository.write("d/a.py", line())
        #expect(
            try refusal(repository, "-C", "d", "commit", "--all", "--message", "Below")?.contains("d/a.py:1") == true)
        let elsewhere = repository.folder + "/elsewhere"
        try TemporaryRepository.write(elsewhere + "/e.py", Array(line(4).utf8))
        let arguments = ["--git-dir=\(repository.path)/.git", "--work-tree=\(elsewhere)"]
        try repository.git(arguments + ["-C", elsewhere, "add", "e.py"])
        let words = try refusal(repository, arguments[0], arguments[1], "-C", elsewhere, "commit", "--message", "E")
        #expect(words?.contains("e.py:1") == true)
    }

    @Test func `file names of all kinds`() throws {
        let repository = try repository()
        let id = try repository.git("hash-object", "-w", "--stdin", input: Array(line().utf8))
        let names = [
            Array("with space".utf8), Array("line\nbreak".utf8), Array("q\"uote".utf8), [0xFF, 0x41],
            Array("\u{1B}[2J".utf8),
        ]
        for name in names {
            try repository.git(
                "update-index", "-z", "--index-info", input: Array("100644 \(id)\td/".utf8) + name + [0])
        }
        let words = try #require(try refusal(repository, "commit", "--message", "Names"))
        #expect(words.contains("5 problems"))
        #expect(words.contains("d/with space:1:8") && words.contains("d/line\\nbreak:1:8"))
        #expect(!words.contains("\u{1B}"))
    }

    @Test(arguments: ["sparse", "split", "fsmonitor"])
    func `sparse checkouts, split indexes and a file system monitor`(kind: String) throws {
        let repository = try repository()
        try repository.write("in/a.py", "1\n").write("out/b.py", "1\n").write("c.py", "1\n").commit("One")
        let mark = repository.folder + "/ran"
        switch kind {
        case "sparse": try repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
        case "split": try repository.git("update-index", "--split-index")
        default: try repository.git("update-index", "--fsmonitor")
        }
        try repository.write("in/a.py", line()).git("add", "in/a.py")
        #expect(try refusal(repository, "commit", "--message", "Leak")?.contains("in/a.py:1") == true)
        try repository.write("in/a.py", "2\n").git("add", "in/a.py")
        #expect(try refusal(repository, "commit", "--message", "Clean") == nil)
        #expect(!TemporaryRepository.exists(mark))
    }

    @Test func `nothing that a repository names is run, and nothing is written into its object database`() async throws
    {
        let repository = try TemporaryRepository()
        let mark = repository.folder + "/ran"
        let program = repository.folder + "/program"
        try TemporaryRepository.write(program, Array("#!/bin/sh\ntouch '\(mark)'\ncat\n".utf8))
        chmod(program, 0o755)
        try repository.write("a.py", "1\n").commit("One")
        try repository.write(".gitattributes", "* filter=evil diff=evil\n").write("a.py", line()).stage()
        for (key, value) in [
            "filter.evil.clean": program, "filter.evil.smudge": program, "filter.evil.required": "true",
            "diff.evil.textconv": program, "diff.external": program, "core.fsmonitor": program, "core.pager": program,
            "core.editor": program, "core.sshCommand": program, "alias.diff": "!\(program)", "gpg.program": program,
        ] {
            try repository.git("config", key, value)
        }
        let before = Scratch.files(below: repository.path + "/.git").sorted()
        let contents = before.map { Scratch.bytes($0) }
        let outcome = try await Program.run(["hook", "run"], in: repository.path)
        #expect(outcome.status == 1 && outcome.errorText.contains("a.py:1"))
        #expect(!TemporaryRepository.exists(mark))
        #expect(Scratch.files(below: repository.path + "/.git").sorted() == before)
        #expect(before.map { Scratch.bytes($0) } == contents)
    }

    @Test func `a message with a credential is refused`() throws {
        let repository = try repository(["commit-msg"])
        try repository.write("a.py", "1\n").stage()
        let words = try refusal(repository, "commit", "--message", "One", "--message", "was \(FakeKey.sendGrid())")
        #expect(words?.contains("commit message:3:5") == true)
        #expect(try refusal(repository, "commit", "--message", "One") == nil)
    }

    @Test func `a push is refused for what it brings, and not for what the remote has`() throws {
        let repository = try repository(["pre-push"])
        let remote = repository.folder + "/remote.git"
        try repository.git("init", "--quiet", "--bare", remote)
        try repository.git("remote", "add", "origin", remote)
        try repository.write("old.py", line(1)).commit("Old leak")
        #expect(try refusal(repository, "push", "--quiet", "origin", "main")?.contains("old.py:1") == true)
        try repository.git("push", "--quiet", "--no-verify", "origin", "main")
        try repository.write("new.py", "1\n").commit("Clean")
        #expect(try refusal(repository, "push", "--quiet", "origin", "main") == nil)
        try repository.checkOut("-b", "topic").write("new.py", line(2)).commit("Leak")
        try repository.write("new.py", "1\n").commit("Taken out again")
        let words = try #require(try refusal(repository, "push", "--quiet", "origin", "topic"))
        #expect(words.contains("new.py:1") && words.contains("git push --no-verify") && !words.contains("old.py"))
        try repository.git("push", "--quiet", "--no-verify", "origin", "topic")
        #expect(try refusal(repository, "push", "--quiet", "origin", "--delete", "topic") == nil)
    }

    @Test func `a check that fails blocks, and says how to pass`() async throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", "1\n").stage()
        try TemporaryRepository.write(repository.path + "/.git/index", Array("DIRC, but no index".utf8))
        let outcome = try await Program.run(["hook", "run"], in: repository.path)
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 1 && outcome.errorText.contains("git commit --no-verify"))
        let outside = try await Program.run(["hook", "run"], in: Scratch.folder("plain"))
        #expect(outside.status == 3 && outside.errorLines.count == 1)
        let settings = try TemporaryRepository()
        try settings.write("a.py", "1\n").write(".migrate/config.yml", "colour: red\n").stage()
        let refused = try await Program.run(["hook", "run", "pre-commit"], in: settings.path)
        #expect(refused.status == 3 && refused.errorText.contains("config.yml:1"))
    }

    @Test func `what cannot be read is 2, and JSON says all`() async throws {
        let repository = try TemporaryRepository()
        try repository.write("a.py", line()).write("b.py", "1\n").stage()
        try repository.delete(repository.looseFile(repository.git("rev-parse", ":b.py")))
        let both = try await Program.run(["hook", "run", "--format", "json"], in: repository.path)
        #expect(both.status == 1)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(both.output)) as? [String: Any])
        #expect(document["schema"] as? String == "migrate.hook/1" && document["passes"] as? Bool == false)
        #expect((document["problems"] as? [[String: Any]])?.first?["path"] as? String == "a.py")
        #expect((document["gaps"] as? [[String: Any]])?.count == 1)
        try repository.git("rm", "--quiet", "--cached", "a.py")
        let incomplete = try await Program.run(["hook", "run"], in: repository.path)
        #expect(incomplete.status == 2 && incomplete.errorText.contains("cannot be judged"))
    }

    @Test(arguments: [
        ["hook", "run", "post-commit"], ["hook", "run", "commit-msg"], ["hook", "run", "pre-push", "a", "b", "c"],
    ])
    func `wrong words are usage`(words: [String]) async throws {
        #expect(try await Program.run(words).status == 64)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["MIGRATE_TEST_LARGE"] != nil))
    func `a staged file of a gigabyte is refused as not known, without being held in memory`() async throws {
        let repository = try TemporaryRepository()
        _ = try await Program.shell("truncate -s 1G big.bin && git add big.bin", in: repository.path)
        let outcome = try await Program.run(["hook", "run"], in: repository.path)
        #expect(outcome.status == 2 && outcome.errorText.contains("big.bin"))
        #expect(outcome.peakMemory < 100 << 20)
    }
}
