// What is asked at a terminal, and what is typed there.

import Foundation
import TestServers
import Testing

@Suite struct PromptTests {
    @Test func `a value is typed unseen, and typing shows again afterwards`() async throws {
        let place = try Workplace.local()
        try await place.prepare()
        let canaries = Canaries()
        let ending = try await TerminalSession(
            place, ["secret", "set", place.secret, "PIN"],
            [.init(after: "Value of PIN", type: canaries.pin + "\n", hidden: true)]
        ).run()
        #expect(ending.status == 0)
        #expect(ending.echoes == [false, true])
        #expect(canaries.traces(in: ending.text).isEmpty)
        #expect(try await place.value("PIN") == canaries.pin)
    }

    @Test func `a value that is typed the moment the question shows is neither cut nor shown`() async throws {
        let place = try Workplace.local()
        try await place.prepare()
        let canaries = Canaries()
        let ending = try await TerminalSession(
            place, ["secret", "set", place.secret, "TOKEN"],
            [.init(after: "Value of TOKEN", type: canaries.sendGrid + "\n")]
        ).run()
        #expect(ending.status == 0)
        #expect(canaries.traces(in: ending.text).isEmpty)
        #expect(try await place.value("TOKEN") == canaries.sendGrid)
    }

    @Test(arguments: [("\u{3}", 130), ("\u{4}", 3), ("\u{1c}", 131)] as [(String, Int32)])
    func `Ctrl-C and Ctrl-D at a hidden question give the terminal back, and write nothing`(
        typed: String, status: Int32
    ) async throws {
        let place = try Workplace.local()
        try await place.prepare([("PIN", "before")])
        let ending = try await TerminalSession(
            place, ["secret", "set", place.secret, "PIN"], [.init(after: "Value of PIN", type: typed, hidden: true)]
        ).run()
        #expect(ending.status == status, "\(ending.text)")
        #expect(ending.echoes.last == true)
        #expect(try await place.value("PIN") == "before")
    }

    @Test(arguments: [("y", true), ("YES", true), ("n", false), ("", false), ("maybe", false)])
    func `a change of a value that is there is asked for, and only yes is yes`(answer: String, isYes: Bool) async throws
    {
        let place = try Workplace.local()
        try await place.prepare([("KEY", "before")])
        let ending = try await TerminalSession(
            place, ["secret", "set", place.secret, "KEY"],
            [
                .init(after: "Value of KEY", type: "changed!\n", hidden: true),
                .init(after: "Write this to \(place.secret)? [y/N] ", type: answer + "\n"),
            ]
        ).run()
        #expect(ending.status == (isYes ? 0 : 3), "\(ending.text)")
        #expect(ending.text.contains("~  KEY"))
        #expect(try await place.value("KEY") == (isYes ? "changed!" : "before"))
        if !isYes { #expect(ending.text.contains("cancelled; nothing was changed")) }
    }

    @Test func `an import is shown and asked for at the terminal though its file comes through a pipe`() async throws {
        let place = try Workplace.local()
        try await place.prepare()
        try place.write("NEW=1abc\n", to: "a.env")
        let ending = try await TerminalSession(
            place, ["secret", "import", "a.env", "--secret", place.secret],
            [.init(after: "[y/N] ", type: "y\n")]
        ).run()
        #expect(ending.status == 0 && ending.text.contains("+  NEW"))
        #expect(try await place.value("NEW") == "1abc")
    }

    @Test(arguments: [true, false])
    func `a deletion wants the name typed`(isRight: Bool) async throws {
        let place = try Workplace.local()
        try await place.prepare([("KEY", "v")])
        let ending = try await TerminalSession(
            place, ["secret", "delete", place.secret],
            [.init(after: "Type its name: ", type: isRight ? place.secret + "\n" : "yes\n")]
        ).run()
        #expect(ending.status == (isRight ? 0 : 3))
        #expect(try await place.value("KEY") == (isRight ? nil : "v"))
    }

    @Test func `the code of an MFA device is asked for, and sent to STS alone`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{\"KEY\":\"v1\"}")
        let role = "arn:aws:iam::\(double.account):role/deploy"
        let serial = "arn:aws:iam::\(double.account):mfa/ada"
        double.setRole(role, KnownRole(mfaSerial: serial, mfaCode: "123456"))
        try Scratch.write(
            """
            [profile deploy]
            role_arn = \(role)
            mfa_serial = \(serial)
            source_profile = base

            [profile base]
            aws_access_key_id = \(double.accessKeyID)
            aws_secret_access_key = \(double.secretAccessKey)
            """, to: place.home + "/.aws/config")
        double.forgetRequests()
        let words = ["secret", "get", place.secret, "--profile", "deploy"]
        let ending = try await TerminalSession(
            place, words, [.init(after: "MFA code of \(serial)", type: "123456\n", hidden: true)]
        ).run()
        #expect(ending.status == 0 && ending.text.contains("KEY"), "\(ending.text)")
        #expect(ending.echoes == [false, true])
        #expect(double.requests(for: "AssumeRole").count == 1)
        let wrong = try await TerminalSession(
            place, words, [.init(after: "MFA code of \(serial)", type: "654321\n", hidden: true)]
        ).run()
        #expect(wrong.status == 3, "\(wrong.text)")
        expectOneLine(
            try await place.withoutTerminal(words), status: 3, "MFA", "run the command at a terminal")
        await double.stop()
    }

    @Test func `a vault's passphrase is asked for unseen`() async throws {
        let place = try Workplace.local()
        let passphrase = "correct horse battery"
        let changes: [String: String?] = ["MIGRATE_VAULT_PASSPHRASE": passphrase]
        // The passphrase is slow to try, on purpose, so this does with few commands.
        let create = ["secret", "import", "-", "--create", "--yes", "--secret", place.secret]
        try expectDone(await place.migrate(create, bytes: Array("KEY=v1\n".utf8), changes: changes))
        let ending = try await TerminalSession(
            place, ["secret", "get", place.secret, "KEY", "--show"],
            [.init(after: "Passphrase of the vault", type: passphrase + "\n", hidden: true)]
        ).run()
        #expect(ending.status == 0 && ending.text.contains("v1"))
        #expect(!ending.text.contains(passphrase) && ending.echoes == [false, true])
        // It opens all secrets of the vault; a command is to have this one.
        let command = ["run", "-s", place.secret, "--", "sh", "-c", "echo $KEY ${MIGRATE_VAULT_PASSPHRASE-unset}"]
        #expect(try await place.migrate(command, changes: changes).text == "v1 unset\n")
        expectOneLine(
            try await place.withoutTerminal(["secret", "get", place.secret]), status: 64, "MIGRATE_VAULT_PASSPHRASE")
    }

    @Test(arguments: [
        ["secret", "generate", "shop/x", "KEY"], ["secret", "unset", "shop/x", "KEY"], ["secret", "delete", "shop/x"],
    ])
    func `with no terminal there, what to do instead is said`(words: [String]) async throws {
        let place = try Workplace.local()
        try expectDone(await place.migrate("secret", "create", "shop/x"))
        // A session of its own has no terminal.
        try expectDone(await place.migrate("secret", "set", "shop/x", "KEY", input: "before"))
        let outcome = try await place.withoutTerminal(words)
        #expect(outcome.status == 64, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("there is no terminal to ask at.\nhint: "))
        let after = try await place.migrate("secret", "get", "shop/x", "KEY", "--show")
        #expect(after.text == "before")
    }
}
