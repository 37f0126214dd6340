// The real transport against real sockets: whole exchanges, and what is never sent.

import Foundation
import Secrets
import Synchronization
import TestServers
import Testing

@testable import AWS
@testable import HTTP

@Suite("The network")
struct HTTPTransportTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    @Test("A request arrives as it was made, and its answer comes back as it was given")
    func exchange() async throws {
        let seen = Mutex<ReceivedRequest?>(nil)
        let server = try await LocalHTTPServer.start { request in
            seen.withLock { $0 = request }
            return HTTPAnswer(
                status: 418, headers: [("X-Answer", "two"), ("Content-Encoding", "gzip")], body: Array("not gzip".utf8))
        }
        let response = try await OneExchange.send(OneExchange.post(server.port))
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
        let response = try await OneExchange.send(
            HTTPRequest(method: method, scheme: "http", host: "localhost", port: server.port))
        await server.stop()
        #expect(Core.text(response.body) == "\(method.rawValue) 0")
    }

    @Test("A large body arrives whole, and a large answer comes back whole")
    func large() async throws {
        let server = try await LocalHTTPServer.start { HTTPAnswer(body: $0.body + $0.body) }
        let body = String(repeating: "0123456789abcdef", count: 1 << 14)
        let response = try await OneExchange.send(OneExchange.post(server.port, body))
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
        let response = try await OneExchange.send(OneExchange.post(server.port))
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
        for _ in 0..<3 { _ = try await transport.send(OneExchange.post(server.port), timeout: .seconds(20)) }
        await transport.shutdown()
        server.stop()
        #expect(server.connectionCount == 1)
    }

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
        var request = OneExchange.post(server.port)
        request.headers = [("X-Test", value)]
        let error = await OneExchange.failure(request)
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
        _ = try await transport.send(OneExchange.post(server.port), timeout: .seconds(20))
        await transport.shutdown()
        await transport.shutdown()
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(OneExchange.post(server.port), timeout: .seconds(20))
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
            #expect(try await transport.send(OneExchange.post(server.port), timeout: .seconds(20)).status == 200)
        }
        server.stop()
    }

    @Test("What a log or a debugger prints of a request, an answer or a proxy holds no header and no password")
    func descriptions() throws {
        let credentials = Core.exampleCredentials(token: "the-session-token")
        let request = Signer(service: "sts", region: "eu-west-1").sign(
            HTTPRequest(scheme: "https", host: "a.example", query: "q=hidden", body: Core.secret("hidden")),
            with: credentials, at: Core.now)
        let response = HTTPResponse(status: 200, headers: [("Set-Cookie", "hidden")], body: Core.secret("hidden"))
        let proxy = try ProxyAddress(Core.secret("http://user:" + "hidden@proxy.example:1"))
        let values: [Any] = [request, response, proxy, credentials]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [String(describing: value), String(reflecting: value), dumped] {
                #expect(!text.contains("hidden") && !text.contains("the-session-token") && !text.contains("Signature"))
            }
        }
        #expect("\(request)" == "POST https://a.example/")
        #expect("\(response)" == "HTTP 200, 6 bytes" && "\(proxy)" == "proxy.example:1")
    }
}
