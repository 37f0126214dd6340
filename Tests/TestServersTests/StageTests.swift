// Labels: one holder each, and no move without naming the holder.

import TestServers
import Testing

@Suite struct StageTests {
    private func move(
        _ boto: BotoClient, _ stage: String = "AWSCURRENT", to target: Int?, from source: Int?
    ) async throws -> BotoAnswer {
        var arguments = ["SecretId": "app", "VersionStage": stage]
        arguments["MoveToVersionId"] = target.map(token)
        arguments["RemoveFromVersionId"] = source.map(token)
        return try await boto.call("update_secret_version_stage", arguments)
    }

    /// Version 1 is AWSPREVIOUS, 2 is AWSCURRENT, 3 is `mine`.
    private func withThreeVersions(
        _ body: (SecretsManagerDouble, BotoClient) async throws -> Void
    ) async throws {
        try await withDouble { server, boto in
            try await boto.call(
                "create_secret", ["Name": "app", "SecretString": "one", "ClientRequestToken": token(1)])
            for (digit, stage) in [(2, "AWSCURRENT"), (3, "mine")] {
                try await boto.call(
                    "put_secret_value",
                    [
                        "SecretId": "app", "SecretString": "value \(digit)", "ClientRequestToken": token(digit),
                        "VersionStages": [stage],
                    ])
            }
            try #require(server.versions(of: "app").map(\.stages) == [["AWSPREVIOUS"], ["AWSCURRENT"], ["mine"]])
            try await body(server, boto)
        }
    }

    @Test("a move that names the holder moves AWSCURRENT; AWSPREVIOUS follows; a plain read sees it")
    func moves() async throws {
        try await withThreeVersions { server, boto in
            #expect(try await move(boto, to: 3, from: 2).code == nil)
            #expect(
                server.versions(of: "app").map(\.stages) == [[], ["AWSPREVIOUS"], ["AWSCURRENT", "mine"]])
            let read = try await boto.call("get_secret_value", ["SecretId": "app"])
            #expect(read["VersionId"] == token(3))
        }
    }

    @Test("a roll back swaps AWSCURRENT and AWSPREVIOUS, and the next put keeps one holder")
    func rollback() async throws {
        try await withThreeVersions { server, boto in
            #expect(try await move(boto, to: 1, from: 2).code == nil)
            #expect(server.versions(of: "app").map(\.stages) == [["AWSCURRENT"], ["AWSPREVIOUS"], ["mine"]])
            try await boto.call("put_secret_value", ["SecretId": "app", "SecretString": "four"])
            #expect(
                server.versions(of: "app").map(\.stages) == [["AWSPREVIOUS"], [], ["mine"], ["AWSCURRENT"]])
        }
    }

    @Test(
        "a move that does not name the holder, or names another, is refused and moves nothing",
        arguments: [
            (stage: "AWSCURRENT", to: 3, from: nil), (stage: "AWSCURRENT", to: 3, from: 1),
            (stage: "mine", to: 1, from: nil), (stage: "AWSCURRENT", to: nil, from: 2),
            (stage: "unknown", to: nil, from: 2),
        ] as [(stage: String, to: Int?, from: Int?)])
    func refused(stage: String, target: Int?, source: Int?) async throws {
        try await withThreeVersions { server, boto in
            let before = server.versions(of: "app")
            let answer = try await move(boto, stage, to: target, from: source)
            #expect(answer.code == "InvalidParameterException")
            #expect(server.versions(of: "app") == before)
        }
    }

    @Test("a version that is not there is not found")
    func unknownVersion() async throws {
        try await withThreeVersions { _, boto in
            let answer = try await move(boto, to: 7, from: 2)
            #expect(answer.code == "ResourceNotFoundException")
        }
    }

    @Test("a label without a holder needs none named; taking it off leaves the version unlabelled")
    func newLabel() async throws {
        try await withThreeVersions { server, boto in
            #expect(try await move(boto, "extra", to: 3, from: nil).code == nil)
            #expect(server.versions(of: "app").last?.stages == ["extra", "mine"])
            #expect(try await move(boto, "extra", to: nil, from: 3).code == nil)
            #expect(try await move(boto, "mine", to: nil, from: 3).code == nil)
            #expect(server.versions(of: "app").last?.stages == [])
            let listed = try await boto.call("list_secret_version_ids", ["SecretId": "app"])
            #expect(listed.count(of: "Versions") == 2)
            let all = try await boto.call(
                "list_secret_version_ids", ["SecretId": "app", "IncludeDeprecated": true])
            #expect(all.count(of: "Versions") == 3)
        }
    }
}
