// Ranges of commits, dates, and scopes: what counts, and what is told of it.

import Git
import TestRepositories
import Testing

@testable import Scanning

@Suite("Selections")
struct SelectionTests {
    /// `main`: one, two; `side` from one: three.
    private func forked() throws -> TemporaryRepository {
        try TemporaryRepository().write("base.py", Value.line(1)).commit("one").checkOut("-b", "side")
            .write("side.py", Value.line(3)).commit("three").checkOut("main").write("main.py", Value.line(2)).commit(
                "two")
    }

    private func found(_ report: ScanReport) -> Set<UInt64> {
        Set((1...9).filter { report.finding(Value.sendGrid($0)) != nil })
    }

    @Test("A..B is what B has and A lacks")
    func range() async throws {
        let repository = try forked()
        #expect(found(try await repository.scan(from: "main~1", to: "main")) == [2])
        #expect(found(try await repository.scan(from: "side", to: "main")) == [2])
        #expect(found(try await repository.scan(from: "main", to: "side")) == [3])
        #expect(found(try await repository.scan(from: "main", to: "main")) == [])
    }

    @Test("A...B is what B has since both parted, whatever A has done since")
    func symmetric() async throws {
        let repository = try forked()
        try repository.git("merge", "--no-ff", "-m", "merge", "side")
        try repository.checkOut("side").write("late.py", Value.line(4)).commit("four")
        #expect(found(try await repository.scan(from: "main", to: "side", symmetric: true)) == [4])
        #expect(found(try await repository.scan(from: "main~1", to: "side", symmetric: true)) == [3, 4])
    }

    @Test("Only an end is all that it has")
    func endOnly() async throws {
        #expect(found(try await forked().scan(from: nil, to: "main")) == [1, 2])
    }

    @Test("A date selects the commits made since, on any reference")
    func since() async throws {
        let repository = try forked()
        let time = repository.time
        let report = try await repository.scan { $0.selection = .since(time - 60) }
        #expect(found(report) == [2, 3])
        #expect(found(try await repository.scan { $0.selection = .since(time) }) == [2])
    }

    @Test("A date selects what only a reflog, a tag's message or a note has, too")
    func sinceEverywhere() async throws {
        let repository = try TemporaryRepository().commit("old")
        try repository.git("tag", "-a", "-m", "with \(Value.sendGrid(9))", "v0")
        try repository.commit("base")
        let time = repository.time
        try repository.write("app.py", Value.line(1)).commit("add").write("app.py", "x\n").commit("add", "--amend")
        try repository.git("tag", "-a", "-m", "with \(Value.sendGrid(2))", "v1")
        try repository.git("notes", "add", "-m", "with \(Value.sendGrid(3))")
        let report = try await repository.scan { $0.selection = .since(time) }
        #expect(found(report) == [1, 2, 3])
        #expect(report.finding(Value.sendGrid(1))?.reach == [.reflog])
        #expect(report.finding(Value.sendGrid(2))?.history.references == ["refs/tags/v1"])
        #expect(report.notes.contains("Unreachable objects were not looked at."))
    }

