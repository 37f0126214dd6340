// What the tests of the client's core share: a clock that stands still, fake credentials, a rehearsed transport.

import Foundation
import HTTP
import Secrets
import Synchronization
import Testing
import World

@testable import AWS

enum Core {
    /// 2025-11-24T08:59:03Z
    static let now = Instant(seconds: 1_763_974_743)

    /// A world whose sleeps are only written down, and whose jitter is the longest there is.
    static func world(now: Instant = now, slept: Slept = Slept()) -> World {
        World(
            now: { now }, environment: [:], randomBytes: { [UInt8](repeating: 7, count: $0) }, jitter: { 1 },
            sleep: { duration in
                try Task.checkCancellation()
                slept.append(duration)
            })
    }

    static func secret(_ text: String) -> SharedSecret { SharedSecret(copying: Array(text.utf8)) }

    static func text(_ secret: SharedSecret?) -> String {
        secret.map { $0.withBytes { span in span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } } } ?? ""
    }

    /// The key that AWS's documents sign their examples with, put together so that it stands nowhere in one piece.
    static func exampleCredentials(token: String? = nil) -> AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKID" + "EXAMPLE",
            secretAccessKey: secret(["wJalrXUtnFEMI", "K7MDENG+bPxRfiCY" + "EXAMPLEKEY"].joined(separator: "/")),
            sessionToken: token.map(secret), source: "a test")
    }

    final class Slept: Sendable {
        private let durations = Mutex<[Duration]>([])
        func append(_ duration: Duration) { durations.withLock { $0.append(duration) } }
        var all: [Duration] { durations.withLock { $0 } }
    }
}

/// Answers in the order it was given, and keeps what it was asked.
final class RehearsedTransport: Transport {
    enum Turn: Sendable {
        case answer(Int, String, [String: String] = [:])
        case loss(TransportError.Kind, mayHaveArrived: Bool)
    }

    private let turns: Mutex<[Turn]>
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ turns: [Turn]) { self.turns = Mutex(turns) }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        seen.withLock { $0.append(request) }
        let turn = turns.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch try #require(turn, "the client asks more often than was rehearsed") {
        case .answer(let status, let body, let headers):
            return HTTPResponse(status: status, headers: headers.map { ($0.key, $0.value) }, body: Core.secret(body))
        case .loss(let kind, let mayHaveArrived):
            throw TransportError(kind: kind, reason: "the line went dead", mayHaveArrived: mayHaveArrived)
        }
    }
}

/// Hands out a new key each time it is asked to refresh.
final class CountingCredentials: CredentialSource {
    private let calls = Mutex<[Bool]>([])
    private let refreshFails: Bool

    init(refreshFails: Bool = false) { self.refreshFails = refreshFails }

    var asked: [Bool] { calls.withLock { $0 } }

    func credentials(refreshing: Bool) async throws -> AWSCredentials {
        let refreshes = calls.withLock { calls in
            calls.append(refreshing)
            return 1 + calls.count { $0 }
        }
        if refreshing, refreshFails {
            throw CredentialError(kind: .sourceFailed, source: "a test", reason: "the session is over")
        }
        var credentials = Core.exampleCredentials()
        credentials.accessKeyID = "KEY\(refreshes)"
        return credentials
    }
}

/// The same numbers every time, so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Text of these pieces and of arbitrary bytes.
    mutating func bytes(from pieces: [String], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            if Int.random(in: 0..<8, using: &self) == 0 {
                bytes.append(UInt8.random(in: .min ... .max, using: &self))
            } else if let piece = pieces.randomElement(using: &self) {
                bytes += Array(piece.utf8)
            }
        }
        return bytes
    }
}
