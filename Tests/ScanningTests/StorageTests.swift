// However git keeps its objects, all of them are found.

import Git
import TestRepositories
import Testing

@testable import Scanning

@Suite("Object storage")
struct StorageTests {
    private func twoVersions() throws -> TemporaryRepository {
        try TemporaryRepository().write("app.py", Value.line(1)).commit("one").write("app.py", Value.line(2)).commit(
            "two")
    }

    private func expectBoth(_ report: ScanReport, _ location: SourceLocation = #_sourceLocation) {
        #expect(report.finding(Value.sendGrid(1))?.paths == ["app.py"], sourceLocation: location)
        #expect(report.finding(Value.sendGrid(2))?.paths == ["app.py"], sourceLocation: location)
        #expect(report.isComplete, "\(report.gaps)", sourceLocation: location)
    }

    @Test(
        "Packed objects are found as loose ones are",
        arguments: [
            ["gc", "--quiet", "--prune=now"], ["repack", "-a", "-d", "-q"],
            ["repack", "-a", "-d", "-q", "--write-bitmap-index"],
            ["multi-pack-index", "write"], ["commit-graph", "write", "--reachable"], ["pack-refs", "--all", "--prune"],
        ])
    func packed(command: [String]) async throws {
        let repository = try twoVersions()
        if command[0] == "multi-pack-index" { try repository.git("repack", "-d", "-q") }
        try repository.git(command)
        let report = try await repository.scan()
        expectBoth(report)
        #expect(report.statistics.blobCount == 2)
        #expect(report.statistics.commitCount == 2)
    }

