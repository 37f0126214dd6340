// A file that is replaced under a lock beside it.

import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite("Files under a lock")
struct LockedFileTests {
    @Test("The file is replaced with its permissions and, if wanted, its time; the lock is gone")
    func replaced() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("index", [1, 2])
        chmod(path, 0o664)
        let time = Date(timeIntervalSince1970: 1_600_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        let isReplaced = try LockedFile.update(path, limit: 100, keepsTime: true) { bytes in
            #expect(bytes == [1, 2])
            #expect(folder.names == ["index", "index.lock"])
            return [3]
        }
        #expect(isReplaced)
        #expect(folder.contents(of: "index") == [3])
        #expect(folder.permissions(of: "index") == 0o664)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == time)
        #expect(folder.names == ["index"])
    }

    @Test("Whoever holds the lock keeps it, and the file stays")
    func held() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("index", [1])
        let lock = try folder.file("index.lock")
        let error = #expect(throws: LockedFile.Held.self) { try LockedFile.update(path, limit: 100) { _ in [2] } }
        #expect(error?.lock == FilePaths.resolved(lock))
        #expect(folder.contents(of: "index") == [1])
        #expect(folder.names == ["index", "index.lock"])
    }

    @Test("Nothing is written when there is nothing to write, or when it fails")
    func left() throws {
        struct Failed: Error {}
        let folder = try TemporaryFolder()
        let path = try folder.file("index", [1])
        #expect(try LockedFile.update(path, limit: 100) { _ in nil } == false)
        #expect(throws: Failed.self) { try LockedFile.update(path, limit: 100) { _ in throw Failed() } }
        #expect(throws: FileError.self) { try LockedFile.update(path, limit: 0) { _ in [2] } }
        #expect(folder.contents(of: "index") == [1])
        #expect(folder.names == ["index"])
    }

    @Test("Several writers take turns and none is lost")
    func turns() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("count", [0])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10 {
                        while true {
                            do {
                                try LockedFile.update(path, limit: 10) { [($0?.first ?? 0) + 1] }
                                break
                            } catch { await Task.yield() }
                        }
                    }
                }
            }
        }
        #expect(folder.contents(of: "count") == [80])
    }

    @Test("An atomic write that is told to stop at the last moment leaves the old file, and permissions can be exact")
    func lastMoment() throws {
        struct Failed: Error {}
        let folder = try TemporaryFolder()
        let path = try folder.file("a", [1])
        #expect(throws: Failed.self) {
            try AtomicFile.write([2], to: path, beforeRename: { throw Failed() })
        }
        #expect(folder.contents(of: "a") == [1])
        #expect(folder.names == ["a"])
        try AtomicFile.write(
            [3], to: path, permissions: [.ownerReadWriteExecute, .groupReadWrite, .otherWrite], isExact: true)
        #expect(folder.contents(of: "a") == [3])
        #expect(folder.permissions(of: "a") == 0o762)
        #expect(FileStatus(at: path)?.mode == 0o762)
    }
}
