// The bytes of commits, tags and trees, and lists of objects.

import Testing

@testable import Git

@Suite("Reading objects")
struct ReadingTests {
    private let tree = String(repeating: "1a", count: 20)
    private let parent = String(repeating: "2b", count: 20)

    @Test("A commit's parts are read, and a signature in its header is passed over")
    func commit() throws {
        let header =
            "tree \(tree)\nparent \(parent)\nparent \(tree)\nauthor A <x> B <a@b.c> 12 +0100\ncommitter C <c@d> 34 -0500\n"
            + "gpgsig -----BEGIN\n tree \(parent)\n -----END\n"
        let text = header + "\nsubject\n\nbody\n"
        try Array(text.utf8).withUnsafeBytes { bytes in
            let commit = try #require(RawCommit(bytes, wantsAuthor: true))
            #expect(commit.tree.description == tree)
            #expect(commit.parents.map(\.description) == [parent, tree])
            #expect(commit.author.name == "A <x> B")
            #expect(commit.author.email == "a@b.c")
            #expect(commit.author.time == 12)
            #expect(commit.committerTime == 34)
            #expect(String(decoding: bytes[commit.message], as: UTF8.self) == "subject\n\nbody\n")
        }
    }

    @Test("Bytes that are no commit are none", arguments: ["", "\n", "tree 12\n", "parent x\n\nmessage"])
    func noCommit(text: String) {
        Array(text.utf8).withUnsafeBytes { #expect(RawCommit($0) == nil) }
    }

    @Test("A tag's target and message are read")
    func tag() throws {
        let text = "object \(tree)\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nmessage"
        try Array(text.utf8).withUnsafeBytes { bytes in
            let tag = try #require(RawTag(bytes))
            #expect(tag.target.description == tree)
            #expect(String(decoding: bytes[tag.message], as: UTF8.self) == "message")
        }
    }

    @Test(
        "A tree that ends in the middle of an entry gives the whole ones, and says so",
        arguments: [0, 1, 19, 20, 21, 25])
    func tree(missing: Int) {
        let entry = Array("100644 a\u{0}".utf8) + [UInt8](repeating: 7, count: 20)
        let bytes = Array((entry + entry).dropLast(missing))
        bytes.withUnsafeBytes { buffer in
            var reader = RawTree(buffer)
            var count = 0
            while let entry = reader.next() {
                count += 1
                #expect(entry.mode == 0o100644)
                #expect(Array(entry.name) == Array("a".utf8))
            }
            #expect(count == (missing == 0 ? 2 : 1))
            #expect(reader.isDamaged == (missing != 0))
        }
    }

    @Test("A table of objects keeps each once, and finds it by its place")
    func table() {
        var table = ObjectTable()
        // Ids that share their low bits fall on one another's places.
        let ids = (0..<5_000).compactMap { number in
            ObjectID(
                hexadecimal: String(repeating: "0", count: 34 - "\(number % 7)".count) + "\(number % 7)"
                    + String(number + 100_000))
        }
        for id in ids { #expect(table.insert(id).isNew) }
        for (place, id) in ids.enumerated() {
            #expect(table.insert(id) == (place, false))
            #expect(table.place(of: id) == place)
        }
        #expect(table.count == ids.count)
        #expect(table.place(of: .zero) == nil)
    }
}
