// Keys of vaults: files that hold one, passphrases that become one.

import Foundation
import Secrets
import Testing
import World

@testable import Stores

@Suite("The key of a vault")
struct VaultKeyTests {
    private let bytes = (0..<32).map { UInt8($0 * 7 & 0xFF) }

    private func id(of text: String) -> [UInt8]? {
        Array(text.utf8).withUnsafeBytes { VaultKeyFile.key(in: $0)?.id }
    }

    private func write(_ text: String, mode: mode_t, in sample: VaultSample) throws -> String {
        let path = sample.folder + "/written.key"
        try? FileManager.default.removeItem(atPath: path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(chmod(path, mode) == 0)
        return path
    }

    @Test("One key has several spellings")
    func spellings() throws {
        let hexadecimal = bytes.map { String(format: "%02x", $0) }.joined()
        let base64 = Data(bytes).base64EncodedString()
        let url = base64.replacing("+", with: "-").replacing("/", with: "_")
        let expected = try #require(id(of: hexadecimal))
        for text in [
            hexadecimal.uppercased(), hexadecimal + "\n", " \t" + hexadecimal + "\r\n", base64, base64 + "\n",
            base64.replacing("=", with: ""), url,
        ] {
            #expect(id(of: text) == expected)
        }
        var other = bytes
        other[31] ^= 1
        #expect(id(of: Data(other).base64EncodedString()) != expected)
    }

    @Test("Random keys are read from Base64 as Foundation writes it")
    func base64() throws {
        var chance = VaultChance(state: 5)
        for _ in 0..<200 {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &chance) }
            let hexadecimal = try #require(id(of: bytes.map { String(format: "%02x", $0) }.joined()))
            #expect(id(of: Data(bytes).base64EncodedString()) == hexadecimal)
        }
    }

    @Test("What spells no key of 32 bytes is refused")
    func refusedTexts() {
        let hexadecimal = bytes.map { String(format: "%02x", $0) }.joined()
        let base64 = Data(bytes).base64EncodedString()
        let texts: [String] = [
            "", "\n", String(hexadecimal.dropLast()), String(hexadecimal.dropLast(2)), hexadecimal + "00",
            String(hexadecimal.dropLast()) + "g", String(hexadecimal.prefix(32)) + " " + String(hexadecimal.suffix(32)),
            Data(bytes.dropLast()).base64EncodedString(), Data(bytes + [1]).base64EncodedString(),
            base64 + "=", base64 + "==", "=" + base64, String(base64.dropLast(2)) + "*=",
            String(base64.dropLast(2)) + "==",
            String(repeating: "0", count: 64), String(repeating: "ff", count: 32), String(repeating: "A", count: 43),
            "passphrase", hexadecimal + "\n" + hexadecimal,
        ]
        for text in texts {
            #expect(id(of: text) == nil, "\(text)")
        }
        // A last digit with bits that belong to no byte: the key was cut or mistyped.
        let last = base64.dropLast().last
        #expect(last != "B" && id(of: base64.dropLast(2) + "B=") == nil)
    }

    @Test("Texts by chance are keys or not, and nothing stops")
    func fuzz() {
        var chance = VaultChance(state: 11)
        let alphabet = Array("0123456789abcdefABCDEFghzGHZ+/-_= \n*".utf8)
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...70, using: &chance)).map { _ in
                alphabet.randomElement(using: &chance) ?? 0
            }
            let key = text.withUnsafeBytes { VaultKeyFile.key(in: $0) }
            if key != nil { #expect(text.count >= 43) }
        }
    }

    @Test("A key file that is made is new, readable by its owner alone, and takes no other's place")
    func creation() async throws {
        let sample = try VaultSample()
        let path = sample.folder + "/deep/er/vault.key"
        try VaultKeyFile.create(at: path, world: sample.world)
        #expect(VaultSample.mode(of: path) == 0o600)
        #expect(VaultSample.mode(of: sample.folder + "/deep") == 0o700)
        let text = try #require(FileManager.default.contents(atPath: path))
        #expect(text.count == 65)
        #expect(try VaultKeyFile.read(path).id != VaultKeyFile.read(sample.keyFile).id)
        let again = try await told { try VaultKeyFile.create(at: path, world: sample.world) }
        #expect(again == Told(.file(path: path, reason: "it is there already")))
        #expect(FileManager.default.contents(atPath: path) == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: sample.folder + "/deep/er") == ["vault.key"])
    }

    @Test("Of eight who make the same key file, one does")
    func creationRace() async throws {
        let sample = try VaultSample()
        let path = sample.folder + "/raced.key"
        let results = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await StoreConformance.errorName { try VaultKeyFile.create(at: path, world: sample.world) }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(results.count { $0 == "none" } == 1)
        _ = try VaultKeyFile.read(path)
    }

    @Test(
        "A key file that others may open is refused, with its mode",
        arguments: [
            (0o644, false), (0o640, false), (0o604, false), (0o660, false), (0o610, false), (0o600, true),
            (0o400, true),
        ])
    func modes(mode: mode_t, isTaken: Bool) async throws {
        let sample = try VaultSample()
        let path = try write(Data(bytes).base64EncodedString(), mode: mode, in: sample)
        let error = try await told { _ = try VaultKeyFile.read(path) }
        #expect((error == nil) == isTaken)
        if let error {
            #expect(error.kind == "keyFile" && error.path == path)
            #expect(error.reason?.contains("0\(String(mode, radix: 8))") == true)
        }
    }

    @Test("A key file of another user is refused", .enabled(if: geteuid() == 0))
    func owner() async throws {
        let sample = try VaultSample()
        let path = try write(Data(bytes).base64EncodedString(), mode: 0o600, in: sample)
        #expect(chown(path, 65_534, 65_534) == 0)
        let error = try await told { _ = try VaultKeyFile.read(path) }
        #expect(error?.kind == "keyFile" && error?.reason?.contains("another user") == true)
    }

    @Test("A key file that is missing, a folder, a pipe or no key is refused, and what it holds is not said")
    func refusedFiles() async throws {
        let sample = try VaultSample()
        let missing = LocalVault(
            folder: sample.path, unlockedBy: .keyFile(sample.folder + "/none"), world: sample.world)
        #expect(try await told { try await missing.make("app") }?.kind == "keyFile")
        #expect(try await told { _ = try await missing.read("app") }?.kind == "keyFile")
        #expect(!FileManager.default.fileExists(atPath: sample.path + "/vault.json"))
        #expect(try await told { _ = try VaultKeyFile.read(sample.folder) }?.kind == "keyFile")
        let pipe = sample.folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(try await told { _ = try VaultKeyFile.read(pipe) }?.reason == "it is not a regular file")
        let value = ["hunter", "2"].joined()
        let path = try write(value, mode: 0o600, in: sample)
        do { _ = try VaultKeyFile.read(path) } catch {
            #expect(Told(error).kind == "keyFile")
            #expect(!"\(error)".contains(value))
        }
        let endless = try write(String(repeating: "a", count: 5_000), mode: 0o600, in: sample)
        #expect(try await told { _ = try VaultKeyFile.read(endless) }?.kind == "keyFile")
    }

    @Test("A key shows nothing of itself")
    func description() throws {
        let sample = try VaultSample()
        let key = try withExtendedLifetime(sample) { try VaultKeyFile.read(sample.keyFile) }
        #expect(!String(reflecting: key).contains("["))
        #expect(Mirror(reflecting: key).children.isEmpty)
    }
}

