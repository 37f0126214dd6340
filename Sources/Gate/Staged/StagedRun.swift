// One file of the next commit after the other.

import Detection
import Dotenv
import Git
import Scanning

/// A check under way.
struct StagedRun {
    let check: StagedCheck
    let reader: ContentReader
    private let changes: StagedChanges
    private(set) var report = GateReport()
    /// The files that the commit takes away, once they are needed.
    private var removed: [StagedRemoval]?
    /// Contents that may still be compared, to see where new files came from; what is left then counts as new.
    private var comparisonsLeft = 5_000

    init(check: StagedCheck, reader: ContentReader, changes: StagedChanges) {
        self.check = check
        self.reader = reader
        self.changes = changes
    }

    mutating func look(at change: StagedChange, _ repository: borrowing Repository) throws {
        report.fileCount += 1
        let path = change.shownPath
        let name = Self.name(of: change.path)
        let kind = change.isSymbolicLink ? nil : DotenvFileKind(fileName: name)
        // Moved as it was: nothing in it is new.
        if change.before.isEmpty, let source = try source(of: change, repository), isSameKind(source.path, kind) {
            return
        }
        do {
            try repository.withBlob(change.id, limit: check.largestBlob) { bytes in
                try look(at: change, kind, bytes, path: path, repository)
            }
        } catch let error as BlobTooLarge {
            report.gaps.append(
                Gap(
                    kind: .tooLarge, subject: path,
                    reason: "\(error.size) bytes are staged; the limit is \(check.largestBlob)"))
        } catch let error as GitError {
            report.gaps.append(Gap(kind: .unreadableObject, subject: path, reason: error.message))
        }
    }

    private mutating func look(
        at change: StagedChange, _ kind: DotenvFileKind?, _ bytes: UnsafeRawBufferPointer, path: String,
        _ repository: borrowing Repository
    ) throws {
        let content = try reader.read(bytes, path: path, isDotenvRead: kind != nil)
        let values = check.known.matches(in: bytes)
        guard kind == .dotenv || !content.findings.isEmpty || !values.isEmpty else { return }
        // Only now does it matter what was there before.
        var before = try Before(change.before, path: path, isDotenv: kind != nil, reader, check, repository)
        if change.before.isEmpty {
            try addSource(of: change, bytes, kind, to: &before, repository)
        }
        if kind == .dotenv, try addDotenv(change, content, bytes, before, path: path) { return }
        let isTemplate = kind == .template
        let buffer = bytes.assumingMemoryBound(to: UInt8.self)
        let text = buffer.span
        var covered: [Range<Int>] = []
        for finding in content.findings {
            let places = finding.occurrences.sorted { $0.range.lowerBound < $1.range.lowerBound }
            covered += places.map(\.range)
            let new = before.additions(of: finding.fingerprint, places, in: bytes)
            report.remainingCount += places.count - new.count
            for place in new {
                if AllowComment.words(in: text, at: place.range) != nil {
                    report.acceptedCount += 1
                    continue
                }
                report.problems.append(
                    GateProblem(
                        kind: isTemplate ? .templateValue : .credential, path: path, line: place.line,
                        column: place.column, ruleID: finding.ruleID, title: finding.title, mask: finding.mask,
                        reason: isTemplate ? "a real value in a template: \(finding.reason)" : finding.reason,
                        fingerprint: finding.fingerprint, severity: finding.severity))
            }
        }
        addKnown(values, covered, before, bytes, path: path)
    }

    /// What earlier commands know, and no rule has seen.
    private mutating func addKnown(
        _ values: [KnownValues.Match], _ covered: [Range<Int>], _ before: Before, _ bytes: UnsafeRawBufferPointer,
        path: String
    ) {
        var seen: [Int: Int] = [:]
        for value in values where !covered.contains(where: { $0.overlaps(value.range) }) {
            seen[value.entry, default: 0] += 1
            if seen[value.entry, default: 0] <= before.knownCounts[value.entry] ?? 0 {
                report.remainingCount += 1
                continue
            }
            let buffer = bytes.assumingMemoryBound(to: UInt8.self)
            if AllowComment.words(in: buffer.span, at: value.range) != nil {
                report.acceptedCount += 1
                continue
            }
            report.problems.append(value.problem(path: path, in: bytes))
        }
    }

