// The chain: order, what ends the search, what is kept and for how long, and the trace.

import HTTP
import Secrets
import Synchronization
import Testing
import World

@testable import AWS

/// A source that a test scripts.
private final class ScriptedSource: CredentialProvider {
    let name: String
    private let answers: Mutex<[Result<ProviderAnswer, CredentialError>]>
    private let count = Mutex(0)
    private let delay: Duration?

    init(_ name: String, _ answers: [Result<ProviderAnswer, CredentialError>], delay: Duration? = nil) {
        self.name = name
        self.answers = Mutex(answers)
        self.delay = delay
    }

    var loads: Int { count.withLock { $0 } }

    func load() async throws -> ProviderAnswer {
        count.withLock { $0 += 1 }
        if let delay { try await Task.sleep(for: delay) }
        // The last answer stays.
        return try answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
    }

    static func found(_ name: String, end: Instant? = nil) -> Result<ProviderAnswer, CredentialError> {
        .success(
            .found(
                AWSCredentials(
                    accessKeyID: name, secretAccessKey: SharedSecret(copying: "s".utf8), expiration: end, source: name))
        )
    }

    static let absent = Result<ProviderAnswer, CredentialError>.success(.notConfigured("not there"))
    static let broken = Result<ProviderAnswer, CredentialError>.failure(
        CredentialError(kind: .sourceFailed, source: "b", reason: "it broke"))
}

@Suite("The credential chain") struct CredentialChainTests {
    private let clock = TestClock()

    private func chain(_ sources: ScriptedSource...) -> CredentialChain {
        CredentialChain(providers: sources, world: ChainTest.world(clock: clock))
    }

