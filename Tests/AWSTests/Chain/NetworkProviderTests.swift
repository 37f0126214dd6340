// Sources that are asked over HTTP: containers and instances.

import HTTP
import Secrets
import Testing
import World

@testable import AWS

@Suite("Credentials of a container") struct ContainerCredentialsTests {
    private func transport(_ status: Int = 200, _ body: String = ChainTest.answer("c")) -> ChainTransport {
        ChainTransport { _, _ in ChainTest.reply(status, body) }
    }

    @Test(
        "The relative and the full address are asked as they stand",
        arguments: [
            (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"], "http://169.254.170.2/v2/x?id=1"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9000/creds/"], "http://127.0.0.1:9000/creds/"),
            (
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"],
                "http://169.254.170.23/v1/credentials"
            ),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[fd00:ec2::23]/v1"], "http://[fd00:ec2::23]/v1"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://far.example"], "https://far.example/"),
            (
                ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/a", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://b"],
                "http://169.254.170.2/a"
            ),
        ] as [([String: String], String)])
    func addresses(_ environment: [String: String], _ url: String) async throws {
        let transport = transport()
        let provider = ContainerCredentials(world: ChainTest.world(environment), transport: transport)
        #expect(try await provider.loadedParts() == [ChainTest.id("c"), ChainTest.secret("c"), "c-session"])
        #expect(transport.requests.map(\.url) == [url])
        #expect(transport.requests.first?.method == .get)
        #expect(transport.requests.first?.header("Authorization") == nil)
    }

    @Test(
        "Other hosts are not asked over plain http, and nothing is sent",
        arguments: [
            "http://example.com/", "http://169.254.170.2.example.com/", "http://127.0.0.1@example.com/",
            "http://169.254.169.254/", "http://10.0.0.1/", "ftp://127.0.0.1/", "", "http://[fd00:ec2::24]/",
        ])
    func otherHosts(_ address: String) async throws {
        let transport = transport()
        let world = ChainTest.world(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address])
        let provider = ContainerCredentials(world: world, transport: transport)
        if address.isEmpty {
            #expect(try await provider.loadedParts() == nil)
        } else {
            #expect(await provider.failureOfLoading()?.kind == .sourceFailed)
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("The token's file counts before the token and is read anew each time")
    func tokenFile() async throws {
        let home = try HomeFolder()
        let file = try home.write("first\n", "token")
        let transport = transport()
        let world = ChainTest.world(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other",
            ], home: home)
        let provider = ContainerCredentials(world: world, transport: transport)
        _ = try await provider.load()
        try home.write("second", "token")
        _ = try await provider.load()
        #expect(transport.requests.map { $0.header("Authorization") } == ["first", "second"])
    }

