// `kill -9` at any instant, then the same command again: the same end, nothing done twice, nothing lost.

import Foundation
import TestServers
import Testing

/// Each step of the built-in checklist is killed right before and right after every call that makes something durable
/// (rename, link, fsync: the journal, the vault, the repository's files, git's index), and at every request to Secrets
/// Manager and SendGrid, before they have done anything and after they have. By default a sample of these points that is
/// the same in each run; all of them with MIGRATE_ALL_KILL_POINTS=1, which takes many minutes. MIGRATE_KILL_STEP=ID takes
/// all points of that step, and no others.
@Suite(.enabled(if: KillPoint.isAvailable)) struct KillTests {
    private static let takesAll = ProcessInfo.processInfo.environment["MIGRATE_ALL_KILL_POINTS"] == "1"
    /// Points of each step, by default.
    private static let sample = 1
    private static let onlyStep = ProcessInfo.processInfo.environment["MIGRATE_KILL_STEP"]

    private static func chosen<T>(_ points: [T], step: String) -> [T] {
        if let onlyStep { return onlyStep == step ? points : [] }
        guard !takesAll else { return points }
        var numbers = SeededNumbers(seed: step.utf8.reduce(4) { $0 &* 31 &+ UInt64($1) })
        return Array(points.shuffled(using: &numbers).prefix(sample))
    }

    @Test func `killed at a write, every step comes to the same end`() async throws {
        let walk = try await KillWalk(remote: false)
        let log = try Scratch.folder("kill-log") + "/calls"
        try await go(walk, "writes") { step, before in
            try? FileManager.default.removeItem(atPath: log)
            _ = try await walk.apply(step, changes: KillPoint.environment(log: log))
            let calls = KillPoint.calls(in: log)
            return Self.chosen(Array(0..<2 * calls.count), step: step).map { point in
                let call = calls[point / 2].replacingOccurrences(of: walk.place.place.root + "/", with: "")
                return Kill(name: "\(point.isMultiple(of: 2) ? "before" : "after") call \(point / 2), \(call)") {
                    try await walk.apply(step, changes: KillPoint.environment(point: point))
                }
            }
        }
    }

    @Test func `killed at a request, every step comes to the same end`() async throws {
        let walk = try await KillWalk(remote: true)
        let double = try #require(walk.double)
        let sendGrid = walk.place.sendGrid
        try await go(walk, "requests") { step, before in
            _ = try await walk.apply(step)
            let toSecrets = double.requests.map(\.operation)
            let toSendGrid = sendGrid.requests.map { $0.line.split(separator: "/").prefix(3).joined(separator: "/") }
            let victim = walk.victim
            var kills: [Kill] = []
            for handled in [false, true] {
                let when = handled ? "after" : "before"
                kills += toSecrets.enumerated().map { index, operation in
                    Kill(name: "\(when) request \(index + 1), \(operation)") {
                        double.inject(.closing(handled: handled) { victim.kill() }, onRequest: index + 1)
                        return try await walk.apply(step)
                    }
                }
                kills += toSendGrid.enumerated().map { index, line in
                    Kill(name: "\(when) request \(index + 1), \(line)") {
                        sendGrid.fail(request: index + 1, .closing(handled: handled) { victim.kill() })
                        return try await walk.apply(step)
                    }
                }
            }
            return Self.chosen(kills, step: step)
        }
        await double.stop()
    }

    // MARK: The walk

    private struct Kill {
        /// Where, for people.
        var name: String
        /// Runs the step, which does not survive it.
        var run: () async throws -> Outcome
    }

    /// - Parameter kills: the kills of a step; called at the moment before it, to which the walk returns afterwards.
    private func go(
        _ walk: KillWalk, _ name: String, _ kills: (_ step: String, _ before: KillWalk.Moment) async throws -> [Kill]
    ) async throws {
        let start = ContinuousClock.now
        var done: [String] = []
        var points = 0
        var killed = 0
        var failures = 0
        for step in try await walk.steps() {
            let before = try await walk.moment()
            done.append(step)
            _ = try await walk.apply(step)
            let expected = try await walk.endState()
            #expect(expected.open.isEmpty && expected.leftovers.isEmpty && expected.locks.isEmpty, "\(step)")
            try await walk.restore(before)
            for kill in try await kills(step, before) {
                points += 1
                try await walk.restore(before)
                let first = try await kill.run()
                if first.status == 128 + SIGKILL { killed += 1 }
                walk.victim.becomes(nil)
                let second = try await walk.apply(step)
                let end = try await walk.endState()
                var wrong = end.differences(from: expected)
                if first.isCrash || second.isCrash { wrong.append("a crash") }
                if !walk.place.traces(in: first).isEmpty || !walk.place.traces(in: second).isEmpty {
                    wrong.append("a secret value in the output")
                }
                wrong += walk.traces()
                if !wrong.isEmpty {
                    failures += 1
                    Issue.record(
                        """
                        \(step), killed \(kill.name) (\(first.status), then \(second.status)):
                        \(wrong.joined(separator: "\n"))
                        \(second.errorText)
                        """)
                }
            }
            // On from the end of a run that nobody killed.
            try await walk.restore(before)
            _ = try await walk.apply(step)
            try await walk.commitStaged()
            try? FileManager.default.removeItem(atPath: before.folder)
        }
        #expect(Set(done).count == 18, "\(done)")
        #expect(Set(try await walk.place.standings().values) == ["done"])
        // A point that is behind the end of its run, as one wait less was needed, is no failure; many would be.
        #expect(killed * 10 >= points * 9, "\(killed) of \(points)")
        print(
            "Kills at \(name): \(points) points, \(killed) kills, \(failures) failures, \(ContinuousClock.now - start)")
    }
}
