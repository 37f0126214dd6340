// Secrets Manager's answers: whole, with nulls, in pages, damaged.

import Foundation
import HTTP
import JSON
import Secrets
import Testing
import World

@testable import AWS

@Suite("Secrets Manager's answers")
struct SecretsManagerAnswerTests {
    static let arn = SecretsManagerClientTests.arn

    @Test("A description is read whole")
    func description() async throws {
        let script = ServiceScript(
            """
            {"ARN":"\(Self.arn)","Name":"app/production","Description":"d","KmsKeyId":"k","RotationEnabled":true,
             "LastRotatedDate":1.0,"LastChangedDate":1.763971200123E9,"LastAccessedDate":3,"DeletedDate":4,
             "NextRotationDate":5,"CreatedDate":6.5,"OwningService":"rds","PrimaryRegion":"eu-west-1",
             "Tags":[{"Key":"a","Value":"1"},{"Key":"b"}],
             "VersionIdsToStages":{"v1":["AWSCURRENT","x"],"v0":["AWSPREVIOUS"]},"New":{"member":[1]}}
            """)
        let secret = try await script.secretsManager().describeSecret("n")
        let expected = SecretsManagerClient.Description(
            arn: Self.arn, name: "app/production", description: "d", kmsKeyID: "k",
            deletedDate: Instant(seconds: 4), created: Instant(seconds: 6.5),
            changed: Instant(seconds: 1_763_971_200.123), accessed: Instant(seconds: 3),
            rotated: Instant(seconds: 1), nextRotation: Instant(seconds: 5), rotationEnabled: true,
            owningService: "rds", primaryRegion: "eu-west-1", tags: ["a": "1", "b": ""],
            stages: ["v1": ["AWSCURRENT", "x"], "v0": ["AWSPREVIOUS"]])
        #expect(secret == expected)
    }

    @Test("Nulls and empty texts, as emulators send them, are what is not there")
    func nulls() async throws {
        let script = ServiceScript(
            """
            {"ARN":"\(Self.arn)","Name":"n","Description":"","KmsKeyId":null,"RotationEnabled":null,
             "LastAccessedDate":null,"NextRotationDate":null,"DeletedDate":null,"OwningService":null,"Tags":null,
             "VersionIdsToStages":null}
            """)
        let secret = try await script.secretsManager().describeSecret("n")
        let expected = SecretsManagerClient.Description(
            arn: Self.arn, name: "n", rotationEnabled: false, tags: [:], stages: [:])
        #expect(secret == expected)
    }

