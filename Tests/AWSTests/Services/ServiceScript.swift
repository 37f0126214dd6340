// A transport that answers from a script, and the clients on it.

import Foundation
import HTTP
import JSON
import Secrets
import Synchronization
import World

@testable import AWS

/// Answers what it was told to, in order, and keeps what it was asked.
final class ServiceScript: Transport {
    struct Answer: Sendable {
        var status = 200
        var body: String
    }

    struct Asked: @unchecked Sendable {
        var operation: String
        var body: String
        /// Request line and headers, the body aside.
        var visible: String

        /// The body of a JSON request.
        var json: NSDictionary {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? NSDictionary ?? [:]
        }

        /// The fields of a query request, decoded.
        var fields: [String: String] {
            var fields: [String: String] = [:]
            for pair in body.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { String($0) }
                fields[parts[0]] = parts.count > 1 ? parts[1].removingPercentEncoding : ""
            }
            return fields
        }
    }

    private let answers: Mutex<[Answer]>
    private let requests = Mutex<[Asked]>([])
    private let sleeps = Mutex<[Duration]>([])

    init(_ answers: [Answer]) { self.answers = Mutex(answers) }
    convenience init(_ bodies: String...) { self.init(bodies.map { Answer(body: $0) }) }

    var asked: [Asked] { requests.withLock { $0 } }
    /// What was waited for between requests.
    var slept: [Duration] { sleeps.withLock { $0 } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let body = request.body?.withBytes { bytes in
            String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        }
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }
            .map { String($0.value.split(separator: ".").last ?? "") }
        let headers = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        var asked = Asked(
            operation: target ?? "", body: body ?? "",
            visible: "\(request.path)?\(request.query ?? "")\n\(headers)")
        if target == nil { asked.operation = asked.fields["Action"] ?? "" }
        requests.withLock { $0.append(asked) }
        guard let answer = answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
            throw TransportError(kind: .refused, reason: "the script has ended", mayHaveArrived: false)
        }
        return HTTPResponse(
            status: answer.status, headers: [("Content-Type", "application/x-amz-json-1.1")],
            body: SharedSecret(copying: answer.body.utf8))
    }

    /// 2025-11-24T08:00:00Z
    static let now = Instant(seconds: 1_763_971_200)

    var world: World {
        World(
            now: { Self.now }, environment: [:], randomBytes: { Array(repeating: 7, count: $0) }, jitter: { 0 },
            sleep: { duration in self.sleeps.withLock { $0.append(duration) } })
    }

    func client(_ service: AWSService, region: String = "eu-central-1") throws -> AWSClient {
        let credentials = StaticCredentials(
            AWSCredentials(
                accessKeyID: "AKIA" + "TESTTESTTESTTEST", secretAccessKey: SharedSecret(copying: "test".utf8),
                source: "a test"))
        return try AWSClient(
            service: service, settings: AWSSettings(), region: region, credentials: credentials, transport: self,
            world: world)
    }

    func secretsManager() throws -> SecretsManagerClient { SecretsManagerClient(client: try client(.secretsManager)) }
}
