// The calls that delete, restore and tag.

extension SecretsService {
    mutating func delete(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        let isForced = input["ForceDeleteWithoutRecovery"] as? Bool ?? false
        let days = input["RecoveryWindowInDays"] as? Int
        if isForced, days != nil {
            throw .invalidParameter(
                "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        }
        if let days, !(7...30).contains(days) {
            throw .invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        }
        var secret: StoredSecret
        do throws(ServiceFailure) {
            secret = try find(input, evenIfDeleted: isForced)
        } catch {
            // Forcing the deletion of what is not there is no error.
            guard isForced, error.code == "ResourceNotFoundException", let id = input["SecretId"] as? String else {
                throw error
            }
            return ["Name": id, "DeletionDate": now]
        }
        let date = isForced ? now : now + Double(days ?? 30) * 86_400
        if isForced {
            forget(secret.name)
        } else {
            secret.deletionDate = date
            secrets[secret.name] = secret
        }
        record("DeleteSecret", secret.name)
        return ["ARN": secret.arn, "Name": secret.name, "DeletionDate": date]
    }

    mutating func restore(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        var secret = try find(input, evenIfDeleted: true)
        if secret.deletionDate != nil {
            secret.deletionDate = nil
            secret.lastChanged = now
            secrets[secret.name] = secret
            record("RestoreSecret", secret.name)
        }
        return ["ARN": secret.arn, "Name": secret.name]
    }

    mutating func tag(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        guard input["Tags"] is [JSONObject] else { throw .constraint("tags", "not be null") }
        let tags = try Limits.tags(input)
        var secret = try find(input)
        for tag in tags {
            secret.tags.removeAll { $0.key == tag.key }
            secret.tags.append(tag)
        }
        guard secret.tags.count <= 50 else {
            throw .invalidParameter("You've exceeded the maximum number of tags for this secret.")
        }
        secret.lastChanged = now
        secrets[secret.name] = secret
        record("TagResource", secret.name)
        return [:]
    }

    mutating func untag(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        guard let keys = input["TagKeys"] as? [String] else { throw .constraint("tagKeys", "not be null") }
        var secret = try find(input)
        secret.tags.removeAll { keys.contains($0.key) }
        secret.lastChanged = now
        secrets[secret.name] = secret
        record("UntagResource", secret.name)
        return [:]
    }
}
