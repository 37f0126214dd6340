// What surrounds a scan: configuration, cache, signals, the process itself.

import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct SurroundingsTests {
    private static let configuration = ".migrate/config.yml"

    @Test(
        arguments: [
            ("scan:\n  exclude: [a\n", 3), ("version: 1\nscan:\n  exclud: [a]\n", 3), ("colour: red\n", 1),
            ("version: 2\n", 1), ("version: 1\n\nscan:\n  fail-on: huge\n", 4), ("- a\n- b\n", 1),
            ("scan: {exclude: [\"\"]}\n", 1),
            ("\tx: 1\n", 1), ("version: 1\nversion: 1\n", nil),
        ] as [(String, Int?)])
    func `a malformed configuration is told with its line, and nothing is scanned`(text: String, line: Int?)
        async throws
    {
        let repository = try await Git.cleanRepository()
        try Scratch.write(text, to: "\(repository)/\(Self.configuration)")
        let outcome = try await Program.run(["scan", repository])
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 2)
        #expect(
            outcome.errorText.contains(Self.configuration + ":" + (line.map { "\($0): " } ?? "")),
            "\(outcome.errorText)")
    }

    @Test(arguments: ["not UTF-8", "folder", "huge", "pipe"])
    func `a configuration that is no text is told in a line`(kind: String) async throws {
        let repository = try await Git.cleanRepository()
        let path = "\(repository)/\(Self.configuration)"
        switch kind {
        case "not UTF-8": try Scratch.write([0x76, 0xFF, 0xFE, 0x3A], to: path)
        case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case "huge": try Scratch.write([UInt8](repeating: UInt8(ascii: "#"), count: 3 << 20), to: path)
        default: _ = try await Program.shell("mkdir .migrate && mkfifo \(Self.configuration)", in: repository)
        }
        let outcome = try await Program.run(["scan", repository])
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 2 && outcome.errorText.contains(Self.configuration))
    }

    @Test func `a configuration is kept to`() async throws {
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        try Scratch.write("version: 1\nscan:\n  fail-on: critical\n", to: "\(repository)/\(Self.configuration)")
        #expect(try await Program.run(["scan", repository]).status == 0)
        #expect(try await Program.run(["scan", repository, "--fail-on", "high"]).status == 1)
        try Scratch.write("scan:\n  exclude: [key.py]\n", to: "\(repository)/\(Self.configuration)")
        let outcome = try await Program.run(["scan", repository])
        #expect(outcome.status == 0 && outcome.text.contains("excludes key.py"))
    }

    @Test(arguments: [[], ["-q"], ["-f", "json"]])
    func `settings that a repository brings are told in a line, whatever the report`(arguments: [String]) async throws {
        let repository = try await Git.cleanRepository()
        let text = "scan:\n  exclude: [tests/fixtures, \"b\\e\"]\n  fail-on: medium\n  severity: low\n"
        try Scratch.write(text, to: "\(repository)/\(Self.configuration)")
        let start = "migrate: settings from .migrate/config.yml: excludes tests/fixtures, b\\x1b"
        #expect(
            try await Program.run(["scan", repository] + arguments).errorText
                == start + "; fails from medium on; reports from low on\n")
        #expect(
            try await Program.run(["scan", repository, "--fail-on", "high", "--severity", "high"] + arguments).errorText
                == start + "\n")
        try Scratch.write("version: 1\n", to: "\(repository)/\(Self.configuration)")
        #expect(try await Program.run(["scan", repository] + arguments).errorText == "")
    }

    @Test func `in a subfolder no path means the whole repository, and a dot that folder`() async throws {
        let repository = try await Git.repository([
            "key.py": "KEY = \"\(FakeKey.sendGrid())\"\n", "sub/a.py": "a = 1\n",
        ])
        #expect(try await Program.run(["scan"], in: repository + "/sub").status == 1)
        for path in [".", "./", "../sub"] {
            let outcome = try await Program.run(["scan", path], in: repository + "/sub")
            #expect(outcome.status == 0)
            #expect(outcome.text.contains("limited to sub"))
        }
        #expect(try await Program.run(["scan", "."], in: repository).status == 1)
    }

    @Test(arguments: ["no home", "file", "file below", "read-only", "relative"])
    func `without a cache folder all works`(kind: String) async throws {
        let folder = try Scratch.folder("cache")
        try Scratch.write("", to: folder + "/file")
        let changes: [String: String?] =
            switch kind {
            case "no home": ["HOME": nil, "XDG_CACHE_HOME": nil]
            case "file": ["XDG_CACHE_HOME": folder + "/file"]
            case "file below": ["XDG_CACHE_HOME": folder + "/file/below"]
            case "relative": ["HOME": "not/absolute", "XDG_CACHE_HOME": "also/not"]
            default: ["XDG_CACHE_HOME": Scratch.isRoot ? "/proc" : folder + "/closed"]
            }
        try FileManager.default.createDirectory(atPath: folder + "/closed", withIntermediateDirectories: true)
        Scratch.setPermissions(0o500, folder + "/closed")
        let outcome = try await Program.run(["scan", Git.cleanRepository()], in: folder, changes: changes)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(Scratch.names(in: folder) == ["closed", "file"])
    }

    @Test func `a damaged cache is rebuilt`() async throws {
        let cache = try Scratch.folder("cache")
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        let changes: [String: String?] = ["XDG_CACHE_HOME": cache]
        #expect(try await Program.run(["scan", repository], changes: changes).status == 1)
        let name = try #require(Scratch.names(in: cache + "/migrate").first)
        let file = cache + "/migrate/" + name
        let whole = Scratch.bytes(file)
        var flipped = whole
        flipped[whole.count / 2] ^= 0xFF
        for damaged in [
            [], Array(whole.prefix(100)), Array(whole.dropLast()), flipped, [UInt8](repeating: 0, count: whole.count),
        ] {
            try Scratch.write(damaged, to: file)
            let outcome = try await Program.run(["scan", repository, "-v"], changes: changes)
            #expect(outcome.status == 1)
            #expect(outcome.errorText.contains("compiled, and kept"))
            #expect(Scratch.bytes(file).count == whole.count)
        }
    }

    /// Big enough that no machine is through with it before a signal comes.
    private static func longRun(_ output: String) throws -> Running {
        let folder = try Scratch.folder("long")
        let file = folder + "/large.bin"
        try Scratch.write("", to: file)
        let handle = FileHandle(forUpdatingAtPath: file)
        try handle?.truncate(atOffset: 1 << 40)
        return try Running(
            [Program.path, "scan", folder, "--output", output], in: folder, input: "/dev/null", output: nil,
            environment: Program.environment)
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func `a signal ends a scan with its code and leaves no file`(signal: Int32, status: Int32) async throws {
        let folder = try Scratch.folder("signal")
        let running = try Self.longRun(folder + "/report")
        try await Task.sleep(nanoseconds: 700_000_000)
        kill(running.id, signal)
        let outcome = try await running.end()
        #expect(outcome.status == status)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
        #expect(Scratch.names(in: folder).isEmpty)
    }

    #if os(Linux)
        @Test func `a crash dump could hold no value`() async throws {
            let running = try Self.longRun("/dev/null")
            try await Task.sleep(nanoseconds: 500_000_000)
            // A file of /proc says that it is empty, so it is read by cat.
            let limits = try await Program.shell("cat /proc/\(running.id)/limits").text
            kill(running.id, SIGTERM)
            _ = try await running.end()
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            // 1 and not 0: see CrashDumps.
            #expect(line.split(separator: " ").dropFirst(4).first == "1")
        }
    #endif
}
