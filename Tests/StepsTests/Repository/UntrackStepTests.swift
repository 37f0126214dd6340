// The step that takes dotenv files out of the index, on real repositories, with git as the judge.

import Checklist
import Foundation
import Settings
import Testing

@testable import Steps

@Suite("Step: untrack")
struct UntrackStepTests {
    private func rehearsal(_ bench: Bench, _ journal: MemoryJournal = MemoryJournal()) throws -> Rehearsal {
        Rehearsal(try Bench.kind("untrack", on: bench.workbench()), journal)
    }

    private func sample() throws -> Bench {
        let bench = try Bench()
        try bench.repository.write("backend/.env", "PORT=1\r\nTOKEN=abc").write("backend/.env.example", "PORT=\n")
            .write("a b/größe/.env.local", "X=1\n").write("main.py", "").commit()
        return bench
    }

    @Test("The files leave the index and stay on disk, byte for byte and second for second; templates stay tracked")
    func untracked() async throws {
        let bench = try sample()
        let repository = bench.repository
        let times = ["backend/.env", "a b/größe/.env.local"].map { repository.modified($0) }
        let index = try repository.index()
        let rehearsal = try rehearsal(bench)
        #expect(
            try await rehearsal.observe() == .unsatisfied(reason: "git tracks a b/größe/.env.local and backend/.env"))
        let preview = try await rehearsal.preview()
        #expect(preview.text.contains("removed: backend/.env\n"))
        #expect(!preview.text.contains(".env.example"))
        #expect(preview.byHand == [#"commit it: git commit -m "Stop tracking .env files""#])

        let observation = try await rehearsal.run()
        guard case .waiting(let reason, _, let facts) = observation else {
            Issue.record("not waiting: \(observation)")
            return
        }
        #expect(reason == #"commit it: git commit -m "Stop tracking .env files""#)
        #expect(facts.list("files") == ["a b/größe/.env.local", "backend/.env"])
        #expect(try repository.git("ls-files") == "backend/.env.example\nmain.py")
        #expect(repository.text("backend/.env") == "PORT=1\r\nTOKEN=abc")
        #expect(["backend/.env", "a b/größe/.env.local"].map { repository.modified($0) } == times)
        #expect(try repository.git("diff", "--name-only") == "")

        try repository.commitStaged("Stop tracking")
        let evidence = try #require(try await rehearsal.observe().evidence)
        #expect(evidence.summary == "git tracks no .env file: not in the index, in HEAD")
        #expect(evidence.facts.text("head") == (try repository.git("rev-parse", "HEAD")))

