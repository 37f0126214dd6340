// Sources that are asked over HTTP: containers, instances, SSO.

import Foundation
import JSON
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

    @Test("The region of the instance is a question of its own")
    func region() async throws {
        #expect(try await provider(Self.service()).region() == "eu-west-3")
        #expect(try await provider(.dead).region() == nil)
        let odd = ChainTransport { request, _ in ChainTest.reply(200, request.method == .put ? "s" : "evil.example/") }
        await #expect(throws: CredentialError.self) { try await provider(odd).region() }
    }
}

@Suite("Credentials by SSO") struct SSOCredentialsTests {
    private static let config = """
        [profile new]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Read Only
        [profile old]
        sso_start_url = https://corp.example/start
        sso_region = cn-north-1
        sso_account_id = 123456789012
        sso_role_name = Admin
        [profile half]
        sso_account_id = 123456789012
        [profile lost]
        sso_session = gone
        sso_account_id = 1
        sso_role_name = r
        [profile torn]
        sso_session = corp
        sso_region = us-east-1
        sso_account_id = 1
        sso_role_name = r
        [sso-session corp]
        sso_region = eu-north-1
        sso_start_url = https://corp.example/start
        """
    /// SHA-1 of `corp` and of the start URL, by `sha1sum`.
    private static let newFile = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
    private static let oldFile = ".aws/sso/cache/f7c9b39d0b4c7a7d82c79307585f77e1c5e74378.json"

    private static let roleAnswer =
        #"{"roleCredentials":{"accessKeyId":"\#(ChainTest.id("sso"))","#
        + #""secretAccessKey":"\#(ChainTest.secret("sso"))","sessionToken":"st","expiration":1893456000000}}"#

    private let home: HomeFolder
    private let clock = TestClock()

    init() throws { home = try HomeFolder() }

    private func provider(_ profile: String, _ transport: ChainTransport) throws -> SSOCredentials {
        SSOCredentials(
            profile: profile, config: try ChainTest.config(Self.config), settings: AWSSettings(),
            world: ChainTest.world(home: home, clock: clock), transport: transport)
    }

    private func keep(_ file: String = newFile, seconds: Double, registration: Double? = nil) throws {
        var more = ""
        if let registration {
            more =
                #","clientId":"cid","clientSecret":"csec","refreshToken":"r1","registrationExpiresAt":"#
                + "\"\((clock.now + registration).iso8601)\""
        }
        try home.write(
            #"{"startUrl":"https://corp.example/start","accessToken":"kept","expiresAt":"#
                + "\"\((clock.now + seconds).iso8601)\",\"other\":[1, {\"a\":null}]\(more)}", file)
    }

    private static func service(_ token: String? = nil) -> ChainTransport {
        ChainTransport { request, _ in
            if request.path == "/token" { return token.map { ChainTest.reply(200, $0) } ?? ChainTest.reply(400, "{}") }
            return ChainTest.reply(200, roleAnswer)
        }
    }

