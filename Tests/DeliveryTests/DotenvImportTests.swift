// What an import takes from a dotenv file, and what it refuses.

import Dotenv
import Testing

@testable import Delivery

@Suite("Import from dotenv")
struct DotenvImportTests {
    typealias Refusal = DotenvImportError.Refusal

    private func importing(
        _ text: String, only: [String] = [], excluding: [String] = [], _ dialects: [Dialect] = Dialect.allCases,
        keepsReferences: Bool = false
    ) throws -> DotenvImport {
        try importing(Array(text.utf8), only: only, excluding: excluding, dialects, keepsReferences: keepsReferences)
    }

    private func importing(
        _ bytes: [UInt8], only: [String] = [], excluding: [String] = [], _ dialects: [Dialect] = Dialect.allCases,
        keepsReferences: Bool = false
    ) throws -> DotenvImport {
        try DotenvImport(
            of: DotenvDocument(parsing: bytes),
            options: DotenvImport.Options(
                selection: KeySelection(only: only, excluding: excluding), dialects: dialects,
                keepsReferences: keepsReferences))
    }

    @Test("Keys come in the order of the file, with their values, lines and whether they are empty")
    func plain() throws {
        let found = try importing("# head\nB='two words'\n\nexport A=1\nE=\nQ=\"\"\n")
        #expect(found.items.map(\.key) == ["B", "A", "E", "Q"])
        #expect(found.items.map(\.value.string) == ["two words", "1", "", ""])
        #expect(found.items.map(\.line) == [2, 4, 5, 6])
        #expect(found.items.map(\.state) == [.present, .present, .empty, .empty])
        #expect(found.items.allSatisfy { $0.overruledLines.isEmpty && !$0.holdsReference && $0.isEnvironmentName })
    }

    @Test("Of several entries with one key the last counts, and the others are told by line")
    func duplicates() throws {
        let found = try importing("A=1\nB=2\nA=3\nA=4\n")
        #expect(found.items.map(\.key) == ["A", "B"])
        #expect(found.items.map(\.value.string) == ["4", "2"])
        #expect(found.items[0].line == 4)
        #expect(found.items[0].overruledLines == [1, 3])
    }

    @Test("A value that dialects read differently is refused, with what each makes of it")
    func ambiguous() {
        let readings = [
            DialectReading(dialect: .node, kind: .cutsAtHash), DialectReading(dialect: .python, kind: .keepsHash),
            DialectReading(dialect: .compose, kind: .keepsHash), DialectReading(dialect: .shell, kind: .keepsHash),
        ]
        let refusal = Refusal(key: "K", line: 2, reason: .ambiguous(readings))
        #expect(throws: DotenvImportError.refused([refusal])) { try importing("OK=1\nK=p@ss#word\n") }
    }

    @Test("With a dialect it is what that dialect reads", arguments: [(Dialect.node, "p@ss"), (.python, "p@ss#word")])
    func named(_ dialect: Dialect, _ expected: String) throws {
        #expect(try importing("K=p@ss#word\n", [dialect]).items[0].value.string == expected)
    }

    @Test("Dialects that agree among themselves need no choice")
    func someDialects() throws {
        #expect(try importing("K=p@ss#word\n", [.python, .compose]).items[0].value.string == "p@ss#word")
        #expect(throws: DotenvImportError.self) { try importing("K=p@ss#word\n", [.python, .node]) }
    }

