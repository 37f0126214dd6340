// What SendGrid has said of keys, for all steps of one look at the checklist.

package import Secrets
package import SendGrid
package import World

/// An answer, and when it was asked for.
package struct AskedLiveness: Sendable, Equatable {
    package var liveness: Liveness
    /// When the request was sent: the answer is no older.
    package var at: Instant
}

/// Asks about each key once, for whoever wants to know it at about the same time: several steps look at the same keys.
/// An answer that something may have changed since is forgotten, and none lasts for long.
package actor LivenessMemo {
    /// Seconds for which an answer counts: shorter than any pause between two looks that wait for a change.
    static let memory = 10.0

    private struct Entry {
        let key: SharedSecret
        let at: Instant
        let task: Task<Liveness, any Error>
    }

    private var entries: [Entry] = []
    private var round = 0

    package init() {}

    /// - Parameters:
    ///   - since: an answer that was asked for earlier does not count; nil for any.
    ///   - ask: asks SendGrid.
    /// - Throws: what `ask` throws, which is not remembered; `CancellationError`.
    func liveness(
        of key: SharedSecret, since: Instant?, now: Instant, _ ask: @escaping @Sendable () async throws -> Liveness
    ) async throws -> AskedLiveness {
        if let entry = entries.first(where: { $0.key.isSame(as: key) }) {
            if abs(now - entry.at) < Self.memory, since.map({ entry.at >= $0 }) ?? true {
                return AskedLiveness(liveness: try await Self.value(of: entry.task), at: entry.at)
            }
            entries.removeAll { $0.key.isSame(as: key) }
        }
        let entry = Entry(key: key, at: now, task: Task { try await ask() })
        entries.append(entry)
        let asked = round
        do { return AskedLiveness(liveness: try await Self.value(of: entry.task), at: now) } catch {
            if asked == round { entries.removeAll { $0.key.isSame(as: key) } }
            throw error
        }
    }

    /// Something was changed: what was said before counts no more.
    package func forget() {
        entries = []
        round += 1
    }

    private static func value(of task: Task<Liveness, any Error>) async throws -> Liveness {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

extension Workbench {
    /// Keys that are asked about at a time.
    private static let width = 4

    /// What SendGrid says of a key, which is asked with that key itself.
    /// - Parameter since: an answer that was asked for earlier does not count; nil for any.
    /// - Throws: what making the client throws; `CancellationError`.
    func liveness(of key: SharedSecret, since: Instant? = nil) async throws -> AskedLiveness {
        let client = try sendGrid(key)
        let now = world.now()
        guard let livenesses else { return AskedLiveness(liveness: try await client.liveness(), at: now) }
        return try await livenesses.liveness(of: key, since: since, now: now) { try await client.liveness() }
    }

    /// The same for several keys, a few at a time.
    /// - Parameter since: for the key of an index.
    /// - Returns: one for each key, in the same order.
    func liveness(
        of keys: [SharedSecret], since: @Sendable (Int) -> Instant? = { _ in nil }
    ) async throws -> [AskedLiveness] {
        try await withThrowingTaskGroup(of: (Int, AskedLiveness).self) { group in
            var next = 0
            func askNext() {
                guard next < keys.count else { return }
                let (index, key, time) = (next, keys[next], since(next))
                next += 1
                group.addTask { (index, try await self.liveness(of: key, since: time)) }
            }
            for _ in 0..<Self.width { askNext() }
            var answers: [Int: AskedLiveness] = [:]
            for try await (index, answer) in group {
                answers[index] = answer
                askNext()
            }
            return keys.indices.compactMap { answers[$0] }
        }
    }
}
