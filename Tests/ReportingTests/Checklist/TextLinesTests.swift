// Lines that fit, of texts that do not.

import Testing

@testable import Reporting

struct TextLinesTests {
    @Test(arguments: [
        ("tell them to keep a copy", 16, ["tell them to ", "keep a copy"]),
        // An indent is no place to break at, and a long word has none.
        ("  \(String(repeating: "x", count: 12))", 8, ["  xxxxxx", "xxxxxx"]),
        ("short", 8, ["short"]),
    ])
    func `a line of a file breaks at spaces where it can, and loses nothing`(
        text: String, width: Int, lines: [String]
    ) {
        #expect(TextLines.broken(text, to: width) == lines)
        #expect(TextLines.broken(text, to: width).joined() == text)
    }
}
