// Secrets Manager as a state machine: one call in, one answer or failure out, no clock and no network of its own.

/// One applied change, to show that nothing is written twice.
package struct AppliedWrite: Sendable, Equatable {
    package var operation: String
    /// The secret's name.
    package var secret: String
    /// The version written or made current; nil for changes that touch none.
    package var versionID: String?
}

struct SecretsService {
    var secrets: [String: StoredSecret] = [:]
    var writes: [AppliedWrite] = []
    let region: String
    let account: String
    /// Versions kept per secret; a write over it is refused while none is older than a day.
    var versionLimit = 100
    /// Secrets in the account.
    var secretLimit = 500_000
    /// How many times CreateSecret is still refused after a forced deletion, which the service carries out later.
    var refusalsAfterForcedDeletion = 0
    private(set) var lingering: [String: Int] = [:]

    init(region: String, account: String) {
        self.region = region
        self.account = account
    }

    mutating func call(_ operation: String, _ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        switch operation {
        case "CreateSecret": try create(input, now: now)
        case "GetSecretValue": try getValue(input, now: now)
        case "PutSecretValue": try putValue(input, now: now)
        case "UpdateSecret": try update(input, now: now)
        case "UpdateSecretVersionStage": try updateStage(input, now: now)
        case "DescribeSecret": try describe(input)
        case "ListSecretVersionIds": try listVersions(input)
        case "ListSecrets": try list(input)
        case "BatchGetSecretValue": try batchGet(input, now: now)
        case "DeleteSecret": try delete(input, now: now)
        case "RestoreSecret": try restore(input, now: now)
        case "TagResource": try tag(input, now: now)
        case "UntagResource": try untag(input, now: now)
        default: throw ServiceFailure("UnknownOperationException", "")
        }
    }

    /// The name behind an id: a name, an ARN, or an ARN without its six random characters.
    func name(for id: String) -> String? {
        if secrets[id] != nil { return id }
        return secrets.values.first { $0.arn == id || ($0.arn.hasPrefix(id + "-") && $0.arn.count == id.count + 7) }?
            .name
    }

    func find(_ input: JSONObject, evenIfDeleted: Bool = false) throws(ServiceFailure) -> StoredSecret {
        guard let id = input["SecretId"] as? String else { throw .constraint("secretId", "not be null") }
        guard !id.isEmpty, id.count <= 2_048 else {
            throw .constraint("secretId", "have length between 1 and 2048")
        }
        guard let name = name(for: id), let secret = secrets[name] else { throw .secretNotFound }
        guard evenIfDeleted || secret.deletionDate == nil else { throw .markedForDeletion }
        return secret
    }

    mutating func record(_ operation: String, _ secret: String, version: String? = nil) {
        writes.append(AppliedWrite(operation: operation, secret: secret, versionID: version))
    }

    mutating func forget(_ name: String) {
        secrets[name] = nil
        lingering[name] = refusalsAfterForcedDeletion
    }

    /// True as long as a forced deletion of this name is not through.
    mutating func isLingering(_ name: String) -> Bool {
        guard let left = lingering[name], left > 0 else { return false }
        lingering[name] = left - 1
        return true
    }
}
