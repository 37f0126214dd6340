// `.migrate/config.yml`: the checklist, its steps, SendGrid, and names that are nearly right.

import Testing

@testable import Settings

@Suite("Configuration of the checklist")
struct ChecklistSettingsTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(Array(text.utf8), path: "config.yml")
    }

    @Test("All settings are read, with their lines and in their order")
    func whole() throws {
        let read = try parse(
            """
            checklist: leak-response
            sendgrid:
              region: eu
            steps:
              store-values:
                generate: [JWT_SECRET_KEY]
                tags: {team: shop}
              gate:
              local-development:
                run: [make, test]
                seconds: 30
                after-version: true
                folder: "7"
            """)
        #expect(read.checklist == ChecklistReference(name: "leak-response", line: 1))
        #expect(read.sendGrid.region == .eu)
        #expect(
            read.steps == [
                StepSettings(
                    id: "store-values", line: 5,
                    entries: [
                        .init(name: "generate", value: .list(["JWT_SECRET_KEY"]), line: 6),
                        .init(name: "tags", value: .map([.init(key: "team", value: "shop")]), line: 7),
                    ]),
                StepSettings(id: "gate", line: 8, entries: []),
                StepSettings(
                    id: "local-development", line: 9,
                    entries: [
                        .init(name: "run", value: .list(["make", "test"]), line: 10),
                        .init(name: "seconds", value: .number(30), line: 11),
                        .init(name: "after-version", value: .flag(true), line: 12),
                        .init(name: "folder", value: .text("7"), line: 13),
                    ]),
            ])
    }

    @Test("A section whose lines are all comments says nothing")
    func empty() throws { #expect(try parse("steps:\n  # gate:\n") == Configuration()) }

    @Test(
        "Only what would be written back in the same way is a number or a flag",
        arguments: [
            ("1", SettingValue.number(1)), ("-5", .number(-5)), ("007", .text("007")), ("1e3", .text("1e3")),
            ("0x10", .text("0x10")), ("99999999999999999999", .text("99999999999999999999")), ("'1'", .text("1")),
            ("yes", .text("yes")), ("True", .text("True")), ("'true'", .text("true")), ("[]", .list([])),
            ("{}", .map([])),
            ("[1, 007, yes]", .list(["1", "007", "yes"])), ("|\n      a\n      b", .text("a\nb\n")),
        ])
    func values(text: String, value: SettingValue) throws {
        #expect(try parse("steps:\n  s:\n    p: \(text)\n").steps.first?.entries.first?.value == value)
    }

    @Test(
        "What they may not say is refused with its line and a reason",
        arguments: [
            ("checklist: [a]", 1, "`checklist` must be a text"),
            ("checklist: team/own", 1, "the id of a built-in checklist, or a path"),
            ("checklist: /etc/own.yml", 1, "a path from the root on"),
            ("checklist: a/../../own.yml", 1, "a path from the root on"),
            ("sendgrid:\n  region: us", 2, "`sendgrid.region` must be `global` or `eu`"),
            ("steps: [a]", 1, "`steps` must hold"),
            ("steps:\n  a: b", 2, "`steps.a` must hold"),
            ("steps:\n  a:\n    b: [[c]]", 3, "`steps.a.b` may hold texts"),
            ("steps:\n  a:\n    b: {c: [d]}", 3, "`steps.a.b.c` may hold texts"),
            ("steps:\n  a:\n    b:\n", 3, "`steps.a.b` has no value"),
            ("steps:\n  a:\n    b: \"\\e[2J\"", 3, "control characters"),
            ("store: aws\nsecret: &x y\nchecklist: *x\n", 3, "aliases"),
        ])
    func refused(text: String, line: Int, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(
        "A misspelt name is told with the nearest, wherever it stands",
        arguments: [
            ("cheklist: a", "`checklist`"), ("step:\n  a: {}", "`steps`"), ("Scan: {}", "`scan`"),
            ("sotre: aws", "`store`"),
            ("scan:\n  fail_on: high", "`scan.fail-on`"), ("scan:\n  excludes: []", "`scan.exclude`"),
            ("aws:\n  regoin: x", "`aws.region`"), ("aws:\n  expected_acount: x", "`aws.expected-account`"),
            ("vault:\n  keyfile: x", "`vault.key-file`"), ("dotenv:\n  dialekt: node", "`dotenv.dialect`"),
            ("sendgrid:\n  regions: eu", "`sendgrid.region`"),
        ])
    func misspelt(text: String, meant: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.reason.contains("did you mean \(meant)?") == true, "\(String(describing: error))")
    }

    @Test("What resembles nothing gets the list of what there is", arguments: ["xyz: 1", "a: 1", "'': 1", "[a]: 1"])
    func unlike(text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.reason.contains("did you mean") == false)
        #expect(error?.reason.contains("known are `version`, ") == true, "\(String(describing: error))")
    }
}

@Suite("Nearest name")
struct NearestNameTests {
    private let known = ["store-values", "verify-values", "gate", "gitignore", "history"]

    @Test(
        "A slip is seen through",
        arguments: [
            ("store_values", "store-values"), ("storevalues", "store-values"), ("Gate", "gate"), ("gaet", "gate"),
            ("git-ignore", "gitignore"), ("hist", "history"), ("verfy-valeus", "verify-values"),
        ])
    func slips(word: String, meant: String) { #expect(NearestName.of(word, among: known) == meant) }

    @Test(
        "Another word is not taken for one",
        arguments: ["", "go", "revoke", "values", String(repeating: "gate", count: 99)])
    func others(word: String) { #expect(NearestName.of(word, among: known) == nil) }
}
