// `migrate run`: values into one child's environment, and nothing else changed for it.

import Foundation
import TestServers
import Testing

@Suite struct RunTests {
    /// A local vault with these values.
    private func place(_ values: [(key: String, value: String)]) async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare(values)
        return place
    }

    @Test func `the child gets the values byte for byte, and its arguments as they are`() async throws {
        let place = try await place([("PASSWORD", "a\nb 'c' \"d\" $e `f` ü\\"), ("OTHER", "x")])
        let outcome = try await place.migrate([
            "run", "--secret", place.secret, "--", "sh", "-c", "printf '%s|%s|%s' \"$PASSWORD\" \"$OTHER\" \"$1\"",
            "sh",
            "--secret two words",
        ])
        #expect(outcome.status == 0)
        #expect(outcome.text == "a\nb 'c' \"d\" $e `f` ü\\|x|--secret two words")
        #expect(outcome.errors.isEmpty)
    }

    @Test(arguments: [0, 1, 2, 3, 64, 127, 255] as [Int32])
    func `the child's exit code is the exit code`(status: Int32) async throws {
        let place = try await place([("KEY", "v")])
        #expect(
            try await place.migrate("run", "-s", place.secret, "--", "sh", "-c", "exit \(status)").status == status)
    }

    @Test(arguments: ["TERM", "KILL", "INT", "HUP", "PIPE"])
    func `a signal reaches the child, since nobody stands between`(signal: String) async throws {
        let place = try await place([("KEY", "v")])
        let outcome = try await place.shell(
            "\"$MIGRATE\" run -s \(place.secret) $STORE -- sh -c 'kill -\(signal) $$; sleep 5'; echo $?")
        let numbers = ["TERM": 143, "KILL": 137, "INT": 130, "HUP": 129, "PIPE": 141]
        #expect(outcome.text.split(separator: "\n").last == "\(numbers[signal] ?? 0)")
    }

    @Test func `the child is the same process`() async throws {
        let place = try await place([("KEY", "v")])
        let running = try place.start(["run", "-s", place.secret, "--", "sh", "-c", "echo $$"])
        #expect(try await running.end().text == "\(running.id)\n")
    }

    @Test func `a pipe that breaks ends the child as it would without us`() async throws {
        let place = try await place([("KEY", "v")])
        let outcome = try await place.shell(
            "{ \"$MIGRATE\" run -s \(place.secret) $STORE -- sh -c 'yes' ; echo $? >&2; } | head -n 1")
        #expect(outcome.text == "y\n")
        #expect(outcome.errorLines.last == "141", "\(outcome.errorText)")
    }

    @Test(arguments: ["0", "1000"])
    func `the limit on core dumps is the child's own`(limit: String) async throws {
        let place = try await place([("KEY", "v")])
        let outcome = try await place.shell(
            "ulimit -S -c \(limit); ulimit -c; \"$MIGRATE\" run -s \(place.secret) $STORE -- sh -c 'ulimit -c'")
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 2 && lines.first == lines.last, "\(outcome.text)")
    }

    @Test(
        arguments: [
            (["--only", "DB_*"], "DB_HOST DB_PORT"), (["--only", "TOKEN,DB_HOST"], "DB_HOST TOKEN"),
            (["--except", "DB_*"], "TOKEN"), (["--only", "DB_*", "--except", "DB_PORT"], "DB_HOST"),
            (["--prefix", "APP_"], "APP_DB_HOST APP_DB_PORT APP_TOKEN"),
        ] as [([String], String)])
    func `--only, --except and --prefix say what goes in under which name`(options: [String], names: String)
        async throws
    {
        let place = try await place([("DB_HOST", "canary"), ("DB_PORT", "canary"), ("TOKEN", "canary")])
        let outcome = try await place.migrate(
            ["run", "-s", place.secret] + options + ["--", "sh", "-c", "env | grep =canary | cut -d= -f1 | sort"])
        #expect(outcome.text.split(separator: "\n").joined(separator: " ") == names)
    }

    @Test func `a key that is not there is told before anything runs`() async throws {
        let place = try await place([("KEY", "v")])
        expectOneLine(
            try await place.migrate("run", "-s", place.secret, "--only", "KEY,MISSING", "--", "sh", "-c", "echo ran"),
            status: 3, "MISSING")
    }

    @Test func `variables that are set give way, and with --preserve-env win`() async throws {
        let place = try await place([("KEY", "stored"), ("NEW", "n")])
        let words = ["run", "-s", place.secret, "--", "sh", "-c", "printf %s,%s $KEY $NEW"]
        #expect(try await place.migrate(words, changes: ["KEY": "set"]).text == "stored,n")
        let kept = try await place.migrate(["run", "--preserve-env"] + words.dropFirst(), changes: ["KEY": "set"])
        #expect(kept.text == "set,n")
        #expect(kept.errorText == "migrate: note: KEY is set already, and stays as it is.\n")
    }

    @Test(arguments: [
        "PATH", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "NODE_OPTIONS", "BASH_ENV", "PYTHONPATH", "GIT_SSH_COMMAND",
    ])
    func `a name that would change what runs needs consent`(name: String) async throws {
        let place = try await place([(name, "/nowhere"), ("KEY", "v")])
        expectOneLine(
            try await place.migrate("run", "-s", place.secret, "--", "sh", "-c", "echo ran"), status: 3, name,
            "--allow-protected")
        let without = try await place.migrate(
            "run", "-s", place.secret, "--except", name, "--", "sh", "-c", "printf %s \"$KEY\"")
        #expect(without.text == "v")
        // With PATH changed, the command itself is still looked for where the user's shell would.
        if name != "LD_PRELOAD" {
            let allowed = try await place.migrate(
                "run", "-s", place.secret, "--allow-protected", "--", "/bin/sh", "-c", "echo \"${\(name)}\"")
            #expect(allowed.text == "/nowhere\n")
        }
    }

    @Test func `what cannot run ends with 126, what is not there with 127, as in a shell`() async throws {
        let place = try await place([("KEY", "v")])
        try place.write("#!/bin/sh\n", to: "plain")
        Scratch.setPermissions(0o600, place.folder + "/plain")
        expectOneLine(
            try await place.migrate("run", "-s", place.secret, "--", "no-such-command-here"), status: 127,
            "cannot run no-such-command-here")
        expectOneLine(try await place.migrate("run", "-s", place.secret, "--", "./plain"), status: 126, "./plain")
        expectOneLine(try await place.migrate("run", "-s", place.secret, "--", place.folder), status: 126)
        #expect(try await place.migrate("run", "-s", place.secret).status == 64)
    }

    @Test func `standard input and open file descriptors are the child's`() async throws {
        let place = try await place([("KEY", "v")])
        try place.write("from the file", to: "file")
        let outcome = try await place.shell(
            """
            printf 'from the pipe' |
                "$MIGRATE" run -s \(place.secret) $STORE -- sh -c 'cat; printf "|"; cat <&7' 7<file
            """)
        #expect(outcome.text == "from the pipe|from the file", "\(outcome.errorText)")
        #if os(Linux)
            // Nothing else stays open: not the vault's files, not connections.
            let listed = try await place.shell(
                """
                "$MIGRATE" run -s \(place.secret) $STORE -- sh -c 'ls /proc/self/fd | wc -l'
                ls /proc/self/fd | wc -l
                """)
            let counts = listed.text.split(separator: "\n")
            #expect(counts.count == 2 && counts[0] == counts[1], "\(listed.text)")
        #endif
    }

    @Test func `null is left out, and told`() async throws {
        let place = try await place([("KEY", "v")])
        try expectDone(await place.migrate("secret", "set", place.secret, "GONE", "--json", input: "null"))
        let outcome = try await place.migrate("run", "-s", place.secret, "--", "sh", "-c", "echo ${GONE-unset}")
        #expect(outcome.text == "unset\n")
        #expect(outcome.errorText == "migrate: note: GONE is null, and is left out.\n")
    }

    // MARK: Which secret

    @Test func `AWS_SECRET_NAME names the secret`() async throws {
        let place = try await place([("KEY", "stored")])
        let outcome = try await place.migrate(
            ["run", "--", "sh", "-c", "echo $KEY"], changes: ["AWS_SECRET_NAME": place.secret])
        #expect(outcome.text == "stored\n" && outcome.errors.isEmpty)
    }

    @Test(arguments: [(nil, "not set"), ("", "empty")] as [(String?, String)])
    func `without AWS_SECRET_NAME the local file is used, and that is said`(name: String?, words: String) async throws {
        let place = try Workplace.bare()
        try place.write("KEY=development\n", to: ".env.development")
        try place.write("KEY=plain\n", to: ".env")
        let command = ["run", "--", "sh", "-c", "echo $KEY"]
        let outcome = try await place.migrate(command, changes: ["AWS_SECRET_NAME": name])
        #expect(outcome.text == "development\n")
        #expect(
            outcome.errorText == "migrate: AWS_SECRET_NAME is \(words): the values come from .env.development.\n")
        try FileManager.default.removeItem(atPath: place.folder + "/.env.development")
        #expect(try await place.migrate(command, changes: ["AWS_SECRET_NAME": name]).text == "plain\n")
        try FileManager.default.removeItem(atPath: place.folder + "/.env")
        expectOneLine(try await place.migrate(command, changes: ["AWS_SECRET_NAME": name]), status: 3, ".env")
    }

    // MARK: When the store does not answer

    @Test func `a store that cannot be reached is replaced by the fallback, with a warning and its age`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        await double.stop()
        try place.write("KEY=fallback\n", to: ".env.fallback")
        let hours = Date(timeIntervalSinceNow: -3 * 3_600 - 60)
        try FileManager.default.setAttributes(
            [.modificationDate: hours], ofItemAtPath: place.folder + "/.env.fallback")
        let words = ["-s", place.secret, "--", "sh", "-c", "echo $KEY"]
        let fast: [String: String?] = ["AWS_MAX_ATTEMPTS": "1"]
        let outcome = try await place.migrate(["run", "--fallback", ".env.fallback"] + words, changes: fast)
        #expect(outcome.text == "fallback\n")
        #expect(outcome.errorText.hasPrefix("migrate: warning: the store cannot be reached"))
        #expect(outcome.errorText.contains(".env.fallback, last changed 3 hours ago"), "\(outcome.errorText)")
        expectOneLine(try await place.migrate(["run"] + words, changes: fast), status: 2, "cannot reach")
        expectOneLine(
            try await place.migrate(["run", "--fallback", "absent"] + words, changes: fast), status: 64, "absent")
    }

    @Test(arguments: ["access denied", "not found", "decryption", "deleted", "expired"])
    func `an answer is an answer: the fallback stays where it is`(kind: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try place.write("KEY=fallback\n", to: ".env.fallback")
        if kind != "not found" { try double.setValue(of: place.secret, "{\"KEY\":\"v\"}") }
        switch kind {
        case "access denied": double.deny("secretsmanager:GetSecretValue")
        case "decryption": double.inject(.decryptionFailure, times: 5)
        case "deleted": try double.perform("DeleteSecret", json: "{\"SecretId\":\"\(place.secret)\"}")
        case "expired": double.inject(.expiredToken, times: 5)
        default: break
        }
        let outcome = try await place.migrate(
            "run", "--fallback", ".env.fallback", "-s", place.secret, "--", "sh", "-c", "echo ran $KEY")
        expectOneLine(outcome, status: 3)
        await double.stop()
    }

    @Test(arguments: ["throttled", "500", "closed"])
    func `a store that is down, but answers, is replaced as well`(kind: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try place.write("KEY=fallback\n", to: ".env.fallback")
        let faults: [String: Fault] = [
            "throttled": .throttle(), "500": .internalServiceError, "closed": .closeBeforeHandling,
        ]
        double.inject(faults[kind] ?? .throttle(), times: 5)
        let outcome = try await place.migrate(
            ["run", "--fallback", ".env.fallback", "-s", place.secret, "--", "sh", "-c", "echo $KEY"],
            changes: ["AWS_MAX_ATTEMPTS": "1"])
        #expect(outcome.text == "fallback\n", "\(outcome.errorText)")
        #expect(outcome.errorText.contains("warning: "))
        await double.stop()
    }
}
