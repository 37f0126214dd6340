// Repositories of an organisation, made by git, and what a scan of them wrote.

import Foundation

/// A folder with a list of repositories of every kind.
struct Fleet {
    let folder: String
    var list: String { folder + "/list" }

    /// Stands in two repositories.
    static let sharedKey = FakeKey.sendGrid(41)

    /// - Parameter entries: lines of the list that are no repositories, besides those that are made.
    static func make(_ entries: [String] = ["missing", "plain", "web/src"]) async throws -> Fleet {
        let fleet = Fleet(folder: try Scratch.folder("fleet"))
        let ignore = ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n"
        try await fleet.repository("api", [".env": "SENDGRID_API_KEY=\(sharedKey)\n"])
        try await fleet.repository("web", ["src/a.js": "const key = '\(sharedKey)'\n", ".gitignore": ignore])
        try await fleet.repository("team a/clean", ["main.py": "print('hello')\n", ".gitignore": ignore])
        try await fleet.repository("läden/shop", ["a.py": "KEY = \"\(FakeKey.sendGrid(42))\"\n", ".gitignore": ignore])
        try await fleet.repository("broken", ["b.py": "KEY = \"\(FakeKey.sendGrid(43))\"\n", "c.txt": "text\n"])
        let lost = try await Git.run(["rev-parse", "HEAD:c.txt"], in: fleet.folder + "/broken")
        try FileManager.default.removeItem(
            atPath: "\(fleet.folder)/broken/.git/objects/\(lost.prefix(2))/\(lost.dropFirst(2))")
        try FileManager.default.removeItem(atPath: fleet.folder + "/broken/.git/index")
        try await fleet.repository("origin", ["d.py": "KEY = \"\(FakeKey.sendGrid(44))\"\n"])
        try await Git.run(["clone", "--quiet", "--bare", "origin", "tools.git"], in: fleet.folder)
        try Scratch.write("no repository\n", to: fleet.folder + "/plain/README")
        let names = ["api", "web", "team a/clean", "läden/shop", "broken", "tools.git"]
        try Scratch.write(
            "# The repositories of a company.\n\n" + (names + entries).joined(separator: "\n") + "\n", to: fleet.list)
        return fleet
    }

    func repository(_ name: String, _ files: [String: String]) async throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await Git.run(["init", "--quiet", "--template="], in: path)
        try await Git.commit(files, in: path)
    }

    func scan(_ more: String..., output: String, changes: [String: String?] = [:]) async throws -> Outcome {
        try await Program.run(
            ["scan", "--repos", "list", "--format", "json", "--output", output] + more, in: folder, changes: changes)
    }

    func merge(_ arguments: String...) async throws -> Outcome {
        try await Program.run(["report", "merge"] + arguments, in: folder)
    }

    func bytes(_ name: String) -> [UInt8] { Scratch.bytes(folder + "/" + name) }

    func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

    func document(_ name: String) throws -> FleetReportDocument {
        try JSONDecoder().decode(FleetReportDocument.self, from: Data(bytes(name)))
    }
}

/// The parts of a fleet's document that the tests look at.
struct FleetReportDocument: Decodable {
    var schema: String
    var shard: [String: Int]
    var repositories: [Entry]
    var summary: Summary

    struct Entry: Decodable {
        var position: Int
        var path: String
        var report: Report?
        var error: [String: String]?
    }

    struct Summary: Decodable {
        var repositories, clean, withFindings, incomplete, failed, findings: Int
        var complete: Bool
        var shared: [Shared]
    }

    struct Shared: Decodable {
        var mask: String
        var repositories: [String]
    }
}