    @Test("The first source that has credentials wins, and the trace says why the others did not")
    func order() async throws {
        let chain = chain(
            ScriptedSource("a", [ScriptedSource.absent]), ScriptedSource("b", [ScriptedSource.found("B")]),
            ScriptedSource("c", [ScriptedSource.found("C")]))
        #expect(try await chain.credentials(refreshing: false).accessKeyID == "B")
        #expect(
            try await chain.trace()
                == CredentialTrace(entries: [
                    .init(source: "a", outcome: .notConfigured("not there")), .init(source: "b", outcome: .used),
                    .init(source: "c", outcome: .notTried),
                ]))
    }

    @Test("A source that fails ends the search: no other identity is taken in its place")
    func failure() async throws {
        let last = ScriptedSource("c", [ScriptedSource.found("C")])
        let chain = chain(ScriptedSource("b", [ScriptedSource.broken]), last)
        let error = await #expect(throws: CredentialError.self) { try await chain.credentials(refreshing: false) }
        #expect(error?.reason == "it broke")
        #expect(last.loads == 0)
        #expect(
            try await chain.trace().entries.map(\.outcome) == [.failed("it broke"), .notTried])
    }

    @Test("No source at all is said as such")
    func none() async {
        let chain = chain(ScriptedSource("a", [ScriptedSource.absent]))
        let error = await #expect(throws: CredentialError.self) { try await chain.credentials(refreshing: false) }
        #expect(error?.kind == CredentialError.Kind.none)
        #expect(error?.remedy != nil)
    }

    @Test("Credentials are kept until five minutes before their end")
    func kept() async throws {
        let end = clock.now + 3_600
        let source = ScriptedSource("a", [ScriptedSource.found("A1", end: end), ScriptedSource.found("A2")])
        let chain = chain(source)
        for (advance, expected) in [(0.0, "A1"), (3_299, "A1"), (2, "A2"), (100_000, "A2")] {
            clock.advance(advance)
            #expect(try await chain.credentials(refreshing: false).accessKeyID == expected)
        }
        #expect(source.loads == 2)
    }

    @Test("A renewal that fails leaves the old ones in use until their end, unless they were called expired")
    func renewalFails() async throws {
        let source = ScriptedSource("a", [ScriptedSource.found("A1", end: clock.now + 400), ScriptedSource.broken])
        let chain = chain(source)
        #expect(try await chain.credentials(refreshing: false).accessKeyID == "A1")
        clock.advance(200)
        #expect(try await chain.credentials(refreshing: false).accessKeyID == "A1")
        await #expect(throws: CredentialError.self) { try await chain.credentials(refreshing: true) }
        clock.advance(200)
        await #expect(throws: CredentialError.self) { try await chain.credentials(refreshing: false) }
    }

    @Test("Where a source that gave credentials answers no more, that may pass; where none ever did, it does not")
    func unanswered() async throws {
        let end = clock.now + 400
        let silence = Result<ProviderAnswer, CredentialError>.success(.unanswered("it does not answer"))
        let chain = chain(ScriptedSource("a", [ScriptedSource.found("A", end: end), silence]))
        _ = try await chain.credentials(refreshing: false)
        clock.advance(500)
        let gone = await #expect(throws: CredentialError.self) { try await chain.credentials(refreshing: false) }
        #expect(gone?.kind == CredentialError.Kind.none && gone?.isTransient == true)
        #expect(try await chain.trace().entries.map(\.outcome) == [.notConfigured("it does not answer")])

        let never = self.chain(ScriptedSource("a", [silence]))
        let none = await #expect(throws: CredentialError.self) { try await never.credentials(refreshing: false) }
        #expect(none?.isTransient == false)
        let absent = self.chain(ScriptedSource("a", [ScriptedSource.found("A", end: end), ScriptedSource.absent]))
        await #expect(throws: CredentialError.self) {
            _ = try await absent.credentials(refreshing: false)
            clock.advance(1)
            _ = try await absent.credentials(refreshing: true)
        }
    }

    @Test("Refreshing fetches anew, whatever is kept")
    func refreshing() async throws {
        let chain = chain(ScriptedSource("a", [ScriptedSource.found("A1"), ScriptedSource.found("A2")]))
        #expect(try await chain.credentials(refreshing: false).accessKeyID == "A1")
        #expect(try await chain.credentials(refreshing: true).accessKeyID == "A2")
        #expect(try await chain.credentials(refreshing: false).accessKeyID == "A2")
    }

    @Test("Many callers at once cause one search, and a failure reaches them all")
    func coalescing() async throws {
        let good = ScriptedSource("a", [ScriptedSource.found("A")], delay: .milliseconds(200))
        let bad = ScriptedSource("b", [ScriptedSource.broken], delay: .milliseconds(200))
        for (source, isGood) in [(good, true), (bad, false)] {
            let chain = chain(source)
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { (try? await chain.credentials(refreshing: false)) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: isGood, count: 50))
            // Whoever comes after a failure searches again: on a busy machine some may.
            #expect(isGood ? source.loads == 1 : source.loads < 50)
        }
    }

    @Test("One caller's cancellation does not take the search from another; the last one's ends it")
    func cancellation() async throws {
        let source = ScriptedSource("a", [ScriptedSource.found("A")], delay: .milliseconds(200))
        let chain = chain(source)
        let first = Task { try await chain.credentials(refreshing: false) }
        let second = Task { try await chain.credentials(refreshing: false) }
        while source.loads == 0 { await Task.yield() }
        first.cancel()
        #expect(try await second.value.accessKeyID == "A")

        let slow = ScriptedSource("b", [ScriptedSource.found("B")], delay: .seconds(60))
        let other = self.chain(slow)
        let only = Task { try await other.credentials(refreshing: false) }
        while slow.loads == 0 { await Task.yield() }
        only.cancel()
        await #expect(throws: CancellationError.self) { try await only.value }
    }
}

