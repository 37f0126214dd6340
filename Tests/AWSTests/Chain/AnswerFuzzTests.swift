// Damaged answers of every source that is asked: taken or refused, and never repeated.

import HTTP
import Secrets
import Testing
import World

@testable import AWS

@Suite("Damaged answers") struct AnswerFuzzTests {
    private static let marker = "m4rker"

    /// A good answer with some bytes changed, left out or put in.
    private static func damaged(_ text: String, _ generator: inout SplitMix) -> SharedSecret {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return SharedSecret(copying: bytes)
    }

    private func sources(_ transport: ChainTransport, _ home: HomeFolder) throws -> [any CredentialProvider] {
        let world = ChainTest.world(
            [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c", "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token",
                "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/deploy",
            ], home: home)
        let config = try ChainTest.config(
            """
            [profile sso]
            sso_start_url = https://corp.example/start
            sso_region = eu-north-1
            sso_account_id = 1
            sso_role_name = r
            """)
        var settings = AWSSettings()
        settings.region = .init("eu-central-1", "a test")
        settings.maxAttempts = 1
        return [
            ContainerCredentials(world: world, transport: transport),
            InstanceCredentials(config: config, profile: "default", world: world, transport: transport),
            SSOCredentials(profile: "sso", config: config, settings: settings, world: world, transport: transport),
            WebIdentityCredentials(
                place: .environment, config: config, settings: settings, world: world, transport: transport),
        ]
    }

    @Test("No answer crashes a source, and no error repeats what was in it", arguments: 0..<8)
    func fuzz(_ seed: Int) async throws {
        var generator = SplitMix(state: UInt64(seed))
        let home = try HomeFolder()
        try home.write("token", "token")
        try home.write(
            #"{"accessToken":"kept","expiresAt":"2030-01-01T00:00:00Z"}"#,
            ".aws/sso/cache/\(SSOTokenFileName.of("https://corp.example/start"))")
        let json = ChainTest.answer(Self.marker)
        let answers = [
            json,
            #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"\#(Self.marker)","expiration":1893456000000}}"#,
            "<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>\(Self.marker)"
                + "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>"
                + "</Credentials></AssumeRoleWithWebIdentityResult></R>",
        ]
        var found = 0
        for _ in 0..<60 {
            let bodies = answers.map { Self.damaged($0, &generator) }
            let transport = ChainTransport { request, _ in
                if request.method == .put { return ChainTest.reply(200, "session") }
                if request.path.hasSuffix("/security-credentials/") { return ChainTest.reply(200, "role") }
                let body =
                    request.host.hasPrefix("portal") ? bodies[1] : request.host.hasPrefix("sts") ? bodies[2] : bodies[0]
                return HTTPResponse(status: 200, headers: [], body: body)
            }
            for source in try sources(transport, home) {
                do {
                    if case .found(let credentials) = try await source.load() {
                        found += 1
                        #expect(credentials.secretAccessKey.isPrintable)
                    }
                } catch {
                    #expect(error is CredentialError)
                    #expect(!String(describing: error).contains(Self.marker))
                }
            }
        }
        // Some are whole, so that the rest of the way is walked as well.
        #expect(found > 0)
    }
}
