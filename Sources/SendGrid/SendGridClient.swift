// Speaks to SendGrid with one key.

package import HTTP
import JSON
package import Secrets
package import World

/// SendGrid's API of keys, as one key sees it. A request that may be sent twice is, when no answer comes, with waits in
/// between; making a key is not.
package struct SendGridClient: Sendable {
    /// Requests in all for one call.
    static let maxAttempts = 4
    /// Seconds that are waited at SendGrid's word; beyond, the call fails and says when to come back.
    static let longestWait = 60.0
    /// Seconds before the one more try where there was no way to the host.
    static let quickWait = 0.2

    let key: SharedSecret
    let endpoint: SendGridEndpoint
    /// Where else the key may be at home; nil when nowhere.
    let elsewhere: SendGridEndpoint?
    let transport: any Transport
    let world: World
    let timeout: Duration
    /// What other clients know of the way; nil for what each finds out by itself.
    package var reach: SendGridReach?
    /// Whether somebody has said that the account is at home at the endpoint: its word is then enough where the other
    /// region does not answer.
    package var isRegionCertain = false

    /// - Parameters:
    ///   - elsewhere: asked too before a key counts as dead, since a host calls the keys of another's accounts unknown.
    ///   - timeout: for one exchange.
    package init(
        key: SharedSecret, endpoint: SendGridEndpoint, elsewhere: SendGridEndpoint? = nil, transport: any Transport,
        world: World, timeout: Duration = .seconds(20)
    ) {
        self.key = key
        self.endpoint = endpoint
        self.elsewhere = elsewhere
        self.transport = transport
        self.world = world
        self.timeout = timeout
    }

    /// At the region's host, or where `SendGridEndpoint.variable` says.
    /// - Throws: `SendGridEndpoint.Failure`.
    package init(
        key: SharedSecret, region: SendGridRegion, transport: any Transport, world: World,
        timeout: Duration = .seconds(20)
    ) throws(SendGridEndpoint.Failure) {
        let endpoint = try SendGridEndpoint.resolve(region, in: world)
        let isOwn = endpoint == SendGridEndpoint(region)
        self.init(
            key: key, endpoint: endpoint, elsewhere: isOwn ? SendGridEndpoint(region.other) : nil,
            transport: transport, world: world, timeout: timeout)
    }

    /// Host and port, for people.
    package var place: String { endpoint.authority }

    /// The public id of the key that it speaks with; nil when the key has none.
    package var publicID: String? { SendGridKey.publicID(of: key) }

    struct Call {
        var operation: SendGridError.Operation
        var method = HTTPRequest.Method.get
        var path: String
        var body: SharedSecret?
        /// The key that it is about.
        var keyID: String?

        /// Whether the second time changes nothing that the first has not.
        var isIdempotent: Bool { method != .post }
    }

    /// The last answer, which may be an error.
    struct Exchange {
        let call: Call
        let response: HTTPResponse
        let attempts: Int
        let endpoint: SendGridEndpoint
    }

    /// Sends until there is an answer that a repetition would not change.
    /// - Throws: `SendGridError`: `unusableKey`, `throttled`, `serverFault`, `unreachable`, `lostAnswer`;
    ///   `CancellationError`.
    func exchange(_ call: Call, at place: SendGridEndpoint? = nil) async throws -> Exchange {
        let endpoint = place ?? endpoint
        guard key.isPrintable, !key.isEmpty else {
            throw SendGridError(
                kind: .unusableKey, operation: call.operation, message: "it holds characters that no key has",
                keyID: call.keyID, attempts: 0, endpoint: endpoint.authority)
        }
        if let reason = reach?.loss(of: endpoint.authority, now: world.now()) {
            throw SendGridError(
                kind: .unreachable, operation: call.operation, message: reason, keyID: call.keyID, attempts: 0,
                endpoint: endpoint.authority)
        }
        let request = request(call, to: endpoint)
        var attempts = 0
        while true {
            attempts += 1
            var failure = SendGridError(
                kind: .unreachable, operation: call.operation, message: "", keyID: call.keyID, attempts: attempts,
                endpoint: endpoint.authority)
            // Spread over half of it, so that two runs that were refused together part ways.
            var wait = min(0.5 * Double(1 << (attempts - 1)), 8) * (0.5 + world.jitter() / 2)
            do {
                let response = try await transport.send(request, timeout: timeout)
                reach?.reached(endpoint.authority)
                let exchange = Exchange(call: call, response: response, attempts: attempts, endpoint: endpoint)
                switch response.status {
                case 429:
                    failure.kind = .throttled
                    if let asked = Self.wait(response, now: world.now()) {
                        failure.retryAfter = Int(min(asked, 1e6).rounded(.up))
                        wait = max(asked, wait)
                    }
                case 500, 502, 503, 504: failure.kind = call.isIdempotent ? .serverFault : .lostAnswer
                default: return exchange
                }
                failure.status = response.status
                failure.message = message(of: exchange)
            } catch let lost as TransportError {
                failure.message = OneLine.of(lost.reason)
                guard call.isIdempotent || !lost.mayHaveArrived else {
                    failure.kind = .lostAnswer
                    throw failure
                }
                guard lost.isTransient else { throw failure }
                if let attemptsThere = Self.attempts(without: lost) {
                    guard attempts < attemptsThere,
                        reach?.loss(of: endpoint.authority, now: world.now()) == nil
                    else {
                        reach?.lost(endpoint.authority, reason: failure.message, at: world.now())
                        throw failure
                    }
                    wait = min(wait, Self.quickWait)
                }
            }
            guard failure.kind != .lostAnswer, attempts < Self.maxAttempts, wait <= Self.longestWait else {
                throw failure
            }
            try await world.sleep(.milliseconds(Int64(wait * 1_000)))
        }
    }

    /// Requests in all where there is no way to the host at all, which seldom changes within seconds; nil where there
    /// may be one.
    private static func attempts(without lost: TransportError) -> Int? {
        guard !lost.mayHaveArrived else { return nil }
        switch lost.kind {
        case .unknownHost, .refused, .proxy: return 2
        // That has taken its time already.
        case .timeout: return 1
        case .closed, .tls, .malformed: return nil
        }
    }

    private func request(_ call: Call, to endpoint: SendGridEndpoint) -> HTTPRequest {
        var headers = [
            (name: "Authorization", value: "Bearer " + key.unprotectedText),
            (name: "Accept", value: "application/json"),
            (name: "User-Agent", value: "migrate"),
        ]
        if call.body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        return HTTPRequest(
            method: call.method, scheme: endpoint.url.scheme, host: endpoint.url.host, port: endpoint.url.port,
            path: endpoint.url.prefix + call.path, headers: headers, body: call.body)
    }

    /// Seconds that an answer asks to wait; nil when it does not.
    private static func wait(_ response: HTTPResponse, now: Instant) -> Double? {
        if let seconds = response.header("Retry-After").flatMap({ Double($0) }), seconds.isFinite {
            return max(seconds, 0)
        }
        guard let reset = response.header("X-RateLimit-Reset").flatMap({ Double($0) }), reset.isFinite else {
            return nil
        }
        // A point in time, by the clock of whoever says it.
        let theirs = response.header("Date").flatMap { Instant(httpDate: $0) } ?? now
        return max(reset - theirs.seconds, 0)
    }
}

