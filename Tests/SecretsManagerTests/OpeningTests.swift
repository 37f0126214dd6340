// From a configuration to a store: the real vault, and settings that cannot work.

import Foundation
import Logging
import Secrets
import Stores
import Testing
import World

@testable import SecretsManager

@Suite("Opening a store", .timeLimit(.minutes(1)))
struct OpeningTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vault-\(UUID().uuidString)")
        .path

    private var world: World {
        var world = World.real()
        // Neither this machine's settings nor its network.
        world.environment = ["HOME": folder, "AWS_EC2_METADATA_DISABLED": "true"]
        return world
    }

    private func open(_ configuration: SecretsManager.Configuration) async throws -> SecretsManager {
        try await SecretsManager(
            configuration: configuration, world: world, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func withVault(_ body: (_ vault: String, _ keyFile: String) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keyFile = folder + "/key"
        try VaultKeyFile.create(at: keyFile, world: world)
        let vault = LocalVault(folder: folder + "/vault", unlockedBy: .keyFile(keyFile), world: world)
        _ = try await vault.create(
            "app", SharedSecret(copying: #"{"KEY":"one"}"#.utf8), token: UUID().uuidString, options: CreationOptions())
        try await body(folder + "/vault", keyFile)
    }

    @Test("What is in the local vault is read, and what is written there later comes with a refresh")
    func vault() async throws {
        try await withVault { folder, keyFile in
            let secrets = try await open(.localVault(folder: folder, keyFile: keyFile))
            #expect(try await secrets.requiredValue("KEY", in: "app").reveal() == "one")
            let vault = LocalVault(folder: folder, unlockedBy: .keyFile(keyFile), world: world)
            _ = try await vault.put(
                "app", SharedSecret(copying: #"{"KEY":"two"}"#.utf8), stages: [], token: UUID().uuidString)
            #expect(try await secrets.requiredValue("KEY", in: "app").reveal() == "one")
            #expect(try await secrets.get("app", refreshing: true)["KEY"]?.reveal() == "two")
            await #expect(throws: SecretsManagerError.self) { try await secrets.get("missing") }
            await secrets.shutdown()
        }
    }

    @Test("A vault of another key, and a key file that others may read, show when the vault is opened")
    func wrongKey() async throws {
        try await withVault { folder, keyFile in
            let other = keyFile + "2"
            try VaultKeyFile.create(at: other, world: world)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: other)
            for key in [other, keyFile + "3"] {
                let error = await #expect(throws: SecretsManagerError.self) {
                    try await open(.localVault(folder: folder, keyFile: key))
                }
                guard case .configuration = error else {
                    Issue.record("another error: \(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test("A region that is named nowhere is not guessed")
    func noRegion() async throws {
        let error = await #expect(throws: SecretsManagerError.self) { try await open(.aws()) }
        guard case .configuration(let reason) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(reason.contains("region"))
    }

    @Test("With a region the store opens without the network, and credentials that are nowhere show at the first read")
    func noCredentials() async throws {
        let secrets = try await open(.aws(region: "eu-west-1", endpoint: "http://127.0.0.1:9"))
        let error = await #expect(throws: SecretsManagerError.self) { try await secrets.get("app") }
        guard case .credentials = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        await secrets.shutdown()
    }
}
