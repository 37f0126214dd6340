// Real repositories for the steps, made by the real git in a folder of their own and removed at the end.

import CLibgit2
import Foundation
import Synchronization
import TestServers

/// A repository in a temporary folder: `.write("backend/.env", …)`, `.commit("…")`.
///
/// Dates and names are fixed, and neither the user's nor the system's settings of git count.
final class SampleRepository: Sendable {
    /// The root of the worktree (or the bare repository), absolute and without links.
    let path: String
    /// What `path` lies in; removed at the end with all that is in it.
    let folder: String
    private let ownsFolder: Bool
    /// Seconds since 1970; each commit is a minute later than the one before.
    private let time = Mutex<Int64>(1_700_000_000)

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameter options: further options of `git init`.
    init(_ options: String...) throws {
        _ = Self.isolated
        folder = try Self.makeFolder()
        path = folder + "/project"
        ownsFolder = true
        try Self.run(
            ["init", "--quiet", "--template=", "--initial-branch=main"] + options + [path], in: folder, time: 0)
    }

    /// A repository beside `other`, which owns the folder: a clone, a linked worktree.
    /// - Parameter make: the arguments of git that make it at the path that it is given.
    init(beside other: SampleRepository, named name: String, _ make: (_ path: String) -> [String]) throws {
        folder = other.folder
        path = folder + "/" + name
        ownsFolder = false
        try Self.run(make(path), in: other.path, time: 1_700_000_000)
    }

    deinit {
        guard ownsFolder else { return }
        _ = try? runProgram("/bin/chmod", ["-R", "u+rwX", folder])
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func makeFolder() throws -> String {
        var template = Array((NSTemporaryDirectory() + "/migrate-steps-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
            throw Failure(description: "mkdtemp: errno \(errno)")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Libgit2 reads the user's settings in this process: they may not count either. Not by variables of the
    /// environment, which tests that run at the same time read.
    private static let isolated: Bool = {
        git_libgit2_init()
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            _ = migrate_git_set_search_path(level.rawValue, "/nonexistent")
        }
        return true
    }()
}

// MARK: - The story

extension SampleRepository {
    /// Writes a file of the worktree, and the folders on its way.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> Self { try write(name, Array(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> Self {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return self
    }

    @discardableResult
    func remove(_ name: String) throws -> Self {
        try FileManager.default.removeItem(atPath: path + "/" + name)
        return self
    }

    /// Stages everything, ignored files excepted, and commits it.
    @discardableResult
    func commit(_ message: String = "Work") throws -> Self {
        try git("add", "--all")
        return try commitStaged(message)
    }

    /// Commits what is staged.
    @discardableResult
    func commitStaged(_ message: String = "Work") throws -> Self {
        time.withLock { $0 += 60 }
        try git("commit", "--quiet", "--allow-empty", "--message", message)
        return self
    }

    /// Runs git in the repository.
    /// - Returns: what it printed, without white space around it.
    @discardableResult
    func git(_ arguments: String...) throws -> String { try git(arguments) }

    @discardableResult
    func git(_ arguments: [String]) throws -> String {
        try Self.run(arguments, in: path, time: time.withLock { $0 })
    }

    /// The bytes of a file of the worktree; nil when there is none.
    func bytes(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path + "/" + name).map(Array.init)
    }

    func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// The twelve permission bits of a file of the worktree; nil when there is none.
    func mode(_ name: String) -> mode_t? {
        var status = stat()
        return lstat(path + "/" + name, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    /// When a file of the worktree was last written, in nanoseconds since 1970; nil when there is none.
    func modified(_ name: String) -> Int? {
        var status = stat()
        guard lstat(path + "/" + name, &status) == 0 else { return nil }
        #if canImport(Darwin)
            return status.st_mtimespec.tv_sec * 1_000_000_000 + status.st_mtimespec.tv_nsec
        #else
            return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
        #endif
    }

    /// The index as `git ls-files -s` tells it.
    func index() throws -> [String] {
        try git("-c", "core.quotePath=false", "ls-files", "-s").split(separator: "\n").map(String.init)
    }

    /// `git status --porcelain`, a line for each path that is not as in HEAD; ignored ones are left out.
    func status() throws -> [String] {
        // The first line may begin with a space, which `git` trims away.
        try git("-c", "core.quotePath=false", "status", "--porcelain", "--untracked-files=all", "--branch")
            .split(separator: "\n").dropFirst().map(String.init)
    }

    private static func run(_ arguments: [String], in place: String, time: Int64) throws -> String {
        let settings = [
            "commit.gpgsign=false", "gc.auto=0", "maintenance.auto=false", "protocol.file.allow=always",
            "advice.detachedHead=false",
        ]
        let environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": place, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada Lovelace", "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_AUTHOR_DATE": "\(time) +0000", "GIT_COMMITTER_DATE": "\(time) +0000", "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true",
        ]
        let ended = try runProgram(
            "git", ["-C", place] + settings.flatMap { ["-c", $0] } + arguments, environment: environment)
        guard ended.status == 0 else {
            throw Failure(description: "git \(arguments.joined(separator: " ")): \(ended.status): \(ended.errors)")
        }
        return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
