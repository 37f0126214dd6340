// A digest of all that a scan reads, put together piece by piece.

import Crypto
import Files
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes in texts, numbers, the state and the content of files.
struct KeyDigest {
    /// Something cannot be read, so that nothing can be said of what a scan would read.
    struct Unreadable: Error {}

    private var hash = SHA256()
    /// When the youngest of the files that are known by their state alone was last written.
    private(set) var youngest = Instant(seconds: 0)

    /// Files that git itself keeps short: larger ones are known by their state alone.
    private static let largestContent = 64 << 20

    /// Takes back what was said of files that nobody writes to.
    mutating func youngestIs(_ time: Instant) { youngest = time }

    mutating func finish() -> [UInt8] { Array(hash.finalize()) }

    mutating func add(_ bytes: some Collection<UInt8>) {
        // Length first, so that two pieces cannot run into each other.
        add(bytes.count)
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Array(bytes))
        }
    }

    mutating func add(_ text: String) { add(text.utf8) }

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { hash.update(bufferPointer: $0) }
    }

    mutating func add(_ flag: Bool) { add(flag ? 1 : 0) }

    /// What the file system knows of a file whose content is not read: whoever writes to it changes that.
    mutating func addState(of path: [UInt8]) throws(Unreadable) {
        let status: FileStatus?
        do { status = try FileStatus.lookUp(path) } catch { throw Unreadable() }
        add(path)
        add(status)
    }

    mutating func add(_ status: FileStatus?) {
        guard let status else { return add(-1) }
        let kind =
            switch status.kind {
            case .file: 0
            case .folder: 1
            case .symbolicLink: 2
            case .other: 3
            }
        add(kind)
        add(status.size)
        for time in [status.modified, status.changed] {
            add(Int(time.seconds))
            add(Int(time.nanoseconds))
        }
        add(Int(truncatingIfNeeded: status.inode))
        // Of a folder, only the entries matter; they are taken in by name.
        guard status.kind == .file else { return }
        youngest = max(
            youngest, Instant(seconds: Double(status.changed.seconds) + Double(status.changed.nanoseconds) / 1e9))
    }

    /// A file's bytes; that there is none counts as well.
    mutating func addContent(of path: String) throws(Unreadable) {
        add(path)
        let bytes: [UInt8]?
        do { bytes = try FileContent.read(path, limit: Self.largestContent) } catch {
            guard error.isTooLarge else { throw Unreadable() }
            return try addState(of: Array(path.utf8))
        }
        guard let bytes else { return add(-1) }
        add(bytes)
    }

    /// All files below a folder, by their bytes or by their state. An absent folder has none.
    mutating func addFiles(
        below folder: String, _ take: (inout KeyDigest, String) throws(Unreadable) -> Void
    ) throws(Unreadable) {
        add(folder)
        var waiting = [folder]
        while let folder = waiting.popLast() {
            for entry in try Self.entries(of: folder) {
                let path = folder + "/" + entry.name
                switch entry.kind {
                case .folder: waiting.append(path)
                case .file, .symbolicLink: try take(&self, path)
                case .other: add(path)
                }
            }
        }
        add(-2)
    }

    static func entries(of folder: String) throws(Unreadable) -> [Folder.Entry] {
        do { return try Folder.entries(at: folder) } catch { throw Unreadable() }
    }
}
