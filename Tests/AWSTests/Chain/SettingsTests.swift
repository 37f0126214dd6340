// Region, profile, endpoints and the rest: which of several places counts.

import HTTP
import Secrets
import Testing

@testable import AWS

@Suite("AWS settings from flags, environment and files") struct SettingsTests {
    private static let files = """
        [default]
        region = from-default
        [profile work]
        region = from-work
        endpoint_url = https://profile.example
        services = own
        ca_bundle = ~/ca.pem
        max_attempts = 7
        retry_mode = legacy
        use_fips_endpoint = true
        use_dualstack_endpoint = TRUE
        [profile bare]
        output = json
        [services own]
        secrets_manager =
          endpoint_url = https://services.example
        sts =
          endpoint_url = https://sts-services.example
        """

    private func resolve(
        _ environment: [String: String] = [:], _ overrides: AWSOverrides = AWSOverrides(), files: String = files
    ) throws -> AWSSettings.Resolved {
        let home = try HomeFolder(config: files)
        return try AWSSettings.resolve(overrides: overrides, world: ChainTest.world(environment, home: home))
    }

    struct RegionCase: Sendable, CustomTestStringConvertible {
        var environment: [String: String]
        var overrides = AWSOverrides()
        var region: String?
        var origin: String?
        var testDescription: String { "\(region ?? "none") from \(origin ?? "nowhere")" }
    }

    @Test(
        "The region is the flag's, AWS_REGION's, AWS_DEFAULT_REGION's, the profile's or the ARN's, in that order",
        arguments: [
            RegionCase(
                environment: ["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r2"],
                overrides: AWSOverrides(region: .init("flag", "--region"), fallbackRegion: .init("arn", "ARN")),
                region: "flag", origin: "--region"),
            RegionCase(
                environment: ["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r2"],
                overrides: AWSOverrides(fallbackRegion: .init("arn", "ARN")), region: "r1", origin: "AWS_REGION"),
            RegionCase(
                environment: ["AWS_REGION": "", "AWS_DEFAULT_REGION": "r2", "AWS_PROFILE": "work"], region: "r2",
                origin: "AWS_DEFAULT_REGION"),
            RegionCase(
                environment: ["AWS_PROFILE": "work"], overrides: AWSOverrides(fallbackRegion: .init("arn", "ARN")),
                region: "from-work", origin: "~/.aws/config, line 4 (`region` of profile `work`)"),
            RegionCase(
                environment: ["AWS_PROFILE": "bare"], overrides: AWSOverrides(fallbackRegion: .init("arn", "ARN")),
                region: "arn", origin: "ARN"),
            RegionCase(
                environment: [:], region: "from-default",
                origin: "~/.aws/config, line 2 (`region` of profile `default`)"),
            RegionCase(environment: ["AWS_PROFILE": "bare"], region: nil, origin: nil),
        ])
    func region(_ example: RegionCase) throws {
        let region = try resolve(example.environment, example.overrides).settings.region
        #expect(region?.value == example.region)
        #expect(region?.origin == example.origin)
    }

