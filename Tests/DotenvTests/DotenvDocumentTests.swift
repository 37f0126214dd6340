// The shape of the parse: nodes, spans, quotes over lines, encodings, positions.

import Testing

@testable import Dotenv

struct DotenvDocumentTests {
    private func text(_ range: Range<Int>, of document: DotenvDocument) -> String {
        String(decoding: document.text[range], as: UTF8.self)
    }

    private func littleEndian(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        return bytes
    }

    @Test func `an entry knows the exact place of each of its parts`() throws {
        let document = DotenvDocument(parsing: Array("# top\n\n  export KEY = \"a b\" # why\r\nX=1".utf8))
        let entry = try #require(document.entries.first)
        #expect(entry.key == "KEY")
        #expect(text(entry.keySpan, of: document) == "KEY")
        #expect(text(entry.span, of: document) == "  export KEY = \"a b\" # why\r\n")
        #expect(text(entry.rawValueSpan, of: document) == "\"a b\"")
        #expect(text(entry.valueSpan, of: document) == "a b")
        #expect(entry.commentSpan.map { text($0, of: document) } == "# why")
        #expect(entry.isExported)
        #expect(entry.quote == .double)
        #expect(entry.separator == .equals)
        #expect(entry.line == 3)
        #expect(document.entries.map(\.line) == [3, 4])
    }

    @Test func `lines fall into blanks, comments, entries and malformed ones`() {
        let document = DotenvDocument(parsing: Array(" \n#c\nA=1\nno entry here\nB\n-----END-----\n".utf8))
        let kinds = document.nodes.map { node in
            switch node {
            case .blank: "blank"
            case .comment: "comment"
            case .entry: "entry"
            case .malformed: "malformed"
            }
        }
        #expect(kinds == ["blank", "comment", "entry", "malformed", "entry", "malformed"])
    }

    @Test(
        "A line that only looks like a key is malformed, so that no key material is shown as a name",
        arguments: [
            "MIIEpAIBAAKCAQEAabc", "abc+/def==", "ab/cd=", "K:v", "https://example.com/?a=b", "=v", "A B=c", "K:",
        ])
    func malformedLines(line: String) {
        #expect(DotenvDocument(parsing: Array(line.utf8)).entries.isEmpty)
    }

    @Test func `a bare key has no value, no separator and no ambiguity`() throws {
        let document = DotenvDocument(parsing: Array("export KEY # from outside\n".utf8))
        let entry = try #require(document.entries.first)
        #expect(!entry.hasSeparator)
        #expect(entry.valueSpan.isEmpty)
        #expect(entry.isExported)
        #expect(!document.isAmbiguous(entry))
        #expect(document.reading(of: entry, in: .compose) == .expands(["KEY"]))
        #expect(document.reading(of: entry, in: .shell) == .absent)
    }

    @Test func `duplicate keys are all kept, in order`() {
        let document = DotenvDocument(parsing: Array("A=1\nB=2\nA=3\n".utf8))
        #expect(document.entries.map(\.key) == ["A", "B", "A"])
    }

    @Test("A quoted value may have several lines", arguments: ["\"", "'", "`"])
    func multiline(quote: String) throws {
        let document = DotenvDocument(parsing: Array("A=\(quote)one\r\ntwo\(quote) # c\nB=2\n".utf8))
        #expect(document.entries.map(\.key) == ["A", "B"])
        #expect(document.entries.map(\.line) == [1, 3])
        let entry = try #require(document.entries.first)
        #expect(text(entry.valueSpan, of: document) == "one\r\ntwo")
    }

    @Test("A quote that never closes holds one line only", arguments: ["\"", "'", "`"])
    func unterminated(quote: String) {
        let document = DotenvDocument(parsing: Array("A=\(quote)one\nB=2\nC=\(quote)three\(quote)\nD=4\n".utf8))
        #expect(document.entries.map(\.key) == ["A", "B", "C", "D"])
        #expect(document.entries.map(\.quote) == [.none, .none, Quote(quote.utf8.first ?? 0), .none])
    }

    @Test func `a byte order mark belongs to the first node and not to the key`() throws {
        let document = DotenvDocument(parsing: [0xEF, 0xBB, 0xBF] + Array("K=v\n".utf8))
        let entry = try #require(document.entries.first)
        #expect(document.hasByteOrderMark)
        #expect(entry.key == "K")
        #expect(entry.span == 0..<7)
        #expect(DotenvDocument(parsing: [0xEF, 0xBB, 0xBF]).nodes == [.blank(0..<3)])
    }

