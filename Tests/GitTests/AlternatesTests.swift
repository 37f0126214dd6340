// Paths of alternates, as git quotes them.

import Testing

@testable import Git

@Suite("Alternates")
struct AlternatesTests {
    @Test(
        "A path in quotes is read with its escapes",
        arguments: [
            (#""/a b/c""#, "/a b/c"), (#""/a\"b\\c""#, "/a\"b\\c"), (#""/\303\251\t""#, "/é\t"), (#""""#, ""),
        ])
    func quoted(line: String, path: String) {
        #expect(ObjectStorage.unquoted(Array(line.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == path)
    }

    @Test("Anything else is taken as it stands", arguments: ["/a", #""/a"#, #""/a" "#, #""/\9""#, #""/\400""#, ""])
    func literal(line: String) {
        #expect(ObjectStorage.unquoted(Array(line.utf8)[...]) == nil)
    }
}
