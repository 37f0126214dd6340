// A store in memory with faults, a clock that a test moves, and ears for the log and the metrics.

import AWS
import Foundation
import Logging
import Secrets
import Stores
import Synchronization
import World

@testable import SecretsManager

/// Time that passes when a test says so.
final class TestClock: Sendable {
    private let now = Atomic<UInt64>(1_000_000_000_000)

    var ticks: UInt64 { now.load(ordering: .sequentiallyConsistent) }

    func advance(_ duration: Duration) { now.add(duration.nanoseconds, ordering: .sequentiallyConsistent) }

    func sleep(_ duration: Duration) async throws {
        let end = ticks + duration.nanoseconds
        while ticks < end { try await Task.sleep(for: .milliseconds(1)) }
    }
}

/// Serves the texts it is given, counts, and fails when told to.
final class MemoryStore: SecretStore {
    struct State {
        var contents: [String: String] = [:]
        var versions: [String: Int] = [:]
        var error: StoreError?
        var foreignError: (any Error)?
        var isHeld = false
        var reads: [String: Int] = [:]
        var waiting = 0
    }

    let state = Mutex(State())
    let place = "the store in memory"

    init(_ contents: [String: String] = [:]) { state.withLock { $0.contents = contents } }

    var reads: Int { state.withLock { $0.reads.values.reduce(0, +) } }
    var waiting: Int { state.withLock { $0.waiting } }

    func write(_ content: String, to name: String = "app") {
        state.withLock { state in
            state.contents[name] = content
            state.versions[name, default: 0] += 1
        }
    }

    func fail(_ error: StoreError?) { state.withLock { $0.error = error } }
    func fail(foreign error: (any Error)?) { state.withLock { $0.foreignError = error } }
    /// From now on reads wait for `release`.
    func hold() { state.withLock { $0.isHeld = true } }
    func release() { state.withLock { $0.isHeld = false } }

    func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        state.withLock { state in
            state.reads[name, default: 0] += 1
            state.waiting += 1
        }
        defer { state.withLock { $0.waiting -= 1 } }
        while state.withLock({ $0.isHeld }) { try await Task.sleep(for: .milliseconds(1)) }
        return try state.withLock { state in
            if let error = state.error { throw error }
            if let error = state.foreignError { throw error }
            guard let content = state.contents[name] else { throw StoreError.notFound(name: name) }
            return SecretVersion(
                name: name, arn: nil, versionID: "v\(state.versions[name] ?? 0)", stages: [Stage.current],
                created: nil, content: SharedSecret(copying: content.utf8))
        }
    }

    private var unused: StoreError { .invalid(what: "call", reason: "the library only reads") }
    func describe(_ name: String) async throws -> SecretDescription { throw unused }
    func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] { throw unused }
    func create(
        _ name: String, _ content: SharedSecret, token: String, options: CreationOptions
    ) async throws -> VersionReference { throw unused }
    func put(_ name: String, _ content: SharedSecret, stages: [String], token: String) async throws -> VersionReference
    {
        throw unused
    }
    func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws { throw unused }
    func versions(_ name: String) async throws -> [VersionSummary] { throw unused }
    func list(
        prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void
    ) async throws { throw unused }
    func delete(_ name: String, days: Int) async throws -> Instant? { throw unused }
    func restore(_ name: String) async throws { throw unused }
    func tag(_ name: String, _ tags: [String: String]) async throws { throw unused }
    func untag(_ name: String, _ keys: [String]) async throws { throw unused }
}

/// Keeps what is logged.
struct CapturedLog: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[(level: Logger.Level, text: String)]>([])
        func add(_ level: Logger.Level, _ text: String) { lines.withLock { $0.append((level, text)) } }
        var all: [(level: Logger.Level, text: String)] { lines.withLock { $0 } }
        func at(_ level: Logger.Level) -> [String] { all.filter { $0.level == level }.map(\.text) }
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ lines: Lines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add(event.level, "\(event.message) \(event.metadata ?? [:])") }
}

final class CapturedEvents: Sendable {
    private let events = Mutex<[SecretsManagerEvent]>([])
    func add(_ event: SecretsManagerEvent) { events.withLock { $0.append(event) } }
    var all: [SecretsManagerEvent] { events.withLock { $0 } }
    var hits: Int { count { if case .hit = $0 { true } else { false } } }
    var misses: Int { count { if case .miss = $0 { true } else { false } } }
    var refreshes: Int { count { if case .refresh = $0 { true } else { false } } }
    var failures: Int { count { if case .failure = $0 { true } else { false } } }
    var stale: Int { count { if case .stale = $0 { true } else { false } } }
    private func count(_ isCounted: (SecretsManagerEvent) -> Bool) -> Int { all.count(where: isCounted) }
}

/// A secrets manager, and all that a test turns or hears.
struct Bench: Sendable {
    let store: MemoryStore
    let clock = TestClock()
    let log = CapturedLog.Lines()
    let events = CapturedEvents()
    let secrets: SecretsManager

    init(
        _ contents: [String: String] = ["app": #"{"KEY":"one"}"#], environment: [String: String] = [:],
        jitter: Double = 0, caching: SecretsManager.Caching = SecretsManager.Caching()
    ) {
        store = MemoryStore(contents)
        let (clock, log, events) = (clock, log, events)
        let world = World(
            now: { Instant(seconds: 0) }, environment: environment, randomBytes: { [UInt8](repeating: 0, count: $0) },
            jitter: { jitter }, sleep: { try await clock.sleep($0) })
        secrets = SecretsManager(
            store: store, caching: caching, world: world, ticks: { clock.ticks },
            logger: Logger(label: "test") { _ in CapturedLog(log) }, metrics: { events.add($0) })
    }

    /// Until every read that has begun is over.
    func settle() async {
        await until { secrets.state.withLock { $0.flights.isEmpty } }
    }

    func reveal(_ key: String = "KEY", refreshing: Bool = false) async throws -> String? {
        try await secrets.get("app", refreshing: refreshing)[key]?.reveal()
    }
}

/// Returns when the condition holds; the test's time limit ends it otherwise.
func until(_ condition: () -> Bool) async {
    while !condition() { try? await Task.sleep(for: .milliseconds(1)) }
}

extension StoreError {
    static let outage = StoreError.unreachable(
        AWSError(
            kind: .unreachable, operation: "GetSecretValue", service: "secretsmanager", code: "",
            message: "connection refused", attempts: 3))
    static let denied = StoreError.accessDenied(
        action: "secretsmanager:GetSecretValue", name: "app",
        AWSError(
            kind: .accessDenied, operation: "GetSecretValue", service: "secretsmanager",
            code: "AccessDeniedException", message: "not authorized", identity: "the role app"))
}

extension SecretsManager.Caching {
    static func with(_ change: (inout SecretsManager.Caching) -> Void) -> SecretsManager.Caching {
        var caching = SecretsManager.Caching()
        change(&caching)
        return caching
    }
}

/// SplitMix64: the same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
