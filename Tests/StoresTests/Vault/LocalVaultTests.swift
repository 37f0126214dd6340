// The local vault as a secret store.

import Foundation
import Secrets
import Testing
import World

@testable import Stores

@Suite("The local vault")
struct LocalVaultTests {
    @Test("It keeps the promises of a secret store", arguments: StoreConformance.rules)
    func conformance(rule: StoreConformance) async throws {
        try await rule.check(VaultSample().vault())
    }

    @Test("A vault that was never written to holds nothing, and reading it makes nothing")
    func nothing() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        #expect(try vault.unlock() == false)
        #expect(try await told { _ = try await vault.read("app") }?.kind == "notFound")
        #expect(try await told { try await vault.put("app", "{}") }?.kind == "notFound")
        try await vault.list(prefix: "", includingDeleted: true) { _ in Issue.record("a page of nothing") }
        #expect(!FileManager.default.fileExists(atPath: sample.path))
    }

    @Test("What one process wrote, another reads")
    func anotherProcess() async throws {
        let sample = try VaultSample()
        let first = try await sample.vault().make("app", #"{"A":1}"#)
        let second = try await sample.vault().put("app", #"{"A":2}"#)
        let vault = sample.vault()
        #expect(try vault.unlock())
        #expect(try await vault.text("app") == #"{"A":2}"#)
        #expect(try await vault.versions("app").map(\.versionID) == [second, first])
        #expect(try await vault.describe("app").stages == [second: [Stage.current], first: [Stage.previous]])
    }

    @Test("Names are in the files' names, values in no file")
    func onDisk() async throws {
        let sample = try VaultSample()
        let value = ["hunter", "2", "hunter"].joined()
        try await sample.vault().make("prod/App", "{\"PASSWORD\":\"\(value)\"}")
        #expect(sample.names(in: "secrets") == ["prod%2f%41pp.sealed"])
        let all = try #require(FileManager.default.enumerator(atPath: sample.folder)).compactMap { $0 as? String }
        #expect(all.count >= 6)
        for name in all {
            let bytes = FileManager.default.contents(atPath: sample.folder + "/" + name) ?? Data()
            #expect(bytes.range(of: Data(value.utf8)) == nil, "\(name)")
            #expect(bytes.range(of: Data("PASSWORD".utf8)) == nil, "\(name)")
        }
    }

    @Test("Everything is the user's alone")
    func modes() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app")
        try await vault.put("app", "[]")
        for folder in ["", "/secrets", "/locks"] { #expect(VaultSample.mode(of: sample.path + folder) == 0o700) }
        for file in ["/vault.json", "/vault.lock", "/secrets/app.sealed", "/locks/app.lock"] {
            #expect(VaultSample.mode(of: sample.path + file) == 0o600, "\(file)")
        }
    }

    @Test("The same content is sealed anew each time: two files are never the same")
    func freshNonce() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app")
        var files: Set<[UInt8]> = [sample.bytes(of: "app")]
        for round in 1...20 {
            // There and back: the content is the same every other time.
            try await vault.tag("app", ["a": round % 2 == 0 ? "x" : "y"])
            files.insert(Array(sample.bytes(of: "app").dropFirst(28 + 1)))
        }
        #expect(files.count == 21)
    }

    @Test("What changes nothing writes nothing")
    func idleWrites() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        let token = VaultSample.token()
        let content = SharedSecret(copying: "{}".utf8)
        _ = try await vault.create("app", content, token: token, options: CreationOptions())
        let before = sample.bytes(of: "app")
        _ = try await vault.create("app", content, token: token, options: CreationOptions())
        _ = try await vault.put("app", content, stages: [], token: token)
        try await vault.moveStage("app", Stage.current, from: token, to: token)
        try await vault.restore("app")
        #expect(sample.bytes(of: "app") == before)
    }

    @Test("A hundred versions are kept: of those without a label, the oldest go first")
    func pruning() async throws {
        let vault = try VaultSample().vault()
        var ids = [try await vault.make("app")]
        try await vault.moveStage("app", "keep", from: nil, to: ids[0])
        for number in 1..<130 { ids.append(try await vault.put("app", "[\(number)]")) }
        let kept = try await vault.versions("app")
        #expect(kept.count == 100)
        #expect(Set(kept.map(\.versionID)) == Set([ids[0]] + ids.suffix(99)))
        #expect(try await vault.text("app") == "[129]")
    }

    @Test("A hundred labelled versions leave no room for another, and stay")
    func quota() async throws {
        let vault = try VaultSample().vault()
        try await vault.make("app")
        for number in 1..<100 { try await vault.put("app", "[\(number)]", stages: ["l\(number)"]) }
        #expect(try await told { try await vault.put("app", "[]", stages: ["one-more"]) }?.kind == "quota")
        #expect(try await vault.versions("app").count == 100)
        #expect(try await vault.text("app") == "{}")
    }

    @Test("When the window has passed the secret is gone, its file too, and the name is free")
    func purge() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", "[1]")
        try await vault.make("other")
        let due = try #require(try await vault.delete("app", days: 7))
        #expect(due - sample.world.now() == 7 * 86_400)
        #expect(try await vault.describe("app").deletionDate == due)
        #expect(try await vault.describe("app").deleted == sample.world.now())
        sample.advance(days: 6.99)
        try await vault.restore("app")
        _ = try await vault.delete("app", days: 7)
        sample.advance(days: 7)
        #expect(try await told { try await vault.restore("app") }?.kind == "notFound")
        #expect(try await told { _ = try await vault.describe("app") }?.kind == "notFound")
        #expect(sample.names(in: "secrets") == ["other.sealed"])
        try await vault.make("app", "[2]")
        #expect(try await vault.versions("app").count == 1)
        #expect(try await vault.text("app") == "[2]")
    }

    @Test("A list lets go of what is due, and a creation takes its place")
    func purgeElsewhere() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        for name in ["a", "b", "c"] {
            try await vault.make(name)
            if name != "c" { _ = try await vault.delete(name, days: 7) }
        }
        sample.advance(days: 8)
        try await vault.make("b", "[new]")
        try await vault.list(prefix: "", includingDeleted: true) { page in #expect(page.map(\.name) == ["b", "c"]) }
        #expect(sample.names(in: "secrets") == ["b.sealed", "c.sealed"])
        #expect(try await vault.text("b") == "[new]")
    }

    @Test("The current label cannot be taken away, and a label needs a version to go to or come from")
    func refusedMoves() async throws {
        let vault = try VaultSample().vault()
        let id = try await vault.make("app")
        #expect(
            try await told { try await vault.moveStage("app", Stage.current, from: id, to: nil) }?.kind == "invalid")
        #expect(try await told { try await vault.moveStage("app", "x", from: nil, to: nil) }?.kind == "invalid")
        #expect(try await told { try await vault.moveStage("app", "", from: nil, to: id) }?.kind == "invalid")
        let absent = VaultSample.token()
        #expect(
            try await told { try await vault.moveStage("app", "x", from: nil, to: absent) }?.kind == "noSuchVersion")
        #expect(try await told { try await vault.moveStage("app", "x", from: absent, to: id) }?.kind == "conflict")
    }

    @Test("Content that is not UTF-8, and tokens of a wrong length, are refused", arguments: [31, 65])
    func refusedInput(length: Int) async throws {
        let vault = try VaultSample().vault()
        let bad = SharedSecret(copying: [0x7B, 0xFF, 0x7D])
        let token = String(repeating: "t", count: length)
        #expect(
            try await told {
                _ = try await vault.create("app", bad, token: VaultSample.token(), options: CreationOptions())
            }?.kind == "invalid")
        #expect(
            try await told {
                _ = try await vault.create(
                    "app", SharedSecret(copying: "{}".utf8), token: token, options: CreationOptions())
            }?.kind == "invalid")
        #expect(try await told { _ = try await vault.read("app") }?.kind == "notFound")
    }

    @Test("An ARN is refused: no secret of a vault has one")
    func arn() async throws {
        let vault = try VaultSample().vault()
        try await vault.make("app")
        let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf"
        for error in [
            try await told { _ = try await vault.read(arn) }, try await told { try await vault.put(arn, "[]") },
            try await told { try await vault.make(arn) }, try await told { try await vault.tag(arn, ["a": "b"]) },
        ] {
            #expect(error?.kind == "invalid" && error?.reason?.contains("ARN") == true)
        }
    }

    @Test("Folders that a copy of the vault left out, since they were empty, are made again")
    func missingFolders() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app")
        try FileManager.default.removeItem(atPath: sample.path + "/locks")
        #expect(try await sample.vault().text("app") == "{}")
        try await sample.vault().put("app", "[1]")
        #expect(try await sample.vault().text("app") == "[1]")
    }

    @Test("Where it is, as people write it")
    func place() throws {
        var world = try VaultSample().world
        world.environment = ["HOME": "/home/ann", "XDG_DATA_HOME": "relative"]
        let folder = try #require(LocalVault.defaultFolder(in: world))
        #expect(folder == "/home/ann/.local/share/migrate/vault")
        #expect(
            LocalVault(folder: folder + "/", unlockedBy: .keyFile("k"), world: world).place
                == "the local vault at ~/.local/share/migrate/vault")
        #expect(
            LocalVault(folder: "/srv/v", unlockedBy: .keyFile("k"), world: world).place == "the local vault at /srv/v")
        world.environment["XDG_DATA_HOME"] = "/data"
        #expect(LocalVault.defaultFolder(in: world) == "/data/migrate/vault")
        #expect(VaultKeyFile.defaultPath(in: world) == "/home/ann/.config/migrate/vault.key")
    }
}
