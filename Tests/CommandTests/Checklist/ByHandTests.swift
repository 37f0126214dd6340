// The guide's whole checklist at a pseudo-terminal, by a person who types every answer.

import Foundation
import TestServers
import Testing

@Suite struct ByHandTests {
    /// What the person's terminal is like.
    enum Terminal: CaseIterable {
        case usual, narrowWithoutUnicode

        var changes: [String: String?] {
            switch self {
            case .usual: ["COLUMNS": "80"]
            case .narrowWithoutUnicode: ["COLUMNS": "60", "LANG": "C", "LC_ALL": "C"]
            }
        }
        var columns: Int { self == .usual ? 80 : 60 }
        var done: String { self == .usual ? "✓" : "[x]" }
        var waiting: String { self == .usual ? "◐" : "[~]" }
    }

    /// One run of `migrate apply`: what is typed, and what must be seen.
    private struct Sitting {
        var step: String
        /// Number and title.
        var heading: String
        var turns: [TerminalSession.Turn]
        var sees: [String] = []
        var status: Int32 = 0
    }

    private static let yes = TerminalSession.Turn(after: "Apply this? [y/N] ", type: "y\n")

    private static func typed(_ text: String, at question: String) -> TerminalSession.Turn {
        .init(after: question, type: text + "\n")
    }

    private static func unseen(_ text: String, at question: String) -> TerminalSession.Turn {
        .init(after: question, type: text + "\n", hidden: true)
    }

    private static let adminQuestion = "a SendGrid key that may manage keys (it is used now, and kept nowhere)"
    private static let seen = "Mara saw it work"

    /// Up to where a person has to commit.
    private func first(_ place: ChecklistWorkplace, _ terminal: Terminal) -> [Sitting] {
        [
            Sitting(
                step: "create-secret", heading: "[1 of 18] Create AWS secret", turns: [Self.yes],
                sees: ["create secret \(place.secret)", "2 of 18 steps are done. Next: migrate apply"]),
            Sitting(
                step: "create-sendgrid-key", heading: "[2 of 18] Create new SendGrid API key",
                turns: [
                    Self.unseen(place.sendGrid.adminKey.text, at: Self.adminQuestion),
                    Self.unseen("", at: "the new key that was made by hand"), Self.yes,
                ],
                sees: ["+ scopes: mail.send", "+ SENDGRID_API_KEY: the new key"]),
            Sitting(
                step: "store-values", heading: "[3 of 18] Store all secrets in AWS",
                turns: [
                    Self.typed("1", at: "Which one? [1] "), Self.typed("2", at: "Which one? [2] "),
                    Self.unseen(ChecklistWorkplace.newPassword, at: "New value of SQL_SERVER_PASSWORD"), Self.yes,
                ],
                sees: [
                    "JWT_SECRET_KEY (backend/.env:3) is in git. What is the secret to hold?",
                    "1  generate  a new random value (suggested)", "+ SQL_SERVER_PASSWORD  ********  as typed",
                    "+ JWT_SECRET_KEY       a new random value",
                ]),
            Sitting(
                step: "env-example", heading: "[5 of 18] Update .env.example with placeholders", turns: [Self.yes],
                sees: [
                    "\(terminal.done) Verify secrets: ", "    + JWT_SECRET_KEY=changeme",
                    "    + SQL_SERVER_PASSWORD=changeme",
                ]),
            Sitting(
                step: "gitignore", heading: "[6 of 18] Update .gitignore", turns: [Self.yes],
                sees: ["      __pycache__/", "    + .env.*", "    + !.env.example"]),
            Sitting(
                step: "untrack", heading: "[7 of 18] Remove .env files from git", turns: [Self.yes],
                sees: ["    - backend/.env", "git commit -m \"Stop tracking .env files\""], status: 1),
        ]
    }

