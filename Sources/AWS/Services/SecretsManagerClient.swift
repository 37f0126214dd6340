// AWS Secrets Manager: the client, and the calls that change something. What they answer is in
// SecretsManagerClient+Answers.swift, the calls that read are in SecretsManagerClient+Reading.swift.

import JSON
package import Secrets
package import World

/// The calls of AWS Secrets Manager, one method each, with the service's own meaning. Every method throws `AWSError`,
/// `CredentialError` or `CancellationError`. Values travel in memory that is wiped.
package struct SecretsManagerClient: Sendable {
    let client: AWSClient

    package init(client: AWSClient) { self.client = client }

    /// Host that is asked.
    package var host: String { client.endpoint.host }

    /// Makes a secret with its first version.
    /// - Parameter token: 32 to 64 characters; becomes the version's id. The same token with the same text is the same
    ///   success.
    package func createSecret(
        name: String, text: SharedSecret, token: String, description: String? = nil, kmsKeyID: String? = nil,
        tags: [String: String] = [:]
    ) async throws -> Written {
        let answer = try await call("CreateSecret", capacity: text.count + 512) { json in
            json.member("Name", name)
            json.member("ClientRequestToken", token)
            json.member("Description", description)
            json.member("KmsKeyId", kmsKeyID)
            json.key("SecretString")
            json.string(text)
            if !tags.isEmpty { Self.write(tags: tags, to: &json) }
        }
        return try answer.written()
    }

    /// Adds a version. Without stages it gets AWSCURRENT; with some it gets exactly those.
    /// - Parameter token: 32 to 64 characters; becomes the version's id. The same token with the same text is the same
    ///   success, with another text an error of kind `alreadyExists`.
    package func putSecretValue(
        _ id: String, text: SharedSecret, token: String, stages: [String] = []
    ) async throws -> Written {
        let answer = try await call("PutSecretValue", capacity: text.count + 512) { json in
            json.member("SecretId", id)
            json.member("ClientRequestToken", token)
            json.key("SecretString")
            json.string(text)
            if !stages.isEmpty { Self.write(list: "VersionStages", stages, to: &json) }
        }
        return try answer.written()
    }

    /// Moves a label, or takes it away (`to` nil), or gives one that no version has (`from` nil). The service checks
    /// that `from` has it.
    package func updateSecretVersionStage(_ id: String, stage: String, from: String?, to: String?) async throws {
        _ = try await call("UpdateSecretVersionStage") { json in
            json.member("SecretId", id)
            json.member("VersionStage", stage)
            json.member("RemoveFromVersionId", from)
            json.member("MoveToVersionId", to)
        }
    }

    /// Schedules the deletion. There is deliberately no way to delete at once.
    /// - Parameter days: 7 to 30.
    /// - Returns: when the secret goes for good.
    package func deleteSecret(_ id: String, recoveryWindowInDays days: Int) async throws -> Instant? {
        let answer = try await call("DeleteSecret") { json in
            json.member("SecretId", id)
            json.key("RecoveryWindowInDays")
            json.number(days)
        }
        return answer.instant("DeletionDate")
    }

    /// Takes back a scheduled deletion.
    package func restoreSecret(_ id: String) async throws {
        _ = try await call("RestoreSecret") { json in json.member("SecretId", id) }
    }

    package func tagResource(_ id: String, tags: [String: String]) async throws {
        _ = try await call("TagResource") { json in
            json.member("SecretId", id)
            Self.write(tags: tags, to: &json)
        }
    }

    package func untagResource(_ id: String, keys: [String]) async throws {
        _ = try await call("UntagResource") { json in
            json.member("SecretId", id)
            Self.write(list: "TagKeys", keys, to: &json)
        }
    }

    // Sends one object, of which `body` writes the members.
    func call(
        _ operation: String, capacity: Int = 256, _ body: (inout JSONWriter) -> Void
    ) async throws -> JSONAnswer {
        try await client.call(operation, capacity: capacity, body)
    }

    static func write(list name: String, _ values: [String], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for value in values { json.string(value) }
        json.endArray()
    }

    private static func write(tags: [String: String], to json: inout JSONWriter) {
        json.key("Tags")
        json.beginArray()
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            json.beginObject()
            json.member("Key", key)
            json.member("Value", value)
            json.endObject()
        }
        json.endArray()
    }
}
