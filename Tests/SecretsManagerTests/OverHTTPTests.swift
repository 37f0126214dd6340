// The library on AWS as the double plays it: real requests, real refusals.

import Foundation
import Logging
import Secrets
import Stores
import Synchronization
import TestServers
import Testing
import World

@testable import SecretsManager

@Suite("On AWS, over HTTP", .timeLimit(.minutes(1)))
struct OverHTTPTests {
    private static let read = "GetSecretValue"
    private let value = ["sw", "ordfish"].joined()

    /// A double with the secret `app`, an application on it, and ears for its log and events.
    private struct Stand {
        let double: SecretsManagerDouble
        let secrets: SecretsManager
        let log = CapturedLog.Lines()
        let events = CapturedEvents()

        init(
            value: String, environment: [String: String] = [:], caching: SecretsManager.Caching = .init()
        ) async throws {
            double = try await SecretsManagerDouble.start()
            try double.setValue(of: "app", "{\"KEY\":\"\(value)\"}")
            var world = World.real()
            // Neither this machine's settings nor its network; and retries wait for nothing.
            world.environment = [
                "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ACCESS_KEY_ID": double.accessKeyID, "AWS_SECRET_ACCESS_KEY": double.secretAccessKey,
            ].merging(environment) { $1 }
            world.jitter = { 0 }
            let (log, events) = (log, events)
            secrets = try await SecretsManager(
                configuration: .aws(region: double.region, endpoint: double.url, caching: caching), world: world,
                logger: Logger(label: "test") { _ in CapturedLog(log) }, metrics: { events.add($0) })
        }

        var reads: Int { double.requests(for: read).count }

        func error(_ body: () async throws -> Void) async -> SecretsManagerError? {
            await #expect(throws: SecretsManagerError.self) { try await body() }
        }

        func settle() async { await until { secrets.state.withLock { $0.flights.isEmpty } } }

        func end() async {
            await secrets.shutdown()
            await double.stop()
        }
    }

    /// Every read asks the store, and a failure does not have it left alone.
    private static let impatient = SecretsManager.Caching.with {
        $0.timeToLive = .zero
        $0.firstBackoff = .zero
        $0.longestBackoff = .zero
    }

    @Test("Fifty who ask at once make one request; what is cached makes none")
    func oneRequest() async throws {
        let stand = try await Stand(value: value)
        stand.double.setLatency(.milliseconds(50))
        let keys = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<50 { group.addTask { try await stand.secrets.get("app")["KEY"]?.reveal() } }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(keys == Array(repeating: value, count: 50))
        _ = try await stand.secrets.get("app")
        #expect(stand.reads == 1)
        // The current version by its label: emulators exist that give another one without it.
        let body = stand.double.requests(for: Self.read).first.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(body?.contains("AWSCURRENT") == true)
        await stand.end()
    }

    @Test("A request that is throttled, cut off or failed by the service is made again, and no reader notices")
    func retries() async throws {
        for fault in [Fault.throttle(), .internalServiceError, .closeBeforeHandling, .closeMidBody] {
            let stand = try await Stand(value: value)
            stand.double.inject(fault, on: Self.read)
            #expect(try await stand.secrets.requiredValue("KEY", in: "app").reveal() == value)
            #expect(stand.reads == 2 && stand.events.failures == 0)
            await stand.end()
        }
    }

    @Test("Throttled to the end, what is stale is served and said so; with nothing cached the environment stands in")
    func outage() async throws {
        let stand = try await Stand(value: value, environment: ["KEY": "spare"], caching: Self.impatient)
        _ = try await stand.secrets.get("app")
        stand.double.inject(.throttle(), on: Self.read, times: 99)
        #expect(try await stand.secrets.get("app")["KEY"]?.reveal() == value)
        await stand.settle()
        #expect(stand.events.stale == 1)
        #expect(stand.log.at(.warning).contains { $0.contains("stale values read") })
        let spare = try await stand.secrets.value("KEY", in: "other", fallbackEnvironment: "KEY")
        #expect(spare?.reveal() == "spare")
        #expect(stand.log.at(.warning).contains { $0.contains("environment variable KEY stands in") })
        await stand.end()
    }

