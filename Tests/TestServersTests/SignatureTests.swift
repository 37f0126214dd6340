// Who is let in: signatures made by botocore, whole and damaged.

import TestServers
import Testing

@Suite struct SignatureTests {
    @Test("a request without a signature, with an unknown key or a wrong secret is refused in AWS's words")
    func badKeys() async throws {
        try await withDouble { server, boto in
            var unsigned = boto
            unsigned.accessKeyID = nil
            unsigned.secretAccessKey = nil
            var unknown = boto
            unknown.accessKeyID = "AKIA" + "UNKNOWNUNKNOWN22"
            var wrong = boto
            wrong.secretAccessKey = "not" + server.secretAccessKey
            var strayToken = boto
            strayToken.sessionToken = "stray"
            for (client, code, queryCode) in [
                (unsigned, "MissingAuthenticationTokenException", "MissingAuthenticationToken"),
                (unknown, "UnrecognizedClientException", "InvalidClientTokenId"),
                (wrong, "InvalidSignatureException", "SignatureDoesNotMatch"),
                (strayToken, "UnrecognizedClientException", "InvalidClientTokenId"),
            ] {
                let listed = try await client.call("list_secrets")
                #expect(listed.code == code)
                #expect(listed.status == 400)
                let identity = try await client.call("get_caller_identity", service: "sts")
                #expect(identity.code == queryCode)
                #expect(identity.status == 403)
            }
            #expect(try await boto.call("list_secrets").code == nil)
        }
    }

    @Test(
        "a clock more than five minutes off is told from a wrong key by its message",
        arguments: [
            (400.0, "Signature expired: "), (-400.0, "Signature not yet current: "), (200.0, nil), (-200.0, nil),
        ])
    func skew(offset: Double, message: String?) async throws {
        try await withDouble { server, boto in
            server.setClockOffset(seconds: offset)
            let answer = try await boto.call("list_secrets")
            #expect(answer.code == message.map { _ in "InvalidSignatureException" })
            #expect(message.map { answer.message?.hasPrefix($0) == true } ?? true)
        }
    }

    @Test("temporary keys work with their token until they are expired")
    func expired() async throws {
        try await withDouble { server, boto in
            server.addKey(
                KnownKey(
                    accessKeyID: "ASIA" + "SESSIONSESSION22", secretAccessKey: "a", sessionToken: "b",
                    arn: "arn:aws:sts::123456789012:assumed-role/app/one"))
            var session = boto
            session.accessKeyID = "ASIA" + "SESSIONSESSION22"
            session.secretAccessKey = "a"
            session.sessionToken = "b"
            let good = try await session.call("list_secrets")
            #expect(good.code == nil)
            server.expireKey("ASIA" + "SESSIONSESSION22")
            let expired = try await session.call("list_secrets")
            #expect(expired.code == "ExpiredTokenException")
            let identity = try await session.call("get_caller_identity", service: "sts")
            #expect(identity.code == "ExpiredToken")
        }
    }

    @Test(
        "what is changed after signing, or signed for elsewhere, is refused",
        arguments: [
            ("nothing", "200"), ("body", "InvalidSignatureException"), ("target", "InvalidSignatureException"),
            ("query", "InvalidSignatureException"), ("path", "InvalidSignatureException"),
            ("unsigned header", "InvalidSignatureException"), ("region", "InvalidSignatureException"),
            ("service", "InvalidSignatureException"), ("payload hash", "InvalidSignatureException"),
            ("no date", "IncompleteSignatureException"), ("no signature", "IncompleteSignatureException"),
            ("another scheme", "IncompleteSignatureException"),
        ])
    func damaged(change: String, expected: String) async throws {
        try await withDouble { server, _ in
            try server.setValue(of: "app", "one")
            let ran = try await Moto.python(
                """
                import sys, json, urllib.error, urllib.request
                from botocore.auth import SigV4Auth
                from botocore.awsrequest import AWSRequest
                from botocore.credentials import Credentials
                url, key, secret, region, change = sys.argv[1:]
                body = b'{"SecretId":"app"}'
                headers = {"X-Amz-Target": "secretsmanager.DescribeSecret",
                           "Content-Type": "application/x-amz-json-1.1"}
                request = AWSRequest("POST", url + "/a%20b//c?z=1&a=%2F%20b&a=1", headers=headers, data=body)
                SigV4Auth(Credentials(key, secret), "kms" if change == "service" else "secretsmanager",
                          "eu-west-1" if change == "region" else region).add_auth(request)
                address, sent = request.url, dict(request.headers)
                if change == "body": body = b'{"SecretId":"other"}'
                if change == "target": sent["X-Amz-Target"] = "secretsmanager.GetSecretValue"
                if change == "query": address += "&more=1"
                if change == "path": address = address.replace("/c?", "/d?")
                if change == "unsigned header": sent["X-Amz-Extra"] = "1"
                if change == "payload hash": sent["X-Amz-Content-SHA256"] = "0" * 64
                if change == "no date": del sent["X-Amz-Date"]
                if change == "no signature": sent["Authorization"] = sent["Authorization"].split(", Signature")[0]
                if change == "another scheme": sent["Authorization"] = "Bearer abc"
                try:
                    print(urllib.request.urlopen(
                        urllib.request.Request(address, data=body, headers=sent, method="POST")).status)
                except urllib.error.HTTPError as error:
                    print(json.loads(error.read())["__type"].split("#")[-1])
                """, [server.url, server.accessKeyID, server.secretAccessKey, server.region, change])
            #expect(ran.output == expected + "\n")
            #expect(ran.errors == "")
        }
    }

    @Test("access is denied per action and secret, naming who, what and where", arguments: [false, true])
    func denied(explicitly: Bool) async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            try server.setValue(of: "other", "two")
            server.deny("secretsmanager:GetSecretValue", on: "app", explicitly: explicitly)
            let denied = try await boto.call("get_secret_value", ["SecretId": try #require(server.arn(of: "app"))])
            #expect(denied.code == "AccessDeniedException")
            #expect(denied.status == 400)
            let message = try #require(denied.message)
            #expect(
                message.hasPrefix(
                    "User: arn:aws:iam::123456789012:user/tester is not authorized to perform: "
                        + "secretsmanager:GetSecretValue on resource: app"))
            #expect(message.contains("explicit deny") == explicitly)
            #expect(try await boto.call("get_secret_value", ["SecretId": "other"]).code == nil)
            #expect(try await boto.call("describe_secret", ["SecretId": "app"]).code == nil)
            server.allow("secretsmanager:GetSecretValue")
            #expect(try await boto.call("get_secret_value", ["SecretId": "app"]).code == nil)
        }
    }
}
