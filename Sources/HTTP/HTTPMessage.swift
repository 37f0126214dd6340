// One HTTP request and its answer, and the door through which they go.

package import Secrets

/// A request as it is sent.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    package var method: Method
    /// `https` or `http`.
    package var scheme: String
    /// Without port; IPv6 addresses without brackets.
    package var host: String
    /// Nil for the scheme's own.
    package var port: Int?
    /// Percent-encoded as it goes over the wire, `/` at least.
    package var path: String
    /// Percent-encoded, without the question mark; nil for none. Never holds a secret.
    package var query: String?
    /// In their order; names in any case.
    package var headers: [(name: String, value: String)]
    package var body: SharedSecret?

    package init(
        method: Method = .post, scheme: String, host: String, port: Int? = nil, path: String = "/",
        query: String? = nil, headers: [(name: String, value: String)] = [], body: SharedSecret? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of the Host header: the port only where it is not the scheme's own.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        guard let port, !(scheme == "https" && port == 443), !(scheme == "http" && port == 80) else { return name }
        return "\(name):\(port)"
    }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: SharedSecret

    package init(status: Int, headers: [(name: String, value: String)], body: SharedSecret) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

// Headers carry tokens and signatures: neither is told by what a log or a debugger prints.
extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// `POST https://host/path`
    package var description: String { "\(method.rawValue) \(scheme)://\(authority)\(path)" }
    package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

extension HTTPResponse: CustomStringConvertible, CustomReflectable {
    /// `HTTP 200, 17 bytes`
    package var description: String { "HTTP \(status), \(body.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

/// Why no whole answer came.
package struct TransportError: Error, Sendable {
    package enum Kind: String, Sendable {
        /// The name does not resolve.
        case unknownHost
        /// Nothing listens, or the network is away.
        case refused
        case timeout
        /// The connection ended before the answer was whole.
        case closed
        /// The server's certificate is not trusted, or TLS failed otherwise.
        case tls
        case proxy
        /// The answer is no HTTP, or longer than any that is expected.
        case malformed
    }

    package let kind: Kind
    /// For people; without any part of a request or an answer.
    package let reason: String
    /// Whether the server may have got the request all the same.
    package let mayHaveArrived: Bool

    package init(kind: Kind, reason: String, mayHaveArrived: Bool) {
        self.kind = kind
        self.reason = reason
        self.mayHaveArrived = mayHaveArrived
    }

    /// Whether the same may well succeed a moment later.
    package var isTransient: Bool {
        switch kind {
        case .unknownHost, .refused, .timeout, .closed, .proxy: true
        case .tls, .malformed: false
        }
    }
}

/// Sends requests. There are two: the real one, and one that measures in tests what would be sent.
package protocol Transport: Sendable {
    /// - Parameter timeout: for the whole exchange.
    /// - Throws: `TransportError`; `CancellationError`.
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse
}
