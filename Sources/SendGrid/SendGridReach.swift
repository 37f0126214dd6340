// Which hosts cannot be reached.

import Synchronization
package import World

/// What the clients of one process have learnt of hosts that do not answer at all: where one of them has found no way,
/// the others do not look for it, each with its own patience.
package final class SendGridReach: Sendable {
    /// Seconds for which it counts: a network comes back.
    static let memory = 30.0

    private struct Loss {
        let reason: String
        let at: Instant
    }

    private let losses = Mutex<[String: Loss]>([:])

    package init() {}

    /// Why the host was not reached a moment ago; nil when nothing is known against it.
    /// - Parameter authority: host and port.
    func loss(of authority: String, now: Instant) -> String? {
        losses.withLock { losses in
            guard let loss = losses[authority] else { return nil }
            // A clock that was set back makes it no younger than new.
            guard abs(now - loss.at) < Self.memory else {
                losses[authority] = nil
                return nil
            }
            return loss.reason
        }
    }

    func lost(_ authority: String, reason: String, at now: Instant) {
        losses.withLock { $0[authority] = Loss(reason: reason, at: now) }
    }

    func reached(_ authority: String) { losses.withLock { $0[authority] = nil } }
}
