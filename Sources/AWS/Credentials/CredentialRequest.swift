// Requests to the places that hand out credentials over HTTP.

import HTTP
import JSON
import Secrets
import World

/// Asks a few times within short limits, since what is not there does not answer.
struct CredentialRequest {
    let transport: any Transport
    let world: World
    /// For one exchange.
    var timeout: Duration = .seconds(5)
    var attempts = 3

    /// The answer, whatever its status, but not one of 429 or 500 and above before the attempts are used up.
    /// - Throws: `TransportError`; `CancellationError`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var tried = 0
        while true {
            tried += 1
            do {
                let response = try await transport.send(request, timeout: timeout)
                guard Self.isTransient(response.status), tried < attempts else { return response }
            } catch let error as TransportError {
                // What has no name or no trusted certificate will not have one in a moment.
                guard tried < attempts, ![.unknownHost, .tls, .proxy].contains(error.kind) else { throw error }
            }
            try await world.sleep(.milliseconds(Int64(100 * (1 << tried)) + Int64(world.jitter() * 100)))
        }
    }

    /// Whether the same may well succeed a moment later.
    static func isTransient(_ status: Int) -> Bool { status == 429 || status >= 500 }

    /// A request to an endpoint.
    /// - Parameter path: what follows the endpoint's own path; nil to ask for that itself.
    static func request(
        _ method: HTTPRequest.Method, _ url: EndpointURL, path: String?, query: String? = nil,
        headers: [(name: String, value: String)] = [], body: SharedSecret? = nil
    ) -> HTTPRequest {
        var request = HTTPRequest(
            method: method, scheme: url.scheme, host: url.host, port: url.port,
            path: path.map { url.prefix + $0 } ?? url.path, query: query,
            headers: headers, body: body)
        if request.path.isEmpty { request.path = "/" }
        return request
    }
}
