// A role that a profile names, taken on with another profile's credentials or with those of the surroundings.

package import HTTP
package import Secrets
package import World

/// Asks a person for the code that an MFA device shows.
/// - Throws: whatever means that there is nobody to ask.
package typealias MFACode = @Sendable (_ serial: String) async throws -> SharedSecret

package struct AssumedRoleCredentials: CredentialProvider {
    package var name: String { "role of profile `\(OneLine.of(profile))`" }
    private let profile: String
    private let config: SharedConfig
    private let exchange: RoleExchange
    private let mfaCode: MFACode?
    /// Profiles on the way here, this one excluded.
    private let path: [String]

    /// - Parameter mfaCode: nil where nobody can be asked.
    package init(
        profile: String, config: SharedConfig, settings: AWSSettings, world: World, transport: any Transport,
        mfaCode: MFACode?
    ) {
        self.init(
            profile: profile, config: config,
            exchange: RoleExchange(settings: settings, transport: transport, world: world), mfaCode: mfaCode, path: [])
    }

    private init(profile: String, config: SharedConfig, exchange: RoleExchange, mfaCode: MFACode?, path: [String]) {
        self.profile = profile
        self.config = config
        self.exchange = exchange
        self.mfaCode = mfaCode
        self.path = path
    }

    package func load() async throws -> ProviderAnswer {
        guard let section = config.profiles[profile], Self.isRole(section), let arn = section.text("role_arn") else {
            return .notConfigured("the profile has no role_arn")
        }
        let role = try RoleExchange.Role(
            arn: arn,
            sessionName: section.text("role_session_name")
                ?? RoleExchange.Role.usualSessionName(at: exchange.world.now()),
            externalID: section.text("external_id"), mfaSerial: section.text("mfa_serial"),
            seconds: try seconds(section)
        ).checked(for: self)
        let credentials = try await sourceCredentials(section)
        var code: SharedSecret?
        if let serial = role.mfaSerial { code = try await askForCode(serial) }
        return .found(try await exchange.assume(role, mfaCode: code, as: credentials, for: self))
    }

    /// A token file makes it a web identity, which has a provider of its own.
    private static func isRole(_ section: SharedConfig.Section) -> Bool {
        section.text("role_arn") != nil && section.text("web_identity_token_file") == nil
    }

    private func seconds(_ section: SharedConfig.Section) throws -> Int? {
        guard let text = section.text("duration_seconds") else { return nil }
        // What STS accepts: 15 minutes to 12 hours.
        guard let seconds = Int(text), (900...43_200).contains(seconds) else {
            throw failure("duration_seconds must be a whole number from 900 to 43200")
        }
        return seconds
    }

    private func askForCode(_ serial: String) async throws -> SharedSecret {
        guard let mfaCode else {
            throw failure(
                "it needs the code of MFA device \(OneLine.of(serial)), and there is no terminal to ask at",
                remedy: "run it in a terminal, or hand in credentials of a session that has passed MFA")
        }
        do { return try await mfaCode(serial) } catch let error as CancellationError { throw error } catch {
            throw failure(
                "no code of MFA device \(OneLine.of(serial)) was given",
                remedy: "run the command at a terminal, or hand in credentials of a session that has passed MFA")
        }
    }

    private func sourceCredentials(_ section: SharedConfig.Section) async throws -> AWSCredentials {
        switch (section.text("source_profile"), section.text("credential_source")) {
        case (_?, _?): throw failure("it has both source_profile and credential_source: only one may stand")
        case (nil, nil): throw failure("it has a role_arn, but neither source_profile nor credential_source")
        case (let source?, nil): return try await credentials(ofProfile: source)
        case (nil, let source?): return try await credentials(from: source)
        }
    }

    private func credentials(from source: String) async throws -> AWSCredentials {
        let world = exchange.world
        let provider: any CredentialProvider
        switch source.lowercased() {
        case "environment": provider = EnvironmentCredentials(world: world)
        case "ec2instancemetadata":
            provider = InstanceCredentials(
                config: config, profile: profile, world: world, transport: exchange.transport)
        case "ecscontainer": provider = ContainerCredentials(world: world, transport: exchange.transport)
        default: throw failure("credential_source must be Environment, Ec2InstanceMetadata or EcsContainer")
        }
        switch try await provider.load() {
        case .found(let credentials): return credentials
        case .notConfigured(let reason): throw failure("credential_source \(source) has no credentials: \(reason)")
        case .unanswered(let reason): throw failure("credential_source \(source): \(reason)", isTransient: true)
        }
    }

    private func credentials(ofProfile source: String) async throws -> AWSCredentials {
        guard let section = config.profiles[source] else {
            throw failure("its source_profile `\(OneLine.of(source))` does not exist")
        }
        // Where a source has access keys of its own, its role is not meant: a profile may so name itself.
        let hasKeys = section.settings["aws_access_key_id"] != nil || section.settings["aws_secret_access_key"] != nil
        if Self.isRole(section), !hasKeys {
            let way = path + [profile]
            guard !way.contains(source) else {
                let circle = (way + [source]).map { "`\(OneLine.of($0))`" }.joined(separator: " -> ")
                throw failure("its source profiles go round in a circle: \(circle)")
            }
            let next = AssumedRoleCredentials(
                profile: source, config: config, exchange: exchange, mfaCode: mfaCode, path: way)
            if case .found(let credentials) = try await next.load() { return credentials }
        }
        let providers = ProfileSources(
            profile: source, config: config, settings: exchange.settings, world: exchange.world,
            transport: exchange.transport
        ).withoutRole
        for provider in providers {
            if case .found(let credentials) = try await provider.load() { return credentials }
        }
        throw failure("its source_profile `\(OneLine.of(source))` has no credentials")
    }
}

/// The providers that look into one profile.
struct ProfileSources {
    let profile: String
    let config: SharedConfig
    let settings: AWSSettings
    let world: World
    let transport: any Transport

    /// All but its role with a source, in botocore's order.
    var withoutRole: [any CredentialProvider] {
        [
            WebIdentityCredentials(
                place: .profile(profile), config: config, settings: settings, world: world, transport: transport),
            SSOCredentials(
                profile: profile, config: config, settings: settings, world: world, transport: transport),
            StaticProfileCredentials(config: config, profile: profile, file: .credentials),
            CredentialProcess(config: config, profile: profile, world: world),
            StaticProfileCredentials(config: config, profile: profile, file: .config),
        ]
    }
}
