// The document of a fleet while it grows.

import Files
import Reporting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why the file of a run cannot be taken up.
enum FleetFileError: Error {
    /// Another process is writing it.
    case busy(path: String)
    /// It was begun with another list, shard, version or other settings.
    case begunOtherwise(path: String)
}

/// Writes a document entry by entry into a file beside the one that is asked for, and puts it in that one's place when it
/// is whole. Nothing of it stays in memory.
///
/// After each entry the file is on disk up to there: a run that is killed can be taken up. A whole line is a whole entry;
/// what was cut short in the middle of one is dropped.
final class FleetFile {
    private let path: String
    private let partial: String
    private var descriptor: Int32

    static func partialPath(of path: String) -> String { path + ".partial" }

    /// Opens the file of an earlier run, or begins a new one.
    ///
    /// - Parameters:
    ///   - header: `FleetHeader.line()`.
    ///   - resume: whether to keep what an earlier run has left.
    ///   - keep: called with each entry's line of that run, without its comma and line break. What it refuses ends what
    ///     is kept.
    /// - Throws: `FleetFileError`, `FileError`, and what `keep` throws.
    init(_ path: String, header: [UInt8], resume: Bool, keep: ([UInt8]) throws -> Bool) throws {
        self.path = path
        partial = Self.partialPath(of: path)
        descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw FileError(writingTo: partial, errorNumber: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            descriptor = -1
            throw FleetFileError.busy(path: partial)
        }
        var end = 0
        if resume { end = try takeUp(header, keep) }
        guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else { throw failure() }
        if end == 0 { try append(header) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Bytes of what an earlier run left that stay; 0 for a new beginning.
    private func takeUp(_ header: [UInt8], _ keep: ([UInt8]) throws -> Bool) throws -> Int {
        var end = 0
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(readingFrom: partial, errorNumber: errno) }
            if count == 0 { return end }
            for byte in buffer[..<count] {
                line.append(byte)
                guard byte == UInt8(ascii: "\n") else { continue }
                if end == 0 {
                    guard line == header else { throw FleetFileError.begunOtherwise(path: partial) }
                } else {
                    // The last line, if the run was killed between writing it and the rename: written again.
                    guard try keep(Array(line.dropLast().drop { $0 == UInt8(ascii: ",") })) else { return end }
                }
                end += line.count
                line.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Writes a piece, and waits until it is on disk.
    func append(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            offset += written
        }
        // A file system that cannot has it in its own way.
        if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw failure() }
    }

    /// Puts the whole document in its place.
    func finish(_ end: [UInt8]) throws {
        try append(end)
        guard rename(partial, path) == 0 else { throw FileError(writingTo: path, errorNumber: errno) }
        close(descriptor)
        descriptor = -1
    }

    private func failure() -> FileError { FileError(writingTo: partial, errorNumber: errno) }
}
