// Reports of scans, kept for as long as the repository is as it was.

import Crypto
import Files
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reports in files of a folder. The cache never stands in the way: what cannot be read is scanned again, and what
/// cannot be written is not kept.
package struct ScanCache: Sendable {
    private let folder: String
    private let now: @Sendable () -> Instant

    private static let magic = Array("\(ScanKey.format)\n".utf8)
    private static let digestLength = 32
    /// In bytes: a report of a hundred thousand findings has about a tenth of it.
    private static let largest = 512 << 20
    private static let mostEntries = 2
    /// File systems tell times as coarsely as this, in seconds.
    private static let coarsestTime = 2.0

    /// - Parameters:
    ///   - folder: `.migrate/local/cache`, absolute. It is made when something is kept, private, and ignored by git.
    ///   - now: the machine's own clock, which file systems go by as well.
    package init(folder: String, now: @escaping @Sendable () -> Instant = { Instant.systemNow() }) {
        self.folder = folder
        self.now = now
    }

    /// The kept report of a repository in that state; nil when there is no sound one.
    package func load(_ key: ScanKey) -> ScanReport? {
        guard let bytes = (try? FileContent.read(path(of: key), limit: Self.largest)) ?? nil else { return nil }
        return Self.decode(bytes, key: key)
    }

    /// Keeps a report.
    ///
    /// - Parameters:
    ///   - key: from before the scan; a caller takes it once more afterwards, and keeps nothing if it has changed.
    ///   - start: when the key was taken. A file that was written to in the last moment before may be written to again
    ///     without its state telling, as git's racy entries of the index; then nothing is kept.
    /// - Returns: whether it is kept.
    @discardableResult
    package func store(_ report: ScanReport, _ key: ScanKey, start: Instant) -> Bool {
        guard report.isComplete, key.youngest.seconds < start.seconds - Self.coarsestTime, makeFolder() else {
            return false
        }
        // Into a pipe somebody would have to read first.
        let path = path(of: key)
        if let status = FileStatus(at: path), status.kind != .file { return false }
        do { try AtomicFile.write(Self.encode(report, key: key), to: path, isPrivate: true) } catch { return false }
        removeOld(besides: path)
        return true
    }

    /// The time that `store` takes for `start`.
    func time() -> Instant { now() }

    private func path(of key: ScanKey) -> String {
        folder + "/scan-" + key.digest.prefix(8).map(Self.hexadecimal).joined() + ".bin"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }
}

// MARK: - Files

extension ScanCache {
    /// Makes the folder and those on its way. None of them may be a link: a repository that somebody has just cloned
    /// must not lead us elsewhere.
    private func makeFolder() -> Bool {
        guard folder.hasPrefix("/") else { return false }
        let parts = folder.split(separator: "/")
        var path = ""
        for (number, part) in parts.enumerated() {
            path += "/" + part
            let isOurs = number >= parts.count - 3
            if mkdir(path, isOurs && part != ".migrate" ? 0o700 : 0o755) != 0, isOurs {
                guard FileStatus(at: path)?.kind == .folder else { return false }
            }
        }
        let rules = folder + "/.gitignore"
        if FileStatus(at: rules) == nil { try? AtomicFile.write(Array("*\n".utf8), to: rules, isPrivate: true) }
        return FileStatus(at: rules) != nil
    }

    /// Keeps the newest, `path` among them in any case.
    private func removeOld(besides path: String) {
        let files = ((try? Folder.entries(at: folder)) ?? []).filter {
            $0.kind == .file && $0.name.hasPrefix("scan-") && $0.name.hasSuffix(".bin")
        }.map { folder + "/" + $0.name }.filter { $0 != path }
        let byAge = files.compactMap { file in FileStatus(at: file).map { (file, $0.modified) } }.sorted {
            $0.1 > $1.1
        }
        for (file, _) in byAge.dropFirst(Self.mostEntries - 1) { unlink(file) }
    }
}

// MARK: - Form

extension ScanCache {
    /// Magic, key, report, and SHA-256 over all that.
    static func encode(_ report: ScanReport, key: ScanKey) -> [UInt8] {
        var writer = ReportWriter()
        report.write(to: &writer)
        let body = magic + key.digest + writer.bytes
        return body + SHA256.hash(data: body)
    }

    static func decode(_ bytes: [UInt8], key: ScanKey) -> ScanReport? {
        let head = magic + key.digest
        guard bytes.count > head.count + digestLength, bytes.starts(with: head) else { return nil }
        let body = bytes.dropLast(digestLength)
        guard SHA256.hash(data: body) == Array(bytes.suffix(digestLength)) else { return nil }
        var reader = ReportReader(body.dropFirst(head.count))
        guard let report = try? ScanReport(from: &reader), reader.isAtEnd else { return nil }
        return report
    }
}
