// The pure parts of a scan.

import Dotenv
import Git
import Testing

@testable import Scanning

/// The same numbers at each run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension ObjectID {
    /// A made-up id.
    static func made(_ number: Int) -> ObjectID {
        var generator = SeededGenerator(state: UInt64(number) &* 77)
        let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return bytes.withUnsafeBytes { buffer in ObjectID(reading: buffer.baseAddress.unsafelyUnwrapped) }
    }
}

@Suite("Pools of sets")
struct SetPoolTests {
    @Test("Equal sets have equal numbers, in whatever order they are given")
    func identity() {
        var pool = SetPool()
        #expect(pool.intern([]) == SetPool.empty)
        let set = pool.intern([3, 1, 2, 3])
        #expect(pool.intern([1, 2, 3]) == set)
        #expect(pool.members[Int(set)] == [1, 2, 3])
        #expect(pool.intern([1, 2]) != set)
    }

    @Test("Union and difference are those of sets", arguments: 0..<20)
    func algebra(seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        var pool = SetPool()
        for _ in 0..<50 {
            let left = Set(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in Int32.random(in: 0...9, using: &generator) })
            let right = Set(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in Int32.random(in: 0...9, using: &generator) })
            let (first, second) = (pool.intern(Array(left)), pool.intern(Array(right)))
            let union = pool.union(first, second)
            #expect(pool.members[Int(union)] == left.union(right).sorted())
            #expect(pool.union(first, second) == pool.union(second, first))
            #expect(pool.difference(first, second) == left.subtracting(right).sorted())
        }
    }
}

@Suite("Commit graphs")
struct CommitGraphTests {
    @Test("Parents come before their children, each commit once, in random graphs", arguments: 0..<20)
    func order(seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed) + 1)
        let count = Int.random(in: 0...60, using: &generator)
        var table = ObjectTable()
        for number in 0..<count { table.insert(.made(number)) }
        var nodes = (0..<count).map { number in
            let parents =
                number == 0
                ? []
                : (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    ObjectID.made(Int.random(in: 0..<number, using: &generator))
                }
            return CommitNode(place: number, tree: .made(1_000), parents: parents, time: 0)
        }
        let parentsOfPlace = nodes.map(\.parents)
        nodes.shuffle(using: &generator)
        let graph = CommitGraph(nodes, table: table)
        #expect(graph.nodes.map(\.place).sorted() == Array(0..<count))
        #expect(graph.missingParents.isEmpty)
        for (node, commit) in graph.nodes.enumerated() {
            #expect(graph.parents[node].allSatisfy { $0 < node })
            #expect(graph.parents[node].map { table.ids[graph.nodes[Int($0)].place] } == parentsOfPlace[commit.place])
            #expect(graph.node(atPlace: commit.place) == node)
        }
    }

    @Test("Commits on a circle and those behind it are all kept, and the circle is told", arguments: 0..<20)
    func circle(seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed) + 1)
        let count = 12
        var table = ObjectTable()
        for number in 0..<count { table.insert(.made(number)) }
        // 0 → 1 → 2 → 0, 3 is its own parent, and each of the others descends from any before it.
        let circles = [0: [1], 1: [2], 2: [0], 3: [3]]
        var nodes = (0..<count).map { number in
            let parents =
                circles[number] ?? (0..<2).map { _ in Int.random(in: 0..<number, using: &generator) }
            return CommitNode(place: number, tree: .made(1_000), parents: parents.map { .made($0) }, time: 0)
        }
        nodes.shuffle(using: &generator)
        let graph = CommitGraph(nodes, table: table)
        #expect(graph.nodes.map(\.place).sorted() == Array(0..<count))
        #expect(graph.circular.count == 2)
        #expect(graph.circular.contains(.made(3)))
        for (node, commit) in graph.nodes.enumerated() {
            #expect(graph.parents[node].allSatisfy { $0 < node })
            if commit.place > 3 { #expect(graph.parents[node].count == 2) }
        }
    }

    @Test("A parent that is not there is told, and the commit kept")
    func missing() {
        var table = ObjectTable()
        table.insert(.made(1))
        let node = CommitNode(place: 0, tree: .made(9), parents: [.made(2)], time: 0)
        let graph = CommitGraph([node], table: table)
        #expect(graph.nodes.count == 1)
        #expect(graph.parents.count == 1 && graph.parents[0].isEmpty)
        #expect(graph.missingTrees.map(\.tree) == [.made(9)])
        #expect(graph.missingParents == [.made(2)])
    }
}

