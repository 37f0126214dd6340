// Writing during a run.

import Files
import Foundation
import Testing
import World

@testable import Checklist

@Suite("The journal")
struct JournalTests {
    private let scratch: Scratch
    private let clock = TestClock()

    init() throws { scratch = try Scratch() }

    @Test("each event is on disk when the call returns")
    func onDisk() async throws {
        let journal = try await Journal.open(scratch)
        let entries = journal.stepJournal(of: "store-values")
        let intent = try await entries.intend("put-version", ["keys": 7])
        #expect(try StateFile.read(scratch).record(of: "store-values").openIntents == [intent])
        #expect(intent.token.utf8.count == 32 && intent.token.allSatisfy(\.isHexDigit))
        try await entries.effected(intent, ["version-id": "3f1c"])
        let record = try StateFile.read(scratch).record(of: "store-values")
        #expect(record.openIntents.isEmpty)
        #expect(record.effects.map(\.facts) == [["keys": 7, "version-id": "3f1c"]])
        #expect(await journal.record(of: "store-values") == record)
        let read = try StateFile.read(scratch)
        #expect(await journal.snapshot == read)
    }

    @Test("an intent that an earlier run left open is handed back, token and all")
    func openIntent() async throws {
        let first = try await Journal.open(scratch)
        let intent = try await first.stepJournal(of: "store-values").intend("put-version", ["keys": 7])
        let other = try await first.stepJournal(of: "store-values").intend("tag", [:])
        await first.close()
        let before = scratch.text()
        let second = try await Journal.open(scratch, by: "Ben")
        let entries = second.stepJournal(of: "store-values")
        #expect(try await entries.intend("put-version", ["keys": 8]) == intent)
        #expect(scratch.text() == before)
        #expect(other.token != intent.token)
        try await entries.effected(intent, [:])
        #expect(try await entries.intend("put-version", [:]).token != intent.token)
    }

    @Test("whatever is written, by however many runs, is read back as it was", arguments: 1...4)
    func randomRuns(seed: Int) async throws {
        var random = SeededGenerator(UInt64(seed))
        let steps = Checklist.sample().steps.map(\.id)
        var journal = try await Journal.open(scratch, clock: clock)
        for _ in 0..<60 {
            clock.advance(by: Double.random(in: -100...100, using: &random))
            let step = steps.randomElement(using: &random)!
            let entries = journal.stepJournal(of: step)
            let record = await journal.record(of: step)
            let event = StepEvent.allCases.filter { record.state.after($0) != nil }.randomElement(using: &random)!
            switch event {
            case .intended:
                let effect = "effect \(Int.random(in: 0..<3, using: &random))"
                let intent = try await entries.intend(effect, ["seed": .number(seed)])
                let open = record.openIntents.first { $0.effect == effect }
                #expect(open == nil || open == intent)
            case .effected:
                guard let intent = record.openIntents.randomElement(using: &random) else { continue }
                try await entries.effected(intent, ["list": ["a", "é", "\"\\"]])
            case .undoing:
                guard let effect = record.effects.randomElement(using: &random) else { continue }
                try await entries.undoing(effect)
            case .reverted:
                guard let effect = record.effects.randomElement(using: &random) else { continue }
                try await entries.reverted(effect)
            default:
                try await journal.write(
                    event, of: step, summary: "seed \(seed)", until: clock.now + 0.5, facts: ["flag": true])
            }
            let read = try StateFile.read(scratch)
            #expect(read.tampering.isEmpty)
            #expect(await journal.snapshot == read)
            if Int.random(in: 0..<10, using: &random) == 0 {
                await journal.close()
                journal = try await Journal.open(scratch, clock: clock)
            }
        }
    }

    @Test("effects are taken back one by one, and a cut undo goes on")
    func undo() async throws {
        let journal = try await Journal.open(scratch)
        let entries = journal.stepJournal(of: "history")
        for effect in ["a", "b"] {
            let intent = try await entries.intend(effect, ["name": .text(effect)])
            try await entries.effected(intent, [:])
        }
        try await journal.write(.verified, of: "history")
        let effects = await journal.record(of: "history").effects
        #expect(effects.map(\.effect) == ["a", "b"])
        try await entries.undoing(effects[1])
        let written = scratch.text()
        try await entries.undoing(effects[1])
        #expect(scratch.text() == written, "announced once")
        try await entries.reverted(effects[1])
        #expect(await journal.record(of: "history").effects.map(\.effect) == ["a"])
        try await entries.undoing(effects[0])
        try await entries.reverted(effects[0])
        try await journal.write(.undone, of: "history")
        let record = await journal.record(of: "history")
        #expect(record.state == .undone && record.effects.isEmpty && record.openIntents.isEmpty)
    }

