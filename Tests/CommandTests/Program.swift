// Runs the built binary as a shell would, and keeps what it wrote, how it ended and how much memory it took.

import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One run of `migrate` that is over.
struct Outcome {
    /// The exit code; 128 plus the signal's number when a signal ended it.
    var status: Int32
    var output: [UInt8]
    var errors: [UInt8]
    /// The peak of resident memory, in bytes.
    var peakMemory: Int

    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
    var errorLines: [Substring] { errorText.split(separator: "\n") }

    /// The report, when it is JSON.
    func report() throws -> Report { try JSONDecoder().decode(Report.self, from: Data(output)) }

    /// What no run may say, however it went.
    var isCrash: Bool {
        [132, 133, 134, 135, 136, 139].contains(status)
            || ["Fatal error", "Backtrace", "Thread 0"].contains { errorText.contains($0) }
    }
}

enum Program {
    /// From MIGRATE_TEST_PROGRAM, or beside the test bundle.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["MIGRATE_TEST_PROGRAM"] { return path }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        #if os(macOS)
            if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
                folder = bundle.bundleURL.deletingLastPathComponent()
            }
        #endif
        return folder.appendingPathComponent("migrate").path
    }()

    /// A home of its own for all tests: nothing of the person who runs them is read or written.
    static let home: String = {
        let home = Scratch.root + "/home"
        try? FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        return home
    }()

    static let environment: [String: String] = [
        "HOME": home, "XDG_CACHE_HOME": home + "/cache",
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "TZ": "UTC",
    ].merging(ProcessInfo.processInfo.environment.filter { $0.key == "LD_LIBRARY_PATH" }) { own, _ in own }

    /// Runs `migrate` with these arguments to its end.
    ///
    /// - Parameters:
    ///   - input: a file for standard input.
    ///   - output: a file or device in the place of standard output, which then is not kept.
    ///   - changes: to the environment; nil removes a variable.
    ///   - wrapper: words in front of the command, such as `unshare -n`.
    static func run(
        _ arguments: [String], in folder: String = Scratch.root, input: String = "/dev/null", output: String? = nil,
        changes: [String: String?] = [:], wrapper: [String] = []
    ) async throws -> Outcome {
        try await warmed.value
        return try await Running(
            wrapper + [path] + arguments, in: folder, input: input, output: output, environment: changed(changes)
        ).end()
    }

    /// Patterns are compiled once for all tests, not by as many runs as start together.
    private static let warmed = Task {
        _ = try await Running(
            [path, "scan", "--stdin"], in: Scratch.root, input: "/dev/null", output: nil, environment: environment
        ).end()
    }

    static func changed(_ changes: [String: String?]) -> [String: String] {
        var environment = environment
        for (name, value) in changes { environment[name] = value }
        return environment
    }

    /// Runs a shell's command line in which "$MIGRATE" is the binary.
    static func shell(
        _ script: String, in folder: String = Scratch.root, changes: [String: String?] = [:], wrapper: [String] = []
    ) async throws -> Outcome {
        var environment = changed(changes)
        environment["MIGRATE"] = path
        return try await Running(
            wrapper + ["/bin/sh", "-c", script], in: folder, input: "/dev/null", output: nil, environment: environment
        ).end()
    }
}

/// A process that may still be going.
struct Running {
    let id: pid_t
    private let outputPath: String
    private let errorPath: String
    /// How long anything may take before it counts as hanging.
    private static let limit = 300.0

    init(_ words: [String], in folder: String, input: String, output: String?, environment: [String: String]) throws {
        let stem = try Scratch.folder("run")
        outputPath = output ?? stem + "/output"
        errorPath = stem + "/errors"
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | (output == nil ? O_CREAT : 0), 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT, 0o600)
        // Not every C library's header offers a change of folder between fork and exec; the shell does, and `exec` keeps
        // the process id.
        let words = ["/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder] + words
        var pointers = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (pointers + variables).forEach { free($0) } }
        var id = pid_t()
        let code = posix_spawnp(&id, words[0], &actions, nil, &pointers, &variables)
        guard code == 0 else {
            throw Unstartable(command: words.joined(separator: " "), reason: String(cString: strerror(code)))
        }
        self.id = id
    }

    struct Unstartable: Error { var command, reason: String }

    /// The most memory that a process has held resident, in bytes; nil where the system does not say.
    private static func highWaterMark(of id: pid_t) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// Waits; what takes too long is killed, and ends with 137.
    func end() async throws -> Outcome {
        let start = Date()
        var status: Int32 = 0
        var usage = rusage()
        var peak = 0
        while true {
            let ended = wait4(id, &status, WNOHANG, &usage)
            if ended == id { break }
            if Date().timeIntervalSince(start) > Self.limit { kill(id, SIGKILL) }
            // Asked while it runs: what `wait4` tells at the end counts the memory of this process too, from before
            // the program took its place. The last answer is the highest.
            if let now = Self.highWaterMark(of: id) { peak = now }
            try await Task.sleep(nanoseconds: 4_000_000)
        }
        #if canImport(Darwin)
            peak = Int(usage.ru_maxrss)
        #endif
        let signal = status & 0x7F
        return Outcome(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: Scratch.bytes(outputPath),
            errors: Scratch.bytes(errorPath), peakMemory: peak)
    }
}
