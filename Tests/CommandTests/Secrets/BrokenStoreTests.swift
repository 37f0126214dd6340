// Stores that cannot be reached, are locked, damaged or full: told in a line, and what was there stays readable.

import Foundation
import TestServers
import Testing

@Suite struct BrokenStoreTests {
    // MARK: AWS

    @Test func `without a region none is guessed`() async throws {
        let place = try Workplace.bare()
        let outcome = try await place.migrate(
            ["secret", "list"], changes: ["AWS_ACCESS_KEY_ID": "AKIA" + "NOBODY", "AWS_SECRET_ACCESS_KEY": "none"])
        expectOneLine(outcome, status: 3, "no AWS region is set", "AWS_REGION")
    }

    @Test func `without credentials nobody is asked`() async throws {
        let place = try Workplace.bare()
        expectOneLine(
            try await place.migrate(["secret", "list"], changes: ["AWS_REGION": "eu-central-1"]), status: 3,
            "credentials", "AWS_ACCESS_KEY_ID")
    }

    @Test(arguments: ["key", "signature", "session", "half"])
    func `credentials that AWS refuses are told with the key's id, never its secret`(kind: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        var changes: [String: String?] = [:]
        switch kind {
        case "key": changes["AWS_ACCESS_KEY_ID"] = "AKIA" + "UNKNOWNUNKNOWN22"
        case "signature": changes["AWS_SECRET_ACCESS_KEY"] = "wrong-wrong-wrong"
        case "session": changes["AWS_SESSION_TOKEN"] = "token-of-somebody-else"
        default: changes["AWS_SECRET_ACCESS_KEY"] = .some(nil)
        }
        let outcome = try await place.migrate(["secret", "list"], changes: changes)
        expectOneLine(outcome, status: 3)
        #expect(!outcome.errorText.contains("wrong-wrong-wrong") && !outcome.errorText.contains("token-of-somebody"))
        #expect(!outcome.errorText.contains(double.secretAccessKey))
        await double.stop()
    }

    @Test(arguments: [
        "http://example.com", "http://10.0.0.1:4566", "http://169.254.169.254", "http://localhost.example.com",
        "ftp://127.0.0.1", "127.0.0.1:80", "https://", "http://127.0.0.1:99999", "ht tp://x",
        "https://user:pw@x.example",
    ])
    func `an endpoint that is none, or would carry secrets in the clear, is refused`(url: String) async throws {
        let place = try Workplace.aws(url, keyID: "AKIA" + "NOBODY", key: "none")
        let outcome = try await place.migrate(["secret", "list"], changes: ["AWS_MAX_ATTEMPTS": "1"])
        expectOneLine(outcome, status: 3, "--endpoint-url")
        #expect(!outcome.errorText.contains("pw@"))
    }

    @Test(arguments: ["nowhere-1", "eu-central-1.example.com/", "eu central", "../x", "EU-CENTRAL-1 "])
    func `a region that is none is told as that`(region: String) async throws {
        let place = try Workplace.bare()
        let outcome = try await place.migrate(
            ["secret", "list", "--region", region],
            changes: [
                "AWS_ACCESS_KEY_ID": "AKIA" + "NOBODY", "AWS_SECRET_ACCESS_KEY": "none", "AWS_MAX_ATTEMPTS": "1",
                // Names are not looked up beyond this machine, whatever the region.
                "HTTPS_PROXY": "http://127.0.0.1:9",
            ])
        expectOneLine(outcome, status: outcome.status)
        #expect([2, 3].contains(outcome.status))
    }