    @Test("A value is text, binary or nothing, and told as what it is")
    func content() async throws {
        let head = #""ARN":"\#(Self.arn)","Name":"n","VersionId":"v","VersionStages":["AWSCURRENT"],"CreatedDate":1"#
        let script = ServiceScript(
            #"{\#(head),"SecretString":"a\u0000\u00e9\n"}"#, #"{\#(head),"SecretBinary":"AAEC"}"#,
            #"{\#(head),"SecretString":null}"#, #"{\#(head),"SecretString":""}"#)
        let client = try script.secretsManager()
        var contents: [String] = []
        for _ in 0..<4 {
            let value = try await client.getSecretValue("n")
            #expect(value.stages == ["AWSCURRENT"] && value.created == Instant(seconds: 1))
            switch value.content {
            case .text(let text): contents.append("text \(text.unprotectedText)")
            case .binary(let base64): contents.append("binary \(base64.unprotectedText)")
            case .none: contents.append("none")
            }
        }
        #expect(contents == ["text a\u{0}é\n", "binary AAEC", "none", "text "])
    }

    @Test("Versions and secrets come page after page")
    func pages() async throws {
        let versions = ServiceScript(
            #"{"Versions":[{"VersionId":"a"}],"NextToken":"t1"}"#, #"{"Versions":[],"NextToken":"t2"}"#,
            #"{"Versions":[{"VersionId":"b"}]}"#)
        let found = try await versions.secretsManager().listSecretVersionIDs("n")
        #expect(found.map(\.versionID) == ["a", "b"])
        #expect(versions.asked.map { $0.json["NextToken"] as? String } == [nil, "t1", "t2"])

        let secrets = ServiceScript(
            #"{"SecretList":[{"ARN":"\#(Self.arn)","Name":"a","SecretVersionsToStages":{"v":["x"]}}],"NextToken":"t"}"#,
            #"{"SecretList":[{"ARN":"\#(Self.arn)","Name":"b"}]}"#)
        var names: [[String]] = []
        try await secrets.secretsManager().listSecrets { page in
            names.append(page.map(\.name))
            if page[0].name == "a" { #expect(page[0].stages == ["v": ["x"]]) }
        }
        #expect(names == [["a"], ["b"]])
    }

    @Test("A service that repeats its token is not asked for ever")
    func repeatedToken() async throws {
        let page = #"{"Versions":[{"VersionId":"a"}],"NextToken":"t"}"#
        let script = ServiceScript(page, page, page, page)
        let client = try script.secretsManager()
        let error = await #expect(throws: AWSError.self) { try await client.listSecretVersionIDs("n") }
        #expect(error?.kind == .unexpectedAnswer)
        #expect(script.asked.count == 2)

        let other = page.replacingOccurrences(of: #""t""#, with: #""u""#)
        let turning = ServiceScript(page, other, page, other)
        await #expect(throws: AWSError.self) { try await turning.secretsManager().listSecretVersionIDs("n") }
        #expect(turning.asked.count == 3)
    }

    @Test("A batch takes 20 ids a call, each once, and tells values and errors apart")
    func batch() async throws {
        func value(_ name: String) -> String {
            #"{"ARN":"\#(Self.arn)","Name":"\#(name)","VersionId":"v","SecretString":"of \#(name)"}"#
        }
        let script = ServiceScript(
            #"{"SecretValues":[\#(value("s1"))],"NextToken":"more","Errors":[]}"#,
            #"{"SecretValues":[\#(value("s2"))]}"#,
            """
            {"SecretValues":[\(value("s21"))],
             "Errors":[{"SecretId":"s22","ErrorCode":"ResourceNotFoundException","Message":"no such"},
                       {"SecretId":"s23","ErrorCode":"AccessDeniedException"}]}
            """,
            #"{"SecretValues":[],"Errors":null}"#)
        let ids = (1...41).map { "s\($0)" } + ["s1", "s41"]
        let answer = try await script.secretsManager().batchGetSecretValue(ids)
        #expect(answer.values.map(\.name) == ["s1", "s2", "s21"])
        let errors: [SecretsManagerClient.BatchError] = [
            .init(secretID: "s22", code: "ResourceNotFoundException", message: "no such"),
            .init(secretID: "s23", code: "AccessDeniedException", message: ""),
        ]
        #expect(answer.errors == errors)
        let lists = script.asked.map { ($0.json["SecretIdList"] as? [String] ?? []).count }
        #expect(lists == [20, 20, 20, 1])
        #expect(script.asked.map { $0.json["NextToken"] as? String } == [nil, "more", nil, nil])
    }

    @Test(
        "An answer without what must be in it is called unexpected",
        arguments: [
            "[]", "null", "\"text\"", "{}", #"{"ARN":"a"}"#, #"{"ARN":"a","Name":"n"}"#,
            #"{"ARN":"a","Name":null,"VersionId":"v"}"#, #"{"ARN":1,"Name":"n","VersionId":"v"}"#,
            #"{"ARN":"a","Name":"n","VersionId":""}"#,
        ])
    func incomplete(answer: String) async throws {
        let client = try ServiceScript(answer).secretsManager()
        let error = await #expect(throws: AWSError.self) { try await client.getSecretValue("n") }
        #expect(error?.kind == .unexpectedAnswer && error?.operation == "GetSecretValue")
        #expect(error?.mayHaveBeenApplied == true)
        #expect(error?.identity == "AKIA" + "TESTTESTTESTTEST from a test" && error?.status == 200)
        #expect(error?.endpoint == "secretsmanager.eu-central-1.amazonaws.com" && error?.message.isEmpty == false)
    }

    @Test("The service's error reaches the caller with its code", arguments: [400, 404, 403])
    func errors(status: Int) async throws {
        let body =
            #"{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}"#
        let script = ServiceScript([.init(status: status, body: body)])
        let client = try script.secretsManager()
        let error = await #expect(throws: AWSError.self) { try await client.describeSecret("n") }
        #expect(error?.kind == .notFound && error?.code == "ResourceNotFoundException")
        #expect(script.asked.count == 1)
    }

    @Test("No damage to an answer brings a reader down", arguments: UInt64(1)...8)
    func damage(seed: UInt64) async throws {
        let whole = Array(
            """
            {"ARN":"\(Self.arn)","Name":"n","VersionId":"v","SecretString":"x","CreatedDate":1e9,"Tags":[{"Key":"a"}],
             "VersionIdsToStages":{"v":["AWSCURRENT"]},"Versions":[{"VersionId":"v","VersionStages":["x",null]}],
             "SecretList":[{"ARN":"a","Name":"n"}],"SecretValues":[{"ARN":"a","Name":"n","VersionId":"v"}],
             "Errors":[{"SecretId":"s"}],"Events":[{"EventName":"e","CloudTrailEvent":"{}"}]}
            """.utf8)
        var random = SplitMix(state: seed)
        var outcomes: Set<String> = []
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: "null".utf8, at: index)
                default: bytes.replaceSubrange(index..<min(index + 9, bytes.count), with: "1e400".utf8)
                }
            }
            let script = ServiceScript(
                Array(repeating: ServiceScript.Answer(body: String(decoding: bytes, as: UTF8.self)), count: 6))
            let client = try script.secretsManager()
            do {
                switch Int.random(in: 0..<5, using: &random) {
                case 0: _ = try await client.describeSecret("n")
                case 1: _ = try await client.getSecretValue("n")
                case 2: _ = try await client.listSecretVersionIDs("n")
                case 3: _ = try await client.batchGetSecretValue(["n"])
                default: try await client.listSecrets { _ in }
                }
                outcomes.insert("read")
            } catch let error as AWSError {
                outcomes.insert(error.kind.rawValue)
            }
        }
        // Some damage leaves an answer readable, some does not; nothing else comes of it.
        #expect(outcomes.contains("read") && outcomes.contains("unexpectedAnswer"))
    }
}