    @Test("Two region variables that disagree are warned of, and two that agree are not")
    func disagreement() throws {
        let warnings = try resolve(["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"]).settings.warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("AWS_REGION is a but AWS_DEFAULT_REGION is b") == true)
        #expect(try resolve(["AWS_REGION": "a", "AWS_DEFAULT_REGION": "a"]).settings.warnings.isEmpty)
        let flag = AWSOverrides(region: .init("c", "--region"))
        #expect(try resolve(["AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"], flag).settings.warnings.isEmpty)
    }

    @Test("The profile is the flag's, AWS_PROFILE's or AWS_DEFAULT_PROFILE's, and only a flag is explicit")
    func profile() throws {
        let both = ["AWS_PROFILE": "work", "AWS_DEFAULT_PROFILE": "bare"]
        let flag = try resolve(both, AWSOverrides(profile: .init("default", "--profile")))
        #expect(flag.profileName == "default")
        #expect(flag.isProfileExplicit)
        let variable = try resolve(both)
        #expect(variable.profileName == "work")
        #expect(!variable.isProfileExplicit)
        #expect(variable.settings.warnings.count == 1)
        #expect(try resolve(["AWS_DEFAULT_PROFILE": "bare"]).profileName == "bare")
        #expect(try resolve().settings.profile?.value == "default")
        #expect(try resolve(files: "").settings.profile == nil)
    }

    @Test("A profile that does not exist is an error that lists those that do")
    func missingProfile() {
        let error = #expect(throws: AWSConfigurationError.self) { try resolve(["AWS_PROFILE": "wrok"]) }
        #expect(error?.place == "AWS_PROFILE")
        #expect(error?.reason == "there is no profile `wrok` in ~/.aws/config or ~/.aws/credentials")
        #expect(error?.remedy == "profiles that exist: bare, default, work")
    }

    struct EndpointCase: Sendable, CustomTestStringConvertible {
        var environment: [String: String]
        var flag: String?
        /// Of Secrets Manager, of STS, of everything else.
        var endpoints: [String?]
        var testDescription: String { "\(environment.keys.sorted()), flag \(flag ?? "none")" }
    }

    @Test(
        "An endpoint is the flag's, its own variable's, AWS_ENDPOINT_URL's, its section's or the profile's",
        arguments: [
            EndpointCase(environment: [:], endpoints: [nil, nil, nil]),
            EndpointCase(
                environment: ["AWS_PROFILE": "work"],
                endpoints: ["https://services.example", "https://sts-services.example", "https://profile.example"]),
            EndpointCase(
                environment: ["AWS_PROFILE": "work", "AWS_ENDPOINT_URL": "https://all.example"],
                endpoints: [nil, nil, "https://all.example"]),
            EndpointCase(
                environment: [
                    "AWS_PROFILE": "work", "AWS_ENDPOINT_URL": "https://all.example",
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://own.example",
                    "AWS_ENDPOINT_URL_STS": "https://sts.example",
                ], endpoints: ["https://own.example", "https://sts.example", "https://all.example"]),
            EndpointCase(
                environment: ["AWS_PROFILE": "work", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://own.example"],
                flag: "https://flag.example",
                endpoints: ["https://flag.example", "https://sts-services.example", "https://profile.example"]),
            EndpointCase(
                environment: [
                    "AWS_PROFILE": "work", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
                    "AWS_ENDPOINT_URL": "https://all.example",
                ], endpoints: [nil, nil, nil]),
            EndpointCase(
                environment: [
                    "AWS_PROFILE": "work", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
                    "AWS_ENDPOINT_URL": "https://all.example",
                ], flag: "https://flag.example", endpoints: ["https://flag.example", nil, nil]),
            // An emulator answers for all.
            EndpointCase(
                environment: ["AWS_PROFILE": "work"], flag: "http://localhost:5000",
                endpoints: ["http://localhost:5000", nil, "http://localhost:5000"]),
        ])
    func endpoints(_ example: EndpointCase) throws {
        let overrides = AWSOverrides(endpointURL: example.flag.map { .init($0, "--endpoint-url") })
        let settings = try resolve(example.environment, overrides).settings
        #expect(settings.secretsManagerEndpoint?.value == example.endpoints[0])
        #expect(settings.serviceEndpoints["sts"]?.value == example.endpoints[1])
        #expect(settings.endpoint?.value == example.endpoints[2])
    }

    @Test(
        "Bad values are errors that name the variable and not the value",
        arguments: [
            ("AWS_REGION", "evil.example/"), ("AWS_DEFAULT_REGION", "a b"), ("AWS_MAX_ATTEMPTS", "-5"),
            ("AWS_MAX_ATTEMPTS", "many"), ("AWS_RETRY_MODE", "often"), ("AWS_USE_FIPS_ENDPOINT", "yes"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "1"), ("AWS_ENDPOINT_URL", "http://example.com"),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "localhost"), ("AWS_ENDPOINT_URL_STS", "https://u:p@a"),
            ("AWS_ENDPOINT_URL_IAM", "http://10.0.0.1"), ("AWS_ENDPOINT_URL_CLOUDTRAIL", "https://a?x"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "maybe"), ("HTTPS_PROXY", "socks5://a:1"),
            ("HTTPS_PROXY", "https://a:1"),
            ("https_proxy", "http://user:pw@"), ("ALL_PROXY", "socks5h://a"),
        ] as [(String, String)])
    func badValues(_ name: String, _ value: String) {
        let error = #expect(throws: AWSConfigurationError.self) { try resolve([name: value]) }
        #expect(error?.place == name)
        #expect(error?.reason.contains(value) == false)
    }

    @Test("Retries, FIPS, dual stack and certificates come from the environment, else from the profile")
    func others() throws {
        let profile = try resolve(["AWS_PROFILE": "work"]).settings
        #expect(profile.maxAttempts == 7)
        #expect(profile.retryMode == .legacy)
        #expect(profile.usesFIPS && profile.usesDualStack)
        #expect(profile.certificateBundle?.value.hasSuffix("/ca.pem") == true)
        #expect(profile.certificateBundle?.value.hasPrefix("~") == false)
        let variables = try resolve([
            "AWS_PROFILE": "work", "AWS_MAX_ATTEMPTS": "2", "AWS_RETRY_MODE": "standard",
            "AWS_USE_FIPS_ENDPOINT": "false", "AWS_CA_BUNDLE": "/x.pem",
        ]).settings
        #expect(variables.maxAttempts == 2)
        #expect(variables.retryMode == .standard)
        #expect(!variables.usesFIPS)
        #expect(variables.certificateBundle?.value == "/x.pem")
        #expect(try resolve().settings.maxAttempts == 3)
        #expect(try resolve(["AWS_RETRY_MODE": "legacy"]).settings.maxAttempts == 5)
        let both = try resolve(["AWS_RETRY_MODE": "legacy", "AWS_MAX_ATTEMPTS": "3"]).settings
        #expect(both.maxAttempts == 3 && RetryPolicy(both).maxAttempts == 3)
        #expect(try resolve(["AWS_RETRY_MODE": "adaptive"]).settings.warnings.count == 1)
    }

    @Test(
        "Proxies: lower case first, ALL_PROXY last; HTTP_PROXY counts for nothing, be it good or bad",
        arguments: [
            (["HTTPS_PROXY": "http://up:1", "https_proxy": "http://low:2"], "http://low:2"),
            (["HTTPS_PROXY": "up:1"], "http://up:1"),
            (["HTTPS_PROXY": "http://up:1", "HTTP_PROXY": "socks5://a:1"], "http://up:1"),
            (["ALL_PROXY": "http://all:1", "HTTP_PROXY": "http://plain:1"], "http://all:1"),
            (["HTTP_PROXY": "http://plain:1"], nil), (["http_proxy": "http://plain:1"], nil),
            (["https_proxy": "http://user:p@ss@host:1/"], "http://user:p@ss@host:1/"),
        ] as [([String: String], String?)])
    func proxies(_ environment: [String: String], _ https: String?) throws {
        let settings = try resolve(environment).settings
        #expect(settings.httpsProxy?.unprotectedText == https)
    }

    @Test("NO_PROXY is a list")
    func noProxy() throws {
        #expect(
            try resolve(["NO_PROXY": "a.example, .b.example,,10.0.0.0/8"]).settings.noProxy
                == ["a.example", ".b.example", "10.0.0.0/8"])
    }

    @Test("A services section that is named and not there is an error")
    func missingServices() {
        let error = #expect(throws: AWSConfigurationError.self) {
            try resolve(files: "[default]\nservices = gone\n")
        }
        #expect(error?.place == "~/.aws/config, line 2 (`services` of profile `default`)")
    }

    @Test("AWS_PROFILE beside access keys in the environment is warned of, since the keys count")
    func shadowedProfile() throws {
        let warnings = try resolve(["AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": ChainTest.id("x")]).settings.warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("AWS_ACCESS_KEY_ID") == true)
    }
}
