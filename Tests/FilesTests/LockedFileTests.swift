// The lock of a run that was killed is cleared away, and nobody else's.

import Files
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LockedFileTests {
    private let folder: String
    private var file: String { folder + "/index" }

    init() throws {
        folder = NSTemporaryDirectory() + "/locked-file-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("old".utf8).write(to: URL(filePath: file))
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func update() throws { try LockedFile.update(file, limit: 100) { _ in Array("new".utf8) } }

    /// As a run leaves it that is killed under the lock.
    private func leaveLock() throws -> String {
        let twin = file + ".migrate-4711-1.lock"
        try Data().write(to: URL(filePath: twin))
        try #require(link(twin, file + ".lock") == 0)
        try Data("half".utf8).write(to: URL(filePath: file + ".migrate-4711-2"))
        return twin
    }

    @Test func `after an update nothing but the file is there`() throws {
        try update()
        #expect(try names() == ["index"])
        #expect(FileManager.default.contents(atPath: file) == Data("new".utf8))
    }

    @Test func `the lock of a run that was killed is cleared away, with its copies`() throws {
        _ = try leaveLock()
        try update()
        #expect(try names() == ["index"])
        #expect(FileManager.default.contents(atPath: file) == Data("new".utf8))
    }

    @Test func `the lock of a run that still goes on counts`() throws {
        let twin = try leaveLock()
        let descriptor = open(twin, O_RDONLY)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let before = try names()
        #expect(throws: LockedFile.Held.self) { try update() }
        #expect(try names() == before)
        #expect(FileManager.default.contents(atPath: file) == Data("old".utf8))
    }

    @Test func `another program's lock counts, whatever else was left`() throws {
        _ = try leaveLock()
        try FileManager.default.removeItem(atPath: file + ".lock")
        try Data("git".utf8).write(to: URL(filePath: file + ".lock"))
        #expect(throws: LockedFile.Held.self) { try update() }
        #expect(FileManager.default.contents(atPath: file + ".lock") == Data("git".utf8))
        #expect(FileManager.default.contents(atPath: file) == Data("old".utf8))
    }

    @Test func `leftovers of one file are told from everything else`() throws {
        for name in ["index.1.2.tmp", "index.1.tmp", "index.a.2.tmp", "index2.1.2.tmp", "index.1.2.3.tmp", "x.1.2.tmp"]
        {
            try Data().write(to: URL(filePath: folder + "/" + name))
        }
        AtomicFile.removeLeftovers(of: file)
        #expect(
            try names() == ["index", "index.1.2.3.tmp", "index.1.tmp", "index.a.2.tmp", "index2.1.2.tmp", "x.1.2.tmp"])
        AtomicFile.removeLeftovers(inFolder: folder)
        #expect(try names() == ["index", "index.1.tmp", "index.a.2.tmp"])
    }
}
