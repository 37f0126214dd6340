// Flags, environment and files, brought together in the order users expect.

import HTTP
import Secrets
package import World

extension AWSSettings {
    /// Settings, and the files they were read from.
    package struct Resolved: Sendable {
        package var settings: AWSSettings
        package var config: SharedConfig
        /// The profile that counts: the one asked for, or `default`.
        package var profileName: String
        /// Whether a flag or the project's configuration names the profile, rather than a variable or nobody.
        package var isProfileExplicit: Bool
    }

    /// Reads everything but credentials. Nothing is asked of the network.
    ///
    /// Region: override, AWS_REGION, AWS_DEFAULT_REGION, the profile's, the fallback of the overrides. Endpoints:
    /// override, the service's own variable, AWS_ENDPOINT_URL, the profile's `services` section, its `endpoint_url`.
    /// AWS_PROFILE counts before AWS_DEFAULT_PROFILE, as in most SDKs (botocore has it the other way round).
    /// - Throws: `AWSConfigurationError`.
    package static func resolve(overrides: AWSOverrides = AWSOverrides(), world: World) throws -> Resolved {
        let config = try SharedConfig.load(world: world)
        var settings = AWSSettings()
        settings.warnings = config.warnings

        settings.profile =
            overrides.profile
            ?? world.variable("AWS_PROFILE").map { Origin($0, "AWS_PROFILE") }
            ?? world.variable("AWS_DEFAULT_PROFILE").map { Origin($0, "AWS_DEFAULT_PROFILE") }
        if let asked = settings.profile, config.profiles[asked.value] == nil {
            throw missingProfile(asked, config)
        }
        let profileName = settings.profile?.value ?? "default"
        if settings.profile == nil, config.profiles["default"] != nil {
            settings.profile = Origin("default", "it is the default")
        }
        if overrides.profile == nil {
            settings.warnOfDisagreement("AWS_PROFILE", "AWS_DEFAULT_PROFILE", world)
            if let asked = settings.profile, world.variable("AWS_ACCESS_KEY_ID") != nil {
                settings.warnings.append(
                    "\(asked.origin) names profile `\(OneLine.of(asked.value))`, but the access keys in the environment "
                        + "(AWS_ACCESS_KEY_ID) count before it")
            }
        }

        let lookup = SettingLookup(world: world, config: config, profile: profileName)
        if overrides.region == nil { settings.warnOfDisagreement("AWS_REGION", "AWS_DEFAULT_REGION", world) }
        settings.region = try SettingLookup.checkedRegion(
            overrides.region ?? lookup.variable("AWS_REGION", "AWS_DEFAULT_REGION")
                ?? lookup.profileSetting("region") ?? overrides.fallbackRegion)

        try settings.readEndpoints(overrides, lookup)
        settings.usesFIPS = try lookup.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
        settings.usesDualStack = try lookup.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
        settings.certificateBundle = lookup.text("AWS_CA_BUNDLE", "ca_bundle").map {
            Origin(HomePath.expanded($0.value, world: world), $0.origin)
        }
        try settings.readRetries(lookup)
        try settings.readProxies(world)
        return Resolved(
            settings: settings, config: config, profileName: profileName,
            isProfileExplicit: overrides.profile != nil)
    }

    private static func missingProfile(_ asked: Origin<String>, _ config: SharedConfig) -> AWSConfigurationError {
        let names = config.profiles.keys.sorted().map { OneLine.of($0, limit: 60) }
        let listed = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
        return AWSConfigurationError(
            asked.origin,
            "there is no profile `\(OneLine.of(asked.value))` in \(config.configName) or "
                + config.credentialsName,
            remedy: names.isEmpty ? "no profile is configured at all" : "profiles that exist: \(listed)")
    }

    private mutating func warnOfDisagreement(_ first: String, _ second: String, _ world: World) {
        guard let left = world.variable(first), let right = world.variable(second), left != right else { return }
        warnings.append(
            "\(first) is \(OneLine.of(left)) but \(second) is \(OneLine.of(right)): \(first) counts here, other tools "
                + "may take the other one")
    }

