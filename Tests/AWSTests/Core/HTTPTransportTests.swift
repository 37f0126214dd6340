// The real transport against real sockets.

import Foundation
import Secrets
import Synchronization
import TestServers
import Testing

@testable import AWS

@Suite("The network")
struct HTTPTransportTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    /// Sends one request with a transport of its own.
    private func send(_ request: HTTPRequest, timeout: Duration = .seconds(20), _ settings: AWSSettings = AWSSettings())
        async throws -> HTTPResponse
    {
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

    private func post(_ port: Int, _ body: String = "{\"a\":1}", scheme: String = "http", host: String = "127.0.0.1")
        -> HTTPRequest
    {
        HTTPRequest(
            scheme: scheme, host: host, port: port, path: "/p%20q/", query: "x=%2F", headers: [("X-Test", "one")],
            body: Core.secret(body))
    }

    private func failure(
        _ request: HTTPRequest, timeout: Duration = .seconds(20), _ settings: AWSSettings = AWSSettings()
    )
        async -> TransportError?
    {
        await #expect(throws: TransportError.self) { try await send(request, timeout: timeout, settings) }
    }

    // MARK: Good exchanges

    @Test("A request arrives as it was made, and its answer comes back as it was given")
    func exchange() async throws {
        let seen = Mutex<ReceivedRequest?>(nil)
        let server = try await LocalHTTPServer.start { request in
            seen.withLock { $0 = request }
            return HTTPAnswer(
                status: 418, headers: [("X-Answer", "two"), ("Content-Encoding", "gzip")], body: Array("not gzip".utf8))
        }
        let response = try await send(post(server.port))
        await server.stop()
        let request = try #require(seen.withLock { $0 })
        #expect(request.method == "POST" && request.path == "/p%20q/" && request.query == "x=%2F")
        #expect(request.text == "{\"a\":1}")
        #expect(request.header("X-Test") == "one")
        #expect(request.header("Host") == "127.0.0.1:\(server.port)")
        #expect(request.header("Content-Length") == "7")
        #expect(response.status == 418)
        #expect(response.header("x-answer") == "two")
        #expect(Core.text(response.body) == "not gzip")
    }

    @Test("Requests without a body, and with an empty one", arguments: [HTTPRequest.Method.get, .put, .post])
    func withoutBody(_ method: HTTPRequest.Method) async throws {
        let server = try await LocalHTTPServer.start { request in
            HTTPAnswer(body: Array("\(request.method) \(request.body.count)".utf8))
        }
        let response = try await send(
            HTTPRequest(method: method, scheme: "http", host: "localhost", port: server.port))
        await server.stop()
        #expect(Core.text(response.body) == "\(method.rawValue) 0")
    }

    @Test("A large body arrives whole, and a large answer comes back whole")
    func large() async throws {
        let server = try await LocalHTTPServer.start { HTTPAnswer(body: $0.body + $0.body) }
        let body = String(repeating: "0123456789abcdef", count: 1 << 14)
        let response = try await send(post(server.port, body))
        await server.stop()
        #expect(Core.text(response.body) == body + body)
    }

    @Test("A redirect is handed back, not followed")
    func redirect() async throws {
        let count = Mutex(0)
        let server = try await LocalHTTPServer.start { _ in
            count.withLock { $0 += 1 }
            return HTTPAnswer(status: 302, headers: [("Location", "/elsewhere")])
        }
        let response = try await send(post(server.port))
        await server.stop()
        #expect(response.status == 302)
        #expect(count.withLock { $0 } == 1)
    }

    @Test("One connection serves several requests")
    func keepAlive() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.write(Self.answer) }
            connection.close()
        }
        let transport = try HTTPTransport(settings: AWSSettings())
        for _ in 0..<3 { _ = try await transport.send(post(server.port), timeout: .seconds(20)) }
        await transport.shutdown()
        server.stop()
        #expect(server.connectionCount == 1)
    }

    // MARK: Lost exchanges

    @Test("Where nothing listens, the request did not arrive")
    func refused() async throws {
        let error = await failure(post(try RawServer.deadPort()))
        #expect(error?.kind == .refused)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A name that does not resolve is said so")
    func unknownHost() async {
        let error = await failure(HTTPRequest(scheme: "https", host: "no-such-host.invalid", body: Core.secret("{}")))
        #expect(error?.kind == .unknownHost)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A connection that ends after the request was read: it may have been acted on", arguments: [true, false])
    func endsAfterRequest(byReset: Bool) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            if byReset { connection.reset() } else { connection.close() }
        }
        let error = await failure(post(server.port))
        server.stop()
        #expect(error?.kind == .closed)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("A connection that is reset at once is no answer")
    func resetAtOnce() async throws {
        let server = try RawServer { $0.reset() }
        let error = await failure(post(server.port))
        server.stop()
        // Whether the request was on its way by then is chance; what counts is that it is no silent success.
        #expect(error?.kind == .closed || error?.kind == .refused)
    }

    @Test(
        "An answer that ends in its middle is no answer",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", "HTTP/1.1 200 OK\r\nContent-Len",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
        ])
    func halfAnswer(_ answer: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
            connection.close()
        }
        let error = await failure(post(server.port))
        server.stop()
        #expect(error?.kind == .closed || error?.kind == .malformed)
        #expect(error?.mayHaveArrived == true)
    }

    @Test(
        "What is no HTTP is said so",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "220 ready\r\n\r\n"])
    func notHTTP(_ answer: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
            connection.close()
        }
        let error = await failure(post(server.port))
        server.stop()
        #expect(error?.kind == .malformed)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("Silence after the request ends at the time limit, and the request may have arrived")
    func silence() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            _ = connection.read()
            connection.close()
        }
        let error = await failure(post(server.port), timeout: .milliseconds(200))
        server.stop()
        #expect(error?.kind == .timeout)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("The time limit holds while an answer trickles in, too")
    func trickle() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.write("x") { usleep(10_000) }
            connection.close()
        }
        let error = await failure(post(server.port), timeout: .milliseconds(300))
        server.stop()
        #expect(error?.kind == .timeout)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("Silence instead of TLS ends at the time limit, and the request did not arrive")
    func silentTLS() async throws {
        let server = try RawServer { connection in
            while !connection.read().isEmpty {}
            connection.close()
        }
        let error = await failure(post(server.port, scheme: "https", host: "localhost"), timeout: .milliseconds(300))
        server.stop()
        #expect(error?.kind == .timeout)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("An answer that is longer than any is cut off", arguments: [true, false])
    func tooLong(saysSo: Bool) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            if saysSo {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(HTTPTransport.longestAnswer + 1)\r\n\r\n{")
            } else {
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = Array("100000\r\n".utf8) + [UInt8](repeating: 0x20, count: 1 << 20) + Array("\r\n".utf8)
                while connection.write(chunk) {}
            }
            _ = connection.read()
            connection.close()
        }
        let error = await failure(post(server.port), timeout: .seconds(60))
        server.stop()
        #expect(error?.kind == .malformed)
        #expect(error?.reason == "the answer is longer than 16 MiB")
        #expect(error?.mayHaveArrived == true)
    }

    @Test("A request that is cancelled ends as cancelled")
    func cancelled() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            _ = connection.read()
            connection.close()
        }
        let transport = try HTTPTransport(settings: AWSSettings())
        let request = post(server.port)
        let task = Task { try await transport.send(request, timeout: .seconds(20)) }
        while server.connectionCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await transport.shutdown()
        server.stop()
    }

    // MARK: TLS

    @Test("A certificate that the settings' bundle holds is trusted, and no other")
    func bundle() async throws {
        let certificate = try TestCertificate.selfSigned()
        defer { certificate.remove() }
        let count = Mutex(0)
        let server = try await LocalHTTPServer.start(certificate: certificate) { _ in
            count.withLock { $0 += 1 }
            return HTTPAnswer(body: Array("{}".utf8))
        }
        let request = post(server.port, scheme: "https", host: "localhost")

        let error = await failure(request)
        #expect(error?.kind == .tls)
        #expect(error?.reason == "the server's certificate is not trusted")
        #expect(error?.mayHaveArrived == false)
        #expect(count.withLock { $0 } == 0)

        var settings = AWSSettings()
        settings.certificateBundle = .init(certificate.certificateFile, "AWS_CA_BUNDLE")
        #expect(try await send(request, settings).status == 200)

        let another = try TestCertificate.selfSigned()
        defer { another.remove() }
        settings.certificateBundle = .init(another.certificateFile, "AWS_CA_BUNDLE")
        #expect(await failure(request, settings)?.kind == .tls)
        await server.stop()
    }

    @Test("A trusted certificate for another name is not taken")
    func wrongName() async throws {
        let certificate = try ServiceCertificate(name: "service.test")
        defer { certificate.remove() }
        let server = try await LocalHTTPServer.start(certificate: certificate.files) { _ in HTTPAnswer() }
        let error = await failure(post(server.port, scheme: "https", host: "localhost"), certificate.trusting)
        await server.stop()
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A server that speaks no TLS is said so")
    func noTLS() async throws {
        let server = try RawServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()
        }
        let error = await failure(post(server.port, scheme: "https", host: "localhost"))
        server.stop()
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A bundle that cannot be read is told at once", arguments: ["", "no certificate", nil] as [String?])
    func badBundle(_ content: String?) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString).pem")
        try content?.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var settings = AWSSettings()
        settings.certificateBundle = .init(file.path, "AWS_CA_BUNDLE")
        let error = #expect(throws: TransportError.self) { try HTTPTransport(settings: settings) }
        #expect(error?.kind == .tls)
        #expect(error?.reason == "the certificates in \(file.path), from AWS_CA_BUNDLE, cannot be read")
    }

    // MARK: What is never sent

    @Test(
        "Plain http leaves this machine only for credentials, and never with a body",
        arguments: [
            ("http", "127.0.0.1", true, true), ("http", "::1", true, true), ("http", "localhost", true, true),
            ("http", "169.254.170.2", false, true), ("http", "169.254.170.23", false, true),
            ("http", "fd00:ec2::23", false, true), ("http", "169.254.169.254", false, true),
            ("http", "fd00:ec2::254", false, true), ("http", "169.254.169.254", true, false),
            ("http", "169.254.170.3", false, false), ("http", "example.com", false, false),
            ("http", "10.0.0.1", false, false), ("https", "example.com", true, true),
            ("ftp", "127.0.0.1", false, false),
            ("HTTP", "127.0.0.1", false, false), ("", "", false, false),
        ])
    func plainHTTP(_ scheme: String, _ host: String, _ hasBody: Bool, _ isAllowed: Bool) {
        let request = HTTPRequest(scheme: scheme, host: host, body: hasBody ? Core.secret("{}") : nil)
        let error: TransportError?
        do throws(TransportError) {
            try HTTPTransport.check(request)
            error = nil
        } catch let refusal {
            error = refusal
        }
        #expect((error == nil) == isAllowed)
        #expect(error?.mayHaveArrived != true)
    }

    @Test("A header cannot carry another", arguments: ["a\r\nX-Evil: b", "a\nb", "a\u{0}", "\u{7F}"])
    func headerInjection(_ value: String) async throws {
        let server = try RawServer { $0.close() }
        var request = post(server.port)
        request.headers = [("X-Test", value)]
        let error = await failure(request)
        server.stop()
        #expect(error?.reason == "a header holds a control character")
        #expect(server.connectionCount == 0)
    }

    @Test("After shutdown nothing is sent, and a second shutdown does no harm")
    func shutdown() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(Self.answer)
            connection.close()
        }
        let transport = try HTTPTransport(settings: AWSSettings())
        _ = try await transport.send(post(server.port), timeout: .seconds(20))
        await transport.shutdown()
        await transport.shutdown()
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(post(server.port), timeout: .seconds(20))
        }
        server.stop()
        #expect(error?.kind == .closed)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A transport that nobody shut down ends in peace")
    func abandoned() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(Self.answer)
            connection.close()
        }
        for _ in 0..<3 {
            let transport = try HTTPTransport(settings: AWSSettings())
            #expect(try await transport.send(post(server.port), timeout: .seconds(20)).status == 200)
        }
        server.stop()
    }
}