    @Test("Several packs, loose objects and copies in both count once each", arguments: [false, true])
    func severalPacks(hasMultiPackIndex: Bool) async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line(1)).commit("one")
        try repository.git("repack", "-q", "-a")
        try repository.write("app.py", Value.line(2)).commit("two").git("repack", "-q")
        if hasMultiPackIndex { try repository.git("multi-pack-index", "write") }
        try repository.write("other.py", Value.line(3)).commit("three")
        #expect(try repository.packs().count == 2)
        let report = try await repository.scan()
        expectBoth(report)
        #expect(report.finding(Value.sendGrid(3)) != nil)
        #expect(report.statistics.objectCount == 9)
    }

    @Test("Unreachable objects in packs and in cruft packs are found")
    func cruft() async throws {
        let repository = try TemporaryRepository().commit("base").checkOut("-b", "side").write("app.py", Value.line())
            .commit("add")
            .checkOut("main")
        try repository.git("branch", "-D", "side")
        try repository.expireReflogs()
        try repository.git("gc", "--quiet", "--cruft", "--prune=never")
        #expect(try await repository.scan().key().reach == [.unreachable])
    }

    @Test("Objects that are borrowed from another repository are found, over two steps too")
    func alternates() async throws {
        let origin = try twoVersions()
        let middle = try TemporaryRepository(beside: origin, named: "middle") {
            ["clone", "--quiet", "--shared", origin.path, $0]
        }
        let last = try TemporaryRepository(beside: origin, named: "last") {
            ["clone", "--quiet", "--shared", middle.path, $0]
        }
        expectBoth(try await last.scan())
    }

    @Test("A relative path in the list of alternates is taken from the objects folder")
    func relativeAlternate() async throws {
        let origin = try twoVersions()
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--shared", origin.path, $0]
        }
        try clone.write(".git/objects/info/alternates", "# a comment\n../../../project/.git/objects\n")
        expectBoth(try await clone.scan())
    }

    @Test("An alternate's path in quotes is read as git reads it")
    func quotedAlternate() async throws {
        let origin = try twoVersions()
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--shared", origin.path, $0]
        }
        let path = origin.path.replacing("project", with: "p\\162oject")
        try clone.write(".git/objects/info/alternates", "\"\(path)/.git/objects\"\n")
        expectBoth(try await clone.scan())
    }

    @Test("An alternate that is not there is a gap")
    func missingAlternate() async throws {
        let repository = try twoVersions()
        let gone = repository.folder + "/gone/objects"
        try repository.write(".git/objects/info/alternates", gone + "\n")
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps.map(\.kind) == [.unreadableFolder], "\(report.gaps)")
        #expect(report.gaps.map(\.subject) == [gone])
    }

    @Test("A list of alternates that cannot be read is told, and the repository's own objects are listed")
    func unreadableAlternates() throws {
        let repository = try twoVersions()
        try repository.write(".git/objects/info/alternates/x", "")
        var problems: [String] = []
        let table = ObjectStorage(commonFolder: repository.path + "/.git/").objects { problems.append($0.path) }
        #expect(table.count == 6)
        #expect(problems == [repository.path + "/.git/objects/info/alternates"])
    }

    @Test("A replacement does not hide what it replaces")
    func replacement() async throws {
        let repository = try twoVersions()
        let old = try repository.id("HEAD~1:app.py")
        let new = try repository.git("hash-object", "-w", "--stdin", input: Array("clean\n".utf8))
        try repository.git("replace", old, new)
        expectBoth(try await repository.scan())
    }

    @Test("A graft does not hide the history behind it")
    func graft() async throws {
        let repository = try twoVersions()
        try repository.write(".git/info/grafts", repository.id() + "\n")
        expectBoth(try await repository.scan())
    }

    @Test("A bare repository is scanned without a worktree")
    func bare() async throws {
        let origin = try twoVersions()
        let bare = try TemporaryRepository(beside: origin, named: "bare.git") {
            ["clone", "--quiet", "--bare", origin.path, $0]
        }
        let report = try await bare.scan()
        expectBoth(report)
        #expect(report.target.kind == .bare)
        #expect(report.ignoreAudit == nil)
        #expect(report.finding(Value.sendGrid(2))?.reaches == ["app.py": [.head, .branch]])
    }

    @Test("A linked worktree sees all objects, its own index and its own files")
    func linkedWorktree() async throws {
        let origin = try twoVersions()
        let linked = try TemporaryRepository(beside: origin, named: "linked") {
            ["worktree", "add", "--quiet", "--detach", $0]
        }
        try linked.write("staged.py", Value.line(4)).stage().write("new.py", Value.line(5))
        try origin.write("elsewhere.py", Value.line(6))
        let report = try await linked.scan()
        expectBoth(report)
        #expect(report.target.kind == .linkedWorktree)
        #expect(report.finding(Value.sendGrid(4))?.reach.contains(.index) == true)
        #expect(report.finding(Value.sendGrid(5))?.reach == [.untracked])
        #expect(report.finding(Value.sendGrid(6)) == nil)
    }

    @Test("What the HEAD of another worktree keeps is not unreachable")
    func otherWorktree() async throws {
        let origin = try twoVersions()
        let linked = try TemporaryRepository(beside: origin, named: "linked") {
            ["worktree", "add", "--quiet", "--detach", $0]
        }
        try linked.write("side.py", Value.line(4)).commit("detached")
        try origin.expireReflogs()
        let finding = try #require(try await origin.scan().finding(Value.sendGrid(4)))
        #expect(finding.reach == [.otherReference])
        #expect(finding.history.references == ["worktrees/linked/HEAD"])
    }

    @Test("A merge in progress keeps what it merges")
    func mergeHead() async throws {
        let repository = try TemporaryRepository().commit("base").checkOut("-b", "side").write("side.py", Value.line())
            .commit("add")
            .checkOut("main").write("x", "1").commit("main")
        try repository.git("merge", "--no-commit", "--no-ff", "side")
        try repository.git("branch", "-D", "side")
        try repository.expireReflogs()
        try repository.git("rm", "-q", "-f", "side.py")
        #expect(try await repository.scan().key().reach == [.otherReference])
    }

    @Test("Submodules and nested repositories are named, and scanned only when asked for", arguments: [false, true])
    func nested(isAsked: Bool) async throws {
        let origin = try TemporaryRepository().write("base", "1").commit("base")
        let library = try TemporaryRepository(beside: origin, named: "library") { ["init", "--quiet", $0] }
        try library.write("lib.py", Value.line(1)).commit("library")
        try origin.git("submodule", "--quiet", "add", "../library", "vendor/lib")
        try origin.commit("submodule")
        let inner = try TemporaryRepository(beside: origin, named: "project/inner") { ["init", "--quiet", $0] }
        try inner.write("inner.py", Value.line(2)).commit("inner")
        let report = try await origin.scan { $0.includesSubmodules = isAsked }
        #expect((report.finding(Value.sendGrid(1)) != nil) == isAsked)
        #expect((report.finding(Value.sendGrid(2)) != nil) == isAsked)
        if isAsked {
            #expect(report.finding(Value.sendGrid(1))?.paths == ["vendor/lib/lib.py"])
            #expect(report.finding(Value.sendGrid(2))?.paths == ["inner/inner.py"])
        } else {
            #expect(report.notes.contains { $0.contains("vendor/lib") })
            #expect(report.notes.contains { $0.contains("inner") })
        }
        #expect(report.isComplete, "\(report.gaps)")
    }

    @Test("Extensions that leave objects as they are do not keep a repository from being opened")
    func extensions() async throws {
        let repository = try twoVersions()
        try repository.git("config", "extensions.worktreeConfig", "true")
        try repository.git("sparse-checkout", "set", "--cone", "nothing")
        try repository.git("config", "core.repositoryFormatVersion", "1")
        try repository.git("config", "extensions.preciousObjects", "true")
        expectBoth(try await repository.scan())
    }

    @Test("A repository with SHA-256 names is refused by name")
    func sha256() async throws {
        let repository = try TemporaryRepository("--object-format=sha256")
        await #expect {
            try await repository.scan()
        } throws: { error in
            if case .sha256Repository? = error as? ScanError { true } else { false }
        }
    }

    @Test("A path below a repository's file leads to its repository, and one in none to a plain folder")
    func paths() async throws {
        let repository = try twoVersions()
        let report = try await repository.scan("app.py")
        expectBoth(report)
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        try TemporaryRepository.write(folder + "/a/app.py", Array(Value.line(3).utf8))
        var request = ScanRequest(path: folder, jobs: 1)
        let plain = try await Scanner(compiled: Rules.compiled.get()).scan(request)
        #expect(plain.target.kind == .folder)
        #expect(plain.finding(Value.sendGrid(3))?.reaches == ["a/app.py": [.untracked]])
        request.path = folder + "/missing"
        await #expect(throws: ScanError.self) { try await Scanner(compiled: Rules.compiled.get()).scan(request) }
    }
}
