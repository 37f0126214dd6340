// STS, IAM and CloudTrail, with boto3 as the client.

import TestServers
import Testing

@Suite struct STSTests {
    private let role = "arn:aws:iam::123456789012:role/team/app"

    @Test("the caller's identity is told to anyone with a good key")
    func identity() async throws {
        try await withDouble { server, boto in
            let answer = try await boto.call("get_caller_identity", service: "sts")
            #expect(answer["Arn"] == server.identity)
            #expect(answer["Account"] == "123456789012")
        }
    }

    @Test("an assumed role's keys work, and say whose they are")
    func assumeRole() async throws {
        try await withDouble { server, boto in
            let answer = try await boto.call(
                "assume_role", ["RoleArn": role, "RoleSessionName": "me"], service: "sts")
            var assumed = boto
            assumed.accessKeyID = answer["Credentials", "AccessKeyId"]
            assumed.secretAccessKey = answer["Credentials", "SecretAccessKey"]
            assumed.sessionToken = answer["Credentials", "SessionToken"]
            #expect(assumed.accessKeyID?.hasPrefix("ASIA") == true)
            #expect(try await assumed.call("list_secrets").code == nil)
            let identity = try await assumed.call("get_caller_identity", service: "sts")
            #expect(identity["Arn"] == "arn:aws:sts::123456789012:assumed-role/app/me")
        }
    }

    @Test(
        "a role asks for its external id, its device and the device's code",
        arguments: [
            (["ExternalId": "seven"], "AccessDenied"),
            (["SerialNumber": "GAHT12345678", "TokenCode": "123456"], "AccessDenied"),
            (["ExternalId": "seven", "SerialNumber": "GAHT12345678", "TokenCode": "000000"], "AccessDenied"),
            (["ExternalId": "seven", "SerialNumber": "GAHT12345678", "TokenCode": "123456"], nil),
        ])
    func conditions(arguments: [String: String], code: String?) async throws {
        try await withDouble { server, boto in
            server.setRole(role, KnownRole(externalID: "seven", mfaSerial: "GAHT12345678", mfaCode: "123456"))
            let all = arguments.merging(["RoleArn": role, "RoleSessionName": "me"]) { $1 }
            let answer = try await boto.call("assume_role", all, service: "sts")
            #expect(answer.code == code)
        }
    }

    @Test("a web identity needs no key, but the right token")
    func webIdentity() async throws {
        try await withDouble { server, boto in
            server.setRole(role, KnownRole(webIdentityToken: "good", lifetimeSeconds: -1))
            var boto = boto
            boto.accessKeyID = nil
            boto.secretAccessKey = nil
            let arguments = ["RoleArn": role, "RoleSessionName": "me", "WebIdentityToken": "good"]
            let answer = try await boto.call("assume_role_with_web_identity", arguments, service: "sts")
            boto.accessKeyID = answer["Credentials", "AccessKeyId"]
            boto.secretAccessKey = answer["Credentials", "SecretAccessKey"]
            boto.sessionToken = answer["Credentials", "SessionToken"]
            // This role's keys are given out expired.
            #expect(try await boto.call("list_secrets").code == "ExpiredTokenException")
            let wrong = try await boto.call(
                "assume_role_with_web_identity", arguments.merging(["WebIdentityToken": "other"]) { $1 },
                service: "sts")
            #expect(wrong.code == "InvalidIdentityToken")
        }
    }

    @Test("faults hit STS too, in its own spelling")
    func faults() async throws {
        try await withDouble { server, boto in
            server.inject(.error("Throttling", "Rate exceeded"), on: "GetCallerIdentity")
            let throttled = try await boto.call("get_caller_identity", service: "sts")
            #expect(throttled.code == "Throttling")
            let answered = try await boto.call("get_caller_identity", service: "sts")
            #expect(answered.code == nil)
        }
    }
}

