// Texts that a report prints beside values, and which may hold one: subjects of commits, names, paths.

import Detection
import Git

/// A found value, kept as a hash: enough to notice it elsewhere, and of no use once the process has ended.
struct ValueTrace: Sendable, Hashable {
    /// In bytes.
    let length: Int
    /// Under a key that Swift makes anew for each process.
    private let hash: Int

    init(_ value: UnsafeRawBufferPointer) {
        length = value.count
        var hasher = Hasher()
        hasher.combine(bytes: value)
        hash = hasher.finalize()
    }
}

/// Covers found values in texts that are no places of findings.
struct ValueCover {
    private let reader: ValueReader
    private var traces: Set<ValueTrace> = []
    private let lengths: [Int]
    private var known: [String: String] = [:]
    /// Many findings name the same commit.
    fileprivate var knownCommits: [ObjectID: CommitSummary] = [:]

    /// What stands in the place of a value.
    static let cover = "(hidden)"
    /// Shorter values only count where they stand alone: they occur in other words by chance.
    private static let shortestWithin = 8

    /// - Parameter secrets: what a scan has found.
    init(_ secrets: some Sequence<SecretSummary>, _ compiled: CompiledRules) throws {
        reader = try ValueReader(compiled)
        for secret in secrets where secret.verdict.isSecret {
            if let trace = secret.trace { traces.insert(trace) }
        }
        lengths = Set(traces.map(\.length)).sorted()
    }

    /// Whether the text holds a value that was found somewhere.
    func isFoundValue(in text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { bytes in
            lengths.contains { length in
                length > 0 && length <= bytes.count
                    && (0...bytes.count - length).contains { start in
                        let range = start..<start + length
                        guard length >= Self.shortestWithin || Self.standsAlone(range, bytes) else { return false }
                        return traces.contains(ValueTrace(UnsafeRawBufferPointer(rebasing: bytes[range])))
                    }
            }
        }
    }

    /// The text with what looks like a secret covered.
    mutating func covered(_ text: String) throws -> String {
        if let known = known[text] { return known }
        var bytes = Array(text.utf8)
        let hits = try bytes.withUnsafeBytes { try reader.hits(in: $0) }
            .filter { reader.secrets[$0.secret]?.verdict.isSecret ?? true }
        for hit in hits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound })
        where hit.range.upperBound <= bytes.count {
            bytes.replaceSubrange(hit.range, with: Array(Self.cover.utf8))
        }
        let result = hits.isEmpty ? text : String(decoding: bytes, as: UTF8.self)
        known[text] = result
        return result
    }

    private static func standsAlone(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
        func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
        }
        return (range.lowerBound == 0 || !isWord(bytes[range.lowerBound - 1]))
            && (range.upperBound == bytes.count || !isWord(bytes[range.upperBound]))
    }
}

extension Verdict {
    fileprivate var isSecret: Bool { self != .placeholder && self != .publicByDesign }
}

extension ScanReport {
    /// Covers values in what the report says of commits, references and paths.
    mutating func hideValues(_ cover: inout ValueCover) throws {
        for index in findings.indices {
            try findings[index].history.hideValues(&cover)
            findings[index].occurrences = try findings[index].occurrences.map { try $0.hidingValues(&cover) }
        }
        for index in dotenvFiles.indices {
            try dotenvFiles[index].history.hideValues(&cover)
            dotenvFiles[index].path = try cover.covered(dotenvFiles[index].path)
        }
        for index in gaps.indices { gaps[index].subject = try cover.covered(gaps[index].subject) }
        if let head = target.head { target.head = try cover.covered(head) }
    }
}

extension History {
    fileprivate mutating func hideValues(_ cover: inout ValueCover) throws {
        introduced = try introduced?.hidingValues(&cover)
        removed = try removed?.hidingValues(&cover)
        references = try references.map { try cover.covered($0) }
    }
}

extension CommitSummary {
    /// Subjects are cut after this many bytes.
    private static let longestSubject = 200

    fileprivate func hidingValues(_ cover: inout ValueCover) throws -> CommitSummary {
        if let known = cover.knownCommits[id] { return known }
        func name(_ text: String) throws -> String {
            cover.isFoundValue(in: text) ? ValueCover.cover : try cover.covered(text)
        }
        let safe = cover.isFoundValue(in: subject) ? CommitSummaries.hiddenSubject : try cover.covered(subject)
        let summary = CommitSummary(
            id: id, authorName: try name(authorName), authorEmail: try name(authorEmail), time: time,
            subject: String(decoding: safe.utf8.prefix(Self.longestSubject), as: UTF8.self))
        cover.knownCommits[id] = summary
        return summary
    }
}

extension Occurrence {
    fileprivate func hidingValues(_ cover: inout ValueCover) throws -> Occurrence {
        guard let path else { return self }
        let safe = try cover.covered(path)
        if safe == path { return self }
        let source: Source =
            switch source {
            case .blob(let id, _): .blob(id, path: safe)
            case .file: .file(path: safe)
            case .commitMessage, .tagMessage, .standardInput: source
            }
        return Occurrence(source: source, range: range, line: line, column: column, reach: reach)
    }
}
