// Files that are written whole or not at all.

import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite("Atomic files")
struct AtomicFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A new file holds the bytes, whatever their number", arguments: [0, 1, 4_096, 3_000_001])
    func writesNewFile(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try AtomicFile.write(bytes, to: folder.path(of: "new"), isPrivate: false)
        #expect(folder.contents(of: "new") == bytes)
        #expect(folder.names == ["new"])
    }

    @Test("An existing file is replaced as a whole, by a shorter one too")
    func replacesFile() throws {
        try folder.file("report", Array(repeating: 7, count: 10_000))
        try AtomicFile.write([1, 2, 3], to: folder.path(of: "report"), isPrivate: false)
        #expect(folder.contents(of: "report") == [1, 2, 3])
        #expect(folder.names == ["report"])
    }

    @Test("A private file is for its owner alone, even where a public one stood")
    func privatePermissions() throws {
        let path = try folder.file("report")
        #expect(chmod(path, 0o644) == 0)
        try AtomicFile.write([1], to: path, isPrivate: true)
        #expect(folder.permissions(of: "report") == 0o600)
    }

    @Test("Any other file gives nobody but its owner the right to write")
    func publicPermissions() throws {
        try AtomicFile.write([1], to: folder.path(of: "report"), isPrivate: false)
        let permissions = try #require(folder.permissions(of: "report"))
        // The umask of whoever runs the tests may take more away.
        #expect(permissions & 0o600 == 0o600 && permissions & 0o133 == 0)
    }

    @Test("In a missing folder the failure is that of opening, and names the file")
    func missingFolder() throws {
        let path = folder.path(of: "none/report")
        let error = try #require(throws: FileError.self) { try AtomicFile.write([1], to: path, isPrivate: false) }
        #expect(error.operation == .open && error.path == path && error.isMissing)
        #expect(folder.names.isEmpty)
    }

    @Test("A folder in the file's place is refused and stays as it is")
    func folderInPlace() throws {
        let path = folder.path(of: "report")
        #expect(mkdir(path, 0o755) == 0)
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: path, isPrivate: false) }
        #expect(folder.names == ["report"])
        #expect(FileStatus(at: path)?.kind == .folder)
    }

    @Test("A name that is too long for the file system fails without a trace")
    func nameTooLong() throws {
        // The name alone is allowed; with the temporary file's suffix it is not.
        let path = folder.path(of: String(repeating: "n", count: 250))
        let error = try #require(throws: FileError.self) { try AtomicFile.write([1], to: path, isPrivate: false) }
        #expect(error.cause == .fileNameTooLong)
        #expect(folder.names.isEmpty)
    }

    @Test("A link to a file is followed, and stays a link")
    func followsLink() throws {
        try folder.file("target", [9])
        #expect(symlink("target", folder.path(of: "link")) == 0)
        try AtomicFile.write([1, 2], to: folder.path(of: "link"), isPrivate: false)
        #expect(folder.contents(of: "target") == [1, 2])
        #expect(FileStatus(at: folder.path(of: "link"))?.kind == .symbolicLink)
        #expect(folder.names == ["link", "target"])
    }

    @Test("A device is written into, not replaced by a file")
    func deviceIsNotReplaced() throws {
        // A link of our own, so that the machine's devices are safe should this fail.
        #expect(symlink("/dev/null", folder.path(of: "null")) == 0)
        try AtomicFile.write([1, 2], to: folder.path(of: "null"), isPrivate: false)
        #expect(FileStatus(at: folder.path(of: "null"))?.kind == .symbolicLink)
        #expect(FileStatus(at: "/dev/null")?.kind == .other)
        #expect(folder.names == ["null"])
    }

    @Test("A pipe gets the bytes")
    func pipe() async throws {
        let path = folder.path(of: "pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try AtomicFile.write([1, 2, 3], to: path, isPrivate: false)
        var received = [UInt8](repeating: 0, count: 8)
        #expect(read(reader, &received, 8) == 3 && received.starts(with: [1, 2, 3]))
        #expect(folder.names == ["pipe"])
    }

    #if os(Linux)
        @Test("A full device is a failure to write")
        func fullDevice() throws {
            let error = try #require(throws: FileError.self) {
                try AtomicFile.write([1], to: "/dev/full", isPrivate: false)
            }
            #expect(error.operation == .write && error.cause == .noSpace)
        }
    #endif

    @Test("When there is no room for all bytes, the old file stays and no temporary file does")
    func noRoom() async {
        // The limit holds for a whole process, so the test has one for itself.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try folder.file("report", [1, 2, 3])
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            #if os(Linux)
                let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
            #else
                let resource = RLIMIT_FSIZE
            #endif
            try #require(setrlimit(resource, &limit) == 0)
            let error = try #require(throws: FileError.self) {
                try AtomicFile.write(
                    [UInt8](repeating: 5, count: 100_000), to: folder.path(of: "report"), isPrivate: false)
            }
            try #require(error.operation == .write && error.isTooLarge)
            try #require(folder.names == ["report"] && folder.contents(of: "report") == [1, 2, 3])
        }
    }

    @Test("A signal handler removes the file that is being written, and nothing once it is done")
    func pendingFile() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let temporary = PendingFile.remember(try folder.file("half"))
            PendingFile.removeFromSignalHandler()
            try #require(folder.names.isEmpty)
            PendingFile.forget(temporary)
            try AtomicFile.write([1], to: folder.path(of: "whole"), isPrivate: false)
            PendingFile.removeFromSignalHandler()
            try #require(folder.names == ["whole"])
        }
    }

    @Test("Many writers of one file at once leave the whole of one of them, and nothing else")
    func manyWriters() async throws {
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in UInt8(0)..<24 {
                group.addTask {
                    try AtomicFile.write(
                        [UInt8](repeating: writer, count: 50_000), to: folder.path(of: "one"), isPrivate: true)
                }
            }
            try await group.waitForAll()
        }
        let bytes = try #require(folder.contents(of: "one"))
        #expect(bytes.count == 50_000 && Set(bytes).count == 1)
        #expect(folder.names == ["one"])
    }
}
