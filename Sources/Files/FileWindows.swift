// Files of any size, read through a window of bounded size.

import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file's bytes in overlapping windows.
package enum FileWindows {
    /// A part of a file.
    package struct Window {
        /// Valid only inside the closure that lends it.
        package let bytes: UnsafeRawBufferPointer
        /// Where in the file the window starts.
        package let offset: Int
        /// Offsets in `bytes` that this window answers for: each byte of the file belongs to exactly one window's
        /// range, with half the overlap as context on either side wherever the file goes on.
        package let own: Range<Int>
        /// Bytes at the end that the next window starts with; 0 in the last.
        package let overlap: Int
    }

    /// Calls `body` with one window after the other; a file of less than `size` bytes is one window.
    ///
    /// - Parameters:
    ///   - path: its bytes, without a final NUL.
    ///   - size: of a window in bytes; larger than `overlap`.
    ///   - overlap: bytes that neighbouring windows share.
    /// - Throws: `FileError` when it is no regular file or cannot be read, and what `body` throws.
    package static func read(
        _ path: [UInt8], size: Int = 8 << 20, overlap: Int = 64 << 10, _ body: (Window) throws -> Void
    ) throws {
        let name = String(decoding: path, as: UTF8.self)
        func failure(_ cause: Errno) -> FileError { FileError(operation: .read, path: name, cause: cause) }
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let number = withTerminator(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW) }
        guard number >= 0 else { throw failure(Errno(rawValue: errno)) }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw failure(Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(.invalidArgument) }

        let descriptor = FileDescriptor(rawValue: number)
        // A small file gets a small buffer, with room for one byte more, to notice that it grows.
        var buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(size, Int(status.st_size) + 1), alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        var kept = 0
        while true {
            var count = kept
            var isAtEnd = false
            while count < size {
                if count == buffer.count {
                    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
                    larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
                    buffer.deallocate()
                    buffer = larger
                }
                let part: Int
                do {
                    part = try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                } catch let error as Errno {
                    throw failure(error)
                }
                if part == 0 {
                    isAtEnd = true
                    break
                }
                count += part
            }
            // A file of exactly the window's size is known to be over only by one more read.
            let first = offset == 0 ? 0 : overlap / 2
            let last = isAtEnd ? count : count - (overlap - overlap / 2)
            try body(
                Window(
                    bytes: UnsafeRawBufferPointer(rebasing: buffer[..<count]), offset: offset,
                    own: first..<max(first, last),
                    overlap: isAtEnd ? 0 : overlap))
            if isAtEnd { return }
            kept = overlap
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<kept]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: buffer[(count - kept)..<count]))
            offset += count - kept
        }
    }
}
