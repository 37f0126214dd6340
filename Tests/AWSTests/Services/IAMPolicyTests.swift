// Policies: no wider than they must be, and the same every time.

import Foundation
import Testing

@testable import AWS

@Suite("Least-privilege policies")
struct IAMPolicyTests {
    static let key = "1234abcd-12ab-34cd-56ef-1234567890ab"

    @Test("An application may read its secrets, each by its exact name")
    func app() throws {
        let scope = try IAMPolicy.Scope(
            region: "eu-central-1", account: "111122223333", names: ["app/production", "app/jobs", "app/production"])
        let expected = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "ReadSecrets",
                  "Effect": "Allow",
                  "Action": [
                    "secretsmanager:DescribeSecret",
                    "secretsmanager:GetSecretValue"
                  ],
                  "Resource": [
                    "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/jobs-??????",
                    "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/production-??????"
                  ]
                }
              ]
            }

            """
        #expect(IAMPolicy.app(scope).json() == expected)
    }

    @Test("A customer's key may be used through Secrets Manager alone")
    func appWithKey() throws {
        let scope = try IAMPolicy.Scope(
            region: "cn-north-1", account: "111122223333", names: ["n"], kmsKeys: [Self.key, "alias/app"])
        let expected = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "ReadSecrets",
                  "Effect": "Allow",
                  "Action": [
                    "secretsmanager:DescribeSecret",
                    "secretsmanager:GetSecretValue"
                  ],
                  "Resource": "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:n-??????"
                },
                {
                  "Sid": "UseKeys",
                  "Effect": "Allow",
                  "Action": "kms:Decrypt",
                  "Resource": "arn:aws-cn:kms:cn-north-1:111122223333:key/\(Self.key)",
                  "Condition": {
                    "StringEquals": {
                      "kms:ViaService": "secretsmanager.cn-north-1.amazonaws.com.cn"
                    }
                  }
                },
                {
                  "Sid": "UseKeysByAlias",
                  "Effect": "Allow",
                  "Action": "kms:Decrypt",
                  "Resource": "arn:aws-cn:kms:cn-north-1:111122223333:key/*",
                  "Condition": {
                    "ForAnyValue:StringEquals": {
                      "kms:ResourceAliases": "alias/app"
                    },
                    "StringEquals": {
                      "kms:ViaService": "secretsmanager.cn-north-1.amazonaws.com.cn"
                    }
                  }
                }
              ]
            }

            """
        #expect(IAMPolicy.app(scope).json() == expected)
    }

    /// The calls that the client makes, as IAM calls them.
    static let used = SecretsManagerClientTests.calls.map { "secretsmanager:\($0.operation)" }

    @Test("A migrator's policy allows every call that the client makes, and no other")
    func migrator() throws {
        let scope = try IAMPolicy.Scope(
            region: "eu-central-1", account: "111122223333", names: ["n"],
            kmsKeys: ["alias/aws/secretsmanager", Self.key])
        let policy = IAMPolicy.migrator(scope, principal: "arn:aws:iam::111122223333:role/deploy")
        let allowed = policy.statements.flatMap(\.actions)
        let expected = Set(
            Self.used + [
                "kms:Decrypt", "kms:GenerateDataKey", "cloudtrail:LookupEvents", "iam:SimulatePrincipalPolicy",
            ])
        #expect(Set(allowed) == expected && allowed.count == expected.count)
        let wide = policy.statements.filter { $0.resources.contains("*") }.flatMap(\.actions)
        #expect(
            Set(wide) == [
                "secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets", "cloudtrail:LookupEvents",
            ])
        let keys = policy.statements.filter { $0.actions.contains("kms:Decrypt") }
        #expect(keys.map(\.resources) == [["arn:aws:kms:eu-central-1:111122223333:key/\(Self.key)"]])
        #expect(keys.allSatisfy { $0.conditions.contains { $0.key == "kms:ViaService" } })
    }

    @Test("What is not used is not asked for")
    func migratorWithoutReading() throws {
        let scope = try IAMPolicy.Scope(region: "eu-central-1", account: "111122223333", names: ["n"])
        let actions = IAMPolicy.migrator(scope, reading: []).statements.flatMap(\.actions)
        #expect(actions.allSatisfy { $0.hasPrefix("secretsmanager:") })
    }

    @Test("A policy is JSON, whatever the principal is called, and the same every time")
    func isJSON() throws {
        let scope = try IAMPolicy.Scope(
            region: "us-gov-west-1", account: "111122223333", names: ["a/b_c+d=e.f@g-h"],
            kmsKeys: ["alias/a", "alias/b"])
        let first = IAMPolicy.migrator(scope, principal: "q\"\\\u{1}\n").json()
        #expect(first == IAMPolicy.migrator(scope, principal: "q\"\\\u{1}\n").json())
        let object = try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]
        let statements = try #require(object?["Statement"] as? [[String: Any]])
        #expect(statements.compactMap { $0["Sid"] as? String }.allSatisfy { $0.utf8.allSatisfy { $0 > 0x40 } })
        #expect(statements.last?["Resource"] as? String == "q\"\\\u{1}\n")
        #expect(
            first.contains("arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:a/b_c+d=e.f@g-h-??????"))
    }

    static let refusals:
        [(region: String, account: String, names: [String], keys: [String], refusal: IAMPolicy.Refusal)] = [
            ("eu-central-1", "*", ["n"], [], .account("*")),
            ("eu-central-1", "11112222333", ["n"], [], .account("11112222333")),
            ("eu-central-1", "１１１１２２２２３３３３", ["n"], [], .account("１１１１２２２２３３３３")),
            ("*", "111122223333", ["n"], [], .region("*")),
            ("eu-*-1", "111122223333", ["n"], [], .region("eu-*-1")),
            ("", "111122223333", ["n"], [], .region("")),
            ("eu-central-1", "111122223333", [], [], .noNames),
            ("eu-central-1", "111122223333", ["app/*"], [], .name("app/*")),
            ("eu-central-1", "111122223333", ["a", "b?"], [], .name("b?")),
            ("eu-central-1", "111122223333", ["a", "${aws:username}"], [], .name("${aws:username}")),
            ("eu-central-1", "111122223333", [""], [], .name("")),
            ("eu-central-1", "111122223333", ["a"], ["*"], .kmsKey("*")),
            ("eu-central-1", "111122223333", ["a"], ["arn:aws:kms:*:1:key/*"], .kmsKey("arn:aws:kms:*:1:key/*")),
        ]

    @Test("What would make a policy wider than the secrets is refused", arguments: refusals)
    func refuses(
        refused: (region: String, account: String, names: [String], keys: [String], refusal: IAMPolicy.Refusal)
    ) {
        #expect(throws: refused.refusal) {
            try IAMPolicy.Scope(
                region: refused.region, account: refused.account, names: refused.names, kmsKeys: refused.keys)
        }
    }
}
