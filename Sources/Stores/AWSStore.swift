// AWS Secrets Manager as a store. What its errors mean is in AWSStore+Errors.swift.

package import AWS
package import Secrets
package import World

/// Secrets in one region of one account.
package struct AWSStore: SecretStore {
    package let place: String
    let client: SecretsManagerClient
    private let region: String
    let world: World

    /// - Parameter region: the client's; ARNs of other regions are refused.
    package init(client: SecretsManagerClient, region: String, world: World) {
        self.client = client
        self.region = region
        self.world = world
        // AWS's own hosts have the region in their names.
        let elsewhere = client.host.contains(".\(region).") ? "" : " at \(client.host)"
        place = "AWS Secrets Manager in \(region)\(elsewhere)"
    }

    package func describe(_ name: String) async throws -> SecretDescription {
        let id = try checked(name)
        return try await mapped(name) { SecretDescription(try await client.describeSecret(id), now: world.now()) }
    }

    package func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        let id = try checked(name)
        let value = try await mapped(name, wanted: selector) {
            try await client.getSecretValue(id, versionID: selector.id, stage: selector.stage)
        }
        return try SecretVersion(value)
    }

    package func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] {
        // One name that cannot be one would fail the whole batch.
        let ids = names.filter { (try? checked($0)) != nil }
        guard ids.count > 1 else { return try await readEach(names) }
        let answer: (values: [SecretsManagerClient.Value], errors: [SecretsManagerClient.BatchError])
        do {
            answer = try await client.batchGetSecretValue(ids)
        } catch let error as AWSError where Self.mayStillReadSingly(after: error.kind) {
            return try await readEach(names)
        } catch let error as AWSError {
            throw storeError(error, name: names[0], wanted: .current)
        } catch let error as CredentialError {
            throw StoreError.noCredentials(error)
        }
        var results: [Result<SecretVersion, StoreError>] = []
        for name in names {
            if let value = answer.values.first(where: { $0.isNamed(name) }) {
                results.append(Result { () throws(StoreError) in try SecretVersion(value) })
            } else if let error = answer.errors.first(where: { $0.secretID == name }),
                Self.isFinal(error)
            {
                results.append(.failure(storeError(error, name: name)))
            } else {
                results.append(try await readOne(name))
            }
        }
        return results
    }

    package func create(
        _ name: String, _ content: SharedSecret, token: String, options: CreationOptions
    ) async throws -> VersionReference {
        let id = try SecretName(new: name).text
        try SecretLimits.check(content: content, of: name)
        let written = try await repeated(name) {
            try await client.createSecret(
                name: id, text: content, token: token, description: options.description, kmsKeyID: options.kmsKey,
                tags: options.tags)
        }
        return VersionReference(name: written.name, arn: written.arn, versionID: written.versionID)
    }

    package func put(
        _ name: String, _ content: SharedSecret, stages: [String], token: String
    ) async throws -> VersionReference {
        let id = try checked(name)
        try SecretLimits.check(content: content, of: name)
        let written = try await repeated(name) {
            try await client.putSecretValue(id, text: content, token: token, stages: stages)
        }
        return VersionReference(name: written.name, arn: written.arn, versionID: written.versionID)
    }

    package func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws {
        let id = try checked(name)
        guard from != nil || to != nil else {
            throw StoreError.invalid(what: "the move of \(stage)", reason: "it has neither a beginning nor an end")
        }
        do {
            try await client.updateSecretVersionStage(id, stage: stage, from: from, to: to)
        } catch let error as AWSError {
            guard Self.mayBeAboutLabels(error) else { throw await named(error, name) }
            try await settle(error, name: name, id: id, stage: stage, from: from, to: to)
        } catch let error as CredentialError {
            throw StoreError.noCredentials(error)
        }
    }

    package func versions(_ name: String) async throws -> [VersionSummary] {
        let id = try checked(name)
        let versions = try await mapped(name) { try await client.listSecretVersionIDs(id) }
        return versions.enumerated()
            .map { (index: $0.offset, version: $0.element, rank: Self.rank($0.element.stages)) }
            .sorted { left, right in
                let (leftTime, rightTime) = (left.version.created?.seconds ?? 0, right.version.created?.seconds ?? 0)
                if leftTime != rightTime { return leftTime > rightTime }
                return (left.rank, left.index) < (right.rank, right.index)
            }
            .map {
                VersionSummary(
                    versionID: $0.version.versionID, stages: $0.version.stages.sorted(), created: $0.version.created)
            }
    }

    package func list(
        prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void
    ) async throws {
        guard SecretName.isPrefix(prefix) else {
            throw StoreError.invalid(what: "the beginning of a name", reason: "no secret's name can begin like this")
        }
        let now = world.now()
        // An error of the caller's own closure is passed on as it is.
        try await mapped(prefix) {
            try await client.listSecrets(
                filters: prefix.isEmpty ? [] : [.init(.name, [prefix])], includingPlannedDeletion: includingDeleted
            ) { secrets in
                let secrets = secrets.filter {
                    $0.name.hasPrefix(prefix) && (includingDeleted || $0.deletedDate == nil)
                }
                try await page(secrets.map { SecretDescription($0, now: now) }.sorted { $0.name < $1.name })
            }
        }
    }

    package func delete(_ name: String, days: Int) async throws -> Instant? {
        let id = try checked(name)
        try SecretLimits.check(recoveryDays: days)
        do {
            return try await client.deleteSecret(id, recoveryWindowInDays: days)
        } catch let error as AWSError {
            guard let secret = await observed(id, after: error), secret.deletedDate != nil else {
                throw await named(error, name)
            }
            return SecretDescription(secret, now: world.now()).deletionDate
        } catch let error as CredentialError {
            throw StoreError.noCredentials(error)
        }
    }

    package func restore(_ name: String) async throws {
        let id = try checked(name)
        do {
            try await client.restoreSecret(id)
        } catch let error as AWSError {
            guard let secret = await observed(id, after: error), secret.deletedDate == nil else {
                throw await named(error, name)
            }
        } catch let error as CredentialError {
            throw StoreError.noCredentials(error)
        }
    }

    package func tag(_ name: String, _ tags: [String: String]) async throws {
        let id = try checked(name)
        try await repeated(name) { try await client.tagResource(id, tags: tags) }
    }

    package func untag(_ name: String, _ keys: [String]) async throws {
        let id = try checked(name)
        try SecretLimits.check(tagKeys: keys)
        guard !keys.isEmpty else { return }
        try await repeated(name) { try await client.untagResource(id, keys: keys) }
    }

    // The name as the service takes it.
    private func checked(_ name: String) throws(StoreError) -> String {
        let parsed = try SecretName(name)
        if let other = parsed.region, other != region {
            throw .invalid(what: "the secret's ARN", reason: "it is of region \(other), and this is \(region)")
        }
        return parsed.text
    }

    private func readEach(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] {
        var results: [Result<SecretVersion, StoreError>] = []
        for name in names { results.append(try await readOne(name)) }
        return results
    }

    private func readOne(_ name: String) async throws -> Result<SecretVersion, StoreError> {
        do {
            return .success(try await read(name, .current))
        } catch let error as StoreError {
            return .failure(error)
        }
    }

    // What the secret is like now, if the error leaves open whether the call was done: the answer may be lost, or tell
    // of what an earlier, lost request did.
    private func observed(_ id: String, after error: AWSError) async -> SecretsManagerClient.Description? {
        guard error.mayHaveBeenApplied || error.attempts > 1 else { return nil }
        return try? await client.describeSecret(id)
    }

    // After a move that failed: where the label is now tells what happened.
    private func settle(
        _ error: AWSError, name: String, id: String, stage: String, from: String?, to: String?
    ) async throws {
        guard let secret = try? await client.describeSecret(id) else { throw await named(error, name) }
        if secret.deletedDate != nil { throw await named(error, name) }
        let holders = secret.stages.filter { $0.value.contains(stage) }.map(\.key)
        let isDone = to.map { holders == [$0] } ?? !holders.contains(from ?? "")
        if isDone, error.mayHaveBeenApplied || error.attempts > 1 { return }
        guard error.kind == .invalidState || error.kind == .invalidInput || error.kind == .notFound else {
            throw await named(error, name)
        }
        if holders != (from.map { [$0] } ?? []) { throw StoreError.conflict(name: name) }
        if let to, secret.stages[to] == nil { throw StoreError.noSuchVersion(name: name, wanted: to) }
        throw await named(error, name)
    }

    // Labels stand for order where times do not tell.
    private static func rank(_ stages: [String]) -> Int {
        if stages.contains(Stage.current) { return 1 }
        if stages.contains(Stage.previous) { return 2 }
        return stages.isEmpty ? 3 : 0
    }
}
