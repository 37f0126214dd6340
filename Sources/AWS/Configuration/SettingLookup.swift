// One setting from the environment, else from the profile, with where it was found.

import HTTP
import World

/// Reads settings of the kinds that AWS has. Every error names the variable or the line.
struct SettingLookup {
    typealias Origin = AWSSettings.Origin<String>

    let world: World
    let config: SharedConfig
    let profile: String

    private var section: SharedConfig.Section? { config.profiles[profile] }

    /// The first variable that is there and not empty.
    func variable(_ names: String...) -> Origin? {
        for name in names {
            if let value = world.variable(name) { return Origin(value, name) }
        }
        return nil
    }

    /// A setting of the profile.
    func profileSetting(_ name: String) -> Origin? {
        section?.text(name).map { Origin($0, config.place(profile, name)) }
    }

    /// The variable, else the profile's setting.
    func text(_ variable: String, _ setting: String) -> Origin? {
        self.variable(variable) ?? profileSetting(setting)
    }

    func flag(_ variable: String, _ setting: String) throws -> Bool {
        guard let found = text(variable, setting) else { return false }
        switch found.value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw AWSConfigurationError(found.origin, "it must be `true` or `false`")
        }
    }

    /// Requests in all; nil where nothing says.
    func attempts() throws -> Int? {
        guard let found = text("AWS_MAX_ATTEMPTS", "max_attempts") else { return nil }
        guard let number = Int(found.value), (1...100).contains(number) else {
            throw AWSConfigurationError(found.origin, "it must be a whole number from 1 to 100")
        }
        return number
    }

    func retryMode() throws -> AWSSettings.RetryMode? {
        guard let found = text("AWS_RETRY_MODE", "retry_mode") else { return nil }
        guard let mode = AWSSettings.RetryMode(rawValue: found.value.lowercased()) else {
            throw AWSConfigurationError(found.origin, "it must be `standard`, `legacy` or `adaptive`")
        }
        return mode
    }

    static func checkedRegion(_ region: Origin?) throws -> Origin? {
        guard let region else { return nil }
        guard AWSEndpoint.isRegionName(region.value) else {
            throw AWSConfigurationError(
                region.origin, "a region is made of letters, digits and dashes, such as eu-central-1")
        }
        return region
    }

    static func checkedEndpoint(_ endpoint: Origin?) throws -> Origin? {
        guard let endpoint else { return nil }
        let url: EndpointURL
        do { url = try EndpointURL(endpoint.value) } catch {
            throw AWSConfigurationError(endpoint.origin, "this endpoint cannot be used: \(error.reason)")
        }
        guard !url.isPlainAndRemote else {
            throw AWSConfigurationError(
                endpoint.origin,
                "plain http:// would send secrets unencrypted: it is allowed to this machine only (127.0.0.1, ::1, "
                    + "localhost)", remedy: "use https://")
        }
        return endpoint
    }
}
