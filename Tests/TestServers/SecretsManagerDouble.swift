// Secrets Manager, STS, IAM and CloudTrail in the test's process, spoken to over real HTTP. Where moto differs from the
// service this follows the service's documentation; and it can fail in every way a network or AWS can.

import Synchronization

/// One request as it reached the double.
package struct RecordedRequest: Sendable {
    /// `secretsmanager`, `sts`, `iam`, `cloudtrail`; empty when it could not be told.
    package var service: String
    package var operation: String
    package var request: ReceivedRequest
    /// The service's answer was an error, or a fault took its place.
    package var failed = false

    package var method: String { request.method }
    package var path: String { request.path }
    package var query: String { request.query }
    package var headers: [(name: String, value: String)] { request.headers }
    package var body: [UInt8] { request.body }
    /// All that proxies and logs commonly see: the request line and the headers, without the body.
    package var visibleText: String {
        "\(method) \(path)?\(query)\n" + headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    }
}

/// A real HTTP server on a free port. All its methods may be called from any task at any time.
package final class SecretsManagerDouble: Sendable {
    package typealias Hook = @Sendable (RecordedRequest) async -> Void

    struct State {
        var secrets: SecretsService
        var identities = Identities()
        var trail = CloudTrailLog()
        var requests: [RecordedRequest] = []
        var faults: [(operation: String, fault: Fault)] = []
        var numberedFaults: [Int: Fault] = [:]
        var before: [String: [Hook]] = [:]
        var after: [String: [Hook]] = [:]
        var latency = Duration.zero
        var clockOffset = 0.0
        var checksSignatures = true
        var errorsAnswered = 0
    }

    package let accessKeyID = "AKIA" + randomText(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    package let secretAccessKey = randomText(
        40, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+")
    package let region: String
    package let account: String
    /// Whom the key above belongs to.
    package var identity: String { "arn:aws:iam::\(account):user/tester" }

    let state: Mutex<State>
    private let server: Mutex<LocalHTTPServer?> = Mutex(nil)

    /// Where clients find it: the same URL for all its services.
    package var url: String { server.withLock { $0?.url ?? "" } }
    package var port: Int { server.withLock { $0?.port ?? 0 } }

    private init(region: String, account: String) {
        self.region = region
        self.account = account
        state = Mutex(State(secrets: SecretsService(region: region, account: account)))
    }

    /// - Parameter certificate: to speak TLS; plain HTTP without.
    package static func start(
        region: String = "eu-central-1", account: String = "123456789012", certificate: TestCertificate? = nil
    ) async throws -> SecretsManagerDouble {
        let double = SecretsManagerDouble(region: region, account: account)
        double.addKey(
            KnownKey(
                accessKeyID: double.accessKeyID, secretAccessKey: double.secretAccessKey, arn: double.identity))
        let server = try await LocalHTTPServer.start(certificate: certificate) { [weak double] request in
            await double?.answer(request) ?? HTTPAnswer(delivery: .closed)
        }
        double.server.withLock { $0 = server }
        return double
    }

    package func stop() async {
        await server.withLock(\.self)?.stop()
    }

    // MARK: What goes wrong

    /// The next `times` requests for this operation meet the fault; faults queue up in the order they are injected.
    /// - Parameter operation: `PutSecretValue`; `*` for any.
    package func inject(_ fault: Fault, on operation: String = "*", times: Int = 1) {
        state.withLock { $0.faults += Array(repeating: (operation, fault), count: times) }
    }

    /// - Parameter number: of the request that meets the fault, from 1, over all since the start or `forgetRequests`.
    package func inject(_ fault: Fault, onRequest number: Int) { state.withLock { $0.numberedFaults[number] = fault } }

    /// Faults that no request has met yet.
    package var faultsLeft: Int { state.withLock { $0.faults.count } }

    /// Forbids an action until `allow`.
    /// - Parameters:
    ///   - action: `secretsmanager:GetSecretValue`.
    ///   - secret: a name, to forbid it there only.
    ///   - explicitly: by a deny statement rather than for want of an allow.
    package func deny(_ action: String, on secret: String? = nil, explicitly: Bool = false) {
        state.withLock {
            $0.identities.denials.append(Denial(action: action, resource: secret, isExplicit: explicitly))
        }
    }

    package func allow(_ action: String) {
        state.withLock { $0.identities.denials.removeAll { $0.action == action } }
    }

    /// Every answer takes this much longer.
    package func setLatency(_ latency: Duration) { state.withLock { $0.latency = latency } }

    /// Puts the service's clock ahead of (or behind) the machine's: signatures and the Date header follow it.
    package func setClockOffset(seconds: Double) { state.withLock { $0.clockOffset = seconds } }

    package func setChecksSignatures(_ checks: Bool) { state.withLock { $0.checksSignatures = checks } }

    package func setVersionLimit(_ limit: Int) { state.withLock { $0.secrets.versionLimit = limit } }

    package func setSecretLimit(_ limit: Int) { state.withLock { $0.secrets.secretLimit = limit } }

    /// After a forced deletion, so many CreateSecret calls for its name are refused still.
    package func setRefusalsAfterForcedDeletion(_ count: Int) {
        state.withLock { $0.secrets.refusalsAfterForcedDeletion = count }
    }

    /// Runs before each such request is handled, with no lock held: a foreign write fits in here.
    package func before(_ operation: String, _ hook: @escaping Hook) {
        state.withLock { $0.before[operation, default: []].append(hook) }
    }

    /// Runs when each such request has been handled and not yet answered.
    package func after(_ operation: String, _ hook: @escaping Hook) {
        state.withLock { $0.after[operation, default: []].append(hook) }
    }

    package func removeHooks() {
        state.withLock {
            $0.before = [:]
            $0.after = [:]
        }
    }

    // MARK: Who may call

    package func addKey(_ key: KnownKey) { state.withLock { $0.identities.keys[key.accessKeyID] = key } }

    package func removeKey(_ accessKeyID: String) { state.withLock { $0.identities.keys[accessKeyID] = nil } }

    /// Marks the keys that STS gave out, or any others, as expired from now on.
    package func expireKey(_ accessKeyID: String) {
        state.withLock { $0.identities.keys[accessKeyID]?.expires = 0 }
    }

    package func setRole(_ arn: String, _ role: KnownRole) { state.withLock { $0.identities.roles[arn] = role } }

    // MARK: CloudTrail

    package func addTrailEvent(_ event: TrailEvent) { state.withLock { $0.trail.events.append(event) } }

    /// - Parameters:
    ///   - pageSize: events in a page, 50 at most.
    ///   - limitsRate: above two lookups in `rateWindow` seconds, throttle.
    package func setTrail(pageSize: Int = 50, limitsRate: Bool = false, rateWindow: Double = 1) {
        state.withLock {
            $0.trail.pageSize = pageSize
            $0.trail.limitsRate = limitsRate
            $0.trail.rateWindow = rateWindow
        }
    }
}
