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
        // Where the other host is not reached, or does not know it either, the first has the last word.
        let second = try await liveness(at: elsewhere)
        return second.isLive == true ? .elsewhere(host: elsewhere.authority) : first
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
