// The gate is seen in a hook and in a file of continuous integration, or a person answers for it.

import Checklist
import Foundation
import Settings
import Testing

@testable import Steps

@Suite struct GateStepTests {
    private static func step(_ bench: Bench) throws -> Rehearsal {
        Rehearsal(try Bench.kind("gate", ["attest": .text("Which gate?")], on: bench.workbench()))
    }

    @Test func `a hook and a workflow that run migrate are the gate`() async throws {
        let bench = try Bench()
        let step = try Self.step(bench)
        #expect(
            try await step.observe().reason == "neither a hook nor a file of continuous integration runs migrate")
        try bench.repository.write(".git/hooks/pre-commit", "#!/bin/sh\nexec migrate scan --staged\n")
        #expect(try await step.observe().reason?.contains(".git/hooks/pre-commit runs migrate on this machine") == true)
        try bench.repository.write(".github/workflows/gate.yml", "jobs:\n  x:\n    - run: ./bin/migrate scan\n")
        let evidence = try #require(try await step.observe().evidence)
        #expect(evidence.facts.text("hook") == ".git/hooks/pre-commit")
        #expect(evidence.facts.text("pipeline") == ".github/workflows/gate.yml")
    }

    @Test func `hooks are looked for where git's settings say`() async throws {
        let bench = try Bench()
        try bench.repository.write(".git/hooks/pre-commit", "migrate scan --staged\n")
        try bench.repository.write(".gitlab-ci.yml", "gate: {script: [\"migrate scan\"]}\n")
        try bench.repository.git("config", "core.hooksPath", "tools/hooks")
        #expect(try await Self.step(bench).observe().evidence == nil)
        try bench.repository.write("tools/hooks/pre-commit", "migrate scan --staged\n")
        #expect(try await Self.step(bench).observe().evidence?.facts.text("hook") == "tools/hooks/pre-commit")
    }

    @Test(arguments: [
        ("python manage.py migrate\n", false), ("bin/rails db:migrate\n", false), ("# migrate scan\n", false),
        ("migrate up\n", false), ("immigrate scan\n", false), ("migrate scan --staged\n", true),
        ("/usr/local/bin/migrate hook run\n", true), ("exec \"migrate\" 'ci'\n", true),
        ("a && migrate  scan\n", true),
    ])
    func `frameworks have commands of that name too`(text: String, isOurs: Bool) {
        #expect(GateStep.runsUs(text) == isOurs)
    }

    @Test func `otherwise a person answers for it`() async throws {
        let bench = try Bench()
        let step = try Self.step(bench)
        #expect(try await step.preview().questions.map(\.text) == ["Which gate?"])
        let evidence = try #require(try await step.run(["attest": .text("the server's pre-receive hook")]).evidence)
        #expect(evidence.summary.contains("the server's pre-receive hook"))
    }
}
