// Reports on many repositories: parts make the whole, and damage is noticed.

import Detection
import Scanning
import Testing

@testable import Reporting

@Suite("Fleet documents")
struct FleetDocumentTests {
    /// Repositories with names that somebody chose to break out, some clean, some that could not be read.
    private static func fleet(_ seed: UInt64) throws -> (list: RepositoryList, document: FleetDocument) {
        var random = Seeded(seed)
        let names = (0..<Int.random(in: 1...12, using: &random)).map { number in
            let text = HostileReport.text(&random).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
            return "r\(number)/" + String(String.UnicodeScalarView(text))
        }
        let list = try RepositoryList(parsing: Array(names.joined(separator: "\n").utf8))
        let entries = try list.entries.map { entry in
            switch Int.random(in: 0...3, using: &random) {
            case 0: try FleetEntry(entry, failure: "because of " + HostileReport.text(&random))
            case 1: try FleetEntry(entry, Story.empty, version: "1.2.3")
            // Few seeds, so that values stand in several.
            default:
                try FleetEntry(
                    entry, HostileReport.make(seed: UInt64.random(in: 1...3, using: &random)), version: "1.2.3")
            }
        }
        return (list, FleetDocument(header: header(list, .whole), entries: entries))
    }

    private static func header(_ list: RepositoryList, _ shard: Shard) -> FleetHeader {
        FleetHeader(
            version: "1.2.3", rules: String(repeating: "0a", count: 16), repositoryCount: list.entries.count,
            listDigest: list.digest, settings: ["scope": "all", "since": "\"\n##vso[x]"], shard: shard)
    }

    private static func parts(_ list: RepositoryList, _ whole: FleetDocument, _ count: Int) throws -> [(
        name: String, document: FleetDocument
    )] {
        try (1...count).map { index in
            let shard = try #require(Shard(index: index, count: count))
            let part = FleetDocument(
                header: header(list, shard), entries: whole.entries.filter { shard.holds($0.path) })
            let file = "shard \(index)"
            return (file, try FleetDocument(parsing: part.bytes(), file: file))
        }
    }

    @Test("any number of parts, in any order, is the whole byte for byte", arguments: 1...10)
    func merged(seed: UInt64) throws {
        let (list, whole) = try Self.fleet(seed)
        var random = Seeded(seed + 1_000)
        for count in 1...5 {
            let parts = try Self.parts(list, whole, count).shuffled(using: &random)
            #expect(try FleetDocument.merging(parts).bytes() == whole.bytes())
            // A part that is there twice and says the same does no harm.
            #expect(try FleetDocument.merging(parts + [parts[0]]).bytes() == whole.bytes())
        }
    }

    @Test("a part that is not there is missed by its number", arguments: 1...4)
    func missing(seed: UInt64) throws {
        let (list, whole) = try Self.fleet(seed)
        var parts = try Self.parts(list, whole, 4)
        parts.remove(at: 2)
        #expect(throws: FleetError.missing([3], count: 4)) { try FleetDocument.merging(parts) }
    }

    @Test("a repository that went out of a part is missed")
    func uncovered() throws {
        let (list, whole) = try Self.fleet(5)
        var parts = try Self.parts(list, whole, 1)
        let lost = parts[0].document.entries.removeLast()
        #expect(throws: FleetError.uncovered([lost.position])) { try FleetDocument.merging(parts) }
    }

