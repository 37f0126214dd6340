// AWS Secrets Manager: the calls that read.

import JSON

extension SecretsManagerClient {
    /// Ids that one BatchGetSecretValue takes.
    package static let batchLimit = 20

    package func describeSecret(_ id: String) async throws -> Description {
        try await call("DescribeSecret") { json in json.member("SecretId", id) }.description()
    }

    /// One version: by id, by stage, or by both, which then must agree.
    package func getSecretValue(_ id: String, versionID: String? = nil, stage: String? = nil) async throws -> Value {
        let answer = try await call("GetSecretValue") { json in
            json.member("SecretId", id)
            json.member("VersionId", versionID)
            json.member("VersionStage", stage)
        }
        return try answer.secretValue()
    }

    /// AWSCURRENT of several secrets, with what is wrong with the others. Asks as often as it takes, and once for an id
    /// that stands in the list twice.
    package func batchGetSecretValue(_ ids: [String]) async throws -> (values: [Value], errors: [BatchError]) {
        var seen: Set<String> = []
        let ids = ids.filter { seen.insert($0).inserted }
        var values: [Value] = []
        var errors: [BatchError] = []
        for start in stride(from: 0, to: ids.count, by: Self.batchLimit) {
            let chunk = Array(ids[start..<min(start + Self.batchLimit, ids.count)])
            try await client.pages("BatchGetSecretValue") { json in
                Self.write(list: "SecretIdList", chunk, to: &json)
            } page: { answer in
                for value in answer.answers("SecretValues") { values.append(try value.secretValue()) }
                for error in answer.answers("Errors") {
                    errors.append(
                        BatchError(
                            secretID: try error.required("SecretId"), code: error.string("ErrorCode") ?? "",
                            message: error.string("Message") ?? ""))
                }
                return true
            }
        }
        return (values, errors)
    }

    /// All versions, those without a label included, in the order of the service.
    package func listSecretVersionIDs(_ id: String) async throws -> [Version] {
        var versions: [Version] = []
        try await client.pages("ListSecretVersionIds") { json in
            json.member("SecretId", id)
            json.key("IncludeDeprecated")
            json.boolean(true)
            json.key("MaxResults")
            json.number(100)
        } page: { answer in
            for version in answer.answers("Versions") { versions.append(try version.version()) }
            return true
        }
        return versions
    }

    /// What ListSecrets selects by. Names match by their beginning, in their exact case.
    package struct ListFilter: Sendable, Equatable {
        package enum Key: String, Sendable {
            case name, description, tagKey = "tag-key", tagValue = "tag-value"
            case owningService = "owning-service", all
        }

        package var key: Key
        package var values: [String]

        package init(_ key: Key, _ values: [String]) {
            self.key = key
            self.values = values
        }
    }

    /// Secrets, by name, one page after the other. The list may lag some minutes behind; DescribeSecret does not.
    package func listSecrets(
        filters: [ListFilter] = [], includingPlannedDeletion: Bool = false,
        page: ([Description]) async throws -> Void
    ) async throws {
        try await client.pages("ListSecrets") { json in
            if includingPlannedDeletion {
                json.key("IncludePlannedDeletion")
                json.boolean(true)
            }
            json.key("MaxResults")
            json.number(100)
            json.member("SortBy", "name")
            json.member("SortOrder", "asc")
            if !filters.isEmpty {
                json.key("Filters")
                json.beginArray()
                for filter in filters {
                    json.beginObject()
                    json.member("Key", filter.key.rawValue)
                    Self.write(list: "Values", filter.values, to: &json)
                    json.endObject()
                }
                json.endArray()
            }
        } page: { answer in
            try await page(try answer.answers("SecretList").map { try $0.description() })
            return true
        }
    }
}