    @Test("A commit whose time makes no sense counts as made since")
    func senselessTime() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add")
        let bytes = try repository.git("cat-file", "commit", "HEAD").replacing("\(repository.time) +0000", with: "soon")
        let id = try repository.git(
            "hash-object", "-t", "commit", "-w", "--literally", "--stdin", input: Array((bytes + "\n").utf8))
        try repository.git("update-ref", "refs/heads/odd", id)
        let report = try await repository.scan { $0.selection = .since(repository.time + 1) }
        #expect(try report.key().history.introduced?.id.description == id)
    }

    @Test("A range says what it did not look at")
    func rangeNote() async throws {
        let report = try await forked().scan(from: "main~1", to: "main")
        #expect(report.notes.contains { $0.hasPrefix("Stashes, tag messages, notes and unreachable objects") })
    }

    @Test("A tree that ends in the middle of an entry is a gap, in the range and in HEAD", arguments: [true, false])
    func damagedTree(inRange: Bool) async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).commit("add")
        let end = try repository.id()
        let blob = try repository.id("HEAD:app.py")
        let raw = stride(from: 0, to: 40, by: 2).compactMap { UInt8(blob.dropFirst($0).prefix(2), radix: 16) }
        let entry = Array("100644 a.py\0".utf8) + raw + Array("100644 b.py\0".utf8) + raw.dropLast()
        let tree = try repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", input: entry)
        let commit = try repository.git("cat-file", "commit", "HEAD")
            .replacing(repository.git("rev-parse", "HEAD^{tree}"), with: tree)
            .replacing(repository.git("rev-parse", "HEAD^"), with: end)
        let id = try repository.git(
            "hash-object", "-t", "commit", "-w", "--stdin", input: Array((commit + "\n").utf8))
        try repository.git("update-ref", "HEAD", id)
        let report = try await repository.scan(from: "\(end)~1", to: inRange ? id : end)
        #expect(try report.key().paths == ["app.py"])
        #expect(report.gaps.contains { $0.kind == .unreadableObject && $0.reason.contains("ends in the middle") })
    }

    @Test("What a commit leaves alone does not count, what it rewrites does")
    func newBlobsOnly() async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).write("b.py", Value.line(2)).commit(
            "base"
        )
        .write("a.py", "# note\n" + Value.line(1)).commit("touch")
        #expect(found(try await repository.scan(from: "HEAD~1", to: "HEAD")) == [1])
    }

    @Test("Neither the worktree nor what it holds beside the range counts")
    func noWorktree() async throws {
        let repository = try forked().write("new.py", Value.line(5)).write("main.py", Value.line(6))
        #expect(found(try await repository.scan(from: "main~1", to: "main")) == [2])
    }

    @Test("A message in the range counts, one before it does not")
    func messages() async throws {
        let repository = try TemporaryRepository().commit("with \(Value.sendGrid(1))").commit(
            "with \(Value.sendGrid(2))")
        let report = try await repository.scan(from: "HEAD~1", to: "HEAD")
        #expect(found(report) == [2])
        #expect(try report.key().history.references == ["refs/heads/main"])
    }

    @Test("A later commit that leaves the file alone has not removed the value")
    func notRemoved() async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).commit("add")
            .write("x", "1").commit("other").write("y/z", "1").commit("another")
        let history = try await repository.scan(from: "HEAD~3", to: "HEAD").key().history
        #expect(history.removed == nil)
        #expect(history.isInHead)
        #expect(history.introduced?.subject == "add")
        #expect(history.commitCount == 3)
        #expect(history.references == ["refs/heads/main"])
    }

    @Test("A commit of the range that took the value out removed it", arguments: ["file", "folder", "edit", "link"])
    func removedInRange(how: String) async throws {
        let repository = try TemporaryRepository().commit("base").write("a/b/app.py", Value.line()).commit("add")
            .write("x", "1").commit("other")
        switch how {
        case "file": try repository.remove("a/b/app.py")
        case "folder":
            try repository.git("rm", "-r", "-q", "a")
            try repository.write("a", "a file now\n")
        case "link": try repository.remove("a/b/app.py").link("a/b/app.py", to: "elsewhere")
        default: try repository.write("a/b/app.py", "key = read()\n")
        }
        try repository.commit("remove").write("y", "1").commit("later")
        let history = try await repository.scan(from: "HEAD~4", to: "HEAD").key().history
        #expect(history.removed?.subject == "remove")
        #expect(!history.isInHead)
        #expect(history.commitCount == 2)
    }

    @Test("After the range, HEAD decides whether the value is still there", arguments: ["same", "edited", "removed"])
    func afterRange(what: String) async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).commit("add")
        try repository.git("tag", "end")
        switch what {
        case "same": try repository.write("x", "1")
        case "edited": try repository.write("app.py", "# more\n" + Value.line())
        default: try repository.write("app.py", "key = read()\n")
        }
        try repository.commit("later")
        let key = try await repository.scan(from: "end~1", to: "end").key()
        #expect(key.history.isInHead == (what != "removed"))
        #expect(key.history.removed == nil)
        #expect(key.reach.contains(.head) == (what == "same"))
        #expect(key.history.references == ["refs/heads/main", "refs/tags/end"])
    }

    @Test("References beyond the range that have its commits are named, those that lack them are not")
    func references() async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("branch", "before")
        try repository.write("app.py", Value.line()).commit("add").write("x", "1").commit("end")
        try repository.git("tag", "end")
        try repository.write("x", "2").commit("after")
        try repository.git("tag", "-a", "-m", "release", "v1")
        try repository.git("update-ref", "refs/remotes/origin/main", "main")
        let history = try await repository.scan(from: "before", to: "end").key().history
        #expect(history.references == ["refs/heads/main", "refs/remotes/origin/main", "refs/tags/end", "refs/tags/v1"])
        #expect(history.isPushed)
    }

    @Test("A range that no remote-tracking branch has is not pushed")
    func notPushed() async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("update-ref", "refs/remotes/origin/main", "main")
        let key = try await repository.write("app.py", Value.line()).commit("add").scan(from: "origin/main", to: "HEAD")
            .key()
        #expect(!key.history.isPushed)
        #expect(key.reach.isDisjoint(with: [.remoteBranch, .unreachable]))
    }

    @Test("What only a merge in the range brought in counts, and what it merged from outside does not")
    func merges() async throws {
        let repository = try forked().checkOut("side").write("late.py", Value.line(4)).commit("four").checkOut("main")
        try repository.git("merge", "--no-commit", "--no-ff", "side")
        try repository.write("evil.py", Value.line(5)).commit("merge")
        let whole = try await repository.scan(from: "main~1", to: "main")
        #expect(found(whole) == [3, 4, 5])
        #expect(whole.finding(Value.sendGrid(3))?.history.introduced?.subject == "three")
        #expect(whole.findings.allSatisfy { $0.history.isInHead && $0.history.removed == nil })
        try repository.git("branch", "outside", "side")
        let report = try await repository.scan { $0.selection = .since(repository.time) }
        #expect(found(report) == [5])
        #expect(report.finding(Value.sendGrid(5))?.history.introduced?.subject == "merge")
    }

    @Test("A name that does not exist is an error, not an empty range")
    func noSuchRevision() async throws {
        let repository = try forked()
        await #expect {
            try await repository.scan(from: "nowhere", to: "main")
        } throws: { error in
            if case .noSuchRevision("nowhere", _)? = error as? ScanError { true } else { false }
        }
    }

    @Test("A range that a shallow clone cuts short is a gap, and what is there is scanned")
    func shallow() async throws {
        let origin = try TemporaryRepository().write("a", "1").commit("one").write("a", "2").commit("two")
            .write("app.py", Value.line()).commit("three")
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--depth", "2", "file://\(origin.path)", $0]
        }
        let report = try await clone.scan(from: nil, to: "HEAD")
        #expect(try report.key().history.introduced?.subject == "three")
        #expect(report.gaps(.shallowHistory).count == 1)
        #expect(try await clone.scan(from: "HEAD~1", to: "HEAD").isComplete)
    }

    @Test("A dotenv file that a range changed is told with its standing in HEAD")
    func dotenv() async throws {
        let repository = try TemporaryRepository().write("b/.env", "PORT=1\n").commit("base")
            .write("b/.env", "PORT=1\nSENDGRID_API_KEY=\(Value.sendGrid())\n").commit("add")
        try repository.git("tag", "end")
        try repository.write("b/.env", "PORT=2\n").commit("clean")
        let report = try await repository.scan(from: "end~1", to: "end")
        let file = try #require(report.dotenvFile("b/.env"))
        #expect(file.standing == .tracked)
        #expect(file.history.isInHead)
        #expect(file.versionCount == 1)
        #expect(try !report.key().history.isInHead)
    }

    @Test("The scope `index` is what the next commit will hold, and nothing else")
    func index() async throws {
        let repository = try forked().write("staged.py", Value.line(4)).stage().write("new.py", Value.line(5))
        try repository.git("commit", "--quiet", "--allow-empty", "--only", "-m", "empty \(Value.sendGrid(6))")
        let report = try await repository.scan { $0.scope = .index }
        #expect(found(report) == [1, 2, 4])
        #expect(report.finding(Value.sendGrid(1))?.history.isInHead == true)
        #expect(report.finding(Value.sendGrid(1))?.reach.isSuperset(of: [.index, .head]) == true)
        #expect(report.finding(Value.sendGrid(4))?.history.isInHead == false)
        #expect(report.isComplete)
    }

    @Test("The scope `worktree` is the files on disk, tracked or not")
    func worktree() async throws {
        let repository = try forked().write("new.py", Value.line(5)).write("main.py", Value.line(6))
        #expect(found(try await repository.scan { $0.scope = .worktree }) == [1, 5, 6])
    }

    @Test("The scope `history` is what commits and the database hold")
    func history() async throws {
        let repository = try forked().write("new.py", Value.line(5))
        #expect(found(try await repository.scan { $0.scope = .history }) == [1, 2, 3])
    }

    @Test("A subfolder limits findings and dotenv files to what is below it")
    func subfolder() async throws {
        let repository = try TemporaryRepository().write("a/app.py", Value.line(1)).write("ab/app.py", Value.line(2))
            .write("a/.env", "PORT=1\n").write(".env", "PORT=2\n").commit("with \(Value.sendGrid(3))").write(
                "a/new.py", Value.line(4))
        let report = try await repository.scan("a")
        #expect(found(report) == [1, 4])
        #expect(report.dotenvFiles.map(\.path) == ["a/.env"])
        #expect(report.scope == "the whole repository, limited to a")
        #expect(found(try await repository.scan("a/.")) == [1, 4])
        #expect(found(try await repository.scan("a") { $0.isWholeRepository = true }) == [1, 2, 3, 4])
        let two = try await repository.scan("a") { $0.morePaths = [repository.path + "/ab"] }
        #expect(found(two) == [1, 2, 4])
        await #expect(throws: ScanError.self) { try await repository.scan("a") { $0.morePaths = ["/"] } }
    }
}
