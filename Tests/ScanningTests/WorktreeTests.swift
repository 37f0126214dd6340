// Odd worktrees: whatever lies in them, the scan ends, and tells what it left out.

import Git
import TestRepositories
import Testing

@testable import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Worktrees")
struct WorktreeTests {
    @Test("Pipes and sockets are counted and left alone, also in the place of a tracked file")
    func specialFiles() async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).write("b.py", "x = 1\n").commit("base")
        try repository.remove("b.py")
        try #require(mkfifo(repository.path + "/b.py", 0o600) == 0)
        try #require(mkfifo(repository.path + "/.env", 0o600) == 0)
        let report = try await repository.scan()
        #expect(report.keys.count == 1)
        #expect(report.notes.contains { $0.contains("special files") })
        #expect(report.isComplete, "\(report.gaps)")
    }

    @Test("Links in a circle are not followed")
    func circle() async throws {
        let repository = try TemporaryRepository().commit("base").link("a", to: "b").link("b", to: "a").link(
            "self", to: "."
        )
        .write("app.py", Value.line())
        let report = try await repository.scan()
        #expect(try report.key().paths == ["app.py"])
        #expect(report.isComplete)
    }

    @Test("What may not be read is a gap", .disabled(if: User.isRoot, "root may read everything"))
    func noPermission() async throws {
        let repository = try TemporaryRepository().commit("base").write("dir/app.py", Value.line(1)).write(
            "file.py", Value.line(2)
        )
        .write("open.py", Value.line(3)).setMode("dir", 0).setMode("file.py", 0)
        let report = try await repository.scan()
        #expect(report.keys.count == 1)
        #expect(Set(report.gaps.map(\.kind)) == [.unreadableFolder, .unreadableFile])
    }

    @Test("A name that is not UTF-8 or holds control characters is read all the same", arguments: [false, true])
    func oddNames(isCommitted: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
        let names: [[UInt8]] = [[0xFF, 0xFE, 0x2E, 0x70, 0x79], [0x1B, 0x5B, 0x31, 0x6D, 0x0A, 0x61]]
        for (number, name) in names.enumerated() {
            let path =
                (Array(repository.path.utf8) + [0x2F]).map { CChar(bitPattern: $0) }
                + name.map { CChar(bitPattern: $0) } + [0]
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0)
            let line = Value.line(UInt64(number) + 1)
            #expect(pwrite(descriptor, line, line.utf8.count, 0) == line.utf8.count)
            close(descriptor)
        }
        if isCommitted { try repository.commit("add") }
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(1))?.paths == ["\u{FFFD}\u{FFFD}.py"])
        #expect(report.finding(Value.sendGrid(2))?.paths == ["\u{1B}[1m\na"])
        #expect(report.isComplete)
    }

    @Test("Folders three hundred deep are walked, committed or not", arguments: [false, true])
    func deep(isCommitted: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
        let path = String(repeating: "d/", count: 300) + "app.py"
        try repository.write(path, Value.line())
        if isCommitted {
            try repository.commit("deep").git("rm", "-q", path)
        }
        #expect(try await repository.scan().key().paths == [path])
        if isCommitted {
            try repository.commit("gone")
            #expect(try await repository.scan(from: "HEAD~2", to: "HEAD").key().paths == [path])
        }
    }

    @Test("A file that was changed in the second of the index is read")
    func racy() async throws {
        let repository = try TemporaryRepository().write(
            "app.py", "key = \"" + String(repeating: "x", count: 69) + "\"\n")
        try repository.stage()
        var before = stat()
        try #require(stat(repository.path + "/app.py", &before) == 0)
        try repository.write("app.py", Value.line())
        // The same size and the same time: only the index's own time tells.
        #if canImport(Darwin)
            var times = [before.st_mtimespec, before.st_mtimespec]
        #else
            var times = [before.st_mtim, before.st_mtim]
        #endif
        try #require(utimensat(AT_FDCWD, repository.path + "/app.py", &times, 0) == 0)
        try #require(utimensat(AT_FDCWD, repository.path + "/.git/index", &times, 0) == 0)
        #expect(try await repository.scan().key().reaches == ["app.py": [.worktree]])
    }

    @Test("Files that git was told not to look at are read", arguments: ["--assume-unchanged", "--skip-worktree"])
    func flags(flag: String) async throws {
        let repository = try TemporaryRepository().write("app.py", "x = 1\n").commit("base")
        try repository.git("update-index", flag, "app.py")
        try repository.write("app.py", Value.line())
        #expect(try await repository.scan().key().reaches == ["app.py": [.worktree]])
    }

    @Test("A file of many windows is read to its end, in the memory of a few")
    func huge() async throws {
        let repository = try TemporaryRepository().commit("base")
        let path = repository.path + "/big.bin"
        let size = 256 << 20
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        try #require(ftruncate(descriptor, size) == 0)
        let line = "\n" + Value.line()
        #expect(pwrite(descriptor, line, line.utf8.count, size) == line.utf8.count)
        close(descriptor)
        let before = peakMemory()
        let occurrence = try #require(try await repository.scan { $0.scope = .worktree }.key().occurrences.first)
        #expect(occurrence.range.lowerBound == size + 8)
        #expect(occurrence.line == 2)
        #expect(occurrence.column == 8)
        #expect(peakMemory() - before < 200 << 20)
    }

    /// The most memory that this process has had, in bytes.
    private func peakMemory() -> Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss << 10
        #endif
    }

    @Test(
        "A value across the border of two windows is found once, at its true place", arguments: [-80, -35, -1, 0, 40])
    func windows(shift: Int) throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        // Where the first window stops answering: its size less half of what it shares with the next.
        let border = (8 << 20) - (32 << 10)
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: border + shift)
        for place in stride(from: 99, to: bytes.count, by: 100) { bytes[place] = 0x0A }
        bytes += Array(Value.line().utf8) + [UInt8](repeating: UInt8(ascii: "y"), count: 200_000)
        let path = folder + "/file"
        try TemporaryRepository.write(path, bytes)
        let hits = try FileScan.hits(inFileAt: Array(path.utf8), ValueReader(Rules.compiled.get()))
        try #require(hits.count == 1)
        #expect(String(decoding: bytes[hits[0].range], as: UTF8.self) == Value.sendGrid())
        #expect(hits[0].line == bytes[..<hits[0].range.lowerBound].count { $0 == 0x0A } + 1)
        let lineStart = bytes[..<hits[0].range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        #expect(hits[0].column == hits[0].range.lowerBound - lineStart + 1)
    }
}
