// Files outside the object database: the worktree's, a plain folder's, Git LFS contents.

import Detection
import Files
import Git

/// What files on disk hold.
struct FileScan: Sendable {
    /// By path; files without hits are absent.
    var hits: [String: [Hit]] = [:]
    var dotenv: [String: DotenvSighting] = [:]
    var secrets: [SecretKey: SecretSummary] = [:]
    var gaps: [Gap] = []
    var fileCount = 0
    var byteCount = 0

    /// A dotenv file is parsed whole; a larger one is none.
    static let largestDotenv = 16 << 20
}

extension FileScan {
    /// Reads `files`, which lie below `root`.
    static func run(
        _ files: [WorktreeFile], root: String, compiled: CompiledRules, jobs: Int, progress: ScanProgress
    ) async throws -> FileScan {
        progress.enter(.worktree, total: files.count)
        let parts = try await shareWork(of: files.count, portion: 16, jobs: jobs) { queue in
            var scan = FileScan()
            let reader = try ValueReader(compiled)
            while let range = queue.next() {
                let seen = reader.byteCount
                for file in files[range] { try scan.read(file, root, reader) }
                progress.advance(range.count, bytes: reader.byteCount - seen)
            }
            scan.secrets = reader.secrets
            scan.byteCount = reader.byteCount
            return scan
        }
        var whole = FileScan()
        for part in parts {
            whole.hits.merge(part.hits) { first, _ in first }
            whole.dotenv.merge(part.dotenv) { first, _ in first }
            for (key, summary) in part.secrets where whole.secrets[key]?.merge(summary) == nil {
                whole.secrets[key] = summary
            }
            whole.gaps += part.gaps
            whole.fileCount += part.fileCount
            whole.byteCount += part.byteCount
        }
        return whole
    }

    private mutating func read(_ file: WorktreeFile, _ root: String, _ reader: ValueReader) throws {
        let path = Array(root.utf8) + [UInt8(ascii: "/")] + file.bytes
        fileCount += 1
        do {
            if file.dotenv != nil {
                guard let bytes = try FileContent.read(path, limit: Self.largestDotenv) else { return }
                let sighting = try bytes.withUnsafeBytes { try reader.readDotenv($0) }
                dotenv[file.path] = sighting
                if !sighting.hits.isEmpty { hits[file.path] = sighting.hits }
            } else {
                let found = try Self.hits(inFileAt: path, reader)
                if !found.isEmpty { hits[file.path] = found }
            }
        } catch let error as FileError {
            // Gone since it was listed: as if it had never been there.
            if error.isMissing { return }
            let kind: Gap.Kind = error.isTooLarge ? .tooLarge : .unreadableFile
            gaps.append(Gap(kind: kind, subject: file.path, reason: error.reason))
        }
    }

    /// The hits in a file of any size, read in windows.
    static func hits(inFileAt path: [UInt8], _ reader: ValueReader) throws -> [Hit] {
        var found: [Hit] = []
        var firstLine = 1
        var lineStart = 0
        try FileWindows.read(path) { window in
            var lines = LineCounter(window.bytes)
            for hit in try reader.hits(in: window.bytes) where window.own.contains(hit.range.lowerBound) {
                var hit = hit
                if hit.line == 1 { hit.column += window.offset - lineStart }
                hit.line += firstLine - 1
                hit.range = hit.range.lowerBound + window.offset..<hit.range.upperBound + window.offset
                found.append(hit)
            }
            // The next window starts before this one's end: count to there.
            let next = lines.position(of: max(window.bytes.count - window.overlap, 0))
            if next.line > 1 {
                lineStart = window.offset + max(window.bytes.count - window.overlap, 0) - next.column + 1
            }
            firstLine += next.line - 1
        }
        return found
    }
}
