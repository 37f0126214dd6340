// One merge at a time: what it writes, what it refuses, what it says.

import AWS
import Secrets
import Stores
import Synchronization
import Testing
import World

@Suite("A merge")
struct MergeTests {
    private let name = "app/production"
    private let still = StillWorld()

    @Test("Writes one version for all keys, live only after it was read back")
    func steps() async throws {
        let store = MemoryStore(name, #"{"A":"1","N":2.50}"#)
        let told = Mutex<[String]>([])
        let merge = Merge(in: store, run: .random(still.world), world: still.world) { event in
            told.withLock { $0.append(Self.word(event)) }
        }
        let outcome = try await merge.apply([.text("A", "new"), .text("B", "b")], to: name)
        #expect(outcome.kind == .written)
        #expect(outcome.guarantee == .compareAndSwap)
        #expect(outcome.rounds == 1)
        #expect(outcome.leftLabels.isEmpty)
        #expect(outcome.isInspected)
        #expect(store.live(name) == #"{"A":"new","N":2.50,"B":"b"}"#)
        #expect(store.written == 1)
        #expect(store.privateLabels(name).isEmpty)
        let versions = store.versions(in: name)
        #expect(versions.first { $0.stages.contains(Stage.previous) }?.id == "base")
        #expect(outcome.versionID == versions.last?.id)
        #expect(told.withLock { $0 } == ["read", "planned", "writing", "staged", "verified", "live", "unlabelled"])
        #expect(
            store.calls.map(\.operation) == [.describe, .read, .put, .read, .moveStage, .moveStage])
    }

    @Test("Writes nothing when everything is so already")
    func unchanged() async throws {
        let store = MemoryStore(name, #"{"A":"\u0041","N":2}"#)
        let outcome = try await merge(store).apply([.text("A", "A"), .text("N", "2"), .remove("X")], to: name)
        #expect(outcome.kind == .unchanged)
        #expect(outcome.versionID == "base")
        #expect(store.calls.map(\.operation) == [.describe, .read])
    }

    @Test("Plans without writing")
    func plans() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        let plan = try await merge(store).plan([.text("A", "2")], to: name)
        #expect(plan.keys(.changed) == ["A"])
        #expect(plan.base == "base")
        #expect(store.calls.map(\.operation) == [.describe, .read])
    }

    @Test("Refuses a secret that rotation or a service manages, unless told otherwise", arguments: [true, false])
    func managed(rotates: Bool) async throws {
        let store = MemoryStore(name)
        store.edit(name) { if rotates { $0.rotates = true } else { $0.owningService = "rds" } }
        let error = await #expect(throws: StoreError.self) { try await merge(store).apply([.text("A", "1")], to: name) }
        guard case .managed(_, let by) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(by == (rotates ? "rotation" : "rds"))
        #expect(store.calls.map(\.operation) == [.describe])
        var options = MergeOptions()
        options.includesManaged = true
        #expect(try await merge(store, options).apply([.text("A", "1")], to: name).kind == .written)
    }

    @Test("Refuses a secret that is scheduled for deletion")
    func scheduled() async throws {
        let store = MemoryStore(name)
        store.edit(name) {
            $0.deleted = Instant(seconds: 1)
            $0.deletionDate = Instant(seconds: 99)
        }
        let error = await #expect(throws: StoreError.self) { try await merge(store).apply([.text("A", "1")], to: name) }
        guard case .scheduledForDeletion(_, let until) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(until == Instant(seconds: 99))
        #expect(store.written == 0)
    }

