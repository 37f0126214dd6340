// Contents that were staged a moment ago: loose objects, expanded once and straight from their files.

import CLibgit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A content that is not read, since it is too long.
package struct BlobTooLarge: Error, Sendable {
    /// In bytes.
    package var size: Int
}

extension Repository {
    /// Lends the bytes of a blob for the length of `body`.
    ///
    /// - Parameter limit: the most bytes that it may have.
    /// - Throws: `BlobTooLarge`; `GitError` when it is missing, damaged or no blob; what `body` throws.
    package borrowing func withBlob<Result>(
        _ id: ObjectID, limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        if let loose = try looseObjects.expanded(id, limit: limit) {
            guard loose.isBlob else {
                throw GitError(operation: "read object \(id)", code: .other(-1), message: "it is no blob")
            }
            return try body(UnsafeRawBufferPointer(loose.content))
        }
        let (kind, size) = try header(of: id)
        guard size <= limit else { throw BlobTooLarge(size: size) }
        guard kind == .blob else {
            throw GitError(operation: "read object \(id)", code: .other(-1), message: "it is no blob")
        }
        return try withObject(id) { _, bytes in try body(bytes) }
    }
}

/// An expanded object; its memory goes with it.
final class ExpandedObject {
    let isBlob: Bool
    let content: UnsafeMutableRawBufferPointer

    init(isBlob: Bool, size: Int) {
        self.isBlob = isBlob
        content = .allocate(byteCount: size, alignment: 16)
    }

    deinit { content.deallocate() }
}

extension LooseObjects {
    /// What zlib takes at once.
    private static let mostAtOnce = 1 << 30
    /// `blob`, a space, twenty digits and a NUL are fewer.
    private static let headerRoom = 32

    /// The object, if it is loose; nil when it is not, or is no stream as git writes it: others may know what it is.
    ///
    /// - Throws: `BlobTooLarge`, `GitError` when it breaks off.
    func expanded(_ id: ObjectID, limit: Int) throws -> ExpandedObject? {
        let candidates = folders[Int(id.first >> 56)]
        if candidates.isEmpty { return nil }
        let name = String(id.description.dropFirst(2))
        for folder in candidates {
            // Without O_NONBLOCK, opening a FIFO would wait for a writer.
            let descriptor = open(folder + name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
                return nil
            }
            let size = Int(status.st_size)
            let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let mapped, mapped != MAP_FAILED else { return nil }
            defer { munmap(mapped, size) }
            return try Self.expand(UnsafeRawBufferPointer(start: mapped, count: size), id, limit: limit)
        }
        return nil
    }

    /// Of `blob 1234`.
    private static func kindAndSize(_ header: UnsafeRawBufferPointer) -> (isBlob: Bool, size: Int)? {
        guard let space = header.firstIndex(of: UInt8(ascii: " ")), (1...18).contains(header.count - space - 1) else {
            return nil
        }
        var size = 0
        for byte in header[(space + 1)...] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            size = size * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return (header[..<space].elementsEqual("blob".utf8), size)
    }

    private static func expand(_ file: UnsafeRawBufferPointer, _ id: ObjectID, limit: Int) throws -> ExpandedObject? {
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var source = UnsafeMutableRawPointer(mutating: file.baseAddress)
        var sourceLeft = file.count
        /// Expands up to `count` bytes; nil when the stream is damaged.
        func expand(into target: UnsafeMutableRawPointer, _ count: Int) -> (count: Int, isAtEnd: Bool)? {
            var done = 0
            while done < count {
                if stream.avail_in == 0 {
                    let part = min(sourceLeft, mostAtOnce)
                    stream.next_in = source?.assumingMemoryBound(to: UInt8.self)
                    stream.avail_in = UInt32(part)
                    source = source.map { $0 + part }
                    sourceLeft -= part
                }
                let room = min(count - done, mostAtOnce)
                stream.next_out = (target + done).assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(room)
                let status = inflate(&stream, Z_NO_FLUSH)
                done += room - Int(stream.avail_out)
                if status == Z_STREAM_END { return (done, true) }
                if status == Z_BUF_ERROR
                    || (status == Z_OK && stream.avail_in == 0 && sourceLeft == 0 && stream.avail_out > 0)
                {
                    return (done, false)
                }
                if status != Z_OK { return nil }
            }
            return (done, false)
        }
        return try withUnsafeTemporaryAllocation(byteCount: headerRoom, alignment: 1) { header in
            guard let start = header.baseAddress, let (count, isAtEnd) = expand(into: start, headerRoom),
                let stop = header.prefix(count).firstIndex(of: 0)
            else { return nil }
            guard let (isBlob, size) = kindAndSize(UnsafeRawBufferPointer(rebasing: header[..<stop])) else {
                return nil
            }
            guard size <= limit else { throw BlobTooLarge(size: size) }
            let cut = GitError(
                operation: "read object \(id)", code: .other(-1), message: "the loose object ends early, or too late")
            let object = ExpandedObject(isBlob: isBlob, size: size)
            let first = count - stop - 1
            guard first <= size else { throw cut }
            if first > 0, let target = object.content.baseAddress {
                target.copyMemory(from: start + stop + 1, byteCount: first)
            }
            if first == size, isAtEnd || size == 0 { return object }
            guard let target = object.content.baseAddress else { return object }
            if isAtEnd { throw cut }
            guard first < size else { return object }
            guard let (rest, _) = expand(into: target + first, size - first), first + rest == size else { throw cut }
            return object
        }
    }
}
