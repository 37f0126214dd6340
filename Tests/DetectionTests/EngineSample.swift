// Shared by the tests of the engine: rules of their own, and random texts.

import Foundation

@testable import Detection

enum EngineSample {
    /// All built-in rules, compiled once for all tests.
    static let builtIn = Result { try CompiledRules() }

    static func matcher() throws -> Matcher { try Matcher(builtIn.get()) }

    static func matcher(_ rules: [Rule]) throws -> Matcher { try Matcher(CompiledRules(RuleSet(rules))) }

    /// A rule with nothing but what a search needs.
    static func rule(
        named id: String = "test", anchors: [Anchor] = ["KEY"], _ confirmation: Confirmation,
        minimumEntropy: Double = 0,
        check: (@Sendable (Span<UInt8>) -> Verdict)? = nil
    ) -> Rule {
        Rule(
            id: id, title: id, provider: "", severity: .low, anchors: anchors, confirmation: confirmation,
            minimumEntropy: minimumEntropy, check: check, revocation: "", references: [], examples: { [] },
            counterexamples: { [] })
    }
}

extension Matcher {
    func matches(in bytes: [UInt8]) throws -> [Match] { try bytes.withUnsafeBytes { try matches(in: $0) } }

    func matches(in text: String) throws -> [Match] { try matches(in: Array(text.utf8)) }

    /// The matches as `rule: value`, in order.
    func found(in text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try matches(in: bytes).map { match in
            "\(compiled.ruleSet.rules[match.rule].id): \(String(decoding: bytes[match.value], as: UTF8.self))"
        }
    }
}

/// SplitMix64, so that a failure can be run again.
struct EngineGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text that is full of anchors, keys, quotes and bytes that are no text.
    mutating func denseText(pieces count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes += piece() }
        return bytes
    }

    private mutating func piece() -> [UInt8] {
        let seed = UInt64.random(in: 0..<40, using: &self)
        switch Int.random(in: 0..<16, using: &self) {
        case 0: return Array(Fake.sendGrid(seed: seed).utf8)
        case 1: return Array(Fake.gitHub("ghp" + "_", seed: seed).utf8)
        case 2: return Array("password = \"\(Fake.alphanumeric(18, seed: seed))\"\n".utf8)
        case 3: return Array("smtp://user:\(Fake.alphanumeric(14, seed: seed))@mail.acme.io/ ".utf8)
        case 4: return Array(Fake.jsonWebToken(seed: seed).utf8)
        case 5: return Array("secret_token=".utf8)
        case 6: return Array("-----BEGIN ".utf8)
        case 7: return Array("://a:b@".utf8)
        case 8: return Array("SG.".utf8)
        case 9: return [[0], [0xFF, 0xFE], [0xC3], [0x1B]].randomElement(using: &self) ?? []
        case 10: return Array("\"".utf8)
        case 11: return Array("\n".utf8)
        case 12: return Array(" = ".utf8)
        case 13: return Array(Fake.pem("PRIVATE KEY", seed: seed).utf8)
        default: return (0..<Int.random(in: 1...30, using: &self)).map { _ in .random(in: 32...126, using: &self) }
        }
    }
}

/// A folder of a test's own.
final class EngineFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/migrate-engine-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        chmod(path, 0o700)
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
}
