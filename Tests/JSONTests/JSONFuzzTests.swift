// Random and broken texts, judged by Foundation's reader beside ours.

import Foundation
import Secrets
import Testing

@testable import JSON

@Suite("JSON by chance")
struct JSONFuzzTests {
    /// What we refuse and Foundation reads.
    private func isKnownToDiffer(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
        if case .duplicateKey = error.reason { return true }
        // Foundation lets a comma stand before the closing bracket.
        let isClosing = error.offset < bytes.count && [0x5D, 0x7D].contains(bytes[error.offset])
        return isClosing && bytes[..<error.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == 0x2C
    }

    /// Whether a number in it is larger than a double can be, which Foundation refuses and the grammar does not.
    private func hasEndlessNumber(_ value: JSONValue) -> Bool {
        value.kind == .number
            ? value.double == nil : (value.elements + value.members.map(\.value)).contains { hasEndlessNumber($0) }
    }

    @Test("A text that was changed at random is read by both readers, or refused by both", arguments: 1...8)
    func differential(seed: UInt64) throws {
        var generator = SplitMix64(state: seed)
        let alphabet = Array("{}[]:,\"\\/0123456789.eE+-truefalsn \n\tub\u{1}".utf8) + [0xC3, 0xA9, 0xFF]
        var (read, refused) = (0, 0)
        for _ in 0..<2_500 {
            var writer = JSONWriter()
            Sample.random(depth: 3, using: &generator).write(to: &writer)
            var bytes = writer.finish().withBytes { span in span.indices.map { span[$0] } }
            for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = alphabet.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
                default: bytes.remove(at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let foundation = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            do {
                let root = try JSONDocument(parsing: bytes).root
                read += 1
                if hasEndlessNumber(root) { continue }
                let other = try #require(foundation, "read here, refused by Foundation: \(text)")
                #expect(Sample.isSame(root, other), "\(text)")
            } catch let error as JSONError {
                refused += 1
                #expect(error.offset <= bytes.count)
                if !isKnownToDiffer(error, bytes) {
                    #expect(foundation == nil, "refused here (\(error)), read by Foundation: \(text)")
                }
            }
        }
        // Neither side of the comparison is idle.
        #expect(read > 200 && refused > 200)
    }

    @Test("Bytes of any kind are read or refused, and nothing stops", arguments: 1...4)
    func noise(seed: UInt64) {
        var generator = SplitMix64(state: seed &* 1_000)
        let alphabet = Array("{}[]:,\"\\u00d8dcnulltrue 0-1.e".utf8)
        for _ in 0..<5_000 {
            let isNoise = Int.random(in: 0..<4, using: &generator) == 0
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                isNoise ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator) ?? 0
            }
            guard let document = try? JSONDocument(parsing: bytes) else { continue }
            visit(document.root, within: 0..<bytes.count)
        }
    }

    private func visit(_ value: JSONValue, within range: Range<Int>) {
        #expect(range.contains(value.range.lowerBound) && value.range.upperBound <= range.upperBound)
        _ = (value.int, value.double, value.bool, value.string)
        for child in value.members.map(\.value) + value.elements { visit(child, within: value.range) }
    }
}
