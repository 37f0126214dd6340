// The gate is seen in a hook and in a file of continuous integration, or a person answers for it; the hook is installed.

import Checklist
import Foundation
import Settings
import Testing

@testable import Steps

@Suite struct GateStepTests {
    private static func step(_ bench: Bench, _ journal: MemoryJournal = MemoryJournal()) throws -> Rehearsal {
        Rehearsal(try Bench.kind("gate", ["attest": .text("Which gate?")], on: bench.workbench()), journal)
    }

    private static func script(_ bench: Bench, _ path: String, _ text: String, mode: Int = 0o755) throws {
        try bench.repository.write(path, text)
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: bench.repository.path + "/" + path)
    }

    private static let workflow = "jobs:\n  x:\n    - run: ./bin/migrate ci\n"

    /// The hooks of the repository: names, modes and bytes.
    private static func hooks(_ bench: Bench) throws -> [String: String] {
        let folder = bench.repository.path + "/.git/hooks"
        var found: [String: String] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            found[name] =
                "\(mode) \(FileManager.default.contents(atPath: folder + "/" + name) ?? Data())"
                + String(decoding: FileManager.default.contents(atPath: folder + "/" + name) ?? Data(), as: UTF8.self)
        }
        return found
    }

    // MARK: Seeing it

    @Test func `a hook and a workflow that run migrate are the gate`() async throws {
        let bench = try Bench()
        let step = try Self.step(bench)
        #expect(
            try await step.observe().reason == "neither a hook nor a file of continuous integration runs migrate")
        try Self.script(bench, ".git/hooks/pre-commit", "#!/bin/sh\nexec migrate scan --staged\n")
        #expect(try await step.observe().reason?.contains(".git/hooks/pre-commit runs migrate on this machine") == true)
        try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
        let evidence = try #require(try await step.observe().evidence)
        #expect(evidence.facts.text("hook") == ".git/hooks/pre-commit")
        #expect(evidence.facts.text("pipeline") == ".github/workflows/gate.yml")
    }

    @Test func `hooks are looked for where git's settings say`() async throws {
        let bench = try Bench()
        try Self.script(bench, ".git/hooks/pre-commit", "migrate scan --staged\n")
        try bench.repository.write(".gitlab-ci.yml", "gate: {script: [\"migrate scan\"]}\n")
        try bench.repository.git("config", "core.hooksPath", "tools/hooks")
        #expect(try await Self.step(bench).observe().evidence == nil)
        try Self.script(bench, "tools/hooks/pre-commit", "migrate scan --staged\n")
        #expect(try await Self.step(bench).observe().evidence?.facts.text("hook") == "tools/hooks/pre-commit")
    }

    @Test func `a hook that git passes over is none`() async throws {
        let bench = try Bench()
        try Self.script(bench, ".git/hooks/pre-commit", "#!/bin/sh\nmigrate scan --staged\n", mode: 0o644)
        try bench.repository.write(".gitlab-ci.yml", "gate: {script: [\"migrate scan\"]}\n")
        #expect(
            try await Self.step(bench).observe().reason
                == ".gitlab-ci.yml runs migrate, but no hook on this machine does")
    }

    // MARK: Installing it

    @Test func `where a pipeline checks already, the hook is installed, and nothing is asked`() async throws {
        let bench = try Bench()
        try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
        let before = try Self.hooks(bench)
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.questions.isEmpty && preview.byHand.isEmpty)
        #expect(preview.changes.map(\.subject) == ["install the hook .git/hooks/pre-commit"])
        #expect(preview.text.contains("added: \"$migrate\" hook run pre-commit \"$@\""))
        #expect(try Self.hooks(bench) == before, "a preview changes nothing")
        let evidence = try #require(try await step.run().evidence)
        #expect(evidence.summary == ".git/hooks/pre-commit and .github/workflows/gate.yml run migrate")
        #expect(try await step.preview().changes.isEmpty)

        let undo = try await step.kind.undoPreview(await step.journal.record)
        #expect(undo.text == "remove .git/hooks/pre-commit")
        try await step.undo()
        #expect(try Self.hooks(bench) == before)
        #expect(await step.journal.record.effects.isEmpty)
    }

    @Test func `a hook that is there is kept, and comes back to the byte`() async throws {
        let bench = try Bench()
        try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
        try Self.script(bench, ".git/hooks/pre-commit", "#!/bin/sh\necho theirs\n", mode: 0o740)
        let before = try Self.hooks(bench)
        let step = try Self.step(bench)
        #expect(try await step.preview().text.contains("is kept as .git/hooks/pre-commit.migrate-kept, and runs after"))
        #expect(try await step.run().evidence != nil)
        #expect(try Self.hooks(bench).count == 2)
        #expect(
            try await step.kind.undoPreview(await step.journal.record).text
                == "restore .git/hooks/pre-commit as it was before")
        try await step.undo()
        #expect(try Self.hooks(bench) == before)
    }

    @Test func `without a pipeline the hook is installed all the same, and the rest stays open`() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitlab-ci.yml", "test: {script: [make]}\n")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.questions.map(\.isRequired) == [false])
        #expect(preview.byHand.count == 1 && preview.byHand[0].contains("`migrate ci init gitlab`"))
        let reason = ".git/hooks/pre-commit runs migrate on this machine, but no file of continuous integration does"
        #expect(try await step.run().reason == reason)
        #expect(try await step.preview().questions.map(\.isRequired) == [true])
        let evidence = try #require(try await step.run(["attest": .text("the server's pre-receive hook")]).evidence)
        #expect(evidence.facts.text("hook") == ".git/hooks/pre-commit")
    }

    @Test func `killed at any instant and run again, it has installed the hook once, and taken it back`() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try Bench()
            try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
            try Self.script(bench, ".git/hooks/pre-commit", "#!/bin/sh\necho theirs\n")
            let before = try Self.hooks(bench)
            let step = try Self.step(bench, journal)
            do { try await step.run() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await step.run()
            }
            let record = await journal.record
            #expect(record.openIntents.isEmpty)
            #expect(record.effects.map(\.effect) == ["hook/pre-commit"])
            #expect(try await step.observe().evidence != nil)
            do { try await step.undo() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await step.undo()
            }
            #expect(try Self.hooks(bench) == before)
            #expect(await journal.record.effects.isEmpty)
        }
        #expect(kills == 8, "around two writes there and two back")
    }

    @Test func `what was looked at is what is changed`() async throws {
        let bench = try Bench()
        try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
        let step = try Self.step(bench)
        let preview = try await step.preview()
        try Self.script(bench, ".git/hooks/pre-commit", "#!/bin/sh\necho new\n")
        await #expect(throws: StepChanged.self) { try await step.apply(agreedTo: preview) }
        #expect(try Self.hooks(bench).count == 1)
    }

    @Test func `a hook that was changed since is not taken back`() async throws {
        let bench = try Bench()
        try bench.repository.write(".github/workflows/gate.yml", Self.workflow)
        let step = try Self.step(bench)
        try await step.run()
        let path = bench.repository.path + "/.git/hooks/pre-commit"
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        try Self.script(bench, ".git/hooks/pre-commit", text + "echo more\n")
        let before = try Self.hooks(bench)
        let undo = try await step.kind.undoPreview(await step.journal.record)
        #expect(undo.changes.isEmpty && undo.cannot.count == 1)
        await #expect(throws: StepFailure.self) { try await step.undo() }
        #expect(try Self.hooks(bench) == before)
    }

    // MARK: By hand

    @Test func `where a manager owns the hooks, its lines are for a person to add`() async throws {
        let bench = try Bench()
        try bench.repository.write("lefthook.yml", "pre-push: {}\n")
        let preview = try await Self.step(bench).preview()
        #expect(preview.changes.isEmpty)
        #expect(preview.text.contains("Add to lefthook.yml:"))
        #expect(preview.text.contains("      run: migrate hook run pre-commit"))
        #expect(preview.questions.map(\.isRequired) == [true])
    }

    @Test func `where hooks are turned off, a person answers for it`() async throws {
        let bench = try Bench()
        try bench.repository.git("config", "core.hooksPath", "/dev/null")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.changes.isEmpty && preview.questions.map(\.text) == ["Which gate?"])
        #expect(preview.text.contains("turns all hooks off"))
        let evidence = try #require(try await step.run(["attest": .text("the server's pre-receive hook")]).evidence)
        #expect(evidence.summary.contains("the server's pre-receive hook"))
        #expect(try Self.hooks(bench).isEmpty)
    }
}