@Suite("Paths of blobs")
struct PathedBlobsTests {
    @Test("A blob has a path from every tree above it, through shared subtrees too")
    func paths() {
        var pass = TreePass()
        pass.names = ["a", "b", "key.py"].map { Array($0.utf8) }
        // 0 holds a/ and b/, both the tree 1, which holds key.py.
        pass.edges = [.init(name: 0, tree: 1), .init(name: 1, tree: 1)]
        pass.edgeRanges = [0: 0..<2]
        pass.leaves = [1: [.init(name: 2, blob: 7, dotenv: nil)]]
        var blobs = PathedBlobs(pass)
        let root = blobs.set(ofTree: 0)
        let paths = blobs.sets.members[Int(root)].map { String(decoding: blobs.path(of: $0), as: UTF8.self) }
        #expect(paths.sorted() == ["a/key.py", "b/key.py"])
        #expect(blobs.sets.members[Int(root)].allSatisfy { blobs.blob(of: $0) == 7 })
        let inner = blobs.set(ofTree: 1)
        #expect(blobs.sets.members[Int(inner)].map { blobs.path(of: $0) } == [Array("key.py".utf8)])
    }

    @Test("Trees that name one another ten times each end at the bound, and each blob keeps a place")
    func bomb() {
        var pass = TreePass()
        pass.names = (0..<10).map { Array("\($0)".utf8) }
        for level in Int32(0)..<8 {
            pass.edgeRanges[Int(level)] = pass.edges.count..<pass.edges.count + 10
            for name in Int32(0)..<10 { pass.edges.append(.init(name: name, tree: level + 1)) }
        }
        pass.leaves = [8: [.init(name: 0, blob: 20, dotenv: nil), .init(name: 1, blob: 21, dotenv: nil)]]
        var blobs = PathedBlobs(pass)
        let (whole, small) = (blobs.set(ofTree: 0), blobs.set(ofTree: 6))
        let root = blobs.sets.members[Int(whole)]
        #expect(root.count { blobs.blob(of: $0) == 20 } == PathedBlobs.mostPlaces)
        #expect(root.count { blobs.blob(of: $0) == 21 } == PathedBlobs.mostPlaces)
        #expect(Set(root.map { blobs.path(of: $0) }).count == root.count)
        #expect(blobs.crowded == [20, 21])
        // Below the bound, nothing is left out.
        #expect(blobs.sets.members[Int(small)].count == 200)
    }

    @Test("Trees on a circle keep what they hold, and the circle is told")
    func circle() {
        var pass = TreePass()
        pass.names = ["a", "b", "key.py"].map { Array($0.utf8) }
        pass.edges = [.init(name: 0, tree: 1), .init(name: 1, tree: 0)]
        pass.edgeRanges = [0: 0..<1, 1: 1..<2]
        pass.leaves = [1: [.init(name: 2, blob: 7, dotenv: nil)]]
        var blobs = PathedBlobs(pass)
        let root = blobs.set(ofTree: 0)
        #expect(blobs.sets.members[Int(root)].map { blobs.path(of: $0) } == [Array("a/key.py".utf8)])
        #expect(blobs.circular == [0])
    }

    @Test("Trees without anything of interest hold the empty set")
    func empty() {
        var pass = TreePass()
        pass.names = [Array("a".utf8)]
        pass.edges = [.init(name: 0, tree: 1)]
        pass.edgeRanges = [0: 0..<1]
        var blobs = PathedBlobs(pass)
        #expect(blobs.set(ofTree: 0) == SetPool.empty)
    }
}

