// One request over real sockets, for the tests of the transport.

import HTTP
import Secrets
import Testing

@testable import AWS

enum OneExchange {
    /// Sends one request with a transport of its own.
    static func send(
        _ request: HTTPRequest, timeout: Duration = .seconds(20), _ settings: AWSSettings = AWSSettings()
    ) async throws -> HTTPResponse {
        let transport = try HTTPTransport(settings: settings)
        do {
            let response = try await transport.send(request, timeout: timeout)
            await transport.shutdown()
            return response
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    /// The error of a request that must fail.
    static func failure(
        _ request: HTTPRequest, timeout: Duration = .seconds(20), _ settings: AWSSettings = AWSSettings()
    ) async -> TransportError? {
        await #expect(throws: TransportError.self) { try await send(request, timeout: timeout, settings) }
    }

    static func post(
        _ port: Int, _ body: String = "{\"a\":1}", scheme: String = "http", host: String = "127.0.0.1"
    ) -> HTTPRequest {
        HTTPRequest(
            scheme: scheme, host: host, port: port, path: "/p%20q/", query: "x=%2F", headers: [("X-Test", "one")],
            body: Core.secret(body))
    }
}
