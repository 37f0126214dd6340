// The real transport against servers that go away, stay silent, or talk nonsense.

import Foundation
import Secrets
import Synchronization
import Testing

@testable import AWS
@testable import HTTP

@Suite("The network, when exchanges get lost")
struct LostExchangeTests {
    @Test("Where nothing listens, the request did not arrive")
    func refused() async throws {
        let error = await OneExchange.failure(OneExchange.post(try RawServer.deadPort()))
        #expect(error?.kind == .refused)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A name that does not resolve is said so")
    func unknownHost() async {
        let error = await OneExchange.failure(
            HTTPRequest(scheme: "https", host: "no-such-host.invalid", body: Core.secret("{}")))
        #expect(error?.kind == .unknownHost)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("A connection that ends after the request was read: it may have been acted on", arguments: [true, false])
    func endsAfterRequest(byReset: Bool) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            if byReset { connection.reset() } else { connection.close() }
        }
        let error = await OneExchange.failure(OneExchange.post(server.port))
        server.stop()
        #expect(error?.kind == .closed)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("A connection that is reset at once is no answer")
    func resetAtOnce() async throws {
        let server = try RawServer { $0.reset() }
        let error = await OneExchange.failure(OneExchange.post(server.port))
        server.stop()
        // Whether the request was on its way by then is chance; what counts is that it is no silent success.
        #expect(error?.kind == .closed || error?.kind == .refused)
    }

    @Test(
        "An answer that ends in its middle is no answer",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", "HTTP/1.1 200 OK\r\nContent-Len",
            "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "H",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
        ])
    func halfAnswer(_ answer: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
            connection.close()
        }
        let error = await OneExchange.failure(OneExchange.post(server.port))
        server.stop()
        #expect(error?.kind == .closed)
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
        let error = await OneExchange.failure(OneExchange.post(server.port))
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
        let error = await OneExchange.failure(OneExchange.post(server.port), timeout: .milliseconds(200))
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
        let error = await OneExchange.failure(OneExchange.post(server.port), timeout: .milliseconds(300))
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
        let error = await OneExchange.failure(
            OneExchange.post(server.port, scheme: "https", host: "localhost"), timeout: .milliseconds(300))
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
        // Sixteen MiB are a lot for a debug build on a busy machine.
        let error = await OneExchange.failure(OneExchange.post(server.port), timeout: .seconds(600))
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
        let request = OneExchange.post(server.port)
        let task = Task { try await transport.send(request, timeout: .seconds(20)) }
        while server.connectionCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await transport.shutdown()
        server.stop()
    }

    @Test(
        "A network without a way to the host is said so, and may be there a moment later",
        arguments: [ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN])
    func noWay(_ number: CInt) {
        let error = TransportError(errno: number, mayHaveArrived: false)
        #expect(error.kind == .refused && error.isTransient && !error.mayHaveArrived)
        #expect(error.reason == "there is no way to it in this network")
    }

    @Test("A head without an end is cut off before it fills the memory")
    func endlessHead() async throws {
        let written = Atomic(0)
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            let line = Array("X-Filler: \(String(repeating: "a", count: 8_000))\r\n".utf8)
            while connection.write(line), written.add(line.count, ordering: .relaxed).newValue < 64 << 20 {}
            connection.close()
        }
        let error = await OneExchange.failure(OneExchange.post(server.port), timeout: .seconds(30))
        server.stop()
        #expect(error?.kind == .malformed)
        #expect(written.load(ordering: .relaxed) < 64 << 20)
    }

    @Test(
        "What nobody asked for is never taken for the next request's answer",
        arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nXX", "garbage"])
    func unasked(_ more: String) async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + more)
            }
            connection.close()
        }
        let transport = try HTTPTransport(settings: AWSSettings())
        let answers = Mutex<[String]>([])
        for _ in 0..<4 {
            do {
                let response = try await transport.send(OneExchange.post(server.port), timeout: .seconds(20))
                answers.withLock { $0.append(Core.text(response.body)) }
            } catch let error as TransportError {
                // Where the next request was on its way before the connection was given up.
                #expect(error.kind == .closed || error.kind == .malformed)
            }
        }
        await transport.shutdown()
        server.stop()
        #expect(answers.withLock { $0.first == "{}" && Set($0) == ["{}"] })
    }
}
