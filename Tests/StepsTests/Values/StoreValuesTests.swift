// Values from dotenv files and history into the secret: what is taken, what is asked, what is shown.

import Checklist
import Secrets
import Settings
import Stores
import Testing

@testable import Steps

@Suite("Storing the values")
struct StoreValuesTests {
    /// A file that was committed, as in the document.
    static let leaked = """
        # production
        SENDGRID_API_KEY=\(Canary.sendGrid)
        JWT_SECRET_KEY=\(Canary.jwt)
        SQL_SERVER_PASSWORD=\(Canary.password)
        PORT=8080
        SMTP_PASSWORD=
        API_TOKEN=changeme
        AWS_SECRET_NAME=fluxion/production

        """

    static func step(_ bench: Bench, _ parameters: [String: SettingValue] = [:]) throws -> Rehearsal {
        Rehearsal(try Bench.kind("store-values", parameters, on: bench.workbench()))
    }

    static func leakedBench() async throws -> Bench {
        let bench = try Bench()
        try bench.repository.write("backend/.env.production", leaked).commit("Start")
        try await bench.storeSecret("{}")
        return bench
    }

    @Test("Values of files that git does not have are taken over, all in one version")
    func plain() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
        try bench.repository.write(".env", "JWT_SECRET_KEY=\(Canary.jwt)\nDB_PASSWORD='\(Canary.password)'\nPORT=1\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        #expect(try await step.observe().reason?.contains("2 keys are to be stored") == true)
        let preview = try await step.preview()
        #expect(preview.questions.isEmpty)
        #expect(preview.text.contains("JWT_SECRET_KEY  ********  from .env:1"))
        #expect(preview.text.contains("left out, as settings, and no secrets: PORT (.env:3)"))
        let evidence = try #require(try await step.run().evidence)
        #expect(evidence.summary.contains("holds 2 keys"))
        #expect(try await bench.stored() == ["JWT_SECRET_KEY": Canary.jwt, "DB_PASSWORD": Canary.password])
        #expect(try await bench.vault.versions(Bench.secret).count == 2)
        #expect(
            try await bench.vault.describe(Bench.secret).stages.values.flatMap(\.self).sorted() == [
                Stage.current, Stage.previous,
            ])
        expectNoCanary([preview.text, "\(evidence)"] + (await step.journal.texts))
    }

    @Test("A value that is in git is not carried over without a word")
    func questions() async throws {
        let bench = try await Self.leakedBench()
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(
            preview.questions.map(\.id) == [
                "replace/SENDGRID_API_KEY", "replace/JWT_SECRET_KEY", "replace/SQL_SERVER_PASSWORD",
            ])
        // A new SendGrid key comes from its own step; a signing key can be any; a password is set on a server.
        #expect(preview.questions.map(\.suggested) == ["skip", "generate", "enter"])
        #expect(preview.questions.allSatisfy { $0.choices == ["generate", "enter", "keep", "skip"] })
        #expect(preview.questions[1].text.contains("JWT_SECRET_KEY (backend/.env.production:3) is in git"))
        #expect(preview.text.contains("left out, as empty: SMTP_PASSWORD (backend/.env.production:6)"))
        #expect(preview.text.contains("left out, as placeholders: API_TOKEN (backend/.env.production:7)"))
        #expect(!preview.text.contains("AWS_SECRET_NAME"))
        expectNoCanary([preview.text])
        await #expect(throws: StepFailure.self) { try await step.apply(agreedTo: preview) }
        #expect(try await bench.storedText() == "{}")
    }

    @Test("Each answer does what it says, and is remembered by the names of keys alone")
    func answers() async throws {
        let bench = try await Self.leakedBench()
        try bench.repository.write("backend/.env.production", Self.leaked + "SESSION_SECRET=\(Canary.session)\n")
            .commit("More")
        let step = try Self.step(bench)
        var answers: [String: Answer] = [
            "replace/SENDGRID_API_KEY": .text("skip"), "replace/JWT_SECRET_KEY": .text("generate"),
            "replace/SQL_SERVER_PASSWORD": .text("enter"), "replace/SESSION_SECRET": .text("keep"),
        ]
        #expect(try await step.preview(answers).questions.map(\.id) == ["value/SQL_SERVER_PASSWORD"])
        answers["value/SQL_SERVER_PASSWORD"] = .secret(Canary.otherPassword)
        let preview = try await step.preview(answers)
        let evidence = try #require(try await step.run(answers).evidence)
        let stored = try await bench.stored()
        #expect(stored.keys.sorted() == ["JWT_SECRET_KEY", "SESSION_SECRET", "SQL_SERVER_PASSWORD"])
        #expect(stored["SQL_SERVER_PASSWORD"] == Canary.otherPassword)
        #expect(stored["SESSION_SECRET"] == Canary.session)
        let generated = try #require(stored["JWT_SECRET_KEY"])
        #expect(generated != Canary.jwt && generated.count == 64 && generated.allSatisfy(\.isHexDigit))
        #expect(evidence.facts.list("kept-leaked") == ["SESSION_SECRET"])
        #expect(evidence.warnings.count == 1)
        // The next look asks nothing again.
        #expect(try await step.observe().evidence != nil)
        let effect = try #require(await step.journal.record.effects.first)
        #expect(effect.facts.list("skipped") == ["SENDGRID_API_KEY"])
        #expect(effect.facts.list("generated") == ["JWT_SECRET_KEY"])
        #expect(effect.facts.text("version-id") == evidence.facts.text("version-id"))
        let shown = [preview.text, "\(evidence)"] + (await step.journal.texts)
        expectNoCanary(shown)
        #expect(!shown.contains { $0.contains(generated.prefix(12)) })
    }

    @Test("What is only decided, and writes nothing, is remembered as well")
    func decisionsAlone() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\n").commit("Start")
        let first = try await bench.storeSecret(#"{"OTHER_TOKEN":"\#(Canary.token)"}"#)
        let step = try Self.step(bench)
        #expect(try await step.run(["replace/DB_PASSWORD": .text("skip")]).evidence != nil)
        #expect(try await bench.vault.versions(Bench.secret).map(\.versionID) == [first])
        #expect(try await step.preview().questions.isEmpty)
    }

    @Test(
        "A typed value must not be empty, a placeholder or the leaked one",
        arguments: ["", "changeme", Canary.password])
    func badEntry(value: String) async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\n").commit("Start")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let failure = await #expect(throws: StepFailure.self) {
            try await step.preview([
                "replace/DB_PASSWORD": .text("enter"), "value/DB_PASSWORD": .secret(value),
            ])
        }
        #expect(failure?.reason.contains("DB_PASSWORD") == true)
        expectNoCanary(["\(failure as Any)"])
    }

    @Test("What the secret has already stays, unless git has that value too")
    func existing() async throws {
        let bench = try await Self.leakedBench()
        _ = try await bench.vault.put(
            Bench.secret,
            SharedSecret(
                copying: #"{"SENDGRID_API_KEY": "\#(Canary.newSendGrid)", "JWT_SECRET_KEY": "\#(Canary.jwt)"}"#.utf8),
            stages: [], token: "0123456789abcdef0123456789abcdef")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.questions.map(\.id) == ["replace/JWT_SECRET_KEY", "replace/SQL_SERVER_PASSWORD"])
        // It cannot be left out: it is there.
        #expect(preview.questions.first?.choices == ["generate", "enter", "keep"])
        _ = try await step.run([
            "replace/JWT_SECRET_KEY": .text("generate"), "replace/SQL_SERVER_PASSWORD": .text("skip"),
        ])
        let stored = try await bench.stored()
        #expect(stored["SENDGRID_API_KEY"] == Canary.newSendGrid && stored["JWT_SECRET_KEY"] != Canary.jwt)
    }

    @Test("A file that only history has is still a source, and its keys are suggested to be left out")
    func history() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\n").commit("Start")
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.otherPassword)\n").commit("Change")
        try bench.repository.remove(".env").commit("Remove")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.questions.map(\.suggested) == ["skip"])
        #expect(preview.text.contains("DB_PASSWORD (.env:1 in git history) is in git"))
        _ = try await step.run(["replace/DB_PASSWORD": .text("keep")])
        // The newest of its versions counts.
        #expect(try await bench.stored() == ["DB_PASSWORD": Canary.otherPassword])
    }

    @Test("A key that was taken out of a file is offered, without its old value")
    func pastKey() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\nPORT=1\n").commit("Start")
        try bench.repository.write(".env", "PORT=1\n").commit("Take it out")
        try await bench.storeSecret(#"{"OTHER_TOKEN":"\#(Canary.token)"}"#)
        let question = try #require(try await Self.step(bench).preview().questions.first)
        #expect(question.id == "replace/DB_PASSWORD" && question.choices == ["generate", "enter", "skip"])
        #expect(question.suggested == "skip")
    }

    @Test("Production comes first, and files of development are left out")
    func purposes() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env*\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(Canary.password)\n")
            .write(".env.production", "DB_PASSWORD=\(Canary.otherPassword)\n")
            .write(".env.development", "API_TOKEN=\(Canary.token)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        #expect(try await step.preview().text.contains("files of development and tests: .env.development"))
        _ = try await step.run()
        #expect(try await bench.stored() == ["DB_PASSWORD": Canary.otherPassword])
        let named = try Self.step(bench, ["files": .list([".env.development"])])
        _ = try await named.run()
        #expect(try await bench.stored()["API_TOKEN"] == Canary.token)
    }

    @Test("Two files that count alike and disagree are asked about")
    func rivals() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write("a/.env", "DB_PASSWORD=\(Canary.password)\n").write(
                "b/.env", "DB_PASSWORD=\(Canary.otherPassword)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let question = try #require(try await step.preview().questions.first)
        #expect(question.id == "source/DB_PASSWORD" && question.choices == ["a/.env", "b/.env"])
        await #expect(throws: StepFailure.self) { try await step.preview(["source/DB_PASSWORD": .text("c/.env")]) }
        _ = try await step.run(["source/DB_PASSWORD": .text("b/.env")])
        #expect(try await bench.stored() == ["DB_PASSWORD": Canary.otherPassword])
    }

    @Test("Keys can be named, settings included, and left out; some can be generated")
    func selected() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(Canary.password)\nDB_PORT=5432\nAPI_TOKEN=\(Canary.token)\nDB_OLD=x\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(
            bench, ["keys": .list(["DB_*"]), "except": .list(["DB_OLD"]), "generate": .list(["COOKIE_SECRET"])])
        _ = try await step.run()
        let stored = try await bench.stored()
        #expect(stored.keys.sorted() == ["COOKIE_SECRET", "DB_PASSWORD", "DB_PORT"])
        #expect(stored["COOKIE_SECRET"]?.count == 64)
        // Once there, it is not made anew.
        _ = try? await step.run()
        #expect(try await bench.stored() == stored)
    }

    @Test("An entry that programs read in different ways is asked for, and the others are taken")
    func ambiguous() async throws {
        let bench = try Bench()
        let odd = Canary.password + "#" + Canary.otherPassword
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(odd)\nAPI_TOKEN=\(Canary.token)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(preview.questions.map(\.id) == ["replace/DB_PASSWORD"])
        #expect(preview.questions.first?.text.contains(".env:1: DB_PASSWORD is read in different ways by node") == true)
        expectNoCanary([preview.text])
        _ = try await step.run([
            "replace/DB_PASSWORD": .text("enter"), "value/DB_PASSWORD": .secret(Canary.otherPassword),
        ])
        #expect(try await bench.stored() == ["DB_PASSWORD": Canary.otherPassword, "API_TOKEN": Canary.token])
    }

    @Test("A line of a bare private key is never taken for a name")
    func keyMaterial() async throws {
        let bench = try Bench()
        let line = Canary.text(20, 47) + "="
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write(
                ".env",
                "KEY=-----BEGIN PRIVATE KEY-----\n\(line)\n-----END PRIVATE KEY-----\nAPI_TOKEN=\(Canary.token)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        #expect(!preview.text.contains(line.prefix(12)))
        #expect(preview.text.contains("API_TOKEN"))
    }

    @Test("A file that changes between preview and apply is shown again")
    func changedFile() async throws {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(Canary.password)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        let preview = try await step.preview()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.otherPassword)\n#\n")
        await #expect(throws: StepChanged.self) { try await step.apply(agreedTo: preview) }
        #expect(try await bench.storedText() == "{}")
        #expect(await step.journal.record.events.isEmpty)
    }

    @Test("A value that was changed in a tracked file, and is not staged, is not in git yet")
    func rotatedInPlace() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(Canary.otherPassword)\n")
        try await bench.storeSecret("{}")
        let step = try Self.step(bench)
        #expect(try await step.preview().questions.isEmpty)
        _ = try await step.run()
        #expect(try await bench.stored() == ["DB_PASSWORD": Canary.otherPassword])
        try bench.repository.commit("And now it is")
        #expect(try await step.observe().reason?.contains("DB_PASSWORD") == true)
    }

    @Test("A value that stands in the code of a commit as well is in git, wherever else it is kept")
    func alsoInCode() async throws {
        let bench = try Bench()
        try bench.repository.write("settings.py", "STRIPE_SECRET_KEY = '\(Canary.token)'\nx = '\(Canary.sendGrid)'\n")
            .commit("Start").write(".env", "API_TOKEN=\(Canary.token)\nMAIL_KEY=\(Canary.sendGrid)\n")
        try await bench.storeSecret("{}")
        let preview = try await Self.step(bench).preview()
        #expect(Set(preview.questions.map(\.id)).isSuperset(of: ["replace/API_TOKEN", "replace/MAIL_KEY"]))
        expectNoCanary([preview.text])
    }

    @Test("A named file that is nowhere is one clear line")
    func missingFile() async throws {
        let bench = try Bench()
        try bench.repository.write("a", "").commit("Start")
        try await bench.storeSecret("{}")
        for name in ["nowhere/.env", "/etc/passwd", "../.env"] {
            let step = try Self.step(bench, ["files": .list([name])])
            let failure = await #expect(throws: StepFailure.self) { try await step.preview() }
            #expect(failure?.reason.contains(name) == true)
        }
    }

    @Test("Without a secret there is nothing to store into")
    func noSecret() async throws {
        let bench = try Bench()
        try bench.repository.write("a", "").commit("Start")
        let step = try Self.step(bench)
        #expect(try await step.observe().reason?.contains("there is no fluxion/production") == true)
        await #expect(throws: StepFailure.self) { try await step.preview() }
    }
}
