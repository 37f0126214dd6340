// Whole regular files, read within a limit.

import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package enum FileContent {
    /// The bytes of the regular file at `path`, `limit` at most; nil when there is no such file.
    ///
    /// - Parameter path: its bytes, without a final NUL: a file name need not be UTF-8.
    /// - Throws: `FileError` when it is no regular file (EINVAL), is longer than `limit` (EFBIG) or cannot be read.
    package static func read(_ path: [UInt8], limit: Int) throws(FileError) -> [UInt8]? {
        func failure(_ cause: Errno) -> FileError {
            FileError(operation: .read, path: String(decoding: path, as: UTF8.self), cause: cause)
        }
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let number = withTerminator(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard number >= 0 else {
            let cause = Errno(rawValue: errno)
            if cause == .noSuchFileOrDirectory || cause == .notDirectory { return nil }
            throw failure(cause)
        }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw failure(Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(.invalidArgument) }
        guard status.st_size <= limit else { throw failure(.fileTooLarge) }

        let descriptor = FileDescriptor(rawValue: number)
        // One byte more, to notice a file that grows while it is read, or does not say its size (as in /proc).
        var room = Int(status.st_size) + 1
        var content: [UInt8] = []
        repeat {
            let part: [UInt8]
            do { part = try read(room, from: descriptor) } catch { throw failure(error as? Errno ?? .ioError) }
            // The usual file is one part, which is not copied.
            if content.isEmpty { content = part } else { content += part }
            guard content.count <= limit else { throw failure(.fileTooLarge) }
            if part.count < room { return content }
            room = 64 << 10
        } while true
    }

    /// `count` bytes, or what is left.
    private static func read(_ count: Int, from descriptor: FileDescriptor) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let whole = UnsafeMutableRawBufferPointer(buffer)
            while filled < count {
                let part = try descriptor.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: whole[filled..<count]))
                if part == 0 { break }
                filled += part
            }
        }
    }

    /// The same by a path in text.
    package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        try read(Array(path.utf8), limit: limit)
    }
}
