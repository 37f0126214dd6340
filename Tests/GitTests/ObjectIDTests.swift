// Names of objects.

import Testing

@testable import Git

@Suite("Object ids")
struct ObjectIDTests {
    @Test("Forty digits are read and printed alike, in either case")
    func hexadecimal() {
        let digits = "00000000ffffffff0123456789abcdef89abcdef"
        #expect(ObjectID(hexadecimal: digits)?.description == digits)
        #expect(ObjectID(hexadecimal: digits.uppercased())?.description == digits)
        #expect(ObjectID(hexadecimal: digits)?.short == "00000000ff")
    }

    @Test(
        "Anything else is no id",
        arguments: ["", "0123", String(repeating: "g", count: 40), String(repeating: "0", count: 41)])
    func malformed(text: String) {
        #expect(ObjectID(hexadecimal: text) == nil)
    }

    @Test("Ids are ordered as their digits are")
    func order() throws {
        let digits = (0..<40).map { place in
            String(repeating: "0", count: place) + "1" + String(repeating: "0", count: 39 - place)
        }
        let ids = digits.compactMap { ObjectID(hexadecimal: $0) }
        #expect(ids.count == 40)
        #expect(ids.sorted().map(\.description) == digits.sorted())
    }

    @Test("The bytes that libgit2 knows are the same id")
    func raw() throws {
        let id = try #require(ObjectID(hexadecimal: "0123456789abcdef0123456789abcdef01234567"))
        #expect(ObjectID(id.raw) == id)
    }
}
