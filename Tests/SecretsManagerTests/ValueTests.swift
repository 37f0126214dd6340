// What one key gives: the value, a default, the environment, or an error.

import AWS
import Logging
import Stores
import Testing

@testable import SecretsManager

@Suite("The value of a key", .timeLimit(.minutes(1)))
struct ValueTests {
    static let contents = [
        "app": #"{"KEY":"one","EMPTY":"","TODO":"changeme","NULL":null,"PORT":5432,"TLS":true,"DB":{"a":[1]}}"#
    ]

    @Test(
        "A default stands in for a key that is absent, and for nothing else",
        arguments: [
            ("KEY", "one"), ("EMPTY", ""), ("TODO", "changeme"), ("NULL", "default"), ("ABSENT", "default"),
            ("key", "default"), ("PORT", "5432"), ("TLS", "true"), ("DB", #"{"a":[1]}"#),
        ])
    func defaults(key: String, expected: String) async throws {
        let bench = Bench(Self.contents)
        #expect(try await bench.secrets.value(key, in: "app", default: "default")?.reveal() == expected)
    }

    @Test("Without a default an absent key gives nil", arguments: ["ABSENT", "NULL"])
    func absent(key: String) async throws {
        let bench = Bench(Self.contents, environment: [key: "of the environment"])
        #expect(try await bench.secrets.value(key, in: "app", fallbackEnvironment: key) == nil)
    }

    @Test("Absent, empty and placeholder are three things")
    func three() async throws {
        let bench = Bench(Self.contents)
        let empty = try #require(try await bench.secrets.value("EMPTY", in: "app"))
        #expect(empty.isEmpty && !empty.isPlaceholder)
        let placeholder = try #require(try await bench.secrets.value("TODO", in: "app"))
        #expect(placeholder.isPlaceholder && !placeholder.isEmpty)
        #expect(try await bench.secrets.value("ABSENT", in: "app") == nil)
    }

    @Test(
        "A required value is there, not empty and no placeholder",
        arguments: [
            ("KEY", nil),
            ("ABSENT", SecretsManagerError.missingKey(key: "ABSENT", name: "app")),
            ("NULL", .missingKey(key: "NULL", name: "app")),
            ("EMPTY", .emptyValue(key: "EMPTY", name: "app")),
            ("TODO", .placeholderValue(key: "TODO", name: "app")),
        ] as [(String, SecretsManagerError?)])
    func required(key: String, expected: SecretsManagerError?) async throws {
        let bench = Bench(Self.contents)
        do {
            #expect(try await bench.secrets.requiredValue(key, in: "app").reveal() == "one")
            #expect(expected == nil)
        } catch let error as SecretsManagerError {
            #expect(error == expected)
        }
    }

    /// What there is besides the store, and what a reader gets.
    struct Fallback: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var error: StoreError?
        var cached = false
        var variable: String? = "KEY"
        var environment: [String: String] = ["KEY": "of the environment"]
        /// Nil: throws.
        var gives: String?
    }

    static let fallbacks: [Fallback] =
        [
            Fallback(testDescription: "the store answers", error: nil, gives: "one"),
            Fallback(testDescription: "cannot be reached", error: .outage, gives: "of the environment"),
            Fallback(
                testDescription: "cannot be reached, a value is cached", error: .outage, cached: true, gives: "one"),
            Fallback(testDescription: "cannot be reached, no variable is named", error: .outage, variable: nil),
            Fallback(testDescription: "cannot be reached, another is set", error: .outage, environment: ["OTHER": "x"]),
            Fallback(
                testDescription: "cannot be reached, the variable is empty", error: .outage, environment: ["KEY": ""]),
        ]
        + LastingError.all.flatMap { lasting in
            [false, true].map { cached in
                Fallback(
                    testDescription: lasting.testDescription + (cached ? ", a value was cached" : ""),
                    error: lasting.error, cached: cached)
            }
        }

    @Test("The environment stands in only while the store cannot be reached", arguments: fallbacks)
    func fallback(_ fallback: Fallback) async throws {
        let bench = Bench(environment: fallback.environment)
        if fallback.cached { _ = try await bench.reveal() }
        bench.clock.advance(.seconds(1_000))
        bench.store.fail(fallback.error)
        // A default never stands in for a store that fails.
        let value = try? await bench.secrets.value(
            "KEY", in: "app", default: "default", fallbackEnvironment: fallback.variable)
        #expect(value?.reveal() == fallback.gives)
        let isFromEnvironment = fallback.gives == "of the environment"
        #expect(bench.events.all.contains(.fallback(name: "app", variable: "KEY")) == isFromEnvironment)
        let said = bench.log.at(.warning).filter {
            $0.contains("environment variable KEY stands in for KEY of secret app")
        }
        #expect(said.count == (isFromEnvironment ? 1 : 0))
    }

    @Test("The use of a variable is logged once per failure of the store, and counted each time")
    func fallbackLog() async throws {
        let bench = Bench(environment: ["KEY": "of the environment", "OTHER": "x"])
        bench.store.fail(.outage)
        for _ in 0..<10 {
            _ = try await bench.secrets.value("KEY", in: "app", fallbackEnvironment: "KEY")
            _ = try await bench.secrets.value("OTHER", in: "app", fallbackEnvironment: "OTHER")
        }
        #expect(bench.log.at(.warning).filter { $0.contains("stands in") }.count == 2)
        #expect(bench.events.all.filter { $0 == .fallback(name: "app", variable: "KEY") }.count == 10)
        bench.clock.advance(.seconds(1))
        _ = try await bench.secrets.value("KEY", in: "app", fallbackEnvironment: "KEY")
        #expect(bench.log.at(.warning).filter { $0.contains("stands in") }.count == 3)
    }

    @Test("A value of the environment that is a placeholder does not satisfy a requirement")
    func fallbackPlaceholder() async throws {
        let bench = Bench(environment: ["KEY": "changeme"])
        bench.store.fail(.outage)
        await #expect(throws: SecretsManagerError.placeholderValue(key: "KEY", name: "app")) {
            try await bench.secrets.requiredValue("KEY", in: "app", fallbackEnvironment: "KEY")
        }
    }

    @Test(
        "Text that only holds the place of a value is told from one",
        arguments: [
            ("changeme", true), ("CHANGE_ME", true), ("change-me", true), ("<your key>", true), ("${API_KEY}", true),
            ("{{ api_key }}", true), ("SG.your-actual-key-here", true), ("https://your-sentry-dsn", true),
            ("your_password", true), ("xxxxxxxx", true), ("********", true), ("TODO", true), ("...", true),
            ("[your key]", true), ("redacted", true), ("REPLACE-ME", true), ("insert_key_here", true),
            // A scan passes over these; as settings they may be meant.
            ("secret", false), ("test", false), ("example", false), ("000000", false), ("dummy", false),
            ("", false), ("x", false), ("password", false), ("hunter2", false), ("xxy", false), ("yours", false),
            ("harbouryour-x", false), ("aHR0cHM6Ly9leGFtcGxl", false), ("<", false), ("<>", false), ("your", false),
            ("your-", false), (String(repeating: "x", count: 129), false),
        ])
    func placeholders(text: String, expected: Bool) {
        #expect(Secret(text).isPlaceholder == expected)
    }

    @Test("Any bytes can be asked whether they are a placeholder")
    func placeholderFuzz() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("your-_ <>${}x*.A".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let isPlaceholder = bytes.withUnsafeBufferPointer { PlaceholderText.matches(Span(_unsafeElements: $0)) }
            if bytes.isEmpty { #expect(!isPlaceholder) }
        }
    }
}
