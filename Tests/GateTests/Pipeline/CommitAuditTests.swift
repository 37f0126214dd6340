// The audit of the ignore rules of a commit.

import Git
import Scanning
import TestRepositories
import Testing

@Suite("The ignore rules of a commit")
struct CommitAuditTests {
    private static let sound = ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n"

    private func audit(_ sample: TemporaryRepository) throws -> IgnoreAudit {
        let repository = try Repository(discovering: sample.path)
        let commit = try repository.resolveCommit("HEAD")
        var notes: [String] = []
        return try #require(try IgnoreAudit.of(commit, repository: repository, known: [], notes: &notes))
    }

    @Test("What the worktree says does not count")
    func worktree() throws {
        let sample = try TemporaryRepository()
        try sample.write(".gitignore", Self.sound).commit("One")
        try sample.write(".gitignore", "")
        #expect(try audit(sample).isSound)
        try sample.commit("Two")
        try sample.write(".gitignore", Self.sound)
        #expect(try audit(sample).openNames.contains(".env"))
    }

    @Test("Ignore files below the root count, and links do not")
    func below() throws {
        let sample = try TemporaryRepository()
        try sample.write(".gitignore", Self.sound).write("backend/.gitignore", "!.env\n").write("backend/x", "x")
            .commit("One")
        #expect(try audit(sample).openNames == ["backend/.env"])
        let linked = try TemporaryRepository()
        try linked.write("rules", Self.sound).link(".gitignore", to: "rules").commit("One")
        #expect(try audit(linked).openNames.contains(".env"))
    }

    @Test("A tree with names that lead out of it writes nothing there")
    func hostileNames() throws {
        let sample = try TemporaryRepository()
        try sample.write("x", "x").commit("One")
        let blob = try sample.git("hash-object", "-w", "--stdin", input: Array("*\n".utf8))
        func tree(_ mode: String, _ name: String, _ id: String) throws -> String {
            let digits = Array(id.utf8)
            let bytes = stride(from: 0, to: 40, by: 2).map { index in
                UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
            }
            return try sample.git(
                "hash-object", "-w", "-t", "tree", "--literally", "--stdin",
                input: Array("\(mode) \(name)\0".utf8) + bytes)
        }
        var id = try tree("100644", ".gitignore", blob)
        for name in ["out", "..", "..", ".."] { id = try tree("40000", name, id) }
        let commit = try sample.git("commit-tree", "-m", "Bad", id)
        try sample.git("update-ref", "HEAD", commit)
        let audit = try audit(sample)
        #expect(audit.openNames.contains(".env"))
        #expect(!TemporaryRepository.exists("/out/.gitignore"))
    }
}