    @Test("Once access is denied nothing cached is served, nor does the environment stand in")
    func denied() async throws {
        let stand = try await Stand(value: value, environment: ["KEY": "spare"], caching: Self.impatient)
        _ = try await stand.secrets.get("app")
        stand.double.deny("secretsmanager:GetSecretValue")
        for _ in 0..<2 {
            let error = await stand.error {
                _ = try await stand.secrets.value("KEY", in: "app", default: "d", fallbackEnvironment: "KEY")
            }
            guard case .accessDenied(_, "secretsmanager:GetSecretValue", let identity?) = error else {
                Issue.record("another error: \(String(describing: error))")
                continue
            }
            #expect(identity.contains(stand.double.accessKeyID))
        }
        #expect(stand.events.stale == 0)
        stand.double.allow("secretsmanager:GetSecretValue")
        #expect(try await stand.secrets.get("app")["KEY"]?.reveal() == value)
        await stand.end()
    }

    @Test("Each refusal of AWS is an error of its own, and none is transient")
    func refusals() async throws {
        let stand = try await Stand(value: value, caching: Self.impatient)
        let get = { @Sendable (name: String) in _ = try await stand.secrets.get(name) }
        guard case .notFound? = await stand.error({ try await get("absent") }) else {
            Issue.record("not found")
            return
        }
        let words: [(Fault, String)] = [
            (.decryptionFailure, "decryptionFailed"), (.error("InvalidParameterException", "no"), "refused"),
            (.error("UnrecognizedClientException", "The security token is invalid."), "credentials"),
            (.error("InvalidSignatureException", "It does not match."), "credentials"),
        ]
        for (fault, word) in words {
            stand.double.inject(fault, on: Self.read, times: 1)
            let error = await stand.error { try await get("app") }
            let name = error.flatMap { Mirror(reflecting: $0).children.first?.label }
            #expect(name == word, "\(String(describing: error))")
            #expect(error?.isTransient == false)
            stand.secrets.clearCache()
        }
        try stand.double.setValue(of: "plain", "hunter")
        guard case .notAnObject? = await stand.error({ try await get("plain") }) else {
            Issue.record("plain text")
            return
        }
        try stand.double.perform("DeleteSecret", json: #"{"SecretId":"app","RecoveryWindowInDays":7}"#)
        guard case .scheduledForDeletion(_, _?)? = await stand.error({ try await get("app") }) else {
            Issue.record("scheduled for deletion")
            return
        }
        await stand.end()
    }

    @Test("A server that answers no more is an outage: what is cached goes on")
    func silence() async throws {
        let stand = try await Stand(value: value, caching: Self.impatient)
        _ = try await stand.secrets.get("app")
        stand.double.inject(.closeBeforeHandling, on: Self.read, times: 99)
        #expect(try await stand.secrets.get("app")["KEY"]?.reveal() == value)
        await stand.settle()
        let error = await stand.error { _ = try await stand.secrets.get("other") }
        #expect(error?.isTransient == true, "\(String(describing: error))")
        #expect(stand.events.stale == 1)
        await stand.end()
    }

    @Test("No value stands in a URL, a header, the log or an event, whatever went wrong")
    func disclosure() async throws {
        let stand = try await Stand(value: value, caching: Self.impatient)
        for fault in [nil, Fault.throttle(), .halfJSON, .html(), .decryptionFailure, .closeMidBody] {
            if let fault { stand.double.inject(fault, on: Self.read, times: 3) }
            _ = try? await stand.secrets.get("app", refreshing: true)
        }
        await stand.settle()
        #expect(stand.reads > 6)
        #expect(stand.double.requests.allSatisfy { !$0.visibleText.contains(value) })
        #expect(!stand.log.all.isEmpty && stand.log.all.allSatisfy { !$0.text.contains(value) })
        #expect(stand.events.all.allSatisfy { !String(reflecting: $0).contains(value) })
        await stand.end()
    }
}
