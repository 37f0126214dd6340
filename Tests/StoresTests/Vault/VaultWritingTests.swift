// Many writers at once, and writers that die.

import Foundation
import Secrets
import Testing

@testable import Stores

@Suite("Writing to a vault")
struct VaultWritingTests {
    /// Adds one member by compare-and-swap, as a merge does, until it is in.
    private static func add(_ number: Int, to name: String, in vault: LocalVault) async throws {
        while true {
            let read = try await vault.read(name, .current)
            var object = try #require(
                JSONSerialization.jsonObject(with: Data(StoreConformance.text(of: read.content).utf8))
                    as? [String: Int])
            object["k\(number)"] = number
            let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
            let label = "writer-\(number)"
            let version = try await vault.put(name, text, stages: [label])
            do {
                try await vault.moveStage(name, Stage.current, from: read.versionID, to: version)
                return try await vault.moveStage(name, label, from: version, to: nil)
            } catch StoreError.conflict {
                try await vault.moveStage(name, label, from: version, to: nil)
            }
        }
    }

    @Test("Of twelve writers with twelve keys, none loses its own")
    func twelveWriters() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app")
        try await withThrowingTaskGroup { group in
            for number in 0..<12 {
                // Each as a process of its own would: nothing is shared but the folder.
                group.addTask { try await Self.add(number, to: "app", in: sample.vault()) }
            }
            try await group.waitForAll()
        }
        let text = try await sample.vault().text("app")
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Int]
        #expect(object == Dictionary(uniqueKeysWithValues: (0..<12).map { ("k\($0)", $0) }))
        let labels = try await sample.vault().describe("app").stages.values.flatMap { $0 }
        #expect(labels.sorted() == [Stage.current, Stage.previous])
    }

    @Test("Of twelve who make the same secret in a vault that is not there yet, one does; all share its key")
    func twelveCreators() async throws {
        let sample = try VaultSample()
        let names = await withTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                group.addTask {
                    await StoreConformance.errorName {
                        let vault = sample.vault()
                        try await vault.make("own-\(number)")
                        try await vault.make("shared", "[\(number)]")
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(names.count { $0 == "none" } == 1)
        #expect(names.count { $0 == "alreadyExists" } == 11)
        let problems = try await sample.vault().listReadable(prefix: "", includingDeleted: false) { page in
            #expect(page.count == 13)
        }
        #expect(problems.isEmpty)
    }

    @Test("Readers see a whole secret while it is written")
    func readersAndWriter() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app", "[0,0]")
        try await withThrowingTaskGroup { group in
            group.addTask {
                for number in 1...60 { try await sample.vault().put("app", "[\(number),\(number)]") }
            }
            for _ in 0..<4 {
                group.addTask {
                    var last = 0
                    while last < 60 {
                        let text = try await sample.vault().text("app")
                        let numbers = try #require(
                            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Int])
                        #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] >= last)
                        last = numbers[0]
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("What a writer left when it was killed changes nothing, and goes with the next write of that secret")
    func leftovers() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        for name in ["app", "app.sealed.5"] { try await vault.make(name) }
        let whole = sample.bytes(of: "app")
        let secrets = sample.path + "/secrets/"
        let mine = ["app.sealed.123.456.tmp", "app.sealed.1.2.tmp"]
        // Of a secret whose name goes on as a temporary file's does, and of another kind.
        let others = ["app.sealed.5.sealed.123.456.tmp", "app.sealed.txt", "appx.sealed.1.2.tmp"]
        for name in mine + others {
            try Data(whole.prefix(whole.count / 2)).write(to: URL(fileURLWithPath: secrets + name))
        }
        #expect(try await vault.text("app") == "{}")
        #expect(try await vault.listReadable(prefix: "", includingDeleted: true) { _ in }.isEmpty)
        try await vault.put("app", "[1]")
        #expect(sample.names(in: "secrets") == (["app.sealed", "app.sealed.5.sealed"] + others).sorted())
        #expect(try await vault.text("app") == "[1]")
    }

    @Test("A lock file that is left behind holds nobody up; a lock that is held does, and cancelling ends the wait")
    func locks() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app")
        let path = sample.path + "/locks/app.lock"
        #expect(FileManager.default.fileExists(atPath: path))
        try await vault.put("app", "[1]")

        let descriptor = open(path, O_RDWR)
        #expect(flock(descriptor, LOCK_EX) == 0)
        let writer = Task { try await vault.put("app", "[2]") }
        // Reading waits for nobody.
        #expect(try await vault.text("app") == "[1]")
        writer.cancel()
        await #expect(throws: CancellationError.self) { try await writer.value }
        let impatient = await StoreConformance.errorName {
            try await FileLock.holding(path, patience: .milliseconds(5)) { () throws(StoreError) in
                _ = Issue.record("held by another")
            }
        }
        #expect(impatient == "file")
        close(descriptor)
        try await vault.put("app", "[3]")
        #expect(try await vault.text("app") == "[3]")
    }

    @Test("A process that is killed while it writes leaves the old secret or the new one", arguments: 1...3)
    func killed(seed: UInt64) async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", "[0]")
        let (old, new) = (sample.bytes(of: "app"), try await newFile(sample))
        var chance = VaultChance(state: seed)
        for _ in 0..<15 {
            try sample.write(old, of: "app")
            // The child does what the writer does, by a shell: write beside, flush, rename. It dies at some point of it.
            let temporary = sample.file(of: "app") + ".77.\(UInt32.random(in: 0...9_999, using: &chance)).tmp"
            try Data(new).write(to: URL(fileURLWithPath: sample.folder + "/new"))
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/bin/sh")
            child.arguments = [
                "-c", "exec 9<>\"$4\"; cat \"$1\" > \"$2\"; sync \"$2\" 2>/dev/null; mv \"$2\" \"$3\"; exec sleep 60",
                "sh",
                sample.folder + "/new", temporary, sample.file(of: "app"), sample.path + "/locks/app.lock",
            ]
            try child.run()
            usleep(UInt32.random(in: 0...8_000, using: &chance))
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            let text = try await vault.text("app")
            #expect(text == "[0]" || text == "[1]")
        }
        try await vault.put("app", "[2]")
        #expect(try await vault.text("app") == "[2]")
        #expect(sample.names(in: "secrets") == ["app.sealed"])
    }

    /// The file as it is after one more version.
    private func newFile(_ sample: VaultSample) async throws -> [UInt8] {
        try await sample.vault().put("app", "[1]")
        return sample.bytes(of: "app")
    }
}
