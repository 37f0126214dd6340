// The step that keeps templates, on real repositories with a real scan.

import Checklist
import Foundation
import Scanning
import Settings
import Testing

@testable import Steps

@Suite("Step: dotenv-template")
struct DotenvTemplateStepTests {
    /// Made up, and put together here so that no scanner takes this file for a leak.
    private static let key =
        "SG." + String(repeating: "aB3dE6gH9j", count: 2) + "kL." + String(repeating: "xY7zW2vU5t", count: 4)
        + "S4r"
    private static let password = "Maple" + "Tiger2931!"

    private func rehearsal(
        _ bench: Bench, _ parameters: [String: [String]] = [:], _ journal: MemoryJournal = MemoryJournal()
    ) throws -> Rehearsal {
        Rehearsal(
            try Bench.kind("dotenv-template", parameters.mapValues { .list($0) }, on: bench.workbench()), journal)
    }

    private func sample() throws -> Bench {
        let bench = try Bench()
        try bench.repository.write(
            "backend/.env",
            "# Mail\nSENDGRID_API_KEY=\(Self.key)\nPORT=8080\n\n# Database\nSQL_SERVER_PASSWORD=\(Self.password)\n"
        ).write("backend/.env.development", "PORT=8081\nDEBUG=true\n").write("main.py", "").commit()
        return bench
    }

    @Test("A folder's template gets the keys of all its dotenv files, and none of their values")
    func made() async throws {
        let bench = try sample()
        let rehearsal = try rehearsal(bench)
        #expect(try await rehearsal.observe() == .unsatisfied(reason: "there is no backend/.env.example"))
        let preview = try await rehearsal.preview()
        #expect(preview.changes.map(\.subject) == ["create backend/.env.example"])
        let evidence = try #require(try await rehearsal.run().evidence)
        #expect(
            bench.repository.text("backend/.env.example")
                == "# Mail\nSENDGRID_API_KEY=changeme\nPORT=changeme\nDEBUG=changeme\n\n# Database\n"
                + "SQL_SERVER_PASSWORD=changeme\n")
        #expect(evidence.summary == "backend/.env.example has every key (4), and no real value")
        #expect(evidence.warnings == ["not committed yet: backend/.env.example"])
        for text in await rehearsal.journal.texts + [preview.text] {
            #expect(!text.contains(Self.password) && !text.contains(Self.key.suffix(43)))
        }

        // A scan finds nothing in it.
        let report = try await Bench.findings(in: bench.repository.path).report
        #expect(!report.findings.contains { $0.occurrences.contains { $0.path == "backend/.env.example" } })
        try await rehearsal.undo()
        #expect(bench.repository.bytes("backend/.env.example") == nil)
    }

    @Test("A leaked value in a template, or in its comments, is replaced, and is in no preview, event or reason")
    func leakedValue() async throws {
        let bench = try sample()
        let before = "# was \(Self.password) once\r\nSENDGRID_API_KEY=\(Self.key)\r\nPORT=3000 # keep\r\nMINE=example"
        try bench.repository.write("backend/.env.example", before).commit()
        let rehearsal = try rehearsal(bench)
        #expect(
            try await rehearsal.observe().reason == "backend/.env.example holds a real value in a comment")
        let preview = try await rehearsal.preview()
        try await rehearsal.run()
        #expect(
            bench.repository.text("backend/.env.example")
                == "# was changeme once\r\nSENDGRID_API_KEY=changeme\r\nPORT=3000 # keep\r\nDEBUG=changeme\r\n\r\n"
                + "# Database\r\nSQL_SERVER_PASSWORD=changeme\r\nMINE=example")
        let undo = try await rehearsal.kind.undoPreview(await rehearsal.journal.record)
        #expect(undo.cannot == ["real values come back into a template: do not commit it like that"])
        let digest = FileChange.digest(Array(before.utf8))
        for text in await rehearsal.journal.texts + [preview.text, undo.text, preview.basis] {
            #expect(!text.contains(Self.password) && !text.contains(Self.key.suffix(43)) && !text.contains(digest))
        }
        try await rehearsal.undo()
        #expect(bench.repository.text("backend/.env.example") == before)
    }

    @Test("A dotenv file that is only in history counts, in a fresh clone too; a folder that is gone needs none")
    func history() async throws {
        let bench = try sample()
        try bench.repository.write("gone/.env", "OLD=1\n").commit()
        try bench.repository.git("rm", "--quiet", "backend/.env", "backend/.env.development", "gone/.env")
        try bench.repository.write("backend/main.py", "").commit()
        let rehearsal = try rehearsal(bench)
        try await rehearsal.run()
        #expect(bench.repository.text("backend/.env.example")?.contains("SQL_SERVER_PASSWORD=changeme") == true)
        #expect(bench.repository.text("backend/.env.example")?.contains("DEBUG=changeme") == true)
        #expect(!FileManager.default.fileExists(atPath: bench.repository.path + "/gone"))
        try bench.repository.commit()
        let clone = try Bench(
            SampleRepository(beside: bench.repository, named: "clone") {
                ["clone", "--quiet", bench.repository.path, $0]
            })
        #expect(try await self.rehearsal(clone).observe().evidence?.warnings == [])
    }

    @Test("Keys that only the secret has are in the template; a folder's own template name is kept")
    func secretKeys() async throws {
        let bench = try sample()
        try await bench.storeSecret(#"{"PORT": "1", "STRIPE_KEY": "x", "not a name": "y"}"#)
        try bench.repository.write("backend/.env.sample", "PORT=1\n")
        let rehearsal = try rehearsal(bench)
        try await rehearsal.run()
        #expect(bench.repository.bytes("backend/.env.example") == nil)
        #expect(bench.repository.text("backend/.env.sample")?.hasSuffix("STRIPE_KEY=changeme\n") == true)
        #expect(bench.repository.text("backend/.env.sample")?.contains("not a name") == false)
    }

    @Test("Only the files that are named, if some are; a name that is nowhere is told")
    func named() async throws {
        let bench = try sample()
        let rehearsal = try rehearsal(bench, ["files": ["backend/.env.development"]])
        try await rehearsal.run()
        #expect(bench.repository.text("backend/.env.example") == "PORT=changeme\nDEBUG=changeme\n")
        let wrong = try self.rehearsal(bench, ["files": ["nope.env"]])
        #expect(try await wrong.observe().reason == "there is no file nope.env")
    }

    @Test("Killed at any write and run again, each template is made once; without dotenv files there is nothing to do")
    func killed() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try sample()
            try bench.repository.write("web app/.env", "X=1\n").commit()
            do { try await rehearsal(bench, [:], journal).run() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await rehearsal(bench, [:], journal).run()
            }
            await journal.revive()
            #expect(bench.repository.text("web app/.env.example") == "X=changeme\n")
            #expect(await journal.record.openIntents == [])
            try await rehearsal(bench, [:], journal).undo()
            #expect(try bench.repository.status() == [])
        }
        #expect(kills == 8)
        let empty = try Bench()
        #expect(try await rehearsal(empty).observe().evidence != nil)
    }
}
