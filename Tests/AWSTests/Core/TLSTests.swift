// Whom the real transport trusts.

import Foundation
import HTTP
import Secrets
import Synchronization
import TestServers
import Testing

@testable import AWS

@Suite("TLS")
struct TLSTests {
    @Test("A certificate that the settings' bundle holds is trusted, and no other")
    func bundle() async throws {
        let certificate = try TestCertificate.selfSigned()
        defer { certificate.remove() }
        let count = Mutex(0)
        let server = try await LocalHTTPServer.start(certificate: certificate) { _ in
            count.withLock { $0 += 1 }
            return HTTPAnswer(body: Array("{}".utf8))
        }
        let request = OneExchange.post(server.port, scheme: "https", host: "localhost")

        let error = await OneExchange.failure(request)
        #expect(error?.kind == .tls)
        #expect(error?.reason == "the server's certificate is not trusted")
        #expect(error?.mayHaveArrived == false)
        #expect(count.withLock { $0 } == 0)

        var settings = AWSSettings()
        settings.certificateBundle = .init(certificate.certificateFile, "AWS_CA_BUNDLE")
        #expect(try await OneExchange.send(request, settings).status == 200)

        let another = try TestCertificate.selfSigned()
        defer { another.remove() }
        settings.certificateBundle = .init(another.certificateFile, "AWS_CA_BUNDLE")
        #expect(await OneExchange.failure(request, settings)?.kind == .tls)
        await server.stop()
    }

    @Test("A trusted certificate for another name is not taken")
    func wrongName() async throws {
        let certificate = try ServiceCertificate(name: "service.test")
        defer { certificate.remove() }
        let server = try await LocalHTTPServer.start(certificate: certificate.files) { _ in HTTPAnswer() }
        let error = await OneExchange.failure(
            OneExchange.post(server.port, scheme: "https", host: "localhost"), certificate.trusting)
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
        let error = await OneExchange.failure(OneExchange.post(server.port, scheme: "https", host: "localhost"))
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

    @Test("A server that speaks an older TLS than 1.2 is refused", arguments: [UInt8(1), 2])
    func oldTLS(minorVersion: UInt8) async throws {
        let reply = Mutex<[UInt8]>([])
        let server = try RawServer { connection in
            _ = connection.read()
            // A ServerHello of TLS 1.0 or 1.1 for TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, without a session.
            let hello = [3, minorVersion] + [UInt8](repeating: 0xA5, count: 32) + [0, 0xC0, 0x13, 0]
            let message = [2, 0, 0, UInt8(hello.count)] + hello
            connection.write([22, 3, minorVersion, 0, UInt8(message.count)] + message)
            reply.withLock { $0 = connection.read() }
            connection.close()
        }
        let error = await OneExchange.failure(OneExchange.post(server.port, scheme: "https", host: "localhost"))
        server.stop()
        #expect(error?.kind == .tls)
        #expect(error?.mayHaveArrived == false)
        // An alert, fatal: protocol_version (RFC 8446, section 6).
        #expect(reply.withLock { $0.first == 21 && Array($0.suffix(2)) == [2, 70] })
    }

    @Test("Certificates are taken apart only for TLS: a damaged one does not hinder plain http to this machine")
    func damagedBundle() async throws {
        let begin = ["-----BEGIN ", "CERTIFICATE-----"].joined()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString).pem")
        try "\(begin)\nAAAA\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var settings = AWSSettings()
        settings.certificateBundle = .init(file.path, "AWS_CA_BUNDLE")
        let server = try await LocalHTTPServer.start { _ in HTTPAnswer() }
        #expect(try await OneExchange.send(OneExchange.post(server.port), settings).status == 200)
        let error = await OneExchange.failure(
            OneExchange.post(server.port, scheme: "https", host: "localhost"), settings)
        await server.stop()
        #expect(error?.kind == .tls && error?.mayHaveArrived == false)
        #expect(error?.reason == "the certificates in \(file.path), from AWS_CA_BUNDLE, cannot be read")
    }
}
