// AWS that cannot be reached, says no or holds what is no bundle of keys: told in a line, and nothing is written.

import Foundation
import TestServers
import Testing

@Suite struct AWSTroubleTests {
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
            expectOneLine(outcome, status: outcome.status, "AWS_CA_BUNDLE")
            #expect([2, 3].contains(outcome.status))
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
        expectLastLine(try await place.migrate(words, bytes: Array("x".utf8)), "is managed by", "--force")
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
            expectLastLine(outcome, "secretsmanager:\(operation) is not allowed", "migrate policy migrator")
            #expect(double.versionID(of: place.secret) == before)
        }
        await double.stop()
    }

    @Test(arguments: ["[1]", "\"text\"", "{\"A\":1,\"A\":2}", "{\"A\":1", "{\"A\":1}}", "binary"])
    func `a secret that is no JSON object of single keys is left as it is`(content: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        if content == "binary" {
            let id = UUID().uuidString
            try double.perform(
                "CreateSecret",
                json: "{\"Name\":\"\(place.secret)\",\"SecretBinary\":\"AAEC/w==\",\"ClientRequestToken\":\"\(id)\"}")
        } else {
            try double.setValue(of: place.secret, content)
        }
        double.forgetRequests()
        for words in [
            ["secret", "get", place.secret], ["secret", "set", place.secret, "NEW", "--yes"],
            ["secret", "unset", place.secret, "A", "--yes"], ["run", "-s", place.secret, "--", "true"],
        ] {
            expectOneLine(try await place.migrate(words, bytes: Array("x".utf8)), status: 3, "not a JSON object")
        }
        #expect(double.writes.isEmpty)
        await double.stop()
    }

    /// A command that shows its plan first, and then fails: the last lines are those of the failure.
    private func expectLastLine(
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
}
