// Each fault once: what the client gets, and whether the write was made all the same.

import TestServers
import Testing

/// One fault and what boto3, told to try once, makes of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fault: Fault
    /// Nil when boto3 sees no error.
    var code: String?
    var status: Int
    var isApplied = false

    init(_ description: String, _ fault: Fault, _ code: String?, _ status: Int = 400, applied: Bool = false) {
        testDescription = description
        self.fault = fault
        self.code = code
        self.status = status
        isApplied = applied
    }

    static let all = [
        FaultCase("throttling", .throttle(), "ThrottlingException"),
        FaultCase("throttling with 429", .throttle(status: 429), "ThrottlingException", 429),
        FaultCase("500 without a body", .status(500), "500", 500),
        FaultCase("502 with a page", .html(status: 502), "502", 502),
        FaultCase("503 with text", .status(503, body: "busy"), "503", 503),
        FaultCase("504 without a body", .status(504), "504", 504),
        FaultCase("the service's own failure", .internalServiceError, "InternalServiceError", 500),
        FaultCase("a page with 200", .html(), nil, 200),
        FaultCase("KMS cannot encrypt", .encryptionFailure, "EncryptionFailure"),
        FaultCase("KMS cannot decrypt", .decryptionFailure, "DecryptionFailure"),
        FaultCase("a quota", .quota, "LimitExceededException"),
        FaultCase("an expired token", .expiredToken, "ExpiredTokenException"),
        FaultCase("closed before the write", .closeBeforeHandling, "ConnectionClosedError", 0),
        FaultCase("reset before the write", .resetBeforeHandling, "ConnectionClosedError", 0),
        FaultCase("closed after the write", .closeAfterHandling, "ConnectionClosedError", 0, applied: true),
        FaultCase("reset after the write", .resetAfterHandling, "ConnectionClosedError", 0, applied: true),
        FaultCase("closed in the middle of the body", .closeMidBody, "ConnectionClosedError", 0, applied: true),
        // botocore shrugs at JSON that it cannot read.
        FaultCase("half of the JSON", .halfJSON, nil, 200, applied: true),
        FaultCase("a short wait", .slow(.milliseconds(1)), nil, 200, applied: true),
    ]
}

@Suite struct FaultTests {
    @Test("a fault hits one request, and the next goes through", arguments: FaultCase.all)
    func fault(example: FaultCase) async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            server.inject(example.fault, on: "PutSecretValue")
            let put = ["SecretId": "app", "SecretString": "two", "ClientRequestToken": token(2)]
            let hit = try await boto.call("put_secret_value", put)
            #expect(hit.code == example.code)
            #expect(hit.status == example.status)
            #expect(server.writes(of: "PutSecretValue").count == (example.isApplied ? 1 : 0))
            #expect(server.value(of: "app") == (example.isApplied ? "two" : "one"))

            let next = try await boto.call("put_secret_value", put)
            #expect(next.code == nil)
            #expect(next["VersionId"] == token(2))
            #expect(server.writes(of: "PutSecretValue").count == 1)
            #expect(server.requests(for: "PutSecretValue").count == 2)
        }
    }

    @Test("faults are met in their order, by their operation only")
    func order() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            server.inject(.throttle(), on: "GetSecretValue", times: 2)
            server.inject(.quota, on: "GetSecretValue")
            #expect(try await boto.call("describe_secret", ["SecretId": "app"]).code == nil)
            var codes: [String?] = []
            for _ in 1...4 { codes.append(try await boto.call("get_secret_value", ["SecretId": "app"]).code) }
            #expect(codes == ["ThrottlingException", "ThrottlingException", "LimitExceededException", nil])
            #expect(server.faultsLeft == 0)
        }
    }

    @Test("a client that tries again after a lost answer writes once")
    func retried() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            server.inject(.closeAfterHandling, on: "PutSecretValue")
            var boto = boto
            boto.attempts = 3
            let put = try await boto.call("put_secret_value", ["SecretId": "app", "SecretString": "two"])
            #expect(put.code == nil)
            #expect(server.requests(for: "PutSecretValue").map(\.failed) == [true, false])
            #expect(server.writes(of: "PutSecretValue").count == 1)
        }
    }

    @Test("a client whose patience ends before a slow answer gets none")
    func slow() async throws {
        try await withDouble { server, boto in
            server.inject(.slow(.seconds(20)), on: "ListSecrets")
            var boto = boto
            boto.readTimeoutSeconds = 0.2
            let answer = try await boto.call("list_secrets")
            #expect(answer.code == "ReadTimeoutError")
        }
    }

    @Test("headers tell when to come back, and a clock that is wrong")
    func headers() async throws {
        try await withDouble { server, boto in
            server.inject(.throttle(retryAfterMilliseconds: 1_500))
            let throttled = try await boto.call("list_secrets")
            #expect(throttled["ResponseMetadata", "HTTPHeaders", "x-amz-retry-after"] == "1500")
            server.inject(.wrongDate(bySeconds: -86_400 * 365))
            let dated = try await boto.call("list_secrets")
            let ordinary = try await boto.call("list_secrets")
            let dates = [dated, ordinary].compactMap { $0["ResponseMetadata", "HTTPHeaders", "date"] }
            try #require(dates.count == 2)
            #expect(dates[0].dropLast(13) != dates[1].dropLast(13))
        }
    }

    @Test("errors come in both spellings of their message and type")
    func spellings() async throws {
        try await withDouble { server, boto in
            var bodies: Set<String> = []
            for _ in 1...4 {
                let answer = try await boto.call("get_secret_value", ["SecretId": "nothing"])
                #expect(answer.code == "ResourceNotFoundException")
                #expect(answer.message == "Secrets Manager can't find the specified secret.")
                bodies.insert(answer["ResponseMetadata", "HTTPHeaders", "content-length"] ?? "")
            }
            #expect(bodies.count == 2)
        }
    }

    @Test("a foreign write fits in before a call is handled, and after")
    func hooks() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            server.before("GetSecretValue") { [weak server] _ in _ = try? server?.setValue(of: "app", "two") }
            server.after("GetSecretValue") { [weak server] _ in _ = try? server?.setValue(of: "app", "three") }
            #expect(try await boto.call("get_secret_value", ["SecretId": "app"])["SecretString"] == "two")
            #expect(server.value(of: "app") == "three")
            server.removeHooks()
            #expect(try await boto.call("get_secret_value", ["SecretId": "app"])["SecretString"] == "three")
        }
    }

    @Test("requests are kept as they came, so a test can look for a secret in what others can see")
    func capture() async throws {
        try await withDouble { server, boto in
            let value = "value-that-must-stay-in-the-body"
            try await boto.call("create_secret", ["Name": "app", "SecretString": value])
            let request = try #require(server.requests.first)
            #expect(request.service == "secretsmanager")
            #expect(request.operation == "CreateSecret")
            #expect(request.method == "POST")
            #expect(request.path == "/")
            #expect(String(decoding: request.body, as: UTF8.self).contains(value))
            #expect(!request.visibleText.contains(value))
            #expect(request.visibleText.contains("secretsmanager.CreateSecret"))
            server.forgetRequests()
            #expect(server.requests.isEmpty)
            #expect(server.writes.isEmpty)
        }
    }
}
