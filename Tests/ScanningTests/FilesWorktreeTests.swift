// Files that are not what git says of them, and folders that are more than folders: none goes unread in silence.

import Files
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

@Suite("Files that differ from the index")
struct FilesIndexTests {
    @Test("A regular file in the place of a tracked link is read")
    func replacedLink() async throws {
        let repository = try TemporaryRepository().link("app.py", to: "other.py").commit("base")
        try repository.remove("app.py").write("app.py", Value.line())
        #expect(try await repository.scan().key().reaches == ["app.py": [.worktree]])
    }

    @Test("A regular file in the place of a submodule is read")
    func replacedSubmodule() async throws {
        let repository = try Self.withSubmodule("app.py").write("app.py", Value.line())
        #expect(try await repository.scan().key().reaches == ["app.py": [.worktree]])
    }

    @Test("Files in a submodule's folder without a repository are read, and only an empty one was not checked out")
    func plainSubmodule() async throws {
        let repository = try Self.withSubmodule("lib").write("lib/src/app.py", Value.line())
        var report = try await repository.scan { $0.includesSubmodules = true }
        #expect(try report.key().reaches == ["lib/src/app.py": [.untracked]])
        #expect(!report.notes.contains { $0.contains("not checked out") })

        try repository.remove("lib/src/app.py")
        #expect(rmdir(repository.path + "/lib/src") == 0)
        report = try await repository.scan { $0.includesSubmodules = true }
        #expect(report.notes.contains { $0.hasPrefix("lib ") && $0.contains("not checked out") })
        #expect(report.isComplete, "\(report.gaps)")
    }

    @Test("A file that was replaced by one of the same size and time is read")
    func sameSizeAndTime() async throws {
        let clean = "key = \"" + String(repeating: "x", count: 69) + "\"\n"
        let repository = try TemporaryRepository().write("app.py", clean).commit("base")
        try repository.age()
        #expect(try await repository.scan().keys.isEmpty)
        try repository.write("app.py", Value.line())
        var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
        try #require(utimes(repository.path + "/app.py", &times) == 0)
        #expect(try await repository.scan().key().reaches == ["app.py": [.worktree]])
    }

    @Test("A file in conflict is read once")
    func conflict() async throws {
        let repository = try TemporaryRepository().write("app.py", "x = 1\n").commit("base")
        try repository.checkOut("-b", "side")
        try repository.write("app.py", "x = 2\n").commit("side").checkOut("main")
        try repository.write("app.py", "x = 3\n").commit("main")
        #expect(throws: TemporaryRepository.Failure.self) { try repository.git("merge", "side") }
        try repository.write("app.py", Value.line())
        #expect(try await repository.scan().key().occurrences.count == 1)
    }

    @Test(
        "A tracked file in a folder that may be listed but not entered is a gap",
        .disabled(if: User.isRoot, "root may enter everything"))
    func notEntered() async throws {
        let repository = try TemporaryRepository().write("dir/app.py", "x = 1\n").commit("base")
        try repository.setMode("dir", 0o444)
        let report = try await repository.scan()
        #expect(report.gaps(.unreadableFile).map(\.subject) == ["dir/app.py"])
    }

    @Test("Names that only their bytes tell apart are different files", arguments: [false, true])
    func alike(isCommitted: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
        // Not UTF-8 at all, and é in its two ways of writing.
        let names: [[UInt8]] = [[0xFF], [0xFE], [0xC3, 0xA9], [0x65, 0xCC, 0x81]]
        for (number, name) in names.enumerated() {
            let path = (Array(repository.path.utf8) + [0x2F] + name).map { CChar(bitPattern: $0) } + [0]
            let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0)
            let line = Value.line(UInt64(number) + 1)
            #expect(write(descriptor, line, line.utf8.count) == line.utf8.count)
            close(descriptor)
        }
        if isCommitted { try repository.commit("add") }
        let report = try await repository.scan { $0.scope = isCommitted ? .all : .worktree }
        #expect(report.keys.count == names.count)
        #expect(Set(report.keys.flatMap(\.reach)).isSuperset(of: isCommitted ? [.index] : [.untracked]))
        for number in names.indices {
            #expect(report.finding(Value.sendGrid(UInt64(number) + 1))?.paths.count == 1)
        }
    }

    /// A repository with an entry for a submodule at `path`, and nothing there.
    private static func withSubmodule(_ path: String) throws -> TemporaryRepository {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("update-index", "--add", "--cacheinfo", "160000,\(repository.id()),\(path)")
        try repository.git("commit", "--quiet", "--message", "submodule")
        return repository
    }
}

@Suite("Folders with more than files")
struct FilesFolderTests {
    @Test("Repositories in a plain folder are named, and entered when asked for", arguments: [false, true])
    func plainFolder(isAsked: Bool) async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line(1)).commit("leak")
        try repository.write("app.py", Value.line(2)).commit("next")
        var request = ScanRequest(path: repository.folder + "/", jobs: 2)
        request.includesSubmodules = isAsked
        let report = try await Scanner(compiled: Rules.compiled.get()).scan(request)
        #expect(report.nestedRepositories == ["project"])
        #expect(report.finding(Value.sendGrid(2))?.paths == ["project/app.py"])
        #expect((report.finding(Value.sendGrid(1)) != nil) == isAsked)
        #expect(report.notes.contains { $0.hasPrefix("project ") && $0.contains("history was not scanned") } != isAsked)
        #expect(report.isComplete, "\(report.gaps)")
    }

    @Test("A .git that is no repository is a gap when repositories are asked for")
    func noRepository() async throws {
        let repository = try TemporaryRepository().commit("base").write("lib/.git", "gitdir: nowhere\n")
            .write("lib/app.py", Value.line())
        let report = try await repository.scan { $0.includesSubmodules = true }
        #expect(report.gaps.map(\.subject) == ["lib"])
    }

    @Test("Ignored folders that are not entered are counted")
    func leftOut() async throws {
        let repository = try TemporaryRepository().write(".gitignore", "node_modules/\ntarget/\ndeep/\n").commit("base")
        try repository.write("node_modules/a/.env", "A=1\n").write("target/.env", "A=1\n")
            .write("deep/2/3/4/5/6/7/.env", "A=1\n").write("deep/.env", "A=1\n")
        let report = try await repository.scan()
        #expect(report.dotenvFiles.map(\.path) == ["deep/.env"])
        #expect(report.notes.contains { $0.hasPrefix("3 ignored folders") }, "\(report.notes)")
    }
}
