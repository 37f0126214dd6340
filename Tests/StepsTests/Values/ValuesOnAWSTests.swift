// The value steps against AWS's stand-ins: our double, and moto, which others wrote.

import AWS
import Checklist
import HTTP
import Secrets
import Settings
import Stores
import TestServers
import Testing
import World

@testable import Steps

@Suite("The value steps on AWS")
struct ValuesOnAWSTests {
    enum Peer: String, CaseIterable, Sendable { case double, moto }

    /// A workbench whose secret is in a stand-in of AWS.
    struct Scene {
        let bench: Bench
        let workbench: Workbench
        let store: AWSStore
        let double: SecretsManagerDouble?
        let transport: HTTPTransport

        init(_ peer: Peer) async throws {
            let (url, region, id, key): (String, String, String, String)
            switch peer {
            case .double:
                let made = try await SecretsManagerDouble.start()
                (url, region, id, key) = (made.url, made.region, made.accessKeyID, made.secretAccessKey)
                double = made
            case .moto:
                let moto = try await Moto.shared()
                (url, region, id, key) = (moto.url, moto.region, moto.accessKeyID, moto.secretAccessKey)
                double = nil
            }
            var settings = AWSSettings()
            settings.secretsManagerEndpoint = .init(url, "a test")
            transport = try HTTPTransport(settings: settings)
            var world = World.real()
            world.sleep = { _ in await Task.yield() }
            let credentials = StaticCredentials(
                AWSCredentials(accessKeyID: id, secretAccessKey: SharedSecret(copying: key.utf8), source: "a test"))
            let client = SecretsManagerClient(
                client: try AWSClient(
                    service: .secretsManager, settings: settings, region: region, credentials: credentials,
                    transport: transport, world: world))
            let store = AWSStore(client: client, region: region, world: world)
            self.store = store
            bench = try Bench()
            let name = Self.name + String(UInt32.random(in: 0...UInt32.max), radix: 16)
            workbench = bench.workbench {
                $0.store = {
                    StoreAccess(
                        store: store, name: name, region: region, expectedAccount: nil, account: { "123456789012" })
                }
            }
            self.name = name
        }

        private static let name = "steps/values-"
        let name: String

        func text() async throws -> String {
            try await store.read(name).content.withBytes { bytes in
                String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
            }
        }

        func stop() async {
            await transport.shutdown()
            await double?.stop()
        }
    }

    @Test("Created, filled, verified and scheduled, and all of it taken back", arguments: Peer.allCases)
    func wholeWay(peer: Peer) async throws {
        let scene = try await Scene(peer)
        try scene.bench.repository.write(".gitignore", ".env.local\n")
            .write(".env", "JWT_SECRET_KEY=\(Canary.jwt)\n").commit("Start")
            .write(".env.local", "DB_PASSWORD=\(Canary.password)\n")
        let create = Rehearsal(
            try Bench.kind(
                "create-secret", ["tags": .map([.init(key: "team", value: "web")])], on: scene.workbench))
        let made = try #require(try await create.run().evidence)
        #expect(made.facts.text("arn")?.contains(":secret:" + scene.name) == true)
        #expect(made.facts.text("account") != nil && made.facts.text("region") != nil)
        let values = Rehearsal(try Bench.kind("store-values", on: scene.workbench))
        _ = try await values.run(["replace/JWT_SECRET_KEY": .text("generate")])
        #expect(try await values.observe().evidence != nil)
        #expect(!(try await scene.text().contains(Canary.jwt)))
        let verify = Rehearsal(try Bench.kind("verify-values", on: scene.workbench))
        #expect(try await verify.observe().evidence?.facts.number("keys") == 2)
        let schedule = Rehearsal(
            try Bench.kind("rotation-schedule", ["owner": .text("Ada")], on: scene.workbench))
        #expect(try await schedule.run().evidence?.due != nil)
        #expect(try await scene.store.describe(scene.name).tags.keys.sorted() == ["migrate:rotate-by", "team"])

        try await schedule.undo()
        #expect(try await scene.store.describe(scene.name).tags.keys.sorted() == ["team"])
        try await values.undo()
        #expect(try await scene.text() == "{}")
        try await create.undo()
        #expect(try await scene.store.describe(scene.name).deleted != nil)
        if let double = scene.double {
            // Each effect once.
            #expect(
                double.writes.map(\.operation) == [
                    "CreateSecret", "PutSecretValue", "UpdateSecretVersionStage", "UpdateSecretVersionStage",
                    "TagResource", "UntagResource", "UpdateSecretVersionStage", "DeleteSecret",
                ])
        }
        for journal in [create.journal, values.journal, schedule.journal] { expectNoCanary(await journal.texts) }
        await scene.stop()
    }

    @Test("Values that somebody stores while ours are on their way are kept")
    func foreignWrite() async throws {
        let scene = try await Scene(.double)
        let double = try #require(scene.double)
        try double.setValue(of: scene.name, "{}")
        try scene.bench.repository.write(".gitignore", ".env\n").commit("Start")
            .write(".env", "DB_PASSWORD=\(Canary.password)\n")
        let isDone = Flag()
        double.before("PutSecretValue") { [name = scene.name] _ in
            guard await isDone.raise() else { return }
            _ = try? double.setValue(of: name, #"{"THEIRS":"1"}"#)
        }
        let values = Rehearsal(try Bench.kind("store-values", on: scene.workbench))
        #expect(try await values.run().evidence != nil)
        #expect(try await scene.text() == #"{"THEIRS":"1","DB_PASSWORD":"\#(Canary.password)"}"#)
        await scene.stop()
    }

    @Test("Where the secret may not be read, it is an error and no guess")
    func denied() async throws {
        let scene = try await Scene(.double)
        let double = try #require(scene.double)
        try double.setValue(of: scene.name, "{}")
        double.deny("secretsmanager:GetSecretValue")
        try scene.bench.repository.write("a", "").commit("Start")
        for kind in ["store-values", "verify-values", "rotation-schedule"] {
            let step = Rehearsal(try Bench.kind(kind, on: scene.workbench))
            await #expect(throws: StoreError.self) { try await step.observe() }
        }
        await scene.stop()
    }

    private actor Flag {
        private var isUp = false
        func raise() -> Bool {
            defer { isUp = true }
            return !isUp
        }
    }
}
