// Requests to the places that hand out credentials over HTTP.

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
                guard response.status == 429 || response.status >= 500, tried < attempts else { return response }
            } catch let error as TransportError {
                // What has no name or no trusted certificate will not have one in a moment.
                guard tried < attempts, ![.unknownHost, .tls, .proxy].contains(error.kind) else { throw error }
            }
            try await world.sleep(.milliseconds(Int64(100 * (1 << tried)) + Int64(world.jitter() * 100)))
        }
    }

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

/// Percent-encoding of what goes into a query.
enum QueryText {
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var result = String.UnicodeScalarView()
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(Unicode.Scalar(byte))
            default: result += ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(result)
    }
}