@Suite struct IAMTests {
    @Test("a simulation says what is allowed, and how the rest is not")
    func simulate() async throws {
        try await withDouble { server, boto in
            server.deny("secretsmanager:PutSecretValue")
            server.deny("secretsmanager:DeleteSecret", explicitly: true)
            let actions = ["GetSecretValue", "PutSecretValue", "DeleteSecret"].map { "secretsmanager:\($0)" }
            let answer = try await boto.call(
                "simulate_principal_policy", ["PolicySourceArn": server.identity, "ActionNames": actions],
                service: "iam")
            let decisions = (0..<3).map { answer["EvaluationResults", "\($0)", "EvalDecision"] }
            #expect(decisions == ["allowed", "implicitDeny", "explicitDeny"])
        }
    }

    @Test("a session's ARN is refused, and so is who may not simulate")
    func refused() async throws {
        try await withDouble { server, boto in
            func simulate(_ arn: String) async throws -> BotoAnswer {
                try await boto.call(
                    "simulate_principal_policy", ["PolicySourceArn": arn, "ActionNames": ["s3:GetObject"]],
                    service: "iam")
            }
            let session = try await simulate("arn:aws:sts::123456789012:assumed-role/app/me")
            #expect(session.code == "InvalidInput")
            server.deny("iam:SimulatePrincipalPolicy")
            let denied = try await simulate(server.identity)
            #expect(denied.code == "AccessDenied")
            #expect(denied.status == 403)
        }
    }
}

@Suite struct CloudTrailTests {
    private let source = [["AttributeKey": "EventSource", "AttributeValue": "secretsmanager.amazonaws.com"]]

    @Test("the trail tells calls of the double, refused ones too, and never a value")
    func ownCalls() async throws {
        try await withDouble { server, boto in
            let value = "a-value-for-no-trail"
            try await boto.call("create_secret", ["Name": "app", "SecretString": value])
            try await boto.call("get_secret_value", ["SecretId": "nothing"])
            let answer = try await boto.call("lookup_events", ["LookupAttributes": source], service: "cloudtrail")
            #expect(answer.count(of: "Events") == 2)
            #expect(answer["Events", "0", "EventName"] == "GetSecretValue")
            #expect(answer["Events", "0", "CloudTrailEvent"]?.contains("ResourceNotFoundException") == true)
            #expect(answer["Events", "1", "EventName"] == "CreateSecret")
            #expect(answer["Events", "1", "Username"] == "tester")
            #expect(!answer.json.contains(value))
        }
    }

    @Test("events come newest first, in pages, within the time asked for")
    func pages() async throws {
        try await withDouble { server, boto in
            let now = secondsNow
            for age in 1...5 {
                server.addTrailEvent(
                    TrailEvent(name: "event \(age)", time: now - Double(age) * 3_600, record: "{}"))
            }
            server.addTrailEvent(TrailEvent(name: "too old", time: now - 91 * 86_400, record: "{}"))
            server.setTrail(pageSize: 2)
            var names: [String?] = []
            var next: String?
            repeat {
                var arguments: [String: Any] = [
                    "LookupAttributes": source, "StartTime": Int(now) - 5 * 3_600 + 60, "EndTime": Int(now),
                ]
                arguments["NextToken"] = next
                let page = try await boto.call("lookup_events", arguments, service: "cloudtrail")
                names += (0..<(page.count(of: "Events") ?? 0)).map { page["Events", "\($0)", "EventName"] }
                next = page["NextToken"]
            } while next != nil
            #expect(names == ["event 1", "event 2", "event 3", "event 4"])
            #expect(server.requests(for: "LookupEvents").count == 2)
        }
    }

    @Test("one attribute, 50 events at most, and two lookups a second when told so")
    func limits() async throws {
        try await withDouble { server, boto in
            func lookup(_ arguments: [String: Any]) async throws -> String? {
                try await boto.call("lookup_events", arguments, service: "cloudtrail").code
            }
            let two = try await lookup(["LookupAttributes": source + source])
            #expect(two == "InvalidLookupAttributesException")
            // An hour instead of a second, so that a busy machine is no reason to be let through.
            server.setTrail(limitsRate: true, rateWindow: 3_600)
            var codes: [String?] = []
            for _ in 1...3 { codes.append(try await lookup([:])) }
            #expect(codes == [nil, nil, "ThrottlingException"])
        }
    }
}
