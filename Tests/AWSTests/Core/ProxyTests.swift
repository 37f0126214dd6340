// Requests through a proxy, and past it.

import Foundation
import Secrets
import Synchronization
import TestServers
import Testing

@testable import AWS
@testable import HTTP

@Suite("Proxies")
struct ProxyTests {
    private static let credentials = "us%20er:" + "pa%3Ass"

    private func proxied(_ port: Int, _ settings: AWSSettings = AWSSettings()) -> AWSSettings {
        var settings = settings
        settings.httpsProxy = Core.secret("http://\(Self.credentials)@127.0.0.1:\(port)/")
        return settings
    }

    private let request = HTTPRequest(
        scheme: "https", host: "service.test", headers: [("Authorization", "for the service alone")],
        body: Core.secret("{\"a\":1}"))

    @Test("A tunnel is asked for with the user's name and password, and carries TLS that the proxy cannot read")
    func tunnel() async throws {
        let certificate = try ServiceCertificate(name: "service.test")
        defer { certificate.remove() }
        let server = try await LocalHTTPServer.start(certificate: certificate.files) { HTTPAnswer(body: $0.body) }
        let asked = Mutex("")
        let target = server.port
        let proxy = try RawServer { connection in
            let request = connection.readRequest() ?? ""
            asked.withLock { $0 = request }
            guard let other = RawServer.Connection.to(port: target) else { return connection.close() }
            connection.write("HTTP/1.1 200 Connection established\r\n\r\n")
            connection.tunnel(to: other)
            connection.close()
            other.close()
        }
        let response = try await OneExchange.send(request, proxied(proxy.port, certificate.trusting))
        await server.stop()
        proxy.stop()
        #expect(response.status == 200)
        #expect(Core.text(response.body) == "{\"a\":1}")
        let head = asked.withLock { $0 }
        #expect(head.hasPrefix("CONNECT service.test:443 HTTP/1.1\r\n"))
        let encoded = Data(["us er", "pa:ss"].joined(separator: ":").utf8).base64EncodedString()
        #expect(head.lowercased().contains("proxy-authorization: basic \(encoded.lowercased())\r\n"))
        #expect(!head.contains("for the service alone"))
    }

    @Test(
        "A proxy that does not open the way is named as the reason",
        arguments: [
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        ])
    func closedWay(_ answer: String) async throws {
        let proxy = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
            connection.close()
        }
        let error = await #expect(throws: TransportError.self) {
            try await OneExchange.send(request, proxied(proxy.port))
        }
        proxy.stop()
        #expect(error?.kind == .proxy)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("This machine is reached without the proxy")
    func loopback() async throws {
        let proxy = try RawServer { $0.close() }
        let server = try await LocalHTTPServer.start { _ in HTTPAnswer() }
        let local = HTTPRequest(scheme: "http", host: "127.0.0.1", port: server.port, body: Core.secret("{}"))
        #expect(try await OneExchange.send(local, proxied(proxy.port)).status == 200)
        await server.stop()
        proxy.stop()
        #expect(proxy.connectionCount == 0)
    }

    @Test("So is what NO_PROXY lists")
    func noProxy() async throws {
        let proxy = try RawServer { $0.close() }
        var settings = proxied(proxy.port)
        settings.noProxy = [".invalid"]
        let direct = HTTPRequest(scheme: "https", host: "no-such-host.invalid", body: Core.secret("{}"))
        let error = await #expect(throws: TransportError.self) { try await OneExchange.send(direct, settings) }
        proxy.stop()
        #expect(error?.kind == .unknownHost)
        #expect(proxy.connectionCount == 0)
    }

    @Test(
        "Which hosts a list covers",
        arguments: [
            ("*", "a.example.com", true), ("example.com", "example.com", true), ("example.com", "a.example.com", true),
            (".example.com", "a.example.com", true), (".example.com", "example.com", true),
            ("*.example.com", "a.b.example.com", true), ("example.com", "notexample.com", false),
            ("EXAMPLE.com", "A.Example.COM", true), ("example.com", "example.com.evil.org", false),
            ("example.com:443", "example.com", true), ("example.com:8443", "example.com", false),
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/32", "10.1.2.3", true),
            ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "example.com", false), ("10.0.0.0/33", "10.0.0.1", false),
            ("10.0.0.1", "10.0.0.1", true), ("fd00::1", "fd00::1", true), ("[fd00::1]", "fd00::1", true),
            ("[fd00::1]:443", "fd00::1", true), ("[fd00::1]:80", "fd00::1", false), ("", "example.com", false),
            (".", "example.com", false), ("a/b", "a", false), ("com", "example.com", true),
        ])
    func lists(_ entry: String, _ host: String, _ isCovered: Bool) {
        #expect(NoProxy([entry]).covers(host, port: 443) == isCovered)
        #expect(NoProxy(["other.test", entry]).covers(host, port: 443) == isCovered)
    }

    @Test(
        "Addresses of proxies",
        arguments: [
            ("http://proxy.test:3128", "proxy.test", 3_128), ("proxy.test:3128", "proxy.test", 3_128),
            ("http://proxy.test", "proxy.test", 80), ("HTTP://u:p@proxy.test:1/x", "proxy.test", 1),
            ("http://u:p@@proxy.test:1", "proxy.test", 1), ("http://[fd00::1]:8080", "fd00::1", 8_080),
        ])
    func addresses(_ text: String, _ host: String, _ port: Int) throws {
        let address = try ProxyAddress(Core.secret(text))
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "Addresses that cannot be used, told without repeating them",
        arguments: [
            "", "socks5://hidden", "https://hidden", "http://", "http://hidden:x", "http://hidden:0", "hid den",
            "http://u:hidden@",
        ])
    func badAddresses(_ text: String) {
        let error = #expect(throws: TransportError.self) { try ProxyAddress(Core.secret(text)) }
        #expect(error?.kind == .proxy)
        #expect(error?.mayHaveArrived == false)
        #expect(error?.reason.contains("hid") == false)
    }

    private static let pieces = ["http://", "//", ":", "@", "/", "[", "]", "%41", "%", "a", "127.0.0.1", "1", ".", "*"]

    @Test("No address and no list at all make the reader fall", arguments: 0..<300 as Range<UInt64>)
    func anything(seed: UInt64) {
        var random = SplitMix(state: seed)
        let bytes = random.bytes(from: Self.pieces, count: 8)
        let text = String(decoding: bytes, as: UTF8.self)
        if let address = try? ProxyAddress(SharedSecret(copying: bytes)) {
            #expect(!address.host.isEmpty)
            #expect((1...65_535).contains(address.port))
        }
        _ = NoProxy([text]).covers("127.0.0.1", port: 443)
        _ = NoProxy(["127.0.0.0/8"]).covers(text, port: 443)
    }
}

/// A self-signed certificate for one name, made by `openssl` for one test.
struct ServiceCertificate {
    let files: TestCertificate

    init(name: String) throws {
        // Its files are written over: they come with a folder that is taken away again.
        files = try TestCertificate.selfSigned()
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "1",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", files.keyFile, "-out",
            files.certificateFile,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
    }

    /// Settings under which it is trusted.
    var trusting: AWSSettings {
        var settings = AWSSettings()
        settings.certificateBundle = .init(files.certificateFile, "a test")
        return settings
    }

    func remove() { files.remove() }
}
