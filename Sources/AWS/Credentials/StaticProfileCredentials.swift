// Access keys written into a profile.

import HTTP
import Secrets

/// Looks in one of the two files: between the credentials file and the config file, `credential_process` has its turn.
package struct StaticProfileCredentials: CredentialProvider {
    package enum File: Sendable { case credentials, config, either }

    package var name: String { "access keys of profile `\(OneLine.of(profile))` in \(fileName)" }
    private let config: SharedConfig
    private let profile: String
    private let file: File

    package init(config: SharedConfig, profile: String, file: File) {
        self.config = config
        self.profile = profile
        self.file = file
    }

    package func load() async throws -> ProviderAnswer {
        guard let section = config.profiles[profile] else { return .notConfigured("there is no such profile") }
        let id = section.settings["aws_access_key_id"]
        let secret = section.settings["aws_secret_access_key"]
        guard let first = id ?? secret, isMine(first) else {
            return .notConfigured("the profile has no aws_access_key_id there")
        }
        // Only what stands together belongs together: keys of one file with a token of the other work nowhere.
        let own = SharedConfig.Section(
            settings: section.settings.filter { $0.value.isFromCredentialsFile == first.isFromCredentialsFile })
        guard let id = own.text("aws_access_key_id") else {
            throw failure("it has an aws_secret_access_key, but no aws_access_key_id")
        }
        guard let secret = own.secret("aws_secret_access_key") else {
            throw failure("it has an aws_access_key_id, but no aws_secret_access_key")
        }
        let token = own.secret("aws_session_token") ?? own.secret("aws_security_token")
        let source = "profile `\(OneLine.of(profile))` in \(config.fileName(of: first))"
        return .found(try checked(id: id, secret: secret, token: token, source: source))
    }

    private func isMine(_ setting: SharedConfig.Setting) -> Bool {
        switch file {
        case .credentials: setting.isFromCredentialsFile
        case .config: !setting.isFromCredentialsFile
        case .either: true
        }
    }

    private var fileName: String {
        switch file {
        case .credentials: config.credentialsName
        case .config: config.configName
        case .either: "\(config.credentialsName) or \(config.configName)"
        }
    }
}
