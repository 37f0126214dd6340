// Values found by their position: kinds, ranges, numbers, strings.

import Secrets
import Testing

@testable import JSON

@Suite("JSON values")
struct JSONValueTests {
    private func bytes(_ secret: SharedSecret?) -> [UInt8]? {
        secret?.withBytes { span in span.indices.map { span[$0] } }
    }

    @Test("Each value has its kind, its place and its members, in the order of the text")
    func structure() throws {
        let text = #" { "a" : [1, "x", null] , "b\n" : {"c": true}, "d": {} } "#
        let root = try JSONDocument(parsing: text.utf8).root
        func slice(_ range: Range<Int>?) -> String {
            String(decoding: Array(text.utf8)[range ?? 0..<0], as: UTF8.self)
        }
        #expect(root.kind == .object)
        #expect(root.keyRange == nil)
        #expect(slice(root.range) == text.dropFirst().dropLast())
        #expect(root.members.map(\.key) == ["a", "b\n", "d"])
        #expect(root.members.map { slice($0.value.range) } == [#"[1, "x", null]"#, #"{"c": true}"#, "{}"])
        #expect(root.members.map { slice($0.value.keyRange) } == [#""a""#, #""b\n""#, #""d""#])
        #expect(root["a"]?.elements.map(\.kind) == [.number, .string, .null])
        #expect(root["a"]?.elements.map(\.count) == [0, 0, 0])
        #expect(root["b\n"]?["c"]?.bool == true)
        #expect(root["d"]?.members.isEmpty == true)
        #expect(root["c"] == nil)
        #expect(root["a"]?["a"] == nil)
        #expect(root.count == 3)
        #expect(root.elements.isEmpty)
        #expect(root["a"]?.elements.first?.keyRange == nil)
    }

    @Test(
        "A string's escapes are undone",
        arguments: [
            (#""""#, ""), (#""plain é😀""#, "plain é😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00E9\u20ac\uFFFF""#, "Aé€\u{FFFF}"), (#""\ud83d\ude00\uD83D\uDE00""#, "😀😀"),
            (#""\u0000a\u0000""#, "\u{0}a\u{0}"), (#""\\u0041""#, "\\u0041"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        ])
    func unescaping(literal: String, text: String) throws {
        let value = try JSONDocument(parsing: literal.utf8).root
        #expect(value.string.map { Array($0.utf8) } == Array(text.utf8))
        #expect(bytes(value.secret()) == Array(text.utf8))
        #expect(bytes(value.literal()) == Array(literal.utf8))
    }

    @Test(
        "Whole numbers are exact or nil",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("1.0", 1), ("1e3", 1_000), ("1.5", nil), ("1e-1", nil),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("9007199254740993.0", nil),
            ("1e400", nil), ("-1e400", nil), ("\"1\"", nil), ("true", nil), ("null", nil), ("[1]", nil),
        ] as [(String, Int?)])
    func wholeNumbers(text: String, number: Int?) throws {
        #expect(try JSONDocument(parsing: text.utf8).root.int == number)
    }

    @Test(
        "Numbers with a fraction are the nearest double, or nil where there is none",
        arguments: [
            ("0.1", 0.1), ("-2.5e3", -2_500), ("1763974743.123", 1_763_974_743.123), ("5e-324", 5e-324),
            ("1e-400", 0), ("1e400", nil), ("\"1\"", nil), ("false", nil),
        ] as [(String, Double?)])
    func doubles(text: String, number: Double?) throws {
        #expect(try JSONDocument(parsing: text.utf8).root.double == number)
    }

    @Test(
        "A value answers only for its own kind",
        arguments: ["{}", "[]", "\"true\"", "1", "true", "false", "null"])
    func kinds(text: String) throws {
        let value = try JSONDocument(parsing: text.utf8).root
        #expect((value.string != nil) == (value.kind == .string))
        #expect((value.secret() != nil) == (value.kind == .string))
        #expect((value.double != nil) == (value.kind == .number))
        #expect((value.bool != nil) == (value.kind == .boolean))
        #expect(value.isNull == (value.kind == .null))
        if text == "true" { #expect(value.bool == true) }
        if text == "false" { #expect(value.bool == false) }
    }
}
