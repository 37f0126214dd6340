// What git still keeps is revoked, or somebody answers for it.

import Checklist
import Detection
import Foundation
import Scanning
import Settings
import TestServers
import Testing

@testable import Steps

@Suite struct HistoryStepTests {
    private static func step(_ workbench: Workbench, _ journal: MemoryJournal = MemoryJournal()) throws -> Rehearsal {
        Rehearsal(try Bench.kind("history", on: workbench), journal)
    }

    private static func ids(_ bench: Bench) async throws -> [String] {
        LeakedCredential.all(in: try await Bench.findings(in: bench.repository.path).report).map(\.id)
    }

    @Test func `a history without values is clean, and it is said how much was searched`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.txt", "a").commit()
        let evidence = try #require(try await Self.step(bench.workbench()).observe().evidence)
        #expect(evidence.summary == "3 objects searched, no value found")
        #expect(evidence.facts.text("head") == (try bench.repository.git("rev-parse", "HEAD")))
        #expect(evidence.facts.number("commits") == 1)
    }

    @Test func `a key counts until SendGrid refuses it`() async throws {
        let scene = try await SendGridScene(leaks: 2)
        let workbench = scene.workbench(admin: nil)
        let step = try Self.step(workbench)
        #expect(try await step.observe().reason?.hasPrefix("2 of 2 values in git are open") == true)
        for key in scene.leaked { scene.account.remove(key.id) }
        let evidence = try #require(try await step.observe().evidence)
        #expect(evidence.facts.number("revoked") == 2)
        // Of dead values the fingerprints may be told.
        #expect(evidence.facts.list("revoked-fingerprints")?.count == 2)
        await scene.stop()
    }

    @Test(arguments: ["history", "sendgrid-revoke"])
    func `what the settings leave out is told where nothing is left`(kind: String) async throws {
        let bench = try Bench()
        try bench.repository.write("old/.env", "GITHUB_TOKEN=\(Fake.gitHub("ghp" + "_", seed: 7))\n").commit()
        let path = bench.repository.path
        let workbench = bench.workbench {
            $0.settings.excludedPaths = ["old"]
            $0.findings = {
                var findings = try await Bench.findings(in: path)
                findings.report.exclude(["old"])
                return findings
            }
        }
        let evidence = try #require(try await Rehearsal(Bench.kind(kind, on: workbench)).observe().evidence)
        #expect(evidence.warnings.count == 1)
        #expect(evidence.warnings.first?.contains("not looked at: old, which `scan.exclude`") == true)
        let all = try await Rehearsal(Bench.kind(kind, on: bench.workbench())).observe().evidence
        #expect(all?.warnings ?? [] == [])
    }

    @Test func `an unreachable SendGrid is no proof`() async throws {
        let scene = try await SendGridScene()
        let workbench = scene.workbench(admin: nil)
        await scene.account.stop()
        let reason = try #require(try await Self.step(workbench).observe().reason)
        #expect(reason.contains("whether it is revoked is not known"))
        await scene.stop()
    }

    @Test func `whoever answers for a value is written down, without anything derived from it`() async throws {
        let scene = try await SendGridScene()
        let step = try Self.step(scene.workbench(admin: nil))
        let id = try #require(try await Self.ids(scene.bench).first)
        let preview = try await step.preview()
        #expect(preview.questions.map(\.id) == ["accept/" + id])
        #expect(preview.text.contains("Revoking is what counts"))
        let evidence = try #require(try await step.run(["accept/" + id: .text("a test account")]).evidence)
        #expect(evidence.facts.number("accepted") == 1)
        #expect(evidence.facts["revoked-fingerprints"] == nil)
        let finding = try #require(
            try await Bench.findings(in: scene.bench.repository.path).report.findings.first {
                $0.provider == "SendGrid"
            })
        let texts = await step.journal.texts
        #expect(texts.contains("a test account"))
        #expect(!texts.contains { $0.contains(finding.fingerprint.description) })
        #expect(scene.leaks(into: texts + [preview.text]) == [])
        await scene.stop()
    }

    @Test func `what another step has settled needs no second word`() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "GITHUB_TOKEN=\(Fake.gitHub("ghp" + "_", seed: 9))\n").commit()
        let other = Rehearsal(try Bench.kind("other-credentials", on: bench.workbench()))
        let step = try Self.step(
            bench.workbench {
                $0.records = { kind in kind == "other-credentials" ? [await other.journal.record] : [] }
            })
        #expect(try await step.observe().evidence == nil)
        let id = try #require(try await Self.ids(bench).first)
        try await other.run(["done/" + id: .text("replaced-and-revoked")])
        let facts = try #require(try await step.observe().evidence?.facts)
        #expect(facts.number("revoked") == 1)
        // Somebody's word may be wrong: of what may be live nothing is derived.
        #expect(facts["revoked-fingerprints"] == nil)
        // Taken back there, it is open here.
        try await other.undo()
        #expect(try await step.observe().evidence == nil)
    }

    @Test func `values in stashes, messages and objects that nothing names count as well`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.txt", "a").commit("token \(Fake.gitHub("ghp" + "_", seed: 1))")
        try bench.repository.write("a.txt", "key \(Fake.gitHub("ghp" + "_", seed: 2))\n")
        try bench.repository.git("stash")
        try bench.repository.write("loose", "key \(Fake.gitHub("ghp" + "_", seed: 3))\n")
        try bench.repository.git("hash-object", "-w", "loose")
        try bench.repository.remove("loose")
        let reason = try #require(try await Self.step(bench.workbench()).observe().reason)
        #expect(reason.hasPrefix("3 of 3 values in git are open"))
    }

    @Test func `what only a file holds that git does not have is no matter of the history`() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env\n").commit()
        try bench.repository.write(".env", "GITHUB_TOKEN=\(Fake.gitHub("ghp" + "_", seed: 4))\n")
        #expect(try await Self.step(bench.workbench()).observe().evidence != nil)
    }

    @Test func `a history that is not there whole is never called clean`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.txt", "a").commit().write("a.txt", "b").commit()
        let clone = try SampleRepository(beside: bench.repository, named: "shallow") { path in
            ["clone", "--quiet", "--depth=1", "file://" + bench.repository.path, path]
        }
        let path = clone.path
        let workbench = bench.workbench { workbench in
            workbench.root = path
            workbench.findings = { try await Bench.findings(in: path) }
        }
        guard case .unknowable(let reason, _) = try await Self.step(workbench).observe() else {
            Issue.record("it should not be known")
            return
        }
        #expect(reason.contains("not known whole"))
    }

    @Test func `killed at any instant, it ends the same`() async throws {
        let bench = try Bench()
        for seed in [1, 2] {
            try bench.repository.write("\(seed).env", "T=\(Fake.gitHub("ghp" + "_", seed: UInt64(seed)))\n").commit()
        }
        let ids = try await Self.ids(bench)
        let answers = Dictionary(uniqueKeysWithValues: ids.map { ("accept/" + $0, Answer.text("a test")) })
        let kills = try await Rehearsal.withEveryKill { journal in
            let step = try Self.step(bench.workbench(), journal)
            _ = try? await step.run(answers)
            await journal.revive()
            #expect(try await step.run(answers).evidence?.facts.number("accepted") == 2)
            let record = await journal.record
            #expect(record.openIntents.isEmpty)
            #expect(record.effects.map(\.effect).sorted() == ids.map { "accept/" + $0 }.sorted())
        }
        #expect(kills >= 4)
    }
}
