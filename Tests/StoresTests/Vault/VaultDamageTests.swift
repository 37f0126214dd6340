// Files of a vault that are not what they were: told as what they are, and never taken for something else.

import Foundation
import Secrets
import Testing
import World

@testable import Stores

@Suite("A damaged vault")
struct VaultDamageTests {
    private let content = #"{"A":"one","B":"two"}"#

    @Test("A file with any one byte changed is told as damaged or of another key, and gives no value")
    func everyByte() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        let whole = sample.bytes(of: "app")
        #expect((200..<400).contains(whole.count))
        for place in whole.indices {
            for change in [UInt8(1), 0x80, 0xFF] {
                var bytes = whole
                bytes[place] ^= change
                try sample.write(bytes, of: "app")
                let error = try await told { _ = try await vault.read("app") }
                // The key's id is all that says whose key it is.
                #expect(error?.kind == ((8..<24).contains(place) ? "wrongKey" : "damaged"), "byte \(place)")
                #expect(error?.path == sample.file(of: "app"))
            }
        }
        try sample.write(whole, of: "app")
        #expect(try await vault.text("app") == content)
    }

    @Test("A file that is cut anywhere, or goes on after its end, is told as damaged")
    func everyLength() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        let whole = sample.bytes(of: "app")
        for length in 0..<whole.count {
            try sample.write(Array(whole[..<length]), of: "app")
            #expect(try await told { _ = try await vault.read("app") }?.kind == "damaged", "\(length) bytes")
        }
        try sample.write(whole + [0], of: "app")
        #expect(try await told { _ = try await vault.read("app") }?.kind == "damaged")
        try sample.write([], of: "app")
        #expect(try await told { _ = try await vault.read("app") }?.reason == "it is empty")
    }

    @Test("Bytes of any kind are told as damaged, and nothing stops", arguments: 1...4)
    func noise(seed: UInt64) async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        let whole = sample.bytes(of: "app")
        var chance = VaultChance(state: seed)
        for _ in 0..<500 {
            var bytes = whole
            switch Int.random(in: 0..<4, using: &chance) {
            case 0:
                bytes = (0..<Int.random(in: 0...200, using: &chance)).map { _ in .random(in: 0...255, using: &chance) }
            case 1:
                // A header, then anything.
                bytes = Array(whole.prefix(Int.random(in: 8...40, using: &chance)))
                bytes += (0..<Int.random(in: 0...80, using: &chance)).map { _ in .random(in: 0...255, using: &chance) }
            case 2:
                // Lengths of the name that point anywhere.
                bytes[24] = .random(in: 0...255, using: &chance)
                bytes[25] = .random(in: 0...255, using: &chance)
                if bytes == whole { continue }
            default:
                bytes.shuffle(using: &chance)
                if bytes == whole { continue }
            }
            try sample.write(bytes, of: "app")
            let kind = try await told { _ = try await vault.read("app") }?.kind
            #expect(kind == "damaged" || kind == "wrongKey")
        }
    }

    @Test("What is sealed by the right key and is no secret is told as damaged")
    func sealedNonsense() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        let key = try VaultKeyFile.read(sample.keyFile)
        let id = VaultSample.token()
        let version = #"{"id":"\#(id)","created":1,"stages":["AWSCURRENT"],"content":"{}"}"#
        for text in [
            "", "[]", "{", "null", "{}", #"{"created":1,"changed":1}"#, #"{"created":1,"changed":1,"versions":{}}"#,
            #"{"created":1,"changed":1,"versions":[]}"#, #"{"created":1,"changed":1,"versions":[1]}"#,
            #"{"created":"1","changed":1,"versions":[\#(version)]}"#,
            #"{"created":1,"changed":1,"versions":[{"id":"a"}]}"#,
            #"{"created":1,"changed":1,"versions":[{"id":"a","created":1,"stages":[],"content":"{}"}]}"#,
            #"{"created":1,"changed":1,"versions":[\#(version),\#(version)]}"#,
        ] {
            let sealed = try VaultSeal.seal(SecretValue(copying: text.utf8), name: "app", key: key)
            try sample.write(sealed, of: "app")
            #expect(try await told { _ = try await vault.read("app") }?.kind == "damaged", "\(text)")
        }
        let good = #"{"created":1,"changed":1,"versions":[\#(version)]}"#
        let sealed = try VaultSeal.seal(SecretValue(copying: good.utf8), name: "app", key: key)
        try sample.write(sealed, of: "app")
        #expect(try await vault.text("app") == "{}")
    }

    @Test("A file that was put in another's place, or renamed, is told as damaged")
    func swapped() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("prod", content)
        try await vault.make("test", "{}")
        let (prod, test) = (sample.bytes(of: "prod"), sample.bytes(of: "test"))
        try sample.write(test, of: "prod")
        try sample.write(prod, of: "test")
        try sample.write(prod, of: "new")
        for name in ["prod", "test", "new"] {
            let error = try await told { _ = try await vault.read(name) }
            #expect(error?.kind == "damaged" && error?.reason == "it is the file of another secret", "\(name)")
            // What is wrong is not written over either.
            #expect(try await told { try await vault.put(name, "[]") }?.kind == "damaged", "\(name)")
        }
        #expect(try await told { try await vault.make("new") }?.kind == "damaged")
        #expect(sample.bytes(of: "prod") == test && sample.bytes(of: "new") == prod)
    }

    @Test("Another key is told as another key, by the vault and by a file that came from elsewhere")
    func wrongKey() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app", content)
        let stranger = sample.vault(keyFile: try sample.anotherKeyFile())
        #expect(try await told { try stranger.unlock() } == Told(.wrongKey(path: sample.path + "/vault.json")))
        for body: () async throws -> Void in [
            { _ = try await stranger.read("app") }, { try await stranger.make("app") },
            { try await stranger.put("app", "[]") }, { _ = try await stranger.delete("app", days: 7) },
            { try await stranger.list(prefix: "", includingDeleted: false) { _ in } },
        ] {
            #expect(try await told(body)?.kind == "wrongKey")
        }
        #expect(try await sample.vault().text("app") == content)

        let elsewhere = try VaultSample()
        try await elsewhere.vault().make("moved", "{}")
        try sample.write(elsewhere.bytes(of: "moved"), of: "moved")
        #expect(
            try await told { _ = try await sample.vault().read("moved") }
                == Told(.wrongKey(path: sample.file(of: "moved"))))
    }

    @Test("A link, a folder or a pipe in a file's place is told as damaged, and left alone")
    func otherKinds() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        let manager = FileManager.default
        let file = sample.file(of: "app")
        let away = sample.folder + "/away"
        try manager.moveItem(atPath: file, toPath: away)

        try manager.createSymbolicLink(atPath: file, withDestinationPath: away)
        #expect(try await told { _ = try await vault.read("app") }?.reason == "a symbolic link stands in its place")
        #expect(try await told { try await vault.put("app", "[]") }?.kind == "damaged")
        #expect(try manager.destinationOfSymbolicLink(atPath: file) == away)
        try manager.removeItem(atPath: file)

        try manager.createDirectory(atPath: file, withIntermediateDirectories: false)
        #expect(try await told { _ = try await vault.read("app") }?.reason == "a folder stands in its place")
        #expect(try await told { try await vault.make("app") }?.kind == "damaged")
        try manager.removeItem(atPath: file)

        #expect(mkfifo(file, 0o600) == 0)
        #expect(
            try await told { _ = try await vault.read("app") }?.reason
                == "something else than a file stands in its place")
        try manager.removeItem(atPath: file)

        try manager.moveItem(atPath: away, toPath: file)
        #expect(try await vault.text("app") == content)
    }

    @Test("A list gives what can be read, then tells what cannot: one file by itself, several with their number")
    func listing() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        let long = String(repeating: "long/", count: 60) + "x"
        for name in ["a", "b", "c", long] { try await vault.make(name) }
        try sample.write([1, 2, 3], of: "b")
        let seen = Seen()
        let one = try await told { try await vault.list(prefix: "", includingDeleted: false) { await seen.add($0) } }
        #expect(one == Told(.damaged(path: sample.file(of: "b"), reason: "it is no file of a vault")))
        #expect(await seen.names == ["a", "c", long])

        try Data([9]).write(to: URL(fileURLWithPath: sample.path + "/secrets/B%.sealed"))
        try Data([9]).write(to: URL(fileURLWithPath: sample.path + "/secrets/%61.sealed"))
        try Data([9]).write(to: URL(fileURLWithPath: sample.path + "/secrets/~00.sealed"))
        try Data([9]).write(to: URL(fileURLWithPath: sample.path + "/secrets/notes.txt"))
        let problems = try await vault.listReadable(prefix: "", includingDeleted: false) { _ in }.map { Told($0) }
        #expect(problems.allSatisfy { $0.kind == "damaged" })
        #expect(
            Set(problems.compactMap { $0.path?.split(separator: "/").last.map(String.init) })
                == ["b.sealed", "B%.sealed", "%61.sealed", "~00.sealed"])
        let several = try await told { try await vault.list(prefix: "", includingDeleted: false) { _ in } }
        #expect(several?.reason?.hasSuffix("; 3 more files of the vault cannot be read") == true)

        // A file under another long name's digest is no secret of that name.
        let other = String(repeating: "other/", count: 50)
        try sample.write(sample.bytes(of: long), of: other + "x")
        #expect(try await told { _ = try await vault.read(other + "x") }?.kind == "damaged")
        #expect(try await vault.listReadable(prefix: "", includingDeleted: false) { _ in }.count == 5)
    }

    private actor Seen {
        private(set) var names: [String] = []
        func add(_ page: [SecretDescription]) { names += page.map(\.name) }
    }

    @Test(
        "A header that is not one is told as damaged, and nothing is written under another key",
        arguments: [
            "", "{", "[]", "{}", "null", #"{"format":"migrate vault"}"#, #"{"format":"migrate vault","version":2}"#,
            #"{"format":"migrate vault","version":1}"#, #"{"format":"migrate vault","version":1,"keyID":"00"}"#,
            #"{"format":"other","version":1,"keyID":"KEY"}"#,
            #"{"format":"migrate vault","version":1,"keyID":"KEY","scrypt":{}}"#,
        ])
    func header(text: String) async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app", content)
        let path = sample.path + "/vault.json"
        let whole = try #require(FileManager.default.contents(atPath: path))
        let text = text.replacing("KEY", with: String(repeating: "0", count: 32))
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let vault = sample.vault()
        #expect(try await told { _ = try await vault.read("app") }?.kind == "damaged")
        #expect(try await told { try await vault.make("new") }?.kind == "damaged")
        #expect(FileManager.default.contents(atPath: path) == Data(text.utf8))
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(try await vault.text("app") == content)
    }

    @Test("A header that is missing is told as long as there are secrets, and not made anew over them")
    func missingHeader() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app", content)
        let path = sample.path + "/vault.json"
        try FileManager.default.removeItem(atPath: path)
        let vault = sample.vault()
        let expected = Told(.damaged(path: path, reason: "it is missing, and the vault holds secrets"))
        #expect(try await told { _ = try await vault.read("app") } == expected)
        #expect(try await told { try await vault.make("new") } == expected)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("Where no folder can be, the error names it, and nothing is written")
    func noFolder() async throws {
        let sample = try VaultSample()
        try Data([1]).write(to: URL(fileURLWithPath: sample.path))
        let vault = sample.vault()
        let error = try await told { try await vault.make("app") }
        #expect(error?.kind == "file")
        #expect(error?.path?.hasPrefix(sample.path) == true)
        #expect(FileManager.default.contents(atPath: sample.path) == Data([1]))
    }

    @Test("Files that may not be read or written are told with the system's reason", .disabled(if: geteuid() == 0))
    func permissions() async throws {
        let sample = try VaultSample()
        let vault = sample.vault()
        try await vault.make("app", content)
        #expect(chmod(sample.file(of: "app"), 0) == 0)
        #expect(try await told { _ = try await vault.read("app") }?.kind == "file")
        #expect(chmod(sample.file(of: "app"), 0o600) == 0)
        #expect(chmod(sample.path + "/secrets", 0o500) == 0)
        let error = try await told { try await vault.put("app", "[]") }
        #expect(error?.kind == "file" && error?.reason?.contains("Permission denied") == true)
        #expect(try await vault.text("app") == content)
        #expect(chmod(sample.path + "/secrets", 0o700) == 0)
        try await vault.put("app", "[]")
    }
}
