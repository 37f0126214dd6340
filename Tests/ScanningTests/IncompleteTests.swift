// What cannot be read is told, never taken for clean, and the rest is scanned all the same.

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

@Suite("Incomplete repositories")
struct IncompleteTests {
    /// One value in each of two commits, so that one is left when the other is lost.
    private func twoFiles() throws -> TemporaryRepository {
        try TemporaryRepository().write("a.py", Value.line(1)).commit("one").write("b.py", Value.line(2)).commit("two")
    }

    @Test("A shallow clone has one gap, and what is there is scanned")
    func shallow() async throws {
        let origin = try twoFiles().remove("a.py").commit("three")
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--depth", "1", "file://\(origin.path)", $0]
        }
        let report = try await clone.scan()
        #expect(report.keys.count == 1)
        #expect(report.finding(Value.sendGrid(2))?.history.introduced?.subject == "three")
        #expect(report.gaps.map(\.kind) == [.shallowHistory])
        #expect(report.target.isShallow)
    }

    @Test("A partial clone's missing objects are gaps, and what is there is scanned")
    func partial() async throws {
        let origin = try twoFiles().remove("a.py").commit("three")
        try origin.git("config", "uploadpack.allowFilter", "true")
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--filter=blob:none", "file://\(origin.path)", $0]
        }
        let lost = try origin.id("HEAD~1:a.py")
        let report = try await clone.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.finding(Value.sendGrid(1)) == nil)
        #expect(report.gaps(.missingObject).map(\.subject) == [lost])
        #expect(report.target.isPartial)
    }

    @Test("A partial clone without trees is scanned to the end")
    func treeless() async throws {
        let origin = try twoFiles().write("a.py", "").commit("three")
        try origin.git("config", "uploadpack.allowFilter", "true")
        let clone = try TemporaryRepository(beside: origin, named: "clone") {
            ["clone", "--quiet", "--filter=tree:0", "file://\(origin.path)", $0]
        }
        let report = try await clone.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps(.missingObject).count == 2)
    }

    @Test("A loose object that was deleted is a gap", arguments: ["HEAD~1:a.py", "HEAD~1^{tree}", "HEAD~1"])
    func deleted(what: String) async throws {
        let repository = try twoFiles()
        let id = try repository.id(what)
        try repository.git("update-index", "--refresh")
        try repository.delete(repository.looseFile(id))
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps(.missingObject).map(\.subject) == [id])
    }

    @Test("A loose object that was truncated or overwritten is a gap", arguments: [0, 1, 20, -1])
    func damaged(length: Int) async throws {
        let repository = try twoFiles()
        let id = try repository.id("HEAD~1:a.py")
        let file = repository.looseFile(id)
        let bytes = try TemporaryRepository.read(file)
        try TemporaryRepository.write(
            file, length < 0 ? Array(repeating: 0x5A, count: bytes.count) : Array(bytes.prefix(length)))
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.finding(Value.sendGrid(1)) == nil || length > 0)
        #expect(report.gaps.contains { $0.subject == id }, "\(report.gaps)")
    }

    @Test("A loose object under another's name is a gap, and its value is not reported under a false id")
    func swapped() async throws {
        let repository = try twoFiles()
        let id = try repository.id("HEAD:a.py")
        let other = try repository.git("hash-object", "-w", "--stdin", input: Array(Value.line(7).utf8))
        try TemporaryRepository.write(
            repository.looseFile(id), try TemporaryRepository.read(repository.looseFile(other)))
        try repository.delete(repository.looseFile(other))
        let report = try await repository.scan { $0.scope = .history }
        #expect(report.finding(Value.sendGrid(7)) == nil)
        #expect(report.gaps.contains { $0.kind == .unreadableObject && $0.subject == id }, "\(report.gaps)")
    }

    @Test("A pack that ends in the middle is a gap, and loose objects are scanned")
    func truncatedPack() async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).write("noise", Value.password(3))
            .commit("one")
        try repository.git("repack", "-a", "-d", "-q")
        let pack = try #require(try repository.packs().first) + ".pack"
        let bytes = try TemporaryRepository.read(pack)
        try repository.write("b.py", Value.line(2)).commit("two")
        try TemporaryRepository.write(pack, Array(bytes.prefix(bytes.count / 2)))
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(!report.isComplete)
    }

    @Test(
        "A pack without its index, or with a garbled one, is a gap by its name",
        arguments: ["missing", "garbage", "empty"])
    func packIndex(what: String) async throws {
        let repository = try TemporaryRepository().write("a.py", Value.line(1)).commit("one")
        try repository.git("repack", "-a", "-d", "-q")
        let pack = try #require(try repository.packs().first)
        try repository.write("b.py", Value.line(2)).commit("two")
        switch what {
        case "missing": try repository.delete(pack + ".idx")
        case "empty": try TemporaryRepository.write(pack + ".idx", [])
        default: try TemporaryRepository.write(pack + ".idx", Array(repeating: 0x41, count: 4_096))
        }
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps(.unreadablePack).count == 1, "\(report.gaps)")
        #expect(report.gaps(.unreadablePack).first?.subject.hasPrefix(pack) == true)
    }

    @Test(
        "A damaged index, or one from a newer git, is one gap",
        arguments: ["garbage", "version", "extension", "truncated"])
    func index(what: String) async throws {
        let repository = try twoFiles()
        let file = repository.path + "/.git/index"
        var bytes = try TemporaryRepository.read(file)
        switch what {
        case "garbage": bytes = Array(repeating: 0x41, count: bytes.count)
        case "version": bytes[7] = 9
        case "truncated": bytes = Array(bytes.prefix(bytes.count / 2))
        // An extension whose name begins with a small letter must be understood.
        default: bytes.insert(contentsOf: Array("zzzz".utf8) + [0, 0, 0, 0], at: bytes.count - 20)
        }
        try TemporaryRepository.write(file, bytes)
        let report = try await repository.scan()
        #expect(report.keys.count == 2)
        #expect(report.gaps.map(\.kind) == [.unreadableIndex], "\(report.gaps)")
    }

    @Test("A symbolic reference to a branch that does not exist is ordinary")
    func danglingSymbolicReference() async throws {
        let repository = try twoFiles()
        try repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        let report = try await repository.scan()
        #expect(report.isComplete, "\(report.gaps)")
    }

    @Test("A reference that cannot be read is a gap, and the others count", arguments: ["not an id\n", "", "0123\n"])
    func brokenReference(text: String) async throws {
        let repository = try twoFiles()
        try repository.git("branch", "zzz")
        try repository.write(".git/refs/heads/broken", text)
        let report = try await repository.scan()
        #expect(report.keys.count == 2)
        #expect(report.finding(Value.sendGrid(2))?.history.references == ["refs/heads/main", "refs/heads/zzz"])
        #expect(report.gaps(.unreadableReference).count == 1, "\(report.gaps)")
        #expect(report.gaps(.unreadableReference).first?.subject == "refs/heads/broken")
    }

    @Test("A branch whose commit is missing is a gap")
    func branchWithoutCommit() async throws {
        let repository = try twoFiles()
        let id = String(repeating: "ab", count: 20)
        try repository.write(".git/refs/heads/lost", id + "\n")
        let report = try await repository.scan()
        #expect(report.gaps(.missingObject).map(\.subject) == [id])
    }

    @Test("A Git LFS pointer without its content is a gap")
    func missingLFS() async throws {
        let digest = LFS.digest
        let repository = try TemporaryRepository().write("data.bin", LFS.pointer(digest)).commit("add")
        let report = try await repository.scan()
        #expect(report.gaps.map(\.kind) == [.missingLFSObject])
        #expect(report.gaps.map(\.subject) == [digest])
    }

    @Test("A Git LFS pointer's content is scanned under the pointer's path")
    func presentLFS() async throws {
        let repository = try TemporaryRepository().write("data.bin", LFS.pointer(to: Value.line())).commit("add")
            .write(LFS.file(of: Value.line()), Value.line())
        let report = try await repository.scan { $0.scope = .history }
        #expect(try report.key().paths == ["data.bin"])
        #expect(report.isComplete)
    }

    @Test(
        "A Git LFS content that is not what its pointer names is a gap, and is scanned all the same",
        arguments: ["cut short", "replaced"])
    func wrongLFS(how: String) async throws {
        let content = Value.line() + "# the end\n"
        let here = how == "replaced" ? Value.line() + "# another\n" : Value.line()
        let repository = try TemporaryRepository().write("data.bin", LFS.pointer(to: content)).commit("add")
            .write(LFS.file(of: content), here)
        let report = try await repository.scan { $0.scope = .history }
        #expect(report.gaps.map(\.kind) == [.missingLFSObject])
        #expect(try report.key().paths == ["data.bin"])
    }

    @Test("A blob above the limit is a gap with its size")
    func largeBlob() async throws {
        let repository = try TemporaryRepository().write("big", String(repeating: "x", count: 5_000) + Value.line(1))
            .write("small", Value.line(2)).commit("add")
        let report = try await repository.scan {
            $0.largestBlob = 1_000; $0.scope = .history
        }
        #expect(report.finding(Value.sendGrid(1)) == nil)
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps.map(\.kind) == [.tooLarge])
        #expect(report.gaps.map(\.subject) == [try repository.id("HEAD:big")])
        #expect(report.gaps.first?.reason.contains("\(5_000 + Value.line().utf8.count)") == true)
    }

    @Test("An unreadable folder of objects is a gap", .disabled(if: User.isRoot, "root may read everything"))
    func unreadableObjects() async throws {
        let repository = try twoFiles()
        let id = try repository.id("HEAD:a.py")
        try repository.setMode(".git/objects/\(id.prefix(2))", 0)
        let report = try await repository.scan()
        #expect(!report.isComplete)
    }

    @Test("A repository of another user is refused until it is declared safe", .enabled(if: User.isRoot, "needs chown"))
    func otherOwner() async throws {
        let repository = try twoFiles()
        try #require(
            TemporaryRepository.execute(["/bin/chown", "-R", "12345", repository.path], environment: [], output: nil)
                == 0)
        await #expect {
            try await repository.scan()
        } throws: { error in
            if case .notOwner? = error as? ScanError { true } else { false }
        }
    }

    @Test(
        "A reference to an object that names itself is a gap, and the scan ends", arguments: ["tag", "tree", "commit"])
    func circle(kind: String) async throws {
        let repository = try twoFiles()
        let own = String(repeating: "ab", count: 20)
        let tree = try repository.id("HEAD^{tree}")
        let bytes: [UInt8] =
            switch kind {
            case "tag": Array("object \(own)\ntype tag\ntag t\ntagger A <a@b> 1 +0000\n\nmessage\n".utf8)
            case "tree": Array("40000 again\0".utf8) + [UInt8](repeating: 0xAB, count: 20)
            default:
                Array(
                    "tree \(tree)\nparent \(own)\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nmessage\n".utf8)
            }
        let honest = try repository.git(
            "hash-object", "-t", kind, "-w", "--literally", "--stdin", input: bytes)
        try TemporaryRepository.write(
            repository.looseFile(own), TemporaryRepository.read(repository.looseFile(honest)))
        try repository.write(".git/refs/tags/circle", own + "\n")
        let report = try await repository.scan()
        #expect(report.keys.count == 2)
        #expect(report.gaps(.unreadableObject).map(\.subject) == [own], "\(report.gaps)")
    }

    @Test("A pipe in the place of a loose object is a gap, and nobody waits for it")
    func pipe() async throws {
        let repository = try twoFiles()
        let id = try repository.id("HEAD~1:a.py")
        try repository.git("update-index", "--refresh")
        try repository.delete(repository.looseFile(id))
        try #require(mkfifo(repository.looseFile(id), 0o600) == 0)
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(2)) != nil)
        #expect(report.gaps(.unreadableFolder).map(\.subject) == [repository.looseFile(id)])
        #expect(report.gaps(.missingObject).map(\.subject) == [id])
    }

    @Test("A pipe in the place of a pack's index is refused, and nobody waits for it")
    func pipeAsIndex() async throws {
        let repository = try twoFiles()
        try repository.git("repack", "-a", "-d", "-q")
        let index = try #require(try repository.packs().first) + ".idx"
        try repository.delete(index)
        try #require(mkfifo(index, 0o600) == 0)
        await #expect {
            try await repository.scan()
        } throws: { error in
            if case .unsupportedRepository? = error as? ScanError { true } else { false }
        }
    }

    @Test("A damaged list of packed references is a gap, and what can be read of it counts")
    func packedReferences() async throws {
        let repository = try twoFiles()
        try repository.git("tag", "v1")
        try repository.git("pack-refs", "--all")
        let file = repository.path + "/.git/packed-refs"
        try TemporaryRepository.write(file, TemporaryRepository.read(file) + Array("not a reference\n".utf8))
        let report = try await repository.scan()
        #expect(report.gaps.map(\.kind) == [.unreadableReference], "\(report.gaps)")
        #expect(report.finding(Value.sendGrid(2))?.history.references == ["refs/heads/main", "refs/tags/v1"])
        #expect(report.finding(Value.sendGrid(2))?.history.isInHead == true)
    }

    @Test("A tag above the limit for what is no blob is a gap with its size")
    func largeTag() async throws {
        let repository = try twoFiles()
        let header = "object \(try repository.id())\ntype commit\ntag t\ntagger A <a@b> 1 +0000\n\n"
        let bytes = Array(header.utf8) + [UInt8](repeating: 0x78, count: 64 << 20)
        let id = try repository.git("hash-object", "-t", "tag", "-w", "--literally", "--stdin", input: bytes)
        let report = try await repository.scan()
        #expect(report.keys.count == 2)
        #expect(report.gaps.map(\.kind) == [.tooLarge])
        #expect(report.gaps.map(\.subject) == [id])
        #expect(report.gaps.first?.reason.contains("\(bytes.count)") == true)
    }

    @Test("A detached HEAD whose commit is missing is a gap", arguments: ["HEAD", "worktrees/other/HEAD"])
    func detachedWithoutCommit(file: String) async throws {
        let repository = try twoFiles()
        let id = String(repeating: "ab", count: 20)
        try repository.write(".git/" + file, id + "\n")
        let report = try await repository.scan()
        #expect(report.gaps(.missingObject).map(\.subject) == [id], "\(report.gaps)")
    }
}