    /// From the commit to the end.
    private func second(_ place: ChecklistWorkplace, _ terminal: Terminal) -> [Sitting] {
        func word(_ step: String, _ heading: String, _ question: String) -> Sitting {
            Sitting(
                step: step, heading: heading, turns: [Self.typed(Self.seen, at: question), Self.yes],
                sees: ["write down what Mara Lindqvist <mara@fluxion.example>", "    + \(Self.seen)"])
        }
        let leaked = place.leaked.sendGridID
        return [
            word("local-development", "[8 of 18] Test local development", "How did you see that local development "),
            word("production-config", "[9 of 18] Configure production", "Where is AWS_SECRET_NAME=\(place.secret) set"),
            word("production-test", "[10 of 18] Test production deployment", "How did you see that the production "),
            word("restart-consumers", "[11 of 18] Restart all consumers", "Which services have been restarted "),
            Sitting(
                step: "revoke-keys", heading: "[12 of 18] Revoke exposed API keys",
                turns: [
                    Self.unseen(place.sendGrid.adminKey.text, at: Self.adminQuestion),
                    Self.typed("1", at: "Which one? [1] "), Self.yes,
                ],
                sees: [
                    "delete the SendGrid key \(leaked)", "    - name: Fluxion Production", "    - scopes: mail.send",
                    "This cannot be taken back:", "(HTTP 401)",
                ]),
            Sitting(
                step: "delete-old-keys", heading: "[13 of 18] Delete old API keys from SendGrid", turns: [],
                sees: ["refused twice"]),
            Sitting(
                step: "other-credentials", heading: "[14 of 18] Revoke leaked credentials",
                turns: [
                    Self.typed("1", at: "Which one? [2] "), Self.typed("replaced-and-revoked", at: "Which one? [2] "),
                    Self.yes,
                ],
                sees: ["What about Secret value JWT_SECRET_KEY ********", "write down 2 settled credentials"]),
            Sitting(
                step: "rotation-schedule", heading: "[15 of 18] Document secret rotation schedule",
                turns: [Self.typed("Mara", at: "Who rotates the values of \(place.secret)?"), Self.yes],
                sees: [
                    "\(terminal.done) Check history for values that still work", "create docs/secret-rotation.md",
                    "+ migrate:rotate-by: ",
                ]),
            word("gate", "[17 of 18] Install the gate", "Which hook or check refuses a commit"),
        ]
    }

    @Test(arguments: Terminal.allCases)
    func `a person at a terminal goes through the whole checklist, one confirmed step at a time`(
        terminal: Terminal
    ) async throws {
        var place = try await ChecklistWorkplace.make(
            settings: "steps:\n  delete-old-keys:\n    seconds-apart: 1\n")
        place.place.changes["SENDGRID_ADMIN_KEY"] = .some(nil)
        place.place.changes.merge(terminal.changes) { $1 }

        let before = try await place.terminal(["verify"], [])
        #expect(before.status == 1)
        try check(before.text, place, terminal)
        for sitting in first(place, terminal) { try await sit(sitting, place, terminal) }
        #expect(try await place.git("ls-files", "backend/.env").isEmpty)
        try await place.git("commit", "--quiet", "--message", "Stop tracking .env files")
        for sitting in second(place, terminal) { try await sit(sitting, place, terminal) }

        let nothingLeft = try await place.terminal(["apply"], [])
        #expect(nothingLeft.status == 0 && nothingLeft.text.contains("All 18 steps are done."), "\(nothingLeft.text)")
        let after = try await place.terminal(["verify"], [])
        #expect(after.status == 0, "\(after.text)")
        #expect(after.text.contains("aws-secrets-manager: 18 of 18 done"))
        #expect(lines(after.text).count { $0.hasPrefix("  \(terminal.done) ") } == 18, "\(after.text)")
        try check(after.text, place, terminal)
        checkPages(after.text, terminal)

        expectNoTraces(place)
        try await checkWorld(place)
    }

