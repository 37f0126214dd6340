// `.migrate/config.yml`: what it may say, and where it is wrong.

import Detection
import Testing

@testable import Settings

@Suite("Configuration")
struct ConfigurationTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(Array(text.utf8), path: "config.yml")
    }

    @Test("All settings are read")
    func whole() throws {
        let text = "version: 1\nscan:\n  exclude:\n    - vendor\n    - a b/c.py\n  fail-on: high\n  severity: low\n"
        var expected = Configuration()
        expected.excludedPaths = ["vendor", "a b/c.py"]
        expected.failOn = .high
        expected.severity = .low
        #expect(try parse(text) == expected)
    }

    @Test("An empty file, or one of comments, is the defaults", arguments: ["", "\n", "# nothing\n", "version: 1\n"])
    func defaults(text: String) throws { #expect(try parse(text) == Configuration()) }

    @Test("Without a file there are the defaults")
    func absent() throws { #expect(try Configuration.load(root: "/nonexistent") == Configuration()) }

    @Test(
        "A mistake is told with its line",
        arguments: [
            ("version: 2\n", 1), ("# x\nscam: 1\n", 2), ("scan:\n  exlude: []\n", 2), ("scan:\n  exclude: vendor\n", 2),
            ("scan:\n  exclude:\n    - a\n    - ''\n", 4), ("scan:\n  exclude:\n    - [a]\n", 3),
            ("scan:\n  exclude:\n    - '**/*.js'\n", 3), ("scan:\n  exclude:\n    - ./vendor\n", 3),
            ("scan:\n  exclude:\n    - a\n    - /vendor\n", 4),
            ("scan:\n\n  fail-on: urgent\n", 3),
            ("scan:\n  severity: 3\n", 2), ("scan: all\n", 1), ("- a\n", 1), ("version: 1\nscan: {\n", 3),
            ("version: 1\nscan:\n  fail-on: high\n  fail-on: low\n", 3),
            ("a: b: c\n", 1), ("scan:\n\texclude: []\n", 2),
        ])
    func mistakes(text: String, line: Int) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.isEmpty == false)
        #expect(error?.path == "config.yml")
    }

    @Test("Bytes that are no text are a mistake without a line")
    func notText() {
        let error = #expect(throws: ConfigurationError.self) { try Configuration.parse([0xFF, 0xFE, 0x41], path: "c") }
        #expect(error?.line == 0)
    }
}

@Suite("Configuration of the store")
struct StoreSettingsTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(Array(text.utf8), path: "config.yml")
    }

    @Test("All settings are read")
    func whole() throws {
        let text = """
            version: 1
            store: aws
            secret: shop/production
            aws:
              region: eu-west-1
              profile: work
              expected-account: 012345678901
            vault:
              folder: ~/vault
              key-file: ~/vault.key
            dotenv:
              dialect: node
            """
        var expected = StoreSettings()
        expected.kind = .aws
        expected.secret = "shop/production"
        expected.region = "eu-west-1"
        expected.profile = "work"
        expected.expectedAccount = "012345678901"
        expected.vaultFolder = "~/vault"
        expected.vaultKeyFile = "~/vault.key"
        expected.dialect = "node"
        #expect(try parse(text).store == expected)
    }

    @Test(
        "What it may not say is refused with its line and a reason",
        arguments: [
            ("store: gcp", 1, "`store` must be `aws` or `local`"),
            ("secret: []", 1, "`secret` must be a text"),
            ("aws:\n  endpoint: http://x", 2, "unknown key `aws.endpoint`"),
            ("aws:\n  expected-account: 1234", 2, "twelve digits"),
            ("aws:\n  expected-account: 12345678901x", 2, "twelve digits"),
            ("vault:\n  passphrase: x", 2, "unknown key `vault.passphrase`"),
            ("dotenv:\n  dialect: ruby", 2, "one of node, python, compose, shell"),
            ("secret: \"a\\nb\"", 1, "control characters"),
            ("secrets: x", 1, "unknown key `secrets`; did you mean `secret`? known are `version`, `scan`, `store`"),
        ])
    func refused(text: String, line: Int, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.line == line)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
