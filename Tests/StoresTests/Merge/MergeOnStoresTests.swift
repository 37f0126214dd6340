// Merges on the real stores: the local vault, and AWS Secrets Manager as our double and moto play it.

import AWS
import Foundation
import HTTP
import Secrets
import Stores
import Synchronization
import TestServers
import Testing
import World

/// A store that merges are tried on, with what ends it.
private struct MergeStand: Sendable {
    enum Peer: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case vault, double, moto

        var testDescription: String { rawValue }
    }

    let store: any SecretStore
    let world: World
    let end: @Sendable () async -> Void

    static func vault() throws -> MergeStand {
        let folder = FileManager.default.temporaryDirectory.appending(path: "merge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let world = quickWorld()
        let key = folder.appending(path: "key").path
        try VaultKeyFile.create(at: key, world: world)
        let vault = LocalVault(folder: folder.appending(path: "vault").path, unlockedBy: .keyFile(key), world: world)
        return MergeStand(store: vault, world: world) { try? FileManager.default.removeItem(at: folder) }
    }

    static func double() async throws -> (stand: MergeStand, double: SecretsManagerDouble) {
        let double = try await SecretsManagerDouble.start()
        let stand = try aws(
            url: double.url, region: double.region, accessKeyID: double.accessKeyID,
            secretAccessKey: double.secretAccessKey
        ) { await double.stop() }
        return (stand, double)
    }

    static func on(_ peer: Peer) async throws -> MergeStand {
        switch peer {
        case .vault: return try vault()
        case .double: return try await double().stand
        case .moto:
            let moto = try await Moto.shared()
            return try aws(
                url: moto.url, region: moto.region, accessKeyID: moto.accessKeyID,
                secretAccessKey: moto.secretAccessKey
            ) {}
        }
    }

    private static func aws(
        url: String, region: String, accessKeyID: String, secretAccessKey: String,
        end: @escaping @Sendable () async -> Void
    ) throws -> MergeStand {
        var settings = AWSSettings()
        settings.secretsManagerEndpoint = .init(url, "a test")
        let transport = try HTTPTransport(settings: settings)
        let credentials = StaticCredentials(
            AWSCredentials(
                accessKeyID: accessKeyID, secretAccessKey: SharedSecret(copying: secretAccessKey.utf8), source: "a test"
            ))
        let world = quickWorld()
        let client = try AWSClient(
            service: .secretsManager, settings: settings, region: region, credentials: credentials,
            transport: transport, world: world)
        let store = AWSStore(client: SecretsManagerClient(client: client), region: region, world: world)
        return MergeStand(store: store, world: world) {
            await transport.shutdown()
            await end()
        }
    }

    /// The real one, in which waits are a twentieth as long.
    private static func quickWorld() -> World {
        var world = World.real()
        world.sleep = { try await Task.sleep(for: $0 / 20) }
        return world
    }
}

@Suite("Merges on every store")
struct MergeOnStoresTests {
    @Test("Twelve writers of twelve keys lose none", arguments: MergeStand.Peer.allCases)
    fileprivate func twelve(peer: MergeStand.Peer) async throws {
        let stand = try await MergeStand.on(peer)
        let name = "tests/merge/\(UUID().uuidString.prefix(13).lowercased())x"
        _ = try await Creation.create(
            name, with: [.json("BEFORE", "1.50")], in: stand.store, run: .random(stand.world))
        try await withThrowingTaskGroup { group in
            for writer in 0..<12 {
                group.addTask {
                    let outcome = try await Merge(in: stand.store, run: .random(stand.world), world: stand.world)
                        .apply([.text("KEY_\(writer)", "value \(writer)")], to: name)
                    #expect(outcome.kind == .written)
                    #expect(outcome.guarantee == .compareAndSwap)
                }
            }
            try await group.waitForAll()
        }
        let live = try SecretContent(parsing: try await stand.store.read(name).content, name: name)
        #expect(live.keys.count == 13)
        #expect(live.value(of: "BEFORE").map { Reveal.text($0.literal()) } == "1.50")
        for writer in 0..<12 {
            #expect(live.value(of: "KEY_\(writer)").map { Reveal.text($0.text()) } == "value \(writer)")
        }
        let labels = try await stand.store.describe(name).stages.values.joined()
        #expect(!labels.contains { StagingLabel.isOne($0) })
        await stand.end()
    }

