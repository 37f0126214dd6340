// Roles: by another profile, by the surroundings, with MFA, in chains.

import HTTP
import Secrets
import Testing
import World

@testable import AWS

@Suite("Roles of profiles") struct RoleTests {
    private static func keys(_ name: String) -> String {
        "aws_access_key_id = \(ChainTest.id(name))\naws_secret_access_key = \(ChainTest.secret(name))\n"
    }

    private static let arn = "arn:aws:iam::123456789012:role/deploy"

    private static let config = """
        [profile base]
        \(keys("base"))
        [profile first]
        role_arn = \(arn)
        source_profile = base
        external_id = a&b=c d
        role_session_name = me@here
        duration_seconds = 1800
        [profile second]
        role_arn = arn:aws:iam::123456789012:role/two
        source_profile = first
        [profile own]
        role_arn = \(arn)
        source_profile = own
        \(keys("own"))
        [profile mfa]
        role_arn = \(arn)
        source_profile = base
        mfa_serial = arn:aws:iam::123456789012:mfa/me
        [profile env]
        role_arn = \(arn)
        credential_source = Environment
        [profile ecs]
        role_arn = \(arn)
        credential_source = EcsContainer
        [profile ec2]
        role_arn = \(arn)
        credential_source = Ec2InstanceMetadata
        [profile circle1]
        role_arn = \(arn)
        source_profile = circle2
        [profile circle2]
        role_arn = \(arn)
        source_profile = circle1
        [profile self]
        role_arn = \(arn)
        source_profile = self
        [profile both]
        role_arn = \(arn)
        source_profile = base
        credential_source = Environment
        [profile neither]
        role_arn = \(arn)
        [profile gone]
        role_arn = \(arn)
        source_profile = nowhere
        [profile empty]
        role_arn = \(arn)
        source_profile = region-only
        [profile region-only]
        region = eu-central-1
        [profile odd]
        role_arn = \(arn)
        credential_source = Moon
        [profile user]
        role_arn = arn:aws:iam::123456789012:user/me
        source_profile = base
        [profile long]
        role_arn = \(arn)
        source_profile = base
        duration_seconds = 99999
        [profile name]
        role_arn = \(arn)
        source_profile = base
        role_session_name = two words
        """

