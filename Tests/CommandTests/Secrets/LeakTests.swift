// No value appears where nobody asked for it: in output, errors, files, headers, URLs, arguments or environments.

import Foundation
import Synchronization
import TestServers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LeakTests {
    private let canaries = Canaries()

    @Test func `the search finds a value in every spelling`() throws {
        let value = canaries.sendGrid
        let texts = [
            "x" + value + "y", Data(("ab" + value).utf8).base64EncodedString(),
            Data(("abc" + value + "de").utf8).base64EncodedString(), Data(("a" + value).utf8).base64EncodedString(),
        ]
        for text in texts { #expect(!canaries.traces(in: text).isEmpty) }
        let json = String(decoding: try JSONEncoder().encode(["a": canaries.password]), as: UTF8.self)
        #expect(!canaries.traces(in: json).isEmpty)
        #expect(!canaries.traces(in: "id " + Data(canaries.pin.utf8).base64EncodedString()).isEmpty)
        #expect(canaries.traces(in: "SG.abc hello 7Q 7~").isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func `a whole story leaves no value in output, errors or files`(kind: StoreKind) async throws {
        let place = try await Workplace.on(kind)
        for (words, input) in Self.story(place.secret, canaries) {
            let outcome = try await place.migrate(words, bytes: input.map { Array($0.utf8) })
            // The doctor cannot find out everything everywhere.
            #expect(words[0] == "doctor" || outcome.status <= 1, "\(words): \(outcome.errorText)")
            expectNoTrace(outcome, "\(words)")
        }
        #expect(try await place.value("PASSWORD") == canaries.password)
        #expect(try await place.value("PIN") == canaries.pin)
        let files = Scratch.files(below: place.root)
        if kind == .vault { #expect(files.contains { $0.hasSuffix(".sealed") }) }
        for file in files { #expect(canaries.traces(in: Scratch.bytes(file)).isEmpty, "\(file)") }
    }

    /// Commands that touch values in every way, none of which asks for one to be shown.
    private static func story(_ name: String, _ canaries: Canaries) -> [(words: [String], input: String?)] {
        [
            (["secret", "create", name], nil),
            (["secret", "set", name, "PASSWORD"], canaries.password),
            (["secret", "set", name, "PIN", "--format", "json"], canaries.pin),
            (["secret", "import", "-", "--secret", name, "--dry-run"], canaries.dotenv),
            (["secret", "import", "-", "--secret", name, "--yes"], canaries.dotenv),
            (["secret", "import", "-", "--secret", name, "--yes", "--format", "json"], canaries.dotenv),
            (["secret", "get", name], nil), (["secret", "get", name, "--format", "json"], nil),
            (["secret", "get", name, "PIN"], nil), (["secret", "diff", "-", "--secret", name], canaries.dotenv),
            (["secret", "diff", "-", "--secret", name, "--format", "json"], canaries.dotenv),
            (["secret", "set", name, "PIN", "--yes"], "other"),
            (["secret", "set", name, "PIN", "--yes"], canaries.pin),
            (["secret", "diff", "--versions", "AWSPREVIOUS", "AWSCURRENT", "--secret", name], nil),
            (["secret", "rollback", name, "--dry-run"], nil), (["secret", "rollback", name, "--yes"], nil),
            (["secret", "set", name, "PIN", "--yes"], canaries.pin),
            (["secret", "history", name], nil), (["secret", "list"], nil),
            (["secret", "unset", name, "PIN", "--yes"], nil), (["secret", "rollback", name, "--yes"], nil),
            (["run", "--secret", name, "--", "true"], nil), (["doctor", name, "--format", "json"], nil),
        ]
    }

    @Test func `no value is in a URL, a header or a CloudTrail event`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        for (words, input) in Self.story(place.secret, canaries) {
            _ = try await place.migrate(words, bytes: input.map { Array($0.utf8) })
        }
        #expect(double.requests.count > 20)
        var tokens: Set<String> = []
        for request in double.requests {
            #expect(canaries.traces(in: request.visibleText).isEmpty, "\(request.operation)")
            let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            for (field, value) in body ?? [:] where field != "SecretString" {
                #expect(canaries.traces(in: "\(value)").isEmpty, "\(request.operation) \(field)")
            }
            if let token = body?["ClientRequestToken"] as? String { tokens.insert(token) }
        }
        // Tokens are in CloudTrail. From one run to the next the same values must not give the same token.
        #expect(tokens.count >= double.writes(of: "PutSecretValue").count)
        await double.stop()
    }

    #if os(Linux)
        @Test func `while a request is on its way no value is in arguments or environment of the process`() async throws
        {
            let double = try await SecretsManagerDouble.start()
            let place = try Workplace.on(double)
            try await place.prepare([("PASSWORD", canaries.password), ("PIN", canaries.pin)])
            let commands: [(operation: String, words: [String], input: String)] = [
                ("PutSecretValue", ["secret", "set", place.secret, "SENDGRID_API_KEY"], canaries.sendGrid),
                ("UpdateSecretVersionStage", ["secret", "import", "-", "-s", place.secret, "-y"], canaries.dotenv),
                ("GetSecretValue", ["secret", "get", place.secret], ""),
            ]
            for (operation, words, input) in commands {
                let asking = Asking()
                // The process is there, and waits for the answer.
                double.before(operation) { _ in await asking.look() }
                let running = try place.start(words, input: Array(input.utf8))
                asking.id.withLock { $0 = running.id }
                #expect(try await running.end().status == 0)
                double.removeHooks()
                let seen = asking.seen.withLock(\.self)
                #expect(seen.contains { $0.contains("secret") } && seen.contains { $0.contains("AWS_REGION=") })
                for text in seen { #expect(canaries.traces(in: text).isEmpty) }
            }
            await double.stop()
        }

        /// What can be seen of a process from outside while its request is being handled.
        private final class Asking: Sendable {
            let id = Mutex<pid_t?>(nil)
            let seen = Mutex<[String]>([])

            func look() async {
                while id.withLock(\.self) == nil { await LocalHTTPServer.sleep(.milliseconds(1)) }
                let folder = "/proc/\(id.withLock(\.self) ?? 0)/"
                for file in ["cmdline", "environ"] {
                    let text = String(decoding: LeakTests.wholeFile(folder + file), as: UTF8.self)
                    seen.withLock { $0.append(text) }
                }
            }
        }

        /// Files of /proc say that they are empty, and are read to their end all the same.
        fileprivate static func wholeFile(_ path: String) -> [UInt8] {
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { return [] }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
            return bytes
        }
    #endif

    /// One way in which AWS, or what lies between, fails.
    private struct Failing: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var fault: Fault
    }

    private static let failings = [
        Failing(testDescription: "throttled", fault: .throttle()),
        Failing(testDescription: "500", fault: .internalServiceError),
        Failing(testDescription: "503 with a page", fault: .html(status: 503)),
        Failing(testDescription: "a page in place of JSON", fault: .html()),
        Failing(testDescription: "half JSON", fault: .halfJSON),
        Failing(testDescription: "half a body", fault: .closeMidBody),
        Failing(testDescription: "closed before", fault: .closeBeforeHandling),
        Failing(testDescription: "reset after", fault: .resetAfterHandling),
        Failing(testDescription: "access denied", fault: .error("AccessDeniedException", "User is not authorized")),
        Failing(testDescription: "decryption failure", fault: .decryptionFailure),
        Failing(testDescription: "encryption failure", fault: .encryptionFailure),
        Failing(testDescription: "quota", fault: .quota),
        Failing(testDescription: "expired token", fault: .expiredToken),
        Failing(testDescription: "an unknown error", fault: .error("SomethingNew", "Nobody has seen this before.")),
    ]

    @Test("whatever fails, the error tells of it without a value", arguments: failings)
    private func failure(_ failing: Failing) async throws {
        for (operation, words, input) in [
            ("GetSecretValue", ["secret", "get"], nil), ("GetSecretValue", ["export", "-f", "json"], nil),
            ("PutSecretValue", ["secret", "set", "SENDGRID_API_KEY", "--yes"], canaries.sendGrid),
            ("PutSecretValue", ["secret", "import", "-", "--yes"], canaries.dotenv),
            ("UpdateSecretVersionStage", ["secret", "set", "SENDGRID_API_KEY", "--yes"], canaries.sendGrid),
        ] as [(String, [String], String?)] {
            let double = try await SecretsManagerDouble.start()
            let place = try Workplace.on(double)
            try double.setValue(of: place.secret, Self.json(["PASSWORD": canaries.password, "PIN": canaries.pin]))
            double.inject(failing.fault, on: operation, times: 6)
            let outcome = try await place.migrate(
                words + ["--secret", place.secret], bytes: input.map { Array($0.utf8) },
                changes: ["AWS_MAX_ATTEMPTS": "2"])
            #expect(!outcome.isCrash)
            #expect([0, 2, 3].contains(outcome.status))
            #expect(canaries.traces(in: outcome.errorText).isEmpty, "\(words)")
            if outcome.status != 0 {
                #expect(outcome.output.isEmpty)
                #expect(outcome.errorText.contains("migrate: "))
            }
            await double.stop()
        }
    }

    @Test("not even an error that quotes the value is passed on", arguments: ["error", "page"])
    func quoted(kind: String) async throws {
        for value in canaries.all {
            let double = try await SecretsManagerDouble.start()
            let place = try Workplace.on(double)
            try await place.prepare()
            let text = "1 validation error detected: Value '{\"KEY\":\"\(value)\"}' at 'secretString' failed"
            double.inject(
                kind == "error" ? .error("ValidationException", text) : .status(502, body: text), on: "PutSecretValue",
                times: 3)
            let outcome = try await place.migrate(
                ["secret", "set", place.secret, "KEY"], bytes: Array(value.utf8), changes: ["AWS_MAX_ATTEMPTS": "1"])
            #expect(outcome.status != 0)
            expectNoTrace(outcome, kind)
            await double.stop()
        }
    }

    @Test(arguments: ["", "not an object ", "[", "{\"a\":1,\"a\":", "{\"A\": \"open "])
    func `a secret that is no JSON object is told of without its text`(start: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        for value in canaries.all {
            try double.setValue(of: place.secret, start + value)
            for words in [
                ["secret", "get", place.secret], ["secret", "set", place.secret, "KEY", "--yes"],
                ["run", "--secret", place.secret, "--", "true"], ["export", "-f", "shell", "--secret", place.secret],
            ] {
                let outcome = try await place.migrate(words, bytes: Array("new".utf8))
                expectOneLine(outcome, status: 3, "not a JSON object")
                expectNoTrace(outcome, "\(words)")
            }
        }
        #expect(double.writes.filter { $0.operation == "PutSecretValue" }.count <= canaries.all.count)
        await double.stop()
    }

    @Test func `credentials of the environment appear nowhere either`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        double.removeKey(double.accessKeyID)
        for words in [["secret", "list"], ["doctor"], ["policy", "app", "shop/x"], ["audit", "shop/x"]] {
            let outcome = try await place.migrate(words)
            #expect(outcome.status != 0)
            #expect(!(outcome.errorText + outcome.text).contains(double.secretAccessKey))
        }
        #expect(double.requests.allSatisfy { !$0.visibleText.contains(double.secretAccessKey) })
        await double.stop()
    }

    private static func json(_ values: [String: String]) throws -> String {
        String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    }

    private func expectNoTrace(
        _ outcome: Outcome, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(canaries.traces(in: outcome.output).isEmpty, "\(what)", sourceLocation: sourceLocation)
        #expect(canaries.traces(in: outcome.errors).isEmpty, "\(what)", sourceLocation: sourceLocation)
    }
}