    private mutating func readRetries(_ lookup: SettingLookup) throws {
        retryMode = try lookup.retryMode() ?? .standard
        // The legacy mode of botocore sends a request five times in all.
        maxAttempts = try lookup.attempts() ?? (retryMode == .legacy ? 5 : 3)
        if retryMode == .adaptive {
            warnings.append("retry mode `adaptive` is treated as `standard`: requests are not slowed down beforehand")
        }
    }
}

// Endpoints.
extension AWSSettings {
    /// Services that have an endpoint of their own, as settings and variables call them.
    private static let services = ["secrets_manager", "sts", "iam", "cloudtrail", "sso", "sso_oidc"]

    private mutating func readEndpoints(_ overrides: AWSOverrides, _ lookup: SettingLookup) throws {
        let given = try SettingLookup.checkedEndpoint(overrides.endpointURL)
        if let given, let url = try? EndpointURL(given.value), PlainHTTP.isLoopback(url.host) {
            // An emulator: real credentials and real services have no business in the same run.
            secretsManagerEndpoint = given
            endpoint = given
            return
        }
        if try !lookup.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") {
            let common = try SettingLookup.checkedEndpoint(lookup.variable("AWS_ENDPOINT_URL"))
            for service in Self.services {
                let own = lookup.variable("AWS_ENDPOINT_URL_\(service.uppercased())")
                let configured = common == nil ? try Self.configured(service, lookup) : nil
                serviceEndpoints[service] = try SettingLookup.checkedEndpoint(own ?? configured)
            }
            endpoint = try common ?? SettingLookup.checkedEndpoint(lookup.profileSetting("endpoint_url"))
        }
        secretsManagerEndpoint = given ?? serviceEndpoints["secrets_manager"]
        serviceEndpoints["secrets_manager"] = nil
    }

    /// What the profile's `services` section says of a service.
    private static func configured(_ service: String, _ lookup: SettingLookup) throws -> Origin<String>? {
        guard let name = lookup.profileSetting("services") else { return nil }
        guard let section = lookup.config.services[name.value] else {
            throw AWSConfigurationError(
                name.origin,
                "there is no section `[services \(OneLine.of(name.value))]` in \(lookup.config.configName)")
        }
        return section.nested(service)["endpoint_url"].flatMap { value in
            value.isEmpty ? nil : Origin(value, "`\(service)` in [services \(OneLine.of(name.value))]")
        }
    }
}

// Proxies.
extension AWSSettings {
    private mutating func readProxies(_ world: World) throws {
        // Lower case first, as curl and Python have it.
        let all = Self.first(["all_proxy", "ALL_PROXY"], world)
        // HTTP_PROXY is not read: plain http goes to this machine only, past any proxy.
        httpsProxy = try Self.proxy(Self.first(["https_proxy", "HTTPS_PROXY"], world) ?? all)
        let exceptions = Self.first(["no_proxy", "NO_PROXY"], world)?.value ?? ""
        noProxy = exceptions.split { $0 == "," || $0 == " " }.map(String.init)
    }

    private static func first(_ names: [String], _ world: World) -> Origin<String>? {
        for name in names {
            if let value = world.variable(name) { return Origin(value, name) }
        }
        return nil
    }

    /// The proxy's URL with its scheme, checked. It may hold a password, so no error repeats it.
    private static func proxy(_ found: Origin<String>?) throws -> SharedSecret? {
        guard let found else { return nil }
        let marker = "://"
        var url = found.value
        if !url.contains(marker) { url = "http" + marker + url }
        guard url.lowercased().hasPrefix("http:") else {
            throw AWSConfigurationError(found.origin, "only http:// proxies can be used")
        }
        // The last `@`: a password may hold others.
        let authority = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2]
        let server = authority.lastIndex(of: "@").map { url[authority.index(after: $0)...] } ?? authority
        do { _ = try EndpointURL("http\(marker)\(server)") } catch {
            throw AWSConfigurationError(found.origin, "this proxy cannot be used: \(error.reason)")
        }
        return SharedSecret(copying: url.utf8)
    }
}
