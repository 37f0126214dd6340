// moto starts, checks signatures when told to, and does not outlive its test process.

import Foundation
import TestServers
import Testing

@Suite struct MotoTests {
    @Test("the shared server is one, and keeps what it is told until it is reset")
    func shared() async throws {
        let moto = try await Moto.start()
        let boto = BotoClient(
            url: moto.url, region: moto.region, accessKeyID: moto.accessKeyID, secretAccessKey: moto.secretAccessKey)
        try await boto.call("create_secret", ["Name": "app", "SecretString": "one"])
        #expect(try await boto.call("get_secret_value", ["SecretId": "app"])["SecretString"] == "one")
        try await moto.reset()
        #expect(try await boto.call("get_secret_value", ["SecretId": "app"]).code == "ResourceNotFoundException")
        await moto.stop()
        #expect(try await boto.call("list_secrets").code == "EndpointConnectionError")
        let (first, second) = (try await Moto.shared(), try await Moto.shared())
        #expect(first === second)
    }

    @Test("with authentication on it refuses wrong signatures and what the policy does not allow")
    func authentication() async throws {
        let policy = """
            {"Version": "2012-10-17", "Statement":
                [{"Effect": "Allow", "Action": "secretsmanager:CreateSecret", "Resource": "*"}]}
            """
        let (moto, key) = try await Moto.startWithAuthentication(policy: policy)
        #expect(key.userARN == "arn:aws:iam::123456789012:user/tester")
        var boto = BotoClient(
            url: moto.url, region: moto.region, accessKeyID: key.accessKeyID, secretAccessKey: key.secretAccessKey)
        #expect(try await boto.call("create_secret", ["Name": "app", "SecretString": "one"]).code == nil)
        #expect(try await boto.call("delete_secret", ["SecretId": "app"]).status == 403)
        boto.secretAccessKey = "another"
        let wrong = try await boto.call("create_secret", ["Name": "other", "SecretString": "one"])
        #expect(wrong.status == 403)
        await moto.stop()
    }

    @Test("scripts get arguments and input, and none of the machine's AWS settings")
    func python() async throws {
        let ran = try await Moto.python(
            "import os, sys; print(sys.argv[1], sys.stdin.read(), os.environ['AWS_CONFIG_FILE'], os.environ['MINE'])",
            ["argument"], environment: ["MINE": "yes"], input: Array("input".utf8))
        #expect(ran.output == "argument input /dev/null yes\n")
        let failing = try await Moto.python("raise SystemExit(3)")
        #expect(failing.status == 3)
    }
}
