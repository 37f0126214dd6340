// What the tests of the staged check share.

import Detection
import Git
import Scanning
import Settings
import TestRepositories
import Testing

@testable import Gate

enum Patterns {
    /// Compiled once for all tests.
    static let compiled = Result { try CompiledRules() }
}

/// Values that no provider ever issued, made at run time.
enum Made {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    static func text(_ count: Int, _ seed: UInt64) -> String {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var bytes: [UInt8] = []
        for _ in 0..<count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.append(alphabet[Int(state >> 33) % alphabet.count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func key(_ seed: UInt64 = 1) -> String {
        ["SG", text(21, seed) + "Q", text(42, seed &+ 77) + "E"].joined(separator: ".")
    }

    static func line(_ seed: UInt64 = 1) -> String { "key = \"\(key(seed))\"\n" }
}

extension TemporaryRepository {
    /// What the gate says of the next commit, as `git commit` would make it.
    func check(
        known: KnownValues = .none, settings: Configuration = Configuration(), environment: [String: String] = [:],
        isMerge: Bool = false, accepting accepted: Set<String> = [], largest: Int? = nil
    ) throws -> GateReport {
        var surroundings = HookSurroundings(environment: environment, folder: path)
        surroundings.isMerge = isMerge
        let repository = try Repository.open(for: surroundings)
        var check = StagedCheck(
            settings: settings, known: known, isAccepted: { accepted.contains("\($0)") },
            compiled: { try Patterns.compiled.get() })
        if let largest { check.largestBlob = largest }
        return try check.run(repository, surroundings)
    }
}

extension GateReport {
    /// `credential app.py:2`
    var lines: [String] { problems.map { "\($0.kind.rawValue) \($0.path)" + ($0.line > 0 ? ":\($0.line)" : "") } }
}
