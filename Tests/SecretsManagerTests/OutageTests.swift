// What readers get while the store fails.

import AWS
import Foundation
import Logging
import Stores
import Synchronization
import Testing
import World

@testable import SecretsManager

/// Errors after which nothing cached may be served.
struct LastingError: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: StoreError

    init(_ description: String, _ error: StoreError) {
        testDescription = description
        self.error = error
    }

    static let all = [
        LastingError("access denied", .denied),
        LastingError("not found", .notFound(name: "app")),
        LastingError("no current version", .noSuchVersion(name: "app", wanted: "AWSCURRENT")),
        LastingError("scheduled for deletion", .scheduledForDeletion(name: "app", until: Instant(seconds: 0))),
        LastingError("no credentials", .noCredentials(CredentialError(kind: .none, source: "any", reason: "none"))),
        LastingError(
            "wrong credentials",
            .aws(
                AWSError(
                    kind: .badCredentials, operation: "GetSecretValue", service: "secretsmanager",
                    code: "InvalidSignatureException", message: "no"))),
        LastingError("key disabled", .encryption(name: "app", reason: "the key is disabled")),
        LastingError("wrong vault key", .wrongKey(path: "app.vault")),
        LastingError("damaged vault file", .damaged(path: "app.vault", reason: "cut short")),
    ]
}