    /// Runs `migrate apply` once.
    private func sit(_ sitting: Sitting, _ place: ChecklistWorkplace, _ terminal: Terminal) async throws {
        // The proof takes a second, for which one stays.
        let words = sitting.turns.isEmpty ? ["apply", "--wait", "1m"] : ["apply"]
        let ending = try await place.terminal(words, sitting.turns)
        #expect(ending.status == sitting.status, "\(sitting.step): \(ending.text)")
        #expect(ending.text.contains("next is \(sitting.step): "), "\(ending.text)")
        for text in [sitting.heading, "steps are done."] + sitting.sees
        where !(text == "steps are done." && sitting.step == "gate") {
            #expect(ending.text.contains(text), "\(sitting.step): \(text) is not in\n\(ending.text)")
        }
        if sitting.step == "gate" {
            #expect(ending.text.contains("All 18 steps are done. To prove it: migrate verify"))
        }
        // The evidence, by the step's title.
        let title = sitting.heading.drop { $0 != "]" }.dropFirst(2)
        let symbol = sitting.status == 0 ? terminal.done : terminal.waiting
        // What waits for a person, and not for a time, says what for.
        let end = sitting.step == "untrack" && sitting.status != 0 ? "untrack waits: commit it" : "\(symbol) \(title)"
        #expect(ending.text.contains("\n\(end)"), "\(ending.text)")
        // Typing showed but where it must not: at the end it does again.
        #expect(ending.echoes == sitting.turns.map { !$0.hidden } + [true], "\(sitting.step)")
        try check(ending.text, place, terminal)
        if sitting.step != "delete-old-keys" { checkPreview(ending.text, terminal) }
    }

    // MARK: What must be so on every screen

    private func lines(_ screen: String) -> [String] {
        screen.replacingOccurrences(of: "\r", with: "").components(separatedBy: "\n")
    }

    private func check(_ screen: String, _ place: ChecklistWorkplace, _ terminal: Terminal) throws {
        #expect(place.traces(in: Array(screen.utf8)).isEmpty, "\(screen)")
        let made = place.sendGrid.keys.map { $0.text.split(separator: ".").last.map(String.init) ?? "" }
        #expect(made.allSatisfy { !screen.contains($0) })
        #expect(!screen.contains("\u{1B}"), "without colour there are no escapes")
        if terminal == .narrowWithoutUnicode { #expect(screen.utf8.allSatisfy { $0 < 0x80 }, "\(screen)") }
    }

    /// Between the last answer, or the step's heading, and the question.
    private func checkPreview(_ screen: String, _ terminal: Terminal) {
        let all = lines(screen)
        guard let end = all.firstIndex(where: { $0.hasPrefix("Apply this?") }) else { return }
        let start = all[..<end].lastIndex { !$0.isEmpty && !$0.hasPrefix(" ") } ?? end
        #expect(end - start > 2, "\(screen)")
        for line in all[start..<end].dropFirst() {
            #expect(line.count <= terminal.columns, "\(line)")
        }
    }

    private func checkPages(_ screen: String, _ terminal: Terminal) {
        for line in lines(screen) { #expect(line.count <= terminal.columns, "\(line)") }
    }

    // MARK: What must be so in the end

    /// In no file but the vault and the person's own working copies; git's objects are compressed, and made by git.
    private func expectNoTraces(_ place: ChecklistWorkplace) {
        var looked = 0
        for path in Scratch.files(below: place.place.root) {
            if path.hasPrefix(place.place.vault) || path.hasPrefix(place.repository + "/.git/objects/") { continue }
            if path == place.repository + "/backend/.env" { continue }
            looked += 1
            #expect(place.traces(in: Scratch.bytes(path)).isEmpty, "\(path)")
        }
        #expect(looked > 10)
    }

    private func checkWorld(_ place: ChecklistWorkplace) async throws {
        #expect(place.sendGrid.key(place.leaked.sendGridID) == nil)
        let key = try #require(try await place.place.value("SENDGRID_API_KEY"))
        #expect(place.sendGrid.keys.map(\.text) == [place.sendGrid.adminKey.text, key], "one new key")
        let jwt = try #require(try await place.place.value("JWT_SECRET_KEY"))
        #expect(jwt != place.leaked.jwt && jwt.utf8.count >= 32)
        #expect(try await place.place.value("SQL_SERVER_PASSWORD") == ChecklistWorkplace.newPassword)
        #expect(place.text("docs/secret-rotation.md").contains("| Mara "))
        let state = try place.state()
        for step in ["local-development", "production-config", "production-test", "restart-consumers", "gate"] {
            let words = state.steps[step]?.events.compactMap(\.summary) ?? []
            #expect(words.contains { $0.contains("attested by Mara Lindqvist") && $0.hasSuffix(Self.seen) }, "\(step)")
        }
        #expect(state.steps.values.flatMap(\.events).allSatisfy { $0.by == "Mara Lindqvist <mara@fluxion.example>" })
    }
}
