// A run that dies anywhere, and is begun again: one version in the end, and nothing lost.

import Checklist
import Secrets
import Settings
import Stores
import Testing

@testable import Steps

@Suite("Storing the values, cut short and taken back")
struct StoreValuesCrashTests {
    static let answers: [String: Answer] = ["replace/JWT_SECRET_KEY": .text("generate")]

    static func bench() async throws -> (bench: Bench, first: String) {
        let bench = try Bench()
        try bench.repository.write(".gitignore", ".env.local\n").write(".env", "JWT_SECRET_KEY=\(Canary.jwt)\n")
            .commit("Start").write(".env.local", "DB_PASSWORD=\(Canary.password)\n")
        return (bench, try await bench.storeSecret(#"{"KEPT": "\#(Canary.token)"}"#))
    }

    /// What must hold in the end, wherever the first run died.
    static func check(_ bench: Bench, _ first: String) async throws {
        let stored = try await bench.stored()
        #expect(stored.keys.sorted() == ["DB_PASSWORD", "JWT_SECRET_KEY", "KEPT"])
        #expect(stored["KEPT"] == Canary.token && stored["DB_PASSWORD"] == Canary.password)
        #expect(stored["JWT_SECRET_KEY"] != Canary.jwt && stored["JWT_SECRET_KEY"]?.count == 64)
        // One version became current, on top of the first one.
        let description = try await bench.vault.describe(Bench.secret)
        #expect(description.version(with: Stage.previous) == first)
    }

    @Test("Killed at any write of the journal, and run again")
    func journalKills() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let (bench, first) = try await Self.bench()
            let step = Rehearsal(try Bench.kind("store-values", on: bench.workbench()), journal)
            do { _ = try await step.run(Self.answers) } catch is MemoryJournal.Killed {
                await journal.revive()
                if try await step.observe().evidence == nil { _ = try await step.run(Self.answers) }
            }
            try await Self.check(bench, first)
            // And back again, whatever was written down.
            do { try await step.undo() } catch is MemoryJournal.Killed {
                await journal.revive()
                try await step.undo()
            }
            #expect(try await bench.stored() == ["KEPT": Canary.token])
            #expect(await journal.record.effects == [])
        }
        // Announced, made, announced to be taken back, taken back.
        #expect(kills == 8)
    }

    @Test("Killed at any call of the store, and run again")
    func storeKills() async throws {
        let kills = try await withEveryStoreKill { killer in
            let (bench, first) = try await Self.bench()
            let journal = MemoryJournal()
            let doomed = Rehearsal(try Bench.kind("store-values", on: bench.workbench(killedBy: killer)), journal)
            do { _ = try await doomed.run(Self.answers) } catch is StoreKiller.Killed {}
            let step = Rehearsal(try Bench.kind("store-values", on: bench.workbench()), journal)
            if try await step.observe().evidence == nil { _ = try await step.run(Self.answers) }
            try await Self.check(bench, first)
            try await step.undo()
            #expect(try await bench.stored() == ["KEPT": Canary.token])
        }
        #expect(kills > 20)
    }

    @Test("The values that were generated are not made anew once they are live")
    func generatedOnce() async throws {
        let (bench, _) = try await Self.bench()
        let step = Rehearsal(
            try Bench.kind("store-values", on: bench.workbench()), MemoryJournal(kill: .before(1)))
        await #expect(throws: MemoryJournal.Killed.self) { try await step.run(Self.answers) }
        let live = try await bench.storedText()
        #expect(live.contains("JWT_SECRET_KEY"))
        await step.journal.revive()
        #expect(try await step.observe().evidence != nil)
        _ = try await step.run(Self.answers)
        #expect(try await bench.storedText() == live)
        #expect(await step.journal.record.openIntents == [])
    }

    @Test("What somebody else has stored meanwhile is not taken back")
    func undoRefused() async throws {
        let (bench, _) = try await Self.bench()
        let step = Rehearsal(try Bench.kind("store-values", on: bench.workbench()))
        _ = try await step.run(Self.answers)
        let preview = try await step.kind.undoPreview(await step.journal.record)
        #expect(preview.changes.first?.subject.contains("current again") == true)
        #expect(preview.text.contains("removed: JWT_SECRET_KEY"))
        _ = try await bench.vault.put(
            Bench.secret, SharedSecret(copying: #"{"THEIRS":"1"}"#.utf8), stages: [],
            token: "0123456789abcdef0123456789abcdef")
        let refused = try await step.kind.undoPreview(await step.journal.record)
        #expect(refused.changes.isEmpty && refused.text.contains("somebody has written since"))
        await #expect(throws: StepFailure.self) { try await step.undo() }
        #expect(try await bench.stored() == ["THEIRS": "1"])
    }

    @Test("Killed while it is taken back, and taken back again")
    func undoKills() async throws {
        let kills = try await withEveryStoreKill { killer in
            let (bench, first) = try await Self.bench()
            let journal = MemoryJournal()
            let step = Rehearsal(try Bench.kind("store-values", on: bench.workbench()), journal)
            _ = try await step.run(Self.answers)
            let doomed = Rehearsal(try Bench.kind("store-values", on: bench.workbench(killedBy: killer)), journal)
            do { try await doomed.undo() } catch is StoreKiller.Killed { try await step.undo() }
            #expect(try await bench.vault.describe(Bench.secret).version(with: Stage.current) == first)
            #expect(await journal.record.effects == [])
        }
        #expect(kills > 4)
    }

    @Test("Taken back by a run that could not tell, then waived: what is told now was announced again")
    func undoAfterWaiver() async throws {
        let (bench, first) = try await Self.bench()
        let journal = MemoryJournal()
        let step = Rehearsal(try Bench.kind("store-values", on: bench.workbench()), journal)
        _ = try await step.run(Self.answers)
        let written = try #require(await journal.record.effects.last)
        // The earlier undo: announced, made, and killed.
        try await journal.undoing(written)
        let now = try await bench.vault.describe(Bench.secret).version(with: Stage.current)
        try await bench.vault.moveStage(Bench.secret, Stage.current, from: now, to: first)
        await journal.note(.waived)
        let before = await journal.record.events.count
        try await step.undo()
        // Between a waiver and the word that it is taken back there is no way in the life of a step.
        let events = await journal.record.events.dropFirst(before).filter { $0.token == written.token }
        #expect(events.map(\.event) == [.undoing, .reverted])
        #expect(await journal.record.effects == [])
    }
}
