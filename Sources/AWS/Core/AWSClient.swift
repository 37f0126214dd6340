// Calls one AWS service: signs, sends, tries again where that may help, and reads the answer or the error.

package import JSON
package import Secrets
import Synchronization
package import World

/// One service in one region with one identity. Copies share what was learnt of the service's clock and the budget of
/// retries.
package struct AWSClient: Sendable {
    package let service: AWSService
    /// Where requests go.
    package let endpoint: AWSEndpoint
    /// For one exchange, connecting included; a call may take several.
    package var exchangeTimeout = Duration.seconds(30)

    let credentials: (any CredentialSource)?
    let transport: any Transport
    let world: World
    let policy: RetryPolicy
    let state = SharedState()

    /// - Parameters:
    ///   - region: requests are signed for it, unless the service is global.
    ///   - credentials: nil for calls that are not signed (AssumeRoleWithWebIdentity).
    /// - Throws: `AWSError` of kind `invalidInput` when the region or the endpoint cannot be used.
    package init(
        service: AWSService, settings: AWSSettings, region: String, credentials: (any CredentialSource)?,
        transport: any Transport, world: World
    ) throws(AWSError) {
        do throws(AWSEndpoint.Failure) {
            endpoint = try AWSEndpoint.resolve(service, settings: settings, region: region)
        } catch {
            throw AWSError(
                kind: .invalidInput, operation: "", service: service.name, code: "", message: error.reason, attempts: 0)
        }
        self.service = service
        self.credentials = credentials
        self.transport = transport
        self.world = world
        policy = RetryPolicy(settings)
    }

    /// Calls an operation of a JSON service. An empty answer counts as an empty object.
    /// - Parameters:
    ///   - body: one JSON object.
    ///   - isIdempotent: whether it does no harm when done twice. What is not is never sent again once it may have
    ///     been applied.
    /// - Throws: `AWSError`; `CredentialError`; `CancellationError`.
    package func json(
        _ operation: String, _ body: SharedSecret, isIdempotent: Bool = true
    ) async throws -> JSONDocument {
        guard case .json(let prefix) = service.wire else {
            throw failure(operation, .invalidInput, "\(service.name) does not speak JSON")
        }
        let call = Call(
            operation: operation,
            headers: [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "\(prefix).\(operation)")],
            body: body, isIdempotent: isIdempotent, secrets: { Self.secrets(in: body) })
        let exchange = try await send(call)
        guard !exchange.response.body.isEmpty else { return try JSONDocument(parsing: Array("{}".utf8)) }
        let text = exchange.response.body.withBytes { SecretValue(copying: $0) }
        guard let document = try? JSONDocument(parsing: text), document.root.kind == .object else {
            throw unexpected(
                exchange, "the answer is no JSON object: something else than the service may have answered")
        }
        return document
    }

    /// Calls an action of a query service. Answers with the `<Action>Result` element, or with the root when there is
    /// none.
    /// - Parameter secrets: parameters that are secrets, such as a web identity token or an MFA code.
    /// - Throws: `AWSError`; `CredentialError`; `CancellationError`.
    package func query(
        _ action: String, _ parameters: [(String, String)], secrets: [(String, SharedSecret)] = [],
        isIdempotent: Bool = true
    ) async throws -> XMLElement {
        guard case .query(let version) = service.wire else {
            throw failure(action, .invalidInput, "\(service.name) does not take queries")
        }
        let body = Self.form([("Action", action), ("Version", version)] + parameters, secrets)
        let call = Call(
            operation: action, headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: body, isIdempotent: isIdempotent, secrets: { secrets.map { $0.1 } })
        let exchange = try await send(call)
        guard let root = try? XMLElement.parse(exchange.response.body), root.name == action + "Response" else {
            throw unexpected(
                exchange, "the answer is no \(action)Response: something else than the service may have answered")
        }
        return root[action + "Result"] ?? root
    }

    /// What is to be known of the service's clock: seconds it is ahead of this machine's, as far as calls had to find
    /// out.
    package var clockOffset: Double { state.values.withLock { $0.clockOffset } }

    /// What copies of a client share.
    final class SharedState: Sendable {
        struct Values: Sendable {
            var clockOffset = 0.0
            var budget = RetryBudget()
        }
        let values = Mutex(Values())
    }

    // Where a service may repeat what it was sent, these are not to be shown.
    private static func secrets(in body: SharedSecret) -> [SharedSecret] {
        let text = body.withBytes { SecretValue(copying: $0) }
        guard let root = try? JSONDocument(parsing: text).root else { return [] }
        return ["SecretString", "SecretBinary"].compactMap { root[$0]?.secret() }
    }

    private static func form(_ parameters: [(String, String)], _ secrets: [(String, SharedSecret)]) -> SharedSecret {
        var form = SecretBuffer(capacity: 512)
        for (name, value) in parameters {
            if form.count > 0 { form.append("&") }
            form.append(PercentEncoding.encode(name) + "=" + PercentEncoding.encode(value))
        }
        for (name, value) in secrets {
            form.append("&" + PercentEncoding.encode(name) + "=")
            value.withBytes { bytes in
                for index in bytes.indices {
                    let byte = bytes[index]
                    if PercentEncoding.isUnreserved(byte) {
                        form.append(byte)
                    } else {
                        form.append(PercentEncoding.encode(CollectionOfOne(byte)))
                    }
                }
            }
        }
        return SharedSecret(form.finish())
    }
}
