// A vault on a disk that is full, or that cannot be written.

import Foundation
import Secrets
import TestServers
import Testing

@testable import Stores

/// A file system of 64 KiB in a sample's folder, which goes with it. Only root can have one.
private final class SmallDisk: Sendable {
    let path: String

    static let isPossible: Bool = {
        guard geteuid() == 0, let sample = try? VaultSample() else { return false }
        return withExtendedLifetime(sample) { (try? SmallDisk(in: sample.folder)) != nil }
    }()

    init(in folder: String) throws {
        path = folder + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", path)
    }

    deinit { try? Self.run("umount", "-l", path) }

    func fill() throws {
        let file = open(path + "/filler", O_WRONLY | O_CREAT, 0o600)
        defer { close(file) }
        let page = [UInt8](repeating: 0, count: 4_096)
        while write(file, page, page.count) > 0 {}
        #expect(errno == ENOSPC)
    }

    func free() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    func makeReadOnly() throws { try Self.run("mount", "-o", "remount,ro", path) }

    private static func run(_ words: String...) throws {
        let result = try runProgram(words[0], Array(words.dropFirst()))
        guard result.status == 0 else { throw TestServerError(result.errors) }
    }
}

@Suite("A vault on a bad disk", .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
struct VaultDiskTests {
    private func vault(on disk: SmallDisk, _ sample: VaultSample) -> LocalVault {
        LocalVault(folder: disk.path + "/vault", unlockedBy: .keyFile(sample.keyFile), world: sample.world)
    }

    private func files(of disk: SmallDisk) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: disk.path + "/vault/secrets").sorted()
    }

    @Test("On a full disk a write is an error that says so, the old secret stays, and nothing is left behind")
    func full() async throws {
        let sample = try VaultSample()
        let disk = try SmallDisk(in: sample.folder)
        let vault = vault(on: disk, sample)
        try await vault.make("app", "[1]")
        try disk.fill()
        for write in [
            { _ = try await vault.put("app", "[2]") }, { _ = try await vault.make("new") },
            { try await vault.tag("app", ["a": "b"]) },
        ] as [() async throws -> Void] {
            let error = try await told(write)
            #expect(error?.kind == "file" && error?.reason?.contains("No space left") == true, "\(error as Any)")
        }
        #expect(try await vault.text("app") == "[1]")
        #expect(try files(of: disk) == ["app.sealed"])
        try disk.free()
        try await vault.put("app", "[2]")
        #expect(try await self.vault(on: disk, sample).text("app") == "[2]")
    }

    @Test("On a full disk neither a vault nor a key file is half made")
    func fullFromTheStart() async throws {
        let sample = try VaultSample()
        let disk = try SmallDisk(in: sample.folder)
        try disk.fill()
        #expect(try await told { try await vault(on: disk, sample).make("app") }?.kind == "file")
        let key = disk.path + "/keys/vault.key"
        #expect(try await told { try VaultKeyFile.create(at: key, world: sample.world) }?.kind == "file")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/keys").isEmpty)
        try disk.free()
        try await vault(on: disk, sample).make("app", "[1]")
        #expect(try await vault(on: disk, sample).text("app") == "[1]")
        try VaultKeyFile.create(at: key, world: sample.world)
    }

    @Test("A vault that cannot be written is read, and a write to it is an error that says why")
    func readOnly() async throws {
        let sample = try VaultSample()
        let disk = try SmallDisk(in: sample.folder)
        let vault = vault(on: disk, sample)
        try await vault.make("app", "[1]")
        try await vault.make("due")
        _ = try await vault.delete("due", days: 7)
        try disk.makeReadOnly()
        for write in [{ try await vault.put("app", "[2]") }, { try await vault.make("new") }] {
            let error = try await told { _ = try await write() }
            #expect(error?.kind == "file" && error?.reason?.contains("Read-only") == true, "\(error as Any)")
        }
        // What is due is gone, though its file cannot be removed.
        sample.advance(days: 8)
        #expect(try await told { _ = try await vault.read("due") }?.kind == "notFound")
        try await vault.list(prefix: "", includingDeleted: true) { page in #expect(page.map(\.name) == ["app"]) }
        #expect(try await vault.text("app") == "[1]")
        let elsewhere = LocalVault(
            folder: disk.path + "/second", unlockedBy: .keyFile(sample.keyFile), world: sample.world)
        #expect(try await told { try await elsewhere.make("app") }?.kind == "file")
    }
}
