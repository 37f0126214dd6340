// A report that is written and read again is the same report; bytes that are none are refused.

import Detection
import Git
import Testing

@testable import Scanning

@Suite struct ReportCodingTests {
    @Test(arguments: 0..<60)
    func `every report survives being kept`(seed: UInt64) throws {
        var source = RandomReport(seed: seed)
        let report = source.report()
        var writer = ReportWriter()
        report.write(to: &writer)
        var reader = ReportReader(writer.bytes[...])
        let read = try ScanReport(from: &reader)
        #expect(reader.isAtEnd)
        #expect(described(read) == described(report))
    }

    /// A field that is added to a report is lost by the cache until it is taught: then this list grows as well.
    /// `isNestedIncluded`, `accepted` and `isAccepted` are not kept: reports with other repositories have no key, and
    /// what is accepted is told of a report after it was kept.
    @Test func `no part of a report is forgotten`() throws {
        var source = RandomReport(seed: 1)
        let report = source.report()
        func fields(_ value: Any) -> [String] { Mirror(reflecting: value).children.compactMap(\.label) }
        #expect(
            fields(report) == [
                "target", "scope", "findings", "dotenvFiles", "ignoreAudit", "gradedDown", "excludedCount", "gaps",
                "notes", "nestedRepositories", "isNestedIncluded", "accepted", "statistics",
            ])
        #expect(fields(report.target) == ["path", "kind", "head", "isShallow", "isPartial", "isHistoryKnown"])
        #expect(
            fields(source.finding()) == [
                "fingerprint", "ruleID", "title", "provider", "severity", "verdict", "mask", "name", "reason",
                "revocation", "occurrences", "history",
            ])
        #expect(fields(source.occurrence()) == ["source", "range", "line", "column", "reach"])
        #expect(
            fields(source.history()) == [
                "introduced", "removed", "commitCount", "references", "isInHead", "isPushed",
            ])
        #expect(fields(source.commit()) == ["id", "authorName", "authorEmail", "time", "subject"])
        #expect(
            fields(source.dotenvFile()) == [
                "path", "isTemplate", "standing", "versionCount", "history", "entries", "isAccepted",
            ])
        #expect(fields(source.entry()) == ["key", "valueClass", "reason", "isAmbiguous", "findings"])
        #expect(
            fields(source.audit()) == [
                "openNames", "privatelyIgnored", "trackedThoughIgnored", "ignoredTemplates", "fix", "obstacles",
            ])
        #expect(
            fields(report.statistics) == [
                "objectCount", "knownObjectCount", "blobCount", "commitCount", "fileCount", "byteCount", "ruleCount",
                "seconds",
            ])
    }

    @Test func `damaged bytes are refused, never followed`() {
        var source = RandomReport(seed: 7)
        var writer = ReportWriter()
        source.report().write(to: &writer)
        let whole = writer.bytes
        for length in 0..<whole.count {
            var reader = ReportReader(whole[..<length])
            #expect(throws: ReportReader.Damaged.self) { try ScanReport(from: &reader) }
        }
        // Whatever comes of it, the program lives.
        for round in 0..<3_000 {
            var bytes = whole
            for _ in 0...(round % 5) { bytes[source.number(0..<bytes.count)] = UInt8(source.number(0..<256)) }
            var reader = ReportReader(bytes[...])
            _ = try? ScanReport(from: &reader)
        }
        for _ in 0..<3_000 {
            let bytes = (0..<source.number(0..<200)).map { _ in UInt8(source.number(0..<256)) }
            var reader = ReportReader(bytes[...])
            _ = try? ScanReport(from: &reader)
        }
    }

    @Test(arguments: [0, 1, -1, 63, 64, -64, -65, 127, 128, Int.max, Int.min, Int.max - 1, Int.min + 1])
    func `numbers of every size survive`(number: Int) throws {
        var writer = ReportWriter()
        writer.write(number)
        writer.write(bits: UInt64(bitPattern: Int64(number)))
        var reader = ReportReader(writer.bytes[...])
        #expect(try reader.number() == number)
        #expect(try reader.bits() == UInt64(bitPattern: Int64(number)))
        #expect(reader.isAtEnd)
    }
}

/// All of a value, as text; sets in an order of their own.
private func described(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    let parts = mirror.children.map { ($0.label ?? "") + "=" + described($0.value) }
    guard !parts.isEmpty else { return "\(value)" }
    return "\(mirror.subjectType)(" + (mirror.displayStyle == .set ? parts.sorted() : parts).joined(separator: ",")
        + ")"
}

/// Reports that nobody would have thought of, the same ones for the same seed.
struct RandomReport {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            // SplitMix64.
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private var generator: Generator