    /// - Returns: whether all is said of the file.
    private mutating func addDotenv(
        _ change: StagedChange, _ content: ContentReport, _ bytes: UnsafeRawBufferPointer, _ before: Before,
        path: String
    ) throws -> Bool {
        // Lines were only taken away: the file gets better.
        if before.isDotenvKnown, before.hasAllLines(of: bytes) {
            report.remainingCount += 1
            return true
        }
        // What tells production where its secret is, and holds none.
        if content.findings.isEmpty, check.pointerFiles.contains(path) { return false }
        let rule = Rule.dotenvFile
        let secrets = content.secretKeys
        let names = secrets.prefix(3).map { "\($0.key) (line \($0.line))" }
        let more = secrets.count > 3 ? " and \(secrets.count - 3) more" : ""
        let what =
            secrets.isEmpty
            ? "its values are settings, but the next one may not be"
            : (secrets.count == 1 ? "holds a secret: " : "holds secrets: ") + names.joined(separator: ", ") + more
        let name = Array(path.utf8)
        report.problems.append(
            GateProblem(
                kind: .dotenvFile, path: path, line: 0, column: 0, ruleID: rule.id,
                title: change.before.isEmpty ? "A dotenv file is being added" : "A dotenv file is being changed",
                mask: "", reason: what, fingerprint: Fingerprint(rule: rule.id, value: name.span),
                severity: secrets.isEmpty ? .low : .high))
        return true
    }
}

// MARK: - Where a new file came from

extension StagedRun {
    private mutating func removedFiles(_ repository: borrowing Repository) throws -> [StagedRemoval] {
        if let removed { return removed }
        var files: [StagedRemoval] = []
        for removal in changes.removed where files.count < StagedCheck.mostRemoved {
            files += try repository.files(in: removal, limit: StagedCheck.mostRemoved - files.count)
        }
        removed = files
        return files
    }

    /// The file that is taken away with the same content.
    private mutating func source(
        of change: StagedChange, _ repository: borrowing Repository
    ) throws -> StagedRemoval? {
        guard !changes.removed.isEmpty else { return nil }
        return try removedFiles(repository).first { $0.id == change.id }
    }

    /// Whether the file was as much a dotenv file before it was moved.
    private func isSameKind(_ path: [UInt8], _ kind: DotenvFileKind?) -> Bool {
        guard let kind else { return true }
        return DotenvFileKind(fileName: Self.name(of: path)) == kind
    }

    /// What follows the last `/`.
    private static func name(of path: [UInt8]) -> [UInt8] {
        path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[($0 + 1)...]) } ?? path
    }

    /// Takes in what a file had that was moved and changed: one that is taken away, and has half of its bytes in
    /// common lines, as git sees renames.
    private mutating func addSource(
        of change: StagedChange, _ bytes: UnsafeRawBufferPointer, _ kind: DotenvFileKind?, to before: inout Before,
        _ repository: borrowing Repository
    ) throws {
        guard !changes.removed.isEmpty else { return }
        let lines = LineCounts(bytes)
        var best: (source: StagedRemoval, common: Int)?
        let name = Self.name(of: change.path)
        let candidates = try removedFiles(repository).filter { isSameKind($0.path, kind) }
        // A folder that was moved keeps the names of its files.
        let sameName = candidates.filter { Self.name(of: $0.path) == name }
        for removal in sameName.isEmpty ? candidates : sameName where comparisonsLeft > 0 {
            comparisonsLeft -= 1
            guard let size = try? repository.header(of: removal.id).size, size <= check.largestBlob,
                size > 0, min(size, bytes.count) * 2 >= max(size, bytes.count)
            else { continue }
            let common = try repository.withObject(removal.id) { _, old in lines.common(with: old) }
            guard common * 2 >= max(size, bytes.count), common > best?.common ?? 0 else { continue }
            best = (removal, common)
        }
        guard let source = best?.source else { return }
        try before.add(
            source.id, path: String(decoding: source.path, as: UTF8.self), isDotenv: kind != nil, reader, check,
            repository)
    }
}
