// Whole files within a limit.

import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite("File content")
struct FileContentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A file of up to the limit is read whole", arguments: [0, 1, 999, 1_000])
    func readsUpToLimit(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let path = try folder.file("file", bytes)
        #expect(try FileContent.read(path, limit: 1_000) == bytes)
    }

    @Test("A file of one byte more is too large")
    func refusesOneMore() throws {
        let path = try folder.file("file", [UInt8](repeating: 1, count: 1_001))
        let error = try #require(throws: FileError.self) { try FileContent.read(path, limit: 1_000) }
        #expect(error.isTooLarge && error.path == path && error.operation == .read)
    }

    @Test("What does not exist is nil, also below a file")
    func missing() throws {
        try folder.file("file")
        #expect(try FileContent.read(folder.path(of: "none"), limit: 10) == nil)
        #expect(try FileContent.read(folder.path(of: "none/none"), limit: 10) == nil)
        #expect(try FileContent.read(folder.path(of: "file/none"), limit: 10) == nil)
    }

    @Test("A folder is refused")
    func refusesFolder() throws {
        let error = try #require(throws: FileError.self) { try FileContent.read(folder.path, limit: 10) }
        #expect(error.cause == .invalidArgument)
    }

    @Test("A pipe without a writer is refused instead of waited for")
    func refusesPipe() throws {
        #expect(mkfifo(folder.path(of: "pipe"), 0o600) == 0)
        let error = try #require(throws: FileError.self) {
            try FileContent.read(folder.path(of: "pipe"), limit: 10)
        }
        #expect(error.cause == .invalidArgument)
    }

    @Test("A device is refused")
    func refusesDevice() throws {
        let error = try #require(throws: FileError.self) { try FileContent.read("/dev/zero", limit: 10) }
        #expect(error.cause == .invalidArgument)
    }

    @Test("A file that its owner may not read is a failure, not an absent file", .enabled(if: geteuid() != 0))
    func noPermission() throws {
        let path = try folder.file("file", [1])
        #expect(chmod(path, 0) == 0)
        let error = try #require(throws: FileError.self) { try FileContent.read(path, limit: 10) }
        #expect(error.cause == .permissionDenied)
    }

    #if os(Linux)
        @Test("A file that does not say its size is read whole, and within the limit")
        func sizelessFile() throws {
            let status = try #require(try FileContent.read("/proc/self/status", limit: 1 << 20))
            #expect(String(decoding: status, as: UTF8.self).contains("VmPeak:"))
            let error = try #require(throws: FileError.self) { try FileContent.read("/proc/self/status", limit: 20) }
            #expect(error.isTooLarge)
        }

        @Test("A path need not be UTF-8")
        func pathOfBytes() throws {
            let path = Array(folder.path.utf8) + [UInt8(ascii: "/"), 0xFF, 0xFE]
            let descriptor = withTerminator(path) { open($0, O_CREAT | O_WRONLY, 0o600) }
            try #require(descriptor >= 0)
            #expect(write(descriptor, "abc", 3) == 3)
            close(descriptor)
            #expect(try FileContent.read(path, limit: 10) == Array("abc".utf8))
        }
    #endif

    @Test("The path behind links is found, and none where there is nothing")
    func resolvesPaths() throws {
        try folder.file("file")
        #expect(symlink("file", folder.path(of: "link")) == 0)
        #expect(symlink("none", folder.path(of: "dangling")) == 0)
        #expect(FilePaths.resolved(folder.path(of: "link")) == FilePaths.resolved(folder.path(of: "file")))
        #expect(FilePaths.resolved(folder.path(of: "dangling")) == nil)
    }
}
