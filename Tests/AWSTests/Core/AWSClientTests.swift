// Calls from end to end, but for the network: what goes out and what comes back.

import HTTP
import JSON
import Secrets
import Testing
import World

@testable import AWS

@Suite("Calls")
struct AWSClientTests {
    @Test("A JSON call is a signed POST that names its operation")
    func jsonRequest() async throws {
        let transport = RehearsedTransport([.answer(200, #"{"Name":"app/prod"}"#)])
        let answer = try await Rehearsed.client(transport).json("DescribeSecret", Core.secret(Rehearsed.body))
        #expect(answer.root["Name"]?.string == "app/prod")
        let request = try #require(transport.requests.first)
        #expect(request.method == .post && request.scheme == "https" && request.path == "/")
        #expect(request.host == "secretsmanager.eu-central-1.amazonaws.com")
        #expect(request.header("X-Amz-Target") == "secretsmanager.DescribeSecret")
        #expect(request.header("Content-Type") == "application/x-amz-json-1.1")
        #expect(request.header("X-Amz-Date") == "20251124T085903Z")
        #expect(
            request.header("Authorization")?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=KEY1/20251124/eu-central-1/secretsmanager/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=") == true)
        #expect(Core.text(request.body) == Rehearsed.body)
    }

    @Test("CloudTrail is called under its long name")
    func cloudTrail() async throws {
        let transport = RehearsedTransport([.answer(200, "{}")])
        _ = try await Rehearsed.client(transport, .cloudTrail).json("LookupEvents", Core.secret("{}"))
        let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
        #expect(transport.requests[0].header("X-Amz-Target") == target)
    }

    @Test("A query is a form, with its secrets encoded and the result element as its answer")
    func query() async throws {
        let transport = RehearsedTransport([
            .answer(200, "<AssumeRoleResponse><AssumeRoleResult><A>1</A></AssumeRoleResult></AssumeRoleResponse>"),
            .answer(200, "<AssumeRoleResponse><Other/></AssumeRoleResponse>"),
        ])
        let client = try Rehearsed.client(transport, .sts)
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
        _ = try await Rehearsed.client(transport, .iam).query("GetUser", [])
        #expect(transport.requests[0].host == "iam.amazonaws.com")
        #expect(transport.requests[0].header("Authorization")?.contains("/us-east-1/iam/aws4_request") == true)
    }

    @Test("Without credentials, nothing is signed")
    func unsigned() async throws {
        let transport = RehearsedTransport([.answer(200, "<AResponse/>")])
        _ = try await Rehearsed.client(transport, .sts, credentials: nil).query("A", [])
        #expect(transport.requests[0].header("Authorization") == nil)
        #expect(transport.requests[0].header("X-Amz-Date") == nil)
    }

    @Test("An endpoint's prefix comes before the path, and is signed with it")
    func prefix() async throws {
        let transport = RehearsedTransport([.answer(200, "")])
        let client = try Rehearsed.client(transport) {
            $0.endpoint = .init("https://proxy.example.com:444/aws", "a test")
        }
        let answer = try await client.json("TagResource", Core.secret("{}"))
        #expect(answer.root.kind == .object && answer.root.count == 0)
        #expect(transport.requests[0].path == "/aws/")
        #expect(transport.requests[0].authority == "proxy.example.com:444")
    }

    @Test("A region that could name another host is refused before anything is sent")
    func badRegion() {
        let error = #expect(throws: AWSError.self) { try Rehearsed.client(RehearsedTransport([]), region: "evil.com/") }
        #expect(error?.kind == .invalidInput)
        #expect(error?.attempts == 0)
    }

    @Test(
        "A good status with another body is no success",
        arguments: [
            #"<?xml version="1.0"?><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"#,
            "<html>log in</html>", "[]", "\"text\"", "{\"a\":1,\"a\":2}", "null", " ", "<html>log", "[1", "{]}",
        ])
    func unexpectedJSON(_ body: String) async throws {
        let transport = RehearsedTransport([.answer(200, body, ["x-amzn-RequestId": "r1"])])
        let client = try Rehearsed.client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("ListSecrets", Core.secret("{}")) }
        #expect(error?.kind == .unexpectedAnswer)
        #expect(error?.mayHaveBeenApplied == true)
        #expect(error?.status == 200 && error?.attempts == 1 && error?.requestID == "r1")
    }

    @Test(
        "Nor is one for another action", arguments: ["", "{}", "<OtherResponse/>", "<AResult/>", "<A></B>", "{\"a\":"])
    func unexpectedXML(_ body: String) async throws {
        let client = try Rehearsed.client(RehearsedTransport([.answer(200, body)]), .sts)
        let error = await #expect(throws: AWSError.self) { try await client.query("A", []) }
        #expect(error?.kind == .unexpectedAnswer)
    }

    @Test("A redirect is not followed and no success")
    func redirect() async throws {
        let transport = RehearsedTransport([.answer(307, "", ["Location": "https://evil.example.com/"])])
        let client = try Rehearsed.client(transport)
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
        let client = try Rehearsed.client(RehearsedTransport([Rehearsed.throttle, turn]))
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
}
