// Secrets Manager's calls: what is asked, what is understood.

import Foundation
import JSON
import Secrets
import Testing
import World

@testable import AWS

@Suite("Secrets Manager's calls")
struct SecretsManagerClientTests {
    static let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/production-AbCdEf"
    static let token = "01234567-89ab-cdef-0123-456789abcdef"
    static let text = #"{"PASSWORD":"tr\"icky \\ ünïcode"}"#
    static let written = #"{"ARN":"\#(arn)","Name":"app/production","VersionId":"\#(token)"}"#

    /// One call, what it must ask, and a sufficient answer.
    struct Call: Sendable, CustomTestStringConvertible {
        var operation: String
        var body: String
        var answer: String
        var run: @Sendable (SecretsManagerClient) async throws -> Void
        var testDescription: String { operation + " " + String(body.prefix(60)) }
    }

    static let secret = SharedSecret(copying: text.utf8)
    static let calls: [Call] = [
        Call(
            operation: "CreateSecret",
            body: """
                {"Name":"app/production","ClientRequestToken":"\(token)","Description":"of the app",
                 "KmsKeyId":"alias/app","SecretString":\(quoted(text)),
                 "Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}
                """, answer: written
        ) { client in
            let result = try await client.createSecret(
                name: "app/production", text: secret, token: token, description: "of the app", kmsKeyID: "alias/app",
                tags: ["b": "2", "a": "1"])
            #expect(result == .init(arn: arn, name: "app/production", versionID: token))
        },
        Call(
            operation: "CreateSecret",
            body: #"{"Name":"n","ClientRequestToken":"\#(token)","SecretString":\#(quoted(text))}"#, answer: written
        ) { _ = try await $0.createSecret(name: "n", text: secret, token: token) },
        Call(
            operation: "PutSecretValue",
            body: #"{"SecretId":"n","ClientRequestToken":"\#(token)","SecretString":\#(quoted(text))}"#,
            answer: written
        ) { _ = try await $0.putSecretValue("n", text: secret, token: token) },
        Call(
            operation: "PutSecretValue",
            body: """
                {"SecretId":"n","ClientRequestToken":"\(token)","SecretString":\(quoted(text)),
                 "VersionStages":["migrate-1","x"]}
                """, answer: written
        ) { _ = try await $0.putSecretValue("n", text: secret, token: token, stages: ["migrate-1", "x"]) },
        Call(
            operation: "UpdateSecretVersionStage",
            body: #"{"SecretId":"n","VersionStage":"AWSCURRENT","RemoveFromVersionId":"v0","MoveToVersionId":"v1"}"#,
            answer: #"{"ARN":"\#(arn)","Name":"n"}"#
        ) { try await $0.updateSecretVersionStage("n", stage: "AWSCURRENT", from: "v0", to: "v1") },
        Call(
            operation: "UpdateSecretVersionStage",
            body: #"{"SecretId":"n","VersionStage":"x","RemoveFromVersionId":"v0"}"#, answer: "{}"
        ) { try await $0.updateSecretVersionStage("n", stage: "x", from: "v0", to: nil) },
        Call(
            operation: "DeleteSecret", body: #"{"SecretId":"n","RecoveryWindowInDays":7}"#,
            answer: #"{"ARN":"\#(arn)","Name":"n","DeletionDate":1764576000.5}"#
        ) {
            let date = try await $0.deleteSecret("n", recoveryWindowInDays: 7)
            #expect(date == Instant(seconds: 1_764_576_000.5))
        },
        Call(operation: "RestoreSecret", body: #"{"SecretId":"n"}"#, answer: #"{"ARN":"\#(arn)","Name":"n"}"#) {
            try await $0.restoreSecret("n")
        },
        Call(
            operation: "TagResource", body: #"{"SecretId":"n","Tags":[{"Key":"migrate:run","Value":""}]}"#,
            answer: "{}"
        ) { try await $0.tagResource("n", tags: ["migrate:run": ""]) },
        Call(operation: "UntagResource", body: #"{"SecretId":"n","TagKeys":["migrate:run","b"]}"#, answer: "{}") {
            try await $0.untagResource("n", keys: ["migrate:run", "b"])
        },
        Call(
            operation: "DescribeSecret", body: #"{"SecretId":"n"}"#, answer: #"{"ARN":"\#(arn)","Name":"n"}"#
        ) {
            let secret = try await $0.describeSecret("n")
            #expect(secret.stages.isEmpty && !secret.rotationEnabled && secret.deletedDate == nil)
        },
        Call(
            operation: "GetSecretValue", body: #"{"SecretId":"n","VersionStage":"AWSCURRENT"}"#,
            answer: #"{"ARN":"\#(arn)","Name":"n","VersionId":"v","SecretString":"x"}"#
        ) { _ = try await $0.getSecretValue("n", stage: "AWSCURRENT") },
        Call(
            operation: "GetSecretValue", body: #"{"SecretId":"n","VersionId":"v"}"#,
            answer: #"{"ARN":"\#(arn)","Name":"n","VersionId":"v","SecretString":"x"}"#
        ) { _ = try await $0.getSecretValue("n", versionID: "v") },
        Call(
            operation: "ListSecretVersionIds", body: #"{"SecretId":"n","IncludeDeprecated":true,"MaxResults":100}"#,
            answer: #"{"ARN":"\#(arn)","Name":"n","Versions":[{"VersionId":"v","CreatedDate":1}],"NextToken":""}"#
        ) {
            let versions = try await $0.listSecretVersionIDs("n")
            #expect(versions == [.init(versionID: "v", stages: [], created: Instant(seconds: 1))])
        },
        Call(
            operation: "ListSecrets",
            body: """
                {"IncludePlannedDeletion":true,"MaxResults":100,"SortBy":"name","SortOrder":"asc",
                 "Filters":[{"Key":"name","Values":["app/"]},{"Key":"tag-key","Values":["a","b"]}]}
                """, answer: #"{"SecretList":[]}"#
        ) {
            try await $0.listSecrets(
                filters: [.init(.name, ["app/"]), .init(.tagKey, ["a", "b"])], includingPlannedDeletion: true
            ) { #expect($0.isEmpty) }
        },
        Call(
            operation: "BatchGetSecretValue", body: #"{"SecretIdList":["a","b"]}"#,
            answer: #"{"SecretValues":[],"Errors":[]}"#
        ) { _ = try await $0.batchGetSecretValue(["a", "b", "a"]) },
    ]

    @Test("A call asks exactly this", arguments: calls)
    func asks(call: Call) async throws {
        let script = ServiceScript(call.answer)
        try await call.run(try script.secretsManager())
        let asked = try #require(script.asked.first)
        #expect(script.asked.count == 1)
        #expect(asked.operation == call.operation)
        let expected = try JSONSerialization.jsonObject(with: Data(call.body.utf8)) as? NSDictionary
        #expect(asked.json == expected, "\(asked.body)")
    }

    @Test("A value goes into the body alone", arguments: calls.filter { $0.body.contains("SecretString") })
    func valueStaysInBody(call: Call) async throws {
        let script = ServiceScript(call.answer)
        try await call.run(try script.secretsManager())
        let asked = try #require(script.asked.first)
        #expect(asked.body.contains("tr") && !asked.visible.contains("icky"))
    }

    @Test("There is no way to delete without a window")
    func noForce() async throws {
        let script = ServiceScript("{}")
        _ = try await script.secretsManager().deleteSecret("n", recoveryWindowInDays: 30)
        #expect(script.asked.first?.body.contains("Force") == false)
    }

    static func quoted(_ text: String) -> String {
        let data = (try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