    @Test("A token with a line end, an empty file and a file that is not there are failures")
    func badTokens() async throws {
        let home = try HomeFolder()
        let empty = try home.write(" \n", "empty")
        let address = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1"]
        for more in [
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nX: hidden"], ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": empty],
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/token"],
        ] {
            let transport = transport()
            let world = ChainTest.world(address.merging(more) { $1 }, home: home)
            let error = await ContainerCredentials(world: world, transport: transport).failureOfLoading()
            #expect(error?.kind == .sourceFailed)
            #expect(error?.reason.contains("hidden") == false)
            #expect(transport.requests.isEmpty)
        }
    }

    @Test(
        "An error, or an answer that is none, is a failure that does not repeat it",
        arguments: [
            (403, "hidden"), (200, "hidden"), (200, "{}"),
            (200, ChainTest.answer("hidden", end: "2001-01-01T00:00:00Z")),
        ]
            as [(Int, String)])
    func badAnswers(_ status: Int, _ body: String) async throws {
        let world = ChainTest.world(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/a"])
        let error = await ContainerCredentials(world: world, transport: transport(status, body)).failureOfLoading()
        #expect(error?.kind == .sourceFailed)
        #expect(error?.reason.contains("hidden") == false)
    }

    @Test(
        "Whether a container's failure may pass",
        arguments: [(403, false), (404, false), (429, true), (500, true)])
    func transient(_ status: Int, _ isTransient: Bool) async throws {
        let world = ChainTest.world(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/a"])
        let refused = await ContainerCredentials(world: world, transport: transport(status, "")).failureOfLoading()
        #expect(refused?.isTransient == isTransient)
        #expect(refused?.reason == "169.254.170.2 answers with HTTP \(status)")
        #expect(
            await ContainerCredentials(world: world, transport: ChainTransport.dead).failureOfLoading()?.isTransient
                == true)
    }

    @Test("Three attempts, then no more")
    func attempts() async throws {
        let world = ChainTest.world(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/a"])
        let failing = ChainTransport.dead
        #expect(await ContainerCredentials(world: world, transport: failing).failureOfLoading()?.kind == .sourceFailed)
        #expect(failing.requests.count == 3)
        let late = ChainTransport { _, number in
            number < 3 ? ChainTest.reply(500, "") : ChainTest.reply(200, ChainTest.answer("c"))
        }
        #expect(try await ContainerCredentials(world: world, transport: late).loadedParts() != nil)
    }
}

@Suite("Credentials of an EC2 instance") struct InstanceCredentialsTests {
    private func provider(
        _ transport: ChainTransport, _ environment: [String: String] = [:], config: String = ""
    ) throws -> InstanceCredentials {
        InstanceCredentials(
            config: try ChainTest.config(config), profile: "default", world: ChainTest.world(environment),
            transport: transport)
    }

    private static func service(_ answer: String = ChainTest.answer("ec2")) -> ChainTransport {
        ChainTransport { request, _ in
            switch request.path {
            case "/latest/api/token": ChainTest.reply(200, "the-session")
            case "/latest/meta-data/iam/security-credentials/": ChainTest.reply(200, "my role\n")
            case "/latest/meta-data/iam/security-credentials/my%20role": ChainTest.reply(200, answer)
            case "/latest/meta-data/placement/region": ChainTest.reply(200, "eu-west-3")
            default: ChainTest.reply(404, "")
            }
        }
    }

    @Test("Version 2 only: first a session, then role and credentials with it, each with one second's patience")
    func versionTwo() async throws {
        let transport = Self.service()
        #expect(
            try await provider(transport).loadedParts() == [
                ChainTest.id("ec2"), ChainTest.secret("ec2"), "ec2-session",
            ])
        #expect(transport.requests.map(\.method) == [.put, .get, .get])
        #expect(transport.requests[0].header("X-aws-ec2-metadata-token-ttl-seconds") == "21600")
        #expect(transport.requests.dropFirst().allSatisfy { $0.header("X-aws-ec2-metadata-token") == "the-session" })
        #expect(transport.requests.allSatisfy { $0.host == "169.254.169.254" })
        #expect(transport.timeouts.allSatisfy { $0 == .seconds(1) })
    }

    @Test("Where nothing answers it is not set up, after one request; version 1 is not tried")
    func absent() async throws {
        let dead = ChainTransport.dead
        #expect(try await provider(dead).loadedParts() == nil)
        #expect(dead.requests.count == 1)
        for status in [401, 403, 404, 500] {
            let refusing = ChainTransport { _, _ in ChainTest.reply(status, "") }
            #expect(try await provider(refusing).loadedParts() == nil)
            #expect(refusing.requests.map(\.method) == [.put])
        }
    }

    @Test("AWS_EC2_METADATA_DISABLED keeps it from being asked", arguments: ["true", "TRUE"])
    func disabled(_ value: String) async throws {
        let transport = Self.service()
        #expect(try await provider(transport, ["AWS_EC2_METADATA_DISABLED": value]).loadedParts() == nil)
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "Endpoint and mode can be set, by variable or in the profile",
        arguments: [
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "", "http://[fd00:ec2::254]/latest/api/token"),
            (
                ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/"], "",
                "http://127.0.0.1:1338/latest/api/token"
            ),
            ([:], "[default]\nec2_metadata_service_endpoint_mode = ipv6\n", "http://[fd00:ec2::254]/latest/api/token"),
        ] as [([String: String], String, String)])
    func endpoints(_ environment: [String: String], _ config: String, _ url: String) async throws {
        let transport = Self.service()
        _ = try await provider(transport, environment, config: config).load()
        #expect(transport.requests.first?.url == url)
    }

    @Test(
        "An endpoint elsewhere or an unknown mode is a failure, and nothing is sent",
        arguments: [
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://example.com"],
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "nonsense"], ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv7"],
        ])
    func badEndpoints(_ environment: [String: String]) async throws {
        let transport = Self.service()
        #expect(await (try provider(transport, environment)).failureOfLoading()?.kind == .sourceFailed)
        #expect(transport.requests.isEmpty)
    }

    @Test("An instance without a role is not set up; a role without credentials is a failure")
    func roles() async throws {
        let none = ChainTransport { request, _ in
            request.method == .put ? ChainTest.reply(200, "s") : ChainTest.reply(404, "")
        }
        #expect(try await provider(none).loadedParts() == nil)
        let failing = Self.service(#"{"Code":"AssumeRoleUnauthorizedAccess"}"#)
        #expect(
            await (try provider(failing)).failureOfLoading()?.reason
                == "it answers with `AssumeRoleUnauthorizedAccess`")
    }

    @Test(
        "An instance that falls silent or is busy after the session is a failure that may pass",
        arguments: [(nil, true), (429, true), (503, true), (401, false)] as [(Int?, Bool)])
    func silence(_ status: Int?, _ isTransient: Bool) async throws {
        let transport = ChainTransport { request, _ in
            if request.method == .put { return ChainTest.reply(200, "s") }
            guard let status else {
                throw TransportError(kind: .timeout, reason: "no answer in time", mayHaveArrived: true)
            }
            return ChainTest.reply(status, "")
        }
        let error = await (try provider(transport)).failureOfLoading()
        #expect(error?.kind == .sourceFailed && error?.isTransient == isTransient)
    }

    @Test(
        "A service that is busy is told from one that is not there",
        arguments: [(404, false), (429, true), (503, true)])
    func busy(_ status: Int, _ isUnanswered: Bool) async throws {
        let answer = try await provider(ChainTransport { _, _ in ChainTest.reply(status, "") }).load()
        guard case .unanswered = answer else {
            #expect(!isUnanswered)
            return
        }
        #expect(isUnanswered)
    }

    @Test("The region of the instance is a question of its own")
    func region() async throws {
        #expect(try await provider(Self.service()).region() == "eu-west-3")
        #expect(try await provider(.dead).region() == nil)
        let odd = ChainTransport { request, _ in ChainTest.reply(200, request.method == .put ? "s" : "evil.example/") }
        await #expect(throws: CredentialError.self) { try await provider(odd).region() }
    }
}