    @Test("UTF-16 is read in either byte order, with or without a mark", arguments: [true, false], [true, false])
    func utf16(isLittleEndian: Bool, hasMark: Bool) throws {
        let content = "KEY=é€😀x\nB=2\n"
        let units = (hasMark ? [0xFEFF] : []) + Array(content.utf16)
        let bytes: [UInt8] = units.flatMap { unit in
            let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
            return isLittleEndian ? [low, high] : [high, low]
        }
        let document = DotenvDocument(parsing: bytes)
        #expect(document.encoding == (isLittleEndian ? .utf16LittleEndian : .utf16BigEndian))
        #expect(document.hasByteOrderMark == hasMark)
        #expect(document.serialized() == bytes)
        let (first, second) = (try #require(document.entries.first), try #require(document.entries.last))
        #expect(document.reading(of: first, in: .python) == .value(Array("é€😀x".utf8)))
        let mark = hasMark ? 2 : 0
        #expect(document.originalRange(of: first.valueSpan) == mark + 8..<mark + 18)
        #expect(document.originalRange(of: second.valueSpan) == mark + 24..<mark + 26)
        #expect(document.position(of: second.valueSpan.lowerBound) == (2, 5))
    }

    @Test func `a long UTF-16 file maps each of its keys back to its own bytes`() {
        let content = (0..<2_000).map { "K\($0)=é😀\n" }.joined()
        let bytes = [0xFF, 0xFE] + littleEndian(content)
        let document = DotenvDocument(parsing: bytes)
        #expect(document.entries.count == 2_000)
        for entry in document.entries {
            let key = bytes[document.originalRange(of: entry.keySpan)]
            #expect(Array(key) == littleEndian(entry.key))
        }
    }

    @Test func `bytes that are not UTF-8 are kept, and only the entry that has them is hard to read`() throws {
        let bytes = Array("A=caf".utf8) + [0xE9] + Array("\nB=2\n".utf8)
        let document = DotenvDocument(parsing: bytes)
        #expect(document.encoding == .latin1)
        #expect(document.serialized() == bytes)
        let (first, second) = (try #require(document.entries.first), try #require(document.entries.last))
        #expect(document.reading(of: first, in: .node) == .value(Array("caf\u{FFFD}".utf8)))
        #expect(document.reading(of: first, in: .shell) == .value(Array("caf".utf8) + [0xE9]))
        guard case .invalid = document.reading(of: first, in: .python) else {
            Issue.record("python-dotenv fails on bytes that are not UTF-8")
            return
        }
        #expect(!document.isAmbiguous(second))
    }

    @Test func `positions count lines and bytes from one`() {
        let document = DotenvDocument(parsing: Array("A=1\r\nBB=é2\n".utf8))
        #expect(document.position(of: 0) == (1, 1))
        #expect(document.position(of: 5) == (2, 1))
        #expect(document.position(of: 10) == (2, 6))
        #expect(document.position(of: 12) == (3, 1))
        #expect(document.originalRange(of: 5..<7) == 5..<7)
    }

    @Test(
        "The reason for an ambiguity tells what happens and nothing of the value",
        arguments: [
            ("K=pa#ss", "node reads the `#` differently"),
            ("K=pa$ss", "compose expands a part of the value; shell expands a part of the value"),
            ("K=pa ss", "shell runs the second word as a command"),
            ("K: pass", "python does not define the key; shell runs the name as a command"),
            ("K=pass\r", "shell reads the carriage return at the end differently"),
        ])
    func reasons(line: String, reason: String) throws {
        let document = DotenvDocument(parsing: Array(line.utf8) + [0x0A])
        #expect(document.ambiguity(try #require(document.entries.first)) == reason)
    }

    @Test func `only the dialects in use count for an ambiguity`() throws {
        let document = DotenvDocument(parsing: Array("NAME=My App\n".utf8))
        let entry = try #require(document.entries.first)
        #expect(document.isAmbiguous(entry))
        #expect(!document.isAmbiguous(entry, among: [.node, .python, .compose]))
        #expect(document.ambiguity(entry, among: [.node, .python]) == nil)
    }
}
