// `migrate sendgrid keys`, as it is run.

import Foundation
import TestServers
import Testing

@Suite("migrate sendgrid keys")
struct SendGridKeysTests {
    private static func withPlace(_ body: (Workplace, SendGridDouble, SendGridAccountKey) async throws -> Void)
        async throws
    {
        var place = try Workplace.local()
        let account = try await SendGridDouble.start()
        let leaked = account.add("old production", scopes: ["mail.send", "alerts.read"])
        place.changes["MIGRATE_SENDGRID_URL"] = account.url
        place.changes["SENDGRID_ADMIN_KEY"] = account.adminKey.text
        for words in [
            ["init", "--quiet"], ["config", "user.name", "Ada"], ["config", "user.email", "ada@example.com"],
        ] {
            _ = try runProgram("git", ["-C", place.folder] + words)
        }
        try place.write("SENDGRID_API_KEY=\(leaked.text)\n", to: ".env")
        _ = try runProgram("git", ["-C", place.folder, "add", ".env"])
        _ = try runProgram(
            "git", ["-C", place.folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Start"])
        try await body(place, account, leaked)
        await account.stop()
    }

    @Test("tells which key the secret holds and which leaked, and shows none")
    func marks() async throws {
        try await Self.withPlace { place, account, leaked in
            let new = account.add("new production")
            try await place.prepare([("SENDGRID_API_KEY", new.text)])
            let shown = try await place.migrate("sendgrid", "keys", "--secret", place.secret)
            try expectDone(shown)
            #expect(shown.text.contains("\(leaked.id)  old production  (LEAKED: revoke it)"))
            #expect(shown.text.contains("\(new.id)  new production  (in the secret as SENDGRID_API_KEY)"))
            let json = try await place.migrate("sendgrid", "keys", "--secret", place.secret, "--format", "json")
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
            #expect(document["schema"] as? String == "migrate.sendgrid-keys/1")
            let keys = try #require(document["keys"] as? [[String: Any]])
            #expect(keys.map { $0["leaked"] as? Bool } == [false, true, false])
            #expect(keys.map { $0["heldAs"] as? String } == [nil, nil, "SENDGRID_API_KEY"])
            for outcome in [shown, json] {
                for key in account.keys {
                    let secret = String(key.text.suffix(43))
                    #expect(!outcome.text.contains(secret) && !outcome.errorText.contains(secret))
                }
            }
        }
    }

    @Test("A key that may not look, a host that is no address, and nobody to ask: one clear line each")
    func trouble() async throws {
        try await Self.withPlace { place, account, leaked in
            try await place.prepare()
            let words = ["sendgrid", "keys", "--secret", place.secret]
            expectOneLine(
                try await place.migrate(words, changes: ["SENDGRID_ADMIN_KEY": leaked.text]), status: 3, "api_keys.read"
            )
            expectOneLine(
                try await place.migrate(words, changes: ["MIGRATE_SENDGRID_URL": "http://sendgrid.example"]), status: 3,
                "MIGRATE_SENDGRID_URL")
            var alone = place
            alone.changes["SENDGRID_ADMIN_KEY"] = .some(nil)
            let outcome = try await alone.withoutTerminal(words)
            expectOneLine(outcome, status: outcome.status, "SENDGRID_ADMIN_KEY")
            #expect(outcome.status != 0)
        }
    }
}
