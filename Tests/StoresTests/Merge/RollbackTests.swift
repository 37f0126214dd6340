// Back to an earlier version.

import Secrets
import Stores
import Synchronization
import Testing
import World

@Suite("A rollback")
struct RollbackTests {
    private let name = "app/production"

    @Test("Shows what comes back, and makes the previous version live")
    func back() async throws {
        let store = try await changed()
        let rollback = try await Rollback.plan(name, in: store)
        #expect(rollback.target.versionID == "base")
        #expect(!rollback.isEmpty)
        let comparison = try #require(rollback.comparison)
        #expect(comparison.keys(.changed) == ["A"])
        #expect(comparison.keys(.removed) == ["B"])
        #expect(comparison.keys(.added) == ["OLD"])
        #expect(rollback.returning.map(\.key) == ["A", "OLD"])
        #expect(rollback.returning.map { Reveal.text($0.value.text()) } == ["1", "0"])
        try await rollback.apply(in: store)
        #expect(store.live(name) == #"{"A":"1","SAME":1,"OLD":"0"}"#)
        // And forth again: what was live is the previous version now.
        #expect(store.versions(in: name).first { $0.stages.contains(Stage.previous) }?.id == rollback.current.versionID)
    }

    @Test("To the version that is live already does nothing")
    func nothing() async throws {
        let store = try await changed()
        let rollback = try await Rollback.plan(name, to: .current, in: store)
        #expect(rollback.isEmpty)
        let calls = store.calls.count
        try await rollback.apply(in: store)
        #expect(store.calls.count == calls)
    }

    @Test("Does not overwrite what was written after the plan")
    func conflict() async throws {
        let store = try await changed()
        let rollback = try await Rollback.plan(name, in: store)
        store.foreignWrite(name, #"{"A":"theirs"}"#, id: "foreign")
        let error = await #expect(throws: StoreError.self) { try await rollback.apply(in: store) }
        guard case .conflict = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(store.live(name) == #"{"A":"theirs"}"#)
    }

    @Test("Goes to a version by its id, also to one that is no object, and says that it cannot compare")
    func byID() async throws {
        let store = MemoryStore(name, "plain text")
        store.foreignWrite(name, "{}", id: "later")
        let rollback = try await Rollback.plan(name, to: VersionSelector(id: "base"), in: store)
        #expect(rollback.comparison == nil)
        #expect(rollback.returning.isEmpty)
        try await rollback.apply(in: store)
        #expect(store.live(name) == "plain text")
    }

    @Test("Where labels may not be moved it is denied, and nothing is written instead")
    func denied() async throws {
        let store = try await changed()
        let rollback = try await Rollback.plan(name, in: store)
        let (written, live) = (store.written, store.live(name))
        store.deny { $0.operation == .moveStage }
        let error = await #expect(throws: StoreError.self) { try await rollback.apply(in: store) }
        guard case .accessDenied = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(store.written == written && store.live(name) == live)
    }

    @Test("Refuses where there is no earlier version, and where the secret is managed")
    func refusals() async throws {
        let store = MemoryStore(name)
        await #expect(throws: StoreError.self) { try await Rollback.plan(name, in: store) }
        let managed = try await changed()
        managed.edit(name) { $0.rotates = true }
        await #expect(throws: StoreError.self) { try await Rollback.plan(name, in: managed) }
        #expect(try await !Rollback.plan(name, in: managed, includingManaged: true).isEmpty)
    }

    private func changed() async throws -> MemoryStore {
        let store = MemoryStore(name, #"{"A":"1","SAME":1,"OLD":"0"}"#)
        let still = StillWorld()
        _ = try await Merge(in: store, run: .random(still.world), world: still.world)
            .apply([.text("A", "2"), .text("B", "2"), .remove("OLD")], to: name)
        return store
    }
}

@Suite("The creation of a secret")
struct CreationTests {
    private let world = StillWorld().world

    @Test("Makes an empty object, or one with values")
    func contents() async throws {
        let store = MemoryStore()
        let (reference, plan) = try await Creation.create("empty", in: store, run: .random(world))
        #expect(store.live("empty") == "{}")
        #expect(plan.isEmpty)
        #expect(reference.versionID == store.versions(in: "empty").first?.id)
        _ = try await Creation.create("full", with: [.text("A", "1"), .json("N", "5")], in: store, run: .random(world))
        #expect(store.live("full") == #"{"A":"1","N":5}"#)
    }

    @Test("The same again in the same run is the same success; in another run, or with other values, it is an error")
    func again() async throws {
        let store = MemoryStore()
        let run = RunKey.random(world)
        let first = try await Creation.create("n", with: [.text("A", "1")], in: store, run: run).reference
        #expect(try await Creation.create("n", with: [.text("A", "1")], in: store, run: run).reference == first)
        #expect(store.written == 1)
        for (changes, run) in [([Change.text("A", "2")], run), ([.text("A", "1")], .random(world))] {
            let error = await #expect(throws: StoreError.self) {
                try await Creation.create("n", with: changes, in: store, run: run)
            }
            guard case .alreadyExists = try #require(error) else {
                Issue.record("another error: \(String(describing: error))")
                return
            }
        }
    }

    @Test("Passes on that the name is scheduled for deletion, so that restoring can be offered")
    func scheduled() async throws {
        let store = MemoryStore()
        store.hooks.withLock {
            $0.before = { _ in throw StoreError.scheduledForDeletion(name: "n", until: Instant(seconds: 5)) }
        }
        let error = await #expect(throws: StoreError.self) {
            try await Creation.create("n", in: store, run: .random(world))
        }
        guard case .scheduledForDeletion(_, let until) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(until == Instant(seconds: 5))
    }

    @Test("What cannot be stored is refused before the store is asked")
    func refusals() async throws {
        let store = MemoryStore()
        await #expect(throws: StoreError.self) {
            try await Creation.create("n", with: [.text("", "1")], in: store, run: .random(world))
        }
        await #expect(throws: StoreError.self) {
            try await Creation.create(
                "n", with: [.text("A", String(repeating: "x", count: 70_000))], in: store, run: .random(world))
        }
        #expect(store.calls.isEmpty)
    }
}
