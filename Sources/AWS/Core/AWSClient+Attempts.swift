// One call: as many attempts as the policy grants.

import HTTP
import Secrets
import Synchronization
import World

extension AWSClient {
    struct Call {
        let operation: String
        let headers: [(name: String, value: String)]
        let body: SharedSecret
        let isIdempotent: Bool
        let secrets: () -> [SharedSecret]
    }

    /// What an answer of success turns out to be.
    enum Reading<Answer> {
        case whole(Answer)
        /// It ends before its end: whoever passed it on lost the rest.
        case cutShort
        /// What it is instead, for people.
        case other(String)
    }

    /// An answer, and what an error about it has to say of the call.
    struct Exchange<Answer> {
        let answer: Answer
        /// Of kind `unexpectedAnswer`, still without a message.
        let facts: AWSError
    }

    /// What is kept from attempt to attempt.
    private struct Progress {
        var attempts = 0
        var mayHaveBeenApplied = false
        var hasRefreshed = false
        var hasCorrected = false
        var refreshes = false
        var lastCost: Int?
        var lastError: AWSError?
    }

    /// - Parameter read: takes the body of an answer of success.
    func send<Answer>(
        _ call: Call, read: (SharedSecret) throws -> Reading<Answer>
    ) async throws -> Exchange<Answer> {
        var progress = Progress()
        while true {
            let identity = try await identity(&progress)
            progress.attempts += 1
            let offset = clockOffset
            let request = signed(call, identity, at: world.now() + offset)
            let failure: RetryPolicy.Failure
            var serviceTime: Instant?
            var error: AWSError
            do {
                let response = try await transport.send(request, timeout: exchangeTimeout)
                if (200..<300).contains(response.status) {
                    var facts = facts(call, response, progress, identity)
                    switch try read(response.body) {
                    case .whole(let answer):
                        state.values.withLock { $0.budget.putBack(progress.lastCost) }
                        return Exchange(answer: answer, facts: facts)
                    case .other(let reason):
                        facts.message = reason
                        throw facts
                    case .cutShort:
                        let lost = TransportError(
                            kind: .closed, reason: "the answer ends before it is whole", mayHaveArrived: true)
                        (error, failure) = describe(lost, call)
                        error.status = facts.status
                        error.requestID = facts.requestID
                    }
                } else {
                    let fault = ServiceFault(response, secrets: call.secrets())
                    serviceTime = fault.date.flatMap { Instant(httpDate: $0) }
                    let skew = serviceTime.map { $0 - (world.now() + offset) }
                    (error, failure) = describe(fault, skew: skew, call)
                }
            } catch let lost as TransportError {
                (error, failure) = describe(lost, call)
            }
            progress.mayHaveBeenApplied = progress.mayHaveBeenApplied || failure.mayHaveBeenApplied
            error.attempts = progress.attempts
            error.mayHaveBeenApplied = progress.mayHaveBeenApplied
            error.identity = Self.words(identity)
            progress.lastError = error
            try await prepare(
                after: failure, serviceTime: serviceTime, error: error, isIdempotent: call.isIdempotent, &progress)
        }
    }

    private func facts(
        _ call: Call, _ response: HTTPResponse, _ progress: Progress, _ identity: AWSCredentials?
    ) -> AWSError {
        var facts = failure(call.operation, .unexpectedAnswer, "")
        facts.status = response.status
        facts.requestID = ServiceFault.requestID(response)
        facts.attempts = progress.attempts
        facts.mayHaveBeenApplied = true
        facts.identity = Self.words(identity)
        return facts
    }

    // Does what comes before the next attempt, or throws the error for good.
    private func prepare(
        after failure: RetryPolicy.Failure, serviceTime: Instant?, error: AWSError, isIdempotent: Bool,
        _ progress: inout Progress
    ) async throws {
        let step = policy.step(
            after: failure, attempt: progress.attempts, isIdempotent: isIdempotent,
            hasRefreshed: progress.hasRefreshed, hasCorrected: progress.hasCorrected, jitter: world.jitter())
        switch step {
        case .giveUp:
            throw error
        case .refreshCredentials:
            guard credentials != nil else { throw error }
            progress.hasRefreshed = true
            progress.refreshes = true
        case .correctClock:
            guard let serviceTime else { throw error }
            progress.hasCorrected = true
            state.values.withLock { $0.clockOffset = serviceTime - world.now() }
        case .waitAndRepeat(let seconds):
            let cost = RetryBudget.cost(of: failure)
            guard state.values.withLock({ $0.budget.take(cost) }) else { throw error }
            progress.lastCost = cost
            try await world.sleep(.seconds(seconds))
        }
    }

    private func identity(_ progress: inout Progress) async throws -> AWSCredentials? {
        let refreshing = progress.refreshes
        progress.refreshes = false
        do {
            return try await credentials?.credentials(refreshing: refreshing)
        } catch let reason as CredentialError {
            // What an earlier attempt may have done is the more important news.
            guard var error = progress.lastError, error.mayHaveBeenApplied else { throw reason }
            error.message = OneLine.of(
                "new credentials cannot be had: \(reason.reason)", limit: ServiceFault.longestMessage)
            throw error
        }
    }

    private func signed(_ call: Call, _ identity: AWSCredentials?, at time: Instant) -> HTTPRequest {
        let request = HTTPRequest(
            scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port, path: endpoint.pathPrefix + "/",
            headers: call.headers, body: call.body)
        guard let identity else { return request }
        return Signer(service: service.name, region: endpoint.signingRegion).sign(request, with: identity, at: time)
    }

    private func describe(
        _ fault: ServiceFault, skew: Double?, _ call: Call
    ) -> (AWSError, RetryPolicy.Failure) {
        let kind = fault.kind(skew: skew)
        var error = failure(call.operation, kind, fault.message)
        error.code = fault.code
        error.requestID = fault.requestID
        error.status = fault.status
        return (
            error,
            RetryPolicy.Failure(
                kind: kind, isTransient: fault.isTransient(kind), mayHaveBeenApplied: kind == .serverFault,
                retryAfter: fault.retryAfter)
        )
    }

    private func describe(_ lost: TransportError, _ call: Call) -> (AWSError, RetryPolicy.Failure) {
        let kind: AWSError.Kind = lost.kind == .malformed ? .unexpectedAnswer : .unreachable
        return (
            failure(call.operation, kind, lost.reason),
            RetryPolicy.Failure(
                kind: kind, isTransient: lost.isTransient, mayHaveBeenApplied: lost.mayHaveArrived,
                retryAfter: nil)
        )
    }

    /// An error of this client's own, before anything is known of attempts.
    func failure(_ operation: String, _ kind: AWSError.Kind, _ message: String) -> AWSError {
        AWSError(
            kind: kind, operation: operation, service: service.name, code: "", message: message, attempts: 0,
            endpoint: authority)
    }

    private var authority: String {
        HTTPRequest(scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port).authority
    }

    private static func words(_ identity: AWSCredentials?) -> String? {
        identity.map { OneLine.of("\($0.accessKeyID) from \($0.source)", limit: ServiceFault.longestMessage) }
    }
}

extension ServiceFault {
    /// Whether the same may well succeed a moment later.
    func isTransient(_ kind: AWSError.Kind) -> Bool {
        switch kind {
        case .throttled: true
        // Others from 500 on are not passing: 501, 505.
        case .serverFault: [500, 502, 503, 504].contains(status) || status < 500
        default: false
        }
    }
}