@Suite("A vault under a passphrase")
struct VaultPassphraseTests {
    private func vault(_ sample: VaultSample, _ passphrase: String) -> LocalVault {
        // The least that is read again: a test need not be slow.
        LocalVault(
            folder: sample.path, unlockedBy: .passphrase(SharedSecret(copying: passphrase.utf8)), world: sample.world,
            scryptRounds: 1 << 15)
    }

    @Test("The passphrase unlocks it again, another does not, and a key file is not taken for one")
    func unlocking() async throws {
        let sample = try VaultSample()
        let first = vault(sample, "a long phrase é")
        #expect(try first.unlock() == false)
        try await first.make("app", "[1]")
        #expect(try await vault(sample, "a long phrase é").text("app") == "[1]")
        let wrong = try await told { _ = try await vault(sample, "a long phrase e").read("app") }
        #expect(wrong == Told(.wrongKey(path: sample.path + "/vault.json")))
        #expect(try await told { try await sample.vault().make("b") }?.kind == "invalid")
        #expect(try await first.text("app") == "[1]")
        #expect(try await told { _ = try await vault(sample, "").read("app") }?.kind == "invalid")
    }

    @Test("A vault of a key file does not take a passphrase")
    func kinds() async throws {
        let sample = try VaultSample()
        try await sample.vault().make("app")
        #expect(try await told { _ = try await vault(sample, "phrase").read("app") }?.kind == "invalid")
    }

