// Changes of ignore files, judged by what is staged.

import TestRepositories
import Testing

@testable import Gate

@Suite struct IgnoreHoleTests {
    private func repository(_ files: [String: String]) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        for (name, text) in files { try repository.write(name, text) }
        return try repository.write("backend/main.py", "1\n").commit("One")
    }

    @Test func `a rule that goes away opens a hole, and so does the file`() throws {
        let repository = try repository([".gitignore": ".env\n.env.*\n!.env.example\nbuild/\n"])
        try repository.write(".gitignore", ".env\nbuild/\n").stage()
        let problem = try #require(try repository.check().problems.first)
        #expect(problem.kind == .ignoreHole && problem.path == ".gitignore")
        #expect(problem.reason.contains(".env.local"))
        try repository.git("rm", "--quiet", "--cached", ".gitignore")
        #expect(try repository.check().problems.map(\.kind) == [.ignoreHole])
    }

    @Test(arguments: ["!.env\n", "!.env.local\n", "!backend/.env.production\n", "!prod.env\n"])
    func `a line that lets one in opens a hole`(line: String) throws {
        let repository = try repository([".gitignore": ".env\n.env.*\n*.env\n"])
        try repository.write(".gitignore", ".env\n.env.*\n*.env\n" + line).stage()
        #expect(try repository.check().problems.map(\.kind) == [.ignoreHole])
    }

    @Test func `a folder's own file may let in what the root keeps out`() throws {
        let repository = try repository([".gitignore": ".env\n"])
        try repository.write("backend/.gitignore", "!.env\n").stage()
        let problem = try #require(try repository.check().problems.first)
        #expect(problem.path == "backend/.gitignore" && problem.reason.contains("backend/.env"))
    }

    @Test func `a name below a folder that was named alone`() throws {
        let repository = try repository([".gitignore": "/backend/.env\nnode_modules\n"])
        try repository.write(".gitignore", "node_modules\n").stage()
        let problem = try #require(try repository.check().problems.first)
        #expect(problem.reason.contains("backend/.env"))
    }

    @Test(arguments: [
        ".env\n.env.*\n# a comment\n", ".env*\n", ".env.*\n.env\n", ".env\n.env.*\n!.env.example\n", "*\n",
    ])
    func `other changes open none`(text: String) throws {
        let repository = try repository([".gitignore": ".env\n.env.*\n"])
        try repository.write(".gitignore", text).git("add", "--force", ".gitignore")
        #expect(try repository.check().problems.isEmpty)
    }

    @Test func `what was open before is no hole of this commit's`() throws {
        let repository = try repository([".gitignore": ".env\n"])
        try repository.write(".gitignore", ".env\nbuild/\n").stage()
        #expect(try repository.check().problems.isEmpty)
    }

    @Test func `the staged file counts, and not the one on disk`() throws {
        let repository = try repository([".gitignore": ".env\n"])
        try repository.write(".gitignore", "build/\n").stage()
        try repository.write(".gitignore", ".env\n")
        #expect(try repository.check().problems.map(\.kind) == [.ignoreHole])
    }

    @Test func `crafted lines lead nowhere`() throws {
        let repository = try repository([".gitignore": ".env\n"])
        let outside = repository.folder + "/outside"
        let lines = [
            "../../../outside/", "/../outside/.env", "a/../../x/.env", "./.env", ".git/.env", "\\", "!", "[", "**/",
        ]
        try repository.write(".gitignore", ".env\n" + lines.joined(separator: "\n") + "\n").stage()
        _ = try repository.check()
        #expect(!TemporaryRepository.exists(outside))
    }
}
