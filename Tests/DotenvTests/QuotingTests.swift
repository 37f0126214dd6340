// Writing values: the plainest form that reads back, and nothing rather than something else.

import Testing

@testable import Dotenv

struct QuotingTests {
    @Test("The plainest quoting that all dialects share comes first", arguments: Dialect.allCases)
    func plainest(dialect: Dialect) {
        func quoted(_ value: String) -> String? {
            Quoting.quoted(Array(value.utf8), for: dialect).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(quoted("abc-1.2/x@y") == "abc-1.2/x@y")
        #expect(quoted("two words") == "'two words'")
        #expect(quoted("pass#word") == "'pass#word'")
        #expect(quoted("a$b") == "'a$b'")
        #expect(quoted("") == "''")
    }

    @Test(
        "A value that a dialect cannot hold is refused",
        arguments: [
            ("a\0b", Dialect.shell), ("${HOME}", .python), ("'a' \"b\" `c` #", .node), ("\\n'`\r", .node),
        ])
    func refused(value: String, dialect: Dialect) {
        #expect(Quoting.quoted(Array(value.utf8), for: dialect) == nil)
    }

    @Test func `one form can serve all dialects`() throws {
        let value = Array("p@ss #1 & more".utf8)
        let quoted = try #require(Quoting.quoted(value, forAll: Dialect.allCases))
        let document = DotenvDocument(parsing: Array("K=".utf8) + quoted + [0x0A])
        let entry = try #require(document.entries.first)
        #expect(!document.isAmbiguous(entry))
        #expect(document.reading(of: entry, in: .shell) == .value(value))
        #expect(Quoting.quoted(Array("it's".utf8), forAll: Dialect.allCases) == Array("\"it's\"".utf8))
    }
}
