// Our client beside boto3, and moto's own check of signatures and policies.

import AWS
import Foundation
import Secrets
import TestServers
import Testing
import World

@testable import Stores

@Suite("The store beside boto3")
struct AWSStoreDifferentialTests {
    /// Texts that JSON writers and readers like to disagree about.
    static let texts = [
        "{\"PASSWORD\":\"p@ss#wörd\"}", "{ \"a\" : [1, 2.50, 1e5, true, null], \"b\":{\"c\":{}} }\n",
        "\"quoted\" \\back\\slash / \u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}", "é ü ß 漢字 🔑 👨‍👩‍👧 e\u{301}",
        "\u{2028}\u{2029}\u{FEFF}",
        "\\u0041 \\n \\", "-----BEGIN " + "X-----\nAAAA\n-----END X-----\n", " leading and trailing ", "0",
        String(repeating: "x\"\\é", count: 2_000),
    ]

    @Test(
        "What boto3 writes is read the same, and what is written is read the same by boto3", arguments: AWSPeer.allCases
    )
    func values(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let theirs = Self.texts.map { _ in freshName("boto3") }
        let input = try JSONSerialization.data(
            withJSONObject: Dictionary(uniqueKeysWithValues: zip(theirs, Self.texts)))
        _ = try await stand.boto3(
            """
            for name, text in json.load(sys.stdin).items():
                client.create_secret(Name=name, SecretString=text)
            """, input: Array(input))
        for (name, text) in zip(theirs, Self.texts) {
            let read = try await stand.store.read(name).content
            #expect(read.isSame(as: sample(text)), "\(text)")
        }
        let batch = try await stand.store.readAll(theirs)
        for (result, text) in zip(batch, Self.texts) { #expect(try result.get().content.isSame(as: sample(text))) }

        let ours = Self.texts.map { _ in freshName("ours") }
        for (name, text) in zip(ours, Self.texts) {
            _ = try await stand.store.create(name, sample(text), token: freshToken(), options: CreationOptions())
        }
        let output = try await stand.boto3(
            """
            texts = [client.get_secret_value(SecretId=name)["SecretString"] for name in arguments]
            print(json.dumps([text.encode().hex() for text in texts]))
            """, ours)
        let read = try JSONDecoder().decode([String].self, from: Data(output.utf8))
        #expect(read == Self.texts.map { $0.utf8.map { String(format: "%02x", $0) }.joined() })
        await stand.stop()
    }

    @Test("Both see the same labels, description, tags and deletion", arguments: AWSPeer.allCases)
    func details(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, first, second) = (freshName("details"), freshToken(), freshToken())
        _ = try await stand.boto3(
            """
            name, first, second = arguments
            client.create_secret(Name=name, SecretString="1", ClientRequestToken=first, Description="Über \\U0001F511",
                                 Tags=[{"Key": "a", "Value": "ü"}])
            client.put_secret_value(SecretId=name, SecretString="2", ClientRequestToken=second,
                                    VersionStages=["x", "y"])
            """, [name, first, second])
        let about = try await stand.store.describe(name)
        #expect(about.description == "Über 🔑" && about.tags == ["a": "ü"])
        #expect(about.stages.mapValues { $0.sorted() } == [first: [Stage.current], second: ["x", "y"]])
        try await stand.store.moveStage(name, Stage.current, from: first, to: second)
        try await stand.store.moveStage(name, "x", from: second, to: first)
        try await stand.store.tag(name, ["b": "\"2\""])
        let due = try await stand.store.delete(name, days: 9)
        let output = try await stand.boto3(
            """
            about = client.describe_secret(SecretId=arguments[0])
            print(json.dumps({
                "stages": {k: sorted(v) for k, v in about["VersionIdsToStages"].items()},
                "tags": {t["Key"]: t["Value"] for t in about["Tags"]}, "deleted": about["DeletedDate"].timestamp()}))
            """, [name])
        struct Seen: Decodable {
            var stages: [String: [String]]
            var tags: [String: String]
            var deleted: Double
        }
        let seen = try JSONDecoder().decode(Seen.self, from: Data(output.utf8))
        #expect(seen.stages == [second: [Stage.current, "y"], first: [Stage.previous, "x"]])
        #expect(seen.tags == ["a": "ü", "b": "\"2\""])
        #expect(abs(seen.deleted - (due?.seconds ?? 0)) < 2)
        await stand.stop()
    }

    @Test("moto, with authentication switched on, takes our signatures and holds us to the policy")
    func motoAuthentication() async throws {
        let policy = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":[
             "secretsmanager:CreateSecret","secretsmanager:GetSecretValue","secretsmanager:PutSecretValue",
             "secretsmanager:DescribeSecret","secretsmanager:UpdateSecretVersionStage","secretsmanager:TagResource"]}]}
            """
        let (moto, key) = try await Moto.startWithAuthentication(policy: policy)
        let stand = try AWSStand(
            url: moto.url, region: moto.region, accessKeyID: key.accessKeyID, secretAccessKey: key.secretAccessKey)
        let (name, first, second) = (freshName("signed"), freshToken(), freshToken())
        _ = try await stand.store.create(
            name, sample("ünïcode 🔑"), token: first, options: CreationOptions(description: "é"))
        _ = try await stand.store.put(name, sample("2"), stages: ["m"], token: second)
        try await stand.store.moveStage(name, Stage.current, from: first, to: second)
        #expect(try await stand.store.read(name, VersionSelector(id: first)).content.awsText == "ünïcode 🔑")
        let denied = await refusal { _ = try await stand.store.delete(name, days: 7) }
        #expect(caseName(denied) == "accessDenied", "\(String(describing: denied))")
        // Listing in a batch is not allowed either: read one by one.
        let results = try await stand.store.readAll([name, name])
        #expect(try results.map { try $0.get().content.awsText } == ["2", "2"])
        await stand.stop()

        let wrong = try AWSStand(
            url: moto.url, region: moto.region, accessKeyID: key.accessKeyID,
            secretAccessKey: String(key.secretAccessKey.reversed()))
        let refused = await refusal { _ = try await wrong.store.read(name) }
        guard case .aws(let error) = refused else { throw try #require(refused) }
        #expect(error.kind == .badCredentials && error.identity?.contains(key.accessKeyID) == true)
        await wrong.stop()
        await moto.stop()
    }
}
