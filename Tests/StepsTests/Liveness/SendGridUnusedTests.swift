// A team without SendGrid, and a team whose secret has no name yet: neither is held up.

import Checklist
import Secrets
import Settings
import TestServers
import Testing
import World

@testable import Steps

@Suite("SendGrid where there is none", .serialized)
struct SendGridUnusedTests {
    @Test("No new key is wanted where no key leaked, no .env file names one and the secret holds none")
    func unused() async throws {
        for secret in [nil, "{}", #"{"PORT": "8080"}"#] {
            try await withScene(leaks: 0, secret: secret) { scene in
                let step = try scene.rehearsal("sendgrid-create-key")
                let evidence = try #require(try await step.observe().evidence)
                #expect(evidence.summary.hasPrefix("not used here"))
                #expect(scene.account.requests.isEmpty)
            }
        }
    }

    @Test("A template that names the key is enough for it to be wanted")
    func named() async throws {
        try await withScene(leaks: 0) { scene in
            try scene.bench.repository.write("backend/.env.example", "SENDGRID_API_KEY=\n").commit("Add")
            let step = try scene.rehearsal("sendgrid-create-key")
            #expect(try await step.observe().reason == "fluxion/production has no SENDGRID_API_KEY yet")
        }
    }

    @Test("Leaked keys are revoked, and proved dead, where no secret is named at all")
    func nameless() async throws {
        try await withScene(secret: nil) { scene in
            var workbench = scene.workbench(admin: scene.adminKey)
            workbench.store = { throw NoSecretNamed() }
            let id = scene.leaked[0].id
            func rehearsal(_ kind: String) throws -> Rehearsal {
                Rehearsal(
                    try Bench.kind(kind, ["key": .text("SENDGRID_API_KEY")], on: workbench),
                    MemoryJournal(now: { scene.bench.world.now() }))
            }
            let revoke = try rehearsal("sendgrid-revoke")
            #expect(try await revoke.observe().reason == "the leaked SendGrid key \(id) is live")
            #expect(try await revoke.run(["how/\(id)": .text("delete")]).evidence != nil)
            #expect(scene.account.key(id) == nil)
            let proof = try rehearsal("sendgrid-proof")
            #expect(try await proof.preview().questions.isEmpty)
        }
    }

    @Test("A store that cannot be read holds up revoking: it may hold the very key")
    func unreadable() async throws {
        try await withScene { scene in
            var workbench = scene.workbench(admin: scene.adminKey)
            workbench.store = { throw StepFailure("no credentials") }
            let kind = try Bench.kind("sendgrid-revoke", on: workbench)
            await #expect(throws: StepFailure.self) { try await kind.preview(StepRecord(), answers: Answers()) }
            #expect(scene.account.key(scene.leaked[0].id) != nil)
        }
    }
}
