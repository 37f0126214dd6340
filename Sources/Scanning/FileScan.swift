// Files outside the object database: the worktree's, a plain folder's, Git LFS contents.

import Detection
import Dotenv
import Files
import Git

/// What files on disk hold.
struct FileScan: Sendable {
    /// By number in the list of files, as two names can look the same; files without hits are absent.
    var hits: [Int: [Hit]] = [:]
    var dotenv: [Int: DotenvSighting] = [:]
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
                for number in range { try scan.read(number, files[number], root, reader) }
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
            whole.secrets.absorb(part.secrets)
            whole.gaps += part.gaps
            whole.fileCount += part.fileCount
            whole.byteCount += part.byteCount
        }
        return whole
    }

    private mutating func read(
        _ number: Int, _ file: WorktreeFile, _ root: String, _ reader: ValueReader
    ) throws {
        let path = Array(root.utf8) + [UInt8(ascii: "/")] + file.bytes
        fileCount += 1
        do {
            if file.dotenv != nil {
                guard let bytes = try FileContent.read(path, limit: Self.largestDotenv) else { return }
                let sighting = try bytes.withUnsafeBytes { try reader.readDotenv($0) }
                dotenv[number] = sighting
                if !sighting.hits.isEmpty { hits[number] = sighting.hits }
            } else {
                let found = try Self.hits(inFileAt: path, reader)
                if !found.isEmpty { hits[number] = found }
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
        var encoding: TextEncoding?
        var found: [Hit] = []
        var lines = WindowLines()
        try FileWindows.read(path) { window in
            if window.offset == 0 { encoding = TextEncoding.utf16(in: window.bytes) }
            found += lines.placed(try reader.hits(inPlain: window.bytes), window)
            lines.advance(to: max(window.bytes.count - window.overlap, 0), in: window.bytes)
        }
        guard let encoding else { return found }
        // Windows start at even offsets, so each begins with a whole unit.
        lines = WindowLines()
        try FileWindows.read(path) { window in
            let text = UTF16Text(window.bytes, encoding)
            found += lines.placed(try reader.hits(in: text), window)
            let next = text.textOffset(ofOriginal: max(window.bytes.count - window.overlap, 0))
            text.utf8.withUnsafeBytes { lines.advance(to: next, in: $0) }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}

/// Lines and columns across the windows of a file.
private struct WindowLines {
    /// Where the window starts in the file's text, in bytes of UTF-8.
    private var textStart = 0
    private var firstLine = 1
    private var lineStart = 0

    /// The hits that the window answers for, with their places in the file.
    func placed(_ hits: [Hit], _ window: FileWindows.Window) -> [Hit] {
        hits.filter { window.own.contains($0.range.lowerBound) }.map { hit in
            var hit = hit
            if hit.line == 1 { hit.column += textStart - lineStart }
            hit.line += firstLine - 1
            hit.range = hit.range.lowerBound + window.offset..<hit.range.upperBound + window.offset
            return hit
        }
    }

    /// Goes on to where the next window starts, before this one's end.
    mutating func advance(to end: Int, in text: UnsafeRawBufferPointer) {
        var counter = LineCounter(text)
        let next = counter.position(of: end)
        if next.line > 1 { lineStart = textStart + end - next.column + 1 }
        firstLine += next.line - 1
        textStart += end
    }
}
