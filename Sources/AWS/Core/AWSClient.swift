// Calls one AWS service: signs, sends, tries again where that may help, and reads the answer or the error.

package import HTTP
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
        try await jsonExchange(operation, body, isIdempotent: isIdempotent).answer
    }

    func jsonExchange(
        _ operation: String, _ body: SharedSecret, isIdempotent: Bool = true
    ) async throws -> Exchange<JSONDocument> {
        guard case .json(let prefix) = service.wire else {
            throw failure(operation, .invalidInput, "\(service.name) does not speak JSON")
        }
        let call = Call(
            operation: operation,
            headers: [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "\(prefix).\(operation)")],
            body: body, isIdempotent: isIdempotent, secrets: { Self.secrets(in: body) })
        return try await send(call, read: Self.readJSON)
    }

    private static func readJSON(_ body: SharedSecret) -> Reading<JSONDocument> {
        let text = body.isEmpty ? SecretValue(copying: "{}".utf8) : body.withBytes { SecretValue(copying: $0) }
        do throws(JSONError) {
            let document = try JSONDocument(parsing: text)
            if document.root.kind == .object { return .whole(document) }
        } catch {
            if body.isCutShort(opening: "{", closing: "}", errorOffset: error.offset) { return .cutShort }
        }
        return .other("the answer is no JSON object: something else than the service may have answered")
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
        return try await send(call) { body in
            do throws(XMLError) {
                let root = try XMLElement.parse(body)
                if root.name == action + "Response" { return .whole(root[action + "Result"] ?? root) }
            } catch {
                if body.isCutShort(opening: "<", closing: ">", errorOffset: error.offset) { return .cutShort }
            }
            return .other("the answer is no \(action)Response: something else than the service may have answered")
        }.answer
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

extension SharedSecret {
    /// Whether a text that could not be read begins as it should and lacks its end.
    /// - Parameter errorOffset: where reading failed.
    fileprivate func isCutShort(opening: Unicode.Scalar, closing: Unicode.Scalar, errorOffset: Int) -> Bool {
        withBytes { bytes in
            let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
            guard let first = bytes.indices.first(where: { !isSpace(bytes[$0]) }),
                let last = bytes.indices.last(where: { !isSpace(bytes[$0]) })
            else { return false }
            return UInt32(bytes[first]) == opening.value
                && (UInt32(bytes[last]) != closing.value || errorOffset >= bytes.count)
        }
    }
}