    static let kinds: [(String, [Dialect], [DialectReading.Kind])] = [
        (#"K="a\tb""#, [.node, .python], [.keepsBackslashes, .decodesEscapes]),
        ("K=`v`", [.node, .python], [.dropsQuotes, .keepsQuotes]),
        ("K=v\r", [.node, .shell], [.dropsCarriageReturn, .keepsCarriageReturn]),
        ("K='a${P}'", [.node, .python], [.plain, .expands]),
        ("K: v", [.node, .python], [.plain, .doesNotDefine]),
        ("K=a b", [.python, .shell], [.plain, .refuses("runs the second word as a command")]),
    ]

    @Test("The kinds of differences are told apart", arguments: kinds)
    func kind(_ text: String, _ dialects: [Dialect], _ kinds: [DialectReading.Kind]) {
        let readings = zip(dialects, kinds).map { DialectReading(dialect: $0, kind: $1) }
        let refusal = Refusal(key: "K", line: 1, reason: .ambiguous(readings))
        #expect(throws: DotenvImportError.refused([refusal])) { try importing(text + "\n", dialects) }
    }

    @Test("A later line that one dialect passes over leaves it the earlier one")
    func earlier() throws {
        let readings = [
            DialectReading(dialect: .node, kind: .plain), DialectReading(dialect: .python, kind: .takesEarlierEntry),
        ]
        let refusal = Refusal(key: "K", line: 2, reason: .ambiguous(readings))
        #expect(throws: DotenvImportError.refused([refusal])) { try importing("K=a\nK: b\n", [.node, .python]) }
        #expect(try importing("K=a\nK: b\n", [.python]).items.map(\.value.string) == ["a"])
        #expect(try importing("K=a\nK: b\n", [.node]).items.map(\.value.string) == ["b"])
    }

    @Test("No refusal holds a byte of a value", arguments: 0..<300)
    func noValue(_ seed: UInt64) throws {
        var random = Seeded(seed &+ 61)
        let needle = Array("NEEDLE".utf8)
        let value = random.text() + needle + random.text() + needle
        do {
            _ = try importing(Array("K=".utf8) + value + [10], only: ["K"])
        } catch {
            #expect(!"\(error)".contains("NEEDLE"))
            if case DotenvImportError.refused(let refusals) = error {
                for case .ambiguous(let readings) in refusals.map(\.reason) {
                    #expect(!readings.map(\.kind.phrase).joined().contains("NEEDLE"))
                }
            }
        }
    }

    @Test("A reference is refused, and stored as it is written when that is asked for")
    func references() throws {
        let refusal = Refusal(key: "URL", line: 1, reason: .references)
        #expect(throws: DotenvImportError.refused([refusal])) { try importing("URL=\"http://${HOST}/\"\n", [.python]) }
        let found = try importing("URL=\"http://${HOST}/\"\nA=1\n", keepsReferences: true)
        #expect(found.items[0].value.string == "http://${HOST}/")
        #expect(found.items.map(\.holdsReference) == [true, false])
    }

    @Test(
        "What would be read in yet another way is refused even then",
        arguments: ["\"a\\\"${P}\"", "`id`", "\"$(id)`x`\""])
    func referencesInEscapes(_ value: String) {
        #expect(throws: DotenvImportError.self) { try importing("K=\(value)\n", [.shell], keepsReferences: true) }
    }

    @Test("Bare keys have no value: listed, and an error when one is asked for by name")
    func bare() throws {
        let found = try importing("A=1\nBARE\n")
        #expect(found.items.map(\.key) == ["A"])
        #expect(found.bare.map(\.key) == ["BARE"])
        #expect(found.bare.map(\.line) == [2])
        #expect(throws: DotenvImportError.refused([Refusal(key: "BARE", line: 2, reason: .noValue)])) {
            try importing("A=1\nBARE\n", only: ["A", "BARE"])
        }
    }

    @Test("Lines that are no entry are told by number")
    func malformed() throws {
        #expect(try importing("A=1\n== heading ==\nB=2\n").malformedLines == [2])
    }

    @Test("Keys are chosen by name and pattern; what is not chosen is in nobody's way")
    func selection() throws {
        let text = "DB_A=1\nDB_B=x#y\nX=2\n"
        #expect(try importing(text, only: ["DB_*", "X"], excluding: ["DB_B"]).items.map(\.key) == ["DB_A", "X"])
        #expect(throws: DotenvImportError.noSuchKeys(["Y", "Z*"])) { try importing(text, only: ["X", "Y", "Z*"]) }
    }

    @Test("Nothing to import is an error", arguments: ["", "\n# only words\n", "BARE\n"])
    func empty(_ text: String) {
        #expect(throws: DotenvImportError.empty) { try importing(text) }
    }