    @Test("Refuses what is no object, and what would be too large, before anything is written")
    func refusals() async throws {
        let array = MemoryStore(name, "[]")
        await #expect(throws: StoreError.self) { try await merge(array).apply([.text("A", "1")], to: name) }
        #expect(array.written == 0)
        let store = MemoryStore(name)
        // {"A":"…"} has 8 bytes around the value.
        let largest = String(repeating: "x", count: 65_536 - 8)
        let error = await #expect(throws: StoreError.self) {
            try await merge(store).apply([.text("A", largest + "x")], to: name)
        }
        guard case .tooLarge(_, let bytes) = try #require(error) else {
            Issue.record("another error")
            return
        }
        #expect(bytes == 65_537)
        #expect(store.written == 0)
        #expect(try await merge(store).apply([.text("A", largest)], to: name).kind == .written)
    }

    @Test("Goes on where describing is not allowed, and says that nobody has looked")
    func uninspected() async throws {
        let store = MemoryStore(name)
        store.deny { $0.operation == .describe }
        let outcome = try await merge(store).apply([.text("A", "1")], to: name)
        #expect(outcome.kind == .written)
        #expect(!outcome.isInspected)
    }

    @Test("Plans anew on what others have written, and changes only what was asked for")
    func conflict() async throws {
        let store = MemoryStore(name, #"{"A":"1","B":"1"}"#)
        store.once(before: { $0.stage == Stage.current }) {
            store.foreignWrite(name, #"{"B":"theirs","C":"theirs"}"#, id: "foreign")
        }
        let outcome = try await merge(store).apply([.text("A", "mine")], to: name)
        #expect(outcome.kind == .written)
        #expect(outcome.rounds == 2)
        #expect(outcome.plan.base == "foreign")
        #expect(store.live(name) == #"{"B":"theirs","C":"theirs","A":"mine"}"#)
        #expect(store.privateLabels(name).isEmpty)
        #expect(still.sleeps.count == 1)
    }

    @Test("Does not overwrite a key that somebody changed after the plan was shown")
    func superseded() async throws {
        let store = MemoryStore(name, #"{"A":"1","B":"1"}"#)
        let changes = [Change.text("A", "mine"), .text("B", "mine")]
        var options = MergeOptions()
        options.expected = try await merge(store).plan(changes, to: name)
        store.once(before: { $0.stage == Stage.current }) {
            store.foreignWrite(name, #"{"A":"theirs","B":"1"}"#, id: "foreign")
        }
        let outcome = try await merge(store, options).apply(changes, to: name)
        #expect(outcome.kind == .superseded(["A"]))
        #expect(store.live(name) == #"{"A":"theirs","B":"1"}"#)
        #expect(store.privateLabels(name).isEmpty)
    }

    @Test("A change of other keys after the plan was shown is none of its business, nor is the wanted value itself")
    func notSuperseded() async throws {
        let store = MemoryStore(name, #"{"A":"1","B":"1"}"#)
        let changes = [Change.text("A", "mine"), .text("C", "new")]
        var options = MergeOptions()
        options.expected = try await merge(store).plan(changes, to: name)
        store.foreignWrite(name, #"{"A":"mine","B":"theirs"}"#, id: "foreign")
        let outcome = try await merge(store, options).apply(changes, to: name)
        #expect(outcome.kind == .written)
        #expect(store.live(name) == #"{"A":"mine","B":"theirs","C":"new"}"#)
    }

    @Test("Gives up after so many lost rounds, and leaves no label", arguments: [1, 2, 12])
    func bounded(rounds: Int) async throws {
        let store = MemoryStore(name, "{}")
        store.hooks.withLock {
            $0.before = { call in
                if call.stage == Stage.current { store.foreignWrite("app/production", "{}", id: "f\(call.number)") }
            }
        }
        var options = MergeOptions()
        options.rounds = rounds
        let error = await #expect(throws: StoreError.self) {
            try await merge(store, options).apply([.text("A", "1")], to: name)
        }
        guard case .conflict = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(store.written == rounds)
        #expect(store.privateLabels(name).isEmpty)
        #expect(still.sleeps.count == rounds - 1)
        #expect(still.sleeps.allSatisfy { $0 <= .seconds(2) })
    }

    @Test("A version that reads back otherwise never goes live")
    func mismatch() async throws {
        let store = MemoryStore(name, #"{"A":"1"}"#)
        store.once(before: { $0.operation == .read && $0.number > 2 }) {
            store.state.withLock { state in
                guard let last = state.secrets["app/production"]?.indices.last else { return }
                state.secrets["app/production"]?[last].content = Array(#"{"A":"2 "}"#.utf8)
            }
        }
        let error = await #expect(throws: StoreError.self) {
            try await merge(store).apply([.text("A", "2")], to: name)
        }
        guard case .readBackDiffers(name) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(store.live(name) == #"{"A":"1"}"#)
        #expect(store.privateLabels(name).isEmpty)
    }

    @Test("Waits a little for a version that a store does not know at once, and not for ever", arguments: [2, 3])
    func lateVersion(misses: Int) async throws {
        let store = MemoryStore(name, "{}")
        let missed = Mutex(0)
        store.hooks.withLock {
            $0.before = { call in
                guard call.operation == .read, call.number > 2 else { return }
                let count = missed.withLock { count in
                    count += 1
                    return count
                }
                if count <= misses { throw StoreError.noSuchVersion(name: "app/production", wanted: "new") }
            }
        }
        if misses < 3 {
            #expect(try await merge(store).apply([.text("A", "1")], to: name).kind == .written)
        } else {
            await #expect(throws: StoreError.self) { try await merge(store).apply([.text("A", "1")], to: name) }
            #expect(store.live(name) == "{}")
        }
    }

    @Test("A secret without any version gets its first one")
    func noVersion() async throws {
        let store = MemoryStore(name)
        store.state.withLock { $0.secrets["app/production"] = [] }
        let outcome = try await merge(store).apply([.text("A", "1")], to: name)
        #expect(outcome.kind == .written)
        #expect(store.live(name) == #"{"A":"1"}"#)
        #expect(store.written == 1)
    }

    @Test("Makes a secret that is not there only when told to")
    func creation() async throws {
        let store = MemoryStore()
        await #expect(throws: StoreError.self) { try await merge(store).apply([.text("A", "1")], to: name) }
        var options = MergeOptions()
        options.creation = CreationOptions()
        #expect(try await merge(store, options).plan([.text("A", "1")], to: name).keys(.added) == ["A"])
        #expect(store.written == 0)
        #expect(try await merge(store, options).apply([.text("A", "1")], to: name).kind == .created)
        #expect(store.live(name) == #"{"A":"1"}"#)
    }

    @Test("When somebody else makes the secret first, the changes go on top")
    func creationRace() async throws {
        let store = MemoryStore()
        store.once(before: { $0.operation == .create }) { store.foreignWrite(name, #"{"B":"theirs"}"#, id: "f") }
        var options = MergeOptions()
        options.creation = CreationOptions()
        #expect(try await merge(store, options).apply([.text("A", "1")], to: name).kind == .written)
        #expect(store.live(name) == #"{"B":"theirs","A":"1"}"#)
    }

    @Test("A cancelled merge stops")
    func cancelled() async throws {
        let store = MemoryStore(name, "{}")
        let merge = merge(store)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await merge.apply([.text("A", "1")], to: "app/production")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(store.written == 0)
    }

    private func merge(_ store: MemoryStore, _ options: MergeOptions = MergeOptions()) -> Merge {
        Merge(in: store, run: .random(still.world), world: still.world, options: options)
    }

    private static func word(_ event: MergeEvent) -> String {
        String("\(event)".prefix { $0 != "(" })
    }
}
