// Dry runs, several runs at once, runs that are called off, and runs at a terminal.

import Foundation
import TestServers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct RunTogetherTests {
    /// A step whose command says that it has begun, and ends when it may.
    private func slowPlace() async throws -> ChecklistWorkplace {
        let place = try await ChecklistWorkplace.make(settings: "checklist: .migrate/short.yml\n")
        try place.write(
            RefusalTests.short.replacingOccurrences(
                of: "exit 0", with: "touch ../begun; while ! test -e ../may-end; do sleep 0.05; done"),
            to: ".migrate/short.yml")
        return place
    }

    private func begin(_ place: ChecklistWorkplace) async throws -> Running {
        let running = try place.place.start(["apply", "--yes"])
        while !FileManager.default.fileExists(atPath: place.place.root + "/begun") {
            try await Task.sleep(for: .milliseconds(20))
        }
        return running
    }

    private func allowEnd(_ place: ChecklistWorkplace) throws {
        try Scratch.write("", to: place.place.root + "/may-end")
    }

    @Test func `a dry run and a look change nothing at all`() async throws {
        let place = try await ChecklistWorkplace.make()
        let before = place.everything()
        for words in [
            ["apply", "--dry-run"], ["apply", "--all", "--dry-run"], ["apply", "untrack", "--dry-run"],
            ["undo", "gitignore", "--dry-run"],
        ] {
            let outcome = try await place.migrate(words)
            #expect(!outcome.isCrash && place.traces(in: outcome).isEmpty)
            #expect(place.everything() == before, "\(words)")
        }
        let looks = [
            ["status"], ["verify"], ["plan"], ["plan", "--format", "markdown"], ["plan", "--format", "json"],
        ]
        for words in looks {
            let outcome = try await place.migrate(words)
            #expect(!outcome.isCrash && place.traces(in: outcome).isEmpty)
            #expect(outcome.output.isEmpty == false)
            #expect(place.everything().filter { !$0.key.hasPrefix(".migrate/local/") } == before, "\(words)")
        }
        #expect(place.sendGrid.requests.allSatisfy { $0.request.method == "GET" })
        #expect(place.sendGrid.key(place.leaked.sendGridID) != nil)
    }

    @Test func `a dry run shows every step's masked changes`() async throws {
        let place = try await ChecklistWorkplace.make()
        let outcome = try await place.migrate("apply", "gitignore", "--dry-run")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains(".gitignore") && outcome.text.contains("+ "))
        #expect(outcome.text.contains("Nothing was changed. To do it: migrate apply gitignore"))
    }

    @Test func `a second run waits for the first, or says who is at it`() async throws {
        let place = try await slowPlace()
        let first = try await begin(place)
        expectOneLine(
            try await place.migrate("apply", "--yes", "--lock-wait", "0s"), status: 3, "another run holds the lock",
            "Mara Lindqvist", "process \(first.id)")
        // Looking needs no lock.
        #expect(try await place.migrate("status").status == 0)
        async let second = place.migrate("apply", "--yes", "--lock-wait", "1m")
        try await Task.sleep(for: .milliseconds(300))
        try allowEnd(place)
        #expect(try await first.end().status == 0)
        let outcome = try await second
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try place.state().steps["proof"]?.events.count { $0.event == "verified" } == 1)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a run that is called off says how to go on, and the next one does`(signal: Int32) async throws {
        let place = try await slowPlace()
        let running = try await begin(place)
        kill(running.id, signal)
        let outcome = try await running.end()
        #expect(outcome.status == 128 + signal)
        #expect(outcome.errorText.contains("run the same command again"), "\(outcome.errorText)")
        try allowEnd(place)
        let again = try await place.migrate("apply", "--yes")
        #expect(again.status == 0, "\(again.errorText)")
        #expect(try await place.migrate("verify").status == 0)
    }

    // MARK: At a terminal

    @Test(arguments: [("n", 1), ("", 1), ("y", 0)] as [(String, Int32)])
    func `the change is shown, and only yes is yes`(typed: String, status: Int32) async throws {
        let place = try await ChecklistWorkplace.make()
        let ending = try await place.terminal(
            ["apply", "gitignore"], [.init(after: "Apply this? [y/N] ", type: typed + "\n")])
        #expect(ending.status == status, "\(ending.text)")
        #expect(ending.text.contains("[6 of 18] Update .gitignore"))
        #expect(ending.text.contains("+ .env"))
        #expect(place.text(".gitignore").contains(".env") == (status == 0))
        #expect(ending.text.contains("Next: migrate apply") || status == 1)
    }

    @Test func `questions are asked with their choices, and secrets are typed unseen`() async throws {
        let place = try await ChecklistWorkplace.make()
        try expectDone(await place.apply("--through", "create-sendgrid-key"))
        let ending = try await place.terminal(
            ["apply", "store-values"],
            [
                // The suggested one, by its number, by its word.
                .init(after: "Which one? [1] ", type: "9\n"),
                .init(after: "A number from 1 to ", type: "generate\n"),
                .init(after: "Which one?", type: "enter\n"),
                .init(after: "New value of SQL_SERVER_PASSWORD", type: "typed-unseen-1\n", hidden: true),
                .init(after: "Apply this? [y/N] ", type: "y\n"),
            ])
        #expect(ending.status == 0, "\(ending.text)")
        #expect(!ending.text.contains("typed-unseen-1"))
        #expect(try await place.place.value("SQL_SERVER_PASSWORD") == "typed-unseen-1")
        #expect(try await place.place.value("JWT_SECRET_KEY") != place.leaked.jwt)
    }

    @Test func `Ctrl-C at a question and Ctrl-D leave everything as it was`() async throws {
        for (typed, status) in [("\u{3}", Int32(130)), ("\u{4}", 1)] {
            let place = try await ChecklistWorkplace.make()
            let ending = try await place.terminal(
                ["apply", "gitignore"], [.init(after: "Apply this? [y/N] ", type: typed)])
            #expect(ending.status == status, "\(ending.text)")
            #expect(!place.text(".gitignore").contains(".env"))
            #expect(!FileManager.default.fileExists(atPath: place.repository + "/.migrate/state.json"))
        }
    }

    // MARK: Undo and waivers

    @Test func `undo gives files back byte for byte, and the next run does the step again`() async throws {
        let place = try await ChecklistWorkplace.make()
        let before = place.text(".gitignore")
        try expectDone(await place.apply("gitignore"))
        #expect(place.text(".gitignore") != before)
        let undone = try await place.migrate("undo", "gitignore", "--yes")
        #expect(undone.status == 0, "\(undone.errorText)")
        #expect(place.text(".gitignore") == before)
        #expect(undone.text.contains("migrate apply gitignore"))
        let nothing = try await place.migrate("undo", "gitignore", "--yes", "--format", "json")
        #expect(nothing.status == 1 && nothing.text.contains("\"outcome\":\"nothing\""), "\(nothing.text)")
        try expectDone(await place.apply("gitignore"))
        #expect(place.text(".gitignore") != before)
    }

    @Test func `a waived step counts as done until its waiver is withdrawn`() async throws {
        let place = try await ChecklistWorkplace.make(settings: "checklist: .migrate/short.yml\n")
        try place.write(
            RefusalTests.short.replacingOccurrences(of: "exit 0", with: "exit 1"), to: ".migrate/short.yml")
        #expect(try await place.migrate("verify").status == 1)
        let waived = try await place.migrate(
            "waive", "1", "--reason", "nothing to prove", "--owner", "Ada", "--until", "30d")
        #expect(waived.status == 0, "\(waived.errorText)")
        #expect(waived.text.contains("proof is waived until ") && waived.text.contains("Ada answers for it"))
        #expect(try await place.migrate("verify").status == 0)
        #expect(try await place.standings() == ["proof": "waived"])
        try expectDone(await place.migrate("waive", "proof", "--withdraw"))
        #expect(try await place.migrate("verify").status == 1)
        expectOneLine(try await place.migrate("waive", "proof", "--withdraw"), status: 3, "proof is not waived")
    }
}
