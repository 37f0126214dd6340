// Checklists that nobody thought of, run to their end one step after another.

import Testing
import World

@testable import Checklist

@Suite("One step after another")
struct SeriesTests {
    @Test(
        "doing what comes next, again and again, does everything once and nothing before what it needs",
        arguments: 0..<60)
    func nextToTheEnd(seed: Int) async throws {
        let checklist = Situation(seed).checklist
        for order in Checklist.Order.allCases {
            let stage = Stage(checklist.steps)
            var done: [String] = []
            for _ in 0..<checklist.steps.count {
                let next = try #require(await stage.runner(order: order).next())
                guard case .verified = try await stage.runner(order: order).run(next.step.id) else {
                    Issue.record("\(next.step.id) did not come to its end")
                    return
                }
                #expect(next.step.needs(in: order).allSatisfy(done.contains))
                done.append(next.step.id)
            }
            #expect(await stage.runner(order: order).next() == nil)
            #expect(stage.isMadeOnce)
            #expect(done == checklist.steps(in: order).map(\.id))
        }
    }

    @Test("all in one go comes to the same end", arguments: 0..<20)
    func all(seed: Int) async throws {
        let checklist = Situation(seed).checklist
        let stage = Stage(checklist.steps)
        let results = try await stage.runner().runThrough(checklist.steps(in: .standard).map(\.id))
        #expect(results.count == checklist.steps.count)
        #expect(stage.isMadeOnce)
    }
}
