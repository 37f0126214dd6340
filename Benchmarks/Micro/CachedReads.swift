// What a cached read costs, alone and from 64 tasks at once.

import Secrets
import SecretsManager
import Stores
import World

/// Nanoseconds per read, by number of tasks. The vault at `folder` is made by the caller and is empty.
func measureCachedReads(folder: String, keyFile: String) async throws -> [(tasks: Int, nanoseconds: Double)] {
    let world = World.real()
    try VaultKeyFile.create(at: keyFile, world: world)
    let vault = LocalVault(folder: folder, unlockedBy: .keyFile(keyFile), world: world)
    _ = try await vault.create(
        "bench/app", SharedSecret(copying: #"{"KEY":"value"}"#.utf8),
        token: "00000000-0000-4000-8000-000000000001", options: CreationOptions())
    let secrets = SecretsManager(store: vault, world: world)
    _ = try await secrets.get("bench/app")
    let reads = 2_000_000
    var results: [(tasks: Int, nanoseconds: Double)] = []
    for tasks in [1, 2, 8, 64] {
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<tasks {
                    group.addTask {
                        for _ in 0..<reads / tasks { _ = try await secrets.value("KEY", in: "bench/app") }
                    }
                }
                try await group.waitForAll()
            }
        }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        results.append((tasks, seconds / Double(reads) * 1e9))
    }
    return results
}
