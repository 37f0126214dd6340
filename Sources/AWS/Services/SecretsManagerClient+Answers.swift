// What Secrets Manager answers, as values.

import JSON
package import Secrets
package import World

extension SecretsManagerClient {
    /// Which version was written.
    package struct Written: Sendable, Equatable {
        package var arn: String
        package var name: String
        package var versionID: String
    }

    /// One version with its content.
    package struct Value: Sendable {
        package enum Content: Sendable {
            /// SecretString.
            case text(SharedSecret)
            /// SecretBinary, in Base64 as it came.
            case binary(base64: SharedSecret)
            /// A version without a value, as an unfinished rotation leaves one.
            case none
        }

        package var arn: String
        package var name: String
        package var versionID: String
        package var stages: [String]
        package var created: Instant?
        package var content: Content
    }

    /// A version's labels, without its content.
    package struct Version: Sendable, Equatable {
        package var versionID: String
        package var stages: [String]
        package var created: Instant?
        /// To the day.
        package var accessed: Instant?
    }

    /// Everything about a secret but its values.
    package struct Description: Sendable, Equatable {
        package var arn: String
        package var name: String
        package var description: String?
        /// Nil for `aws/secretsmanager`.
        package var kmsKeyID: String?
        /// DeletedDate as it came; nil for a secret that is not scheduled for deletion.
        package var deletedDate: Instant?
        package var created: Instant?
        package var changed: Instant?
        /// To the day.
        package var accessed: Instant?
        package var rotated: Instant?
        package var nextRotation: Instant?
        package var rotationEnabled: Bool
        /// A service of AWS that manages this secret.
        package var owningService: String?
        /// Where the secret lives that this one is a replica of, or has replicas from.
        package var primaryRegion: String?
        package var tags: [String: String]
        /// Labels by version id.
        package var stages: [String: [String]]
    }

    /// What BatchGetSecretValue says of the secrets it could not give.
    package struct BatchError: Sendable, Equatable {
        /// As it was asked for.
        package var secretID: String
        package var code: String
        package var message: String
    }
}

extension JSONAnswer {
    func written() throws -> SecretsManagerClient.Written {
        SecretsManagerClient.Written(
            arn: try required("ARN"), name: try required("Name"), versionID: try required("VersionId"))
    }

    func secretValue() throws -> SecretsManagerClient.Value {
        let content: SecretsManagerClient.Value.Content =
            if let text = value["SecretString"]?.secret() {
                .text(text)
            } else if let binary = value["SecretBinary"]?.secret() {
                .binary(base64: binary)
            } else {
                .none
            }
        return SecretsManagerClient.Value(
            arn: try required("ARN"), name: try required("Name"), versionID: try required("VersionId"),
            stages: strings("VersionStages"), created: instant("CreatedDate"), content: content)
    }

    func version() throws -> SecretsManagerClient.Version {
        SecretsManagerClient.Version(
            versionID: try required("VersionId"), stages: strings("VersionStages"), created: instant("CreatedDate"),
            accessed: instant("LastAccessedDate"))
    }

    func description() throws -> SecretsManagerClient.Description {
        var tags: [String: String] = [:]
        for tag in value["Tags"]?.elements ?? [] {
            guard let key = tag["Key"]?.string else { continue }
            tags[key] = tag["Value"]?.string ?? ""
        }
        var stages: [String: [String]] = [:]
        // DescribeSecret and ListSecrets have two names for the same.
        for (version, labels) in (value["VersionIdsToStages"] ?? value["SecretVersionsToStages"])?.members ?? [] {
            stages[version] = labels.elements.compactMap(\.string)
        }
        return SecretsManagerClient.Description(
            arn: try required("ARN"), name: try required("Name"), description: string("Description"),
            kmsKeyID: string("KmsKeyId"), deletedDate: instant("DeletedDate"), created: instant("CreatedDate"),
            changed: instant("LastChangedDate"), accessed: instant("LastAccessedDate"),
            rotated: instant("LastRotatedDate"), nextRotation: instant("NextRotationDate"),
            rotationEnabled: value["RotationEnabled"]?.bool ?? false, owningService: string("OwningService"),
            primaryRegion: string("PrimaryRegion"), tags: tags, stages: stages)
    }
}
