// A process that is killed at any of its moments, and then run again.

import Testing
import World

@testable import Checklist

@Suite("Killed at any instant")
struct KillTests {
    /// Runs to the end, killed after `moments` moments, then after `further` of the next run, and so on.
    private func outlive(_ stage: Stage, _ moments: [Int], _ body: (Runner) async throws -> Void) async throws -> Int {
        var kills = 0
        for limit in moments {
            do {
                try await body(stage.runner(Fate(after: limit)))
                return kills
            } catch is Killed {
                kills += 1
            }
        }
        try await body(stage.runner())
        return kills
    }

    private func expectEnd(_ stage: Stage, _ moments: [Int]) {
        #expect(stage.isMadeOnce, "killed after \(moments): \(stage.outside.makings)")
        for step in stage.steps {
            let record = stage.memory[step.id]
            #expect(record.state == .verified, "killed after \(moments)")
            #expect(record.openIntents.isEmpty, "killed after \(moments): \(record.events.map(\.event))")
            // What can be taken back is known in full.
            #expect(record.effects.map(\.effect).sorted() == ["\(step.id)/a", "\(step.id)/b"])
            #expect(record.effects.allSatisfy { $0.facts.text("wanted") == $0.effect && $0.facts.text("made") != nil })
        }
    }

    @Test("a run comes to the same end, and does nothing twice")
    func once() async throws {
        var moments = 0
        while true {
            let stage = Stage()
            let kills = try await outlive(stage, [moments]) { _ = try await $0.run("make") }
            expectEnd(stage, [moments])
            if kills == 0 { break }
            moments += 1
        }
        // Six writes and two effects, before and after each.
        #expect(moments == 16)
    }

    @Test("also when the next run is killed as well, and the one after it")
    func again() async throws {
        for first in 0..<16 {
            for second in 0..<16 {
                let stage = Stage()
                _ = try await outlive(stage, [first, second, first]) { _ = try await $0.run("make") }
                expectEnd(stage, [first, second, first])
            }
        }
    }

    @Test("a step that takes time comes to the same end")
    func waiting() async throws {
        for moments in 0..<20 {
            var stage = Stage()
            stage.change = { maker, _ in maker.delay = 60 }
            let kills = try await outlive(stage, [moments]) {
                _ = try await $0.run("make", RunOptions(patience: .seconds(100)))
            }
            expectEnd(stage, [moments])
            #expect(kills == (moments < 18 ? 1 : 0))
        }
    }

    @Test("drift is mended to the same end")
    func drift() async throws {
        for moments in 0..<11 {
            let stage = Stage()
            _ = try await stage.runner().run("make")
            stage.outside.remove("make/b")
            let kills = try await outlive(stage, [moments]) { _ = try await $0.run("make") }
            #expect(stage.outside.makings.count == 3)
            #expect(stage.memory["make"].state == .verified)
            #expect(stage.memory["make"].openIntents.isEmpty)
            #expect(kills == 1 || moments >= 10)
        }
    }

    @Test("a step is taken back to the same end")
    func undo() async throws {
        for moments in 0..<16 {
            let stage = Stage()
            _ = try await stage.runner().run("make")
            let kills = try await outlive(stage, [moments]) { _ = try await $0.undo("make") }
            #expect(stage.outside.making("make/a") == nil && stage.outside.making("make/b") == nil)
            #expect(stage.memory["make"].state == .undone, "killed after \(moments)")
            #expect(stage.memory["make"].effects.isEmpty)
            #expect(kills == (moments < 14 ? 1 : 0))
        }
    }

    @Test("a whole checklist comes to the same end")
    func series() async throws {
        let steps = [
            Step(id: "one", kind: "maker", title: "One"), Step(id: "two", kind: "maker", title: "Two", needs: ["one"]),
            Step(id: "three", kind: "maker", title: "Three", needs: ["one", "two"]),
        ]
        for moments in 0..<48 {
            let stage = Stage(steps)
            let kills = try await outlive(stage, [moments, moments / 2]) {
                _ = try await $0.runThrough(["one", "two", "three"])
            }
            expectEnd(stage, [moments])
            #expect(kills > 0)
        }
    }
}