        // Undo puts the entries back, whatever has been committed.
        let undo = try await rehearsal.kind.undoPreview(await rehearsal.journal.record)
        #expect(undo.cannot == ["the commit that took them out stays: `git revert` it"])
        try await rehearsal.undo()
        #expect(try repository.index() == index)
        #expect(try await rehearsal.observe().reason == "git tracks a b/größe/.env.local and backend/.env")
    }

    @Test("Undo before a commit leaves no trace in git")
    func undone() async throws {
        let bench = try sample()
        let index = try bench.repository.index()
        let rehearsal = try rehearsal(bench)
        try await rehearsal.run()
        try await rehearsal.undo()
        #expect(try bench.repository.index() == index)
        #expect(try bench.repository.status() == [])
    }

    @Test("What is staged and not committed is told, kept out of the state, and comes back as it was staged")
    func dirty() async throws {
        let bench = try sample()
        let repository = bench.repository
        try repository.write("backend/.env", "PORT=2\n").git("add", "backend/.env")
        try repository.write("backend/.env", "PORT=3\n").write("new.env", "Y=1\n").git("add", "new.env")
        try repository.write("main.py", "print()\n").git("add", "main.py")
        try repository.remove("a b/größe/.env.local")
        let index = try repository.index()
        let rehearsal = try rehearsal(bench)
        let text = try await rehearsal.preview().text
        #expect(text.contains("what is staged differs from HEAD; the file itself stays as it is"))
        #expect(text.contains("staged, and in no commit of HEAD yet"))
        #expect(text.contains("there is no such file on disk: its values are in git alone"))
        #expect(text.contains("which takes along what else is staged: main.py"))
        try await rehearsal.run()
        #expect(repository.text("backend/.env") == "PORT=3\n")
        let blob = try repository.git("hash-object", "backend/.env.example")
        for line in index {
            let id = String(line.split(separator: " ")[1])
            if id != blob { #expect(await !rehearsal.journal.texts.contains { $0.contains(id) }) }
        }
        try await rehearsal.undo()
        #expect(try repository.index() == index)
    }

    @Test("An undo without the backup takes the entries from the commit that HEAD was")
    func withoutBackup() async throws {
        let bench = try sample()
        let index = try bench.repository.index()
        let rehearsal = try rehearsal(bench)
        try await rehearsal.run()
        try bench.repository.commitStaged()
        try FileManager.default.removeItem(atPath: bench.repository.path + "/.migrate/local/backups")
        try await rehearsal.undo()
        #expect(try bench.repository.index() == index)
    }

    @Test("Other local branches are checked; what is left there on purpose is a warning")
    func branches() async throws {
        let bench = try sample()
        let repository = bench.repository
        try repository.git("branch", "feature/mail")
        let rehearsal = try rehearsal(bench)
        try await rehearsal.run()
        try repository.commitStaged()
        #expect(
            try await rehearsal.observe() == .unsatisfied(reason: "the branch feature/mail still tracks .env files"))
        let preview = try await rehearsal.preview()
        #expect(preview.changes == [])
        #expect(preview.byHand.first?.contains("`git worktree add ../feature-mail feature/mail`") == true)
        #expect(preview.questions.map(\.id) == ["branches"])
        #expect(preview.questions.allSatisfy { !$0.isRequired })

        #expect(try await rehearsal.preview(["branches": .text("wait")]).questions == [])
        #expect(try await rehearsal.preview(["branches": .text("perhaps")]).questions.count == 1)

        let evidence = try #require(try await rehearsal.run(["branches": .text("leave")]).evidence)
        #expect(evidence.warnings == ["left on the branch feature/mail: a b/größe/.env.local and backend/.env"])
        try repository.git("branch", "another", "feature/mail")
        #expect(try await rehearsal.observe().reason == "the branch another still tracks .env files")
        try repository.git("branch", "-D", "another", "feature/mail")
        #expect(try await rehearsal.observe().evidence?.warnings == [])
    }

    @Test("Refused, with nothing changed: a merge in progress, a lock, a file that was staged after the preview")
    func refused() async throws {
        let bench = try sample()
        let repository = bench.repository
        let first = try rehearsal(bench)
        let preview = try await first.preview()
        try repository.write("late.env", "Z=1\n").git("add", "late.env")
        await #expect(throws: StepChanged.self) { try await first.apply(agreedTo: preview) }

        let lock = repository.path + "/.git/index.lock"
        FileManager.default.createFile(atPath: lock, contents: nil)
        let locked = await #expect(throws: StepFailure.self) { try await self.rehearsal(bench).run() }
        #expect(locked?.reason == "another git is at work here: \(lock) exists")
        try FileManager.default.removeItem(atPath: lock)
        #expect(try repository.git("ls-files").contains("late.env"))

        try repository.commit().git("switch", "--quiet", "--create", "other", "HEAD~1")
        try repository.write("backend/.env", "PORT=7\n").commit().git("switch", "--quiet", "main")
        try repository.write("backend/.env", "PORT=8\n").commit()
        _ = try? repository.git("merge", "other")
        let merging = await #expect(throws: StepFailure.self) { try await self.rehearsal(bench).run() }
        #expect(merging?.reason == "a merge is in progress")
    }

    @Test("A repository that cannot be written is told in one line", .enabled(if: getuid() != 0))
    func readOnly() async throws {
        let bench = try sample()
        let folder = bench.repository.path + "/.git"
        let index = try bench.repository.index()
        chmod(folder, 0o555)
        let error = await #expect(throws: StepFailure.self) { try await self.rehearsal(bench).preview() }
        #expect(error?.reason == "\(folder)/ cannot be written: Permission denied")
        chmod(folder, 0o755)
        #expect(try bench.repository.index() == index)
    }

    @Test("Killed at any write and run again, the entries are out and come back")
    func killed() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try sample()
            let index = try bench.repository.index()
            do { try await rehearsal(bench, journal).run() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await rehearsal(bench, journal).run()
            }
            await journal.revive()
            #expect(try bench.repository.git("ls-files") == "backend/.env.example\nmain.py")
            #expect(await journal.record.openIntents == [])
            try await rehearsal(bench, journal).undo()
            #expect(try bench.repository.index() == index)
        }
        #expect(kills == 4)
    }

    @Test("In a linked worktree and in a submodule it is their own index; a bare repository has none")
    func otherPlaces() async throws {
        let bench = try sample()
        let linked = try Bench(
            SampleRepository(beside: bench.repository, named: "linked") {
                ["worktree", "add", "--quiet", "-b", "side", $0]
            })
        guard case .waiting = try await rehearsal(linked).run() else {
            Issue.record("not waiting")
            return
        }
        #expect(try linked.repository.git("ls-files") == "backend/.env.example\nmain.py")
        #expect(try bench.repository.git("ls-files").contains("backend/.env\n"))

        let outer = try Bench()
        try outer.repository.git("submodule", "--quiet", "add", bench.repository.path, "inner")
        #expect(try await rehearsal(outer).observe().evidence != nil)

        let bare = try Bench(SampleRepository("--bare"))
        #expect(try await rehearsal(bare).observe().reason?.contains("bare repository") == true)
        let empty = try Bench()
        #expect(try await rehearsal(empty).observe().evidence?.summary == "git tracks no .env file: not in the index")
    }

    @Test("Files that stay by agreement, and paths that the settings leave out, are no concern")
    func exceptions() async throws {
        let bench = try sample()
        let workbench = bench.workbench { $0.settings.excludedPaths = ["a b"] }
        let kind = try Bench.kind("untrack", ["except": .list(["backend/.env"])], on: workbench)
        #expect(try await kind.observe(StepRecord()).evidence != nil)
    }
}
