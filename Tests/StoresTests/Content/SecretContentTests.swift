// What a secret's text must be, and what is read from it.

import JSON
import Secrets
import Stores
import Testing

@Suite("The content of a secret")
struct SecretContentTests {
    @Test("Keys come in the order of the text, values with their kinds")
    func keysAndKinds() throws {
        let content = try Reveal.content(
            #"{"Z":"text","A":5.0,"m":true,"n":null,"o":{"x":[1]},"l":[ ],"\u0041B":"escaped"}"#)
        #expect(content.keys == ["Z", "A", "m", "n", "o", "l", "AB"])
        let kinds = content.keys.map { content.value(of: $0)?.kind }
        #expect(kinds == [.string, .number, .boolean, .null, .object, .array, .string])
        #expect(content.value(of: "z") == nil)
    }

    @Test(
        "A program sees the text of a string and the literal of anything else",
        arguments: [
            (#""a\u00e4\nb""#, "aä\nb"), (#""""#, ""), ("5.0", "5.0"), ("1E+05", "1E+05"), ("false", "false"),
            ("null", "null"), (#"{ "a": 1 }"#, #"{ "a": 1 }"#), ("[1, 2]", "[1, 2]"),
        ])
    func texts(literal: String, text: String) throws {
        let value = try #require(try Reveal.content(#"{"K":\#(literal)}"#).value(of: "K"))
        #expect(Reveal.text(value.text()) == text)
        #expect(Reveal.text(value.literal()) == literal)
    }

    @Test(
        "What is no JSON object is refused, and the reason tells nothing of the text",
        arguments: [
            ("", "it is empty"), ("hunter2-text", "a value was expected (line 1, column 1)"),
            (#"["hunter2"]"#, "it is a JSON array"), (#""hunter2""#, "it is a JSON string"),
            ("5", "it is a JSON number"), ("null", "it is a JSON null"),
            ("{\"K\":\n\"hunter2\" \"x\"}", "a comma or `}` was expected (line 2, column 11)"),
            (#"{"A":"hunter2","A":"2"}"#, "two members are named `A` (line 1, column 16)"),
            (#"{"A":1,"\u0041":2}"#, "two members are named `A` (line 1, column 8)"),
            (#"{"\u001b[31mA":1,"\u001b[31mA":2}"#, "two members are named `?[31mA` (line 1, column 18)"),
        ])
    func refused(text: String, reason: String) throws {
        let error = #expect(throws: StoreError.self) { try Reveal.content(text) }
        guard case .notAnObject(let name, let given) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(name == "app/test")
        #expect(given == reason)
        #expect(!given.contains("hunter2"))
    }

    @Test("Invalid UTF-8 is refused, too deep nesting as well")
    func hostile() {
        #expect(throws: StoreError.self) {
            try SecretContent(
                parsing: SharedSecret(copying: Array(#"{"A":""#.utf8) + [0xFF] + Array(#""}"#.utf8)), name: "n")
        }
        let deep = #"{"a":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}"
        #expect(throws: StoreError.self) { try Reveal.content(deep) }
    }

    @Test(
        "Absent, empty, placeholder and present are four different things",
        arguments: [
            ("GONE", ValueState.absent), ("EMPTY", .empty), ("NULL", .empty), ("DUMMY", .placeholder),
            ("REAL", .present), ("NUMBER", .present), ("OBJECT", .present), ("NO", .present),
        ])
    func states(key: String, state: ValueState) throws {
        let content = try Reveal.content(
            #"{"EMPTY":"","NULL":null,"DUMMY":"changeme","REAL":"s3","NUMBER":0,"OBJECT":{},"NO":false}"#)
        #expect(content.state(of: key) { Reveal.text($0) == "changeme" } == state)
    }

    @Test(
        "Values are the same by what they mean, not by how they are written",
        arguments: [
            (#""aA""#, #""a\u0041""#, true), (#""a""#, #""b""#, false), ("1", "1.0", false), ("1", "1", true),
            (#""1""#, "1", false), (#"{"a":1,"b":[true]}"#, #"{ "b" : [ true ], "a" : 1 }"#, true),
            (#"{"a":1}"#, #"{"a":1,"b":1}"#, false), ("[1,2]", "[2,1]", false), ("[1,2]", "[1,2,3]", false),
            ("null", "false", false), ("\"e\u{301}\"", "\"\u{e9}\"", false),
        ])
    func sameness(left: String, right: String, same: Bool) throws {
        let content = try Reveal.content(#"{"L":\#(left),"R":\#(right)}"#)
        let (first, second) = (try #require(content.value(of: "L")), try #require(content.value(of: "R")))
        #expect(first.isSame(as: second) == same)
        #expect(second.isSame(as: first) == same)
    }

    @Test("Two spellings of one character are two keys")
    func canonicalEquivalence() throws {
        let content = try Reveal.content("{\"e\u{301}\":\"decomposed\",\"\u{e9}\":\"composed\"}")
        #expect(content.value(of: "e\u{301}").map { Reveal.text($0.text()) } == "decomposed")
        #expect(content.value(of: "\u{e9}").map { Reveal.text($0.text()) } == "composed")
        let result = try content.applying([.text("\u{e9}", "new"), .remove("e\u{301}")])
        #expect(Reveal.text(result) == "{\"\u{e9}\":\"new\"}")
    }
}
