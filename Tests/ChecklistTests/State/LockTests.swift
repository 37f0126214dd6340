// One run at a time in a worktree, over processes.

import Foundation
import Synchronization
import Testing
import World

@testable import Checklist

@Suite("The lock")
struct LockTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("the folder is private and ignores itself")
    func folder() async throws {
        _ = try await Journal.open(scratch)
        #expect(scratch.permissions(of: ".migrate/local") == 0o700)
        #expect(scratch.permissions(of: ".migrate/local/lock") == 0o600)
        #expect(scratch.text(".migrate/local/.gitignore") == "*\n")
    }

    @Test("a folder that was made wider, or that is a link, is narrowed or refused")
    func strangeFolder() async throws {
        let path = "\(scratch.path)/.migrate/local"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        _ = try await Journal.open(scratch)
        #expect(scratch.permissions(of: ".migrate/local") == 0o700)
        let other = try Scratch()
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other.path)
        await #expect(throws: (any Error).self) { try await Journal.open(scratch) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path).isEmpty)
    }

    @Test("a second run is told who holds the lock")
    func held() async throws {
        let clock = TestClock()
        let first = try await Journal.open(scratch, by: "Ada <ada@example.com>", clock: clock)
        let error = await #expect(throws: StateError.self) { try await Journal.open(scratch, by: "Ben") }
        guard case .locked(let holder) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.process == Int(getpid()))
        #expect(holder.who == "Ada <ada@example.com>")
        #expect(holder.since == clock.now)
        #expect(holder.host?.isEmpty == false && holder.command?.isEmpty == false)
        #expect(holder.words.contains(" of Ada <ada@example.com>, process \(getpid()) on "))
        #expect(holder.words.hasSuffix(", since 2026-11-24T08:59:03Z"))
        // Looking needs no lock.
        #expect(try StateFile.read(scratch).records.count == 4)
        await first.close()
        _ = try await Journal.open(scratch)
    }

    @Test("a second run waits, says so once, and sees what the first has written")
    func waits() async throws {
        let first = try await Journal.open(scratch)
        let told = Mutex<[LockHolder]>([])
        async let second = Journal.open(
            root: scratch.path, checklist: .sample(), order: nil, identity: "Ben", tool: "1.2.3", world: .real(),
            patience: .seconds(60), onWait: { holder in told.withLock { $0.append(holder) } })
        while told.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        try await first.write(.verified, of: "history", "by the first")
        try await Task.sleep(for: .milliseconds(200))
        await first.close()
        let journal = try await second
        #expect(await journal.record(of: "history").last(.verified)?.summary == "by the first")
        #expect(told.withLock { $0.map(\.who) } == ["Ada <ada@example.com>"])
        try await journal.write(.verified, of: "create-key", "by the second")
        #expect(try StateFile.read(scratch).record(of: "history").state == .verified)
    }

    @Test("many runs at once write one after the other, and no event is lost")
    func many() async throws {
        let scratch = self.scratch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let journal = try await Journal.open(scratch, by: "Run \(number)", patience: .seconds(60))
                    for _ in 0..<3 { try await journal.write(.failed, of: "history", "run \(number)") }
                    await journal.close()
                }
            }
            try await group.waitForAll()
        }
        let snapshot = try StateFile.read(scratch)
        #expect(snapshot.tampering.isEmpty)
        #expect(snapshot.record(of: "history").events.count == 24)
    }

    @Test("a run that waits can be cancelled")
    func cancelled() async throws {
        let first = try await Journal.open(scratch)
        let scratch = self.scratch
        let second = Task { try await Journal.open(scratch, patience: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(30))
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await first.close()
    }

    @Test(
        "a lock file that says nothing, or nonsense, is a lock all the same", arguments: ["", "{", "\u{1B}[2J", "[1]"])
    func nonsense(text: String) async throws {
        _ = try await Journal.open(scratch)
        try scratch.write(text, to: ".migrate/local/lock")
        let descriptor = open("\(scratch.path)/.migrate/local/lock", O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        await #expect(throws: StateError.locked(LockHolder())) { try await Journal.open(scratch) }
        #expect(StateError.locked(LockHolder()).reason == "another run holds the lock of this repository: a program.")
    }

    @Test("a killed process leaves its intent and no lock")
    func killed() async throws {
        // The child finds its folder by its parent, as it takes nothing else along.
        let path = "\(NSTemporaryDirectory())/migrate-state-killed-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let journal = try await Journal.open(
                root: "\(NSTemporaryDirectory())/migrate-state-killed-\(getppid())", checklist: .sample(), order: nil,
                identity: "Ada", tool: "1.2.3", world: .real())
            _ = try await journal.stepJournal(of: "history").intend("tag", ["name": "owner"])
            kill(getpid(), SIGKILL)
            try await Task.sleep(for: .seconds(60))
        }
        let journal = try await Journal.open(
            root: path, checklist: .sample(), order: nil, identity: "Ben", tool: "1.2.3", world: .real(),
            patience: .zero)
        let record = await journal.record(of: "history")
        #expect(record.state == .intended)
        #expect(record.openIntents.map(\.facts) == [["name": "owner"]])
        let intent = try await journal.stepJournal(of: "history").intend("tag", [:])
        #expect(intent.token == record.openIntents.first?.token)
    }
}
