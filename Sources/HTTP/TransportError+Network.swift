// What the network's errors mean: which kind, and whether the request may have arrived all the same.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension TransportError {
    /// - Parameter mayHaveArrived: what is known of the request; an error that can only come before it overrides this.
    init(_ error: any Error, mayHaveArrived: Bool) {
        switch error {
        case let error as TransportError: self = error
        case let error as HTTPClientError: self.init(client: error, mayHaveArrived)
        case let error as NIOConnectionError: self.init(connection: error)
        case NIOSSLError.handshakeFailed, is NIOSSLExtraError:
            let isUntrusted =
                error is NIOSSLExtraError || String(describing: error).contains("CERTIFICATE_VERIFY_FAILED")
            self.init(
                kind: .tls,
                reason: isUntrusted ? "the server's certificate is not trusted" : "TLS cannot be agreed on",
                mayHaveArrived: false)
        case HTTPParserError.invalidEOFState:
            self.init(kind: .closed, reason: Self.endedEarly, mayHaveArrived: mayHaveArrived)
        case is HTTPParserError:
            self.init(kind: .malformed, reason: "the answer is no HTTP", mayHaveArrived: mayHaveArrived)
        case ChannelError.connectTimeout:
            self.init(kind: .timeout, reason: "no connection came about in time", mayHaveArrived: false)
        case let error as IOError: self.init(errno: error.errnoCode, mayHaveArrived: mayHaveArrived)
        default: self.init(kind: .closed, reason: Self.endedEarly, mayHaveArrived: mayHaveArrived)
        }
    }

    /// The system's own reason for a connection that does not come about, or ends.
    init(errno number: CInt, mayHaveArrived: Bool) {
        switch number {
        case ECONNREFUSED: self.init(kind: .refused, reason: "nothing listens there", mayHaveArrived: false)
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN:
            // Where a request may have arrived, the way was lost after it.
            self.init(kind: .refused, reason: "there is no way to it in this network", mayHaveArrived: mayHaveArrived)
        default: self.init(kind: .closed, reason: Self.endedEarly, mayHaveArrived: mayHaveArrived)
        }
    }

    private static let endedEarly = "the connection ended before the answer was whole"

    private init(client error: HTTPClientError, _ mayHaveArrived: Bool) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            self.init(kind: .timeout, reason: "no connection came about in time", mayHaveArrived: false)
        case .tlsHandshakeTimeout:
            self.init(kind: .timeout, reason: "TLS was not agreed on in time", mayHaveArrived: false)
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            self.init(kind: .timeout, reason: "no answer came in time", mayHaveArrived: mayHaveArrived)
        case .httpProxyHandshakeTimeout, .invalidProxyResponse:
            self.init(kind: .proxy, reason: "the proxy does not open the way", mayHaveArrived: false)
        case .proxyAuthenticationRequired:
            self.init(kind: .proxy, reason: "the proxy wants another user or password", mayHaveArrived: false)
        case .invalidURL, .emptyHost, .emptyScheme:
            self.init(kind: .refused, reason: "the address cannot be used", mayHaveArrived: false)
        default: self.init(kind: .closed, reason: Self.endedEarly, mayHaveArrived: mayHaveArrived)
        }
    }

    private init(connection error: NIOConnectionError) {
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init(kind: .unknownHost, reason: "the host's name is not known", mayHaveArrived: false)
        } else if error.connectionErrors.contains(where: { ($0.error as? ChannelError) == nil }) {
            self.init(kind: .refused, reason: "nothing listens there", mayHaveArrived: false)
        } else {
            self.init(kind: .timeout, reason: "no connection came about in time", mayHaveArrived: false)
        }
    }
}
