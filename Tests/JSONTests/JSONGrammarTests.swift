// What is JSON by RFC 8259 and what is not, and where a fault is said to be.

import Secrets
import Testing

@testable import JSON

@Suite("The grammar of JSON")
struct JSONGrammarTests {
    @Test(
        "What RFC 8259 allows is read",
        arguments: [
            "{}", "[]", "0", "-0", "12", "-1.5", "1e5", "1E+5", "1.25e-3", "0.0", "0e0", "true", "false", "null",
            "\"\"", "\"a\"", " \t\r\n{ } \n", "[1,2]", "[ 1 , [ ] , { } ]", #"{"a":{"b":[{"c":null}]}}"#,
            #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC""#, #""\ud83d\ude00""#, #""\u0000""#, "\"\u{7F}\"",
            "\"\u{2028}é😀\"", #"{"":0}"#, #"{"a":1,"A":1,"a ":1}"#, "123456789012345678901234567890", "1e400",
            #"[[],[[]],[[[]]]]"#, #"{"é":1,"e\#u{301}":2}"#,
        ])
    func accepted(text: String) throws {
        let document = try JSONDocument(parsing: text.utf8)
        let kept = document.withText { bytes in bytes.indices.map { bytes[$0] } }
        #expect(kept == Array(text.utf8))
    }

    @Test(
        "What it does not allow is refused, at the byte where it goes wrong",
        arguments: [
            ("", 0), (" \n", 2), ("{", 1), ("[", 1), ("\"", 1), ("\"a", 2), ("{]", 1), ("[}", 1), ("[1", 2), ("[1,", 3),
            ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1],", 3), ("{} {}", 3), ("nul", 0), ("nulL", 0), ("True", 0),
            ("NaN", 0), ("Infinity", 0), ("-", 1), ("-a", 1), ("+1", 0), ("01", 1), ("-01", 2), ("1.", 2), (".5", 0),
            ("1e", 2), ("1e+", 3), ("0x10", 1), ("1_000", 1), ("{a:1}", 1), ("{'a':1}", 1), ("{1:1}", 1),
            (#"{"a"}"#, 4), (#"{"a" 1}"#, 5), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1 "b":2}"#, 7),
            (#"{"a":1;"b":2}"#, 6), (#"{,}"#, 1), ("\"\u{1F}\"", 1), ("\"\n\"", 1), ("\"\t\"", 1), (#""\a""#, 1),
            (#""\U0041""#, 1), (#""\u12""#, 1), (#""\u12g4""#, 1), (#""\u+123""#, 1), (#""\"#, 1), (#""\ud800""#, 1),
            (#""\ud800x""#, 1), (#""\ud800\n""#, 1), (#""\ud800\u0041""#, 1), (#""\udc00""#, 1),
            (#""\udc00\ud800""#, 1), (#""a\ud83d\ud83d\ude00""#, 2), ("/*a*/1", 0), ("1//a", 1), ("\u{FEFF}{}", 0),
            ("\u{A0}1", 0), ("[1\u{0C}]", 2), ("1\u{0}", 1),
        ])
    func refused(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect(error?.offset == offset)
    }

    @Test(
        "Bytes that are not UTF-8 are refused, anywhere in the text",
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x80], 0),
            ([0x31, 0x20, 0xE2, 0x82], 2),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: bytes) }
        #expect(error?.reason == .invalidUTF8)
        #expect(error?.offset == offset)
    }

    @Test(
        "Two members of one name are refused, however their names are spelled",
        arguments: [
            (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1,"\u0061":2}"#, "a", 7), (#"{"\/":1,"/":2}"#, "/", 8),
            (#"{"😀":1,"\ud83d\ude00":2}"#, "😀", 10), (#"{"x":{"k":1,"k":1}}"#, "k", 12), (#"{"":1,"":1}"#, "", 6),
        ])
    func duplicateKeys(text: String, name: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect(error?.reason == .duplicateKey(name))
        #expect(error?.offset == offset)
    }

    @Test("The same name in two objects is no duplicate")
    func sameNameInTwoObjects() throws {
        _ = try JSONDocument(parsing: #"[{"a":1},{"a":{"a":1}}]"#.utf8)
    }

    @Test("Names that look alike and differ in their bytes are two members")
    func canonicallyEqualNames() throws {
        let root = try JSONDocument(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}".utf8).root
        #expect(root["\u{E9}"]?.int == 1)
        #expect(root["e\u{301}"]?.int == 2)
    }

    @Test("Only an empty text is called empty", arguments: [("", true), (" \n\t ", true), ("[", false)])
    func empty(text: String, isEmpty: Bool) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect((error?.reason == .empty) == isEmpty)
    }

    @Test("Objects and arrays are followed to a depth of 256, and refused beyond it", arguments: ["[", #"{"a":"#])
    func depth(open: String) throws {
        let close = open == "[" ? "]" : "}"
        func nested(_ levels: Int) -> String {
            String(repeating: open, count: levels - 1) + (open == "[" ? "[]" : "{}")
                + String(repeating: close, count: levels - 1)
        }
        _ = try JSONDocument(parsing: nested(256).utf8)
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: nested(257).utf8) }
        #expect(error?.reason == .tooDeep)
        #expect(throws: JSONError.self) {
            try JSONDocument(parsing: String(repeating: open, count: 200_000).utf8)
        }
    }

    @Test(
        "A fault is placed by line and by column in bytes, from 1",
        arguments: [
            ("x", 1, 1), ("{\n  \"a\": 1,\n  x\n}", 3, 3), ("\n\n[1,]", 3, 4), ("\"é\" x", 1, 6),
            ("{\r\n\"a\":1\r\n", 3, 1),
        ])
    func lines(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test("What is said of a fault tells nothing of the text around it")
    func silence() {
        let value = ["hunter", "2", "hunter"].joined()
        for text in ["{\"k\":\"\(value)\" x", "[\"\(value)", "\(value)", "{\"k\":\"\(value)\",\"k\":1}"] {
            let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
            #expect(!String(reflecting: error).contains(value))
        }
    }
}