@Suite("Which source the usual chain takes") struct UsualChainTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var environment: [String: String] = [:]
        var profileFlag: String?
        var config = ""
        var credentials = ""
        /// The name in the access key id, or nil for none.
        var winner: String?
    }

    private static func keys(_ name: String) -> String {
        "aws_access_key_id = \(ChainTest.id(name))\naws_secret_access_key = \(ChainTest.secret(name))\n"
    }

    private static let environmentKeys = [
        "AWS_ACCESS_KEY_ID": ChainTest.id("env"), "AWS_SECRET_ACCESS_KEY": ChainTest.secret("env"),
    ]
    /// `cat` prints what the file `process.json` in the home folder holds.
    private static let process = "credential_process = cat HOME/process.json\n"

    private static let cases = [
        Case(testDescription: "nothing at all", winner: nil),
        Case(
            testDescription: "environment before the default profile", environment: environmentKeys,
            credentials: "[default]\n" + keys("file"), winner: "env"),
        Case(
            testDescription: "environment before AWS_PROFILE",
            environment: environmentKeys.merging(["AWS_PROFILE": "p"]) { $1 }, credentials: "[p]\n" + keys("file"),
            winner: "env"),
        Case(
            testDescription: "a profile by flag before the environment", environment: environmentKeys, profileFlag: "p",
            credentials: "[p]\n" + keys("file"), winner: "file"),
        Case(
            testDescription: "AWS_PROFILE", environment: ["AWS_PROFILE": "p"],
            credentials: "[default]\n" + keys("other") + "[p]\n" + keys("file"), winner: "file"),
        Case(
            testDescription: "credentials file before credential_process", config: "[default]\n" + process,
            credentials: "[default]\n" + keys("file"), winner: "file"),
        Case(
            testDescription: "credential_process before the config file",
            config: "[default]\n" + process + keys("conf"),
            winner: "process"),
        Case(testDescription: "config file", config: "[default]\n" + keys("conf"), winner: "conf"),
        Case(
            testDescription: "a file before the container",
            environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"], config: "[default]\n" + keys("conf"),
            winner: "conf"),
        Case(
            testDescription: "container", environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"],
            config: "[default]\nregion = x\n", winner: "container"),
    ]

    @Test("Sources are taken in their order", arguments: cases)
    func order(_ example: Case) async throws {
        let home = try HomeFolder()
        try home.write(example.config.replacing("HOME", with: home.path), ".aws/config")
        try home.write(example.credentials, ".aws/credentials")
        try home.write(ChainTest.answer("process", token: "SessionToken"), "process.json")
        let transport = ChainTransport { request, _ in
            guard request.host == "169.254.170.2" else {
                throw TransportError(kind: .timeout, reason: "no answer in time", mayHaveArrived: false)
            }
            return ChainTest.reply(200, ChainTest.answer("container"))
        }
        let overrides = AWSOverrides(profile: example.profileFlag.map { .init($0, "--profile") })
        let context = try AWSContext.make(
            overrides: overrides, world: ChainTest.world(example.environment, home: home), transport: transport)
        let found = try? await context.credentials.credentials(refreshing: false).accessKeyID
        #expect(found == example.winner.map { ChainTest.id($0) })
        let trace = try await context.credentials.trace()
        #expect(trace.entries.count == 10)
        #expect(trace.entries.count { $0.outcome == .used } == (example.winner == nil ? 0 : 1))
    }

    @Test("A broken profile is not passed over for the container's identity")
    func broken() async throws {
        let home = try HomeFolder(config: "[default]\naws_access_key_id = \(ChainTest.id("half"))\n")
        let transport = ChainTransport { _, _ in ChainTest.reply(200, ChainTest.answer("container")) }
        let context = try AWSContext.make(
            world: ChainTest.world(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"], home: home), transport: transport)
        await #expect(throws: CredentialError.self) { try await context.credentials.credentials(refreshing: false) }
        #expect(transport.requests.isEmpty)
    }

    @Test("Without a region there is no client, and no region is taken in silence")
    func noRegion() async throws {
        let home = try HomeFolder()
        let context = try AWSContext.make(world: ChainTest.world(home: home), transport: ChainTransport.dead)
        let error = #expect(throws: AWSConfigurationError.self) { try context.client(.secretsManager) }
        #expect(error?.reason == "no AWS region is set")
    }

    @Test("Certificates that cannot be read are an error that names the variable")
    func certificates() async throws {
        let home = try HomeFolder()
        let world = ChainTest.world(["AWS_CA_BUNDLE": "/nowhere/ca.pem"], home: home)
        let error = #expect(throws: AWSConfigurationError.self) { try AWSContext.make(world: world) }
        #expect(error?.place == "AWS_CA_BUNDLE")
    }

    @Test("The instance's region is taken when asked for, and only where no other is set")
    func instanceRegion() async throws {
        let transport = ChainTransport { request, _ in ChainTest.reply(200, request.method == .put ? "s" : "eu-west-3")
        }
        let home = try HomeFolder()
        var context = try AWSContext.make(world: ChainTest.world(home: home), transport: transport)
        #expect(context.settings.region == nil)
        try await context.takeRegionFromInstance()
        #expect(context.settings.region?.value == "eu-west-3")
        var other = try AWSContext.make(
            world: ChainTest.world(["AWS_REGION": "us-east-2"], home: home), transport: transport)
        try await other.takeRegionFromInstance()
        #expect(other.settings.region?.value == "us-east-2")
    }
}
