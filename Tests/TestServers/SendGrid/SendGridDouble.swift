// SendGrid's API of keys in the test's process, spoken to over real HTTP.

import Synchronization

/// A real HTTP server on a free port. All its methods may be called from any task at any time.
package final class SendGridDouble: Sendable {
    /// A request as it came, with its number, and the status that it was answered with; nil when it was not answered.
    package struct Recorded: Sendable {
        /// From 1.
        package var number: Int
        package var request: ReceivedRequest
        package var status: Int?

        /// `DELETE /v3/api_keys/…`
        package var line: String { "\(request.method) \(request.path)" }
    }

    private struct State {
        var account = SendGridAccount()
        var requests: [Recorded] = []
        var faults: [Int: SendGridFault] = [:]
        var faultRule: (@Sendable (_ line: String) -> SendGridFault?)?
        var onRequest: (@Sendable (_ number: Int) async -> Void)?
        var now: @Sendable () -> Double = { secondsNow() }
    }

    private let state = Mutex(State())
    private let server: Mutex<LocalHTTPServer?> = Mutex(nil)
    /// May manage keys.
    package let adminKey: SendGridAccountKey

    private init() {
        adminKey = state.withLock { $0.account.add("admin", SendGridAccount.managing) }
    }

    package static func start() async throws -> SendGridDouble {
        let double = SendGridDouble()
        let server = try await LocalHTTPServer.start { [weak double] request in
            await double?.answer(request) ?? HTTPAnswer(delivery: .closed)
        }
        double.server.withLock { $0 = server }
        return double
    }

    package func stop() async { await server.withLock(\.self)?.stop() }

    /// `http://127.0.0.1:PORT`
    package var url: String { server.withLock { $0?.url ?? "" } }

    // MARK: The account

    /// - Parameters:
    ///   - text: of the key, for one that has leaked; nil for a new one.
    ///   - mayReadScopes: false for a key that answers 403 to GET /v3/scopes.
    @discardableResult
    package func add(
        _ name: String, scopes: [String] = ["mail.send"], text: String? = nil, mayReadScopes: Bool = true
    ) -> SendGridAccountKey {
        state.withLock { $0.account.add(name, scopes, text: text, mayReadScopes: mayReadScopes) }
    }

    /// The keys that there are, in the order in which they were made.
    package var keys: [SendGridAccountKey] { state.withLock { $0.account.keys } }

    package func key(_ id: String) -> SendGridAccountKey? { keys.first { $0.id == id } }

    /// Somebody deletes a key on the page.
    package func remove(_ id: String) { state.withLock { $0.account.keys.removeAll { $0.id == id } } }

    /// After it is deleted, a key is let in for so long, and for so many requests more.
    package func setPropagationDelay(seconds: Double = 0, requests: Int = 0) {
        state.withLock {
            $0.account.delaySeconds = seconds
            $0.account.delayRequests = requests
        }
    }

    /// Whether GET of one key puts it into a list, as the description has it, or gives it plainly.
    package func setAnswersWithList(_ answers: Bool) { state.withLock { $0.account.answersWithList = answers } }

    /// - Parameter now: seconds since 1970.
    package func setClock(_ now: @escaping @Sendable () -> Double) { state.withLock { $0.now = now } }

    // MARK: Back to an earlier moment

    /// The account at one moment.
    package struct Snapshot: Sendable { fileprivate var account: SendGridAccount }

    package func snapshot() -> Snapshot { state.withLock { Snapshot(account: $0.account) } }

    /// As it was then; requests are counted anew, and faults that nobody has met are gone.
    package func restore(_ snapshot: Snapshot) {
        state.withLock {
            $0.account = snapshot.account
            $0.requests = []
            $0.faults = [:]
        }
    }

    // MARK: What goes wrong

    /// - Parameter number: of the request, from 1, over all requests since the start.
    package func fail(request number: Int, _ fault: SendGridFault) { state.withLock { $0.faults[number] = fault } }

    /// The next requests meet the fault.
    package func failNext(_ fault: SendGridFault, times: Int = 1) {
        state.withLock { state in
            let next = state.requests.count + 1
            for number in next..<next + times { state.faults[number] = fault }
        }
    }

    package func removeFaults() { state.withLock { ($0.faults, $0.faultRule) = ([:], nil) } }

    /// Every request is asked about by its line, `POST /v3/api_keys`, unless it has a fault already.
    package func failWhere(_ rule: (@Sendable (_ line: String) -> SendGridFault?)?) {
        state.withLock { $0.faultRule = rule }
    }

    /// Runs when a request has come and nothing was done yet, with no lock held.
    package func onRequest(_ hook: (@Sendable (_ number: Int) async -> Void)?) {
        state.withLock { $0.onRequest = hook }
    }

    // MARK: What came

    package var requests: [Recorded] { state.withLock(\.requests) }
    /// `POST /v3/api_keys`, a line each.
    package var lines: [String] { requests.map(\.line) }

    private func answer(_ request: ReceivedRequest) async -> HTTPAnswer {
        let (number, hook, fault, now) = state.withLock { state in
            let number = state.requests.count + 1
            let recorded = Recorded(number: number, request: request)
            state.requests.append(recorded)
            let fault = state.faults.removeValue(forKey: number) ?? state.faultRule?(recorded.line)
            return (number, state.onRequest, fault, state.now)
        }
        await hook?(number)
        if case .slow(let duration)? = fault?.effect { await LocalHTTPServer.sleep(duration) }
        var answer: HTTPAnswer
        if case .instead(let instead)? = fault?.effect {
            answer = instead
        } else if case .calling(handled: false, let call)? = fault?.effect {
            call()
            answer = HTTPAnswer(delivery: .closed)
        } else {
            answer = state.withLock { $0.account.handle(request, now: now()) }
        }
        switch fault?.effect {
        case .after(let delivery)?: answer.delivery = delivery
        case .calling(handled: true, let call)?:
            call()
            answer.delivery = .closed
        case .halfJSON?: answer.body = Array(answer.body.prefix(answer.body.count / 2))
        default: break
        }
        answer.headers += [
            ("Date", httpDate(now())), ("X-RateLimit-Limit", "600"), ("X-RateLimit-Remaining", "599"),
        ]
        if answer.headers.allSatisfy({ $0.name != "X-RateLimit-Reset" }) {
            answer.headers.append(("X-RateLimit-Reset", String(Int(now()) + 60)))
        }
        let status = answer.delivery == .whole ? answer.status : nil
        state.withLock { $0.requests[number - 1].status = status }
        return answer
    }
}
