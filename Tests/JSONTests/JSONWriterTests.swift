// Text that is written is JSON, and is read back as what was written.

import Foundation
import Secrets
import Testing

@testable import JSON

@Suite("Writing JSON")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 0)
        write(&writer)
        return writer.finish().withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    @Test("Commas and colons come where they belong")
    func punctuation() {
        let written = text { writer in
            writer.beginObject()
            writer.member("a", "x")
            writer.member("left out", nil)
            writer.key("b")
            writer.beginArray()
            writer.number(-1)
            writer.boolean(true)
            writer.null()
            writer.beginObject()
            writer.endObject()
            writer.beginArray()
            writer.endArray()
            writer.endArray()
            writer.key("c")
            writer.literal(SharedSecret(copying: "1.50".utf8))
            writer.key("d")
            writer.string(SharedSecret(copying: "s".utf8))
            writer.endObject()
        }
        #expect(written == #"{"a":"x","b":[-1,true,null,{},[]],"c":1.50,"d":"s"}"#)
    }

    @Test("Only what must be escaped is escaped")
    func escapes() {
        let written = text { $0.string("\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F} é😀\u{2028}") }
        #expect(written == "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\\u007f é😀\u{2028}\"")
    }

    @Test("Every scalar comes back, as text and as a secret, and Foundation reads the same")
    func everyScalar() throws {
        var all = String.UnicodeScalarView()
        // All of the first 3,000, then samples up to the end.
        for number in Array(0..<3_000) + Array(stride(from: 3_000, through: 0x10FFFF, by: 97)) + [0xFFFF, 0x10FFFF] {
            if let scalar = Unicode.Scalar(UInt32(number)) { all.append(scalar) }
        }
        let original = String(all)
        for isSecret in [false, true] {
            let written = text { writer in
                if isSecret { writer.string(SharedSecret(copying: original.utf8)) } else { writer.string(original) }
            }
            let back = try JSONDocument(parsing: written.utf8).root.string
            #expect(back.map { Array($0.utf8) } == Array(original.utf8))
            let foundation = try JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)
            #expect((foundation as? String)?.unicodeScalars.elementsEqual(original.unicodeScalars) == true)
        }
    }

    @Test(
        "What can stand in a string is UTF-8, and nothing else",
        arguments: [
            (Array("é\u{0}".utf8), true), ([], true), ([0xFF], false), ([0xC3], false), ([0xED, 0xA0, 0x80], false),
        ] as [([UInt8], Bool)])
    func isText(bytes: [UInt8], answer: Bool) {
        #expect(JSONWriter.isText(bytes.span) == answer)
    }

    @Test("Random values of every kind come back the same")
    func roundTrips() throws {
        var generator = SplitMix64(state: 99)
        for _ in 0..<500 {
            let model = Sample.random(depth: 4, using: &generator)
            let written = text { model.write(to: &$0) }
            let read = try JSONDocument(parsing: written.utf8).root
            #expect(model.isSame(as: read), "\(written)")
        }
    }
}
