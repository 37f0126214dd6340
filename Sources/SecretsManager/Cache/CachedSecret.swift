// One secret in the cache, and until when it is good for what.

import Synchronization

final class CachedSecret: Sendable {
    let bundle: SecretBundle
    /// The read that brought it; later reads have higher ones.
    let serial: UInt64
    /// All in nanoseconds of the cache's clock.
    let loadedAt: UInt64
    /// From then on a reader has it read anew behind its back.
    let refreshAt: UInt64
    /// From then on it is stale.
    let expiresAt: UInt64
    /// From then on it is gone.
    let goneAt: UInt64
    /// Until then it is given out, fresh or stale, without a thought: it is being read anew, or that failed just now.
    private let quietUntil = Atomic<UInt64>(0)

    init(_ bundle: SecretBundle, serial: UInt64, loadedAt: UInt64, lifetimes: Lifetimes) {
        self.bundle = bundle
        self.serial = serial
        self.loadedAt = loadedAt
        expiresAt = loadedAt.addingWithoutOverflow(lifetimes.timeToLive)
        refreshAt = expiresAt - lifetimes.refreshAhead
        goneAt = expiresAt.addingWithoutOverflow(lifetimes.staleFor)
    }

    /// What a reader does with it.
    enum Use {
        case fresh
        case stale(age: Duration)
        /// The reader has to look further: start a read, or wait for one.
        case ask
    }

    func use(at now: UInt64) -> Use {
        if now < refreshAt { return .fresh }
        guard now < goneAt, now < quietUntil.load(ordering: .relaxed) else { return .ask }
        return now < expiresAt ? .fresh : .stale(age: age(at: now))
    }

    func isFresh(at now: UInt64) -> Bool { now < expiresAt }
    func isUsable(at now: UInt64) -> Bool { now < goneAt }
    func age(at now: UInt64) -> Duration { Duration(nanoseconds: now > loadedAt ? now - loadedAt : 0) }
    func beQuiet(until time: UInt64) { quietUntil.store(time, ordering: .relaxed) }
}

extension UInt64 {
    func addingWithoutOverflow(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