    @Test func `two regions in the environment are told of, and AWS_REGION counts`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        let outcome = try await place.migrate(["secret", "list"], changes: ["AWS_DEFAULT_REGION": "us-east-1"])
        #expect(outcome.status == 0)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errorText.hasPrefix("migrate: warning: "))
        for word in ["AWS_REGION", "AWS_DEFAULT_REGION", "eu-central-1", "us-east-1"] {
            #expect(outcome.errorText.contains(word), "\(outcome.errorText)")
        }
        await double.stop()
    }

    @Test func `TLS is trusted with AWS_CA_BUNDLE, and not without`() async throws {
        let certificate = try TestCertificate.selfSigned()
        defer { certificate.remove() }
        let double = try await SecretsManagerDouble.start(certificate: certificate)
        let place = try Workplace.on(double)
        let refused = try await place.migrate(
            ["secret", "list"], changes: ["AWS_CA_BUNDLE": nil, "AWS_MAX_ATTEMPTS": "1"])
        expectOneLine(refused, status: refused.status, "certificate")
        #expect([2, 3].contains(refused.status))
        #expect(double.requests.isEmpty)
        let trusted = try await place.migrate(
            ["secret", "list"], changes: ["AWS_CA_BUNDLE": certificate.certificateFile])
        #expect(trusted.status == 0, "\(trusted.errorText)")
        for bundle in ["/no/such/bundle.pem", certificate.keyFile, place.folder] {
            let outcome = try await place.migrate(
                ["secret", "list"], changes: ["AWS_CA_BUNDLE": bundle, "AWS_MAX_ATTEMPTS": "1"])
            expectOneLine(outcome, status: 3, "AWS_CA_BUNDLE")
        }
        await double.stop()
    }

    @Test func `another account than the settings expect is refused before anything is written`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{\"KEY\":\"v\"}")
        try place.write("version: 1\naws:\n  expected-account: \"999999999999\"\n", to: ".migrate/config.yml")
        double.forgetRequests()
        for words in [
            ["secret", "set", place.secret, "NEW"], ["secret", "unset", place.secret, "KEY", "--yes"],
            ["secret", "create", "shop/new"], ["secret", "generate", place.secret, "NEW"],
            ["secret", "delete", place.secret, "--confirm", place.secret],
            ["secret", "restore", place.secret], ["secret", "rollback", place.secret, "--yes"],
            ["secret", "get", place.secret], ["run", "-s", place.secret, "--", "true"],
            ["export", "-f", "json", "-s", place.secret],
        ] {
            let outcome = try await place.migrate(words, bytes: Array("x".utf8))
            #expect(outcome.status == 3, "\(words)")
            #expect(outcome.output.isEmpty, "\(words)")
            if !words.contains("rollback") {
                #expect(
                    outcome.errorText.contains("account 123456789012")
                        && outcome.errorText.contains("expects 999999999999"), "\(words): \(outcome.errorText)")
            }
        }
        #expect(double.writes.isEmpty, "\(double.writes)")
        await double.stop()
    }

    @Test(arguments: ["rotated", "owned"])
    func `a secret that something else manages is changed only when forced`(kind: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{\"KEY\":\"v\"}")
        double.mark(place.secret, rotated: kind == "rotated", owningService: kind == "owned" ? "rds" : nil)
        double.forgetRequests()
        let words = ["secret", "set", place.secret, "NEW"]
        expectOneLine2(try await place.migrate(words, bytes: Array("x".utf8)), "is managed by", "--force")
        #expect(double.writes.isEmpty)
        let forced = try await place.migrate(words + ["--force"], bytes: Array("x".utf8))
        // What another service owns AWS itself does not let anybody write.
        #expect(forced.status == (kind == "owned" ? 3 : 0), "\(forced.errorText)")
        #expect(!forced.errorText.contains(".."))
        await double.stop()
    }

    @Test func `without the permission to move stages the weaker promise is said aloud`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare()
        double.deny("secretsmanager:UpdateSecretVersionStage")
        let outcome = try await place.migrate("secret", "set", place.secret, "KEY", input: "v1")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("migrate: warning: written without compare-and-swap"))
        #expect(try await place.value("KEY") == "v1")
        await double.stop()
    }

    @Test(arguments: ["GetSecretValue", "PutSecretValue", "DescribeSecret"])
    func `access denied names the action, and what to do`(operation: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare()
        double.deny("secretsmanager:" + operation)
        let before = double.versionID(of: place.secret)
        let outcome = try await place.migrate("secret", "set", place.secret, "KEY", input: "v1")
        if operation == "DescribeSecret" {
            #expect(outcome.status == 0)
            #expect(outcome.errorText.contains("note: secretsmanager:DescribeSecret is not allowed"))
        } else {
            expectOneLine2(outcome, "secretsmanager:\(operation) is not allowed", "migrate policy migrator")
            #expect(double.versionID(of: place.secret) == before)
        }
        await double.stop()
    }

    /// A command that shows its plan first, and then fails: the last lines are those of the failure.
    private func expectOneLine2(
        _ outcome: Outcome, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == 3 && !outcome.isCrash && outcome.output.isEmpty, sourceLocation: sourceLocation)
        #expect(
            outcome.errorLines.filter { $0.hasPrefix("migrate: ") }.count == 1, "\(outcome.errorText)",
            sourceLocation: sourceLocation)
        for word in words {
            #expect(outcome.errorText.contains(word), "\(outcome.errorText)", sourceLocation: sourceLocation)
        }
    }

    // MARK: The vault

    private func filled() async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare([("KEY", "value-1")])
        return place
    }

    private func sealedFile(_ place: Workplace) throws -> String {
        try #require(Scratch.files(below: place.vault).first { $0.hasSuffix(".sealed") })
    }

    @Test(arguments: ["another", "missing", "short", "empty", "readable by others", "a folder"])
    func `a vault is not opened with a key file that is wrong`(kind: String) async throws {
        let place = try await filled()
        let before = Scratch.bytes(try sealedFile(place))
        let key = String(decoding: Scratch.bytes(place.keyFile), as: UTF8.self)
        try FileManager.default.removeItem(atPath: place.keyFile)
        switch kind {
        case "another":
            try Scratch.write(String(key.map { $0 == "a" ? "b" : $0 == "b" ? "a" : $0 }), to: place.keyFile)
        case "short": try Scratch.write(String(key.prefix(10)), to: place.keyFile)
        case "empty": try Scratch.write("", to: place.keyFile)
        case "readable by others": try Scratch.write(key, to: place.keyFile)
        case "a folder":
            try FileManager.default.createDirectory(atPath: place.keyFile, withIntermediateDirectories: true)
        default: break
        }
        Scratch.setPermissions(kind == "readable by others" ? 0o644 : 0o600, place.keyFile)
        for words in [["secret", "get", place.secret], ["secret", "set", place.secret, "KEY", "--yes"]] {
            let outcome = try await place.migrate(words, bytes: Array("new".utf8))
            expectOneLine(outcome, status: 3)
            #expect(!outcome.errorText.contains(key.prefix(12)))
        }
        #expect(Scratch.bytes(try sealedFile(place)) == before)
        // With the right key all is as it was.
        try? FileManager.default.removeItem(atPath: place.keyFile)
        try Scratch.write(key, to: place.keyFile)
        Scratch.setPermissions(0o600, place.keyFile)
        #expect(try await place.value("KEY") == "value-1")
    }

    @Test(arguments: ["flipped", "short", "empty", "text", "swapped", "huge"])
    func `a damaged file of the vault is told with its path and left alone; other secrets stay readable`(kind: String)
        async throws
    {
        let place = try await filled()
        let file = try sealedFile(place)
        try expectDone(await place.migrate("secret", "create", "shop/other"))
        try expectDone(await place.migrate("secret", "set", "shop/other", "KEY", input: "value-2"))
        var bytes = Scratch.bytes(file)
        switch kind {
        case "flipped": bytes[bytes.count / 2] ^= 1
        case "short": bytes.removeLast(20)
        case "empty": bytes = []
        case "text": bytes = Array("KEY=value\n".utf8)
        case "huge": bytes += [UInt8](repeating: 0, count: 30 << 20)
        default: bytes = Scratch.bytes((file as NSString).deletingLastPathComponent + "/shop%2fother.sealed")
        }
        #expect(kind == "empty" || !bytes.isEmpty)
        try Scratch.write(bytes, to: file)
        for words in [
            ["secret", "get", place.secret], ["secret", "set", place.secret, "KEY", "--yes"],
            ["secret", "history", place.secret], ["run", "-s", place.secret, "--", "true"],
        ] {
            let outcome = try await place.migrate(words, bytes: Array("new".utf8))
            expectOneLine(outcome, status: 3, ".sealed")
        }
        #expect(Scratch.bytes(file) == bytes)
        #expect(try await place.migrate("secret", "get", "shop/other", "KEY", "--show").text == "value-2")
    }

    @Test func `an old copy of a vault's file is refused or read, and never mixed`() async throws {
        let place = try await filled()
        let file = try sealedFile(place)
        let old = Scratch.bytes(file)
        try expectDone(await place.migrate("secret", "set", place.secret, "KEY", "--yes", input: "value-2"))
        try Scratch.write(old, to: file)
        #expect(try await place.value("KEY") == "value-1")
        try expectDone(await place.migrate("secret", "set", place.secret, "NEXT", input: "n"))
        #expect(try await place.value("KEY") == "value-1")
    }

    @Test(.enabled(if: Scratch.isRoot, "mounting takes root"))
    func `on a full disk nothing is torn`() async throws {
        let place = try await filled()
        let outcome = try await place.shell(
            """
            mkdir disk && exec unshare -m sh -c '
            mount -t tmpfs -o size=64k tmpfs disk && cp -R "$HOME/.local/share/migrate/vault" disk/vault || exit 99
            dd if=/dev/zero of=disk/filler bs=1k count=200 2>/dev/null
            head -c 20000 /dev/zero | tr "\\0" x | "$MIGRATE" secret set \(place.secret) LONG --store local --vault disk/vault
            echo "status $?"
            "$MIGRATE" secret get \(place.secret) KEY --show --store local --vault disk/vault
            echo; ls -A disk/vault/secrets'
            """)
        try #require(outcome.status != 99, "no tmpfs here")
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.first == "status 3", "\(outcome.text) \(outcome.errorText)")
        #expect(lines.dropFirst().first == "value-1")
        #expect(lines.dropFirst(2).allSatisfy { $0.hasSuffix(".sealed") }, "\(lines)")
        #expect(outcome.errorText.contains("No space left"), "\(outcome.errorText)")
        #expect(outcome.errorLines.filter { $0.hasPrefix("migrate: ") }.count == 1)
    }

    @Test func `a limit on file sizes ends a write with an error, not with a signal or half a file`() async throws {
        let place = try await filled()
        let outcome = try await place.shell(
            """
            ulimit -f 8; head -c 20000 /dev/zero | tr '\\0' x | "$MIGRATE" secret set \(place.secret) LONG $STORE
            echo "status $?"
            """)
        #expect(outcome.text == "status 3\n", "\(outcome.text) \(outcome.errorText)")
        #expect(outcome.errorText.contains("File too large"), "\(outcome.errorText)")
        #expect(try await place.value("KEY") == "value-1")
        #expect(try await place.value("LONG") == nil)
    }

    @Test(.enabled(if: !Scratch.isRoot, "root may write anywhere"))
    func `a vault without permission to write is told in a line`() async throws {
        let place = try await filled()
        Scratch.setPermissions(0o500, place.vault + "/secrets")
        defer { Scratch.setPermissions(0o700, place.vault + "/secrets") }
        let outcome = try await place.migrate("secret", "set", place.secret, "NEW", input: "v")
        #expect(outcome.status == 3 && !outcome.isCrash)
        #expect(try await place.value("KEY") == "value-1")
    }

    @Test func `a vault made with a passphrase opens with it and with no other`() async throws {
        let place = try Workplace.local()
        let changes: [String: String?] = ["MIGRATE_VAULT_PASSPHRASE": "correct horse battery"]
        let created = try await place.migrate(["secret", "create", place.secret], changes: changes)
        #expect(created.status == 0, "\(created.errorText)")
        try expectDone(
            await place.migrate(["secret", "set", place.secret, "KEY"], bytes: Array("v1".utf8), changes: changes))
        let words = ["secret", "get", place.secret, "KEY", "--show"]
        #expect(try await place.migrate(words, changes: changes).text == "v1")
        let wrong = try await place.migrate(words, changes: ["MIGRATE_VAULT_PASSPHRASE": "wrong horse"])
        expectOneLine(wrong, status: 3)
        for file in Scratch.files(below: place.root) {
            #expect(!String(decoding: Scratch.bytes(file), as: UTF8.self).contains("correct horse"))
        }
    }
}