@Suite("Positions")
struct PositionTests {
    @Test("Lines and columns of ascending offsets are those of counting", arguments: 0..<20)
    func lines(seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        let bytes = (0..<200).map { _ in Bool.random(using: &generator) ? UInt8(0x0A) : UInt8(0x61) }
        bytes.withUnsafeBytes { buffer in
            var counter = LineCounter(buffer)
            for offset in (0..<40).map({ _ in Int.random(in: 0...200, using: &generator) }).sorted() {
                let before = bytes[..<offset]
                let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                let (line, column) = counter.position(of: offset)
                #expect(line == before.count { $0 == 0x0A } + 1)
                #expect(column == offset - start + 1)
            }
        }
    }

    @Test(
        "Every byte of the UTF-8 leads back to its unit of the UTF-16", arguments: [true, false], [0, 63, 64, 65, 200])
    func utf16(isBigEndian: Bool, padding: Int) {
        let text = "\u{FEFF}" + String(repeating: "é", count: padding) + "a😀ß\u{800}z"
        var units = Array(text.utf16)
        // Half a pair, in the middle and at the end.
        units.append(contentsOf: [0xD800, 0x41, 0xDC00])
        let bytes = units.flatMap {
            isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
        bytes.withUnsafeBytes { buffer in
            let decoded = UTF16Text(buffer, isBigEndian ? .utf16BigEndian : .utf16LittleEndian)
            #expect(decoded.utf8 == Array((String(text.dropFirst()) + "\u{FFFD}A\u{FFFD}").utf8))
            var offset = 0
            var place = 2
            for character in String(decoding: decoded.utf8, as: UTF8.self).unicodeScalars {
                let width = UTF8.encode(character)?.count ?? 0
                for byte in 0..<width { #expect(decoded.originalOffset(offset + byte) == place) }
                offset += width
                place += character.value > 0xFFFF ? 4 : 2
            }
            #expect(decoded.originalOffset(offset) == bytes.count)
        }
    }

    @Test(
        "Bytes with neither a byte order mark nor a NUL in each pair are not UTF-16",
        arguments: [[], [0xFF], [0x41, 0], [0x41, 0, 0x42, 0x43], [0, 0, 0x41, 0], [0x41, 0, 0x42, 0, 0x43]]
            as [[UInt8]]
    )
    func notUTF16(bytes: [UInt8]) {
        bytes.withUnsafeBytes { #expect(TextEncoding.utf16(in: $0) == nil) }
    }
}

@Suite("Kinds of paths")
struct PathKindTests {
    @Test(
        "Files that a tool writes are known by name, ending or folder",
        arguments: [
            "package-lock.json", "a/b/Cargo.lock", "dist/app.min.js", "x.js.map", "node_modules/a/index.js",
            "VENDOR/x.go", "a.ipynb",
        ])
    func generated(path: String) { #expect(PathKind.isGenerated(path)) }

    @Test("Others are not", arguments: ["app.js", "vendor", "lock", "node_modules.md", "map/x.py", ".env", ""])
    func written(path: String) { #expect(!PathKind.isGenerated(path)) }
}

@Suite("Git LFS pointers")
struct LFSPointerTests {
    @Test("A pointer's digest is read, and tells where the content is")
    func pointer() throws {
        let bytes = Array(LFS.pointer(LFS.digest).utf8)
        let pointer = try #require(bytes.withUnsafeBytes { LFSPointer($0) })
        #expect(pointer.digest == LFS.digest)
        #expect(
            pointer.path(in: "/g/")
                == "/g/lfs/objects/\(LFS.digest.prefix(2))/\(LFS.digest.dropFirst(2).prefix(2))/\(LFS.digest)")
    }

    @Test("Anything else is none", arguments: ["", "short", "upper", "other", "path"])
    func malformed(what: String) {
        let text =
            switch what {
            case "short": LFS.pointer(String(LFS.digest.dropLast()) + "")
            case "upper": LFS.pointer(LFS.digest.uppercased() + "")
            case "other": "x" + LFS.pointer(LFS.digest)
            case "path": LFS.pointer(String(LFS.digest.dropLast(3)) + "/..")
            default: ""
            }
        Array(text.utf8).withUnsafeBytes { #expect(LFSPointer($0) == nil) }
    }
}
