// What cannot be done is told in one clear line, and leaves everything as it was.

import Foundation
import TestServers
import Testing

@Suite struct RefusalTests {
    /// A checklist of one step that a program can do anywhere.
    static let short = """
        id: short
        title: A short one
        about: For tests.
        steps:
          - id: proof
            kind: command
            title: Prove it
            with:
              run: [sh, -c, "exit 0"]
        """

    private func shortPlace() async throws -> ChecklistWorkplace {
        let place = try await ChecklistWorkplace.make(settings: "checklist: .migrate/short.yml\n")
        try place.write(Self.short, to: ".migrate/short.yml")
        return place
    }

    private func expectUnchanged(
        _ place: ChecklistWorkplace, sourceLocation: SourceLocation = #_sourceLocation,
        _ work: () async throws -> Void
    ) async throws {
        let before = place.everything()
        try await work()
        let after = place.everything()
        // A lock and a cache are nobody's business.
        let changed = Set(before.keys).union(after.keys).filter {
            !$0.hasPrefix(".migrate/local/") && before[$0] != after[$0]
        }
        #expect(changed.isEmpty, sourceLocation: sourceLocation)
    }

    // MARK: Words on the command line

    @Test func `a step that is not there is answered with the one that is spelt nearly so`() async throws {
        let place = try await ChecklistWorkplace.make()
        try await expectUnchanged(place) {
            for words in [["apply", "stor-values"], ["undo", "stor-values"], ["apply", "--through", "stor-values"]] {
                expectOneLine(
                    try await place.migrate(words), status: 64, "no step stor-values", "did you mean: store-values")
            }
            expectOneLine(try await place.migrate("apply", "99"), status: 64, "no step 99", "migrate plan")
            expectOneLine(
                try await place.migrate("waive", "gat", "--reason", "x", "--until", "30d"), status: 64,
                "did you mean: gate")
        }
    }

    @Test func `what may be a value is not repeated`() async throws {
        let place = try await ChecklistWorkplace.make()
        let key = place.leaked.sendGrid
        for words in [
            ["apply", key], ["apply", "--answer", key],
            ["apply", "store-values", "--answer", "value/X=\(key)", "--yes"],
            ["undo", key], ["apply", "--attest", "\(key)\nx"],
        ] {
            let outcome = try await place.migrate(words)
            #expect(outcome.status != 0 && !outcome.isCrash, "\(words.first ?? "")")
            #expect(place.traces(in: outcome).isEmpty)
        }
    }

    @Test func `contradicting and empty options are refused before anything is looked at`() async throws {
        let place = try await shortPlace()
        for words in [
            ["apply", "proof", "--all"], ["apply", "--all", "--through", "proof"], ["apply", ""],
            ["apply", "--answer", "=x"], ["apply", "--attest", ""], ["apply", "--as", ""], ["apply", "--wait", "soon"],
            ["apply", "--all", "--attest", "seen"], ["apply", "--through", "proof", "--answer", "attest=seen"],
            ["apply", "--yes", "--dry-run"], ["apply", "--lock-wait", "-1s"], ["apply", "--checklist", ""],
            ["waive", "proof", "--reason", "x"], ["waive", "proof", "--until", "30d"],
            ["waive", "proof", "--reason", "x", "--until", "yesterday"],
            ["waive", "proof", "--withdraw", "--reason", "x"], ["waive", "proof", "--reason", " ", "--until", "30d"],
        ] {
            let outcome = try await place.migrate(words)
            #expect(outcome.status == 64, "\(words): \(outcome.errorText)")
            #expect(outcome.output.isEmpty)
        }
        expectOneLine(
            try await place.migrate("waive", "proof", "--reason", "x", "--until", "2020-01-31"), status: 3,
            "2020-01-31")
    }

    // MARK: Answers

    @Test func `a question that nobody answers is an error that names its flag`() async throws {
        let place = try await ChecklistWorkplace.make()
        try expectDone(await place.apply("--through", "create-sendgrid-key"))
        try await expectUnchanged(place) {
            expectOneLast(
                try await place.migrate("apply", "store-values", "--yes"), status: 64,
                "--answer replace/JWT_SECRET_KEY=generate|enter|keep|skip", "--suggested")
            // The suggestion for a password is a new one, which only a person knows.
            expectOneLast(
                try await place.migrate("apply", "store-values", "--yes", "--suggested"), status: 64,
                "--answer-from value/SQL_SERVER_PASSWORD=FILE")
            expectOneLast(
                try await place.migrate(["apply", "store-values"] + place.answers), status: 64,
                "your consent to store-values", "--dry-run", "--yes")
        }
    }

