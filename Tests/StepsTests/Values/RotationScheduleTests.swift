// Who rotates what and when: in a document, on the secret, and told when it is due.

import Checklist
import Foundation
import Secrets
import Settings
import Stores
import Testing
import World

@testable import Steps

@Suite("The rotation schedule")
struct RotationScheduleTests {
    static let path = "docs/secret-rotation.md"

    static func bench() async throws -> Bench {
        let bench = try Bench()
        try bench.repository.write("a", "").commit("Start")
        try await bench.storeSecret(#"{"JWT_SECRET_KEY":"\#(Canary.jwt)","DB_PASSWORD":"\#(Canary.password)"}"#)
        return bench
    }

    static func step(
        _ bench: Bench, _ parameters: [String: SettingValue] = ["owner": .text("platform team")],
        _ journal: MemoryJournal = MemoryJournal()
    ) throws -> Rehearsal {
        Rehearsal(try Bench.kind("rotation-schedule", parameters, on: bench.workbench()), journal)
    }

    @Test("The document is written, the secret is tagged, and the earliest date is when it is due")
    func writes() async throws {
        let bench = try await Self.bench()
        let step = try Self.step(
            bench, ["owner": .text("platform team"), "keys": .map([.init(key: "DB_PASSWORD", value: "30")])])
        #expect(try await step.observe().reason?.contains("lacks owners and next dates") == true)
        let preview = try await step.preview()
        #expect(preview.changes.map(\.subject).first == "create docs/secret-rotation.md")
        let evidence = try #require(try await step.run().evidence)
        #expect(
            bench.repository.text(Self.path) == """
                # Rotation of secrets

                Who changes the values of `fluxion/production`, and when.
                `migrate apply` keeps the table; owners can be changed in it.

                <!-- migrate:rotation:begin -->
                | Key            | Owner         | Last changed | Days | Next       |
                | -------------- | ------------- | ------------ | ---- | ---------- |
                | JWT_SECRET_KEY | platform team | 2025-11-24   | 90   | 2026-02-22 |
                | DB_PASSWORD    | platform team | 2025-11-24   | 30   | 2025-12-24 |
                <!-- migrate:rotation:end -->

                """)
        #expect(try await bench.vault.describe(Bench.secret).tags == ["migrate:rotate-by": "2025-12-24"])
        #expect(evidence.due == Instant(iso8601: "2025-12-24T00:00:00Z"))
        #expect(evidence.summary == "DB_PASSWORD is due next, on 2025-12-24")
        expectNoCanary(
            [preview.text, "\(evidence)", bench.repository.text(Self.path) ?? ""] + (await step.journal.texts))
        try await step.undo()
        #expect(bench.repository.text(Self.path) == nil)
        #expect(try await bench.vault.describe(Bench.secret).tags == [:])
    }

