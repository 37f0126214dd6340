// Many merges at once, in hundreds of orders: none loses what another wrote.

import Secrets
import Stores
import Synchronization
import Testing
import World

@Suite("Merges at the same time")
struct MergeConcurrencyTests {
    @Test("Twelve writers of twelve keys lose none, whatever the order of their steps", arguments: 0..<5)
    func twelve(block: Int) async throws {
        for seed in 0..<4 {
            let outcome = try await race(writers: 12, seed: UInt64(block * 4 + seed))
            #expect(outcome.keys == 12, "seed \(block * 4 + seed)")
            #expect(outcome.failures == 0, "seed \(block * 4 + seed)")
            #expect(outcome.labels == 0, "seed \(block * 4 + seed)")
        }
    }

    @Test("Three writers of three keys lose none in hundreds of orders", arguments: 0..<6)
    func three(block: Int) async throws {
        for seed in 0..<100 {
            let outcome = try await race(writers: 3, seed: UInt64(1_000 + block * 100 + seed))
            #expect(outcome.keys == 3, "seed \(1_000 + block * 100 + seed)")
            #expect(outcome.failures == 0 && outcome.labels == 0, "seed \(1_000 + block * 100 + seed)")
        }
    }

    @Test("With one run key for all they lose none either", arguments: 0..<5)
    func sharedRun(block: Int) async throws {
        for seed in 0..<8 {
            let outcome = try await race(writers: 4, seed: UInt64(5_000 + block * 20 + seed), sharesRun: true)
            #expect(outcome.keys == 4 && outcome.failures == 0, "seed \(5_000 + block * 20 + seed)")
        }
    }

    @Test("Writers who give up too early fail aloud: every success is there, every failure is told", arguments: 0..<5)
    func impatient(block: Int) async throws {
        var failures = 0
        for seed in 0..<8 {
            let outcome = try await race(writers: 6, seed: UInt64(9_000 + block * 20 + seed), rounds: 1)
            #expect(outcome.keys == 6 - outcome.failures, "seed \(9_000 + block * 20 + seed)")
            failures += outcome.failures
        }
        #expect(failures > 0)
    }

    @Test("Two who make the same secret at once end with both their keys", arguments: 0..<5)
    func creators(block: Int) async throws {
        for seed in 0..<15 {
            let outcome = try await race(writers: 3, seed: UInt64(20_000 + block * 40 + seed), creates: true)
            #expect(outcome.keys == 3 && outcome.failures == 0, "seed \(20_000 + block * 40 + seed)")
        }
    }

    private struct Outcome {
        /// Of the writers, in the live version with the right value.
        var keys = 0
        /// Writers whose merge threw a conflict.
        var failures = 0
        var labels = 0
    }

    private func race(
        writers: Int, seed: UInt64, rounds: Int = MergeOptions().rounds, sharesRun: Bool = false, creates: Bool = false
    ) async throws -> Outcome {
        let name = "app/shared"
        let store = creates ? MemoryStore() : MemoryStore(name, #"{"BEFORE":1.0}"#)
        let turnstile = Turnstile(tasks: writers, seed: seed)
        store.hooks.withLock { $0.before = { _ in await turnstile.step(Interleaving.task) } }
        let still = StillWorld(seed: seed)
        let shared = RunKey.random(still.world)
        let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
            for writer in 0..<writers {
                let run = sharesRun ? shared : .random(still.world)
                group.addTask {
                    try await Interleaving.$task.withValue(writer) {
                        var options = MergeOptions()
                        options.rounds = rounds
                        options.creation = creates ? CreationOptions() : nil
                        // Whatever happens, the others must not wait for this one.
                        let result: Result<Bool, any Error>
                        do {
                            _ = try await Merge(in: store, run: run, world: still.world, options: options)
                                .apply([.text("KEY_\(writer)", "value \(writer)")], to: name)
                            result = .success(false)
                        } catch StoreError.conflict {
                            result = .success(true)
                        } catch {
                            result = .failure(error)
                        }
                        await turnstile.leave()
                        return try result.get()
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        let content = try Reveal.content(try #require(store.live(name)))
        if !creates { #expect(content.keys.first == "BEFORE") }
        var outcome = Outcome(failures: failures, labels: store.privateLabels(name).count)
        for writer in 0..<writers {
            guard let value = content.value(of: "KEY_\(writer)") else { continue }
            #expect(Reveal.text(value.text()) == "value \(writer)")
            outcome.keys += 1
        }
        return outcome
    }
}
