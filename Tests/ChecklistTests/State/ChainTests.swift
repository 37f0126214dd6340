// Editing the past shows.

import Foundation
import Testing
import World

@testable import Checklist

@Suite("The chain of events")
struct ChainTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A file in which create-key was done, undone and history was waived; lines counted from 1.
    private func lines() async throws -> [String] {
        try await StateFileTests.rich(scratch)
        return try #require(scratch.text()).components(separatedBy: "\n")
    }

    private func expect(
        _ flaw: TamperedStep.Flaw, of step: String, line: Int, in lines: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try scratch.write(lines.joined(separator: "\n"))
        let snapshot = try StateFile.read(scratch)
        #expect(
            snapshot.tampering == [TamperedStep(step: step, flaw: flaw, line: line)], sourceLocation: sourceLocation)
        // `status` shows it; a run does not build on it, and leaves the file as it is.
        let before = scratch.text()
        let error = await #expect(throws: StateError.self, sourceLocation: sourceLocation) {
            try await Journal.open(scratch)
        }
        #expect(error?.reason.contains("was edited: ") == true, sourceLocation: sourceLocation)
        #expect(scratch.text() == before, sourceLocation: sourceLocation)
    }

    private func index(of event: String, in lines: [String]) throws -> Int {
        try #require(lines.firstIndex { $0.contains("{\"event\":\"\(event)\"") })
    }

    @Test(
        "a changed word of an event shows",
        arguments: [
            ("\"at\":\"2026-11-24T08:59:05Z\"", "\"at\":\"2026-11-23T08:59:05Z\""), ("Ada <ada@", "Eve <eve@"),
            ("\"tool\":\"1.2.3\"", "\"tool\":\"1.2.4\""), ("\"status\":201", "\"status\":202"),
            ("\"shown\":false", "\"shown\":true"),
            ("\"effect\":\"create-key/migrate\"", "\"effect\":\"create-key/other\""),
            ("AbC-_123", "AbC-_124"),
        ])
    func changed(word: String, other: String) async throws {
        var lines = try await lines()
        let place = try index(of: "effected", in: lines)
        #expect(lines[place].contains(word))
        lines[place] = lines[place].replacingOccurrences(of: word, with: other)
        try await expect(.chain, of: "create-key", line: place + 1, in: lines)
    }

    @Test("a removed event, one that changed places, one that is there twice, and one of another step show")
    func moved() async throws {
        let lines = try await lines()
        let (applied, waived) = (try index(of: "applied", in: lines), try index(of: "waived", in: lines))
        var without = lines
        without.remove(at: applied)
        try await expect(.chain, of: "create-key", line: applied + 1, in: without)
        var swapped = lines
        swapped.swapAt(applied, applied + 1)
        try await expect(.chain, of: "create-key", line: applied + 1, in: swapped)
        var twice = lines
        twice.insert(lines[applied], at: applied)
        try await expect(.chain, of: "create-key", line: applied + 2, in: twice)
        var copied = lines
        copied[waived] = lines[try index(of: "intended", in: lines)].trimmingCharacters(in: [","])
        try await expect(.chain, of: "history", line: waived + 1, in: copied)
    }

    @Test("a cut end shows in the state, as long as that is not changed as well")
    func cut() async throws {
        var lines = try await lines()
        let last = try index(of: "undone", in: lines)
        let state = try #require(lines.firstIndex { $0.contains("\"state\": \"undone\"") })
        lines.remove(at: last)
        lines[last - 1] = lines[last - 1].trimmingCharacters(in: [","])
        try await expect(.state(written: .undone, told: .intended), of: "create-key", line: state + 1, in: lines)
    }

    @Test("a state that the events do not lead to shows")
    func state() async throws {
        var lines = try await lines()
        let place = try #require(lines.firstIndex { $0.contains("\"state\": \"waived\"") })
        lines[place] = "      \"state\": \"verified\","
        try await expect(.state(written: .verified, told: .waived), of: "history", line: place + 1, in: lines)
    }

    @Test("a chain is no help against events that cannot follow each other: the table is asked as well")
    func order() throws {
        var event = RecordedEvent(event: .drifted, at: TestClock().now, by: "a", tool: "1")
        event.digest = EventChain.digest(
            of: event, after: EventChain.root(checklist: "aws-secrets-manager", step: "history"))
        var file = StateFile(for: .sample(), order: .standard)
        file.entries[3].record = StepRecord(state: .drifted, events: [event])
        let read = try StateFile.parse(file.bytes(), path: "state.json")
        #expect(read.tampering.map(\.flaw) == [.order])
        #expect(read.record(of: "history")?.state == .pending)
    }

    @Test("a digest is over the one before, the step and the checklist")
    func roots() {
        let event = RecordedEvent(event: .verified, at: TestClock().now, by: "a", tool: "1")
        let digests = [("a", "b"), ("a", "c"), ("b", "b"), ("ab", "")].map {
            EventChain.digest(of: event, after: EventChain.root(checklist: $0.0, step: $0.1))
        }
        #expect(Set(digests).count == 4)
        #expect(digests.allSatisfy { $0.hasPrefix("sha256:") && $0.utf8.count == 71 })
    }

    @Test("a long past of one step is read fast, forged or not")
    func long() throws {
        var file = StateFile(for: .sample(), order: .standard)
        var digest = EventChain.root(checklist: "aws-secrets-manager", step: "history")
        for number in 0..<5_000 {
            var event = RecordedEvent(event: .verified, at: TestClock().now + Double(number), by: "a", tool: "1")
            event.digest = EventChain.digest(of: event, after: digest)
            digest = event.digest
            file.entries[3].record.events.append(event)
        }
        file.entries[3].record.state = .verified
        #expect(try StateFile.parse(file.bytes(), path: "state.json").tampering.isEmpty)
        file.entries[3].record.events[4_000].by = "b"
        let start = ContinuousClock.now
        #expect(try StateFile.parse(file.bytes(), path: "state.json").tampering.map(\.flaw) == [.chain])
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
