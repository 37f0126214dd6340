// The calls that write and read values and move labels.

extension SecretsService {
    mutating func create(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        let name = try Limits.newName(input)
        let value = try Limits.value(input)
        let tags = try Limits.tags(input)
        let token = try value.map { _ throws(ServiceFailure) in try Limits.token(input) }
        if let existing = secrets[name] {
            guard existing.deletionDate == nil else { throw .nameScheduledForDeletion }
            if let token, let value, let version = existing.version(id: token) {
                guard version.holdsSameData(string: value.string, binary: value.binary) else {
                    throw .tokenInUse(token, by: existing.arn)
                }
                return ["ARN": existing.arn, "Name": name, "VersionId": token]
            }
            throw ServiceFailure(
                "ResourceExistsException", "The operation failed because the secret \(name) already exists.")
        }
        guard !isLingering(name) else { throw .nameScheduledForDeletion }
        guard secrets.count < secretLimit else {
            throw ServiceFailure("LimitExceededException", "You've exceeded the maximum number of secrets.")
        }
        let suffix = randomText(6, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var secret = StoredSecret(
            name: name, arn: "arn:aws:secretsmanager:\(region):\(account):secret:\(name)-\(suffix)",
            description: input["Description"] as? String, kmsKeyID: input["KmsKeyId"] as? String, tags: tags,
            created: now, lastChanged: now)
        var answer: JSONObject = ["ARN": secret.arn, "Name": name]
        if let value, let token {
            secret.versions = [
                StoredVersion(
                    id: token, string: value.string, binary: value.binary, stages: ["AWSCURRENT"], created: now)
            ]
            answer["VersionId"] = token
        }
        secrets[name] = secret
        record("CreateSecret", name, version: token)
        return answer
    }

    mutating func getValue(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        let secret = try find(input)
        let id = input["VersionId"] as? String
        let stage = input["VersionStage"] as? String
        let version: StoredVersion?
        if let id {
            version = secret.version(id: id)
            if let stage, let version, !version.stages.contains(stage) {
                throw ServiceFailure(
                    "InvalidRequestException",
                    "You provided a VersionStage that is not associated to the provided VersionId.")
            }
        } else {
            version = secret.holder(of: stage ?? "AWSCURRENT")
        }
        guard let version else {
            let what = id.map { "VersionId: \($0)" } ?? "staging label: \(stage ?? "AWSCURRENT")"
            throw ServiceFailure(
                "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for \(what)")
        }
        secrets[secret.name]?.lastAccessed = now
        return value(of: version, in: secret)
    }

    func value(of version: StoredVersion, in secret: StoredSecret) -> JSONObject {
        var answer: JSONObject = [
            "ARN": secret.arn, "Name": secret.name, "VersionId": version.id, "CreatedDate": version.created,
        ]
        answer["SecretString"] = version.string
        answer["SecretBinary"] = version.binary
        if !version.stages.isEmpty { answer["VersionStages"] = version.stages }
        return answer
    }

    mutating func putValue(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        guard let value = try Limits.value(input) else {
            throw .invalidParameter("You must provide either SecretString or SecretBinary.")
        }
        let token = try Limits.token(input)
        let stages = try Limits.stages(input)
        let secret = try find(input)
        if let version = secret.version(id: token) {
            guard version.holdsSameData(string: value.string, binary: value.binary) else {
                throw .tokenInUse(token, by: secret.arn)
            }
            return [
                "ARN": secret.arn, "Name": secret.name, "VersionId": token, "VersionStages": version.stages,
            ]
        }
        let changed = try add(value, id: token, stages: stages ?? ["AWSCURRENT"], to: secret, now: now)
        record("PutSecretValue", secret.name, version: token)
        return [
            "ARN": secret.arn, "Name": secret.name, "VersionId": token,
            "VersionStages": changed.version(id: token)?.stages ?? [],
        ]
    }

    mutating func update(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        let value = try Limits.value(input)
        var secret = try find(input)
        var answer: JSONObject = ["ARN": secret.arn, "Name": secret.name]
        if let value {
            let token = try Limits.token(input)
            // Unlike PutSecretValue, not idempotent: a used token is an error even with the same data.
            guard secret.version(id: token) == nil else { throw .tokenInUse(token, by: secret.arn) }
            secret = try add(value, id: token, stages: ["AWSCURRENT"], to: secret, now: now)
            answer["VersionId"] = token
        }
        if let description = input["Description"] as? String { secret.description = description }
        if let key = input["KmsKeyId"] as? String { secret.kmsKeyID = key }
        secret.lastChanged = now
        secrets[secret.name] = secret
        record("UpdateSecret", secret.name, version: answer["VersionId"] as? String)
        return answer
    }

    mutating func updateStage(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        guard let stage = input["VersionStage"] as? String else { throw .constraint("versionStage", "not be null") }
        guard Limits.stageLength.contains(stage.count) else {
            throw .constraint("versionStage", "have length between 1 and 256")
        }
        var secret = try find(input)
        let target = input["MoveToVersionId"] as? String
        let source = input["RemoveFromVersionId"] as? String
        guard target != nil || source != nil else {
            throw .invalidParameter("You must provide MoveToVersionId or RemoveFromVersionId.")
        }
        for id in [target, source].compactMap(\.self) where secret.version(id: id) == nil {
            throw ServiceFailure(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for VersionId: \(id)")
        }
        let holder = secret.holder(of: stage)?.id
        if let source, source != holder {
            throw .invalidParameter("Staging label \(stage) is not attached to version \(source).")
        }
        if let holder, source == nil, holder != target {
            throw .invalidParameter(
                "The parameter RemoveFromVersionId can't be empty. Staging label \(stage) is currently attached to "
                    + "version \(holder), so you must explicitly reference that version in RemoveFromVersionId.")
        }
        if let target {
            secret.move(stage, to: target)
        } else {
            guard stage != "AWSCURRENT" else {
                throw .invalidParameter(
                    "You can only move staging label AWSCURRENT to a different secret version. "
                        + "It can't be completely removed.")
            }
            secret.remove(stage)
        }
        secret.lastChanged = now
        secrets[secret.name] = secret
        record("UpdateSecretVersionStage", secret.name, version: target)
        return ["ARN": secret.arn, "Name": secret.name]
    }

    /// Stores a new version with its labels.
    private mutating func add(
        _ value: (string: String?, binary: String?), id: String, stages: [String], to secret: StoredSecret,
        now: Double
    ) throws(ServiceFailure) -> StoredSecret {
        guard secret.owningService == nil else {
            throw ServiceFailure(
                "InvalidRequestException", "You can't update a secret that is managed by another service.")
        }
        var secret = secret
        if secret.versions.count >= versionLimit {
            let dayAgo = now - 86_400
            secret.versions.removeAll { $0.stages.isEmpty && $0.created < dayAgo }
            guard secret.versions.count < versionLimit else {
                throw ServiceFailure(
                    "LimitExceededException", "You've exceeded the maximum number of versions for this secret.")
            }
        }
        let isFirst = secret.versions.isEmpty
        secret.versions.append(
            StoredVersion(id: id, string: value.string, binary: value.binary, stages: [], created: now))
        for stage in stages { secret.move(stage, to: id) }
        if isFirst { secret.move("AWSCURRENT", to: id) }
        secret.lastChanged = now
        secrets[secret.name] = secret
        return secret
    }
}

extension ServiceFailure {
    fileprivate static let nameScheduledForDeletion = ServiceFailure(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.")

    fileprivate static func tokenInUse(_ token: String, by arn: String) -> ServiceFailure {
        ServiceFailure(
            "ResourceExistsException",
            "You can't use ClientRequestToken \(token) because that value is already in use for a version of secret "
                + "\(arn).")
    }
}
