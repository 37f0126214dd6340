// A checklist where SendGrid is out of reach, and one where nothing has a name yet.

import Foundation
import TestServers
import Testing

@Suite struct WithoutNetworkTests {
    /// A repository in which this many more keys have leaked.
    private func place(keys: Int) async throws -> ChecklistWorkplace {
        let place = try await ChecklistWorkplace.make()
        for number in 0..<keys {
            let key = FakeKey.sendGrid(UInt64.random(in: 1...UInt64.max))
            place.sendGrid.add("old \(number)", scopes: ["mail.send"], text: key)
            try place.write("SENDGRID_API_KEY=\(key)\n", to: "old/.env.\(number)")
        }
        try await place.git("add", "--all", "--force")
        try await place.git("commit", "--quiet", "--message", "More of them")
        return place
    }

    @Test func `status says soon that SendGrid is out of reach, however many keys have leaked`() async throws {
        let place = try await place(keys: 10)
        // A port at which nothing listens any more.
        let gone = try await SendGridDouble.start()
        let url = gone.url
        await gone.stop()
        let begin = ContinuousClock.now
        let outcome = try await place.migrate(["status"], changes: ["MIGRATE_SENDGRID_URL": url])
        let time = ContinuousClock.now - begin
        #expect(outcome.status == 2, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.contains("nothing listens there"))
        #expect(place.traces(in: outcome).isEmpty)
        // Alone it takes half a second; waiting for each key in each step took half a minute.
        #expect(time < .seconds(15), "\(time)")
        #expect(place.sendGrid.requests.isEmpty)
    }

    @Test func `status asks SendGrid about each key once`() async throws {
        let place = try await place(keys: 3)
        #expect(try await place.migrate("status").status == 0)
        let asked = place.sendGrid.requests.filter { $0.line == "GET /v3/scopes" }
            .compactMap { $0.request.header("Authorization") }
        #expect(asked.count == 4)
        #expect(Set(asked).count == 4)
    }

    @Test func `leak-response revokes first, in a repository that has no settings and names no secret`() async throws {
        var place = try await ChecklistWorkplace.make()
        try FileManager.default.removeItem(atPath: place.repository + "/.migrate")
        place.place.changes["AWS_SECRET_NAME"] = .some(nil)
        let outcome = try await place.migrate(
            "apply", "--checklist", "leak-response", "--yes", "--answer", "how/*=delete")
        #expect(!outcome.isCrash)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(place.sendGrid.key(place.leaked.sendGridID) == nil, "\(outcome.text)\(outcome.errorText)")
        #expect(place.traces(in: outcome).isEmpty)
    }

    @Test func `a team without SendGrid is not held up by it`() async throws {
        let place = try await ChecklistWorkplace.make()
        // The same repository, as if it had never known of SendGrid.
        try FileManager.default.removeItem(atPath: place.repository + "/.git")
        try place.write("JWT_SECRET_KEY=\(place.leaked.jwt)\n", to: "backend/.env")
        try place.write("JWT_SECRET_KEY=\n", to: "backend/.env.example")
        try place.write("import os\n", to: "backend/app.py")
        try await place.git("init", "--quiet", "--template=")
        try await place.git("config", "user.name", "Mara Lindqvist")
        try await place.git("config", "user.email", "mara@fluxion.example")
        try await place.git("add", "--all")
        try await place.git("commit", "--quiet", "--message", "Start")
        let standings = try await place.standings()
        for step in ["revoke-keys", "create-sendgrid-key", "delete-old-keys"] {
            #expect(standings[step] == "done", "\(step)")
        }
        let plan = try await place.migrate("plan")
        #expect(plan.status == 0, "\(plan.text)\(plan.errorText)")
        try expectDone(await place.apply("create-secret"))
        try expectDone(await place.apply("store-values"))
        #expect(place.sendGrid.requests.isEmpty)
    }
}