    @Test("An owner that nobody has named is asked for; one who stands in the table stays")
    func owners() async throws {
        let bench = try await Self.bench()
        let step = try Self.step(bench, [:])
        #expect(try await step.preview().questions.map(\.id) == ["owner"])
        await #expect(throws: StepFailure.self) { try await step.preview(["owner": .text("two\nlines")]) }
        _ = try await step.run(["owner": .text("a|b <x@example.com>")])
        let written = try #require(bench.repository.text(Self.path))
        #expect(written.contains(#"a\|b <x@example.com>"#))
        let again = try await step.preview()
        #expect(again.questions.isEmpty && again.changes.isEmpty)
        try bench.repository.write(Self.path, written.replacing(#"a\|b <x@example.com>"#, with: "Grace"))
        #expect(try await step.observe().evidence != nil)
        _ = try await bench.vault.put(
            Bench.secret,
            SharedSecret(copying: #"{"JWT_SECRET_KEY":"\#(Canary.jwt)","API_TOKEN":"\#(Canary.token)"}"#.utf8),
            stages: [], token: "0123456789abcdef0123456789abcdef")
        _ = try await step.run(["owner": .text("Ada")])
        let table = try RotationDocument(try #require(bench.repository.bytes(Self.path)), path: Self.path).rows
        #expect(table.map { "\($0.key) \($0.owner)" } == ["JWT_SECRET_KEY Grace", "API_TOKEN Ada"])
    }

    @Test("A value that changes gets a new date, and the others keep theirs")
    func changed() async throws {
        let bench = try await Self.bench()
        let step = try Self.step(bench)
        _ = try await step.run()
        bench.advance(seconds: 40 * 86_400)
        _ = try await bench.vault.put(
            Bench.secret,
            SharedSecret(
                copying: #"{"JWT_SECRET_KEY":"\#(Canary.session)","DB_PASSWORD":"\#(Canary.password)"}"#.utf8),
            stages: [], token: "0123456789abcdef0123456789abcdef")
        #expect(
            try await step.observe().reason == "JWT_SECRET_KEY changed after docs/secret-rotation.md was written")
        _ = try await step.run()
        let table = try RotationDocument(try #require(bench.repository.bytes(Self.path)), path: Self.path).rows
        #expect(table.map(\.changed) == ["2026-01-03", "2025-11-24"])
        // Long after: due, and still told so.
        bench.advance(seconds: 400 * 86_400)
        let due = try #require(try await step.observe().evidence?.due)
        #expect(due < bench.world.now())
    }

    @Test("Whatever else is in the document stays byte for byte", arguments: ["\n", "\r\n"])
    func around(lineEnd: String) async throws {
        let bench = try await Self.bench()
        let before = ["# Ours", "| Key | Owner |", "text \u{e9}"].joined(separator: lineEnd)
        try bench.repository.write(Self.path, before)
        let step = try Self.step(bench)
        _ = try await step.run()
        let first = try #require(bench.repository.text(Self.path))
        #expect(first.hasPrefix(before + lineEnd))
        #expect(first.utf8.count { $0 == 0x0A } == first.utf8.count { $0 == 0x0D } || lineEnd == "\n")
        try bench.repository.write(Self.path, first + "after" + lineEnd)
        try await bench.vault.tag(Bench.secret, ["migrate:rotate-by": "never"])
        _ = try await step.run()
        #expect(bench.repository.text(Self.path) == first + "after" + lineEnd)
        #expect(try await step.observe().evidence != nil)
    }

    @Test("Marks that do not belong together are refused, and nothing is written")
    func brokenMarks() async throws {
        let bench = try await Self.bench()
        for text in [
            RotationDocument.begin, RotationDocument.end, RotationDocument.end + RotationDocument.begin,
            RotationDocument.begin + RotationDocument.begin + RotationDocument.end,
        ] {
            try bench.repository.write(Self.path, text)
            await #expect(throws: StepFailure.self) { try await Self.step(bench).preview() }
            #expect(bench.repository.text(Self.path) == text)
        }
    }

    @Test("Any bytes between the marks are read without harm, and what is written is read back the same")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 13)
        let pieces = ["|", "\\", "\n", "\r\n", " ", "KEY", "2025-11-24", "90", "x", "\u{fffd}", "`", "-"]
        for _ in 0..<500 {
            let count = Int.random(in: 0..<40, using: &generator)
            let middle = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let text = Array("a\n\(RotationDocument.begin)\(middle)\(RotationDocument.end)b".utf8)
            let document = try RotationDocument(text, path: "x")
            let owner = (0..<Int.random(in: 0..<9, using: &generator)).map { _ in
                ["|", "\\", "a", "é", "_"].randomElement(using: &generator) ?? ""
            }.joined()
            let rows = [RotationRow(key: "K|\\", owner: owner, changed: "2025-11-24", next: "2026-02-22", days: 90)]
            let written = document.with(rows, secret: "s")
            #expect(written.starts(with: Array("a\n".utf8)) && written.last == UInt8(ascii: "b"))
            #expect(try RotationDocument(written, path: "x").rows == rows)
        }
    }

    @Test("Killed at any write of the journal or call of the store, and run again")
    func kills() async throws {
        func check(_ bench: Bench, _ journal: MemoryJournal) async throws {
            let step = try Self.step(bench, ["owner": .text("Ada")], journal)
            if try await step.observe().evidence == nil { _ = try await step.run() }
            #expect(try await step.observe().evidence != nil)
            try await step.undo()
            #expect(bench.repository.text(Self.path) == nil)
            #expect(try await bench.vault.describe(Bench.secret).tags == [:])
        }
        let journalKills = try await Rehearsal.withEveryKill { journal in
            let bench = try await Self.bench()
            do { _ = try await Self.step(bench, ["owner": .text("Ada")], journal).run() } catch is MemoryJournal.Killed
            {}
            guard await journal.wasKilled else { return }
            await journal.revive()
            try await check(bench, journal)
        }
        #expect(journalKills == 8)
        let storeKills = try await withEveryStoreKill { killer in
            let bench = try await Self.bench()
            let journal = MemoryJournal()
            let doomed = Rehearsal(
                try Bench.kind(
                    "rotation-schedule", ["owner": .text("Ada")], on: bench.workbench(killedBy: killer)), journal)
            do { _ = try await doomed.run() } catch is StoreKiller.Killed {}
            try await check(bench, journal)
        }
        #expect(storeKills > 10)
    }
}

/// The same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

extension RotationScheduleTests {
    @Test(
        "Only a text for people is written to",
        arguments: [
            ".env", "backend/.env.md", ".env.production.txt", ".migrate/config.yml", ".migrate/state.json",
            ".migrate/notes.md", ".Migrate/notes.md", "src/main.py", "Makefile", "docs/link.md",
        ])
    func documents(path: String) async throws {
        let bench = try await Self.bench()
        try bench.repository.write(".env", "DB_PASSWORD=\(Canary.password)\n")
        try FileManager.default.createDirectory(
            atPath: bench.repository.path + "/docs", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: bench.repository.path + "/docs/link.md", withDestinationPath: "../.env")
        func refused(_ work: (Rehearsal) async throws -> Void) async {
            do {
                try await work(try Self.step(bench, ["owner": .text("us"), "document": .text(path)]))
                Issue.record("\(path) was taken")
            } catch let error as StepFailure {
                #expect(error.reason.contains("is no text for people"))
                #expect(error.remedy?.contains(".md") == true && error.kind == .refused)
            } catch {
                Issue.record(error)
            }
        }
        await refused { _ = try await $0.observe() }
        await refused { _ = try await $0.preview() }
        await refused { _ = try await $0.apply(agreedTo: Preview()) }
        #expect(bench.repository.text(".env") == "DB_PASSWORD=\(Canary.password)\n")
    }

    @Test("Texts of other kinds are written to as well", arguments: ["ROTATION.TXT", "docs/secrets.adoc", "a.rst"])
    func otherDocuments(path: String) async throws {
        let bench = try await Self.bench()
        let step = try Self.step(bench, ["owner": .text("us"), "document": .text(path)])
        #expect(try await step.run().evidence != nil)
        #expect(bench.repository.text(path)?.contains("JWT_SECRET_KEY") == true)
    }
}
