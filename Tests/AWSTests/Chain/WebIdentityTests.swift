// Roles by the token of an identity provider.

import Testing
import World

@testable import AWS

@Suite("Web identity") struct WebIdentityTests {
    private let home: HomeFolder
    private let file: String

    init() throws {
        home = try HomeFolder()
        file = try home.write("the.token\n", "token")
    }

    private func provider(
        _ place: WebIdentityCredentials.Place, _ transport: ChainTransport, _ environment: [String: String] = [:],
        config: String = "", isSkipped: Bool = false
    ) throws -> WebIdentityCredentials {
        var settings = AWSSettings()
        settings.region = .init("eu-central-1", "a test")
        return WebIdentityCredentials(
            place: place, config: try ChainTest.config(config), settings: settings,
            world: ChainTest.world(environment, home: home), transport: transport, isSkipped: isSkipped)
    }

    private var environment: [String: String] {
        [
            "AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/deploy",
            "AWS_ROLE_SESSION_NAME": "pod",
        ]
    }

    @Test("The token is sent unsigned, read anew each time, by the environment's names and by the profile's")
    func exchange() async throws {
        let transport = RoleTests.service()
        let provider = try provider(.environment, transport, environment)
        #expect(try await provider.loadedParts()?.first == ChainTest.id("deploy"))
        try home.write("another", "token")
        _ = try await provider.load()
        let config = "[profile w]\nrole_arn = arn:aws:iam::123456789012:role/two\nweb_identity_token_file = ~/token\n"
        let byProfile = try self.provider(.profile("w"), transport, config: config)
        #expect(try await byProfile.loadedParts()?.first == ChainTest.id("two"))
        let requests = transport.requests
        #expect(requests.allSatisfy { $0.header("Authorization") == nil })
        #expect(requests[0].bodyText.split(separator: "&").contains("WebIdentityToken=the.token"))
        #expect(requests[0].bodyText.split(separator: "&").contains("RoleSessionName=pod"))
        #expect(requests[1].bodyText.split(separator: "&").contains("WebIdentityToken=another"))
        #expect(requests[2].bodyText.split(separator: "&").contains("RoleSessionName=migrate-1764000000"))
    }

    @Test("No token file means that it is not set up, and an explicit profile passes the environment over")
    func notConfigured() async throws {
        let transport = RoleTests.service()
        #expect(try await provider(.environment, transport).loadedParts() == nil)
        #expect(try await provider(.environment, transport, environment, isSkipped: true).loadedParts() == nil)
        #expect(try await provider(.profile("x"), transport, environment).loadedParts() == nil)
        #expect(transport.requests.isEmpty)
    }

    @Test("A token file without a role, an empty one and a missing one are failures")
    func failures() async throws {
        let empty = try home.write("\n", "empty")
        for (more, isMissing) in [
            (["AWS_ROLE_ARN": ""], false), (["AWS_WEB_IDENTITY_TOKEN_FILE": empty], false),
            (["AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"], true),
        ] {
            let provider = try provider(.environment, .dead, environment.merging(more) { $1 })
            let error = await provider.failureOfLoading()
            #expect(error?.kind == .sourceFailed)
            #expect(error?.reason.hasSuffix("does not exist") == isMissing)
        }
    }
}
