// Deletion, restoration, tags, limits.

import TestServers
import Testing

@Suite struct DeletionTests {
    @Test(
        "while it waits for deletion a secret can neither be read nor changed",
        arguments: [
            ("get_secret_value", [:]), ("put_secret_value", ["SecretString": "x"]),
            ("update_secret", ["Description": "x"]), ("untag_resource", ["TagKeys": ["x"]]),
            ("tag_resource", ["Tags": [["Key": "a", "Value": "b"]]]), ("delete_secret", [:]),
            ("update_secret_version_stage", ["VersionStage": "x", "MoveToVersionId": token(1)]),
        ] as [(String, [String: any Sendable])])
    func refused(operation: String, arguments: [String: any Sendable]) async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            #expect(try await boto.call("delete_secret", ["SecretId": "app", "RecoveryWindowInDays": 7]).code == nil)
            let answer = try await boto.call(operation, arguments.merging(["SecretId": "app"]) { $1 })
            #expect(answer.code == "InvalidRequestException")
            #expect(answer.message?.contains("marked for deletion") == true)
        }
    }

    @Test("its name cannot be used again; restoring it brings all back")
    func restore() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            let deleted = try await boto.call("delete_secret", ["SecretId": "app"])
            let date = try #require(Double(deleted["DeletionDate"] ?? ""))
            let described = try await boto.call("describe_secret", ["SecretId": "app"])
            #expect(Double(described["DeletedDate"] ?? "") == date)
            let again = try await boto.call("create_secret", ["Name": "app", "SecretString": "x"])
            #expect(again.code == "InvalidRequestException")
            #expect(
                again.message
                    == "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
            #expect(try await boto.call("list_secrets").count(of: "SecretList") == 0)
            #expect(try await boto.call("list_secrets", ["IncludePlannedDeletion": true]).count(of: "SecretList") == 1)
            #expect(try await boto.call("restore_secret", ["SecretId": "app"]).code == nil)
            #expect(try await boto.call("get_secret_value", ["SecretId": "app"])["SecretString"] == "one")
        }
    }

    @Test("the window is 7 to 30 days", arguments: [(6, false), (7, true), (30, true), (31, false)])
    func window(days: Int, isAllowed: Bool) async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            let answer = try await boto.call("delete_secret", ["SecretId": "app", "RecoveryWindowInDays": days])
            #expect(answer.code == (isAllowed ? nil : "InvalidParameterException"))
            #expect(server.isScheduledForDeletion("app") == isAllowed)
        }
    }

    @Test("a forced deletion needs no secret to be there, takes no window, and frees the name only later")
    func forced() async throws {
        try await withDouble { server, boto in
            server.setRefusalsAfterForcedDeletion(1)
            let force: [String: Any] = ["SecretId": "app", "ForceDeleteWithoutRecovery": true]
            #expect(try await boto.call("delete_secret", force).code == nil)
            #expect(try await boto.call("delete_secret", ["SecretId": "app"]).code == "ResourceNotFoundException")
            try server.setValue(of: "app", "one")
            let both = try await boto.call("delete_secret", force.merging(["RecoveryWindowInDays": 7]) { $1 })
            #expect(both.code == "InvalidParameterException")
            #expect(try await boto.call("delete_secret", force).code == nil)
            let create = ["Name": "app", "SecretString": "two"]
            #expect(try await boto.call("create_secret", create).code == "InvalidRequestException")
            #expect(try await boto.call("create_secret", create).code == nil)
        }
    }
}

@Suite struct LimitTests {
    @Test(
        "a value has 1 to 65,536 bytes, whatever its characters",
        arguments: [
            ("a", 65_536, true), ("a", 65_537, false), ("ü", 32_768, true), ("ü", 32_769, false), ("a", 0, false),
        ])
    func valueSize(character: String, count: Int, isAllowed: Bool) async throws {
        try await withDouble { server, _ in
            let value = String(repeating: character, count: count)
            if isAllowed {
                try server.setValue(of: "app", value)
                #expect(server.value(of: "app") == value)
            } else {
                let error = #expect(throws: ServiceFailure.self) { try server.setValue(of: "app", value) }
                #expect(error?.code == "ValidationException")
            }
        }
    }

    @Test(
        "names: 1 to 512 of the allowed characters, no hyphen and six at the end",
        arguments: [
            ("app/prod_1+2=3.4@5-6", nil), (String(repeating: "n", count: 512), nil),
            (String(repeating: "n", count: 513), "ValidationException"), ("with space", "ValidationException"),
            ("ünder", "ValidationException"), ("app-abc123", "InvalidParameterException"), ("app-abc12", nil),
            ("app-abc1234", nil),
        ])
    func names(name: String, code: String?) async throws {
        try await withDouble { _, boto in
            let answer = try await boto.call("create_secret", ["Name": name, "SecretString": "x"])
            #expect(answer.code == code)
        }
    }