    @Test("the order of the steps is remembered from the first write, and can be changed")
    func order() async throws {
        let first = try await Journal.open(scratch, order: .emergency)
        try await first.write(.verified, of: "revoke-key")
        await first.close()
        let second = try await Journal.open(scratch)
        #expect(await second.order == .emergency)
        await second.close()
        let third = try await Journal.open(scratch, order: .standard)
        #expect(try StateFile.read(scratch).order == .emergency, "not before something happens")
        try await third.write(.verified, of: "create-key")
        #expect(try StateFile.read(scratch).order == .standard)
    }

    @Test("a clock that jumps back does not turn events around")
    func clockJumps() async throws {
        let journal = try await Journal.open(scratch, clock: clock)
        try await journal.write(.failed, of: "history")
        clock.advance(by: -3_600)
        try await journal.write(.failed, of: "history")
        clock.advance(by: 3_601.75)
        try await journal.write(.verified, of: "history")
        let times = try StateFile.read(scratch).record(of: "history").events.map(\.at.iso8601)
        #expect(times == ["2026-11-24T08:59:03Z", "2026-11-24T08:59:03Z", "2026-11-24T08:59:04Z"])
    }

    @Test("a file that another program changed meanwhile is left as it is")
    func changedMeanwhile() async throws {
        let journal = try await Journal.open(scratch)
        try await journal.write(.verified, of: "history")
        let pulled = try #require(scratch.text()) + "\n"
        try scratch.write(pulled)
        await #expect(throws: StateError.changedMeanwhile(path: StateFile.path)) {
            try await journal.write(.verified, of: "create-key")
        }
        #expect(scratch.text() == pulled)
        #expect(await journal.record(of: "create-key").events.isEmpty)
        try FileManager.default.removeItem(atPath: scratch.state)
        await #expect(throws: StateError.changedMeanwhile(path: StateFile.path)) {
            try await journal.write(.verified, of: "create-key")
        }
    }

    @Test("reasons become one line; texts that must not be published are refused, and nothing is written")
    func texts() async throws {
        let journal = try await Journal.open(scratch, by: "Eve\u{1B}[2J\n<eve@example.com>")
        try await journal.write(
            .failed, of: "history", "first\r\n  second\u{7}\tthird " + String(repeating: "é", count: 2_000))
        let event = try #require(await journal.record(of: "history").events.last)
        #expect(event.summary?.hasPrefix("first second third éé") == true)
        #expect(event.summary?.hasSuffix("é…") == true && (event.summary?.utf8.count ?? 0) <= 2_000)
        #expect(event.by == "Eve [2J <eve@example.com>")
        let before = scratch.text()
        let secret = "SG." + String(repeating: "a", count: 22) + "." + String(repeating: "b", count: 43)
        let refused: [(Facts, String)] = [
            (["a": "x\u{1B}[2J"], "has a control character"), (["a": ["fine", "x\ny"]], "has a control character"),
            (["a": .text(String(repeating: "x", count: 2_001))], "is longer than 2000 bytes"),
            (["a\u{202E}": 1], "has a control character"), (["a": .text("key \(secret) end")], "looks like a secret"),
            (["a": "-----BEGIN RSA PRIVATE KEY-----"], "looks like a secret"),
            (["a": .list(Array(repeating: String(repeating: "x", count: 1_900), count: 20))], "is longer than 32000"),
        ]
        for (facts, words) in refused {
            let failure = await #expect(throws: StepFailure.self) {
                try await journal.write(.verified, of: "history", facts: facts)
            }
            #expect(failure?.reason.contains(words) == true, "\(failure?.reason ?? "")")
            #expect(failure?.reason.contains(secret) == false)
            await #expect(throws: StepFailure.self) {
                _ = try await journal.stepJournal(of: "history").intend("x", facts)
            }
        }
        await #expect(throws: StepFailure.self) { try await journal.write(.verified, of: "history", secret) }
        await #expect(throws: StepFailure.self) { _ = try await journal.stepJournal(of: "history").intend("a\nb", [:]) }
        #expect(scratch.text() == before)
        // The public part of a key may be kept.
        try await journal.write(
            .verified, of: "history", facts: ["key": .text("SG." + String(repeating: "a", count: 22) + ".…")])
    }

    @Test("an illegal event ends the program, and says which")
    func illegal() async throws {
        let outcome = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let journal = try await Journal.open(Scratch())
            try await journal.write(.drifted, of: "history")
        }
        let words = String(decoding: outcome?.standardErrorContent ?? [], as: UTF8.self)
        #expect(words.contains("Illegal transition: step history is pending, and drifted cannot follow."), "\(words)")
    }

    @Test("an outcome that nobody announced, and a step that there is not, end the program")
    func mistakes() async throws {
        let outcome = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let scratch = try Scratch()
            let entries = try await Journal.open(scratch).stepJournal(of: "history")
            let intent = try await entries.intend("tag", [:])
            try await entries.effected(intent, [:])
            try await entries.effected(intent, [:])
            withExtendedLifetime(scratch) {}
        }
        let words = String(decoding: outcome?.standardErrorContent ?? [], as: UTF8.self)
        #expect(
            words.contains("The effect tag of step history was not announced, or has its outcome already."), "\(words)")
        let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try await Journal.open(Scratch()).write(.verified, of: "absent")
        }
        let otherWords = String(decoding: other?.standardErrorContent ?? [], as: UTF8.self)
        #expect(otherWords.contains("The checklist has no step absent."), "\(otherWords)")
    }

    @Test("what a full disk or a read-only folder stops leaves the file and the memory as they were")
    func unwritable() async throws {
        let journal = try await Journal.open(scratch)
        try await journal.write(.verified, of: "history")
        let before = scratch.text()
        // For root, permissions mean nothing; a file in the place of the temporary file's folder means the same to all.
        try FileManager.default.moveItem(atPath: "\(scratch.path)/.migrate", toPath: "\(scratch.path)/away")
        try scratch.write("in the way", to: ".migrate")
        await #expect(throws: (any Error).self) { try await journal.write(.verified, of: "create-key") }
        try FileManager.default.removeItem(atPath: "\(scratch.path)/.migrate")
        try FileManager.default.moveItem(atPath: "\(scratch.path)/away", toPath: "\(scratch.path)/.migrate")
        #expect(scratch.text() == before)
        #expect(await journal.record(of: "create-key") == StepRecord())
        try await journal.write(.verified, of: "create-key")
        #expect(try StateFile.read(scratch).record(of: "create-key").state == .verified)
    }

    @Test("a write that ends halfway, as on a full disk, leaves the file whole and nothing beside it")
    func fullDisk() async throws {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let journal = try await Journal.open(scratch)
            try await journal.write(.verified, of: "history")
            let before = scratch.text()
            #if canImport(Glibc)
                let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
            #else
                let resource = RLIMIT_FSIZE
            #endif
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(resource, &limit)
            let usual = limit.rlim_cur
            limit.rlim_cur = 100
            setrlimit(resource, &limit)
            let failure = await #expect(throws: FileError.self) { try await journal.write(.verified, of: "create-key") }
            limit.rlim_cur = usual
            setrlimit(resource, &limit)
            #expect(failure?.operation == .write)
            #expect(scratch.text() == before)
            #expect(scratch.names() == ["local", "state.json"])
            try await journal.write(.verified, of: "create-key")
            #expect(try StateFile.read(scratch).record(of: "create-key").state == .verified)
        }
    }

    @Test("what a killed run left of a file it was writing is cleared away by the next")
    func leftovers() async throws {
        try await StateFileTests.rich(scratch)
        try scratch.write("{", to: ".migrate/state.json.4711.1.tmp")
        try scratch.write("mine", to: ".migrate/notes.tmp")
        _ = try StateFile.read(scratch)
        #expect(scratch.names().contains("state.json.4711.1.tmp"))
        _ = try await Journal.open(scratch)
        #expect(scratch.names() == ["local", "notes.tmp", "state.json"])
    }
}