    @Test func `a secret is taken from a file, and never from the command line`() async throws {
        let place = try await ChecklistWorkplace.make()
        try expectDone(await place.apply("--through", "create-sendgrid-key"))
        try await expectUnchanged(place) {
            let outcome = try await place.migrate(
                "apply", "store-values", "--yes", "--suggested", "--answer",
                "value/SQL_SERVER_PASSWORD=on-the-command-line")
            expectOneLast(outcome, status: 64, "asks for a secret", "--answer-from value/SQL_SERVER_PASSWORD=FILE")
            #expect(!outcome.errorText.contains("on-the-command-line"))
            expectOneLast(
                try await place.migrate(
                    "apply", "store-values", "--yes", "--suggested", "--answer", "replace/JWT_SECRET_KEY=genrate"),
                status: 64, "none of generate, enter, keep, skip", "=generate")
            expectOneLine(
                try await place.migrate(
                    "apply", "store-values", "--yes", "--answer-from", "value/SQL_SERVER_PASSWORD=/nowhere"),
                status: 3, "cannot read /nowhere")
        }
    }

    @Test func `an answer to nothing is told of`() async throws {
        let place = try await shortPlace()
        let outcome = try await place.migrate("apply", "--yes", "--answer", "prof=yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("warning: nothing was asked that --answer prof answers"))
    }

    // MARK: The place

    @Test func `no repository, a bare one and settings in a folder are told as that`() async throws {
        let bare = try Workplace.local()
        expectOneLine(try await bare.migrate("status"), status: 3, "is in no git repository")
        try await Git.run(["init", "--quiet", "--bare", "--template=", bare.folder + "/x.git"], in: bare.folder)
        var inside = bare
        inside.folderName = "work/x.git"
        expectOneLine(try await inside.migrate("apply"), status: 3, "is bare")

        let place = try await ChecklistWorkplace.make()
        try place.write("store: local\n", to: "backend/.migrate/config.yml")
        var below = place
        below.place.folderName = "work/backend"
        expectOneLine(try await below.migrate("status"), status: 3, "move .migrate to the repository's root")
    }

    @Test func `nobody by name is told how to get one, and looking needs none`() async throws {
        let place = try await shortPlace()
        try await place.git("config", "--unset", "user.email")
        let nobody: [String: String?] = ["EMAIL": nil, "XDG_CONFIG_HOME": place.place.home]
        expectOneLine(
            try await place.migrate("apply", "--yes", changes: nobody), status: 3, "git config user.email", "--as")
        #expect(try await place.migrate("status", changes: nobody).status == 0)
        let done = try await place.migrate("apply", "--yes", "--as", "Ada <ada@example.com>", changes: nobody)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try place.state().steps["proof"]?.events.last?.by == "Ada <ada@example.com>")
    }

    @Test(arguments: [
        ("chekclist: short\n", "unknown key", "checklist"),
        ("checklist: aws-secrets-manger\n", "no checklist", "aws-secrets-manager"),
        ("steps:\n  stor-values:\n    keys: [A]\n", "no step", "store-values"),
        ("steps:\n  store-values:\n    key: [A]\n", "no parameter", "keys"),
        ("steps:\n  delete-old-keys:\n    seconds-apart: soon\n", "seconds-apart", "whole number"),
    ])
    func `a typing mistake in the settings is told with its line, and with what was meant`(
        settings: String, what: String, meant: String
    ) async throws {
        let place = try await ChecklistWorkplace.make(settings: settings)
        try await expectUnchanged(place) {
            for words in [["status"], ["apply", "--yes"], ["plan"]] {
                expectOneLine(try await place.migrate(words), status: 3, ".migrate/config.yml:", what, meant)
            }
        }
    }

    @Test func `a checklist with an unknown kind of step is told with its line`() async throws {
        let place = try await shortPlace()
        try place.write(
            Self.short.replacingOccurrences(of: "kind: command", with: "kind: comand"), to: ".migrate/short.yml")
        expectOneLine(try await place.migrate("status"), status: 3, "short.yml:6", "command")
        expectOneLine(
            try await place.migrate("status", "--checklist", "nowhere.yml"), status: 3, "nowhere.yml",
            "no such checklist")
    }

