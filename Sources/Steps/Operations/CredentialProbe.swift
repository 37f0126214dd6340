// Whether a leaked credential still opens anything, asked of its own provider alone.

import HTTP
import JSON
import Scanning
import Secrets

/// One cheap call that changes nothing, for the credentials of one provider. AWS is never asked: keys laid out
/// to be found raise an alarm at the first use.
struct CredentialProbe: Sendable {
    enum Verdict: Sendable, Equatable {
        case live(status: Int)
        case dead(status: Int)
        /// No answer that tells; why.
        case unknown(String)
    }

    /// Where a provider is asked.
    struct Place: Sendable, Equatable {
        var scheme = "https"
        var host: String
        var port: Int?
    }

    /// "GitHub"
    let provider: String
    let ruleIDs: Set<String>
    let place: Place
    let method: HTTPRequest.Method
    let path: String
    let query: String?
    private let judge: @Sendable (HTTPResponse) -> Verdict

    private static let patience = Duration.seconds(10)

    /// All of them.
    /// - Parameter place: where to ask a provider, by the host that is asked otherwise; for tests.
    static func all(at place: @Sendable (_ host: String) -> Place = { Place(host: $0) }) -> [CredentialProbe] {
        [
            CredentialProbe(
                provider: "GitHub",
                ruleIDs: [
                    "github-personal-access-token", "github-oauth-token", "github-user-token",
                    "github-fine-grained-token",
                ], place: place("api.github.com"), method: .get, path: "/user", query: nil,
                judge: { byStatus($0, live: [200]) }),
            CredentialProbe(
                provider: "Slack",
                ruleIDs: [
                    "slack-bot-token", "slack-bot-token-legacy", "slack-user-token", "slack-rotated-token",
                    "slack-legacy-token",
                ], place: place("slack.com"), method: .post, path: "/api/auth.test", query: nil,
                judge: { slack($0) }),
            CredentialProbe(
                provider: "Stripe", ruleIDs: ["stripe-secret-key", "stripe-restricted-key", "stripe-test-key"],
                place: place("api.stripe.com"), method: .get, path: "/v1/charges", query: "limit=1",
                // A restricted key may not list charges, and lives all the same.
                judge: { byStatus($0, live: [200, 403]) }),
            CredentialProbe(
                provider: "OpenAI",
                ruleIDs: [
                    "openai-project-key", "openai-service-account-key", "openai-admin-key", "openai-legacy-key",
                ], place: place("api.openai.com"), method: .get, path: "/v1/models", query: nil,
                judge: { byStatus($0, live: [200, 403]) }),
        ]
    }

    /// Asks with the credential itself.
    /// - Throws: `CancellationError`.
    func ask(_ credential: SharedSecret, through transport: any Transport) async throws -> Verdict {
        guard credential.isPrintable else { return .unknown("it holds bytes that no header may hold") }
        let request = HTTPRequest(
            method: method, scheme: place.scheme, host: place.host, port: place.port, path: path, query: query,
            headers: [
                ("Authorization", "Bearer " + credential.unprotectedText), ("User-Agent", "migrate"),
                ("Accept", "application/json"),
            ])
        do {
            return judge(try await transport.send(request, timeout: Self.patience))
        } catch let error as TransportError {
            return .unknown("\(place.host): \(OneLine.of(error.reason))")
        }
    }

    private static func byStatus(_ answer: HTTPResponse, live: Set<Int>) -> Verdict {
        if live.contains(answer.status) { return .live(status: answer.status) }
        return answer.status == 401 ? .dead(status: 401) : .unknown("it answered HTTP \(answer.status)")
    }

    /// Slack says yes or no in the body, and 200 in any case.
    private static func slack(_ answer: HTTPResponse) -> Verdict {
        guard answer.status == 200,
            let root = answer.body.withBytes({ bytes in
                (try? JSONDocument(parsing: SecretValue(copying: bytes)))?.root
            }), let isFine = root["ok"]?.bool
        else { return .unknown("it answered HTTP \(answer.status)") }
        if isFine { return .live(status: answer.status) }
        let error = root["error"]?.string ?? ""
        let dead = ["invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"]
        return dead.contains(error) ? .dead(status: answer.status) : .unknown("it answered \(OneLine.of(error))")
    }
}
