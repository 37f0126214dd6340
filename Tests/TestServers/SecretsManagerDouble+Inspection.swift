// What a test sees of the double's inside, and writes that go past HTTP: those of somebody else.

import Synchronization

/// One version as a test sees it.
package struct SeenVersion: Sendable, Equatable {
    package var id: String
    /// Sorted.
    package var stages: [String]
    package var string: String?
    /// Base64.
    package var binary: String?
}

extension SecretsManagerDouble {
    /// All requests so far, in the order they came.
    package var requests: [RecordedRequest] { state.withLock(\.requests) }

    package func requests(for operation: String) -> [RecordedRequest] {
        requests.filter { $0.operation == operation }
    }

    /// Changes that were really made, whether or not their answers arrived; repeats that changed nothing are not here.
    package var writes: [AppliedWrite] { state.withLock(\.secrets.writes) }

    package func writes(of operation: String) -> [AppliedWrite] { writes.filter { $0.operation == operation } }

    package func forgetRequests() {
        state.withLock {
            $0.requests = []
            $0.secrets.writes = []
        }
    }

    /// Sorted; those that wait for deletion are here too.
    package var secretNames: [String] { state.withLock { $0.secrets.secrets.keys.sorted() } }

    /// Oldest first; empty for an unknown name.
    package func versions(of name: String) -> [SeenVersion] {
        state.withLock { state in
            state.secrets.secrets[name]?.versions.map {
                SeenVersion(id: $0.id, stages: $0.stages.sorted(), string: $0.string, binary: $0.binary)
            } ?? []
        }
    }

    package func value(of name: String, stage: String = "AWSCURRENT") -> String? {
        versions(of: name).first { $0.stages.contains(stage) }?.string
    }

    package func versionID(of name: String, stage: String = "AWSCURRENT") -> String? {
        versions(of: name).first { $0.stages.contains(stage) }?.id
    }

    package func arn(of name: String) -> String? { state.withLock { $0.secrets.secrets[name]?.arn } }

    package func tags(of name: String) -> [String: String] {
        state.withLock { state in
            Dictionary(state.secrets.secrets[name]?.tags.map { ($0.key, $0.value) } ?? []) { $1 }
        }
    }

    package func isScheduledForDeletion(_ name: String) -> Bool {
        state.withLock { $0.secrets.secrets[name]?.deletionDate != nil }
    }

    // MARK: Back to an earlier moment

    /// All that the service holds at one moment.
    package struct Snapshot: Sendable {
        fileprivate var secrets: SecretsService
        fileprivate var identities: Identities
        fileprivate var trail: CloudTrailLog
    }

    package func snapshot() -> Snapshot {
        state.withLock { Snapshot(secrets: $0.secrets, identities: $0.identities, trail: $0.trail) }
    }

    /// As it was then; requests are counted anew, and faults that nobody has met are gone.
    package func restore(_ snapshot: Snapshot) {
        state.withLock {
            $0.secrets = snapshot.secrets
            $0.identities = snapshot.identities
            $0.trail = snapshot.trail
            $0.requests = []
            $0.faults = []
            $0.numberedFaults = [:]
        }
    }

    // MARK: Writes by somebody else

    /// Creates the secret, or gives it a new current version. Returns the version's id.
    @discardableResult
    package func setValue(of name: String, _ value: String, stages: [String]? = nil) throws -> String {
        let token = newRequestID()
        var input: JSONObject = ["SecretString": value, "ClientRequestToken": token]
        let exists = secretNames.contains(name)
        input[exists ? "SecretId" : "Name"] = name
        input["VersionStages"] = exists ? stages : nil
        let body = encoded(input)
        try perform(exists ? "PutSecretValue" : "CreateSecret", json: String(decoding: body, as: UTF8.self))
        return token
    }

    /// Any call of Secrets Manager, past HTTP, signatures, faults and hooks.
    /// - Returns: the answer's JSON.
    /// - Throws: `ServiceFailure`.
    @discardableResult
    package func perform(_ operation: String, json: String) throws -> String {
        let input = try decoded(Array(json.utf8))
        let body = encoded(input)
        return try state.withLock { state in
            let answer = try state.secrets.call(
                operation, try decoded(body), now: secondsNow() + state.clockOffset)
            return String(decoding: encoded(answer), as: UTF8.self)
        }
    }

    /// The secret as one that another service owns, or that a Lambda rotates.
    package func mark(_ name: String, rotated: Bool = false, owningService: String? = nil) {
        state.withLock {
            $0.secrets.secrets[name]?.isRotated = rotated
            $0.secrets.secrets[name]?.owningService = owningService
        }
    }

    /// Makes all versions of a secret look older than they are, so that the version cap may remove those unlabelled.
    package func age(_ name: String, bySeconds seconds: Double) {
        state.withLock { state in
            guard var secret = state.secrets.secrets[name] else { return }
            for index in secret.versions.indices { secret.versions[index].created -= seconds }
            state.secrets.secrets[name] = secret
        }
    }
}
