// Values and versions as Secrets Manager documents them, with boto3 as the client.

import TestServers
import Testing

@Suite struct ValueTests {
    @Test("what is created can be read back, by name, by ARN and by ARN without its end")
    func createAndRead() async throws {
        try await withDouble { server, boto in
            let created = try await boto.call("create_secret", ["Name": "app/prod", "SecretString": #"{"A":"1"}"#])
            #expect(created.code == nil)
            let arn = try #require(created["ARN"])
            #expect(arn.hasPrefix("arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/prod-"))
            for id in ["app/prod", arn, String(arn.dropLast(7))] {
                let read = try await boto.call("get_secret_value", ["SecretId": id])
                #expect(read["SecretString"] == #"{"A":"1"}"#)
                #expect(read["VersionId"] == created["VersionId"])
                #expect(read.strings("VersionStages") == ["AWSCURRENT"])
            }
            #expect(server.value(of: "app/prod") == #"{"A":"1"}"#)
        }
    }

    @Test("bytes come back as the bytes they were")
    func binary() async throws {
        try await withDouble { _, boto in
            try await boto.call("create_secret", ["Name": "app", "SecretBinary": "\u{0}\u{1}ü"])
            let read = try await boto.call("get_secret_value", ["SecretId": "app"])
            #expect(read["SecretBinary"] == "AAHDvA==")
            #expect(read["SecretString"] == nil)
        }
    }

    @Test("a put moves AWSCURRENT, and AWSPREVIOUS follows")
    func put() async throws {
        try await withDouble { server, boto in
            let first = try server.setValue(of: "app", "one")
            let second = try #require(
                try await boto.call("put_secret_value", ["SecretId": "app", "SecretString": "two"])["VersionId"])
            let third = try #require(
                try await boto.call("update_secret", ["SecretId": "app", "SecretString": "three"])["VersionId"])
            #expect(server.versions(of: "app").map(\.id) == [first, second, third])
            #expect(server.versions(of: "app").map(\.stages) == [[], ["AWSPREVIOUS"], ["AWSCURRENT"]])
            let previous = try await boto.call(
                "get_secret_value", ["SecretId": "app", "VersionStage": "AWSPREVIOUS"])
            #expect(previous["SecretString"] == "two")
            let byID = try await boto.call("get_secret_value", ["SecretId": "app", "VersionId": first])
            #expect(byID["SecretString"] == "one")
            #expect(byID["VersionStages"] == nil)
        }
    }

    @Test("a version and a stage that do not go together are refused")
    func versionAndStage() async throws {
        try await withDouble { server, boto in
            let first = try server.setValue(of: "app", "one")
            try server.setValue(of: "app", "two")
            let read = try await boto.call(
                "get_secret_value", ["SecretId": "app", "VersionId": first, "VersionStage": "AWSCURRENT"])
            #expect(read.code == "InvalidRequestException")
            #expect(read.status == 400)
        }
    }

    @Test(
        "what is not there is ResourceNotFoundException with status 400",
        arguments: [
            ["SecretId": "nothing"],
            ["SecretId": "app", "VersionStage": "NONE"],
            ["SecretId": "app", "VersionId": token(9)],
        ])
    func notFound(arguments: [String: String]) async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            let read = try await boto.call("get_secret_value", arguments)
            #expect(read.code == "ResourceNotFoundException")
            #expect(read.status == 400)
        }
    }

    @Test("the first version is AWSCURRENT, whatever labels it is put with")
    func firstVersion() async throws {
        try await withDouble { server, boto in
            try await boto.call("create_secret", ["Name": "app"])
            let empty = try await boto.call("get_secret_value", ["SecretId": "app"])
            #expect(empty.code == "ResourceNotFoundException")
            try await boto.call(
                "put_secret_value", ["SecretId": "app", "SecretString": "one", "VersionStages": ["mine"]])
            #expect(server.versions(of: "app").map(\.stages) == [["AWSCURRENT", "mine"]])
        }
    }

    @Test("a label of one's own leaves AWSCURRENT where it is")
    func customStage() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            try await boto.call(
                "put_secret_value", ["SecretId": "app", "SecretString": "two", "VersionStages": ["mine"]])
            #expect(server.value(of: "app") == "one")
            try await boto.call(
                "put_secret_value", ["SecretId": "app", "SecretString": "three", "VersionStages": ["mine"]])
            #expect(server.versions(of: "app").map(\.stages) == [["AWSCURRENT"], [], ["mine"]])
        }
    }
}

@Suite struct IdempotencyTests {
    @Test(
        "the same token with the same data changes nothing, with other data is refused",
        arguments: [
            "create_secret", "put_secret_value",
        ])
    func token(operation: String) async throws {
        try await withDouble { server, boto in
            if operation == "put_secret_value" { try server.setValue(of: "app", "zero") }
            let key = operation == "create_secret" ? "Name" : "SecretId"
            var arguments = [key: "app", "SecretString": "one", "ClientRequestToken": TestServersTests.token(1)]
            #expect(try await boto.call(operation, arguments)["VersionId"] == TestServersTests.token(1))
            let writes = server.writes.count
            let repeated = try await boto.call(operation, arguments)
            #expect(repeated.code == nil)
            #expect(repeated["VersionId"] == TestServersTests.token(1))
            #expect(server.writes.count == writes)
            arguments["SecretString"] = "two"
            #expect(try await boto.call(operation, arguments).code == "ResourceExistsException")
            #expect(server.value(of: "app") == "one")
        }
    }

    @Test("UpdateSecret refuses a used token even with the same data")
    func update() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "zero")
            let arguments = ["SecretId": "app", "SecretString": "one", "ClientRequestToken": TestServersTests.token(1)]
            #expect(try await boto.call("update_secret", arguments).code == nil)
            #expect(try await boto.call("update_secret", arguments).code == "ResourceExistsException")
        }
    }

    @Test("a second secret of the same name is refused")
    func exists() async throws {
        try await withDouble { server, boto in
            try server.setValue(of: "app", "one")
            let again = try await boto.call("create_secret", ["Name": "app", "SecretString": "one"])
            #expect(again.code == "ResourceExistsException")
            #expect(again.message == "The operation failed because the secret app already exists.")
        }
    }

    @Test(
        "the service makes up no token: a value without one is refused", arguments: ["CreateSecret", "PutSecretValue"])
    func missingToken(operation: String) async throws {
        try await withDouble { server, _ in
            let error = #expect(throws: ServiceFailure.self) {
                if operation == "PutSecretValue" { try server.setValue(of: "app", "one") }
                try server.perform(operation, json: #"{"Name":"app","SecretId":"app","SecretString":"x"}"#)
            }
            #expect(error?.code == "InvalidRequestException")
        }
    }
}
