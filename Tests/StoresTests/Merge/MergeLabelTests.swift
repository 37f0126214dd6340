// The private labels of a merge: where they may not be moved, and what dead runs leave.

import Secrets
import Stores
import Synchronization
import Testing
import World

@Suite("The labels of a merge")
struct MergeLabelTests {
    private let name = "app/production"
    private let still = StillWorld()

    @Test("Without the right to move labels it writes plainly, and says that the promise is weaker")
    func weak() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        store.deny { $0.operation == .moveStage }
        let outcome = try await merge(store).apply([.text("A", "2")], to: name)
        #expect(outcome.kind == .written)
        #expect(outcome.guarantee == .weak)
        #expect(store.live(name) == #"{"A":"2"}"#)
        #expect(store.versions(in: name).first { $0.stages.contains(Stage.previous) }?.id == "base")
        #expect(outcome.leftLabels == store.privateLabels(name))
    }

    @Test("A caller who must have compare-and-swap gets an error instead, and the old version stays")
    func required() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        store.deny { $0.operation == .moveStage }
        var options = MergeOptions()
        options.requiresCompareAndSwap = true
        let error = await #expect(throws: StoreError.self) {
            try await merge(store, options).apply([.text("A", "2")], to: name)
        }
        guard case .accessDenied = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(store.live(name) == #"{"A":"1"}"#)
    }

    @Test("It looks once more before it writes plainly")
    func weakLooksBefore() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        store.hooks.withLock {
            $0.before = { call in
                guard call.operation == .moveStage else { return }
                // Between the staged version and the plain write.
                if call.number == 4 { store.foreignWrite("app/production", #"{"A":"1","B":"theirs"}"#, id: "f") }
                throw StoreError.accessDenied(action: "UpdateSecretVersionStage", name: nil, nil)
            }
        }
        let outcome = try await merge(store).apply([.text("A", "2")], to: name)
        #expect(outcome.guarantee == .weak)
        #expect(outcome.rounds == 2)
        #expect(store.live(name) == #"{"A":"2","B":"theirs"}"#)
    }

    @Test("It looks once more after a plain write, and writes again when its keys were overwritten")
    func weakLooksAfter() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        store.hooks.withLock {
            $0.before = { call in
                guard call.operation == .moveStage else { return }
                throw StoreError.accessDenied(action: "UpdateSecretVersionStage", name: nil, nil)
            }
            $0.after = { call in
                guard call.operation == .put, store.written == 2 else { return }
                store.foreignWrite("app/production", #"{"A":"1","B":"later"}"#, id: "f")
            }
        }
        let outcome = try await merge(store).apply([.text("A", "2")], to: name)
        #expect(outcome.guarantee == .weak)
        #expect(store.live(name) == #"{"A":"2","B":"later"}"#)
    }

    @Test("Plain writes gather the labels that nobody may take away, so that they keep one version and not a hundred")
    func gatheredLabels() async throws {
        let store = MemoryStore(name, "{}")
        store.deny { $0.operation == .moveStage }
        for number in 0..<10 {
            _ = try await Merge(in: store, run: .random(still.world), world: still.world)
                .apply([.text("A", "\(number)")], to: name)
        }
        let labelled = store.versions(in: name).filter { $0.stages.contains { StagingLabel.isOne($0) } }
        #expect(labelled.count == 1)
        #expect(store.privateLabels(name).count == 10)
    }

    // MARK: Labels of runs that died

    @Test("Labels of dead runs are taken away, those of runs that may live are not")
    func staleLabels() async throws {
        let store = MemoryStore(name, "{}")
        let (dead, alive, other) = ("migrate-0000dead", "migrate-0000beef", "migrate-not-ours")
        store.state.withLock { state in
            let hour = 3_600.0
            let old = Instant(seconds: store.now.seconds - hour - 1)
            state.secrets["app/production"]?.insert(
                contentsOf: [
                    MemoryStore.Version(id: "old", content: [], stages: [dead, other], created: old),
                    MemoryStore.Version(
                        id: "young", content: [], stages: [alive],
                        created: Instant(seconds: store.now.seconds - hour + 1)),
                ], at: 0)
        }
        #expect(try await merge(store).apply([.text("A", "1")], to: name).kind == .written)
        let labels = store.versions(in: name).flatMap(\.stages)
        #expect(!labels.contains(dead))
        #expect(labels.contains(alive))
        #expect(labels.contains(other))
    }

    @Test("A label that cannot be taken away is told of, and the write stands")
    func labelStays() async throws {
        let store = MemoryStore(name, "{}")
        store.deny { call in call.operation == .moveStage && call.stage.map { StagingLabel.isOne($0) } == true }
        let run = RunKey.random(still.world)
        let outcome = try await Merge(in: store, run: run, world: still.world).apply([.text("A", "1")], to: name)
        #expect(outcome.kind == .written)
        #expect(outcome.leftLabels == [run.stage])
        #expect(store.live(name) == #"{"A":"1"}"#)
    }

    private func merge(_ store: MemoryStore, _ options: MergeOptions = MergeOptions()) -> Merge {
        Merge(in: store, run: .random(still.world), world: still.world, options: options)
    }
}
