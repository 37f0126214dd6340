// Sends requests over the network.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
package import Secrets
import Synchronization

/// The real transport. Plain http goes to this machine only, and without a body to the addresses that hand out
/// credentials to containers and instances. Redirects are not followed, nothing is logged.
package final class HTTPTransport: Transport {
    /// Bytes of an answer; the longest of AWS's that is called here, 20 secrets in one batch, is a tenth of this.
    static let longestAnswer = 16 << 20

    // One thread is plenty, and quick to start.
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let bundle: CertificateBundle?
    private let proxy: SharedSecret?
    private let noProxy: NoProxy
    private let clients = Mutex(Clients())

    /// How a host is reached; a client fixes its proxy and whom it trusts for good.
    private enum Way { case plain, secure, proxied }

    // Made when they are first needed.
    private struct Clients: ~Copyable, Sendable {
        var open: [Way: HTTPClient] = [:]
        var isShutDown = false
    }

    /// - Parameters:
    ///   - proxy: for https, `http://user:password@host:port`; its password is a secret.
    ///   - noProxy: hosts and domains that are reached directly, as NO_PROXY lists them.
    ///   - certificates: to be trusted instead of the system's.
    /// - Throws: `TransportError` of kind `tls` when the file of certificates cannot be read. One in it that is damaged
    ///   is told of with the first request that needs them.
    package init(
        proxy: SharedSecret? = nil, noProxy: [String] = [], certificates: CertificateFile? = nil
    ) throws(TransportError) {
        self.proxy = proxy
        self.noProxy = NoProxy(noProxy)
        // The property needs a value before a throw leaves the initialiser's class.
        var read: CertificateBundle?
        var failure: TransportError?
        do throws(TransportError) { read = try certificates.map(CertificateBundle.init) } catch {
            failure = error
        }
        bundle = read
        if let failure { throw failure }
    }

    deinit {
        // Whoever did not shut it down: the client must not die open.
        let (open, isShutDown) = clients.withLock { ($0.open.values, $0.isShutDown) }
        guard !isShutDown else { return }
        for client in open { client.shutdown { _ in } }
        group.shutdownGracefully { _ in }
    }

    /// Closes all connections. No request may be sent after it.
    package func shutdown() async {
        let open: [HTTPClient]? = clients.withLock { clients in
            guard !clients.isShutDown else { return nil }
            clients.isShutDown = true
            return Array(clients.open.values)
        }
        guard let open else { return }
        for client in open { try? await client.shutdown() as Void }
        try? await group.shutdownGracefully()
    }

    package func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        try Self.check(request)
        let client = try client(for: request)
        let arrival = Arrival()
        return try await withThrowingTaskGroup(of: HTTPResponse?.self) { tasks in
            tasks.addTask { try await Self.exchange(request, on: client, timeout: timeout, arrival) }
            tasks.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { tasks.cancelAll() }
            guard let response = try await tasks.next() ?? nil else {
                throw TransportError(
                    kind: .timeout, reason: "no answer came within \(timeout.components.seconds) s",
                    mayHaveArrived: request.body == nil || arrival.hasBegun)
            }
            return response
        }
    }

    // What must not go out at all.
    static func check(_ request: HTTPRequest) throws(TransportError) {
        func refusal(_ reason: String) -> TransportError {
            TransportError(kind: .refused, reason: reason, mayHaveArrived: false)
        }
        switch request.scheme {
        case "https": break
        case "http":
            let isSafe =
                PlainHTTP.isLoopback(request.host)
                || (request.body == nil && PlainHTTP.isCredentialEndpoint(request.host))
            guard isSafe else { throw refusal("plain http is for this machine only; use https") }
        default: throw refusal("only https is spoken here")
        }
        guard
            request.headers.allSatisfy({ $0.value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
        else { throw refusal("a header holds a control character") }
    }

    private func client(for request: HTTPRequest) throws -> HTTPClient {
        let way = way(to: request)
        return try clients.withLock { clients throws(TransportError) in
            guard !clients.isShutDown else {
                throw TransportError(kind: .closed, reason: "the transport was shut down", mayHaveArrived: false)
            }
            if let client = clients.open[way] { return client }
            let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: try configuration(way))
            clients.open[way] = client
            return client
        }
    }

    private func way(to request: HTTPRequest) -> Way {
        if request.scheme == "http" { return .plain }
        let isDirect =
            proxy == nil || PlainHTTP.isLoopback(request.host) || PlainHTTP.isCredentialEndpoint(request.host)
            || noProxy.covers(request.host, port: request.port ?? 443)
        return isDirect ? .secure : .proxied
    }

    private func configuration(_ way: Way) throws(TransportError) -> HTTPClient.Configuration {
        // With full verification: of the chain, and of the host's name.
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        // To read a hundred certificates takes longer than an exchange with this machine.
        if way != .plain, let bundle { tls.trustRoots = try bundle.trustRoots() }
        var proxyServer: HTTPClient.Configuration.Proxy?
        if way == .proxied, let proxy { proxyServer = try ProxyAddress(proxy).clientProxy }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            // Below what a person waits; the whole exchange has its own limit.
            timeout: .init(connect: .seconds(10)), proxy: proxyServer, decompression: .disabled)
        configuration.httpVersion = .http1Only
        // Trying again is decided above, where it is known what may be done twice.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func exchange(
        _ request: HTTPRequest, on client: HTTPClient, timeout: Duration, _ arrival: Arrival
    ) async throws -> HTTPResponse {
        var outgoing = HTTPClientRequest(
            url: "\(request.scheme)://\(request.authority)\(request.path)" + (request.query.map { "?" + $0 } ?? ""))
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        outgoing.headers.replaceOrAdd(name: "Host", value: request.authority)
        if let body = request.body {
            // A copy that is not wiped: NIO's buffers are plain memory, and TLS has copies of its own.
            let bytes = body.withBytes { span in
                span.withUnsafeBytes { ByteBuffer(bytes: $0) }
            }
            outgoing.body = .stream(
                OneChunk(bytes: bytes, arrival: arrival), length: .known(Int64(bytes.readableBytes)))
        }
        do {
            // A little later than our own limit, which says it better.
            let deadline = NIODeadline.now() + .nanoseconds(timeout.nanoseconds) + .seconds(1)
            let incoming = try await client.execute(outgoing, deadline: deadline)
            let isTooLong = TransportError(
                kind: .malformed, reason: "the answer is longer than \(longestAnswer >> 20) MiB", mayHaveArrived: true)
            if let length = incoming.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > longestAnswer
            {
                throw isTooLong
            }
            var body = SecretBuffer(capacity: 4_096)
            for try await chunk in incoming.body {
                guard body.count + chunk.readableBytes <= longestAnswer else { throw isTooLong }
                body.append(chunk.readableBytesView)
            }
            return HTTPResponse(
                status: Int(incoming.status.code), headers: incoming.headers.map { ($0.name, $0.value) },
                body: SharedSecret(body.finish()))
        } catch {
            try Task.checkCancellation()
            throw TransportError(error, mayHaveArrived: request.body == nil || arrival.hasBegun)
        }
    }
}

/// Whether the body has been asked for: until then, the service has nothing that it could do.
private final class Arrival: Sendable {
    private let flag = Atomic(false)

    var hasBegun: Bool { flag.load(ordering: .acquiring) }
    func begin() { flag.store(true, ordering: .releasing) }
}

/// A body in one piece, that tells when it is taken.
private struct OneChunk: AsyncSequence, Sendable {
    let bytes: ByteBuffer
    let arrival: Arrival

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: ByteBuffer?
        let arrival: Arrival

        mutating func next() async -> ByteBuffer? {
            arrival.begin()
            defer { bytes = nil }
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes, arrival: arrival) }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        // A year is as good as any longer.
        return min(seconds, 31_536_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
