// What a person says is written down and committed: a credential in it is refused.

import TestServers
import Testing

@Suite struct CredentialAnswerTests {
    @Test func `an attestation that holds a leaked value, or looks like a credential, is refused`() async throws {
        let place = try await ChecklistWorkplace.make(settings: "checklist: .migrate/asking.yml\n")
        try place.write(
            """
            id: asking
            title: A question
            about: For tests.
            steps:
              - id: told
                kind: command
                title: Tell
                with:
                  attest: Who has seen it work?

            """, to: ".migrate/asking.yml")
        let texts = [
            "the password was \(place.leaked.password)", place.leaked.jwt, "rotated \(FakeKey.sendGrid(99)) by hand",
        ]
        for text in texts {
            let outcome = try await place.migrate("apply", "told", "--yes", "--attest", text)
            #expect(outcome.status == 64, "\(outcome.text)\(outcome.errorText)")
            #expect(outcome.errorText.contains("looks like a credential"))
            #expect(!(outcome.text + outcome.errorText).contains(text))
        }
        #expect(!place.text(".migrate/state.json").contains("attestation"))
        #expect(
            try await place.migrate("apply", "told", "--yes", "--attest", "A hook refuses them, see CI.").status == 0)
    }

    @Test func `so is a waiver's reason, and its owner`() async throws {
        let place = try await ChecklistWorkplace.make()
        for (reason, owner) in [(place.leaked.password, "Mara"), ("later", place.leaked.jwt)] {
            let outcome = try await place.migrate(
                "waive", "gate", "--reason", reason, "--owner", owner, "--until", "30d")
            #expect(outcome.status == 64, "\(outcome.text)\(outcome.errorText)")
            #expect(place.traces(in: outcome).isEmpty)
        }
        #expect(!place.text(".migrate/state.json").contains("waived"))
        try expectDone(
            try await place.migrate("waive", "gate", "--reason", "CI is being rebuilt", "--until", "30d"))
    }

    @Test func `a checklist that is not there is answered with the one that is spelt nearly so`() async throws {
        let place = try await ChecklistWorkplace.make()
        for command in ["plan", "apply", "status"] {
            expectOneLine(
                try await place.migrate(command, "--checklist", "leak-respons"), status: 64,
                "no checklist leak-respons.", "did you mean: --checklist leak-response")
            expectOneLine(
                try await place.migrate(command, "--checklist", "xyz"), status: 64, "built in are", "rotate-sendgrid")
        }
    }

    @Test func `a credential that is still open says which flag settles it`() async throws {
        let place = try await ChecklistWorkplace.make()
        try expectDone(
            try await place.migrate("apply", "--checklist", "leak-response", "--yes", "--answer", "how/*=delete"))
        let outcome = try await place.migrate(
            "apply", "other-credentials", "--checklist", "leak-response", "--yes", "--suggested")
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("=replaced-and-revoked"), "\(outcome.text)\(outcome.errorText)")
    }
}
