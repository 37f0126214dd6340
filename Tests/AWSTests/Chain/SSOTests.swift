// SSO: the kept sign-in, its renewal, and the exchange for a role's credentials.

import Foundation
import HTTP
import JSON
import Secrets
import Testing
import World

@testable import AWS

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

    @Test("A renewal that is not answered says so, and may come through later; an answer that is none is a refusal")
    func unansweredRenewal() async throws {
        try keep(seconds: -60, registration: 3_600)
        let dead = await (try provider("new", .dead)).failureOfLoading()
        #expect(dead?.isTransient == true)
        #expect(
            dead?.reason.hasSuffix(
                "and cannot be renewed now: oidc.eu-north-1.amazonaws.com does not answer: no answer in time") == true)
        let busy = ChainTransport { _, _ in ChainTest.reply(503, "") }
        #expect(await (try provider("new", busy)).failureOfLoading()?.isTransient == true)
        for token in [nil, "{}", "hidden", #"{"accessToken":"t","expiresIn":-1}"#] {
            let error = await (try provider("new", Self.service(token))).failureOfLoading()
            #expect(error?.isTransient == false)
            #expect(error?.remedy == "aws sso login --sso-session corp")
        }
        // Until the kept token ends, it is in use.
        try keep(seconds: 60, registration: 3_600)
        #expect(try await provider("new", Self.service("{}")).loadedParts() != nil)
    }

    @Test(
        "Whether the portal's answer may be another one later",
        arguments: [(401, false), (403, false), (404, false), (429, true), (500, true), (503, true)])
    func transient(_ status: Int, _ isTransient: Bool) async throws {
        try keep(seconds: 3_600)
        let transport = ChainTransport { _, _ in ChainTest.reply(status, "") }
        #expect(await (try provider("new", transport)).failureOfLoading()?.isTransient == isTransient)
        #expect(await (try provider("new", .dead)).failureOfLoading()?.isTransient == true)
    }

    @Test(
        "The portal lies in the partition of its region",
        arguments: [
            ("eusc-de-east-1", "portal.sso.eusc-de-east-1.amazonaws.eu"),
            ("us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com"),
        ])
    func partitions(_ region: String, _ host: String) async throws {
        try keep(Self.oldFile, seconds: 3_600)
        let transport = Self.service()
        let config = try ChainTest.config(Self.config.replacing("cn-north-1", with: region))
        _ = try await SSOCredentials(
            profile: "old", config: config, settings: AWSSettings(),
            world: ChainTest.world(home: home, clock: clock), transport: transport
        ).load()
        #expect(transport.requests.first?.host == host)
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
