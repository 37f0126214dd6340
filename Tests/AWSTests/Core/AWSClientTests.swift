// Calls from end to end, but for the network.

import JSON
import Secrets
import Testing
import World

@testable import AWS

@Suite("Calls")
struct AWSClientTests {
    private func client(
        _ transport: any Transport, _ service: AWSService = .secretsManager, region: String = "eu-central-1",
        credentials: (any CredentialSource)? = CountingCredentials(), slept: Core.Slept = Core.Slept(),
        _ change: (inout AWSSettings) -> Void = { _ in }
    ) throws -> AWSClient {
        var settings = AWSSettings()
        change(&settings)
        return try AWSClient(
            service: service, settings: settings, region: region, credentials: credentials, transport: transport,
            world: Core.world(slept: slept))
    }

    private func header(_ request: HTTPRequest, _ name: String) -> String? {
        request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static let body = "{\"SecretId\":\"app/prod\"}"
    private static let throttle = RehearsedTransport.Turn.answer(
        400, #"{"__type":"ThrottlingException","message":"slow down"}"#)
    private static let expired = RehearsedTransport.Turn.answer(
        400, #"{"__type":"ExpiredTokenException","message":"expired"}"#)

    // MARK: What goes out and what comes back

    @Test("A JSON call is a signed POST that names its operation")
    func jsonRequest() async throws {
        let transport = RehearsedTransport([.answer(200, #"{"Name":"app/prod"}"#)])
        let answer = try await client(transport).json("DescribeSecret", Core.secret(Self.body))
        #expect(answer.root["Name"]?.string == "app/prod")
        let request = try #require(transport.requests.first)
        #expect(request.method == .post && request.scheme == "https" && request.path == "/")
        #expect(request.host == "secretsmanager.eu-central-1.amazonaws.com")
        #expect(header(request, "X-Amz-Target") == "secretsmanager.DescribeSecret")
        #expect(header(request, "Content-Type") == "application/x-amz-json-1.1")
        #expect(header(request, "X-Amz-Date") == "20251124T085903Z")
        #expect(
            header(request, "Authorization")?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=KEY1/20251124/eu-central-1/secretsmanager/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=") == true)
        #expect(Core.text(request.body) == Self.body)
    }

    @Test("CloudTrail is called under its long name")
    func cloudTrail() async throws {
        let transport = RehearsedTransport([.answer(200, "{}")])
        _ = try await client(transport, .cloudTrail).json("LookupEvents", Core.secret("{}"))
        let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
        #expect(header(transport.requests[0], "X-Amz-Target") == target)
    }

    @Test("A query is a form, with its secrets encoded and the result element as its answer")
    func query() async throws {
        let transport = RehearsedTransport([
            .answer(200, "<AssumeRoleResponse><AssumeRoleResult><A>1</A></AssumeRoleResult></AssumeRoleResponse>"),
            .answer(200, "<AssumeRoleResponse><Other/></AssumeRoleResponse>"),
        ])
        let client = try client(transport, .sts)
        let secrets = [("TokenCode", Core.secret("1+2&é"))]
        let result = try await client.query("AssumeRole", [("RoleArn", "arn:aws:iam::1:role/a b")], secrets: secrets)
        #expect(result["A"]?.text == "1")
        #expect(try await client.query("AssumeRole", []).name == "AssumeRoleResponse")
        #expect(
            Core.text(transport.requests[0].body)
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&TokenCode=1%2B2%26%C3%A9"
        )
    }

    @Test("IAM is signed for the region of its partition")
    func globalService() async throws {
        let transport = RehearsedTransport([.answer(200, "<GetUserResponse/>")])
        _ = try await client(transport, .iam).query("GetUser", [])
        #expect(transport.requests[0].host == "iam.amazonaws.com")
        #expect(header(transport.requests[0], "Authorization")?.contains("/us-east-1/iam/aws4_request") == true)
    }

    @Test("Without credentials, nothing is signed")
    func unsigned() async throws {
        let transport = RehearsedTransport([.answer(200, "<AResponse/>")])
        _ = try await client(transport, .sts, credentials: nil).query("A", [])
        #expect(header(transport.requests[0], "Authorization") == nil)
        #expect(header(transport.requests[0], "X-Amz-Date") == nil)
    }

    @Test("An endpoint's prefix comes before the path, and is signed with it")
    func prefix() async throws {
        let transport = RehearsedTransport([.answer(200, "")])
        let client = try client(transport) { $0.endpoint = .init("https://proxy.example.com:444/aws", "a test") }
        let answer = try await client.json("TagResource", Core.secret("{}"))
        #expect(answer.root.kind == .object && answer.root.count == 0)
        #expect(transport.requests[0].path == "/aws/")
        #expect(transport.requests[0].authority == "proxy.example.com:444")
    }

    @Test("A region that could name another host is refused before anything is sent")
    func badRegion() {
        let error = #expect(throws: AWSError.self) { try client(RehearsedTransport([]), region: "evil.com/") }
        #expect(error?.kind == .invalidInput)
        #expect(error?.attempts == 0)
    }

    @Test(
        "A good status with another body is no success",
        arguments: [
            #"<?xml version="1.0"?><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"#,
            "<html>log in</html>", "[]", "\"text\"", "{\"a\":1", "{\"a\":1,\"a\":2}", "null", " ",
        ])
    func unexpectedJSON(_ body: String) async throws {
        let transport = RehearsedTransport([.answer(200, body, ["x-amzn-RequestId": "r1"])])
        let client = try client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("ListSecrets", Core.secret("{}")) }
        #expect(error?.kind == .unexpectedAnswer)
        #expect(error?.mayHaveBeenApplied == true)
        #expect(error?.status == 200 && error?.attempts == 1 && error?.requestID == "r1")
    }

    @Test("Nor is one for another action", arguments: ["", "{}", "<OtherResponse/>", "<AResult/>", "<AResponse>"])
    func unexpectedXML(_ body: String) async throws {
        let client = try client(RehearsedTransport([.answer(200, body)]), .sts)
        let error = await #expect(throws: AWSError.self) { try await client.query("A", []) }
        #expect(error?.kind == .unexpectedAnswer)
    }

    @Test("A redirect is not followed and no success")
    func redirect() async throws {
        let transport = RehearsedTransport([.answer(307, "", ["Location": "https://evil.example.com/"])])
        let client = try client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("ListSecrets", Core.secret("{}")) }
        #expect(error?.kind == .unexpectedAnswer)
        #expect(transport.requests.count == 1)
    }

    @Test("An error says what, where, who and how often, and nothing of the request")
    func wholeError() async throws {
        let secret = "correct horse battery staple"
        let turn = RehearsedTransport.Turn.answer(
            400, #"{"__type":"ValidationException","message":"Value '\#(secret)' is too long"}"#,
            ["x-amzn-RequestId": "r-1"])
        let client = try client(RehearsedTransport([Self.throttle, turn]))
        let body = Core.secret(#"{"SecretId":"a","SecretString":"\#(secret)"}"#)
        let error = try #require(
            await #expect(throws: AWSError.self) { try await client.json("PutSecretValue", body) })
        #expect(error.kind == .invalidInput)
        #expect(error.operation == "PutSecretValue" && error.service == "secretsmanager")
        #expect(error.code == "ValidationException" && error.status == 400 && error.requestID == "r-1")
        #expect(error.attempts == 2)
        #expect(error.identity == "KEY1 from a test")
        #expect(error.endpoint == "secretsmanager.eu-central-1.amazonaws.com")
        #expect(!error.mayHaveBeenApplied)
        #expect(!String(describing: error).contains("horse"))
        #expect(!String(reflecting: error).contains("horse"))
    }

    // MARK: Trying again

    @Test("Throttles are waited out, each longer than the one before")
    func throttles() async throws {
        let slept = Core.Slept()
        let transport = RehearsedTransport([Self.throttle, Self.throttle, .answer(200, "{}")])
        _ = try await client(transport, slept: slept).json("GetSecretValue", Core.secret(Self.body))
        #expect(slept.all == [.seconds(1), .seconds(2)])
        #expect(transport.requests.count == 3)
    }

    @Test("After the last attempt the error is told")
    func lastAttempt() async throws {
        let transport = RehearsedTransport([Self.throttle, Self.throttle])
        let client = try client(transport) { $0.maxAttempts = 2 }
        let error = await #expect(throws: AWSError.self) {
            try await client.json("GetSecretValue", Core.secret(Self.body))
        }
        #expect(error?.kind == .throttled && error?.attempts == 2)
        #expect(error?.mayHaveBeenApplied == false)
    }

    @Test(
        "What is final is asked once",
        arguments: [
            "LimitExceededException", "AccessDeniedException", "ResourceNotFoundException", "DecryptionFailure",
            "InvalidRequestException", "UnrecognizedClientException",
        ])
    func final(_ code: String) async throws {
        let transport = RehearsedTransport([.answer(400, #"{"__type":"\#(code)","message":"m"}"#)])
        let client = try client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.code == code)
        #expect(transport.requests.count == 1)
    }

    @Test("A lost answer is asked for again, and it stays known that the first may have been applied")
    func lostThenExists() async throws {
        let transport = RehearsedTransport([
            .loss(.closed, mayHaveArrived: true),
            .answer(400, #"{"__type":"ResourceExistsException","message":"already there"}"#),
        ])
        let client = try client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("CreateSecret", Core.secret("{}")) }
        #expect(error?.kind == .alreadyExists)
        #expect(error?.mayHaveBeenApplied == true)
        #expect(Core.text(transport.requests[0].body) == Core.text(transport.requests[1].body))
    }

    @Test(
        "What may not be done twice is sent again only when it did not arrive",
        arguments: [(true, 1), (false, 2)])
    func notIdempotent(_ mayHaveArrived: Bool, _ requests: Int) async throws {
        let transport = RehearsedTransport([.loss(.closed, mayHaveArrived: mayHaveArrived), .answer(200, "{}")])
        let client = try client(transport)
        let answer = try? await client.json("RotateSecret", Core.secret("{}"), isIdempotent: false)
        #expect((answer == nil) == mayHaveArrived)
        #expect(transport.requests.count == requests)
    }

    @Test(
        "Losses that another try does not mend",
        arguments: [(TransportError.Kind.tls, AWSError.Kind.unreachable), (.malformed, .unexpectedAnswer)])
    func finalLosses(_ loss: TransportError.Kind, _ kind: AWSError.Kind) async throws {
        let client = try client(RehearsedTransport([.loss(loss, mayHaveArrived: false)]))
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.kind == kind)
        #expect(error?.message == "the line went dead")
        #expect(error?.code == "" && error?.status == nil)
    }

    @Test("Expired credentials are fetched anew once")
    func refresh() async throws {
        let credentials = CountingCredentials()
        let transport = RehearsedTransport([Self.expired, .answer(200, "{}")])
        _ = try await client(transport, credentials: credentials).json("A", Core.secret("{}"))
        #expect(credentials.asked == [false, true])
        #expect(header(transport.requests[1], "Authorization")?.contains("Credential=KEY2/") == true)

        let again = try client(RehearsedTransport([Self.expired, Self.expired]))
        let error = await #expect(throws: AWSError.self) { try await again.json("A", Core.secret("{}")) }
        #expect(error?.kind == .expiredCredentials && error?.attempts == 2)
    }

    @Test("When new credentials cannot be had, that is the error")
    func refreshFails() async throws {
        let client = try client(
            RehearsedTransport([Self.expired]), credentials: CountingCredentials(refreshFails: true))
        await #expect(throws: CredentialError.self) { try await client.json("A", Core.secret("{}")) }
    }

    @Test("Unless a request may have been applied, which is the greater news")
    func refreshFailsAfterLoss() async throws {
        let transport = RehearsedTransport([.loss(.closed, mayHaveArrived: true), Self.expired])
        let client = try client(transport, credentials: CountingCredentials(refreshFails: true))
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.mayHaveBeenApplied == true)
        #expect(error?.message == "new credentials cannot be had: the session is over")
    }

    @Test("A wrong clock is corrected by the service's, for this call and the next")
    func clock() async throws {
        let skewed = RehearsedTransport.Turn.answer(
            403, #"{"__type":"RequestTimeTooSkewed","message":"m"}"#, ["Date": "Mon, 24 Nov 2025 10:00:00 GMT"])
        let transport = RehearsedTransport([skewed, .answer(200, "{}"), .answer(200, "{}")])
        let client = try client(transport)
        let copy = client
        _ = try await client.json("A", Core.secret("{}"))
        _ = try await copy.json("A", Core.secret("{}"))
        #expect(
            transport.requests.map { header($0, "X-Amz-Date") } == [
                "20251124T085903Z", "20251124T100000Z", "20251124T100000Z",
            ])
        #expect(copy.clockOffset == 3_657)
    }

    @Test("A clock that is still wrong after that, or of which nothing is said, is the error")
    func clockStaysWrong() async throws {
        let skewed = #"{"__type":"RequestTimeTooSkewed","message":"m"}"#
        let date = ["Date": "Mon, 24 Nov 2025 10:00:00 GMT"]
        for turns in [
            [RehearsedTransport.Turn.answer(403, skewed)], Array(repeating: .answer(403, skewed, date), count: 2),
        ] {
            let client = try client(RehearsedTransport(turns))
            let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
            #expect(error?.kind == .clockSkew && error?.attempts == turns.count)
        }
    }

    @Test("When a service fails for good, calls stop trying again")
    func budget() async throws {
        // Each call takes 20 of 500 tokens.
        let lost = RehearsedTransport.Turn.loss(.refused, mayHaveArrived: false)
        let transport = RehearsedTransport(Array(repeating: lost, count: 25 * 3 + 1))
        let client = try client(transport)
        for call in 1...26 {
            let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
            #expect(error?.attempts == (call <= 25 ? 3 : 1))
        }
    }

    @Test("A call that is cancelled while it waits ends as cancelled")
    func cancelled() async throws {
        let client = try client(RehearsedTransport([Self.throttle, .answer(200, "{}")]))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.json("A", Core.secret("{}"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
