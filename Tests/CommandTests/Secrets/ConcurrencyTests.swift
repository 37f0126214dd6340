// Several processes change one secret at once, die in the middle and start again: nothing is lost, nothing is torn.

import Foundation
import Synchronization
import TestServers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ConcurrencyTests {
    private static let keys = (1...12).map { "KEY_\($0)" }

    @Test(arguments: StoreKind.allCases)
    func `twelve processes that set twelve keys lose none`(kind: StoreKind) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare()
        let started = try Self.keys.map { key in
            try place.start(["secret", "set", place.secret, key, "--yes"], input: Array("value of \(key)".utf8))
        }
        for running in started {
            let outcome = try await running.end()
            #expect(outcome.status == 0, "\(outcome.errorText)")
        }
        try await expectAllKeys(place)
    }

    @Test(arguments: StoreKind.allCases)
    func `processes that are killed at random moments and started again lose no key and tear no secret`(
        kind: StoreKind
    ) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare([("BEFORE", "there")])
        let writers = Task {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, key) in Self.keys.enumerated() {
                    group.addTask { try await Self.setUntilDone(key, place, seed: UInt64(index + 1)) }
                }
                return try await group.reduce(0, +)
            }
        }
        let isOver = Flag()
        async let reading = Self.read("BEFORE", place, until: isOver)
        let kills = try await writers.value
        isOver.isRaised.store(true, ordering: .relaxed)
        #expect(try await reading > 0)
        // Else the delays are wrong, and the test shows nothing.
        #expect(kills >= 6)
        // What the killed have left behind is no plain text.
        for file in Scratch.files(below: place.root) {
            #expect(!String(decoding: Scratch.bytes(file), as: UTF8.self).contains("value of KEY"), "\(file)")
        }
        try await expectAllKeys(place)
        #expect(try await place.value("BEFORE") == "there")
    }

    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    /// Reads all the time, and must always find the value. Returns how often it did.
    private static func read(_ key: String, _ place: Workplace, until isOver: Flag) async throws -> Int {
        var reads = 0
        while !isOver.isRaised.load(ordering: .relaxed) {
            let outcome = try await place.migrate("secret", "get", place.secret, key, "--show")
            #expect(outcome.status == 0 && outcome.text == "there", "\(outcome.errorText)")
            reads += 1
            try await Task.sleep(nanoseconds: 50_000_000)
        }
        return reads
    }

    /// Kills the first runs after a while, and lets the last come to its end. Returns how many died.
    private static func setUntilDone(_ key: String, _ place: Workplace, seed: UInt64) async throws -> Int {
        var numbers = SeededNumbers(seed: seed)
        var kills = 0
        for _ in 0..<2 {
            let running = try place.start(
                ["secret", "set", place.secret, key, "--yes"], input: Array("value of \(key)".utf8))
            try await Task.sleep(nanoseconds: UInt64.random(in: 20_000_000...400_000_000, using: &numbers))
            kill(running.id, SIGKILL)
            if try await running.end().status == 128 + SIGKILL { kills += 1 }
        }
        // So many writers at once may use up the tries of one: it says so and changes nothing, and is run again.
        for _ in 0..<5 {
            let outcome = try await place.migrate(
                "secret", "set", place.secret, key, "--yes", input: "value of \(key)")
            if outcome.status == 0 { return kills }
            #expect(outcome.errorText.contains("others keep changing"), "\(outcome.errorText)")
        }
        Issue.record("\(key) was never written")
        return kills
    }

    private func expectAllKeys(_ place: Workplace) async throws {
        let outcome = try await place.migrate("export", "--format", "json", "--secret", place.secret)
        let values = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: String], "\(outcome.errorText)")
        for key in Self.keys { #expect(values[key] == "value of \(key)") }
    }

    @Test func `every version that killed writers left is a whole secret`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare([("BEFORE", "there")])
        double.setLatency(.milliseconds(40))
        var numbers = SeededNumbers(seed: 99)
        for index in 1...10 {
            let running = try place.start(
                ["secret", "set", place.secret, "KEY_\(index)", "--yes"], input: Array("value".utf8))
            try await Task.sleep(nanoseconds: UInt64.random(in: 40_000_000...350_000_000, using: &numbers))
            kill(running.id, SIGKILL)
            _ = try await running.end()
        }
        for version in double.versions(of: place.secret) {
            let text = try #require(version.string)
            #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
        }
        #expect(double.value(of: place.secret)?.contains("there") == true)
        await double.stop()
    }

    @Test(
        "an answer that is lost after the write was done does not make it twice",
        arguments: ["PutSecretValue", "UpdateSecretVersionStage"],
        ["closed", "reset", "half a body", "half its JSON"])
    func lostAnswer(operation: String, how: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare([("BEFORE", "there")])
        double.forgetRequests()
        double.inject(Self.faults[how] ?? .closeAfterHandling, on: operation)
        let outcome = try await place.migrate("secret", "set", place.secret, "KEY", input: "value")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(double.faultsLeft == 0)
        #expect(double.writes(of: "PutSecretValue").count == 1)
        let current = double.versionID(of: place.secret)
        #expect(double.writes(of: "UpdateSecretVersionStage").filter { $0.versionID == current }.count == 1)
        #expect(try await place.value("KEY") == "value")
        #expect(try await place.value("BEFORE") == "there")
        await double.stop()
    }

    private static let faults: [String: Fault] = [
        "closed": .closeAfterHandling, "reset": .resetAfterHandling, "half a body": .closeMidBody,
        "half its JSON": .halfJSON,
    ]

    @Test func `an answer that makes no sense is told, and the change is not live`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare([("BEFORE", "there")])
        let before = double.versionID(of: place.secret)
        double.inject(.html(), on: "PutSecretValue", times: 9)
        let outcome = try await place.migrate(
            ["secret", "set", place.secret, "KEY"], bytes: Array("value".utf8), changes: ["AWS_MAX_ATTEMPTS": "2"])
        #expect([2, 3].contains(outcome.status) && outcome.output.isEmpty)
        #expect(outcome.errorText.contains("PutSecretValue"), "\(outcome.errorText)")
        #expect(!outcome.errorText.contains("hotel"))
        #expect(double.versionID(of: place.secret) == before)
        await double.stop()
    }

    @Test(arguments: ["closed", "reset", "half a body", "half its JSON"])
    func `an answer that is lost after a creation does not fail it`(how: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        double.inject(Self.faults[how] ?? .closeAfterHandling, on: "CreateSecret")
        let outcome = try await place.migrate("secret", "create", place.secret)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(double.writes(of: "CreateSecret").count == 1)
        await double.stop()
    }
}
