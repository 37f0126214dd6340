// What holds for every document and every set of changes.

import Foundation
import JSON
import Secrets
import Stores
import Testing

@Suite("Changes of any secret's text")
struct ContentPropertyTests {
    @Test("Whatever is not changed comes through byte for byte", arguments: 0..<20)
    func untouchedBytes(block: Int) throws {
        for seed in 0..<100 {
            var random = SeededRandom(UInt64(block * 100 + seed))
            let document = RandomDocument(&random, members: Int.random(in: 0...8, using: &random))
            let edits = Edits(document, &random)
            let result = Reveal.text(try Reveal.content(document.text).applying(edits.changes))
            let changed = try Reveal.content(result)
            #expect(changed.keys == edits.keys, "seed \(block * 100 + seed)")
            for (key, literal) in zip(edits.keys, edits.literals) {
                let value = try #require(changed.value(of: key))
                #expect(Reveal.text(value.literal()) == literal, "seed \(block * 100 + seed)")
            }
            try checkFrame(document, edits, result, seed: block * 100 + seed)
        }
    }

    @Test("An independent reader of JSON sees the changes and no others", arguments: 0..<10)
    func independentReader(block: Int) throws {
        for seed in 0..<100 {
            var random = SeededRandom(UInt64(1_000_000 + block * 100 + seed))
            let document = RandomDocument(&random, members: Int.random(in: 0...8, using: &random))
            let edits = Edits(document, &random)
            let result = Reveal.bytes(try Reveal.content(document.text).applying(edits.changes))
            let members = try zip(edits.keys, edits.literals).map { key, literal in
                let name = try JSONSerialization.data(withJSONObject: key, options: .fragmentsAllowed)
                return String(decoding: name, as: UTF8.self) + ":" + literal
            }
            let wanted = Data("{\(members.joined(separator: ","))}".utf8)
            #expect(
                try Self.normal(Data(result)) == Self.normal(wanted), "seed \(1_000_000 + block * 100 + seed)")
        }
    }

    @Test("The same changes again change nothing, and undoing them brings back every value", arguments: 0..<10)
    func idempotent(block: Int) throws {
        for seed in 0..<50 {
            var random = SeededRandom(UInt64(2_000_000 + block * 50 + seed))
            let document = RandomDocument(&random, members: Int.random(in: 0...8, using: &random))
            let edits = Edits(document, &random)
            let before = try Reveal.content(document.text)
            let after = try SecretContent(parsing: try before.applying(edits.changes), name: "n")
            #expect(Reveal.bytes(try after.applying(edits.changes)) == Reveal.bytes(after.text))
            let undo = edits.changes.map { change in
                before.value(of: change.key).map { Change.set(change.key, .json($0.literal())) } ?? .remove(change.key)
            }
            let back = try SecretContent(parsing: try after.applying(undo), name: "n")
            #expect(Comparison(from: before, to: back).isEmpty, "seed \(2_000_000 + block * 50 + seed)")
        }
    }

    @Test("Bytes at random never crash the reader, and what it takes can be changed", arguments: 0..<10)
    func fuzz(block: Int) throws {
        for seed in 0..<150 {
            var random = SeededRandom(UInt64(3_000_000 + block * 300 + seed))
            var bytes = Array(RandomDocument(&random, members: 3).text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(Array("{}[]\",:\\u0".utf8).randomElement(using: &random) ?? 0, at: index)
                }
            }
            guard let content = try? SecretContent(parsing: SharedSecret(copying: bytes), name: "n") else { continue }
            let keys = content.keys.filter { (try? ContentKey.validate($0)) != nil }
            let changes = keys.prefix(1).map { Change.remove($0) } + [.text("NEW_ONE", "v")]
            let result = try SecretContent(parsing: try content.applying(changes), name: "n")
            #expect(result.keys == content.keys.filter { !keys.prefix(1).contains($0) } + ["NEW_ONE"])
        }
    }

    /// As another reader and writer of JSON has it, with the names in order.
    private static func normal(_ json: Data) throws -> String {
        let value = try JSONSerialization.jsonObject(with: json)
        return String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }

    /// What stands before the first kept member, between two neighbours and behind the last is as it was.
    private func checkFrame(_ document: RandomDocument, _ edits: Edits, _ result: String, seed: Int) throws {
        let (before, after) = (Array(document.text.utf8), Array(result.utf8))
        let (old, new) = (try JSONDocument(parsing: before), try JSONDocument(parsing: after))
        #expect(before[..<old.root.range.lowerBound] == after[..<new.root.range.lowerBound], "seed \(seed)")
        #expect(before[old.root.range.upperBound...] == after[new.root.range.upperBound...], "seed \(seed)")
        let kept = document.members.indices.filter { !edits.removed.contains(document.members[$0].key) }
        guard let first = kept.first else { return }
        let (olds, news) = (old.root.members.map(\.value), new.root.members.map(\.value))
        let (oldStart, newStart) = (try #require(olds.first?.keyRange), try #require(news.first?.keyRange))
        #expect(before[..<oldStart.lowerBound] == after[..<newStart.lowerBound], "seed \(seed)")
        if let last = olds.last, let newLast = news.last {
            #expect(before[last.range.upperBound...] == after[newLast.range.upperBound...], "seed \(seed)")
        }
        for (position, index) in kept.enumerated() {
            let (oldKey, newKey) = (try #require(olds[index].keyRange), try #require(news[position].keyRange))
            // Name, colon and the space around it.
            #expect(
                before[oldKey.lowerBound..<olds[index].range.lowerBound]
                    == after[newKey.lowerBound..<news[position].range.lowerBound], "seed \(seed)")
            guard index > first, kept.contains(index - 1) else { continue }
            #expect(
                before[olds[index - 1].range.upperBound..<oldKey.lowerBound]
                    == after[news[position - 1].range.upperBound..<newKey.lowerBound], "seed \(seed)")
        }
    }
}

/// Changes of a document at random, and what its keys and literals must be then.
private struct Edits {
    var changes: [Change] = []
    var removed: Set<String> = []
    var keys: [String]
    var literals: [String]

    init(_ document: RandomDocument, _ random: inout SeededRandom) {
        var kept: [(key: String, literal: String)] = []
        for member in document.members {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                changes.append(.remove(member.key))
                removed.insert(member.key)
            case 1:
                // Never what was there before.
                let literal = "[\"new\",\(Int.random(in: 0..<100, using: &random))]"
                changes.append(.json(member.key, literal))
                kept.append((member.key, literal))
            default: kept.append((member.key, member.value))
            }
        }
        changes.shuffle(using: &random)
        for index in 0..<Int.random(in: 0...3, using: &random) {
            changes.append(.text("NEW \(index)", "v\(index)\u{1F511}"))
            kept.append(("NEW \(index)", "\"v\(index)\u{1F511}\""))
        }
        keys = kept.map(\.key)
        literals = kept.map(\.literal)
    }
}
