// One request for many, and no request for what is fresh.

import Foundation
import Synchronization
import Testing

@testable import SecretsManager

@Suite("Cached reads", .timeLimit(.minutes(1)))
struct CachingTests {
    @Test("64 tasks that miss the cache make one request together")
    func singleFlight() async throws {
        let bench = Bench()
        bench.store.hold()
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<64 { group.addTask { try await bench.reveal() } }
            await until { bench.events.misses == 64 }
            bench.store.release()
            for try await value in group { #expect(value == "one") }
        }
        #expect(bench.store.reads == 1)
    }

    @Test("Requests for different secrets do not wait for each other")
    func differentNames() async throws {
        let bench = Bench(["a": #"{"KEY":"1"}"#, "b": #"{"KEY":"2"}"#])
        bench.store.hold()
        async let first = bench.secrets.get("a")
        async let second = bench.secrets.get("b")
        await until { bench.store.waiting == 2 }
        bench.store.release()
        #expect(try await first["KEY"]?.reveal() == "1")
        #expect(try await second["KEY"]?.reveal() == "2")
    }

    @Test("A fresh value is given out without asking the store", arguments: [0, 1, 239])
    func fresh(seconds: Int) async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.write(#"{"KEY":"two"}"#)
        bench.clock.advance(.seconds(seconds))
        #expect(try await bench.reveal() == "one")
        await bench.settle()
        #expect(bench.store.reads == 1)
        #expect(bench.events.hits == 1)
    }

    @Test("In its last minute a value is read anew in the background, and no reader waits", arguments: [240, 299])
    func refreshAhead(seconds: Int) async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.write(#"{"KEY":"two"}"#)
        bench.store.hold()
        bench.clock.advance(.seconds(seconds))
        for _ in 0..<10 { #expect(try await bench.reveal() == "one") }
        await until { bench.store.waiting == 1 }
        bench.store.release()
        await bench.settle()
        #expect(try await bench.reveal() == "two")
        #expect(bench.store.reads == 2)
        #expect(bench.events.misses == 1)
        #expect(
            bench.events.all.contains { if case .refresh(_, _, background: true) = $0 { true } else { false } })
    }

    @Test("After its time to live a value is not given out before the store was asked", arguments: [300, 3_000])
    func expired(seconds: Int) async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.write(#"{"KEY":"two"}"#)
        bench.clock.advance(.seconds(seconds))
        #expect(try await bench.reveal() == "two")
        #expect(bench.store.reads == 2)
    }

    @Test("A value is as old as the request that brought it, not as the answer")
    func ageOfSlowAnswer() async throws {
        let bench = Bench()
        bench.store.hold()
        async let slow = bench.reveal()
        await until { bench.store.waiting == 1 }
        bench.clock.advance(.seconds(200))
        bench.store.release()
        _ = try await slow
        bench.clock.advance(.seconds(100))
        _ = try await bench.reveal()
        #expect(bench.store.reads == 2)
    }

    @Test("With no time to live every read asks the store")
    func noTimeToLive() async throws {
        let bench = Bench(caching: .with { $0.timeToLive = .zero })
        for _ in 0..<3 { _ = try await bench.reveal() }
        #expect(bench.store.reads == 3)
    }

    @Test("A forced refresh passes the cache and fills it")
    func refreshing() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.write(#"{"KEY":"two"}"#)
        #expect(try await bench.reveal() == "one")
        #expect(try await bench.reveal(refreshing: true) == "two")
        #expect(try await bench.reveal() == "two")
        #expect(bench.store.reads == 2)
    }

    @Test("A forced refresh is not content with a request that began before it")
    func refreshingDuringRead() async throws {
        let bench = Bench()
        bench.store.hold()
        let early = Task { try await bench.reveal() }
        await until { bench.store.waiting == 1 }
        let late = (0..<16).map { _ in Task { try await bench.reveal(refreshing: true) } }
        await until {
            bench.secrets.state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiters.count } } == 17
        }
        bench.store.release()
        #expect(try await early.value == "one")
        for task in late { #expect(try await task.value == "one") }
        // One for the early reader, one that all the late ones share.
        #expect(bench.store.reads == 2)
    }

    @Test("A forced refresh that fails says so, and leaves what is cached to other readers")
    func refreshingFails() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        let error = await #expect(throws: SecretsManagerError.self) { try await bench.reveal(refreshing: true) }
        #expect(error?.isTransient == true)
        #expect(try await bench.reveal() == "one")
    }

