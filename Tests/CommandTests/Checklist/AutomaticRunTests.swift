// The guide's whole checklist, by a program with answers for everything.

import Foundation
import TestServers
import Testing

@Suite struct AutomaticRunTests {
    @Test(arguments: StoreKind.allCases)
    func `one command goes through the whole checklist, and verify agrees`(kind: StoreKind) async throws {
        let place = try await ChecklistWorkplace.make(kind)
        let before = try await place.migrate("verify")
        #expect(before.status == 1, "\(before.errorText)")
        // moto has no LookupEvents, and so nobody can watch.
        if kind == .moto {
            try expectDone(
                await place.migrate("waive", "access-watch", "--reason", "no CloudTrail here", "--until", "30d"))
        }

        let first = try await place.apply("--all")
        // A commit is a person's to make.
        #expect(first.status == 1, "\(first.text)\(first.errorText)")
        #expect(first.text.contains("git commit -m"))
        #expect(place.traces(in: first).isEmpty)
        try await place.git("commit", "--quiet", "--message", "Stop tracking .env files")
        let outcome = try await place.apply("--all", "--wait", "1m")
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(!outcome.isCrash)
        #expect(place.traces(in: outcome).isEmpty)

        let after = try await place.migrate("verify")
        #expect(after.status == 0, "\(after.text)\(after.errorText)")
        let standings = try await place.standings()
        #expect(standings.count == 18)
        #expect(standings.allSatisfy { $0.value == (kind == .moto && $0.key == "access-watch" ? "waived" : "done") })

        // The world, asked by others than the tool.
        #expect(place.sendGrid.key(place.leaked.sendGridID) == nil)
        let key = try #require(try await place.place.value("SENDGRID_API_KEY"))
        #expect(place.sendGrid.keys.contains { $0.text == key && $0.scopes == ["mail.send"] })
        let jwt = try #require(try await place.place.value("JWT_SECRET_KEY"))
        #expect(jwt != place.leaked.jwt && jwt.utf8.count >= 32)
        #expect(try await place.place.value("SQL_SERVER_PASSWORD") == ChecklistWorkplace.newPassword)
        let tracked = try await place.git("ls-files").split(separator: "\n")
        #expect(!tracked.contains("backend/.env") && tracked.contains("backend/.env.example"))
        #expect(place.text("backend/.env").contains(place.leaked.jwt), "the working copy stays")
        #expect(place.text("backend/.env.example").contains("SQL_SERVER_PASSWORD"))
        #expect(place.text("docs/secret-rotation.md").contains("JWT_SECRET_KEY"))

        // Nothing secret is in what is meant to be committed.
        for path in [".migrate/state.json", "backend/.env.example", "docs/secret-rotation.md", ".gitignore"] {
            #expect(place.traces(in: Array(place.text(path).utf8)).isEmpty, "\(path)")
        }
        let events = try place.state().steps.values.flatMap(\.events)
        #expect(events.allSatisfy { $0.by == "Mara Lindqvist <mara@fluxion.example>" })
    }

    @Test func `a second run finds everything done, and does nothing`() async throws {
        let place = try await ChecklistWorkplace.make()
        try expectDone(await place.applyAll())
        let files = place.everything().filter { !$0.key.hasPrefix(".migrate/local/") }
        let writes = place.sendGrid.requests.count { $0.request.method != "GET" }
        let again = try await place.apply("--all")
        #expect(again.status == 0, "\(again.errorText)")
        #expect(place.everything().filter { !$0.key.hasPrefix(".migrate/local/") } == files)
        #expect(place.sendGrid.requests.count { $0.request.method != "GET" } == writes)
    }

    @Test func `in an emergency, the leaked key dies first`() async throws {
        let place = try await ChecklistWorkplace.make()
        let outcome = try await place.apply("--emergency", "--through", "revoke-keys", "--wait", "1m")
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(place.sendGrid.key(place.leaked.sendGridID) == nil)
        #expect(try await place.place.migrate("secret", "get", place.secret).status != 0, "there is no secret yet")
        // It is remembered.
        let status = try await place.migrate("status", "--format", "json")
        #expect(status.text.contains("\"order\" : \"emergency\""))
    }

    @Test func `apply alone does the next step, and says which and why`() async throws {
        let place = try await ChecklistWorkplace.make()
        let first = try await place.apply()
        #expect(first.status == 0, "\(first.errorText)")
        #expect(first.errorText.contains("next is create-secret: "))
        #expect(first.text.contains("of 18 steps are done. Next: migrate apply create-sendgrid-key"))
        let document = try await place.apply("--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(document.output)) as? [String: Any]
        #expect(report?["schema"] as? String == "migrate.outcome/1")
        let steps = try #require(report?["steps"] as? [[String: Any]])
        #expect(steps.count == 1 && steps.first?["outcome"] as? String == "verified", "\(document.errorText)")
    }
}
