// The two files that AWS tools share: ~/.aws/config and ~/.aws/credentials.

import Files
import HTTP
package import Secrets
package import World

/// Profiles, SSO sessions and service sections of both files. Where both have a profile, the credentials file's settings
/// win, as botocore has it.
package struct SharedConfig: Sendable {
    /// A setting's value.
    package enum Value: Sendable {
        case text(String)
        /// Of `aws_secret_access_key` and `aws_session_token`.
        case secret(SharedSecret)
        /// An indented block under a name without a value: `s3 =`.
        case nested([String: String])
    }

    package struct Setting: Sendable {
        package var value: Value
        /// From 1.
        package var line: Int
        package var isFromCredentialsFile: Bool
    }

    /// One section's settings by their names in lower case.
    package struct Section: Sendable {
        package var settings: [String: Setting] = [:]

        /// The text of a setting that is there and not empty.
        package func text(_ name: String) -> String? {
            guard case .text(let text)? = settings[name]?.value, !text.isEmpty else { return nil }
            return text
        }

        /// The value of a secret setting that is there and not empty.
        package func secret(_ name: String) -> SharedSecret? {
            guard case .secret(let secret)? = settings[name]?.value, !secret.isEmpty else { return nil }
            return secret
        }

        /// The block under a name; empty when there is none.
        package func nested(_ name: String) -> [String: String] {
            guard case .nested(let block)? = settings[name]?.value else { return [:] }
            return block
        }
    }

    package var profiles: [String: Section] = [:]
    package var ssoSessions: [String: Section] = [:]
    package var services: [String: Section] = [:]
    /// As people know them: `~/.aws/config` where that is what it is.
    package var configName = "~/.aws/config"
    package var credentialsName = "~/.aws/credentials"
    /// What a person should know, such as a variable that names no file.
    package var warnings: [String] = []

    package init() {}

    /// Far longer than any that people write.
    private static let longestFile = 1 << 20

    /// Reads both files from where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say, or from `~/.aws`. A file that
    /// is not there counts as empty.
    /// - Throws: `AWSConfigurationError`.
    package static func load(world: World) throws -> SharedConfig {
        var config = SharedConfig()
        if let file = try config.read(variable: "AWS_CONFIG_FILE", usual: "config", world: world) {
            config.configName = file.name
            try config.addConfig(file.content, name: file.name)
        }
        if let file = try config.read(variable: "AWS_SHARED_CREDENTIALS_FILE", usual: "credentials", world: world) {
            config.credentialsName = file.name
            try config.addCredentials(file.content, name: file.name)
        }
        return config
    }

    /// The name of the file a setting of a profile comes from.
    package func fileName(of setting: Setting) -> String {
        setting.isFromCredentialsFile ? credentialsName : configName
    }

    /// Where a profile's setting stands, for people.
    func place(_ profile: String, _ name: String) -> String {
        guard let setting = profiles[profile]?.settings[name] else { return "profile `\(OneLine.of(profile))`" }
        return "\(fileName(of: setting)), line \(setting.line) (`\(name)` of profile `\(OneLine.of(profile))`)"
    }

    /// Takes in the text of a config file.
    /// - Throws: `AWSConfigurationError`.
    package mutating func addConfig(_ content: SharedSecret, name: String) throws {
        let sections = try SharedConfigParser.parse(content, name: name, isCredentialsFile: false)
        // `[profile default]` counts rather than `[default]` when a file has both.
        let hasNamedDefault = sections.contains { Self.heading($0.name) == ("profile", "default") }
        for section in sections {
            switch Self.heading(section.name) {
            case ("", "default") where !hasNamedDefault: profiles["default", default: Section()].merge(section.settings)
            case ("profile", let name): profiles[name, default: Section()].merge(section.settings)
            case ("sso-session", let name): ssoSessions[name, default: Section()].merge(section.settings)
            case ("services", let name): services[name, default: Section()].merge(section.settings)
            // Plugins and tools keep sections of their own here.
            default: break
            }
        }
    }

    /// Takes in the text of a credentials file, where every section is a profile.
    /// - Throws: `AWSConfigurationError`.
    package mutating func addCredentials(_ content: SharedSecret, name: String) throws {
        for section in try SharedConfigParser.parse(content, name: name, isCredentialsFile: true) {
            profiles[section.name, default: Section()].merge(section.settings)
        }
    }

    /// A section's kind and name: `profile`, `work` of `[profile work]` and `[profile "work"]`; an empty kind for
    /// `[default]`; nil for what has more words or open quotes.
    private static func heading(_ text: String) -> (kind: String, name: String) {
        guard let words = try? CommandWords.split(text) else { return ("other", text) }
        switch words.count {
        case 1: return ("", words[0])
        case 2: return (words[0], words[1])
        default: return ("other", text)
        }
    }

    private mutating func read(
        variable: String, usual: String, world: World
    ) throws -> (content: SharedSecret, name: String)? {
        let path: String
        let name: String
        if let given = world.variable(variable) {
            path = HomePath.expanded(given, world: world)
            name = OneLine.of(given)
        } else {
            guard let home = world.homeFolder else { return nil }
            path = "\(home)/.aws/\(usual)"
            name = "~/.aws/\(usual)"
        }
        do {
            guard var bytes = try FileContent.read(path, limit: Self.longestFile) else {
                if world.variable(variable) != nil {
                    warnings.append("\(variable) names \(name), which does not exist")
                }
                return nil
            }
            let content = SharedSecret(copying: bytes)
            bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) }
            return (content, name)
        } catch {
            throw AWSConfigurationError(name, error.isTooLarge ? "the file is too large" : error.reason)
        }
    }
}

extension SharedConfig.Section {
    fileprivate mutating func merge(_ more: [String: SharedConfig.Setting]) {
        settings.merge(more) { _, new in new }
    }
}

/// Paths as configuration files write them.
enum HomePath {
    /// The path with a leading `~/` replaced by the user's folder.
    static func expanded(_ path: String, world: World) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = world.homeFolder else { return path }
        return home + path.dropFirst()
    }
}
