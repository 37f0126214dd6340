// Dotenv files that their readers read as the values.

import Dotenv
import Foundation
import JSON
import Testing

@testable import Delivery

@Suite("Export as dotenv")
struct DotenvExportTests {
    @Test("Without a dialect, what is written is read the same by all", arguments: 0..<8)
    func all(_ seed: UInt64) throws {
        var random = Seeded(seed &+ 7)
        let (values, _) = writable((0..<40).map { DeliveredValue("K\($0)", bytes: random.text()) }, nil)
        try #require(!values.isEmpty)
        let document = DotenvDocument(parsing: try Exporter.run(.dotenv, values).parts[0].content.bytes)
        #expect(document.entries.map(\.key) == values.map(\.key))
        for (entry, value) in zip(document.entries, values) {
            for dialect in Dialect.allCases {
                #expect(document.reading(of: entry, in: dialect) == .value(value.bytes), "\(dialect)")
            }
        }
    }

    @Test("A shell can write and read any text", arguments: 0..<4)
    func shellDialect(_ seed: UInt64) throws {
        let shell = try #require(Program("sh"))
        var random = Seeded(seed &+ 11)
        let (values, refused) = writable((0..<40).map { DeliveredValue("K\($0)", bytes: random.text()) }, .shell)
        // A value with both kinds of quotes and nothing else the readers share may not be writable; most are.
        #expect(refused.count < 10)
        let folder = try TemporaryFolder()
        let content = try Exporter.run(.dotenv, values) { $0.dialect = .shell }.parts[0].content
        let file = try folder.write(".env", content)
        let (status, output) = try shell.run(["-c", "set -aeu; . '\(file.path)'; exec env -0"], folder: folder.url)
        #expect(status == 0)
        let variables = Set(output.split(separator: 0).map(Array.init))
        for value in values { #expect(variables.contains(Array("\(value.key)=".utf8) + value.bytes), "\(value.key)") }
    }

    @Test(
        "python-dotenv reads exactly the values, from its own dialect and from the common one",
        .enabled(if: Program.python(has: "dotenv")), arguments: [Dialect.python, nil], 0..<4)
    func python(_ dialect: Dialect?, _ seed: UInt64) throws {
        let python = try #require(Program("python3"))
        var random = Seeded(seed &+ 23)
        let (values, _) = writable((0..<60).map { DeliveredValue("K\($0)", bytes: random.text()) }, dialect)
        let script = """
            import dotenv, io, sys
            text = sys.stdin.buffer.read().decode()
            read = dotenv.dotenv_values(stream=io.StringIO(text, newline=""))
            for k, v in read.items(): sys.stdout.buffer.write(k.encode() + b"=" + v.encode() + b"\\0")
            """
        let content = try Exporter.run(.dotenv, values) { $0.dialect = dialect }.parts[0].content
        let output = try python.run(["-c", script], input: content.bytes).output
        #expect(output.split(separator: 0).map(Array.init) == values.map { Array("\($0.key)=".utf8) + $0.bytes })
    }

    @Test("A value that no quoting holds for all is refused by key, with the dialects that are in the way")
    func refused() {
        // python-dotenv expands `${…}` even in single quotes.
        let values = [DeliveredValue("OK", "v"), DeliveredValue("REF", "a${P}")]
        #expect(throws: DeliveryError.refused([RefusedKey(key: "REF", reason: .unwritable([.python]))])) {
            try Exporter.run(.dotenv, values)
        }
        #expect(throws: Never.self) { try Exporter.run(.dotenv, values) { $0.dialect = .node } }
    }

    @Test("A backslash at the end stays one though a later value has a quote at the end of a line")
    func backslashAtEnd() throws {
        let values = [DeliveredValue("A", "C:\\"), DeliveredValue("B", "\n'\n\"\n")]
        for dialect in [Dialect.shell, .python, .compose] {
            let export = try Exporter.run(.dotenv, values) { $0.dialect = dialect }
            #expect(export.keys == ["A", "B"])
            // Single quotes would do alone, and not before the second value.
            if dialect == .shell { #expect(export.text.hasPrefix("A=\"C:\\\\\"\n")) }
        }
    }

    @Test("A name that one dialect does not let be set needs another dialect")
    func readOnlyName() throws {
        #expect(throws: DeliveryError.refused([RefusedKey(key: "UID", reason: .unwritable([.shell]))])) {
            try Exporter.run(.dotenv, [DeliveredValue("UID", "1")])
        }
        #expect(try Exporter.run(.dotenv, [DeliveredValue("UID", "1")]) { $0.dialect = .node }.text == "UID=1\n")
    }

    @Test("Plain values have no quotes, empty ones have, and awkward ones have single quotes")
    func form() throws {
        let values = [
            DeliveredValue("A", "abc-1.2"), DeliveredValue("B", ""), DeliveredValue("C", "p@ss#word $2a$08"),
            DeliveredValue("D", "5432", .number),
        ]
        #expect(try Exporter.run(.dotenv, values).text == "A=abc-1.2\nB=''\nC='p@ss#word $2a$08'\nD=5432\n")
    }

    /// Those that the dialect can hold, and those it cannot, which must be refused one by one as well.
    private func writable(_ values: [DeliveredValue], _ dialect: Dialect?) -> ([DeliveredValue], [DeliveredValue]) {
        do {
            _ = try Exporter.run(.dotenv, values) { $0.dialect = dialect }
            return (values, [])
        } catch DeliveryError.refused(let refused) {
            let keys = Set(refused.map(\.key))
            #expect(refused.allSatisfy { if case .unwritable = $0.reason { true } else { false } })
            return (values.filter { !keys.contains($0.key) }, values.filter { keys.contains($0.key) })
        } catch {
            Issue.record(error)
            return ([], values)
        }
    }
}
