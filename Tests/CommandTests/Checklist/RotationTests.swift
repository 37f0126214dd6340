// Regular rotation, when the migration is long done.

import Foundation
import TestServers
import Testing

@Suite struct RotationTests {
    private static let settings =
        ChecklistWorkplace.automaticSettings.trimmingCharacters(in: .newlines) + """

              prove-old-key-dead:
                seconds-apart: 1
              test-key:
                run: [sh, -c, "exit 0"]

            """

    @Test func `it has a state file of its own, and replaces the key, the old one's proven end included`() async throws
    {
        let place = try await ChecklistWorkplace.make(settings: Self.settings)
        try expectDone(await place.applyAll())
        let migrated = place.text(".migrate/state.json")
        let old = try #require(try await place.place.value("SENDGRID_API_KEY"))
        let jwt = try await place.place.value("JWT_SECRET_KEY")
        let rotation = ["--checklist", "rotate-sendgrid"]

        #expect(try await place.migrate(["verify"] + rotation).status == 1)
        let outcome = try await place.migrate(["apply", "--all", "--yes", "--wait", "1m"] + rotation)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        let verified = try await place.migrate(["verify"] + rotation)
        #expect(verified.status == 0, "\(verified.text)\(verified.errorText)")

        let new = try #require(try await place.place.value("SENDGRID_API_KEY"))
        #expect(new != old)
        #expect(try await place.place.value("JWT_SECRET_KEY") == jwt)
        #expect(!place.sendGrid.keys.contains { $0.text == old })
        #expect(place.sendGrid.keys.contains { $0.text == new && $0.scopes == ["mail.send"] })
        #expect(place.text(".migrate/state.json") == migrated)
        let state = place.text(".migrate/state.rotate-sendgrid.json")
        #expect(state.contains("\"prove-old-key-dead\""))
        for key in [old, new] {
            let part = String(key.split(separator: ".")[2])
            #expect(!state.contains(part) && !outcome.text.contains(part) && !outcome.errorText.contains(part))
        }

        // Nothing is due: a second run does nothing.
        let keys = place.sendGrid.keys.map(\.id)
        #expect(try await place.migrate(["apply", "--all", "--yes"] + rotation).status == 0)
        #expect(place.sendGrid.keys.map(\.id) == keys)
        #expect(place.text(".migrate/state.rotate-sendgrid.json") == state)
        // The scan takes nothing in what is meant to be committed for a secret.
        try await place.git("add", "--all")
        try await place.git("commit", "--quiet", "--message", "Rotated")
        let scan = try await place.migrate("scan", "--format", "json")
        #expect(!scan.text.contains(".migrate/state"), "\(scan.text)")
    }
}
