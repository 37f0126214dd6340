// The first settings file: it is read back as what its comments say.

import Testing

@testable import Settings

@Suite("First settings file")
struct InitialConfigurationTests {
    private let allSteps = [
        "store-values", "verify-values", "local-development", "production-config", "production-test",
        "restart-consumers",
        "rotation-schedule", "access-watch",
    ]

    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(Array(text.utf8), path: "config.yml")
    }

    /// The text with the `#` of every suggestion taken away.
    private func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let rest = line.dropFirst()
            let isSuggestion = line.first == "#" && (rest.first?.isLetter == true || rest.hasPrefix("  "))
            return String(isSuggestion ? rest : line)
        }.joined(separator: "\n")
    }

    @Test func `what is known is set`() throws {
        var initial = InitialConfiguration(secret: .init("shop/production", "a guess"))
        initial.region = .init("eu-west-1", "From AWS_REGION.")
        initial.dialect = .init("python", "beside")
        initial.checklist = "leak-response"
        initial.stepIDs = allSteps
        initial.dotenvFiles = ["backend/.env.production", "backend/.env"]
        initial.leftOutFiles = ["backend/.env.test"]
        initial.developmentFile = "backend/.env.development"
        let read = try parse(initial.text)
        #expect(read.store.kind == .aws && read.store.secret == "shop/production" && read.store.region == "eu-west-1")
        #expect(read.store.dialect == "python" && read.store.expectedAccount == nil)
        #expect(read.checklist?.name == "leak-response")
        #expect(read.steps.map(\.id) == ["store-values", "local-development"])
        // Naming files would leave out what history has: that is for a person to decide.
        #expect(read.steps.first?.entries == [])
        #expect(read.steps.last?.entries.map(\.value) == [.text("backend/.env.development")])
    }

    @Test func `what is not known is left open`() throws {
        var initial = InitialConfiguration(secret: .init("x/production", "a guess"))
        initial.store = .local
        initial.stepIDs = allSteps
        let read = try parse(initial.text)
        #expect(read.store.kind == .local && read.store.region == nil && read.store.dialect == nil)
        #expect(read.steps == [StepSettings(id: "store-values", line: read.steps.first?.line ?? 0, entries: [])])
        initial.stepIDs = []
        #expect(try parse(initial.text).steps.isEmpty)
    }

    @Test(arguments: [true, false]) func `every suggestion can be used as it stands`(isKnown: Bool) throws {
        var initial = InitialConfiguration(secret: .init("shop/production", "a guess"))
        initial.stepIDs = allSteps
        if isKnown {
            initial.region = .init("eu-west-1", "From AWS_REGION.")
            initial.dialect = .init("node", "beside")
            initial.dotenvFiles = [".env"]
            initial.leftOutFiles = [".env.test"]
            initial.developmentFile = ".env"
            initial.requiredKeys = ["DATABASE_URL", "Y"]
            initial.generatedKeys = ["JWT_SECRET_KEY"]
            initial.places = ["docker-compose.yml", "on"]
            initial.testCommand = ["npm", "test"]
        }
        let read = try parse(uncommented(initial.text))
        #expect(read.store.expectedAccount == "123456789012")
        #expect(read.store.region == "eu-west-1" && read.store.dialect == "node" && read.sendGrid.region == .eu)
        #expect(read.steps.map(\.id) == allSteps)
        func value(_ step: String, _ name: String) -> SettingValue? {
            read.steps.first { $0.id == step }?.entries.first { $0.name == name }?.value
        }
        #expect(value("store-values", "generate") == .list(["JWT_SECRET_KEY"]))
        #expect(value("rotation-schedule", "days") == .number(90))
        #expect(value("store-values", "files") == .list(isKnown ? [".env", ".env.test"] : [".env"]))
        if isKnown {
            #expect(value("verify-values", "required") == .list(["DATABASE_URL", "Y"]))
            #expect(value("production-config", "places") == .list(["docker-compose.yml", "on"]))
            #expect(value("local-development", "run") == .list(["npm", "test"]))
        }
    }

    @Test(arguments: [
        "plain", "a b", "yes", "null", "~", "007", "1.5", "-", "- a", "a: b", "a #b", "#a", "\"quoted\"", "it's",
        "a\nb", "a\tb",
        "back\\slash", "*x", "&x", "!x", "%x", "@x", "`x`", "[x]", "{x}", "ü", "\u{7F}", "\u{85}", "\u{2028}",

        "emoji 🙂", " lead", "trail ", "0x1F", "1e3", ".5", "12:30:45", "2026-11-24", "=", "<<",
    ])
    func `any name is read back as it was`(name: String) throws {
        let text = "steps:\n  s:\n    p:\n      - \(SettingsPage.scalar(name))\n"
        // Names with control characters are no texts for settings, and are refused rather than changed.
        let isText = !name.unicodeScalars.contains {
            $0 != "\n" && $0 != "\t" && $0.properties.generalCategory == .control
        }
        if isText {
            #expect(try parse(text).steps.first?.entries.first?.value == .list([name]))
        } else {
            #expect(throws: ConfigurationError.self) { try parse(text) }
        }
    }

    @Test func `what was found cannot end a comment`() throws {
        var initial = InitialConfiguration(secret: .init("shop/production", "a guess\nsecret: evil"))
        initial.findings = ["bad\nsecret: other", "bad\r\nstore: local", "bad\u{85}x: y\u{2028}z: a"]
        initial.stepIDs = allSteps
        #expect(try parse(initial.text).store.secret == "shop/production")
    }
}
