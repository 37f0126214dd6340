// Folders, files and repositories that tests make for themselves.

import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum Scratch {
    /// Of this process; removed when it ends.
    static let root: String = {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        let path = "\(base)/migrate-command-tests-\(getpid())"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.root) }
        return path
    }()

    static let isRoot = geteuid() == 0

    /// A new folder.
    static func folder(_ name: String) throws -> String {
        let path = "\(root)/\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    static func bytes(_ path: String) -> [UInt8] {
        // Devices have no end.
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    }

    static func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    static func copy(_ path: String, _ name: String) throws -> String {
        let target = try folder(name) + "/copy"
        try FileManager.default.copyItem(atPath: path, toPath: target)
        return target
    }

    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func permissions(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_mode & 0o777) : -1
    }

    static func setPermissions(_ permissions: mode_t, _ path: String) { chmod(path, permissions) }

    /// Every regular file below a folder.
    static func files(below folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.map { folder + "/" + $0 }.filter { path in
            var status = stat()
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }
}

enum Git {
    struct Failure: Error { var command, reason: String }

    @discardableResult
    static func run(_ arguments: [String], in folder: String) async throws -> String {
        let settings = [
            "user.name=Mara", "user.email=mara@fluxion.example", "init.defaultBranch=main", "commit.gpgSign=false",
            "gc.auto=0",
            "core.hooksPath=/dev/null",
        ]
        let words = ["git"] + settings.flatMap { ["-c", $0] } + arguments
        let environment = Program.environment.merging(["GIT_CONFIG_GLOBAL": "/dev/null"]) { $1 }
        let outcome = try await Running(words, in: folder, input: "/dev/null", output: nil, environment: environment)
            .end()
        guard outcome.status == 0 else {
            throw Failure(command: arguments.joined(separator: " "), reason: outcome.errorText)
        }
        return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A repository with one commit of these files.
    static func repository(_ files: [String: String], options: [String] = []) async throws -> String {
        let path = try Scratch.folder("repository")
        try await run(["init", "--quiet", "--template="] + options, in: path)
        try await commit(files, in: path)
        return path
    }

    static func commit(_ files: [String: String], in path: String) async throws {
        for (name, text) in files { try Scratch.write(text, to: "\(path)/\(name)") }
        try await run(["add", "--all"], in: path)
        try await run(["commit", "--quiet", "--message", "Change"], in: path)
    }

    /// Nothing to find, and nothing to mend.
    static func cleanRepository() async throws -> String {
        try await repository([
            "main.py": "print('hello')\n",
            ".gitignore": ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n",
        ])
    }
}

/// Keys that look real and are not, made when they are needed.
enum FakeKey {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    /// From a seed, so that a failure can be seen again.
    static func sendGrid(_ seed: UInt64 = 1) -> String {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        // 16 and 32 bytes in base64url: the last character holds few bits, and only some characters fit.
        func text(_ count: Int, last: String) -> String {
            var text = ""
            for _ in 0..<(count - 1) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                text.append(alphabet[Int(state >> 33) % 64])
            }
            return text + last
        }
        return ["SG", text(22, last: "Q"), text(43, last: "E")].joined(separator: ".")
    }
}
