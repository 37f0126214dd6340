// Real repositories, made by the real git in a folder of their own and removed at the end.

import CLibgit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A repository that tells its own story: `.write("backend/.env", …)`, `.commit("…")`.
///
/// Dates, names and settings are fixed, so the same story gives the same object ids. Neither the user's nor the
/// system's settings of git count.
package final class TemporaryRepository {
    /// Of the worktree, or of the bare repository.
    package let path: String
    /// Removed at the end, with all that is in it.
    package let folder: String
    private let ownsFolder: Bool
    /// Seconds since 1970; each commit is a minute later than the one before.
    package private(set) var time: Int64 = 1_700_000_000

    package static let author = "Ada Lovelace"
    private static let email = "ada@example.com"

    package struct Failure: Error, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// - Parameter options: further options of `git init`.
    package init(_ options: String...) throws {
        folder = try Self.makeFolder()
        path = folder + "/project"
        ownsFolder = true
        try run(["init", "--quiet", "--template=", "--initial-branch=main"] + options + [path], in: folder)
    }

    /// A repository beside `other`, which owns the folder: a clone, a linked worktree.
    package init(beside other: TemporaryRepository, named name: String, _ make: (String) -> [String]) throws {
        folder = other.folder
        path = folder + "/" + name
        ownsFolder = false
        time = other.time
        try run(make(path), in: other.path)
    }

    deinit {
        guard ownsFolder else { return }
        try? Self.removeFolder(folder)
    }

    /// Removes a folder with all that is in it.
    package static func removeFolder(_ folder: String) throws {
        try execute(["/bin/chmod", "-R", "u+rwX", folder], environment: [], output: nil)
        try execute(["/bin/rm", "-rf", folder], environment: [], output: nil)
    }

    /// A new folder; whoever asks removes it.
    package static func makeFolder() throws -> String {
        isolate()
        var template = Array("/tmp/migrate-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(description: "mkdtemp: errno \(errno)") }
        // Resolved, since git and libgit2 resolve links too.
        guard let resolved = realpath(made, nil) else { throw Failure(description: "realpath: errno \(errno)") }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Libgit2 reads the user's settings in this process: they may not count either. Done before its first call.
    private static func isolate() { _ = isolated }

    private static let isolated: Bool = {
        git_libgit2_init()
        // Not by variables of the environment: tests that run at the same time read those.
        for level in [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ] {
            _ = migrate_git_set_search_path(level.rawValue, "/nonexistent")
        }
        return true
    }()
}

// MARK: - The story

extension TemporaryRepository {
    /// Writes a file of the worktree, and the folders on its way.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> Self { try write(name, Array(text.utf8)) }

    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> Self {
        try Self.write(path + "/" + name, bytes)
        return self
    }

    @discardableResult
    package func remove(_ name: String) throws -> Self {
        guard unlink(path + "/" + name) == 0 else { throw Failure(description: "unlink \(name): errno \(errno)") }
        return self
    }

    /// Makes a symbolic link.
    @discardableResult
    package func link(_ name: String, to target: String) throws -> Self {
        guard symlink(target, path + "/" + name) == 0 else {
            throw Failure(description: "symlink \(name): errno \(errno)")
        }
        return self
    }

    @discardableResult
    package func setMode(_ name: String, _ mode: UInt32) throws -> Self {
        guard chmod(path + "/" + name, mode_t(mode)) == 0 else {
            throw Failure(description: "chmod \(name): errno \(errno)")
        }
        return self
    }

    /// Stages everything, files that are ignored excepted.
    @discardableResult
    package func stage() throws -> Self {
        try git("add", "--all")
        return self
    }

    /// Stages everything and commits it.
    @discardableResult
    package func commit(_ message: String, as author: String = author, _ options: String...) throws -> Self {
        try stage()
        time += 60
        try run(["commit", "--quiet", "--allow-empty", "--message", message] + options, in: path, author: author)
        return self
    }

    @discardableResult
    package func checkOut(_ arguments: String...) throws -> Self {
        try run(["checkout", "--quiet"] + arguments, in: path)
        return self
    }

    /// Runs git in the repository.
    /// - Returns: what it printed, without white space around it.
    @discardableResult
    package func git(_ arguments: String...) throws -> String { try run(arguments, in: path) }

    @discardableResult
    package func git(_ arguments: [String]) throws -> String { try run(arguments, in: path) }

    /// The same with `input` as standard input.
    @discardableResult
    package func git(_ arguments: String..., input: [UInt8]) throws -> String {
        let file = folder + "/input"
        try Self.write(file, input)
        return try run(arguments, in: path, input: file)
    }

    /// The full id of a revision.
    package func id(_ revision: String = "HEAD") throws -> String { try git("rev-parse", revision) }

    /// Removes a file of the git folder.
    package func delete(_ file: String) throws {
        guard unlink(file) == 0 else { throw Failure(description: "unlink \(file): errno \(errno)") }
    }

    /// Where git keeps a loose object.
    package func looseFile(_ id: String) -> String { "\(path)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))" }

    /// Paths of the packs, without their endings.
    package func packs() throws -> [String] {
        try git("rev-parse", "--git-path", "objects/pack")
            .split(separator: "\n")
            .flatMap { folder -> [String] in
                try Self.names(in: path + "/" + folder).filter { $0.hasSuffix(".pack") }
                    .map { "\(path)/\(folder)/\($0.dropLast(5))" }
            }
    }

    /// Forgets what only reflogs remember.
    package func expireReflogs() throws {
        try git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    }

    /// Lets time pass between the worktree's files and the index, so that git trusts the index.
    package func age() throws {
        for name in try git("ls-files", "-z").split(separator: "\0") {
            var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
            utimes(path + "/" + name, &times)
        }
        try git("update-index", "--refresh")
    }
}

// MARK: - Files and processes

extension TemporaryRepository {
    package static func write(_ path: String, _ bytes: [UInt8]) throws {
        var parent = ""
        for part in path.split(separator: "/").dropLast() {
            parent += "/" + part
            mkdir(parent, 0o755)
        }
        unlink(path)
        guard let file = fopen(path, "w") else { throw Failure(description: "open \(path): errno \(errno)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure(description: "write \(path): errno \(errno)")
        }
    }

    package static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Failure(description: "open \(path): errno \(errno)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    package static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @discardableResult
    private func run(
        _ arguments: [String], in place: String, author: String = author, input: String? = nil
    ) throws -> String {
        let settings = [
            "init.defaultBranch=main", "user.name=\(Self.author)", "user.email=\(Self.email)", "commit.gpgsign=false",
            "gc.auto=0", "maintenance.auto=false", "protocol.file.allow=always", "advice.detachedHead=false",
        ]
        let environment = [
            "PATH=" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"),
            "HOME=\(folder)", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
            "GIT_AUTHOR_NAME=\(author)", "GIT_AUTHOR_EMAIL=\(Self.email)", "GIT_COMMITTER_NAME=\(author)",
            "GIT_COMMITTER_EMAIL=\(Self.email)", "GIT_AUTHOR_DATE=\(time) +0000", "GIT_COMMITTER_DATE=\(time) +0000",
            "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_EDITOR=true",
        ]
        let output = folder + "/output"
        let status = try Self.execute(
            ["git", "-C", place] + settings.flatMap { ["-c", $0] } + arguments, environment: environment,
            output: output,
            input: input)
        var text = String(decoding: try Self.read(output), as: UTF8.self)
        guard status == 0 else {
            throw Failure(description: "git \(arguments.joined(separator: " ")) ended with \(status): \(text)")
        }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    /// Runs a program to its end.
    /// - Returns: its exit status.
    @discardableResult
    package static func execute(
        _ arguments: [String], environment: [String], output: String?, input: String? = nil
    ) throws -> Int32 {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, arguments[0], &actions, nil, &words, &variables)
        guard code == 0 else { throw Failure(description: "\(arguments[0]): errno \(code)") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }
}
