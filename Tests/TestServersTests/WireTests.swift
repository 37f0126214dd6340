// Below AWS's protocol: TLS, broken answers, odd requests, and threads.

import Foundation
import TestServers
import Testing

var secondsNow: Double { Date().timeIntervalSince1970 }

@Suite struct WireTests {
    @Test("with TLS the server is trusted by its certificate only")
    func tls() async throws {
        let certificate = try TestCertificate.selfSigned()
        defer { certificate.remove() }
        let server = try await SecretsManagerDouble.start(certificate: certificate)
        #expect(server.url.hasPrefix("https://localhost:"))
        var boto = BotoClient(server)
        #expect(try await boto.call("list_secrets").code == "SSLError")
        boto.certificateFile = certificate.certificateFile
        #expect(try await boto.call("list_secrets").code == nil)
        await server.stop()
    }

    @Test("half of a promised body really comes")
    func halfBody() async throws {
        try await withDouble { server, _ in
            server.setChecksSignatures(false)
            server.inject(.closeMidBody)
            let ran = try await Moto.python(
                """
                import http.client, sys
                connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
                connection.request("POST", "/", "{}", {"X-Amz-Target": "secretsmanager.ListSecrets"})
                answer = connection.getresponse()
                try:
                    answer.read()
                except http.client.IncompleteRead as error:
                    print(answer.status, len(error.partial), error.expected)
                """, ["\(server.port)"])
            #expect(ran.output == "200 8 9\n")
        }
    }

    @Test(
        "requests that make no sense get an error, not a crash",
        arguments: [
            ("POST", "secretsmanager.ListSecrets", "not json", "SerializationException"),
            ("POST", "secretsmanager.ListSecrets", "[1]", "SerializationException"),
            ("POST", "secretsmanager.NoSuchCall", "{}", "UnknownOperationException"),
            ("POST", "elsewhere.ListSecrets", "{}", "UnknownOperationException"),
            ("GET", "secretsmanager.ListSecrets", "", "UnknownOperationException"),
            ("POST", "secretsmanager.GetSecretValue", "{}", "ValidationException"),
            ("POST", "secretsmanager.GetSecretValue", #"{"SecretId":7}"#, "ValidationException"),
            ("POST", "secretsmanager.ListSecrets", #"{"NextToken":"page--5"}"#, "InvalidNextTokenException"),
            ("POST", "secretsmanager.ListSecrets", #"{"MaxResults":0}"#, "ValidationException"),
        ])
    func nonsense(method: String, target: String, body: String, code: String) async throws {
        try await withDouble { server, _ in
            server.setChecksSignatures(false)
            let ran = try await Moto.python(
                """
                import http.client, json, sys
                port, method, target, body = sys.argv[1:]
                connection = http.client.HTTPConnection("127.0.0.1", int(port))
                connection.request(method, "/", body, {"X-Amz-Target": target})
                print(json.loads(connection.getresponse().read())["__type"].split("#")[-1])
                """, ["\(server.port)", method, target, body])
            #expect(ran.output == code + "\n")
        }
    }

    @Test("the double answers while every thread of Swift's pool is blocked")
    func blockedPool() async throws {
        try await withDouble { server, _ in
            server.setChecksSignatures(false)
            server.setLatency(.milliseconds(1))
            server.before("ListSecrets") { _ in await Task.yield() }
            let port = server.port
            let statuses = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        try runProgram(
                            "curl",
                            [
                                "--silent", "--max-time", "60", "--output", "/dev/null", "--write-out", "%{http_code}",
                                "--noproxy", "*", "--data", "{}", "--header",
                                "X-Amz-Target: secretsmanager.ListSecrets", "http://127.0.0.1:\(port)/",
                            ]
                        ).output
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: "200", count: 8))
        }
    }

    @Test("many writers at once lose nothing and tear nothing")
    func concurrent() async throws {
        try await withDouble { server, _ in
            try server.setValue(of: "app", "start")
            await withTaskGroup { group in
                for number in 1...40 { group.addTask { _ = try? server.setValue(of: "app", "value \(number)") } }
            }
            let versions = server.versions(of: "app")
            #expect(Set(versions.compactMap(\.string)).count == 41)
            #expect(versions.flatMap(\.stages).sorted() == ["AWSCURRENT", "AWSPREVIOUS"])
        }
    }
}
