// Repositories made by the real git, which is also asked what became of them.

import CLibgit2
import Foundation

/// A repository in a folder of its own, which goes when the test is over.
final class GitSample {
    let path: String
    let folder: String

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    init(_ options: String...) throws {
        _ = Self.isolated
        var template = Array((NSTemporaryDirectory() + "/migrate-git-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
            throw Failure(description: "mkdtemp: errno \(errno)")
        }
        defer { free(resolved) }
        folder = String(cString: resolved)
        path = folder + "/project"
        try git(in: folder, ["init", "--quiet", "--template=", "--initial-branch=main"] + options + [path])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The user's settings do not count for libgit2 in this process.
    private static let isolated: Bool = {
        git_libgit2_init()
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            _ = migrate_git_set_search_path(level.rawValue, "/nonexistent")
        }
        return true
    }()

    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String { try git(in: path, arguments) }

    @discardableResult
    func git(in place: String, _ arguments: [String], mayFail: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", place, "-c", "core.quotePath=false", "-c", "gc.auto=0"] + arguments
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com", "GIT_EDITOR": "true",
        ]
        // Files, since a pipe's buffer may be too small for what git says.
        let output = folder + "/output-\(UInt32.random(in: 0...UInt32.max))"
        FileManager.default.createFile(atPath: output, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: output) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        guard mayFail || process.terminationStatus == 0 else {
            throw Failure(description: "git \(arguments): \(process.terminationStatus): \(text)")
        }
        return text.trimmingCharacters(in: .newlines)
    }

    func commit(_ message: String = "Work") throws {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", message)
    }

    /// `git ls-files -s`, with the flags that `-v` shows: `H 100644 … 0\tpath`.
    func index() throws -> [String] {
        try git("ls-files", "-s", "-v").split(separator: "\n").map(String.init)
    }

    func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: path + "/" + name).map(Array.init) }
}