    /// STS as it answers; the role's credentials are named after the role.
    static func service() -> ChainTransport {
        ChainTransport { request, _ in
            switch request.host {
            case "169.254.170.2": return ChainTest.reply(200, ChainTest.answer("ecs"))
            case "169.254.169.254":
                if request.method == .put { return ChainTest.reply(200, "session") }
                let isList = request.path.hasSuffix("/")
                return ChainTest.reply(200, isList ? "role" : ChainTest.answer("ec2"))
            default:
                let body = request.bodyText
                let action = body.contains("WebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole"
                let name = body.contains("role%2Ftwo") ? "two" : "deploy"
                return ChainTest.reply(
                    200,
                    """
                    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result><Credentials>\
                    <AccessKeyId>\(ChainTest.id(name))</AccessKeyId>\
                    <SecretAccessKey>\(ChainTest.secret(name))</SecretAccessKey><SessionToken>\(name)-token</SessionToken>\
                    <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></\(action)Result></\(action)Response>
                    """)
            }
        }
    }

    private func provider(
        _ profile: String, _ transport: ChainTransport, _ environment: [String: String] = [:],
        mfaCode: MFACode? = nil
    ) throws -> AssumedRoleCredentials {
        var settings = AWSSettings()
        settings.region = .init("eu-central-1", "a test")
        return AssumedRoleCredentials(
            profile: profile, config: try ChainTest.config(Self.config), settings: settings,
            world: ChainTest.world(environment), transport: transport, mfaCode: mfaCode)
    }

    /// Whose key signed a request, by its name.
    private func signer(_ request: HTTPRequest) -> String? {
        let authorization = request.header("Authorization") ?? ""
        return authorization.split(separator: "Credential=").dropFirst().first?.split(separator: "/").first.map {
            String($0)
        }
    }

    @Test("A role is taken on with the source profile's keys at the STS of the region")
    func sourceProfile() async throws {
        let transport = Self.service()
        #expect(
            try await provider("first", transport).loadedParts()
                == [ChainTest.id("deploy"), ChainTest.secret("deploy"), "deploy-token"])
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.host == "sts.eu-central-1.amazonaws.com")
        #expect(signer(request) == ChainTest.id("base"))
        let fields = Set(request.bodyText.split(separator: "&").map(String.init))
        #expect(
            fields.isSuperset(of: [
                "Action=AssumeRole", "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeploy",
                "RoleSessionName=me%40here", "ExternalId=a%26b%3Dc%20d", "DurationSeconds=1800",
            ]))
        #expect(!request.bodyText.contains(ChainTest.secret("base")))
    }

    @Test("A chain of roles is walked from its end, each with the credentials of the one before")
    func chained() async throws {
        let transport = Self.service()
        #expect(try await provider("second", transport).loadedParts()?.first == ChainTest.id("two"))
        #expect(transport.requests.map(signer) == [ChainTest.id("base"), ChainTest.id("deploy")])
        #expect(transport.requests.last?.header("X-Amz-Security-Token") == "deploy-token")
    }

    @Test("A profile may name itself when it has keys of its own")
    func itself() async throws {
        let transport = Self.service()
        #expect(try await provider("own", transport).loadedParts()?.first == ChainTest.id("deploy"))
        #expect(transport.requests.map(signer) == [ChainTest.id("own")])
    }

    @Test(
        "The surroundings can be the source: environment, container, instance",
        arguments: [
            (
                "env",
                ["AWS_ACCESS_KEY_ID": ChainTest.id("env"), "AWS_SECRET_ACCESS_KEY": ChainTest.secret("env")]
            ),
            ("ecs", ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]), ("ec2", [:]),
        ] as [(String, [String: String])])
    func surroundings(_ profile: String, _ environment: [String: String]) async throws {
        let transport = Self.service()
        #expect(try await provider(profile, transport, environment).loadedParts()?.first == ChainTest.id("deploy"))
        #expect(transport.requests.last.flatMap(signer) == ChainTest.id(profile))
    }

    @Test("A role with MFA asks for the code of its device and sends it")
    func multiFactor() async throws {
        let transport = Self.service()
        let provider = try provider("mfa", transport) { serial in
            #expect(serial == "arn:aws:iam::123456789012:mfa/me")
            return SharedSecret(copying: "123456".utf8)
        }
        #expect(try await provider.loadedParts() != nil)
        let fields = Set(transport.requests.first?.bodyText.split(separator: "&").map(String.init) ?? [])
        #expect(
            fields.isSuperset(of: [
                "TokenCode=123456", "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme",
            ]))
    }

    @Test("A code is sent once, as it is good once; without one a lost answer is asked for again")
    func codeIsGoodOnce() async throws {
        for (profile, requests) in [("mfa", 1), ("first", 3)] {
            let transport = ChainTransport { _, _ in
                throw TransportError(kind: .closed, reason: "it went away", mayHaveArrived: true)
            }
            let provider = try provider(profile, transport) { _ in SharedSecret(copying: "123456".utf8) }
            #expect(await provider.failureOfLoading()?.isTransient == true)
            #expect(transport.requests.count == requests)
        }
    }

    @Test("Where nobody can be asked for the code, or nobody answers, nothing is sent")
    func noCode() async throws {
        let transport = Self.service()
        let silent = await (try provider("mfa", transport)).failureOfLoading()
        #expect(silent?.reason.hasPrefix("it needs the code of MFA device") == true)
        struct Refused: Error {}
        let refused = await (try provider("mfa", transport) { _ in throw Refused() }).failureOfLoading()
        #expect(refused?.reason.hasPrefix("no code of MFA device") == true)
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "A role that is not set up rightly is a failure that says what is wrong, and nothing is sent",
        arguments: [
            ("circle1", "its source profiles go round in a circle: `circle1` -> `circle2` -> `circle1`"),
            ("self", "its source profiles go round in a circle: `self` -> `self`"),
            ("both", "it has both source_profile and credential_source: only one may stand"),
            ("neither", "it has a role_arn, but neither source_profile nor credential_source"),
            ("gone", "its source_profile `nowhere` does not exist"),
            ("empty", "its source_profile `region-only` has no credentials"),
            ("odd", "credential_source must be Environment, Ec2InstanceMetadata or EcsContainer"),
            ("env", "credential_source Environment has no credentials: AWS_ACCESS_KEY_ID is not set"),
            ("user", "role_arn is no ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"),
            ("long", "duration_seconds must be a whole number from 900 to 43200"),
            ("name", "the role session name must be 2 to 64 letters, digits or _+=,.@-"),
        ] as [(String, String)])
    func misconfigured(_ profile: String, _ reason: String) async throws {
        let transport = Self.service()
        #expect(await (try provider(profile, transport)).failureOfLoading()?.reason == reason)
        #expect(transport.requests.isEmpty)
    }

    @Test("A refusal of STS is told with its code")
    func refused() async throws {
        let transport = ChainTransport { _, _ in
            ChainTest.reply(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message>"
                    + "</Error><RequestId>r</RequestId></ErrorResponse>")
        }
        let error = await (try provider("first", transport)).failureOfLoading()
        #expect(error?.reason == "AssumeRole of \(Self.arn): AccessDenied: not authorized")
        #expect(error?.remedy?.contains("trust policy") == true)
        #expect(error?.isTransient == false)
    }

    @Test(
        "Where STS is not reached or too busy, the failure may pass",
        arguments: [(400, "Throttling", true), (503, "", true), (403, "InvalidClientTokenId", false)])
    func transient(_ status: Int, _ code: String, _ isTransient: Bool) async throws {
        let transport = ChainTransport { _, _ in
            ChainTest.reply(status, "<ErrorResponse><Error><Code>\(code)</Code></Error></ErrorResponse>")
        }
        #expect(await (try provider("first", transport)).failureOfLoading()?.isTransient == isTransient)
        let gone = await (try provider("first", .dead)).failureOfLoading()
        #expect(gone?.isTransient == true)
        #expect(gone?.reason == "AssumeRole of \(Self.arn): STS does not answer: no answer in time")
    }

    @Test("An instance that a role is to be taken on from, and that does not answer, may do so later")
    func silentInstance() async throws {
        #expect(await (try provider("ec2", .dead)).failureOfLoading()?.isTransient == true)
    }

    @Test("Without a region STS is not asked anywhere")
    func noRegion() async throws {
        let transport = Self.service()
        let provider = AssumedRoleCredentials(
            profile: "first", config: try ChainTest.config(Self.config), settings: AWSSettings(),
            world: ChainTest.world(), transport: transport, mfaCode: nil)
        #expect(await provider.failureOfLoading()?.reason == "no region is set, and STS is asked in one")
        #expect(transport.requests.isEmpty)
    }
}
