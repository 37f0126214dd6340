// Changes of files: shown masked, made whole, taken back byte for byte.

import Checklist
import Foundation
import Testing

@testable import Steps

/// One file, changed by what a test says.
private struct FileStep: StepKind {
    let workbench: Workbench
    var path = "notes.txt"
    var isDotenv = false
    var isPrivate = false
    var edit: @Sendable ([UInt8]?) -> [UInt8]
    /// Between the last look and the write.
    var beforeApply: @Sendable () throws -> Void = {}

    private func change() throws -> FileChange {
        try FileChange(of: path, in: workbench.root, isDotenv: isDotenv, isPrivate: { _ in isPrivate }) { edit($0) }
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        try change().isNeeded ? .unsatisfied(reason: "not written") : .satisfied(Evidence("written"))
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let change = try change()
        return Preview(changes: change.isNeeded ? [change.preview] : [], basis: change.basis)
    }

    func apply(_ run: StepRun) async throws {
        let change = try change()
        guard change.basis == run.basis else { throw StepChanged(path) }
        try beforeApply()
        try await FileChange.settle(run, on: workbench, planned: [change])
        try await change.apply(run, on: workbench)
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        try FileChange.undoPreview(record, on: workbench) { _ in isDotenv }
    }

    func undo(_ run: StepRun) async throws { try await FileChange.undo(run, on: workbench) }
}

/// Writes to one journal, and dies as another one says.
private struct UndoJournal: StepJournal {
    let journal: MemoryJournal
    let killer: MemoryJournal

    init(_ journal: MemoryJournal, _ killer: MemoryJournal) {
        self.journal = journal
        self.killer = killer
    }

    func intend(_ effect: String, _ facts: Facts) async throws -> Intent { try await journal.intend(effect, facts) }
    func effected(_ intent: Intent, _ facts: Facts) async throws { try await journal.effected(intent, facts) }
    func undoing(_ effect: Intent) async throws {
        try await killer.undoing(effect)
        try await journal.undoing(effect)
    }
    func reverted(_ effect: Intent) async throws {
        try await killer.reverted(effect)
        try await journal.reverted(effect)
    }
}

@Suite("Changes of files")
struct FileChangeTests {
    private func text(_ text: String) -> @Sendable ([UInt8]?) -> [UInt8] { { _ in Array(text.utf8) } }

