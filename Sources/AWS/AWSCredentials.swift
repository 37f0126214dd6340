// What a request is signed with, and where that comes from.

package import Secrets
package import World

package struct AWSCredentials: Sendable {
    /// Public: it names the key.
    package var accessKeyID: String
    package var secretAccessKey: SharedSecret
    package var sessionToken: SharedSecret?
    /// When they end; nil for those that do not.
    package var expiration: Instant?
    /// Where they come from, in words for people: "profile `work` in ~/.aws/credentials".
    package var source: String

    package init(
        accessKeyID: String, secretAccessKey: SharedSecret, sessionToken: SharedSecret? = nil,
        expiration: Instant? = nil, source: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.source = source
    }
}

/// Gives credentials, and keeps them for as long as they are good.
package protocol CredentialSource: Sendable {
    /// - Parameter refreshing: fetch new ones even if those at hand look good: the service has called them expired.
    /// - Throws: `CredentialError`; `CancellationError`.
    func credentials(refreshing: Bool) async throws -> AWSCredentials
}

/// Credentials that are simply there.
package struct StaticCredentials: CredentialSource {
    private let value: AWSCredentials

    package init(_ value: AWSCredentials) { self.value = value }

    package func credentials(refreshing: Bool) async throws -> AWSCredentials { value }
}
