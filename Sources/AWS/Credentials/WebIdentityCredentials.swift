// A role by the token of an identity provider, which lies in a file: EKS service accounts, CI systems.

package import HTTP
import Secrets
package import World

package struct WebIdentityCredentials: CredentialProvider {
    /// Where the token's file and the role are named.
    package enum Place: Sendable {
        case environment
        case profile(String)
    }

    package var name: String {
        switch place {
        case .environment: "web identity of the environment"
        case .profile(let profile): "web identity of profile `\(OneLine.of(profile))`"
        }
    }

    private let place: Place
    private let config: SharedConfig
    private let exchange: RoleExchange
    private let isSkipped: Bool

    /// - Parameter isSkipped: a profile is named explicitly, so that the environment is not meant.
    package init(
        place: Place, config: SharedConfig, settings: AWSSettings, world: World, transport: any Transport,
        isSkipped: Bool = false
    ) {
        self.place = place
        self.config = config
        exchange = RoleExchange(settings: settings, transport: transport, world: world)
        self.isSkipped = isSkipped
    }

    package func load() async throws -> ProviderAnswer {
        let world = exchange.world
        let path: String
        let role: String?
        let session: String?
        switch place {
        case .environment:
            guard let file = world.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else {
                return .notConfigured("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
            }
            if isSkipped { return .notConfigured("skipped, because a profile is named explicitly") }
            path = file
            role = world.variable("AWS_ROLE_ARN")
            session = world.variable("AWS_ROLE_SESSION_NAME")
        case .profile(let profile):
            let section = config.profiles[profile]
            guard let file = section?.text("web_identity_token_file") else {
                return .notConfigured("the profile has no web_identity_token_file")
            }
            path = HomePath.expanded(file, world: world)
            role = section?.text("role_arn")
            session = section?.text("role_session_name")
        }
        guard let role else { throw failure("a token file is named, but no role (\(names.role))") }
        let wanted = try RoleExchange.Role(
            arn: role, sessionName: session ?? RoleExchange.Role.usualSessionName(at: world.now())
        ).checked(for: self)
        // Read anew each time: whoever issues it replaces the file.
        let token = try TokenFile.read(path, variable: names.file, for: self)
        return .found(try await exchange.assume(wanted, webIdentity: token, for: self))
    }

    private var names: (file: String, role: String) {
        switch place {
        case .environment: ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
        case .profile: ("web_identity_token_file", "role_arn")
        }
    }
}
