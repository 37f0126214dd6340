// What the tests of the state file share: a folder, a checklist, a clock that they set.

import Foundation
import Synchronization
import World

@testable import Checklist

/// A folder of a test's own, which goes when the test is over.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = "\(base)/migrate-state-\(UUID().uuidString.prefix(13))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var state: String { "\(path)/.migrate/state.json" }

    func write(_ text: String, to name: String = ".migrate/state.json") throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func text(_ name: String = ".migrate/state.json") -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    func names(in folder: String = ".migrate") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }

    func permissions(of name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.posixPermissions] as? Int
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let seconds: Mutex<Double>

    /// 2026-11-24T08:59:03Z
    init(_ seconds: Double = 1_795_510_743) { self.seconds = Mutex(seconds) }

    func advance(by seconds: Double) { self.seconds.withLock { $0 += seconds } }
    var now: Instant { Instant(seconds: seconds.withLock { $0 }) }

    var world: World {
        var world = World.real()
        world.now = { self.now }
        return world
    }
}

extension Checklist {
    static func sample(
        _ steps: [String] = ["revoke-key", "create-key", "store-values", "history"], id: String = "aws-secrets-manager",
        digest: String = "sha256:1"
    ) -> Checklist {
        Checklist(
            id: id, title: "Sample", about: "For tests.",
            steps: steps.map { Step(id: $0, kind: "gate", title: "The step \($0)") }, digest: digest)
    }
}

extension Journal {
    static func open(
        _ scratch: Scratch, _ checklist: Checklist = .sample(), order: Checklist.Order? = nil,
        by identity: String = "Ada <ada@example.com>", clock: TestClock = TestClock(), patience: Duration = .zero
    ) async throws -> Journal {
        try await open(
            root: scratch.path, checklist: checklist, order: order, identity: identity, tool: "1.2.3",
            world: clock.world, patience: patience)
    }

    func write(_ event: StepEvent, of step: String, _ summary: String? = nil, facts: Facts = Facts()) throws {
        try write(event, of: step, summary: summary, until: nil, facts: facts)
    }
}

extension StateFile {
    static func read(_ scratch: Scratch, _ checklist: Checklist = .sample()) throws -> StateSnapshot {
        try read(root: scratch.path, checklist: checklist)
    }
}

/// Numbers that look random and are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