@Suite("While the store cannot be reached", .timeLimit(.minutes(1)))
struct OutageTests {
    @Test("A stale value is served within its bound", arguments: [300, 2_000, 3_899])
    func stale(seconds: Int) async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(seconds))
        #expect(try await bench.reveal() == "one")
        #expect(bench.events.all.contains(.stale(name: "app", age: .seconds(seconds))))
        await until { !bench.log.at(.warning).isEmpty }
        #expect(bench.log.at(.warning).first?.contains("stale values read \(seconds) s ago are served") == true)
    }

    @Test("Credentials that cannot be had just now are an outage as well: what is stale is served")
    func credentialsOutage() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        let cause = CredentialError(
            kind: .sourceFailed, source: "the instance", reason: "no answer", isTransient: true)
        bench.store.fail(.noCredentials(cause))
        bench.clock.advance(.seconds(400))
        #expect(try await bench.reveal() == "one")
        #expect(bench.events.stale == 1)
        #expect(StoreError.noCredentials(cause).isTransient)
    }

    @Test("Past its bound a stale value is not served", arguments: [3_900, 100_000])
    func bounded(seconds: Int) async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(seconds))
        let error = await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
        #expect(error?.isTransient == true)
        #expect(bench.events.stale == 0)
    }

    @Test("The bound holds as well while the store is left alone, and while it is slow")
    func boundedWhileQuiet() async throws {
        let bench = Bench(
            caching: .with {
                $0.longestBackoff = .seconds(1_000_000); $0.firstBackoff = .seconds(100_000)
            })
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(3_800))
        #expect(try await bench.reveal() == "one")
        bench.clock.advance(.seconds(100))
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
    }

    @Test("With no bound for stale values none is served")
    func noStale() async throws {
        let bench = Bench(caching: .with { $0.staleFor = .zero })
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(300))
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
    }

    @Test("After any other failure nothing cached is served, fresh or stale", arguments: LastingError.all)
    func neverAfterLasting(lasting: LastingError) async throws {
        for age in [250, 1_000] {
            let bench = Bench()
            _ = try await bench.reveal()
            bench.store.fail(lasting.error)
            bench.clock.advance(.seconds(age))
            // The first read of a value that is fresh still sends the request that finds out.
            _ = try? await bench.reveal()
            await bench.settle()
            let error = await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
            #expect(error?.isTransient == false)
            // Nor later, when the store cannot even be asked.
            bench.store.fail(.outage)
            bench.clock.advance(.seconds(120))
            await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
            #expect(bench.events.stale == 0)
            #expect(bench.log.at(.error).count == 1)
        }
    }

    @Test("A secret that is no JSON object any more is an error, and its old values are not served")
    func becameInvalid() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.write("not json")
        bench.clock.advance(.seconds(400))
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
    }

    @Test("A dead store is asked again after 1, 2, 4, ... up to 60 s, however many readers come")
    func backoff() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(300))
        var asked: [Int] = []
        for second in 0..<200 {
            let before = bench.store.reads
            for _ in 0..<5 { #expect(try await bench.reveal() == "one") }
            await bench.settle()
            if bench.store.reads > before { asked.append(second) }
            bench.clock.advance(.seconds(1))
        }
        #expect(asked == [0, 1, 3, 7, 15, 31, 63, 123, 183])
        #expect(bench.events.failures == asked.count)
        #expect(bench.log.at(.warning).count == asked.count)
    }

    @Test("Without a cached value the remembered error is given while the store is left alone")
    func backoffWithoutValue() async throws {
        let bench = Bench()
        bench.store.fail(.outage)
        for _ in 0..<100 { await #expect(throws: SecretsManagerError.self) { try await bench.reveal() } }
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal(refreshing: true) }
        #expect(bench.store.reads == 1)
        bench.clock.advance(.seconds(1))
        bench.store.fail(nil)
        #expect(try await bench.reveal() == "one")
    }

    @Test("Clearing a secret forgets that it failed")
    func clearingForgetsFailure() async throws {
        let bench = Bench([:])
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
        bench.store.write(#"{"KEY":"two"}"#)
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal() }
        bench.secrets.clearCache(of: "app")
        #expect(try await bench.reveal() == "two")
    }

    @Test("While the store is known to fail no reader waits for it, and recovery comes from behind their backs")
    func noWaiting() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(300))
        _ = try await bench.reveal()
        bench.clock.advance(.seconds(1))
        bench.store.hold()
        for _ in 0..<10 { #expect(try await bench.reveal() == "one") }
        await until { bench.store.waiting == 1 }
        bench.store.fail(nil)
        bench.store.write(#"{"KEY":"two"}"#)
        bench.store.release()
        await bench.settle()
        #expect(try await bench.reveal() == "two")
        await until { bench.log.at(.notice).count == 1 }
        #expect(bench.events.misses == 2)
    }

    @Test("Readers wait for a slow store as long as their patience lasts, then take what is stale")
    func patience() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.clock.advance(.seconds(600))
        bench.store.hold()
        let first = Task { try await bench.reveal() }
        await until { bench.secrets.state.withLock { $0.flights.first?.value.waiters.count } == 1 }
        #expect(bench.events.stale == 0)
        // The timer starts with the request: time has to pass after it has.
        while bench.events.stale == 0 {
            bench.clock.advance(.milliseconds(100))
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(try await first.value == "one")
        // Those who come later do not wait at all.
        #expect(try await bench.reveal() == "one")
        #expect(bench.store.reads == 2)
        await until { !bench.log.at(.warning).isEmpty }
        #expect(bench.log.at(.warning).first?.contains("is slow") == true)
        bench.store.write(#"{"KEY":"two"}"#)
        bench.store.release()
        await bench.settle()
        #expect(try await bench.reveal() == "two")
    }

    @Test("With no patience a stale value is given at once, and read anew in the background")
    func noPatience() async throws {
        let bench = Bench(caching: .with { $0.patience = .zero })
        _ = try await bench.reveal()
        bench.store.write(#"{"KEY":"two"}"#)
        bench.clock.advance(.seconds(600))
        #expect(try await bench.reveal() == "one")
        await bench.settle()
        #expect(try await bench.reveal() == "two")
    }

    @Test("A background refresh that fails leaves the value fresh until its time")
    func backgroundFailure() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(250))
        #expect(try await bench.reveal() == "one")
        await bench.settle()
        #expect(try await bench.reveal() == "one")
        #expect(bench.events.stale == 0)
        await until { !bench.log.at(.warning).isEmpty }
        #expect(bench.log.at(.warning).first?.contains("still fresh") == true)
    }

    @Test("A stale value is never given to who asked for a refresh")
    func refreshingIsNeverStale() async throws {
        let bench = Bench()
        _ = try await bench.reveal()
        bench.store.fail(.outage)
        bench.clock.advance(.seconds(1_000))
        await #expect(throws: SecretsManagerError.self) { try await bench.reveal(refreshing: true) }
        #expect(try await bench.reveal() == "one")
    }

    // Random stories, told one event at a time; whatever happens, what is given out has to be allowed.
    @Test("In any order of events nothing is given out that the rules forbid", arguments: 0..<40)
    func property(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let bench = Bench(jitter: 0.5)
        var written: [(value: Int, at: UInt64)] = [(0, bench.clock.ticks)]
        var mode = 0
        var barrier = bench.clock.ticks
        bench.store.write(#"{"KEY":"0"}"#)
        for step in 1...120 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                bench.store.write(#"{"KEY":"\#(step)"}"#)
                written.append((step, bench.clock.ticks))
            case 1:
                mode = Int.random(in: 0..<3, using: &random)
                bench.store.fail([nil, .outage, .denied][mode])
            case 2, 3: bench.clock.advance(.seconds(Int.random(in: 0...400, using: &random)))
            case 4: bench.clock.advance(.seconds(Int.random(in: 0...5_000, using: &random)))
            case 5:
                bench.secrets.clearCache()
                barrier = bench.clock.ticks
            default:
                let reads = bench.store.reads
                let value = try? await bench.secrets.get("app", refreshing: step.isMultiple(of: 7))["KEY"]?.reveal()
                await bench.settle()
                let now = bench.clock.ticks
                // Whoever was denied in this step may keep nothing.
                if bench.store.reads > reads, mode == 2 { barrier = now }
                guard let value, let number = Int(value) else { continue }
                let index = try #require(written.firstIndex { $0.value == number })
                // When the value ceased to be current; it was read before that.
                let end = index + 1 < written.count ? written[index + 1].at : now
                #expect(now - end <= UInt64(3_900) * 1_000_000_000, "older than the bound")
                if mode != 2 { #expect(end >= barrier || index + 1 == written.count, "older than what was forgotten") }
            }
        }
    }
}
