// A small HTTP server on the loopback address whose answers a closure gives, and that can also misbehave on the wire.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request, whole, as it came over the wire.
package struct ReceivedRequest: Sendable {
    package var method: String
    /// As sent, percent-encoded, without the query.
    package var path: String
    /// As sent, percent-encoded, without the question mark; empty for none.
    package var query: String
    /// In the order they came, names as they were spelled.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    /// The values of a header, joined by commas as HTTP allows; nil when it is not there.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == wanted }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// What goes back, or does not.
package struct HTTPAnswer: Sendable {
    package enum Delivery: Sendable {
        case whole
        /// The head promises the whole body, the connection closes after half of it.
        case closedMidBody
        /// The connection closes with no answer.
        case closed
        /// The connection is reset (RST) with no answer.
        case reset
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var delivery = Delivery.whole

    package init(
        status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        delivery: Delivery = .whole
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delivery = delivery
    }

    package init(status: Int = 200, contentType: String, _ text: String) {
        self.init(status: status, headers: [("Content-Type", contentType)], body: Array(text.utf8))
    }
}

/// Listens on 127.0.0.1 on a free port.
package final class LocalHTTPServer: Sendable {
    package typealias Handler = @Sendable (ReceivedRequest) async -> HTTPAnswer

    private let channel: any Channel
    package let port: Int
    package let usesTLS: Bool

    /// `https://localhost:PORT` with TLS, `http://127.0.0.1:PORT` without.
    package var url: String { usesTLS ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)" }

    private init(channel: any Channel, port: Int, usesTLS: Bool) {
        self.channel = channel
        self.port = port
        self.usesTLS = usesTLS
    }

    /// - Parameter certificate: what TLS shows; nil for plain HTTP.
    package static func start(
        certificate: TestCertificate? = nil, handler: @escaping Handler
    ) async throws -> LocalHTTPServer {
        let tls = try certificate.map { certificate in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(certificate.certificateFile)
                        .map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: certificate.keyFile, format: .pem))))
        }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(handler: handler))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return LocalHTTPServer(
            channel: channel, port: channel.localAddress?.port ?? 0, usesTLS: certificate != nil)
    }

    /// Waits without a thread of Swift's pool, which `Task.sleep` needs to wake up.
    package static func sleep(_ duration: Duration) async {
        let nanoseconds = Int64(duration / .nanoseconds(1))
        try? await MultiThreadedEventLoopGroup.singleton.next()
            .scheduleTask(in: .nanoseconds(nanoseconds)) {}.futureResult.get()
    }

    /// Takes no further connections; open ones end with their answer.
    package func stop() async {
        try? await channel.close()
    }
}

/// Gathers one request at a time (the pipeline holds back the next) and writes what the closure answers.
private final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handler: LocalHTTPServer.Handler
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(handler: @escaping LocalHTTPServer.Handler) { self.handler = handler }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer):
            body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let request = ReceivedRequest(
                method: head.method.rawValue, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
                headers: head.headers.map { ($0.name, $0.value) }, body: body)
            let keepsAlive = head.isKeepAlive
            let channel = context.channel
            let handler = handler
            Task(executorPreference: ServingExecutor.shared) {
                let answer = await handler(request)
                channel.eventLoop.execute { write(answer, keepsAlive: keepsAlive, to: channel) }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

private func write(_ answer: HTTPAnswer, keepsAlive: Bool, to channel: any Channel) {
    switch answer.delivery {
    case .closed:
        channel.close(promise: nil)
        return
    case .reset:
        // Closing with nothing to linger for sends RST.
        let lingering = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        (lingering ?? channel.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in channel.close(promise: nil) }
        return
    case .whole, .closedMidBody:
        break
    }
    var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
    headers.replaceOrAdd(name: "Content-Length", value: String(answer.body.count))
    if !keepsAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    let isWhole = answer.delivery == .whole
    let bytes = isWhole ? answer.body[...] : answer.body.prefix(answer.body.count / 2)
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    let sent = channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    if isWhole {
        let ended = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !keepsAlive { ended.whenComplete { _ in channel.close(promise: nil) } }
    } else {
        sent.whenComplete { _ in channel.close(promise: nil) }
    }
}
