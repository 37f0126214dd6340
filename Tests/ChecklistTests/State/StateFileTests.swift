// The state file as it is written and read.

import Foundation
import Testing
import World

@testable import Checklist

@Suite("The state file")
struct StateFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A file with something in every field.
    static func rich(_ scratch: Scratch) async throws {
        let clock = TestClock()
        let journal = try await Journal.open(scratch, order: .emergency, clock: clock)
        let entries = journal.stepJournal(of: "create-key")
        let intent = try await entries.intend("create-key/migrate", ["name": "migrate", "scopes": ["mail.send"]])
        clock.advance(by: 2)
        try await entries.effected(intent, ["id": "AbC-_123", "status": 201, "shown": false])
        try await journal.write(.applied, of: "create-key", summary: nil, until: nil, facts: [:])
        try await journal.write(
            .verified, of: "create-key", summary: "the key \"migrate\" is live", until: clock.now + 7_776_000,
            facts: ["accounts": [], "path": "back\\end/é"])
        try await journal.write(
            .waived, of: "history", summary: "revoked keys only", until: clock.now + 86_400, facts: [:])
        try await entries.undoing(intent)
        try await entries.reverted(intent)
        try await journal.write(.undone, of: "create-key")
    }

    @Test("one event a line, steps in the checklist's order, all of them from the first write")
    func layout() async throws {
        let journal = try await Journal.open(scratch)
        #expect(scratch.text() == nil, "nothing is written before the first event")
        try await journal.write(.verified, of: "store-values", "7 keys", facts: ["version-id": "3f1c", "keys": 7])
        let digest = try #require(await journal.record(of: "store-values").events.first?.digest)
        #expect(
            scratch.text() == """
                {
                  "schema": "migrate.state/1",
                  "checklist": {
                    "id": "aws-secrets-manager",
                    "digest": "sha256:1",
                    "order": "default"
                  },
                  "steps": {
                    "revoke-key": {
                      "state": "pending",
                      "events": [
                      ]
                    },
                    "create-key": {
                      "state": "pending",
                      "events": [
                      ]
                    },
                    "store-values": {
                      "state": "verified",
                      "events": [
                        {"event":"verified","at":"2026-11-24T08:59:03Z","by":"Ada <ada@example.com>","tool":"1.2.3","summary":"7 keys","facts":{"keys":7,"version-id":"3f1c"},"digest":"\(digest)"}
                      ]
                    },
                    "history": {
                      "state": "pending",
                      "events": [
                      ]
                    }
                  }
                }

                """)
        #expect(scratch.permissions(of: ".migrate/state.json") == 0o644)
    }

    @Test("what was written is read back, and written again byte for byte")
    func roundTrip() async throws {
        try await Self.rich(scratch)
        let text = try #require(scratch.text())
        let file = try StateFile.parse(Array(text.utf8), path: "state.json")
        #expect(String(decoding: file.bytes(), as: UTF8.self) == text)
        #expect(file.tampering.isEmpty)
        #expect(file.order == .emergency)
        let snapshot = try StateFile.read(scratch)
        #expect(snapshot.order == .emergency)
        #expect(snapshot.record(of: "create-key").state == .undone)
        #expect(snapshot.record(of: "history").last(.waived)?.summary == "revoked keys only")
        let evidence = try #require(snapshot.record(of: "create-key").events.first { $0.event == .verified })
        #expect(evidence.facts == ["accounts": [], "path": "back\\end/é"])
        #expect(evidence.until == Instant(iso8601: "2027-02-22T08:59:05Z"))
        #expect(evidence.by == "Ada <ada@example.com>" && evidence.tool == "1.2.3")
    }

    @Test("without a file, nothing was done yet")
    func absent() throws {
        let snapshot = try StateFile.read(scratch)
        #expect(!snapshot.exists && snapshot.order == .standard && snapshot.notes.isEmpty)
        #expect(snapshot.records.count == 4 && snapshot.records.values.allSatisfy { $0 == StepRecord() })
    }

    @Test("a changed checklist is taken over as long as nothing that was done is lost")
    func changedChecklist() async throws {
        try await Self.rich(scratch)
        let changed = Checklist.sample(["gate", "history", "create-key"], digest: "sha256:2")
        let before = scratch.text()
        let snapshot = try StateFile.read(scratch, changed)
        #expect(
            snapshot.notes == ["The checklist aws-secrets-manager has changed since .migrate/state.json was written."])
        let journal = try await Journal.open(scratch, changed)
        #expect(scratch.text() == before)
        try await journal.write(.verified, of: "gate")
        await journal.close()
        let after = try StateFile.read(scratch, changed)
        #expect(after.notes.isEmpty && after.tampering.isEmpty)
        #expect(after.records.keys.sorted() == ["create-key", "gate", "history"])
        #expect(after.record(of: "create-key").events == snapshot.record(of: "create-key").events)
        #expect(scratch.text()?.contains("\"digest\": \"sha256:2\"") == true)
        let names = try #require(scratch.text()).split(separator: "\n").filter {
            $0.hasPrefix("    \"") && $0.hasSuffix("{")
        }
        #expect(names == ["    \"gate\": {", "    \"history\": {", "    \"create-key\": {"])
    }

    /// Texts that are no state file of this checklist, and what is said about them.
    private static let refused: [(text: String, words: String)] = [
        ("", ".migrate/state.json is damaged, line 1: it is empty."),
        ("{\n  \"schema\": \"migrate.state/1\",\n  oops\n}", "line 3: a name in double quotes was expected"),
        ("[]", "line 1: an object was expected"),
        ("{}", "line 1: `schema` is missing"),
        ("{\"schema\":\"other/1\"}", "it is no state file"),
        ("{\"schema\":\"migrate.state/2\",\"new\":true}", "was written by a newer migrate (migrate.state/2)"),
        ("{\"schema\":\"migrate.state/1\",\"steps\":{}}", "`checklist` is missing"),
        (file("{}", id: "leak-response"), "belongs to the checklist leak-response, not to aws-secrets-manager"),
        (file("{}", order: "backwards"), "no such order"),
        (file("{\"history\":{\"state\":\"done\",\"events\":[]}}"), "`state` has a value that is not known"),
        (file("{\"history\":{\"state\":\"pending\",\"events\":{}}}"), "`events` is no array"),
        (file("{\"history\":{\"state\":\"pending\",\"events\":[],\"owner\":1}}"), "a member named owner"),
        (
            file("{\"a\":{\"state\":\"pending\",\"events\":[]},\"a\":{\"state\":\"pending\",\"events\":[]}}"),
            "two members"
        ),
        (
            file(
                "{\"\\u00e9\":{\"state\":\"pending\",\"events\":[]},\"e\\u0301\":{\"state\":\"pending\",\"events\":[]}}"
            ),
            "the step is there twice"
        ),
        (event("\"event\":\"verified\",\"at\":\"yesterday\""), "`at` is no time"),
        (event("\"event\":\"vanished\",\"at\":\"2026-11-24T08:59:03Z\""), "`event` has a value"),
        (event("\"event\":\"intended\",\"at\":\"2026-11-24T08:59:03Z\""), "no effect, or no mark"),
        (
            event("\"event\":\"verified\",\"at\":\"2026-11-24T08:59:03Z\",\"summary\":\"\\u001b[2J\""),
            "control characters"
        ),
        (event("\"event\":\"verified\",\"at\":\"2026-11-24T08:59:03Z\",\"facts\":{\"a\":{}}"), "a fact is a text"),
        (event("\"event\":\"verified\",\"at\":\"2026-11-24T08:59:03Z\",\"facts\":{\"a\":1.5}"), "a whole number"),
    ]

    private static func file(_ steps: String, id: String = "aws-secrets-manager", order: String = "default") -> String {
        """
        {"schema":"migrate.state/1","checklist":{"id":"\(id)","digest":"d","order":"\(order)"},"steps":\(steps)}
        """
    }

    private static func event(_ members: String) -> String {
        file(
            "{\"history\":{\"state\":\"verified\",\"events\":[{\(members),\"by\":\"a\",\"tool\":\"1\",\"digest\":\"d\"}]}}"
        )
    }

    @Test("what cannot be used is refused in one line, and is never overwritten", arguments: refused)
    func refusals(text: String, words: String) async throws {
        try scratch.write(text)
        for attempt in 0..<2 {
            let error = await #expect(throws: StateError.self) {
                if attempt == 0 { _ = try StateFile.read(scratch) } else { _ = try await Journal.open(scratch) }
            }
            let (reason, remedy) = (try #require(error).reason, try #require(error).remedy)
            #expect(reason.contains(words), "\(reason)")
            #expect(StateText.isPlain(reason) && StateText.isPlain(remedy))
        }
        #expect(scratch.text() == text)
        #expect(scratch.names() == ["local", "state.json"])
    }

    @Test("steps with a past that the checklist lacks are named")
    func unknownSteps() async throws {
        try await Self.rich(scratch)
        let before = scratch.text()
        let error = await #expect(throws: StateError.self) { try await Journal.open(scratch, .sample(["history"])) }
        #expect(
            error?.reason
                == ".migrate/state.json remembers step create-key, which the checklist aws-secrets-manager does not have."
        )
        #expect(scratch.text() == before)
    }

    @Test("a link, a folder or too large a file in its place is refused")
    func inItsPlace() async throws {
        let other = try Scratch()
        try await Self.rich(other)
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/.migrate", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: scratch.state, withDestinationPath: other.state)
        #expect(throws: StateError.notRegular(path: StateFile.path)) { try StateFile.read(scratch) }
        try FileManager.default.removeItem(atPath: scratch.state)
        try FileManager.default.createDirectory(atPath: scratch.state, withIntermediateDirectories: false)
        #expect(throws: StateError.notRegular(path: StateFile.path)) { try StateFile.read(scratch) }
        try FileManager.default.removeItem(atPath: scratch.state)
        try scratch.write(String(repeating: " ", count: StateFile.largest + 1))
        #expect(throws: StateError.tooLarge(path: StateFile.path, limit: StateFile.largest)) {
            try StateFile.read(scratch)
        }
    }

    @Test("no change of bytes crashes the reader, and none goes unseen", arguments: 1...8)
    func mutations(seed: Int) async throws {
        try await Self.rich(scratch)
        let text = Array(try #require(scratch.text()).utf8)
        let original = try StateFile.parse(text, path: "state.json")
        var random = SeededGenerator(UInt64(seed))
        var outcomes: [String: Int] = [:]
        for _ in 0..<400 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("{}[],:\"\\\n<0".utf8).randomElement(using: &random)!, at: place)
                case 3:
                    let end = min(bytes.count, place + Int.random(in: 1...80, using: &random))
                    bytes.removeSubrange(place..<end)
                default:
                    let end = min(bytes.count, place + Int.random(in: 1...80, using: &random))
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            do {
                let file = try StateFile.parse(bytes, path: "state.json")
                // White space may change. A change of an event shows as tampering; a cut end is told by its state, unless
                // both were changed; the head of the file is checked against the checklist.
                let events = file.entries.flatMap(\.record.events)
                let known = Set(original.entries.flatMap(\.record.events).map(\.digest))
                let changed = !events.allSatisfy { event in
                    original.entries.contains { $0.record.events.contains(event) } && known.contains(event.digest)
                }
                if changed { #expect(!file.tampering.isEmpty, "\(String(decoding: bytes, as: UTF8.self))") }
                outcomes[file.tampering.isEmpty ? "read" : "tampered", default: 0] += 1
            } catch {
                #expect(StateText.isPlain(error.reason) && error.reason.utf8.count < 400)
                outcomes["refused", default: 0] += 1
            }
        }
        #expect(outcomes["refused", default: 0] > 50 && outcomes["tampered", default: 0] > 5, "\(outcomes)")
    }
}
