// Two people, two clones, one state file: with real git.

import Foundation
import Testing

@testable import Checklist

@Suite("Merging the state file")
struct MergeTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @discardableResult
    private func git(_ arguments: String..., in folder: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let settings = [
            "user.name=Ada", "user.email=ada@example.com", "commit.gpgSign=false", "core.hooksPath=/dev/null",
        ]
        process.arguments = ["git"] + settings.flatMap { ["-c", $0] } + arguments
        process.currentDirectoryURL = URL(filePath: "\(scratch.path)/\(folder)")
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "GIT_CONFIG_GLOBAL": "/dev/null",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A change of the state in one clone, committed.
    private func work(in clone: String, by name: String, _ body: (Journal) async throws -> Void) async throws {
        let journal = try await Journal.open(
            root: "\(scratch.path)/\(clone)", checklist: .sample(), order: nil, identity: name, tool: "1.2.3",
            world: TestClock().world)
        try await body(journal)
        await journal.close()
        try git("add", "--all", in: clone)
        #expect(try git("commit", "--quiet", "-m", "Work of \(name)", in: clone) == 0)
    }

    /// Two clones of a repository in which the first step is done.
    private func clones() async throws {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/ada", withIntermediateDirectories: true)
        try git("init", "--quiet", "-b", "main", in: "ada")
        try await work(in: "ada", by: "Ada") { try await $0.write(.verified, of: "revoke-key", "dead") }
        #expect(try git("clone", "--quiet", "ada", "ben", in: ".") == 0)
    }

    private func pull(into clone: String, from other: String) throws -> Int32 {
        try git("pull", "--quiet", "--no-rebase", "--no-edit", "../\(other)", "main", in: clone)
    }

    private func state(of clone: String) throws -> StateSnapshot {
        try StateFile.read(root: "\(scratch.path)/\(clone)", checklist: .sample())
    }

    @Test("the folder of this worktree alone is not committed")
    func ignored() async throws {
        try await clones()
        #expect(scratch.names(in: "ben/.migrate") == ["state.json"])
    }

    @Test(
        "work on different steps merges by itself, neighbours included",
        arguments: [("create-key", "store-values"), ("store-values", "create-key"), ("revoke-key", "history")])
    func differentSteps(ada: String, ben: String) async throws {
        try await clones()
        try await work(in: "ada", by: "Ada") { journal in
            let intent = try await journal.stepJournal(of: ada).intend("a", [:])
            try await journal.stepJournal(of: ada).effected(intent, [:])
            try await journal.write(.verified, of: ada, "by Ada")
        }
        try await work(in: "ben", by: "Ben") { try await $0.write(.verified, of: ben, "by Ben") }
        #expect(try pull(into: "ben", from: "ada") == 0)
        let merged = try state(of: "ben")
        #expect(merged.tampering.isEmpty)
        #expect(merged.record(of: ada).last(.verified)?.summary == "by Ada")
        #expect(merged.record(of: ben).last(.verified)?.summary == "by Ben")
        try await work(in: "ben", by: "Ben") { try await $0.write(.verified, of: "history", "on top") }
    }

    @Test("work on the same step is a conflict, which is explained and left alone")
    func sameStep() async throws {
        try await clones()
        try await work(in: "ada", by: "Ada") { try await $0.write(.failed, of: "store-values", "no permission") }
        try await work(in: "ben", by: "Ben") { try await $0.write(.verified, of: "store-values", "7 keys") }
        #expect(try pull(into: "ben", from: "ada") != 0)
        let before = scratch.text("ben/.migrate/state.json")
        for attempt in 0..<2 {
            let error = await #expect(throws: StateError.self) {
                if attempt == 0 {
                    _ = try state(of: "ben")
                } else {
                    try await work(in: "ben", by: "Ben") { _ in }
                }
            }
            let reason = try #require(error?.reason)
            #expect(reason.hasPrefix(".migrate/state.json has a merge conflict between HEAD and "), "\(reason)")
            #expect(reason.contains(", about step store-values (line "), "\(reason)")
            #expect(error?.remedy.hasPrefix("Keep both sides' events of step store-values, ") == true)
        }
        #expect(scratch.text("ben/.migrate/state.json") == before)
    }

    @Test("the conflict is over when both sides' events are kept as the message says")
    func resolved() async throws {
        try await clones()
        try await work(in: "ada", by: "Ada") { journal in
            _ = try await journal.stepJournal(of: "store-values").intend("put-version", [:])
            try await journal.write(.failed, of: "store-values", "no permission")
        }
        try await work(in: "ben", by: "Ben") { journal in
            let entries = journal.stepJournal(of: "store-values")
            try await entries.effected(try await entries.intend("put-version", [:]), [:])
            try await journal.write(.verified, of: "store-values", "7 keys")
        }
        #expect(try pull(into: "ben", from: "ada") != 0)
        // By hand: the state of the side that comes last (Ada's), one list of events, a comma where the sides meet, no
        // markers.
        var lines: [String] = []
        var isSecondSide = false
        for line in try #require(scratch.text("ben/.migrate/state.json")).components(separatedBy: "\n") {
            if ["<<<<<<<", "=======", ">>>>>>>"].contains(where: line.hasPrefix) {
                isSecondSide = line.hasPrefix("=======")
                continue
            }
            if isSecondSide, !line.contains("{\"event\"") { continue }
            if line.contains("{\"event\""), let last = lines.last, last.contains("{\"event\""), !last.hasSuffix(",") {
                lines[lines.count - 1] += ","
            }
            lines.append(line)
        }
        let place = try #require(lines.lastIndex(of: "      \"state\": \"verified\","))
        lines[place] = "      \"state\": \"failed\","
        try scratch.write(lines.joined(separator: "\n"), to: "ben/.migrate/state.json")
        let merged = try state(of: "ben")
        #expect(merged.tampering.isEmpty)
        let record = merged.record(of: "store-values")
        #expect(record.state == .failed)
        #expect(record.events.map(\.event) == [.intended, .effected, .verified, .intended, .failed])
        #expect(record.effects.count == 1 && record.openIntents.count == 1)
        try await work(in: "ben", by: "Ben") { try await $0.write(.verified, of: "store-values", "seen again") }
        #expect(try state(of: "ben").tampering.isEmpty)
    }

    @Test("markers with a common ancestor, as `merge.conflictStyle = zdiff3` leaves them, are recognised")
    func ancestor() throws {
        try scratch.write("{\n<<<<<<< HEAD\n\"a\"\n||||||| 1234567\n=======\n\"b\"\n>>>>>>> Ben's \u{1B}[31mbranch\n}")
        #expect(
            throws: StateError.mergeConflict(
                path: StateFile.path, line: 2, ours: "HEAD", theirs: "Ben's [31mbranch", steps: [])
        ) { try StateFile.read(scratch) }
    }
}
