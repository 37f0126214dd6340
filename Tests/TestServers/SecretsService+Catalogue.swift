// The calls that describe and list.

extension SecretsService {
    func describe(_ input: JSONObject) throws(ServiceFailure) -> JSONObject {
        try find(input, evenIfDeleted: true).metadata(stagesField: "VersionIdsToStages")
    }

    func listVersions(_ input: JSONObject) throws(ServiceFailure) -> JSONObject {
        let secret = try find(input, evenIfDeleted: true)
        let includesDeprecated = input["IncludeDeprecated"] as? Bool ?? false
        let versions = secret.versions.filter { includesDeprecated || !$0.stages.isEmpty }
        let (page, next) = try self.page(of: versions, input, limits: 1...100, by: 100)
        var answer: JSONObject = ["ARN": secret.arn, "Name": secret.name]
        answer["Versions"] = page.map { version -> JSONObject in
            var item: JSONObject = ["VersionId": version.id, "CreatedDate": version.created]
            if !version.stages.isEmpty { item["VersionStages"] = version.stages }
            return item
        }
        answer["NextToken"] = next
        return answer
    }

    func list(_ input: JSONObject) throws(ServiceFailure) -> JSONObject {
        let includesDeleted = input["IncludePlannedDeletion"] as? Bool ?? false
        let matching = matches(input).filter { includesDeleted || $0.deletionDate == nil }
        let (page, next) = try self.page(of: matching, input, limits: 1...100, by: 100)
        var answer: JSONObject = ["SecretList": page.map { $0.metadata(stagesField: "SecretVersionsToStages") }]
        answer["NextToken"] = next
        return answer
    }

    /// - Parameter mayRead: throws for a secret whose value the caller may not read; that is told per secret.
    mutating func batchGet(
        _ input: JSONObject, now: Double,
        mayRead: (String) throws(ServiceFailure) -> Void = { _ throws(ServiceFailure) in }
    ) throws(ServiceFailure) -> JSONObject {
        let ids = input["SecretIdList"] as? [String]
        guard (ids == nil) != (input["Filters"] == nil) else {
            throw .invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.")
        }
        if let ids, !(1...20).contains(ids.count) {
            throw .constraint("secretIdList", "have length between 1 and 20")
        }
        var next: String?
        let wanted: [String]
        if let ids {
            wanted = ids
        } else {
            let matching = matches(input).filter { $0.deletionDate == nil }
            let page = try self.page(of: matching, input, limits: 1...20, by: 20)
            wanted = page.items.map(\.name)
            next = page.next
        }
        var values: [JSONObject] = []
        var errors: [JSONObject] = []
        for id in wanted {
            do throws(ServiceFailure) {
                try mayRead(name(for: id) ?? id)
                values.append(try getValue(["SecretId": id], now: now))
            } catch {
                errors.append(["SecretId": id, "ErrorCode": error.code, "Message": error.message])
            }
        }
        var answer: JSONObject = ["SecretValues": values]
        if !errors.isEmpty { answer["Errors"] = errors }
        answer["NextToken"] = next
        return answer
    }

    /// Secrets that pass all filters, oldest first.
    private func matches(_ input: JSONObject) -> [StoredSecret] {
        let filters = input["Filters"] as? [JSONObject] ?? []
        return secrets.values
            .filter { secret in filters.allSatisfy { passes(secret, $0) } }
            .sorted { ($0.created, $0.name) < ($1.created, $1.name) }
    }

    /// Values are prefixes; a leading `!` turns one round.
    private func passes(_ secret: StoredSecret, _ filter: JSONObject) -> Bool {
        let texts: [String]
        switch filter["Key"] as? String {
        case "name": texts = [secret.name]
        case "description": texts = [secret.description ?? ""]
        case "tag-key": texts = secret.tags.map(\.key)
        case "tag-value": texts = secret.tags.map(\.value)
        case "all": texts = [secret.name, secret.description ?? ""] + secret.tags.flatMap { [$0.key, $0.value] }
        default: texts = []
        }
        let values = filter["Values"] as? [String] ?? []
        return values.contains { value in
            value.hasPrefix("!")
                ? !texts.contains { $0.hasPrefix(value.dropFirst()) } : texts.contains { $0.hasPrefix(value) }
        }
    }

    private func page<Item>(
        of items: [Item], _ input: JSONObject, limits: ClosedRange<Int>, by size: Int
    ) throws(ServiceFailure) -> (items: [Item], next: String?) {
        let count = input["MaxResults"] as? Int ?? size
        guard limits.contains(count) else {
            throw .constraint("maxResults", "have value between \(limits.lowerBound) and \(limits.upperBound)")
        }
        var start = 0
        if let token = input["NextToken"] as? String {
            guard token.hasPrefix("page-"), let parsed = UInt16(token.dropFirst(5)) else {
                throw ServiceFailure("InvalidNextTokenException", "The NextToken value is invalid.")
            }
            start = Int(parsed)
        }
        let end = min(start + count, items.count)
        return (Array(items[min(start, end)..<end]), end < items.count ? "page-\(end)" : nil)
    }
}
