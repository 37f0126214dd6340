// A merge that dies at any call, before or after the store did what it was asked.

import Secrets
import Stores
import Synchronization
import Testing
import World

private struct Crash: Error {}

@Suite("A merge that is cut short")
struct MergeCrashTests {
    private static let name = "app/production"

    /// More calls than any merge of these tests makes.
    private static let calls = 0..<9

    @Test("Finishes with the same run key, and writes once in all", arguments: calls, [true, false])
    func sameKey(call: Int, arrived: Bool) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1","KEEP":1.0}"#)
        let still = StillWorld()
        let run = RunKey.random(still.world)
        let crashed = await crash(store, run, still, at: call, arrived: arrived)
        let outcome = try await Merge(in: store, run: run, world: still.world).apply(Self.changes, to: Self.name)
        #expect(store.live(Self.name) == #"{"A":"2","KEEP":1.0,"B":"new"}"#)
        #expect(store.written == 1)
        #expect(store.privateLabels(Self.name).isEmpty)
        // Not "unchanged": it is this run that has done it, unless all trace was gone before.
        if crashed { #expect(outcome.kind == .written) }
    }

    @Test("Loses nothing with another run key, nor with another's write between", arguments: calls, [true, false])
    func otherKey(call: Int, arrived: Bool) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1","KEEP":1.0}"#)
        let still = StillWorld()
        await crash(store, .random(still.world), still, at: call, arrived: arrived)
        let between = try Reveal.content(try #require(store.live(Self.name)))
        store.foreignWrite(Self.name, Reveal.text(try between.applying([.text("THEIRS", "t")])), id: "foreign")
        _ = try await Merge(in: store, run: .random(still.world), world: still.world).apply(Self.changes, to: Self.name)
        let live = try Reveal.content(try #require(store.live(Self.name)))
        #expect(Set(live.keys) == ["A", "KEEP", "B", "THEIRS"])
        #expect(live.value(of: "A").map { Reveal.text($0.text()) } == "2")
        #expect(live.value(of: "KEEP").map { Reveal.text($0.literal()) } == "1.0")
        #expect(store.written <= 2)
    }

    @Test("Leaves the old content live or the new one, and never anything else", arguments: calls, [true, false])
    func neverHalf(call: Int, arrived: Bool) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1"}"#)
        let still = StillWorld()
        await crash(store, .random(still.world), still, at: call, arrived: arrived)
        #expect([#"{"A":"1"}"#, #"{"A":"2","B":"new"}"#].contains(store.live(Self.name)))
    }

    @Test("Goes on after it died while it reported a step", arguments: 0..<8)
    func reporter(step: Int) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1"}"#)
        let still = StillWorld()
        let run = RunKey.random(still.world)
        let told = Mutex(0)
        let merge = Merge(in: store, run: run, world: still.world) { _ in
            let number = told.withLock { number in
                defer { number += 1 }
                return number
            }
            if number == step { throw Crash() }
        }
        _ = try? await merge.apply(Self.changes, to: Self.name)
        _ = try await Merge(in: store, run: run, world: still.world).apply(Self.changes, to: Self.name)
        #expect(store.live(Self.name) == #"{"A":"2","B":"new"}"#)
        #expect(store.written == 1)
        #expect(store.privateLabels(Self.name).isEmpty)
    }

    @Test("Finishes where labels may not be moved, too", arguments: calls, [true, false])
    func weak(call: Int, arrived: Bool) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1","KEEP":1.0}"#)
        let still = StillWorld()
        let run = RunKey.random(still.world)
        await crash(store, run, still, at: call, arrived: arrived, deniesLabels: true)
        store.hooks.withLock { $0.before = { try Self.denyLabels($0) } }
        let outcome = try await Merge(in: store, run: run, world: still.world).apply(Self.changes, to: Self.name)
        #expect(outcome.kind == .written)
        #expect(store.live(Self.name) == #"{"A":"2","KEEP":1.0,"B":"new"}"#)
        // The one that was staged, and the one that is live.
        #expect(store.written == 2)
    }

    @Test("Makes a secret once", arguments: 0..<5, [true, false])
    func creation(call: Int, arrived: Bool) async throws {
        let store = MemoryStore()
        let still = StillWorld()
        let run = RunKey.random(still.world)
        var options = MergeOptions()
        options.creation = CreationOptions()
        await crash(store, run, still, at: call, arrived: arrived, options)
        let outcome = try await Merge(in: store, run: run, world: still.world, options: options)
            .apply(Self.changes, to: Self.name)
        #expect(outcome.kind == .created)
        #expect(store.live(Self.name) == #"{"A":"2","B":"new"}"#)
        #expect(store.written == 1)
    }

    @Test("Writes again after a rollback between, with the same run key", arguments: [true, false])
    func rolledBack(isWeak: Bool) async throws {
        let store = MemoryStore(Self.name, #"{"A":"1"}"#)
        let still = StillWorld()
        let run = RunKey.random(still.world)
        if isWeak {
            store.hooks.withLock { $0.before = { try Self.denyLabels($0) } }
        }
        let first = try await Merge(in: store, run: run, world: still.world).apply(Self.changes, to: Self.name)
        store.state.withLock { state in
            for index in state.secrets[Self.name]?.indices ?? 0..<0 {
                state.secrets[Self.name]?[index].stages.remove(Stage.current)
            }
            state.secrets[Self.name]?[0].stages = [Stage.current]
        }
        #expect(store.live(Self.name) == #"{"A":"1"}"#)
        let second = try await Merge(in: store, run: run, world: still.world).apply(Self.changes, to: Self.name)
        #expect(first.kind == .written && second.kind == .written)
        #expect(store.live(Self.name) == #"{"A":"2","B":"new"}"#)
    }

    private static let changes = [Change.text("A", "2"), .text("B", "new")]

    private static func denyLabels(_ call: StoreCall) throws {
        if call.operation == .moveStage { throw StoreError.accessDenied(action: "", name: nil, nil) }
    }

    @discardableResult
    private func crash(
        _ store: MemoryStore, _ run: RunKey, _ still: StillWorld, at number: Int, arrived: Bool,
        _ options: MergeOptions = MergeOptions(), deniesLabels: Bool = false
    ) async -> Bool {
        store.hooks.withLock {
            // The process is gone: no later call arrives either.
            $0.before = { call in
                if call.number > number || call.number == number && !arrived { throw Crash() }
                if deniesLabels { try Self.denyLabels(call) }
            }
            $0.after = { if $0.number == number { throw Crash() } }
        }
        let result: Bool
        do {
            _ = try await Merge(in: store, run: run, world: still.world, options: options)
                .apply(Self.changes, to: Self.name)
            result = false
        } catch { result = true }
        store.hooks.withLock { $0 = StoreHooks() }
        return result
    }
}
