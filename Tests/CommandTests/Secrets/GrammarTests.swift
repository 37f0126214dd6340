// What commands make of the words they are given, and what they say when they can make nothing of them.

import Foundation
import TestServers
import Testing

@Suite struct GrammarTests {
    @Test(
        arguments: [
            (["secret", "update", "x/y", "K"], "migrate secret set"), (["secret", "show"], "migrate secret get"),
            (["secrets", "get"], "migrate secret"), (["get"], "migrate secret get"),
            (["secret", "frobnicate"], "create, list, get, set"), (["frobnicate"], "scan, init, plan, apply"),
        ])
    func `a command that is not there is named, and the one that was meant proposed`(
        words: [String], hint: String
    ) async throws {
        let outcome = try await Workplace.bare().migrate(words)
        expectOneLine(outcome, status: 64, "there is no command", hint)
    }

    @Test(arguments: ["-v", "-p", "--", "--value=", "-p=", "", "--fd ", "--from-file=x --nonsense="])
    func `no form of argument repeats a value`(form: String) async throws {
        let place = try Workplace.local()
        try await place.prepare()
        // A short word after two dashes is taken for the misspelt name of an option, which must be told.
        for value in form == "--" ? [FakeKey.sendGrid(41)] : ["hunter2pw", FakeKey.sendGrid(41)] {
            let words =
                form.hasSuffix(" ") ? [String(form.dropLast()), value] : form.split(separator: " ").map(String.init)
            let glued = form.hasSuffix(" ") ? words : words.dropLast() + [(words.last ?? "") + value]
            let outcome = try await place.migrate(["secret", "set", place.secret, "KEY"] + glued)
            // `-vh…` asks for help.
            #expect(outcome.status == 64 || outcome.text.contains("USAGE"))
            #expect(
                !outcome.text.contains(value) && !outcome.errorText.contains(value), "\(form): \(outcome.errorText)")
        }
    }

    @Test(arguments: ["history", "rollback", "delete", "restore"])
    func `what cannot be a secret's name is not sent to a store as one`(command: String) async throws {
        let place = try Workplace.local()
        try await place.prepare()
        for word in ["DB_PASSWORD=hunter2pw", FakeKey.sendGrid(42)] {
            let outcome = try await place.migrate("secret", command, word)
            #expect(outcome.status == 64)
            #expect(!outcome.errorText.contains("hunter2pw") && !outcome.errorText.contains(word))
        }
    }

    @Test(arguments: ["get", "set", "unset", "generate", "history", "rollback"])
    func `two different secrets are one too many`(command: String) async throws {
        let place = try Workplace.local()
        try await place.prepare()
        let keyed = ["history", "rollback"].contains(command) ? [] : ["KEY"]
        let outcome = try await place.migrate(["secret", command, "a/b"] + keyed + ["--secret", "c/d"], bytes: [0x41])
        expectOneLine(outcome, status: 64, "two secrets")
    }

    @Test func `a name without a slash was taken for a key, and the message says so`() async throws {
        let outcome = try await Workplace.local().migrate("secret", "get", "shop-production")
        expectOneLine(outcome, status: 64, "shop-production was taken for a key", "--secret shop-production")
    }

    @Test func `a proposed command names the store that was given`() async throws {
        let place = try Workplace.local()
        let outcome = try await place.migrate("secret", "get", "--secret", "a/b")
        #expect(outcome.errorText.contains("migrate secret create a/b --store local"), "\(outcome.errorText)")
    }

    @Test func `secrets of two accounts are not put into one policy`() async throws {
        let arn = { (region: String, account: String) in "arn:aws:secretsmanager:\(region):\(account):secret:a/b-abcdef"
        }
        let outcome = try await Workplace.bare().migrate(
            "policy", "app", arn("eu-west-1", "111111111111"), arn("eu-west-1", "222222222222"))
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
    }

    @Test func `a vault's key is not made where the next commit would take it`() async throws {
        let place = try Workplace.local()
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        let outcome = try await place.migrate("secret", "create", "a/b", "--vault", "v", "--vault-key", "k")
        expectOneLine(outcome, status: 64, "git does not ignore k")
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/k"))
        try place.write("k\nv\n", to: ".gitignore")
        try expectDone(await place.migrate("secret", "create", "a/b", "--vault", "v", "--vault-key", "k"))
    }

    @Test func `run takes the secret that the local file names, and its values win over the file's`() async throws {
        let place = try Workplace.local()
        try await place.prepare([("TOKEN", "stored")])
        try place.write("AWS_SECRET_NAME=\(place.secret)\nTOKEN=old\nPORT=8080\n", to: ".env")
        let outcome = try await place.shell(
            #""$MIGRATE" run $STORE -- sh -c 'echo "$TOKEN $PORT"'"#, changes: ["AWS_SECRET_NAME": nil])
        #expect(outcome.text == "stored 8080\n", "\(outcome.errorText)")
        #expect(outcome.errorText.contains("names the secret \(place.secret)"))
    }

    @Test func `a file to fall back to must be there before it is needed`() async throws {
        let place = try Workplace.local()
        try await place.prepare([("A", "1")])
        expectOneLine(
            try await place.migrate(["run", place.secret, "--fallback", "absent.env", "--store", "local", "--", "true"]
            ),
            status: 64, "absent.env")
    }

    @Test func `a command under run is stopped by a signal like any other`() async throws {
        let place = try Workplace.local()
        try await place.prepare([("A", "1")])
        let outcome = try await place.shell(
            """
            "$MIGRATE" run \(place.secret) $STORE -- python3 -c 'import signal; print(sorted(signal.pthread_sigmask(0, [])))'
            "$MIGRATE" run \(place.secret) $STORE -- sh -c 'kill -TERM $$; sleep 5; echo survived'; echo "$?"
            """)
        #expect(outcome.text == "[]\n143\n", "\(outcome.errorText)")
    }

    @Test func `the region in an ARN counts wherever the ARN comes from`() async throws {
        let double = try await SecretsManagerDouble.startKept()
        let place = try Workplace.on(double)
        try await place.prepare([("A", "one")])
        let arn = try #require(double.arn(of: place.secret))
        // Signed for another region, the request would be refused.
        for changes in [["AWS_SECRET_NAME": arn], [:]] as [[String: String]] {
            let words = ["secret", "get"] + (changes.isEmpty ? ["--secret", arn] : []) + ["A", "--show"]
            let outcome = try await place.migrate(
                words, changes: changes.merging(["AWS_REGION": "us-east-1"]) { $1 }.mapValues { Optional($0) })
            #expect(outcome.text == "one", "\(outcome.errorText)")
        }
    }
}
