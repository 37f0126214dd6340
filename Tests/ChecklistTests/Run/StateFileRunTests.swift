// The runner with the real journal, on a real disk.

import Foundation
import Testing
import World

@testable import Checklist

@Suite("A run with its state file")
struct StateFileRunTests {
    private static let steps = [
        Step(id: "one", kind: "maker", title: "One"), Step(id: "two", kind: "maker", title: "Two", needs: ["one"]),
    ]

    /// A journal that dies with its process; what is in the file stays.
    private struct Mortal: RunJournal {
        let journal: Journal
        let fate: Fate

        func record(of step: String) async -> StepRecord { await journal.record(of: step) }
        func write(
            _ event: StepEvent, of step: String, summary: String?, until: Instant?, facts: Facts
        ) async throws {
            try fate.pass()
            try await journal.write(event, of: step, summary: summary, until: until, facts: facts)
            try fate.pass()
        }
        func stepJournal(of step: String) -> any StepJournal {
            MortalEntries(journal: journal.stepJournal(of: step), fate: fate)
        }
    }

    private struct MortalEntries: StepJournal {
        let journal: any StepJournal
        let fate: Fate

        func intend(_ effect: String, _ facts: Facts) async throws -> Intent {
            try fate.pass()
            let intent = try await journal.intend(effect, facts)
            try fate.pass()
            return intent
        }
        func effected(_ intent: Intent, _ facts: Facts) async throws {
            try fate.pass()
            try await journal.effected(intent, facts)
            try fate.pass()
        }
        func undoing(_ effect: Intent) async throws { try await journal.undoing(effect) }
        func reverted(_ effect: Intent) async throws { try await journal.reverted(effect) }
    }

    @Test("killed at any instant, it goes on from the file to the same end")
    func killed() async throws {
        var moments = 0
        var isWhole = false
        while !isWhole {
            let root = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: root) }
            let stage = Stage(Self.steps)
            var world = stage.clock.world
            world.randomBytes = World.real().randomBytes
            for limit in [moments, .max] {
                let journal = try await Journal.open(
                    root: root, checklist: stage.checklist, order: nil, identity: "Ada <ada@example.com>", tool: "1",
                    world: world)
                let fate = Fate(after: limit)
                var runner = stage.runner(fate)
                runner.journal = Mortal(journal: journal, fate: fate)
                do {
                    let results = try await runner.runThrough(["one", "two"])
                    #expect(results.allSatisfy { if case .ran(let end) = $0.end { end.isDone } else { false } })
                    isWhole = isWhole || limit == moments
                } catch is Killed {}
                await journal.close()
            }
            #expect(stage.isMadeOnce, "killed after \(moments)")
            // The file holds by itself: read again, chain and all, it says that everything is done.
            let journal = try await Journal.open(
                root: root, checklist: stage.checklist, order: nil, identity: "Bob", tool: "1", world: world)
            for step in Self.steps {
                let record = await journal.record(of: step.id)
                #expect(record.state == .verified && record.openIntents.isEmpty && record.effects.count == 2)
            }
            await journal.close()
            moments += 1
        }
        #expect(moments > 30)
    }

    @Test("looking again at what is done leaves the file byte for byte as it is")
    func stable() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let stage = Stage(Self.steps)
        var files: Set<Data> = []
        for _ in 0..<3 {
            let journal = try await Journal.open(
                root: root, checklist: stage.checklist, order: nil, identity: "Ada <ada@example.com>", tool: "1",
                world: World.real())
            var runner = stage.runner()
            runner.journal = journal
            _ = try await runner.runThrough(["one", "two"])
            await journal.close()
            files.insert(try Data(contentsOf: URL(filePath: root + "/.migrate/state.json")))
        }
        #expect(files.count == 1)
    }
}
