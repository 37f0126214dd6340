// The step that mends the ignore rules, on real repositories, with git as the judge.

import Checklist
import Foundation
import Testing

@testable import Steps

@Suite("Step: gitignore")
struct GitignoreStepTests {
    private func rehearsal(_ bench: Bench, _ journal: MemoryJournal = MemoryJournal()) throws -> Rehearsal {
        Rehearsal(try Bench.kind("gitignore", on: bench.workbench()), journal)
    }

    /// What git itself ignores, of these paths.
    private func ignored(_ paths: [String], in repository: SampleRepository) -> [String] {
        paths.filter { (try? repository.git("check-ignore", "--quiet", "--no-index", $0)) != nil }
    }

    private static let real = [
        ".env", ".env.local", "backend/.env", "backend/.env.production", "a b/größe/.env.staging",
    ]
    private static let templates = [".env.example", "backend/.env.example", "backend/.env.sample"]

    @Test("The three names of the guide become rules that hold everywhere, and templates stay committable")
    func guide() async throws {
        let bench = try Bench()
        let before = "node_modules/\n# ENVIRONMENT\n.env\nbackend/.env.development\nbackend/.env.production\n"
        try bench.repository.write(".gitignore", before).write("backend/main.py", "").commit()
        let rehearsal = try rehearsal(bench)
        #expect(try await rehearsal.observe().reason?.contains("would get into git") == true)
        let preview = try await rehearsal.preview()
        #expect(preview.changes.map(\.subject) == ["write .gitignore"])
        #expect(preview.text.contains("added: .env.*"))
        #expect(preview.text.contains("added: !.env.example"))
        #expect(!preview.text.contains("removed:"))

        let evidence = try #require(try await rehearsal.run().evidence)
        #expect(evidence.warnings == ["not committed yet: .gitignore"])
        #expect(bench.repository.text(".gitignore")?.hasPrefix(before) == true)
        #expect(ignored(Self.real, in: bench.repository) == Self.real)
        #expect(ignored(Self.templates, in: bench.repository) == [])
        try bench.repository.commit()
        #expect(try await rehearsal.observe().evidence?.warnings == [])

        try await rehearsal.undo()
        #expect(bench.repository.text(".gitignore") == before)
    }

    @Test("A file is made where there is none, and goes again")
    func absent() async throws {
        let bench = try Bench()
        try bench.repository.write("main.py", "").commit()
        let rehearsal = try rehearsal(bench)
        #expect(try await rehearsal.run().evidence != nil)
        #expect(ignored(Self.real, in: bench.repository) == Self.real)
        try await rehearsal.undo()
        #expect(bench.repository.bytes(".gitignore") == nil)
        #expect(try bench.repository.status() == [])
    }

    @Test("Windows line ends and a missing last one are kept", arguments: ["*.pyc\r\ndist/\r\n", "*.pyc\ndist/"])
    func lineEnds(before: String) async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", before).commit()
        let rehearsal = try rehearsal(bench)
        #expect(try await rehearsal.run().evidence != nil)
        let text = try #require(bench.repository.text(".gitignore"))
        #expect(text.utf8.starts(with: before.utf8))
        let feeds = text.utf8.count { $0 == 0x0A }
        let returns = text.utf8.count { $0 == 0x0D }
        #expect(returns == (before.contains("\r\n") ? feeds : 0))
        #expect(text.hasSuffix("\n") == before.hasSuffix("\n") || text.hasSuffix("\r\n"))
        #expect(ignored(Self.real, in: bench.repository) == Self.real)
        #expect(ignored(Self.templates, in: bench.repository) == [])
    }

    @Test("What lines at the root cannot mend is told, and adding them again is not offered")
    func obstacle() async throws {
        let bench = try Bench()
        try bench.repository.write("backend/.gitignore", "!.env.local\n").write("backend/main.py", "").commit()
        let rehearsal = try rehearsal(bench)
        let preview = try await rehearsal.preview()
        #expect(preview.byHand.contains { $0.hasPrefix("backend/.env.local would still get through") })
        try await rehearsal.run()
        #expect(try await rehearsal.observe().reason == "backend/.env.local would get into git")
        let again = try await rehearsal.preview()
        #expect(again.changes == [])
        #expect(again.byHand.count == 1)
    }

    @Test("What is tracked all the same is a warning: ignored is not untracked")
    func tracked() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "PORT=1\n").commit()
        let rehearsal = try rehearsal(bench)
        let evidence = try #require(try await rehearsal.run().evidence)
        #expect(evidence.warnings.contains { $0.contains("tracked all the same") && $0.hasSuffix(".env") })
    }

    @Test("Half-done work is refused, and so are a link and a bare repository, each in one line")
    func refused() async throws {
        let bench = try Bench()
        let repository = bench.repository
        try repository.write("a", "1\n").commit().git("switch", "--quiet", "--create", "other")
        try repository.write("a", "2\n").commit().git("switch", "--quiet", "main")
        try repository.write("a", "3\n").commit()
        _ = try? repository.git("merge", "other")
        let error = await #expect(throws: StepFailure.self) { try await self.rehearsal(bench).preview() }
        #expect(
            error == StepFailure("a merge is in progress", remedy: "finish it, or `git merge --abort`", kind: .refused))
        try repository.git("merge", "--abort")

        try repository.write("rules", "")
        try FileManager.default.createSymbolicLink(
            atPath: repository.path + "/.gitignore", withDestinationPath: "rules")
        let link = await #expect(throws: StepFailure.self) { try await self.rehearsal(bench).preview() }
        #expect(link?.reason == ".gitignore is a symbolic link, which git does not read")

        let bare = try Bench(try SampleRepository("--bare"))
        #expect(
            try await self.rehearsal(bare).observe().reason == "this is a bare repository: it has no index and no files"
        )
    }

    @Test("Killed at any write and run again, the lines stand there once")
    func killed() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try Bench()
            try bench.repository.write(".gitignore", "dist/\n").commit()
            do { try await rehearsal(bench, journal).run() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await rehearsal(bench, journal).run()
            }
            await journal.revive()
            #expect(bench.repository.text(".gitignore")?.split(separator: "\n").count { $0 == ".env" } == 1)
            #expect(await journal.record.openIntents == [])
            try await rehearsal(bench, journal).undo()
            #expect(bench.repository.text(".gitignore") == "dist/\n")
        }
        #expect(kills == 4)
    }
}