    @Test("Two vaults under one passphrase have two keys")
    func salts() async throws {
        let (one, two) = (try VaultSample(), try VaultSample())
        for sample in [one, two] { try await vault(sample, "phrase").make("app") }
        let headers = try [one, two].map { try #require(try VaultHeader.read($0.path + "/vault.json")) }
        #expect(headers[0].scrypt?.salt != headers[1].scrypt?.salt)
        #expect(headers[0].keyID != headers[1].keyID)
    }

    @Test("Of two who make the vault at once, one chooses its salt, and all can read all")
    func creationRace() async throws {
        let sample = try VaultSample()
        try await withThrowingTaskGroup { group in
            for number in 0..<2 { group.addTask { try await vault(sample, "phrase").make("s\(number)") } }
            try await group.waitForAll()
        }
        #expect(
            try await vault(sample, "phrase").readAll((0..<2).map { "s\($0)" }).allSatisfy { (try? $0.get()) != nil })
    }

    static let parameters: [(salt: Int, rounds: Int, blockSize: Int, parallelism: Int, isTaken: Bool)] = [
        (16, 32_768, 8, 1, true), (16, 131_072, 8, 1, true), (64, 1_048_576, 8, 4, true), (15, 32_768, 8, 1, false),
        (65, 32_768, 8, 1, false), (16, 16_384, 8, 1, false), (16, 2_097_152, 8, 1, false), (16, 32_769, 8, 1, false),
        (16, 0, 8, 1, false), (16, -32_768, 8, 1, false), (16, Int.min, 8, 1, false), (16, Int.max, 8, 1, false),
        (16, 32_768, 7, 1, false), (16, 32_768, 17, 1, false), (16, 1_048_576, 16, 1, false), (16, 32_768, 8, 0, false),
        (16, 32_768, 8, 5, false), (16, 32_768, Int.max, 1, false), (16, 32_768, 8, -1, false),
    ]

    @Test(
        "What a header may ask of the machine is bounded, below and above",
        arguments: Self.parameters)
    func bounds(salt: Int, rounds: Int, blockSize: Int, parallelism: Int, isTaken: Bool) async throws {
        let sample = try VaultSample()
        let header = VaultHeader(
            keyID: Array(repeating: 1, count: 16),
            scrypt: VaultHeader.Scrypt(
                salt: Array(repeating: 2, count: salt), rounds: rounds, blockSize: blockSize, parallelism: parallelism))
        let path = sample.folder + "/vault.json"
        try header.write(to: path)
        if isTaken {
            #expect(try VaultHeader.read(path) == header)
        } else {
            #expect(
                try await told { _ = try VaultHeader.read(path) }?.reason
                    == "its parameters of scrypt are out of bounds")
        }
    }

    @Test("A passphrase becomes the key that RFC 7914's function gives")
    func knownAnswer() throws {
        // Python's hashlib.scrypt with the same parameters, then its hmac over the text that makes an id of a key.
        let scrypt = VaultHeader.Scrypt(
            salt: Array("sodium chloride!".utf8), rounds: 1 << 15, blockSize: 8, parallelism: 1)
        let key = try scrypt.key(from: SharedSecret(copying: "pleaseletmein".utf8))
        #expect(Hexadecimal.text(key.id) == "c93d3144a9441e27f7cbc6271510f4af")
    }
}
