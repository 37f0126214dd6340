// Whether and when a call is tried again: a pure table, and the budget that copies of a client share.

/// Retries as the SDKs' standard mode has them.
struct RetryPolicy: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case giveUp
        /// Seconds.
        case waitAndRepeat(Double)
        /// With credentials that are fetched anew.
        case refreshCredentials
        /// With the time as the service has it.
        case correctClock
    }

    /// One attempt that failed.
    struct Failure: Sendable, Equatable {
        var kind: AWSError.Kind
        /// Whether the same may well succeed a moment later.
        var isTransient: Bool
        /// Whether the service may have done what was asked.
        var mayHaveBeenApplied: Bool
        /// Seconds that the service asks for.
        var retryAfter: Double?
    }

    /// Requests in all for one call.
    var maxAttempts: Int

    /// Legacy and adaptive mode are taken for standard: the former differs in the number of attempts, which is among
    /// the settings, and the latter's rate control by the client has no use at a few calls a run.
    init(_ settings: AWSSettings) { maxAttempts = max(1, settings.maxAttempts) }

    /// - Parameters:
    ///   - attempt: the one that failed, from 1.
    ///   - jitter: from 0 up to 1.
    func step(
        after failure: Failure, attempt: Int, isIdempotent: Bool, hasRefreshed: Bool, hasCorrected: Bool,
        jitter: Double
    ) -> Step {
        guard attempt < maxAttempts else { return .giveUp }
        switch failure.kind {
        case .expiredCredentials: return hasRefreshed ? .giveUp : .refreshCredentials
        case .clockSkew: return hasCorrected ? .giveUp : .correctClock
        default: break
        }
        guard failure.isTransient, isIdempotent || !failure.mayHaveBeenApplied else { return .giveUp }
        // The SDKs' figures: short waits after faults, long ones when asked to slow down, none above 20 s.
        let base = failure.kind == .throttled ? 1.0 : 0.05
        let wait = jitter * min(base * Double(1 << min(attempt - 1, 20)), 20)
        guard let asked = failure.retryAfter else { return .waitAndRepeat(wait) }
        return .waitAndRepeat(min(max(asked, wait), wait + 5))
    }
}

/// A bucket of tokens: retries take out, successes put back. When a service fails for good, it runs dry and calls fail
/// at once. The SDKs' figures.
struct RetryBudget: Sendable, Equatable {
    static let capacity = 500
    private(set) var tokens = capacity

    static func cost(of failure: RetryPolicy.Failure) -> Int { failure.kind == .unreachable ? 10 : 5 }

    /// Whether there was enough for one more try.
    mutating func take(_ cost: Int) -> Bool {
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// After a success: what its last retry took, or one when there was none.
    mutating func putBack(_ cost: Int?) { tokens = min(tokens + (cost ?? 1), Self.capacity) }
}