    @Test("Values that are no text are refused by key and line, though Node would read them")
    func notText() {
        let latin: [UInt8] = Array("A=1\nK='caf".utf8) + [0xE9] + Array("'\n".utf8)
        for dialects in [[Dialect.node], Dialect.allCases] {
            #expect(throws: DotenvImportError.refused([Refusal(key: "K", line: 2, reason: .notUTF8)])) {
                try importing(latin, dialects)
            }
        }
        #expect(throws: Never.self) { try importing(latin, only: ["A"]) }
        // UTF-16 with half a surrogate pair.
        let utf16: [UInt8] = [0xFF, 0xFE] + Array("K=".utf16).flatMap { [UInt8($0), 0] } + [0x00, 0xD8, 0x0A, 0x00]
        #expect(throws: DotenvImportError.refused([Refusal(key: "K", line: 1, reason: .notUTF8)])) {
            try importing(utf16, [.node])
        }
    }

    @Test("A UTF-16 file is imported as text")
    func utf16() throws {
        let bytes: [UInt8] = [0xFF, 0xFE] + Array("K='ä'\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(try importing(bytes).items.map(\.value.string) == ["ä"])
    }

    @Test("A NUL is refused by key and line")
    func nul() {
        #expect(throws: DotenvImportError.refused([Refusal(key: "K", line: 2, reason: .nul)])) {
            try importing(Array("A=1\nK='a".utf8) + [0] + Array("b'\n".utf8), [.node])
        }
    }

    @Test("A key that no dialect asked about reads is refused with its reason")
    func unreadable() {
        let readings = [DialectReading(dialect: .python, kind: .doesNotDefine)]
        #expect(throws: DotenvImportError.refused([Refusal(key: "K", line: 1, reason: .unreadable(readings))])) {
            try importing("K: v\n", [.python])
        }
    }

    @Test("A key that is no environment name is imported and flagged")
    func oddName() throws {
        #expect(try importing("a.b=1\n", [.node]).items.map(\.isEnvironmentName) == [false])
    }

    @Test("Any bytes are imported or refused, never more", arguments: 0..<400)
    func fuzz(_ seed: UInt64) {
        var random = Seeded(seed &+ 71)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            bytes += random.text()
            bytes.append([61, 10, 0, 255, 35, 39, 34][Int.random(in: 0..<7, using: &random)])
        }
        let document = DotenvDocument(parsing: bytes)
        for dialects in [Dialect.allCases, [.node], [.shell]] {
            for keepsReferences in [false, true] {
                guard
                    let found = try? importing(bytes, dialects, keepsReferences: keepsReferences)
                else { continue }
                #expect(!found.items.isEmpty)
                #expect(Set(found.items.map(\.key)).isSubset(of: document.entries.map(\.key)))
                #expect(found.items.allSatisfy { !$0.value.bytes.contains(0) })
            }
        }
    }

    @Test("What an export wrote, an import reads", arguments: 0..<8)
    func roundTrip(_ seed: UInt64) throws {
        var random = Seeded(seed &+ 83)
        var values = (0..<30).map { DeliveredValue("K\($0)", bytes: random.text()) }
        do { _ = try Exporter.run(.dotenv, values) { $0.dialect = .shell } } catch DeliveryError.refused(let refused) {
            let keys = Set(refused.map(\.key))
            values.removeAll { keys.contains($0.key) }
        }
        try #require(values.count > 20)
        let export = try Exporter.run(.dotenv, values) { $0.dialect = .shell }
        let found = try importing(export.parts[0].content.bytes, [.shell])
        #expect(found.items.map(\.key) == values.map(\.key))
        #expect(found.items.map(\.value.bytes) == values.map(\.bytes))
    }
}

@Suite("Dialects told from the files beside a dotenv file")
struct DialectDetectionTests {
    static let cases: [([String], [Dialect])] = [
        ([".env", "package.json"], [.node]), (["requirements.txt"], [.python]), (["requirements-dev.txt"], [.python]),
        (["pyproject.toml", "uv.lock"], [.python]), (["compose.yaml"], [.compose]),
        (["docker-compose.prod.yml"], [.compose]), (["compose.override.yaml"], [.compose]),
        (["docker-compose.yml", "package.json", "main.swift"], [.node, .compose]), (["README.md"], []), ([], []),
        (["my-package.json", "compose.txt", "requirements.md"], []),
    ]

    @Test("Each file tells its own", arguments: cases)
    func detected(_ names: [String], _ expected: [Dialect]) {
        #expect(Dialect.detected(beside: names) == expected)
    }
}