    @Test("A session's kept token is exchanged for the role's credentials")
    func session() async throws {
        try keep(seconds: 3_600)
        let transport = Self.service()
        #expect(
            try await provider("new", transport).loadedParts() == [ChainTest.id("sso"), ChainTest.secret("sso"), "st"])
        #expect(
            transport.requests.map(\.url) == [
                "https://portal.sso.eu-north-1.amazonaws.com/federation/credentials?account_id=123456789012"
                    + "&role_name=Read%20Only"
            ])
        #expect(transport.requests.first?.header("x-amz-sso_bearer_token") == "kept")
    }

    @Test("The older form keeps its token under the start URL, in its own partition")
    func legacy() async throws {
        try keep(Self.oldFile, seconds: 3_600)
        let transport = Self.service()
        #expect(try await provider("old", transport).loadedParts() != nil)
        #expect(transport.requests.first?.host == "portal.sso.cn-north-1.amazonaws.com.cn")
    }

    @Test("Without a sign-in, and with one that has ended, the remedy is the command to type")
    func signIn() async throws {
        let missing = await (try provider("new", .dead)).failureOfLoading()
        #expect(missing?.reason == "nobody has signed in")
        #expect(missing?.remedy == "aws sso login --sso-session corp")
        try keep(Self.oldFile, seconds: -1)
        let ended = await (try provider("old", .dead)).failureOfLoading()
        #expect(ended?.reason.hasPrefix("the sign-in expired at") == true)
        #expect(ended?.remedy == "aws sso login --profile old")
        try keep(seconds: 3_600)
        let refused = await (try provider("new", ChainTransport { _, _ in ChainTest.reply(401, "hidden") }))
            .failureOfLoading()
        #expect(refused?.reason == "the sign-in is no longer valid")
        #expect(refused?.remedy == "aws sso login --sso-session corp")
    }

    @Test("A token near its end is renewed, and the file keeps the new one, for its owner alone, and all else")
    func renewal() async throws {
        try keep(seconds: 60, registration: 3_600)
        let transport = Self.service(#"{"accessToken":"fresh","expiresIn":28800,"refreshToken":"r2"}"#)
        #expect(try await provider("new", transport).loadedParts() != nil)
        #expect(transport.requests.first?.url == "https://oidc.eu-north-1.amazonaws.com/token")
        #expect(
            transport.requests.first?.bodyText
                == #"{"clientId":"cid","clientSecret":"csec","grantType":"refresh_token","refreshToken":"r1"}"#)
        #expect(transport.requests.last?.header("x-amz-sso_bearer_token") == "fresh")
        let kept = try JSONDocument(parsing: Array(home.read(Self.newFile).utf8)).root
        #expect(kept["accessToken"]?.string == "fresh")
        #expect(kept["refreshToken"]?.string == "r2")
        #expect(kept["expiresAt"]?.string == (clock.now + 28_800).iso8601)
        #expect(kept["clientSecret"]?.string == "csec")
        #expect(kept["other"]?.literal().unprotectedText == #"[1, {"a":null}]"#)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(home.path)/\(Self.newFile)")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: home.path + "/.aws/sso/cache")
        #expect(names.count == 1)
    }

    @Test("A renewal that fails leaves the kept token in use until its end, and is not tried once registration ended")
    func failedRenewal() async throws {
        try keep(seconds: 60, registration: 3_600)
        let refusing = Self.service()
        #expect(try await provider("new", refusing).loadedParts() != nil)
        #expect(refusing.requests.last?.header("x-amz-sso_bearer_token") == "kept")
        try keep(seconds: -60, registration: 3_600)
        #expect(await (try provider("new", refusing)).failureOfLoading()?.remedy == "aws sso login --sso-session corp")
        try keep(seconds: -60, registration: -1)
        let unasked = Self.service("{}")
        #expect(await (try provider("new", unasked)).failureOfLoading()?.kind == .sourceFailed)
        #expect(unasked.requests.isEmpty)
    }

    @Test(
        "A profile that is not whole is a failure",
        arguments: [
            ("half", "it needs both sso_account_id and sso_role_name"),
            ("lost", "there is no section `[sso-session gone]` in ~/.aws/config"),
            ("torn", "its sso_region is not that of the SSO session: take it out of the profile"),
        ] as [(String, String)])
    func incomplete(_ profile: String, _ reason: String) async throws {
        #expect(await (try provider(profile, .dead)).failureOfLoading()?.reason == reason)
    }

    @Test("A role that is not given, an answer that is none and a file that is none are failures without content")
    func badAnswers() async throws {
        try keep(seconds: 3_600)
        for (status, body) in [(403, "hidden"), (200, "hidden"), (200, "{}"), (500, "hidden")] {
            let transport = ChainTransport { _, _ in ChainTest.reply(status, body) }
            let error = await (try provider("new", transport)).failureOfLoading()
            #expect(error?.kind == .sourceFailed)
            #expect(error?.reason.contains("hidden") == false)
        }
        try home.write("hidden", Self.newFile)
        #expect(await (try provider("new", .dead)).failureOfLoading()?.reason.contains("hidden") == false)
    }
}