extension SendGridClient {
    /// What the answer says of itself.
    func message(of exchange: Exchange) -> String {
        guard let errors = (try? Self.json(exchange.response))?["errors"]?.elements else { return "" }
        let words = errors.prefix(3).compactMap { error -> String? in
            guard let message = error["message"]?.string, !message.isEmpty else { return nil }
            return error["field"]?.string.map { $0.isEmpty || $0 == "null" ? message : "\($0): \(message)" } ?? message
        }
        let line = OneLine.of(words.joined(separator: "; "))
        return key.isRepeated(in: line) ? "" : line
    }

    /// - Throws: `JSONError`.
    static func json(_ response: HTTPResponse) throws -> JSONValue {
        try JSONDocument(parsing: response.body.withBytes { SecretValue(copying: $0) }).root
    }

    /// An answer that is no success, as an error.
    func failure(_ exchange: Exchange) -> SendGridError {
        let message = message(of: exchange)
        let kind: SendGridError.Kind =
            switch exchange.response.status {
            case 401: .unauthorized
            case 403 where exchange.call.operation == .createKey && message.contains("100"): .keyLimit
            case 403: .forbidden
            case 404: .notFound
            case 400, 405..<500: .invalidInput
            case 500...: .serverFault
            default: .unexpectedAnswer
            }
        return SendGridError(
            kind: kind, operation: exchange.call.operation, status: exchange.response.status, message: message,
            keyID: exchange.call.keyID, attempts: exchange.attempts, endpoint: exchange.endpoint.authority)
    }

    func unexpected(_ exchange: Exchange, _ reason: String) -> SendGridError {
        SendGridError(
            kind: .unexpectedAnswer, operation: exchange.call.operation, status: exchange.response.status,
            message: reason, keyID: exchange.call.keyID, attempts: exchange.attempts,
            endpoint: exchange.endpoint.authority)
    }
}