    @Test("a repository that is not a part's own is refused")
    func stranger() throws {
        let (list, whole) = try Self.fleet(5)
        var parts = try Self.parts(list, whole, 2)
        let receiver = parts[0].document.entries.isEmpty ? 0 : 1
        parts[receiver].document.entries.append(try #require(parts[1 - receiver].document.entries.first))
        #expect(throws: FleetError.self) { try FleetDocument.merging(parts) }
    }

    @Test("what is cut short is no document, wherever it was cut")
    func cut() throws {
        let bytes = try Self.fleet(3).document.bytes()
        for end in stride(from: 0, to: bytes.count - 1, by: max(1, bytes.count / 60)) {
            #expect(throws: FleetError.self) { try FleetDocument(parsing: Array(bytes[..<end]), file: "cut") }
        }
    }

    @Test("a byte that is another is noticed or does no harm")
    func damaged() throws {
        let bytes = try Self.fleet(3).document.bytes()
        var random = Seeded(99)
        for _ in 0..<60 {
            var damaged = bytes
            damaged[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let document = try? FleetDocument(parsing: damaged, file: "damaged") else { continue }
            _ = try? FleetDocument.merging([("damaged", document)])
            _ = FleetReport().text(for: FleetSummary(document.entries), header: document.header)
        }
    }

    @Test("no name gets out of a form", arguments: 1...20)
    func hostile(seed: UInt64) throws {
        let document = try Self.fleet(seed).document
        let summary = FleetSummary(document.entries)
        let markdown = FleetReport.markdown(for: summary, header: document.header)
        let texts = [
            FleetReport().text(for: summary, header: document.header), FleetReport().lines(for: summary), markdown,
            String(decoding: try FleetReport.lines(for: summary, header: document.header), as: UTF8.self),
            String(decoding: try document.bytes(), as: UTF8.self),
        ]
        for text in texts {
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value))
                })
            #expect(!text.contains("##vso["))
        }
        for row in markdown.split(separator: "\n") where row.hasPrefix("| ") {
            var pipes = 0
            var isEscaped = false
            for character in row {
                if character == "|", !isEscaped { pipes += 1 }
                isEscaped = character == "\\" && !isEscaped
            }
            #expect(pipes == 8, "\(row)")
        }
    }

    @Test("a summary counts values once, dotenv files by repository")
    func counts() throws {
        let list = try RepositoryList(parsing: Array("a\nb\nc".utf8))
        let file = Story.dotenvFile(
            7, .medium, Story.place(.blob(Story.id("b1"), path: ".env"), 1, 1, [.head]), .init(isInHead: true))
        var report = Story.one
        report.findings.append(file)
        let summary = FleetSummary([
            try FleetEntry(list.entries[0], report, version: "1"),
            try FleetEntry(list.entries[1], report, version: "1"),
            try FleetEntry(list.entries[2], failure: "gone"),
        ])
        let document = summary.document
        #expect(document.findings == 3)
        #expect(document.shared.map(\.repositories) == [["a", "b"]])
        #expect(document.shared.map(\.ruleId) == ["sendgrid-api-key"])
        #expect(document.withFindings == 2 && document.failed == 1 && !document.complete)
        #expect(summary.worst == .critical)
    }
}

@Suite("Lists of repositories")
struct RepositoryListTests {
    @Test("paths count, comments and white space do not")
    func lines() throws {
        let text = "\u{FEFF}# all\r\n  a/b \r\n\n\t# more\nc#d\na/b\n"
        let list = try RepositoryList(parsing: Array(text.utf8))
        #expect(list.entries.map(\.path) == ["a/b", "c#d"])
        #expect(list.entries.map(\.position) == [1, 2])
        #expect(list.repeated == ["a/b"])
        #expect(list.digest == (try RepositoryList(parsing: Array("a/b\nc#d".utf8)).digest))
        #expect(list.digest != (try RepositoryList(parsing: Array("c#d\na/b".utf8)).digest), "the order counts")
    }

    @Test("any bytes are a list or are refused", arguments: 1...60)
    func anyBytes(seed: UInt64) {
        var random = Seeded(seed)
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : UInt8(ascii: "\n")
        }
        guard let list = try? RepositoryList(parsing: bytes) else { return }
        #expect(list.entries.allSatisfy { !$0.path.isEmpty && !$0.path.contains("\n") })
        #expect(list.entries.map(\.position) == Array(1...list.entries.count))
    }

    @Test("a shard is two numbers", arguments: ["1/1", "2/4", "10000/10000"])
    func shards(text: String) throws { #expect(try #require(Shard(text)).description == text) }

    @Test(
        "what is none is refused",
        arguments: ["", "/", "1", "0/1", "2/1", "1/0", "+1/2", "-1/2", "1/2/3", "1/10001", " 1/2"])
    func noShards(text: String) { #expect(Shard(text) == nil) }
}
