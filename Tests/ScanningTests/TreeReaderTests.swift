// Trees that are read as differences say what trees say that are read plainly.

import Dotenv
import Git
import Testing

@testable import Scanning

@Suite("Reading trees as differences")
struct TreeReaderTests {
    /// An entry of a made-up tree.
    private struct Entry {
        var name: String
        var mode: String
        var id: ObjectID
    }

    private static let names = [
        "a", "ab", ".env", ".env.example", "b", "src", "x.py", "key.py", "z", "long-name-of-a-file.txt", "m1", "m2",
    ]

    private func bytes(_ entries: [Entry]) -> [UInt8] {
        entries.sorted { $0.name < $1.name }.flatMap { entry -> [UInt8] in
            let digits = Array(entry.id.description)
            let id = stride(from: 0, to: 40, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
            return Array((entry.mode + " " + entry.name).utf8) + [0] + id
        }
    }

    /// What a tree says, in words that do not depend on how names are numbered.
    private func words(_ pass: TreePass, _ place: Int) -> [String] {
        let edges = (pass.edgeRanges[place].map { Array(pass.edges[$0]) } ?? []).map {
            "tree \(String(decoding: pass.names[Int($0.name)], as: UTF8.self)) \($0.tree)"
        }
        let leaves = (pass.leaves[place] ?? []).map {
            "blob \(String(decoding: pass.names[Int($0.name)], as: UTF8.self)) \($0.blob) \($0.dotenv.map { "\($0)" } ?? "")"
        }
        return edges + leaves
    }

    @Test("Any sequence of versions gives what each tree gives alone", arguments: 0..<150)
    func differential(seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed) &* 31)
        var table = ObjectTable()
        let children = (0..<24).map { ObjectID.made($0) }
        // Two children are not in the database.
        for id in children.prefix(22) { table.insert(id) }
        let wanted = (0..<400).map { _ in Bool.random(using: &generator) }
        func entry(_ name: String) -> Entry {
            let mode =
                ["100644", "100755", "40000", "40000", "120000", "160000"].randomElement(using: &generator) ?? "100644"
            let last = Int.random(in: 0..<8, using: &generator) == 0 ? 24 : 22
            return Entry(name: name, mode: mode, id: children[Int.random(in: 0..<last, using: &generator)])
        }
        var folders = (0..<3).map { _ in Self.names.filter { _ in Bool.random(using: &generator) }.map(entry) }
        var shared = TreeReader(table: table, wanted: wanted)
        var alone: [(pass: TreePass, place: Int, isWhole: Bool)] = []
        var wholes: [Bool] = []
        for version in 0..<40 {
            let place = 100 + version
            let folder = Int.random(in: 0..<folders.count, using: &generator)
            var entries = folders[folder]
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: entries = entries.filter { _ in Int.random(in: 0..<6, using: &generator) > 0 }
            case 1:
                let name = (Self.names.randomElement(using: &generator) ?? "a")
                entries = entries.filter { $0.name != name } + [entry(name)]
            case 2:
                if let index = entries.indices.randomElement(using: &generator) {
                    entries[index] = entry(entries[index].name)
                }
            case 3:
                if let index = entries.indices.randomElement(using: &generator) {
                    let name = entries[index].name + "2"
                    entries = entries.filter { $0.name != name }
                    if entries.indices.contains(index) { entries[index].name = name }
                }
            default: break
            }
            folders[folder] = entries
            var content = bytes(entries)
            // Now and then a tree ends in the middle of an entry.
            if Int.random(in: 0..<10, using: &generator) == 0 {
                content.removeLast(Int.random(in: 0...min(15, content.count), using: &generator))
            }
            var plain = TreeReader(table: table, wanted: wanted)
            content.withUnsafeBytes { buffer in
                wholes.append(shared.read(buffer, place))
                alone.append((TreePass(), place, plain.read(buffer, place)))
            }
            alone[alone.count - 1].pass = plain.finish()
        }
        let pass = shared.finish()
        for (index, (plain, place, isWhole)) in alone.enumerated() {
            #expect(words(pass, place) == words(plain, place), "version \(index)")
            #expect(wholes[index] == isWhole)
        }
        #expect(pass.missing == alone.reduce(into: Set()) { $0.formUnion($1.pass.missing) })
        #expect(pass.dotenvBlobs.keys.sorted() == Set(alone.flatMap { $0.pass.dotenvBlobs.keys }).sorted())
    }

    @Test("A small edit costs a few entries, however large the folder", arguments: ["change", "insert", "remove"])
    func cost(edit: String) {
        var table = ObjectTable()
        for number in 0..<3 { table.insert(.made(number)) }
        var entries = (0..<2_000).map { Entry(name: "file\(10_000 + $0).py", mode: "100644", id: .made($0 % 2)) }
        var reader = TreeReader(table: table, wanted: [true, false, true])
        _ = bytes(entries).withUnsafeBytes { reader.read($0, 10) }
        let first = reader.entryCount
        #expect(first == 2_000)
        for version in 0..<20 {
            let place = 100 + version * 83
            switch edit {
            case "change": entries[place].id = .made(2)
            case "insert":
                entries.insert(Entry(name: entries[place].name + "x", mode: "100644", id: .made(0)), at: place + 1)
            default: entries.remove(at: place)
            }
            _ = bytes(entries).withUnsafeBytes { reader.read($0, 20 + version) }
        }
        #expect(reader.entryCount - first <= 20 * 6)
    }
}