    init(seed: UInt64) { generator = Generator(state: seed) }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
    private mutating func flag() -> Bool { Bool.random(using: &generator) }
    private mutating func any<Value: CaseIterable>(_ type: Value.Type) -> Value {
        pick(Array(type.allCases))
    }

    /// One of several; there is one at least.
    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0..<values.count)] }

    private mutating func text() -> String {
        let alphabet = Array("aB9/._- \n\u{0}äé日\u{1F511}\u{202E}\"")
        return String((0..<number(0..<12)).map { _ in pick(alphabet) })
    }

    private mutating func list<Value>(_ most: Int, _ make: (inout RandomReport) -> Value) -> [Value] {
        (0..<number(0..<most + 1)).map { _ in make(&self) }
    }

    private mutating func maybe<Value>(_ make: (inout RandomReport) -> Value) -> Value? { flag() ? make(&self) : nil }
    private mutating func texts() -> [String] { list(3) { $0.text() } }

    private mutating func id() -> ObjectID {
        var bytes = (0..<20).map { _ in UInt8(number(0..<256)) }
        return bytes.withUnsafeMutableBytes { buffer in
            ObjectID(reading: buffer.baseAddress.unsafelyUnwrapped)
        }
    }

    mutating func report() -> ScanReport {
        let kinds: [ScanReport.Target.Kind] = [.worktree, .linkedWorktree, .bare, .folder, .standardInput]
        var report = ScanReport(
            target: .init(
                path: text(), kind: pick(kinds), head: maybe { $0.text() },
                isShallow: flag(), isPartial: flag()),
            scope: text(), findings: list(4) { $0.finding() }, dotenvFiles: list(3) { $0.dotenvFile() },
            ignoreAudit: maybe { $0.audit() }, gradedDown: number(0..<9), gaps: list(3) { $0.gap() }, notes: texts())
        report.target.isHistoryKnown = flag()
        report.excludedCount = number(-2..<2_000)
        report.nestedRepositories = texts()
        report.statistics.objectCount = number(0..<Int.max)
        report.statistics.blobCount = number(0..<300)
        report.statistics.commitCount = number(0..<1 << 20)
        report.statistics.fileCount = number(0..<9)
        report.statistics.byteCount = number(0..<Int.max)
        report.statistics.ruleCount = number(0..<400)
        report.statistics.seconds = Double.random(in: 0..<100, using: &generator)
        return report
    }

    mutating func finding() -> Finding {
        Finding(
            fingerprint: Fingerprint(bits: generator.next()), ruleID: text(), title: text(), provider: text(),
            severity: any(Severity.self), verdict: any(Verdict.self), mask: text(), name: maybe { $0.text() },
            reason: text(), revocation: text(), occurrences: list(3) { $0.occurrence() }, history: history())
    }

    mutating func occurrence() -> Occurrence {
        let source: Occurrence.Source =
            switch number(0..<5) {
            case 0: .blob(id(), path: maybe { $0.text() })
            case 1: .file(path: text())
            case 2: .commitMessage(id())
            case 3: .tagMessage(id())
            default: .standardInput
            }
        let start = number(0..<10_000)
        return Occurrence(
            source: source, range: start..<start + number(0..<500), line: number(1..<900), column: number(1..<90),
            reach: Set(list(5) { $0.any(Reach.self) }))
    }

    mutating func history() -> History {
        History(
            introduced: maybe { $0.commit() }, removed: maybe { $0.commit() }, commitCount: number(0..<200),
            references: texts(), isInHead: flag(), isPushed: flag())
    }

    mutating func commit() -> CommitSummary {
        CommitSummary(
            id: id(), authorName: text(), authorEmail: text(), time: Int64(number(-9_999..<9_999_999_999)),
            subject: text())
    }

    mutating func dotenvFile() -> DotenvFileReport {
        let standings: [DotenvFileReport.Standing] = [.tracked, .history, .untracked, .ignored]
        return DotenvFileReport(
            path: text(), isTemplate: flag(), standing: pick(standings),
            versionCount: number(0..<50), history: history(), entries: list(3) { $0.entry() })
    }

    mutating func entry() -> DotenvEntryReport {
        DotenvEntryReport(
            key: text(), valueClass: any(ValueClass.self), reason: text(), isAmbiguous: flag(),
            findings: list(3) { Fingerprint(bits: $0.generator.next()) })
    }

    mutating func audit() -> IgnoreAudit {
        var audit = IgnoreAudit(
            openNames: texts(), trackedThoughIgnored: texts(), ignoredTemplates: texts(), fix: texts(),
            obstacles: texts())
        audit.privatelyIgnored = texts()
        return audit
    }

    private mutating func gap() -> Gap { Gap(kind: any(Gap.Kind.self), subject: text(), reason: text()) }
}
