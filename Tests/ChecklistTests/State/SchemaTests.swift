// The state file against its description in docs/, and files of older schemas.

import Foundation
import Testing

@testable import Checklist

@Suite("Schemas of the state file")
struct StateSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("samples for the validator")
    func samples() async throws {
        // `scripts/validate-state.py` reads these after the tests.
        let folder = Self.root.appending(path: ".build/state-samples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await StateFileTests.rich(scratch)
        let rich = try #require(scratch.text())
        let empty = String(decoding: StateFile(for: .sample(), order: .standard).bytes(), as: UTF8.self)
        for (name, text) in [("rich", rich), ("empty", empty)] {
            #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
            try Data(text.utf8).write(to: folder.appending(path: "\(name).json"), options: .atomic)
        }
    }

    @Test("the schema and the page beside it know every word that the file can use")
    func words() throws {
        let schema = try String(contentsOf: Self.root.appending(path: "docs/state-schema.json"), encoding: .utf8)
        let page = try String(contentsOf: Self.root.appending(path: "docs/state.md"), encoding: .utf8)
        let words =
            StepState.allCases.map(\.rawValue) + StepEvent.allCases.map(\.rawValue)
            + Checklist.Order.allCases.map(\.rawValue)
        for word in words {
            #expect(schema.contains("\"\(word)\""), "\(word) in the schema")
            #expect(page.contains("`\(word)`"), "\(word) on the page")
        }
    }

    private static let old = """
        {"schema": "migrate.state/0", "checklist": "aws-secrets-manager", "steps": [
          {"id": "revoke-key", "state": "pending"},
          {"id": "history", "state": "waived", "at": "2025-03-01T10:00:00Z", "by": "Ada", "tool": "0.1.0", "summary": "dead keys"},
          {"id": "create-key", "state": "verified", "at": "2025-03-02T10:00:00Z", "by": "Ben", "tool": "0.1.0"}
        ]}

        """

    @Test("a file of schema 0 is brought up to date by the first write, and kept beside the new one")
    func schema0() async throws {
        try scratch.write(Self.old)
        let seen = try StateFile.read(scratch)
        #expect(seen.notes.count == 1 && seen.notes[0].contains("of an older migrate"))
        #expect(seen.record(of: "history").last(.waived)?.summary == "dead keys")
        #expect(seen.record(of: "create-key").state == .verified)
        #expect(scratch.text() == Self.old)
        let journal = try await Journal.open(scratch)
        #expect(scratch.text() == Self.old, "opening alone changes nothing")
        try await journal.write(.verified, of: "revoke-key")
        try await journal.write(.verified, of: "store-values")
        await journal.close()
        #expect(scratch.text(".migrate/state.json.v0.bak") == Self.old)
        #expect(scratch.names() == ["local", "state.json", "state.json.v0.bak"])
        let after = try StateFile.read(scratch)
        #expect(after.notes.isEmpty && after.tampering.isEmpty)
        #expect(after.record(of: "history") == seen.record(of: "history"))
        #expect(after.record(of: "create-key").events.map(\.by) == ["Ben"])
    }

    @Test("a copy that was kept earlier is not overwritten")
    func keptTwice() async throws {
        try scratch.write("kept earlier", to: ".migrate/state.json.v0.bak")
        try scratch.write(Self.old)
        try await Journal.open(scratch).write(.verified, of: "revoke-key")
        #expect(scratch.text(".migrate/state.json.v0.bak") == "kept earlier")
        #expect(scratch.text(".migrate/state.json.v0-2.bak") == Self.old)
        // A run that was killed between the two files has kept it already.
        try scratch.write(Self.old)
        try await Journal.open(scratch).write(.verified, of: "revoke-key")
        #expect(scratch.names() == ["local", "state.json", "state.json.v0-2.bak", "state.json.v0.bak"])
    }

    @Test(
        "schema 0 is read as strictly",
        arguments: [
            ("\"waived\"", "\"drifted\"", "line 3: a state that files of this schema do not have"),
            ("\"create-key\"", "\"history\"", "line 4: the step history is there twice"),
            ("\"at\": \"2025-03-02T10:00:00Z\", ", "", "line 4: `at` is missing"),
            ("\"id\": \"history\"", "\"name\": \"history\"", "a member named name"),
        ])
    func damaged(part: String, other: String, words: String) throws {
        try scratch.write(Self.old.replacing(part, with: other))
        let error = #expect(throws: StateError.self) { try StateFile.read(scratch) }
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }
}