    @Test(
        "A change and its undo give back every byte and the mode: no final newline, CRLF, a byte-order mark, nothing",
        arguments: ["one\ntwo", "one\r\ntwo\r\n", "\u{FEFF}one\n", "", "\u{0}\u{1}binary\n\n"])
    func roundTrip(before: String) async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", before)
        chmod(bench.repository.path + "/notes.txt", 0o640)
        let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("after\n")))
        #expect(try await rehearsal.run().evidence != nil)
        #expect(bench.repository.text("notes.txt") == "after\n")
        #expect(bench.repository.mode("notes.txt") == 0o640)

        try await rehearsal.undo()
        #expect(bench.repository.bytes("notes.txt") == Array(before.utf8))
        #expect(bench.repository.mode("notes.txt") == 0o640)
        #expect(await rehearsal.journal.record.effects == [])
    }

    @Test("A new file and its folders go again, if nothing else has come into them")
    func newFile() async throws {
        let bench = try Bench()
        var step = FileStep(workbench: bench.workbench(), edit: text("new\n"))
        step.path = "docs/security/größe 1.md"
        let rehearsal = Rehearsal(step)
        #expect(try await rehearsal.preview().text.contains("create docs/security/größe 1.md"))
        try await rehearsal.run()
        #expect(bench.repository.text(step.path) == "new\n")
        try bench.repository.write("docs/other.md", "mine\n")
        try await rehearsal.undo()
        #expect(bench.repository.bytes(step.path) == nil)
        #expect(!FileManager.default.fileExists(atPath: bench.repository.path + "/docs/security"))
        #expect(bench.repository.text("docs/other.md") == "mine\n")
    }

    @Test("A backup is the owner's alone, in a folder that git does not see, under a name that tells nothing")
    func backup() async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", "before\n").commit()
        let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("after\n")))
        try await rehearsal.run()
        let names = try FileManager.default.contentsOfDirectory(
            atPath: bench.repository.path + "/.migrate/local/backups")
        #expect(names.count == 1)
        let name = try #require(names.first)
        #expect(bench.repository.text(".migrate/local/backups/" + name) == "before\n")
        #expect(bench.repository.mode(".migrate/local/backups/" + name) == 0o600)
        #expect(bench.repository.mode(".migrate/local/backups") == 0o700)
        #expect(try bench.repository.status() == ["M notes.txt"] || bench.repository.status() == [" M notes.txt"])
        #expect(await rehearsal.journal.record.effects.first?.facts.text("backup") == name)
    }

    @Test("What was changed between preview and apply, or in the last moment, is not overwritten")
    func changedMeanwhile() async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", "before\n")
        let repository = bench.repository
        var step = FileStep(workbench: bench.workbench(), edit: text("after\n"))
        let rehearsal = Rehearsal(step)
        let preview = try await rehearsal.preview()
        try repository.write("notes.txt", "mine\n")
        await #expect(throws: StepChanged.self) { try await rehearsal.apply(agreedTo: preview) }
        #expect(repository.text("notes.txt") == "mine\n")

        step.beforeApply = { try repository.write("notes.txt", "mine again\n") }
        let second = Rehearsal(step)
        let error = await #expect(throws: StepChanged.self) { try await second.run() }
        #expect(error?.what == "notes.txt")
        #expect(repository.text("notes.txt") == "mine again\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: repository.path).count { $0.hasSuffix(".tmp") } == 0)
    }

    @Test("Killed at any write of the journal and run again, it ends the same, and undo gives the first bytes back")
    func killed() async throws {
        for isPrivate in [false, true] {
            let kills = try await Rehearsal.withEveryKill { journal in
                let bench = try Bench()
                try bench.repository.write("notes.txt", "before\n")
                var step = FileStep(workbench: bench.workbench(), edit: text("after\n"))
                step.isPrivate = isPrivate
                let rehearsal = Rehearsal(step, journal)
                do { try await rehearsal.run() } catch is MemoryJournal.Killed {
                    await journal.revive()
                    try await rehearsal.run()
                }
                // The kills of the undo are another test's.
                await journal.revive()
                #expect(bench.repository.text("notes.txt") == "after\n")
                #expect(await journal.record.openIntents == [])
                try await rehearsal.undo()
                #expect(bench.repository.text("notes.txt") == "before\n")
            }
            #expect(kills == 4)
        }
    }

    @Test("An undo that is killed at any write and run again gives the first bytes back")
    func killedUndo() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try Bench()
            try bench.repository.write("notes.txt", "before\n")
            let step = FileStep(workbench: bench.workbench(), edit: text("after\n"))
            let first = Rehearsal(step)
            try await first.run()
            let undoing = UndoJournal(first.journal, journal)
            do {
                try await step.undo(
                    StepRun(record: await first.journal.record, answers: Answers(), journal: undoing, basis: ""))
            } catch is MemoryJournal.Killed {
                await journal.revive()
                try await first.undo()
            }
            #expect(bench.repository.text("notes.txt") == "before\n")
        }
        #expect(kills == 4)
    }

    @Test("Killed after the write and never run again, undo still finds its backup")
    func killedThenUndone() async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", "before\n")
        let journal = MemoryJournal(kill: .before(1))
        let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("after\n")), journal)
        await #expect(throws: MemoryJournal.Killed.self) { try await rehearsal.run() }
        #expect(bench.repository.text("notes.txt") == "after\n")
        await journal.revive()
        try await rehearsal.undo()
        #expect(bench.repository.text("notes.txt") == "before\n")
    }

    @Test("Killed, then changed by a person, then run again: the person's text is what undo gives back")
    func killedThenEdited() async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", "before\n")
        let journal = MemoryJournal(kill: .after(0))
        let step = FileStep(
            workbench: bench.workbench(), edit: { ($0 ?? []).filter { $0 != 0x0A } + Array("+\n".utf8) })
        let rehearsal = Rehearsal(step, journal)
        await #expect(throws: MemoryJournal.Killed.self) { try await rehearsal.run() }
        await journal.revive()
        try bench.repository.write("notes.txt", "mine\n")
        let preview = try await rehearsal.preview()
        try await step.apply(
            StepRun(record: await journal.record, answers: Answers(), journal: journal, basis: preview.basis))
        #expect(bench.repository.text("notes.txt") == "mine+\n")
        try await rehearsal.undo()
        #expect(bench.repository.text("notes.txt") == "mine\n")
    }

    @Test("Undo of several changes goes back through all of them; a file that was changed since is refused")
    func chain() async throws {
        let bench = try Bench()
        try bench.repository.write("notes.txt", "0\n")
        let journal = MemoryJournal()
        for number in 1...3 {
            try await Rehearsal(FileStep(workbench: bench.workbench(), edit: text("\(number)\n")), journal).run()
        }
        let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("3\n")), journal)
        let preview = try await rehearsal.kind.undoPreview(await journal.record)
        #expect(preview.changes.map(\.subject) == ["restore notes.txt", "restore notes.txt", "restore notes.txt"])

        try bench.repository.write("notes.txt", "mine\n")
        let refused = try await rehearsal.kind.undoPreview(await journal.record)
        #expect(refused.cannot.first?.contains("notes.txt has been changed since") == true)
        #expect(refused.cannot.first?.contains(".migrate/local/backups/") == true)
        let error = await #expect(throws: StepFailure.self) { try await rehearsal.undo() }
        #expect(error?.kind == .refused)
        #expect(bench.repository.text("notes.txt") == "mine\n")

        try bench.repository.write("notes.txt", "3\n")
        try await rehearsal.undo()
        #expect(bench.repository.text("notes.txt") == "0\n")
    }

    @Test("Another clone, which has no backup, takes the old bytes from git, or says that it cannot")
    func withoutBackup() async throws {
        for isCommitted in [true, false] {
            let bench = try Bench()
            try bench.repository.write("notes.txt", "before\n")
            if isCommitted { try bench.repository.commit() }
            let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("after\n")))
            try await rehearsal.run()
            try FileManager.default.removeItem(atPath: bench.repository.path + "/.migrate/local/backups")
            if isCommitted {
                try await rehearsal.undo()
                #expect(bench.repository.text("notes.txt") == "before\n")
            } else {
                let error = await #expect(throws: StepFailure.self) { try await rehearsal.undo() }
                #expect(error?.reason.contains("neither in a backup here nor in git") == true)
                #expect(bench.repository.text("notes.txt") == "after\n")
            }
        }
    }

    @Test("Nothing derived from a private file is written down")
    func privateFile() async throws {
        let bench = try Bench()
        let secret = "hunter2-Tr0ub4dor"
        try bench.repository.write("notes.txt", "DB_PASSWORD=\(secret)\n")
        var step = FileStep(workbench: bench.workbench(), edit: text("DB_PASSWORD=changeme\n"))
        step.isPrivate = true
        step.isDotenv = true
        let rehearsal = Rehearsal(step)
        let preview = try await rehearsal.preview()
        #expect(!preview.text.contains(secret))
        #expect(preview.text.contains("removed: DB_PASSWORD=********"))
        #expect(preview.text.contains("added: DB_PASSWORD=changeme"))
        try await rehearsal.run()
        let digest = String(FileChange.digest(Array("DB_PASSWORD=\(secret)\n".utf8)).dropFirst(7))
        for text in await rehearsal.journal.texts + [preview.basis] {
            #expect(!text.contains(secret) && !text.contains(digest))
        }
        let undo = try await step.undoPreview(await rehearsal.journal.record)
        #expect(!undo.text.contains(secret))
        #expect(undo.text.contains("added: DB_PASSWORD=********"))
        try await rehearsal.undo()
        #expect(bench.repository.text("notes.txt") == "DB_PASSWORD=\(secret)\n")
    }

    @Test(
        "Paths that leave the worktree are refused, by themselves or through links",
        arguments: [
            "../outside.txt", "/tmp/x", "a/../../x", "", "./a", "a//b", ".git/config", "sub/.GIT/hooks/x",
            "out/x", "leaf", "dangling", "gitlink/config",
        ])
    func outside(path: String) throws {
        let bench = try Bench()
        let root = bench.repository.path
        let manager = FileManager.default
        try manager.createDirectory(atPath: bench.repository.folder + "/elsewhere", withIntermediateDirectories: true)
        try Data("theirs\n".utf8).write(to: URL(fileURLWithPath: bench.repository.folder + "/elsewhere/file"))
        try manager.createSymbolicLink(atPath: root + "/out", withDestinationPath: "../elsewhere")
        try manager.createSymbolicLink(atPath: root + "/leaf", withDestinationPath: "../elsewhere/file")
        try manager.createSymbolicLink(atPath: root + "/dangling", withDestinationPath: "../elsewhere/none")
        try manager.createSymbolicLink(atPath: root + "/gitlink", withDestinationPath: ".git")
        let error = #expect(throws: StepFailure.self) {
            try FileChange(of: path, in: root) { _ in Array("x".utf8) }
        }
        #expect(error?.kind == .refused)
        #expect(error?.reason.contains("\n") == false)
    }

    @Test("A link that stays inside the worktree is followed, and stays a link")
    func insideLink() async throws {
        let bench = try Bench()
        try bench.repository.write("real/notes.txt", "before\n")
        try FileManager.default.createSymbolicLink(
            atPath: bench.repository.path + "/notes.txt", withDestinationPath: "real/notes.txt")
        let rehearsal = Rehearsal(FileStep(workbench: bench.workbench(), edit: text("after\n")))
        try await rehearsal.run()
        #expect(bench.repository.text("real/notes.txt") == "after\n")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: bench.repository.path + "/notes.txt")
                == "real/notes.txt")
        try await rehearsal.undo()
        #expect(bench.repository.text("real/notes.txt") == "before\n")
    }

    @Test("A folder that cannot be written is told in one line, and the file stays", .enabled(if: getuid() != 0))
    func readOnly() async throws {
        let bench = try Bench()
        try bench.repository.write("docs/notes.txt", "before\n")
        chmod(bench.repository.path + "/docs", 0o555)
        var step = FileStep(workbench: bench.workbench(), edit: text("after\n"))
        step.path = "docs/notes.txt"
        let rehearsal = Rehearsal(step)
        let error = await #expect(throws: StepFailure.self) { try await rehearsal.run() }
        #expect(error?.reason == "docs/notes.txt cannot be written: Permission denied")
        #expect(bench.repository.text("docs/notes.txt") == "before\n")
    }
}
