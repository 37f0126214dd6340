// How a value came and went, and who has it.

import Git
import TestRepositories
import Testing

@testable import Scanning

@Suite("History")
struct HistoryTests {
    @Test("The oldest commit that had the value brought it in, with its author and time")
    func introduced() async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).commit(
            "add", as: "Grace Hopper")
        let id = try repository.id()
        let time = repository.time
        try repository.write("app.py", "# more\n" + Value.line()).commit("touch").write("other", "1").commit("other")
        let history = try await repository.scan().key().history
        let commit = try #require(history.introduced)
        #expect(commit.id.description == id)
        #expect(commit.authorName == "Grace Hopper")
        #expect(commit.authorEmail == "ada@example.com")
        #expect(commit.time == time)
        #expect(commit.subject == "add")
        #expect(history.removed == nil)
        #expect(history.isInHead)
        #expect(history.commitCount == 3)
    }

    @Test("The newest commit that took the value out removed it")
    func removed() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add").write("x", "1").commit(
            "more"
        )
        .write("app.py", "").commit("remove").write("x", "2").commit("later")
        let history = try await repository.scan().key().history
        #expect(history.introduced?.subject == "add")
        #expect(history.removed?.subject == "remove")
        #expect(history.commitCount == 2)
        #expect(!history.isInHead)
    }

    @Test("A value that came back is in HEAD, and has not been removed")
    func reintroduced() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add").remove("app.py").commit(
            "remove"
        )
        .write("app.py", Value.line()).commit("again")
        let history = try await repository.scan().key().history
        #expect(history.introduced?.subject == "add")
        #expect(history.removed == nil)
        #expect(history.commitCount == 2)
        #expect(history.isInHead)
    }

    @Test("A value that came back and went again was removed the last time")
    func removedTwice() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add").remove("app.py").commit(
            "first"
        )
        .write("app.py", Value.line()).commit("again").remove("app.py").commit("second")
        #expect(try await repository.scan().key().history.removed?.subject == "second")
    }

    @Test("A value that moves between files is one finding with two places, and was never removed")
    func moved() async throws {
        let repository = try TemporaryRepository().write("old.py", Value.line()).commit("add")
        try repository.git("mv", "old.py", "new.py")
        try repository.commit("move")
        let key = try await repository.scan().key()
        #expect(key.paths == ["new.py", "old.py"])
        #expect(key.reaches["old.py"] == [.branch])
        #expect(key.reaches["new.py"]?.contains(.head) == true)
        #expect(key.history.removed == nil)
        #expect(key.history.introduced?.subject == "add")
        #expect(key.history.commitCount == 2)
    }

    @Test("Copies of a blob are places of one finding")
    func copies() async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line()).write("b/c.py", Value.line()).commit(
            "add")
        let key = try await repository.scan().key()
        #expect(key.paths == ["a.py", "b/c.py"])
        #expect(key.occurrences.count == 2)
        #expect(key.history.commitCount == 1)
    }

    @Test("Two values are two findings, each with its own story")
    func twoValues() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line(1)).commit("one")
            .write("app.py", Value.line(2)).commit("two")
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(1))?.history.removed?.subject == "two")
        #expect(report.finding(Value.sendGrid(2))?.history.introduced?.subject == "two")
        #expect(report.keys.count == 2)
    }

    @Test("The same value in a dotenv file and in code is one finding")
    func dotenvAndCode() async throws {
        let value = Value.password()
        let repository = try TemporaryRepository().write(".env", "DB_PASSWORD=\(value)\n")
            .write("config.py", "DB_PASSWORD = \"\(value)\"\n").commit("add")
        let report = try await repository.scan()
        let finding = try #require(report.finding(value, "generic-secret"), "\(report.findings.map(\.ruleID))")
        #expect(finding.paths == [".env", "config.py"])
        #expect(finding.name == "DB_PASSWORD")
        #expect(report.dotenvFile(".env")?.entries.map(\.findings) == [[finding.fingerprint]])
    }

    @Test("All references that have the value are named, and no others")
    func references() async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("branch", "before")
        try repository.write("app.py", Value.line()).commit("add")
        try repository.git("tag", "v1")
        try repository.git("tag", "-a", "-m", "second", "v2")
        try repository.checkOut("-b", "side").write("x", "1").commit("side").checkOut("main")
        try repository.git("update-ref", "refs/remotes/origin/main", "main")
        try repository.git("update-ref", "refs/remotes/origin/old", "before")
        let history = try await repository.scan().key().history
        #expect(
            history.references == [
                "refs/heads/main", "refs/heads/side", "refs/remotes/origin/main", "refs/tags/v1", "refs/tags/v2",
            ])
        #expect(history.isPushed)
    }

    @Test("Only a remote-tracking branch makes a value a pushed one", arguments: [false, true])
    func pushed(isPushed: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("update-ref", "refs/remotes/origin/main", "main")
        try repository.write("app.py", Value.line()).commit("add").git("tag", "v1")
        if isPushed { try repository.git("update-ref", "refs/remotes/origin/main", "main") }
        let key = try await repository.scan().key()
        #expect(key.history.isPushed == isPushed)
        #expect(key.reach.contains(.remoteBranch) == isPushed)
    }

    @Test("A value that was pushed and then removed is still a pushed one")
    func pushedAndRemoved() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add")
        try repository.git("update-ref", "refs/remotes/origin/main", "main")
        let key = try await repository.remove("app.py").commit("remove").scan().key()
        #expect(key.history.isPushed)
        #expect(key.reaches == ["app.py": [.branch, .remoteBranch]])
    }

    @Test("A merge neither brings in nor removes what one of its parents has or lacks by itself")
    func merge() async throws {
        let repository = try TemporaryRepository().write("x", "1").commit("base").checkOut("-b", "side")
            .write("app.py", Value.line()).commit("add").checkOut("main").write("y", "1").commit("main")
        try repository.git("merge", "--no-ff", "-m", "merge", "side")
        let history = try await repository.scan().key().history
        #expect(history.introduced?.subject == "add")
        #expect(history.removed == nil)
        #expect(history.commitCount == 2)
    }

    @Test("A merge that drops what a side branch brought is the one that removed it")
    func mergeDrops() async throws {
        let repository = try TemporaryRepository().write("x", "1").commit("base").checkOut("-b", "side")
            .write("app.py", Value.line()).commit("add").checkOut("main").write("y", "1").commit("main")
        try repository.git("merge", "--no-ff", "-s", "ours", "-m", "merge", "side")
        try repository.git("branch", "-D", "side")
        let history = try await repository.scan().key().history
        #expect(history.introduced?.subject == "add")
        #expect(history.removed?.subject == "merge")
        #expect(!history.isInHead)
    }

    @Test("A merge that takes over a removal does not hide the commit that removed")
    func mergeTakesOver() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add").checkOut("-b", "side")
            .write("x", "1").commit("side").checkOut("main").remove("app.py").commit("remove")
        try repository.git("merge", "--no-ff", "-m", "merge", "side")
        try repository.git("branch", "-D", "side")
        #expect(try await repository.scan().key().history.removed?.subject == "remove")
    }

    @Test(
        "What the tip of a branch still has was not removed", arguments: ["refs/heads/old", "refs/remotes/origin/main"])
    func stillOnABranch(reference: String) async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add")
        try repository.git("update-ref", reference, "main")
        let history = try await repository.remove("app.py").commit("remove").scan().key().history
        #expect(history.removed == nil)
        #expect(!history.isInHead)
    }

    @Test("A tag of a tree that no commit has leads to what the tree holds")
    func taggedTree() async throws {
        let repository = try TemporaryRepository().commit("base").write("a/b/app.py", Value.line()).stage()
        let tree = try repository.git("write-tree")
        try repository.git("tag", "tree", tree)
        try repository.git("rm", "-q", "-r", "-f", "a")
        #expect(try await repository.scan().key().reaches == ["a/b/app.py": [.tag]])
    }

    @Test("Of two branches that brought it in, the older commit counts")
    func twoIntroductions() async throws {
        let repository = try TemporaryRepository().commit("base").checkOut("-b", "one").write("a.py", Value.line())
            .commit("first")
            .checkOut("main").checkOut("-b", "two").write("b.py", Value.line()).commit("second").checkOut("main")
        let history = try await repository.scan().key().history
        #expect(history.introduced?.subject == "first")
        #expect(history.references == ["refs/heads/one", "refs/heads/two"])
        #expect(history.commitCount == 2)
    }

    @Test("A dotenv file's history is that of its path, over all versions")
    func dotenvFile() async throws {
        let repository = try TemporaryRepository().write("b/.env", "PORT=1\n").commit("add").write(
            "b/.env", "PORT=2\nHOST=x\n"
        )
        .commit("change").remove("b/.env").write(".gitignore", ".env\n").commit("remove")
        let report = try await repository.scan()
        let file = try #require(report.dotenvFile("b/.env"))
        #expect(file.standing == .history)
        #expect(file.versionCount == 2)
        #expect(file.history.introduced?.subject == "add")
        #expect(file.history.removed?.subject == "remove")
        #expect(Set(file.entries.map(\.key)) == ["PORT", "HOST"])
        let finding = try #require(report.findings.first { $0.ruleID == "dotenv-file" })
        #expect(finding.paths == ["b/.env"])
    }

    @Test("A dotenv file with a secret is a finding of the file and one of the value")
    func dotenvSecret() async throws {
        let repository = try TemporaryRepository().write(".env", "SENDGRID_API_KEY=\(Value.sendGrid())\nPORT=80\n")
            .commit("add")
        let report = try await repository.scan()
        #expect(report.findings.count == 2)
        #expect(try report.key().name == "SENDGRID_API_KEY")
        #expect(report.dotenvFile(".env")?.standing == .tracked)
    }

    @Test("What a force push took away from the remote was pushed all the same")
    func forcePushed() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add")
        try repository.git("update-ref", "--create-reflog", "-m", "update by push", "refs/remotes/origin/main", "HEAD")
        try repository.git("checkout", "--quiet", "--orphan", "new")
        try repository.git("rm", "-rfq", ".")
        try repository.write("readme", "new").commit("start again")
        try repository.git("update-ref", "-m", "update by push", "refs/remotes/origin/main", "HEAD")
        try repository.git("branch", "-D", "main")
        let key = try await repository.scan().key()
        #expect(key.history.isPushed)
        #expect(key.reach == [.reflog])
    }
}
