// AWS_ACCESS_KEY_ID and its companions.

import Secrets
package import World

package struct EnvironmentCredentials: CredentialProvider {
    package let name = "environment variables"
    private let world: World
    private let isSkipped: Bool

    /// - Parameter isSkipped: a profile is named explicitly, so that keys lying in the environment are not meant. A
    ///   profile from AWS_PROFILE does not count as that, as in botocore.
    package init(world: World, isSkipped: Bool = false) {
        self.world = world
        self.isSkipped = isSkipped
    }

    package func load() async throws -> ProviderAnswer {
        let id = world.variable("AWS_ACCESS_KEY_ID")
        let secret = world.variable("AWS_SECRET_ACCESS_KEY")
        if isSkipped {
            return .notConfigured(
                id == nil ? "AWS_ACCESS_KEY_ID is not set" : "skipped, because a profile is named explicitly")
        }
        switch (id, secret) {
        case (nil, nil): return .notConfigured("AWS_ACCESS_KEY_ID is not set")
        case (nil, _): throw failure("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not")
        case (_, nil): throw failure("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
        case (let id?, let secret?):
            let token = world.variable("AWS_SESSION_TOKEN") ?? world.variable("AWS_SECURITY_TOKEN")
            return .found(
                try checked(
                    id: id, secret: SharedSecret(copying: secret.utf8),
                    token: token.map { SharedSecret(copying: $0.utf8) }, expiration: try expiration()))
        }
    }

    private func expiration() throws -> Instant? {
        guard let text = world.variable("AWS_CREDENTIAL_EXPIRATION") else { return nil }
        guard let time = Instant(iso8601: text) else { throw failure("AWS_CREDENTIAL_EXPIRATION is no ISO 8601 time") }
        guard time > world.now() else {
            throw failure("they expired at \(time.iso8601)", remedy: "renew the AWS_... variables of this shell")
        }
        return time
    }
}
