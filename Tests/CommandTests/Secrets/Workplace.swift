// Somebody who works with secrets: a home, a folder and a temporary folder of their own, and one store.

import Foundation
import TestServers
import Testing

/// The stores that every command works on alike.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case vault, double, moto

    var testDescription: String {
        switch self {
        case .vault: "the local vault"
        case .double: "the double of Secrets Manager"
        case .moto: "moto"
        }
    }
}

/// All that a run of `migrate` can see, read and leave behind.
struct Workplace {
    /// Everything below was made by `migrate` or by the test through `write`.
    let root: String
    /// What is typed on standard input waits here, outside of `root`.
    private let hand: String
    /// `--store local`, or the endpoint.
    var storeArguments: [String]
    /// Changes to `Program.environment`; nil removes a variable.
    var changes: [String: String?]
    /// A secret's name that no other test uses.
    let secret: String

    /// Where commands are run; another folder below `root` is another person's.
    var folderName = "work"
    var folder: String { root + "/" + folderName }
    var home: String { root + "/home" }
    var temporary: String { root + "/tmp" }
    var vault: String { home + "/.local/share/migrate/vault" }
    var keyFile: String { home + "/.config/migrate/vault.key" }

    private init(arguments: [String], changes: [String: String?]) throws {
        root = try Scratch.folder("workplace")
        hand = try Scratch.folder("hand")
        secret = "shop/story_" + UUID().uuidString.prefix(8).lowercased()
        storeArguments = arguments
        self.changes = [
            "HOME": root + "/home", "XDG_CACHE_HOME": root + "/home/cache", "TMPDIR": root + "/tmp",
            "AWS_EC2_METADATA_DISABLED": "true",
        ].merging(changes) { $1 }
        for folder in [folder, home, temporary] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    /// No store chosen, no credentials: what a new machine has.
    static func bare() throws -> Workplace { try Workplace(arguments: [], changes: [:]) }

    static func local() throws -> Workplace { try Workplace(arguments: ["--store", "local"], changes: [:]) }

    static func aws(
        _ url: String, keyID: String, key: String, region: String = "eu-central-1"
    ) throws -> Workplace {
        try Workplace(
            arguments: ["--endpoint-url", url],
            changes: ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": key, "AWS_REGION": region])
    }

    static func on(_ double: SecretsManagerDouble) throws -> Workplace {
        try aws(double.url, keyID: double.accessKeyID, key: double.secretAccessKey, region: double.region)
    }

    /// A workplace on a store of this kind; the double is its own.
    static func on(_ kind: StoreKind) async throws -> Workplace {
        switch kind {
        case .vault: return try local()
        case .double: return try on(try await SecretsManagerDouble.startKept())
        case .moto:
            let moto = try await Moto.shared()
            return try aws(moto.url, keyID: moto.accessKeyID, key: moto.secretAccessKey, region: moto.region)
        }
    }

    /// Runs `migrate` with the store's options to its end.
    func migrate(_ words: String..., input: String? = nil, changes: [String: String?] = [:]) async throws -> Outcome {
        try await migrate(words, bytes: input.map { Array($0.utf8) }, changes: changes)
    }

    /// The same with the words as a list, and bytes that may be no text.
    func migrate(_ words: [String], bytes: [UInt8]? = nil, changes: [String: String?] = [:]) async throws -> Outcome {
        try await Gate.shared.pass { try await start(words, input: bytes, changes: changes).end() }
    }

    func start(_ words: [String], input: [UInt8]? = nil, changes: [String: String?] = [:]) throws -> Running {
        var source = "/dev/null"
        if let input {
            source = hand + "/" + UUID().uuidString
            try Scratch.write(input, to: source)
        }
        return try Running(
            [Program.path] + withStore(words), in: folder, input: source, output: nil,
            environment: environment(changes))
    }

    /// The same in a session of its own, which has no terminal to ask at, whoever runs the tests.
    func withoutTerminal(_ words: [String]) async throws -> Outcome {
        let apart = "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])"
        return try await Gate.shared.pass {
            try await Running(
                ["python3", "-c", apart, Program.path] + withStore(words), in: folder, input: "/dev/null", output: nil,
                environment: environment()
            ).end()
        }
    }

    /// A shell's command line in which "$MIGRATE" is the binary and $STORE the store's options.
    func shell(_ script: String, changes: [String: String?] = [:]) async throws -> Outcome {
        var environment = environment(changes)
        environment["MIGRATE"] = Program.path
        environment["STORE"] = storeArguments.joined(separator: " ")
        // The servers in this process have broken pipes ignored, and a shell cannot take that back for its children.
        let plain =
            "import os, signal, sys; signal.signal(signal.SIGPIPE, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
        return try await Gate.shared.pass {
            try await Running(
                ["python3", "-c", plain, "/bin/sh", "-c", script], in: folder, input: "/dev/null", output: nil,
                environment: environment
            ).end()
        }
    }

    func environment(_ more: [String: String?] = [:]) -> [String: String] {
        var environment = Program.environment
        for (name, value) in changes.merging(more, uniquingKeysWith: { $1 }) { environment[name] = value }
        return environment
    }

    /// The store's options come before the command that `run` runs.
    func withStore(_ words: [String]) -> [String] {
        let end = words.firstIndex(of: "--") ?? words.endIndex
        return words[..<end] + storeArguments + words[end...]
    }

    func write(_ text: String, to name: String) throws { try Scratch.write(text, to: folder + "/" + name) }

    /// Creates the secret and sets keys, which must work.
    func prepare(_ values: [(key: String, value: String)] = []) async throws {
        try expectDone(await migrate("secret", "create", secret))
        for (key, value) in values {
            try expectDone(await migrate("secret", "set", secret, key, "--yes", "--allow-empty", input: value))
        }
    }

    /// The versions' ids with their stages, newest first. (Not their times: moto makes those up anew each time.)
    func versions() async throws -> [String] {
        let outcome = try await migrate("secret", "history", secret, "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        let versions = try #require(report?["versions"] as? [[String: Any]])
        return versions.map { version in
            let stages = version["stages"] as? [String] ?? []
            return ([version["version"] as? String ?? ""] + stages).joined(separator: " ")
        }
    }

    /// What the store holds under this key now; nil when it cannot be had.
    func value(_ key: String) async throws -> String? {
        let outcome = try await migrate("secret", "get", secret, key, "--show")
        return outcome.status == 0 ? outcome.text : nil
    }
}

/// Lets a few processes run at a time. All tests start at once, and a machine with hundreds of processes is slow for
/// each of them.
actor Gate {
    static let shared = Gate()
    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated func pass<T: Sendable>(_ work: () async throws -> T) async rethrows -> T {
        await enter()
        do {
            let result = try await work()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// A command that must have worked, for the test to make sense.
func expectDone(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try #require(outcome.status == 0, "\(outcome.errorText)", sourceLocation: sourceLocation)
}

/// One clear line of what is wrong, at most one of what to do, no crash and nothing on standard output.
func expectOneLine(
    _ outcome: Outcome, status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    let lines = outcome.errorLines.filter {
        !$0.hasPrefix("migrate: warning: ") && !$0.hasPrefix("migrate: note: ")
    }
    #expect(outcome.status == status, "\(outcome.errorText)", sourceLocation: sourceLocation)
    #expect(!outcome.isCrash, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(lines.first?.hasPrefix("migrate: ") == true, "\(outcome.errorText)", sourceLocation: sourceLocation)
    #expect(
        lines.dropFirst().allSatisfy { $0.hasPrefix("hint: ") }, "\(outcome.errorText)", sourceLocation: sourceLocation)
    #expect(lines.count <= 2, "\(outcome.errorText)", sourceLocation: sourceLocation)
    for word in words {
        #expect(outcome.errorText.contains(word), "\(outcome.errorText)", sourceLocation: sourceLocation)
    }
}

extension SecretsManagerDouble {
    /// Doubles whose tests know only their URL: they live as long as the test process.
    private static let kept = Kept()

    private actor Kept {
        var doubles: [SecretsManagerDouble] = []
        func keep(_ double: SecretsManagerDouble) { doubles.append(double) }
    }

    static func startKept() async throws -> SecretsManagerDouble {
        let double = try await start()
        await kept.keep(double)
        return double
    }
}

/// Numbers that are the same in each run of the tests.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
