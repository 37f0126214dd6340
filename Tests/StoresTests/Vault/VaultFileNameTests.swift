// Names of secrets as names of files, and back.

import Testing

@testable import Stores

@Suite("Names of a vault's files")
struct VaultFileNameTests {
    @Test(
        "A name is encoded so that no file system takes it for another",
        arguments: [
            ("app", "app.sealed"), ("prod/app", "prod%2fapp.sealed"), ("Prod", "%50rod.sealed"), (".", "%2e.sealed"),
            ("..", "%2e..sealed"), (".a.b", "%2ea.b.sealed"), ("a_+=@-.z9", "a_+=@-.z9.sealed"),
        ])
    func encoding(name: String, file: String) {
        #expect(VaultFolder.fileName(of: name) == file)
        #expect(VaultFolder.naming(of: file) == .name(name))
    }

    @Test(
        "Any name comes back from its file's name, or is found by its digest; no two share one, in small letters either"
    )
    func roundTrip() {
        var chance = VaultChance(state: 21)
        let alphabet = Array("abyzABYZ019/_+=.@-".utf8)
        var seen: [String: String] = [:]
        for _ in 0..<1_500 {
            let length =
                Bool.random(using: &chance)
                ? Int.random(in: 1...4, using: &chance) : Int.random(in: 1...512, using: &chance)
            let name = String(
                decoding: (0..<length).map { _ in alphabet.randomElement(using: &chance) ?? 0 }, as: UTF8.self)
            let file = VaultFolder.fileName(of: name)
            #expect(file.utf8.count <= 210 && !file.contains("/") && !file.hasPrefix("."))
            #expect(seen.updateValue(name, forKey: file.lowercased()).map { $0 == name } ?? true)
            guard (try? SecretName(new: name)) != nil else { continue }
            #expect(VaultFolder.naming(of: file) == (file.hasPrefix("~") ? .digest : .name(name)))
        }
    }

    @Test(
        "A file's name that no secret has stands for none",
        arguments: [
            ".sealed", "%61.sealed", "%2F.sealed", "A.sealed", "a%2.sealed", "a%.sealed", "a%zz.sealed", "a b.sealed",
            "%00.sealed", "%ff.sealed", "é.sealed", "app-abc123.sealed", ".a.sealed",
        ])
    func none(file: String) {
        #expect(VaultFolder.naming(of: file) == .none)
    }
}
