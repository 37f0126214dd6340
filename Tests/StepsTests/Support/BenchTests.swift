// The tools that the tests of the steps share do what they say.

import Checklist
import Scanning
import Testing

@testable import Steps

@Suite("The bench of the step tests")
struct BenchTests {
    @Test("It has a repository, a scan of it, and a vault")
    func parts() async throws {
        let bench = try Bench()
        try bench.repository.write("backend/.env", "PORT=8080\n").commit("Start")
        let findings = try await bench.workbench().findings()
        #expect(findings.report.dotenvFiles.map(\.path) == ["backend/.env"])
        try await bench.storeSecret(#"{"A": "1"}"#)
        #expect(try await bench.storedText() == #"{"A": "1"}"#)
    }

    @Test("A journal that is killed keeps what was written before, and hands an open intent back")
    func killed() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            func run() async throws -> Intent {
                let intent = try await journal.intend("write", ["path": "a"])
                try await journal.effected(intent, Facts())
                return intent
            }
            var open: [Intent] = []
            do { _ = try await run() } catch is MemoryJournal.Killed {
                await journal.revive()
                open = await journal.record.openIntents
                let intent = try await run()
                if let first = open.first { #expect(intent.token == first.token) }
            }
            #expect(await journal.record.openIntents == [])
            #expect(await Set(journal.record.effects.map(\.effect)) == ["write"])
        }
        #expect(kills == 4)
    }
}
