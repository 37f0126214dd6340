// What folders hold, and what the file system tells of a path.

import Foundation
import SystemPackage
import Testing

@testable import Files

@Suite("Folders")
struct FolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("Names come sorted by their bytes, whatever the order of their making")
    func sorted() throws {
        let names = ["b", "a", ".env", "Z", "a.b", "ä", "a-b", "10", "9"]
        for name in names { try folder.file(name) }
        let entries = try Folder.entries(at: folder.path)
        #expect(entries.map(\.bytes) == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(Set(entries.map(\.name)) == Set(names))
    }

    @Test("Each kind of entry is told; links are not followed")
    func kinds() throws {
        try folder.file("file")
        #expect(mkdir(folder.path(of: "folder"), 0o700) == 0)
        #expect(symlink("folder", folder.path(of: "link")) == 0)
        #expect(symlink("none", folder.path(of: "dangling")) == 0)
        #expect(mkfifo(folder.path(of: "pipe"), 0o600) == 0)
        let kinds = try Folder.entries(at: folder.path).map { "\($0.name) \($0.kind)" }
        #expect(kinds == ["dangling symbolicLink", "file file", "folder folder", "link symbolicLink", "pipe other"])
    }

    #if os(Linux)
        @Test("A name that is not UTF-8 keeps its bytes")
        func nameOfBytes() throws {
            let name: [UInt8] = [0x61, 0xFF, 0x80, 0x0A, 0x62]
            let path = Array(folder.path.utf8) + [UInt8(ascii: "/")] + name
            let descriptor = withTerminator(path) { open($0, O_CREAT | O_WRONLY, 0o600) }
            try #require(descriptor >= 0)
            close(descriptor)
            let entries = try Folder.entries(at: folder.path)
            #expect(entries.map(\.bytes) == [name])
            #expect(FileStatus(at: path)?.kind == .file)
        }
    #endif

    @Test("The longest name the file system allows is whole")
    func longestName() throws {
        let name = String(repeating: "n", count: 255)
        try folder.file(name)
        #expect(try Folder.entries(at: folder.path).map(\.name) == [name])
    }

    @Test("By text, an absent folder and one below a file are empty; by bytes, they are failures")
    func absent() throws {
        let file = try folder.file("file")
        for path in [folder.path(of: "none"), file] {
            #expect(try Folder.entries(at: path).isEmpty)
            #expect(throws: FileError.self) { try Folder.entries(at: Array(path.utf8)) }
        }
    }

    @Test("An empty folder has no entries")
    func empty() throws {
        #expect(try Folder.entries(at: Array(folder.path.utf8)).isEmpty)
    }

    @Test("The file system tells kind, size and time of a path, and nothing of an absent one")
    func status() throws {
        let path = try folder.file("file", [1, 2, 3])
        #expect(symlink("none", folder.path(of: "link")) == 0)
        var times = [timeval(tv_sec: 1_000, tv_usec: 0), timeval(tv_sec: 1_234_567_890, tv_usec: 500_000)]
        #expect(utimes(path, &times) == 0)
        let status = try #require(FileStatus(at: path))
        #expect(status.kind == .file && status.size == 3)
        #expect(status.modified.seconds == 1_234_567_890 && status.modified.nanoseconds == 500_000_000)
        #expect(FileStatus(at: folder.path(of: "link"))?.kind == .symbolicLink)
        #expect(FileStatus(at: folder.path(of: "none")) == nil)
    }

    @Test("What is not there is told apart from what cannot be known")
    func lookUp() throws {
        let path = try folder.file("file", [1])
        #expect(try FileStatus.lookUp(Array(path.utf8))?.inode != 0)
        #expect(try FileStatus.lookUp(Array(folder.path(of: "none").utf8)) == nil)
        #expect(try FileStatus.lookUp(Array((path + "/below").utf8)) == nil)
        // No file system has such long names; a folder that may not be entered is the same case.
        let long = folder.path(of: String(repeating: "x", count: 5_000))
        #expect(throws: FileError.self) { try FileStatus.lookUp(Array(long.utf8)) }
    }
}
