// What must hold for any bytes at all: losslessness, spans in order, linear work, values that survive quoting.

import Testing

@testable import Dotenv

/// A small generator of the same numbers every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

struct DotenvPropertyTests {
    private static let realistic = Array(
        """
        # Application
        export APP_NAME="My App" # shown
        PORT=3000
        DATABASE_URL='postgres://u:p@h/db?x=#1'
        KEY="-----BEGIN-----
        line \\"two\\"
        -----END-----"
        EMPTY=
        REF=${PORT}/x
        YAML: value
        BARE
        TICK=`a "b" 'c'`\r
        WIN='C:\\'

        """.utf8)

    private static let alphabet =
        Array(" \t\r\n\r\n='\"`\\#$:{}()AbC_1;~é".utf8) + [0x00, 0xFF, 0xFE, 0xC3, 0xEF, 0xBB, 0xBF]

    /// Random bytes, random text of the characters that matter, or a realistic file with a few bytes changed.
    private static func input(seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        switch seed % 4 {
        case 0: return (0..<Int.random(in: 0...200, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        case 1:
            return (0..<Int.random(in: 0...80, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        case 2:
            let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF]]
            return (marks.randomElement(using: &random) ?? [])
                + (0..<Int.random(in: 0...81, using: &random)).map { _ in
                    Bool.random(using: &random) ? 0 : alphabet.randomElement(using: &random) ?? 0
                }
        default:
            var bytes = realistic
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                default: bytes[place] = alphabet.randomElement(using: &random) ?? 0
                }
            }
            return bytes
        }
    }

    @Test func `every input comes back byte for byte, and its nodes tile the text`() {
        for seed in 0..<8_000 as Range<UInt64> {
            let input = Self.input(seed: seed)
            let document = DotenvDocument(parsing: input)
            guard document.serialized() == input else {
                Issue.record("seed \(seed) does not come back")
                continue
            }
            var end = 0
            for node in document.nodes {
                #expect(node.span.lowerBound == end && !node.span.isEmpty, "seed \(seed)")
                end = node.span.upperBound
            }
            #expect(end == document.text.count, "seed \(seed)")
            #expect(document.originalRange(of: 0..<document.text.count) == 0..<input.count, "seed \(seed)")
        }
    }

    @Test func `the spans of an entry nest and follow each other`() {
        for seed in 0..<8_000 as Range<UInt64> {
            let document = DotenvDocument(parsing: Self.input(seed: seed))
            for entry in document.entries {
                let isNested =
                    entry.span.lowerBound <= entry.keySpan.lowerBound
                    && !entry.keySpan.isEmpty
                    && entry.keySpan.upperBound + (entry.hasSeparator ? 1 : 0) <= entry.rawValueSpan.lowerBound
                    && entry.rawValueSpan.lowerBound <= entry.valueSpan.lowerBound
                    && entry.valueSpan.upperBound <= entry.rawValueSpan.upperBound
                    && entry.rawValueSpan.upperBound <= entry.commentSpan?.lowerBound ?? entry.span.upperBound
                    && entry.commentSpan?.upperBound ?? 0 <= entry.span.upperBound
                #expect(isNested, "seed \(seed)")
                #expect(document.position(of: entry.keySpan.lowerBound).line == entry.line, "seed \(seed)")
            }
        }
    }

    @Test func `every entry has a reading in every dialect, and a reason exactly when it is ambiguous`() {
        for seed in 0..<8_000 as Range<UInt64> {
            let document = DotenvDocument(parsing: Self.input(seed: seed))
            for entry in document.entries {
                let readings = Set(Dialect.allCases.map { document.reading(of: entry, in: $0) })
                #expect(document.isAmbiguous(entry) == (entry.hasSeparator && readings.count > 1), "seed \(seed)")
                #expect((document.ambiguity(entry) != nil) == document.isAmbiguous(entry), "seed \(seed)")
            }
        }
    }

    @Test(
        "Work is linear in the size of the file, whatever its quotes",
        arguments: [
            "\"\n", "A=\"\n", "A=\"x\n", "A='x\n", "A=`x\n", "A=\"x\nB='x\nC=`x\n", "A=\"\\\"x\n", "A=\"\\\\\"x\n",
            "A=\" \" x\n",
            "A='\\'\n", "A=\"\\\n",
        ])
    func linearWork(line: String) {
        let text = Array(repeatElement(line.utf8, count: 200_000).joined())
        var parser = DotenvParser(text: text, start: 0)
        let nodes = parser.parse()
        #expect(nodes.last?.span.upperBound == text.count)
        // Each byte at most once per kind of quote, and once more by the look at the end of the line.
        #expect(parser.searchedBytes <= 6 * text.count)
    }

    @Test("A quoted value reads back as itself, and hardly any value cannot be quoted", arguments: Dialect.allCases)
    func quoting(dialect: Dialect) throws {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "a", "B", "0", " ", "'", "\"", "`", "\\", "#", "$", "${A}", "\n", "\t", "=", "\\n", "~", ";", "&", "é", "{",
            ",",
        ]
        var refused = 0
        for _ in 0..<3_000 {
            let value = (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
                Array((pieces.randomElement(using: &random) ?? "").utf8)
            }
            guard let quoted = Quoting.quoted(value, for: dialect) else {
                refused += 1
                continue
            }
            let document = DotenvDocument(parsing: Array("X='1'\nKEY=".utf8) + quoted + Array("\nZ=\"2\"\n".utf8))
            try #require(document.entries.count == 3)
            #expect(document.reading(of: document.entries[1], in: dialect) == .value(value))
        }
        switch dialect {
        case .compose, .shell: #expect(refused == 0)
        case .node, .python: #expect(refused < 1_500)
        }
    }
}
