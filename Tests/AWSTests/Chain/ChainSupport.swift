// What the tests of configuration and credentials share: a world of their own, a folder, a scripted network.

import Foundation
import HTTP
import JSON
import Secrets
import Synchronization
import World

@testable import AWS

/// A home folder that exists for one test.
final class HomeFolder: Sendable {
    let path: String

    init(config: String? = nil, credentials: String? = nil) throws {
        path = NSTemporaryDirectory() + "/aws-chain-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path + "/.aws", withIntermediateDirectories: true)
        if let config { try write(config, ".aws/config") }
        if let credentials { try write(credentials, ".aws/credentials") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        let file = "\(path)/\(name)"
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
}

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time: Mutex<Instant>

    init(_ start: Instant = Instant(seconds: 1_764_000_000)) { time = Mutex(start) }

    var now: Instant { time.withLock { $0 } }
    func advance(_ seconds: Double) { time.withLock { $0 = $0 + seconds } }
}

enum ChainTest {
    static func world(
        _ environment: [String: String] = [:], home: HomeFolder? = nil, clock: TestClock = TestClock()
    ) -> World {
        var environment = environment
        environment["HOME"] = home?.path ?? "/nowhere"
        environment["PATH"] = "/usr/bin:/bin"
        return World(
            now: { clock.now }, environment: environment, randomBytes: { [UInt8](repeating: 7, count: $0) },
            jitter: { 0.5 }, sleep: { _ in try Task.checkCancellation() })
    }

    /// Put together here, so that nothing in this repository looks like a key.
    static func id(_ name: String) -> String { "AKIA" + name.uppercased() }
    static func secret(_ name: String) -> String { "not-a-" + "secret/" + name + "+" }

    static func answer(_ name: String, end: String = "2030-01-01T00:00:00Z", token: String = "Token") -> String {
        #"{"AccessKeyId":"\#(id(name))","SecretAccessKey":"\#(secret(name))","\#(token)":"\#(name)-session","#
            + #""Expiration":"\#(end)","Code":"Success","Version":1}"#
    }

    static func reply(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [], body: SharedSecret(copying: body.utf8))
    }

    static func config(_ text: String, credentials: String = "") throws -> SharedConfig {
        var config = SharedConfig()
        try config.addConfig(SharedSecret(copying: text.utf8), name: "config")
        try config.addCredentials(SharedSecret(copying: credentials.utf8), name: "credentials")
        return config
    }
}

/// Answers by a script, and keeps what was asked.
final class ChainTransport: Transport {
    typealias Script = @Sendable (_ request: HTTPRequest, _ number: Int) async throws -> HTTPResponse
    private let script: Script
    private let asked = Mutex<[(request: HTTPRequest, timeout: Duration)]>([])

    init(_ script: @escaping Script) { self.script = script }

    /// A network where nothing answers.
    static var dead: ChainTransport {
        ChainTransport { _, _ in
            throw TransportError(kind: .timeout, reason: "no answer in time", mayHaveArrived: false)
        }
    }

    var requests: [HTTPRequest] { asked.withLock { $0.map(\.request) } }
    var timeouts: [Duration] { asked.withLock { $0.map(\.timeout) } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let number = asked.withLock {
            $0.append((request, timeout))
            return $0.count
        }
        return try await script(request, number)
    }
}

extension HTTPRequest {
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    var bodyText: String { body?.unprotectedText ?? "" }
    var url: String { "\(scheme)://\(authority)\(path)" + (query.map { "?\($0)" } ?? "") }
}

extension AWSCredentials {
    /// For comparison in tests.
    var parts: [String] {
        [accessKeyID, secretAccessKey.unprotectedText, sessionToken?.unprotectedText ?? "-"]
    }
}

extension CredentialProvider {
    /// The credentials as text, or nil when it is not set up.
    func loadedParts() async throws -> [String]? {
        switch try await load() {
        case .found(let credentials): credentials.parts
        case .notConfigured, .unanswered: nil
        }
    }

    /// The error's kind, reason and remedy; nil when there is none.
    func failureOfLoading() async -> CredentialError? {
        do {
            _ = try await load()
            return nil
        } catch { return error as? CredentialError }
    }
}