    @Test("a full secret takes no further version until old ones without labels can go")
    func versionCap() async throws {
        try await withDouble { server, boto in
            server.setVersionLimit(3)
            for value in ["one", "two", "three"] { try server.setValue(of: "app", value) }
            let put = ["SecretId": "app", "SecretString": "four"]
            #expect(try await boto.call("put_secret_value", put).code == "LimitExceededException")
            #expect(server.value(of: "app") == "three")
            server.age("app", bySeconds: 90_000)
            #expect(try await boto.call("put_secret_value", put).code == nil)
            #expect(server.versions(of: "app").map(\.string) == ["two", "three", "four"])
        }
    }

    @Test("a secret that another service owns takes no value from us")
    func owned() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            server.mark("app", rotated: true, owningService: "rds")
            let described = try await boto.call("describe_secret", ["SecretId": "app"])
            #expect(described["OwningService"] == "rds")
            let put = try await boto.call("put_secret_value", ["SecretId": "app", "SecretString": "two"])
            #expect(put.code == "InvalidRequestException")
        }
    }
}

@Suite struct CatalogueTests {
    @Test("DescribeSecret leaves out what is not set")
    func describe() async throws {
        try await withDouble { server, boto in
            try await boto.call("create_secret", ["Name": "bare"])
            let bare = try await boto.call("describe_secret", ["SecretId": "bare"])
            #expect(
                bare.keys() == ["ARN", "CreatedDate", "LastChangedDate", "Name", "ResponseMetadata"])
            #expect(!bare.json.contains("null"))
        }
    }

    @Test("tags are set, replaced and removed")
    func tags() async throws {
        try await withDouble { server, boto in
            try await boto.call("create_secret", ["Name": "app", "Tags": [["Key": "a", "Value": "1"]]])
            let more = [["Key": "a", "Value": "2"], ["Key": "b", "Value": "3"]]
            #expect(try await boto.call("tag_resource", ["SecretId": "app", "Tags": more]).code == nil)
            #expect(server.tags(of: "app") == ["a": "2", "b": "3"])
            #expect(try await boto.call("untag_resource", ["SecretId": "app", "TagKeys": ["a"]]).code == nil)
            #expect(server.tags(of: "app") == ["b": "3"])
        }
    }

    @Test("lists come in pages, filtered by the start of the name")
    func pages() async throws {
        try await withDouble { server, boto in
            for number in 1...5 { try server.setValue(of: "app/\(number)", "x") }
            try server.setValue(of: "other", "x")
            let filter = [["Key": "name", "Values": ["app/"]]]
            var names: [String] = []
            var next: String?
            repeat {
                var arguments: [String: Any] = ["Filters": filter, "MaxResults": 2]
                arguments["NextToken"] = next
                let page = try await boto.call("list_secrets", arguments)
                names += (0..<(page.count(of: "SecretList") ?? 0)).compactMap { page["SecretList", "\($0)", "Name"] }
                next = page["NextToken"]
            } while next != nil
            #expect(names.sorted() == (1...5).map { "app/\($0)" })
            #expect(server.requests(for: "ListSecrets").count == 3)
        }
    }

    @Test("a batch gives what it can and says per secret what it cannot")
    func batch() async throws {
        try await withDouble { server, boto in
            for name in ["a", "b", "c", "hidden"] { try server.setValue(of: name, "value of \(name)") }
            try await boto.call("create_secret", ["Name": "empty"])
            try await boto.call("delete_secret", ["SecretId": "c"])
            server.deny("secretsmanager:GetSecretValue", on: "hidden")
            let answer = try await boto.call(
                "batch_get_secret_value", ["SecretIdList": ["a", "b", "c", "empty", "hidden", "nothing"]])
            #expect(answer.count(of: "SecretValues") == 2)
            #expect(answer["SecretValues", "1", "SecretString"] == "value of b")
            #expect(
                (0..<4).map { answer["Errors", "\($0)", "ErrorCode"] } == [
                    "InvalidRequestException", "ResourceNotFoundException", "AccessDeniedException",
                    "ResourceNotFoundException",
                ])
        }
    }

    @Test("a batch has 20 ids at most, and ids or filters but not both")
    func batchLimits() async throws {
        try await withDouble { _, boto in
            let ids = (1...21).map { "app\($0)" }
            let tooMany = try await boto.call("batch_get_secret_value", ["SecretIdList": ids])
            #expect(tooMany.code == "ValidationException")
            let enough = try await boto.call("batch_get_secret_value", ["SecretIdList": Array(ids.dropLast())])
            #expect(enough.code == nil)
            let neither = try await boto.call("batch_get_secret_value")
            #expect(neither.code == "InvalidParameterException")
        }
    }
}