    @Test("Writes, tells the plan, goes back", arguments: MergeStand.Peer.allCases)
    fileprivate func story(peer: MergeStand.Peer) async throws {
        let stand = try await MergeStand.on(peer)
        let name = "tests/merge/\(UUID().uuidString.prefix(13).lowercased())x"
        var options = MergeOptions()
        options.creation = CreationOptions()
        let merge = Merge(in: stand.store, run: .random(stand.world), world: stand.world, options: options)
        #expect(try await merge.apply([.text("A", "1")], to: name).kind == .created)
        let second = try await merge.apply([.text("A", "2"), .text("B", "ä\n")], to: name)
        #expect(second.kind == .written)
        #expect(try await merge.apply([.text("A", "2")], to: name).kind == .unchanged)
        #expect(Reveal.text(try await stand.store.read(name).content) == #"{"A":"2","B":"ä\n"}"#)
        let rollback = try await Rollback.plan(name, in: stand.store)
        #expect(rollback.current.versionID == second.versionID)
        try await rollback.apply(in: stand.store)
        #expect(Reveal.text(try await stand.store.read(name).content) == #"{"A":"1"}"#)
        await stand.end()
    }

    @Test(
        "A lost answer never writes twice",
        arguments: ["PutSecretValue", "UpdateSecretVersionStage"], [Lost.closed, .reset, .halfJSON, .several])
    fileprivate func lostAnswer(operation: String, lost: Lost) async throws {
        let (stand, double) = try await MergeStand.double()
        try double.setValue(of: "app", #"{"A":"1"}"#)
        double.forgetRequests()
        let run = RunKey.random(stand.world)
        double.inject(lost.fault, on: operation, times: lost == .several ? 4 : 1)
        let merge = Merge(in: stand.store, run: run, world: stand.world)
        let first = try? await merge.apply([.text("A", "hunter2")], to: "app")
        // It goes through by itself, but for a write that no answer ever came to: that is repeated with the same key.
        #expect((first == nil) == (lost == .several && operation == "PutSecretValue"))
        if first == nil { _ = try await merge.apply([.text("A", "hunter2")], to: "app") }
        #expect(double.value(of: "app") == #"{"A":"hunter2"}"#)
        #expect(double.writes(of: "PutSecretValue").count == 1)
        #expect(!double.versions(of: "app").flatMap(\.stages).contains { StagingLabel.isOne($0) })
        #expect(double.requests.allSatisfy { !$0.visibleText.contains("hunter2") })
        await stand.end()
    }

    @Test("Without UpdateSecretVersionStage it writes all the same, and says so")
    func weak() async throws {
        let (stand, double) = try await MergeStand.double()
        try double.setValue(of: "app", #"{"A":"1","N":null}"#)
        double.inject(.error("AccessDeniedException", "not authorized"), on: "UpdateSecretVersionStage", times: 99)
        for number in 0..<3 {
            let outcome = try await Merge(in: stand.store, run: .random(stand.world), world: stand.world)
                .apply([.text("A", "new \(number)")], to: "app")
            #expect(outcome.kind == .written)
            #expect(outcome.guarantee == .weak)
            #expect(double.value(of: "app") == #"{"A":"new \#(number)","N":null}"#)
            #expect(double.versionID(of: "app") == outcome.versionID)
        }
        let labelled = double.versions(of: "app").filter { $0.stages.contains { StagingLabel.isOne($0) } }
        #expect(labelled.count == 1)
        await stand.end()
    }

    @Test("With the four permissions of reading and writing alone it works, and says what it could not do")
    func fourPermissions() async throws {
        let (stand, double) = try await MergeStand.double()
        try double.setValue(of: "app", "{}")
        for operation in ["UpdateSecretVersionStage", "DescribeSecret", "ListSecretVersionIds"] {
            double.inject(.error("AccessDeniedException", "not authorized"), on: operation, times: 99)
        }
        let outcome = try await Merge(in: stand.store, run: .random(stand.world), world: stand.world)
            .apply([.text("A", "1")], to: "app")
        #expect(outcome.kind == .written)
        #expect(outcome.guarantee == .weak && !outcome.isInspected)
        #expect(double.value(of: "app") == #"{"A":"1"}"#)
        await stand.end()
    }

    @Test("A secret that rotates, or that a service owns, is not written", arguments: [true, false])
    func managed(rotated: Bool) async throws {
        let (stand, double) = try await MergeStand.double()
        try double.setValue(of: "app", "{}")
        double.mark("app", rotated: rotated, owningService: rotated ? nil : "rds")
        double.forgetRequests()
        let error = await #expect(throws: StoreError.self) {
            try await Merge(in: stand.store, run: .random(stand.world), world: stand.world)
                .apply([.text("A", "1")], to: "app")
        }
        guard case .managed = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(double.writes.isEmpty)
        await stand.end()
    }

    fileprivate enum Lost: String, Sendable {
        case closed, reset, halfJSON
        /// One more than the client sends in all.
        case several

        var fault: Fault {
            switch self {
            case .closed, .several: .closeAfterHandling
            case .reset: .resetAfterHandling
            case .halfJSON: .halfJSON
            }
        }
    }
}