    @Test("Clearing forgets one secret or all of them")
    func clearing() async throws {
        let bench = Bench(["app": #"{"KEY":"1"}"#, "other": #"{"KEY":"1"}"#])
        func readBoth() async throws {
            _ = try await bench.secrets.get("app")
            _ = try await bench.secrets.get("other")
        }
        try await readBoth()
        bench.secrets.clearCache(of: "app")
        try await readBoth()
        #expect(bench.store.reads == 3)
        bench.secrets.clearCache()
        try await readBoth()
        #expect(bench.store.reads == 5)
    }

    @Test(
        "What was being read when the cache was cleared goes to its readers and is not kept", arguments: [nil, "app"])
    func clearingDuringRead(name: String?) async throws {
        let bench = Bench()
        bench.store.hold()
        let early = Task { try await bench.reveal() }
        await until { bench.store.waiting == 1 }
        if let name { bench.secrets.clearCache(of: name) } else { bench.secrets.clearCache() }
        let late = Task { try await bench.reveal() }
        await until { bench.store.waiting == 2 }
        bench.store.release()
        #expect(try await early.value == "one")
        #expect(try await late.value == "one")
        await bench.settle()
        #expect(bench.store.reads == 2)
        #expect(try await bench.reveal() == "one")
        #expect(bench.store.reads == 2)
    }

    @Test("A reader that is cancelled leaves at once, and the others get their value from the same request")
    func cancellation() async throws {
        let bench = Bench()
        bench.store.hold()
        let tasks = (0..<8).map { _ in Task { try await bench.reveal() } }
        await until { bench.secrets.state.withLock { $0.flights.first?.value.waiters.count } == 8 }
        tasks[0].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[0].value }
        #expect(bench.store.waiting == 1)
        bench.store.release()
        for task in tasks.dropFirst() { #expect(try await task.value == "one") }
        #expect(bench.store.reads == 1)
    }

    @Test("When all readers are cancelled the request goes on, and fills the cache")
    func cancellationOfAll() async throws {
        let bench = Bench()
        bench.store.hold()
        let task = Task { try await bench.reveal() }
        await until { bench.secrets.state.withLock { $0.flights.first?.value.waiters.count } == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        bench.store.release()
        await bench.settle()
        #expect(try await bench.reveal() == "one")
        #expect(bench.store.reads == 1)
    }

    @Test("A task that is cancelled already makes no request, and still gets what is cached")
    func cancelledBefore() async throws {
        let bench = Bench()
        func readCancelled() async throws -> String? {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await bench.reveal()
            }
            return try await task.value
        }
        await #expect(throws: CancellationError.self) { try await readCancelled() }
        #expect(bench.store.reads == 0)
        _ = try await bench.reveal()
        #expect(try await readCancelled() == "one")
    }

    @Test("Past its capacity the cache forgets what was read longest ago")
    func capacity() async throws {
        let contents = Dictionary(uniqueKeysWithValues: (0..<10).map { ("s\($0)", "{}") })
        let bench = Bench(contents, caching: .with { $0.capacity = 3 })
        for index in 0..<10 {
            _ = try await bench.secrets.get("s\(index)")
            bench.clock.advance(.seconds(1))
        }
        #expect(bench.secrets.state.withLock { Set($0.entries.keys) } == ["s7", "s8", "s9"])
        #expect(bench.secrets.snapshot.entry("s6") == nil)
    }

    @Test("Names that fail are not remembered without bound")
    func failuresBounded() async throws {
        let bench = Bench([:], caching: .with { $0.capacity = 5 })
        for index in 0..<50 { _ = try? await bench.secrets.get("missing\(index)") }
        #expect(bench.secrets.state.withLock { $0.failures.count } <= 5)
    }

    @Test("After a shutdown readers are told, those who wait included, and the store is closed once")
    func shutdown() async throws {
        let bench = Bench()
        bench.store.hold()
        let waiting = Task { try await bench.reveal() }
        await until { bench.store.waiting == 1 }
        await bench.secrets.shutdown()
        await bench.secrets.shutdown()
        await #expect(throws: SecretsManagerError.shutDown) { try await waiting.value }
        await #expect(throws: SecretsManagerError.shutDown) { try await bench.reveal() }
        await #expect(throws: SecretsManagerError.shutDown) { try await bench.reveal(refreshing: true) }
        #expect(bench.store.waiting == 0)
    }

    @Test("Readers, refreshes and clearings from 64 tasks never see a version older than their call")
    func storm() async throws {
        let bench = Bench(caching: .with { $0.timeToLive = .milliseconds(1) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 0..<64 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(seed))
                    for _ in 0..<100 {
                        switch Int.random(in: 0..<10, using: &random) {
                        case 0: bench.store.write(#"{"KEY":"\#(seed)"}"#)
                        case 1: bench.secrets.clearCache(of: "app")
                        case 2: bench.clock.advance(.microseconds(300))
                        case 3, 4:
                            let before = bench.store.state.withLock { $0.versions["app"] ?? 0 }
                            let bundle = try await bench.secrets.get("app", refreshing: true)
                            let version = try #require(Int(bundle.versionID.dropFirst()))
                            #expect(version >= before)
                        default: _ = try await bench.secrets.get("app")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        await bench.settle()
    }
}
