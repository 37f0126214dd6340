// Changes of a secret's text, case by case.

import Secrets
import Stores
import Testing

@Suite("Changes of a secret's text")
struct ContentEditTests {
    @Test(
        "A change touches its value and nothing else",
        arguments: [
            // Replaced where it stands.
            (#"{"A":"1","B":"2"}"#, [Change.text("A", "x")], #"{"A":"x","B":"2"}"#),
            (
                "{\n  \"A\" : \"1\" ,\n\t\"B\":{\"n\": 1.50}\n}\n", [.text("A", "x")],
                "{\n  \"A\" : \"x\" ,\n\t\"B\":{\"n\": 1.50}\n}\n"
            ),
            // The same value keeps its spelling.
            (#"{"A":"\u0041\/b"}"#, [.text("A", "A/b")], #"{"A":"\u0041\/b"}"#),
            (#"{"A":{"x":1,"y":2}}"#, [.json("A", #"{"y":2,"x":1}"#)], #"{"A":{"x":1,"y":2}}"#),
            // Numbers and booleans stay what they are when the text is one.
            (#"{"PORT":8080}"#, [.text("PORT", "9090")], #"{"PORT":9090}"#),
            (#"{"PORT":8080}"#, [.text("PORT", "09090")], #"{"PORT":"09090"}"#),
            (#"{"PORT":8080}"#, [.text("PORT", " 9090")], #"{"PORT":" 9090"}"#),
            (#"{"PORT":8080}"#, [.text("PORT", "true")], #"{"PORT":"true"}"#),
            (#"{"PORT":8080}"#, [.text("PORT", "")], #"{"PORT":""}"#),
            (#"{"DEBUG":true}"#, [.text("DEBUG", "false")], #"{"DEBUG":false}"#),
            (#"{"DEBUG":true}"#, [.text("DEBUG", "no")], #"{"DEBUG":"no"}"#),
            (#"{"S":"5"}"#, [.text("S", "6")], #"{"S":"6"}"#),
            (#"{"N":null}"#, [.text("N", "null")], #"{"N":"null"}"#),
            // JSON goes in as written, without the space around it.
            (#"{"A":1}"#, [.json("A", " {\"a\": [1.0]}\n")], #"{"A":{"a": [1.0]}}"#),
            // Escaped as JSON asks.
            (#"{}"#, [.text("A", "q\"b\\n\n\u{1}ä\u{1F511}")], "{\"A\":\"q\\\"b\\\\n\\n\\u0001ä\u{1F511}\"}"),
            (#"{}"#, [.text("k\"\\", "v")], #"{"k\"\\":"v"}"#),
        ])
    func replacing(before: String, changes: [Change], after: String) throws {
        #expect(Reveal.text(try Reveal.content(before).applying(changes)) == after)
    }

    @Test(
        "New members stand at the end, spaced as the others are",
        arguments: [
            ("{}", #"{"N":"1","M":"2"}"#),
            ("  {}\n", "  {\"N\":\"1\",\"M\":\"2\"}\n"),
            ("{\n}", "{\n  \"N\": \"1\",\n  \"M\": \"2\"\n}"),
            (#"{"A":1}"#, #"{"A":1,"N":"1","M":"2"}"#),
            (#"{"A": 1}"#, #"{"A": 1, "N": "1", "M": "2"}"#),
            (#"{ "A": 1 }"#, #"{ "A": 1, "N": "1", "M": "2" }"#),
            (#"{"A": 1, "B": 2}"#, #"{"A": 1, "B": 2, "N": "1", "M": "2"}"#),
            ("{\n    \"A\" : 1\n}\n", "{\n    \"A\" : 1,\n    \"N\" : \"1\",\n    \"M\" : \"2\"\n}\n"),
            ("{\n\t\"A\": 1,\n\t\"B\": 2\n}", "{\n\t\"A\": 1,\n\t\"B\": 2,\n\t\"N\": \"1\",\n\t\"M\": \"2\"\n}"),
        ])
    func adding(before: String, after: String) throws {
        let result = try Reveal.content(before).applying([.text("N", "1"), .text("M", "2")])
        #expect(Reveal.text(result) == after)
    }

    @Test(
        "A removed member takes its comma along",
        arguments: [
            (#"{"A":1,"B":2,"C":3}"#, ["A"], #"{"B":2,"C":3}"#),
            (#"{"A":1,"B":2,"C":3}"#, ["B"], #"{"A":1,"C":3}"#),
            (#"{"A":1,"B":2,"C":3}"#, ["C"], #"{"A":1,"B":2}"#),
            (#"{"A":1,"B":2,"C":3}"#, ["A", "B"], #"{"C":3}"#),
            (#"{"A":1,"B":2,"C":3}"#, ["C", "A"], #"{"B":2}"#),
            (#"{"A":1,"B":2,"C":3}"#, ["A", "B", "C"], "{}"),
            ("{\n  \"A\": 1,\n  \"B\": 2\n}\n", ["B"], "{\n  \"A\": 1\n}\n"),
            ("{\n  \"A\": 1,\n  \"B\": 2\n}\n", ["A"], "{\n  \"B\": 2\n}\n"),
            ("{\n  \"A\": 1,\n  \"B\": 2\n}\n", ["A", "B"], "{}\n"),
            (#"{"A":1}"#, ["X"], #"{"A":1}"#),
        ])
    func removing(before: String, keys: [String], after: String) throws {
        #expect(Reveal.text(try Reveal.content(before).applying(keys.map { .remove($0) })) == after)
    }

    @Test("All members may go while others come, in the document's style")
    func replacingAll() throws {
        let content = try Reveal.content("{\n  \"A\": 1,\n  \"B\": 2\n}\n")
        let result = try content.applying([.remove("A"), .text("N", "1"), .remove("B"), .text("M", "2")])
        #expect(Reveal.text(result) == "{\n  \"N\": \"1\",\n  \"M\": \"2\"\n}\n")
    }

    @Test(
        "Keys that cannot be stored are refused, and not repeated in the error",
        arguments: ["", "A\u{0}", "A\nB", "\u{1B}[0m", "A\u{7F}", "A\u{85}", String(repeating: "ä", count: 129)])
    func badKeys(key: String) throws {
        let error = #expect(throws: StoreError.self) { try Reveal.content("{}").applying([.text(key, "1")]) }
        guard case .invalid(let what, let reason) = try #require(error) else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(what == "key")
        #expect(key.isEmpty || !reason.contains(key))
    }

    @Test(
        "Keys that are no names of variables are stored, and known as such",
        arguments: [
            ("A_1", true), ("_", true), ("a", true), ("1A", false), ("a-b", false), ("a b", false), ("ä", false),
            ("", false),
        ])
    func environmentNames(key: String, isName: Bool) throws {
        #expect(ContentKey.isEnvironmentName(key) == isName)
        if !key.isEmpty { #expect(try Reveal.content("{}").applying([.text(key, "1")]).count > 2) }
    }

    @Test(
        "Values that no environment can hold are refused",
        arguments: [
            [0x61, 0x00], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func badTexts(bytes: [UInt8]) {
        let change = Change.set("KEY", .text(SharedSecret(copying: bytes)))
        expectInvalid { try Reveal.content("{}").applying([change]) }
    }

    @Test(
        "JSON that is none is refused, as is a string with a NUL in it",
        arguments: [
            "", "hunter2", "{", "[1,]", #""a\u0000""#, #"{"a":1,"a":2}"#, "01", "1 2",
        ])
    func badJSON(json: String) {
        expectInvalid { try Reveal.content("{}").applying([.json("KEY", json)]) }
    }

    @Test("Two changes of one key are refused")
    func twice() {
        #expect(throws: StoreError.self) { try Reveal.content("{}").applying([.text("A", "1"), .remove("A")]) }
    }

    private func expectInvalid(_ body: () throws -> SharedSecret, location: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: StoreError.self, sourceLocation: location) { try body() }
        guard case .invalid(let what, let reason)? = error else {
            Issue.record("another error: \(String(describing: error))", sourceLocation: location)
            return
        }
        #expect(what == "value of KEY", sourceLocation: location)
        #expect(!reason.contains("hunter2"), sourceLocation: location)
    }
}
