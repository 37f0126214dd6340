// Whether a key still opens anything.

/// What SendGrid says of a key when the key itself asks.
package enum Liveness: Sendable, Equatable {
    /// 200, and what it may do.
    case live(scopes: [String])
    /// 403: it is known, and may not even ask what it may do.
    case scoped
    /// 401, wherever it was asked.
    case dead
    /// 401 where it was asked first, and known at another host: the settings name the wrong region.
    case elsewhere(host: String)
    /// No answer that tells.
    case unknown(reason: String)

    /// Whether it opens anything; nil when that is not known.
    package var isLive: Bool? {
        switch self {
        case .live, .scoped, .elsewhere: true
        case .dead: false
        case .unknown: nil
        }
    }

    /// The status that says so.
    package var status: Int? {
        switch self {
        case .live, .elsewhere: 200
        case .scoped: 403
        case .dead: 401
        case .unknown: nil
        }
    }
}

extension SendGridClient {
    /// Asks, with the key itself, for its scopes: the cheapest call that every key may make, and that changes nothing.
    /// - Throws: `CancellationError`.
    package func liveness() async throws -> Liveness {
        let first = try await liveness(at: endpoint)
        guard first == .dead, let elsewhere else { return first }
        switch try await liveness(at: elsewhere) {
        case .live, .scoped, .elsewhere: return .elsewhere(host: elsewhere.authority)
        case .dead: return first
        case .unknown(let reason):
            // Each host refuses the keys of the other's accounts: alone, it proves a death only where the account is
            // known to be at home there.
            return isRegionCertain ? first : .unknown(reason: reason)
        }
    }

    private func liveness(at place: SendGridEndpoint) async throws -> Liveness {
        do {
            return .live(scopes: try await scopes(at: place))
        } catch let error as SendGridError {
            switch error.kind {
            case .unauthorized: return .dead
            case .forbidden: return .scoped
            default:
                let status = error.status.map { "HTTP \($0)" }
                let words = [status, error.message.isEmpty ? nil : error.message].compactMap(\.self)
                return .unknown(reason: "\(place.authority): " + words.joined(separator: ", "))
            }
        }
    }
}