    @Test func `another account than the settings expect is touched by no step`() async throws {
        let place = try await ChecklistWorkplace.make(
            .double, settings: "aws:\n  expected-account: \"999999999999\"\n" + ChecklistWorkplace.automaticSettings)
        let keys = place.sendGrid.keys.map(\.id)
        for step in [
            "create-secret", "create-sendgrid-key", "store-values", "verify-values", "revoke-keys", "delete-old-keys",
        ] {
            let outcome = try await place.apply(step)
            #expect(outcome.status != 0 && !outcome.isCrash, "\(step): \(outcome.errorText)")
        }
        let refused = try await place.apply("create-sendgrid-key")
        #expect(
            refused.errorText.contains("account 123456789012") && refused.errorText.contains("expects 999999999999"),
            "\(refused.errorText)")
        #expect(place.sendGrid.keys.map(\.id) == keys)
        #expect(try await place.standings()["create-sendgrid-key"] == "unknown")
    }

    // MARK: The state file

    @Test func `what a state file remembers is no finding, and verify tells whether it is committed`() async throws {
        let place = try await shortPlace()
        let long = String(repeating: "true; ", count: 40)
        try place.write(
            Self.short.replacingOccurrences(of: "exit 0", with: long) + """

                  - id: word
                    kind: gate
                    title: Somebody's word
                    with:
                      attest: Who says so?
                """, to: ".migrate/short.yml")
        func report() async throws -> [String: Any] {
            let outcome = try await place.migrate("verify", "--format", "json")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        }
        #expect(try await report()["stateCommitted"] == nil)
        let before = try await place.migrate("scan", "--format", "json")
        try expectDone(await place.migrate("apply", "--all", "--yes", "--answer", "word:attest=I do"))
        #expect(try await report()["stateCommitted"] as? Bool == false)
        #expect(try await place.migrate("status").text.contains("is not in the last commit"))
        try await place.git("add", ".migrate/state.json")
        #expect(try await report()["stateCommitted"] as? Bool == false)
        try await place.git("commit", "--quiet", "--message", "State")
        #expect(try await report()["stateCommitted"] as? Bool == true)
        #expect(try await report()["attested"] as? [String] == ["word"])
        let status = try await place.migrate("status").text
        #expect(status.contains("1 step rests on somebody's word: word.") && !status.contains("in the last commit"))
        let after = try await place.migrate("scan", "--format", "json")
        #expect(!after.text.contains("state.json") && before.status == after.status, "\(after.text)")
    }

    @Test(arguments: [
        ("{\"schema\": \"migrate.state/99\"}", "newer"),
        ("{\"schema\": \"migrate.state/1\",", "damaged"),
        ("", "damaged"),
        ("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n", "merge conflict"),
        (
            #"{"schema":"migrate.state/1","checklist":{"id":"another","digest":"x","order":"default"},"steps":{}}"#,
            "checklist another"
        ),
    ])
    func `a state file that cannot be used is refused, and stays as it is`(content: String, word: String) async throws {
        let place = try await shortPlace()
        try place.write(content, to: ".migrate/state.json")
        try await expectUnchanged(place) {
            for words in [["status"], ["verify"], ["plan"], ["apply", "--yes"], ["undo", "proof", "--yes"]] {
                expectOneLine(try await place.migrate(words), status: 3, "state.json", word)
            }
        }
    }

    @Test func `an edited past shows in verify, and nothing is built on it`() async throws {
        let place = try await shortPlace()
        try expectDone(await place.migrate("apply", "--yes"))
        #expect(try await place.migrate("verify").status == 0)
        let text = place.text(".migrate/state.json")
        try place.write(
            text.replacingOccurrences(of: "Mara Lindqvist", with: "Mallory"), to: ".migrate/state.json")
        let verified = try await place.migrate("verify")
        #expect(verified.status == 1)
        #expect(verified.text.contains("proof"), "\(verified.text)")
        try await expectUnchanged(place) {
            expectOneLine(try await place.migrate("apply", "proof", "--yes"), status: 3, "edited")
        }
    }

    @Test func `a folder that cannot be written to is told as that`() async throws {
        let place = try await shortPlace()
        try place.write("in the way", to: ".migrate/local")
        expectOneLine(try await place.migrate("apply", "--yes"), status: 3, ".migrate/local")
        #expect(try await place.migrate("status").status == 0)
    }

    @Test func `a merge in progress keeps files and index as they are`() async throws {
        let place = try await ChecklistWorkplace.make()
        try await place.git("checkout", "--quiet", "-b", "other")
        try place.write("1\n", to: "backend/app.py")
        try await place.git("commit", "--quiet", "--all", "--message", "One")
        try await place.git("checkout", "--quiet", "main")
        try place.write("2\n", to: "backend/app.py")
        try await place.git("commit", "--quiet", "--all", "--message", "Two")
        await #expect(throws: Git.Failure.self) { try await place.git("merge", "other") }
        let before = place.everything()
        let outcome = try await place.apply("gitignore")
        expectOneLast(outcome, status: 3, "a merge is in progress", "git merge --abort")
        for path in [".gitignore", ".git/index", "backend/app.py"] {
            #expect(place.everything()[path] == before[path], "\(path)")
        }
    }

    /// The last lines are one of what is wrong and at most one of what to do, after what was shown before.
    private func expectOneLast(
        _ outcome: Outcome, status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == status, "\(outcome.errorText)", sourceLocation: sourceLocation)
        #expect(!outcome.isCrash && outcome.output.isEmpty, sourceLocation: sourceLocation)
        let last = outcome.errorLines.suffix(2).joined(separator: "\n")
        #expect(last.contains("migrate: "), "\(outcome.errorText)", sourceLocation: sourceLocation)
        for word in words { #expect(last.contains(word), "\(outcome.errorText)", sourceLocation: sourceLocation) }
    }
}
