// Loose objects that libgit2 1.5 would wait for for ever: those that end early, and pipes in the place of one.

import CLibgit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The loose objects of some object folders.
struct LooseObjects {
    /// Object folders, by the first byte of an id: those that hold any objects with it.
    let folders: [[String]]

    private static let portion = 64 << 10

    init(_ storage: ObjectStorage) {
        folders = (0..<256).map { byte in
            let name = (byte < 16 ? "0" : "") + String(byte, radix: 16)
            return storage.folders.map { "\($0)/\(name)/" }.filter { access($0, F_OK) == 0 }
        }
    }

    /// Whether the object's file is a compressed stream that breaks off, or no regular file. False when it is in a pack
    /// alone.
    func isCutShort(_ id: ObjectID) -> Bool {
        let candidates = folders[Int(id.first >> 56)]
        if candidates.isEmpty { return false }
        let name = String(id.description.dropFirst(2))
        return candidates.contains { isCutShort(file: $0 + name) }
    }

    private func isCutShort(file: String) -> Bool {
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return true }
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return false }
        defer { inflateEnd(&stream) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * Self.portion) { buffer in
            guard let start = buffer.baseAddress else { return false }
            while true {
                let count = read(descriptor, start, Self.portion)
                // What is no zlib stream at all libgit2 notices by itself.
                guard count > 0 else { return count == 0 }
                stream.next_in = start
                stream.avail_in = UInt32(count)
                repeat {
                    stream.next_out = start + Self.portion
                    stream.avail_out = UInt32(Self.portion)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    if status == Z_BUF_ERROR { break }
                    if status != Z_OK { return false }
                } while stream.avail_in > 0 || stream.avail_out == 0
            }
        }
    }
}
