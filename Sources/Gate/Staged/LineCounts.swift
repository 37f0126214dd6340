// The lines of a content, as numbers: enough to tell what two contents have in common.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How often each line stands in a content. Lines are known by hashes that this process alone can make.
struct LineCounts {
    private var counts: [Int: Int] = [:]

    init(_ bytes: UnsafeRawBufferPointer) {
        for line in Lines(bytes) { counts[Self.name(line), default: 0] += 1 }
    }

    func has(_ line: UnsafeRawBufferPointer) -> Bool { counts[Self.name(line)] != nil }

    /// Whether each line of a content stands here, and as often.
    func hasAll(of bytes: UnsafeRawBufferPointer) -> Bool {
        var left = counts
        for line in Lines(bytes) where !line.isEmpty {
            let name = Self.name(line)
            guard let count = left[name], count > 0 else { return false }
            left[name] = count - 1
        }
        return true
    }

    /// Bytes in lines that both have.
    func common(with bytes: UnsafeRawBufferPointer) -> Int {
        var left = counts
        var common = 0
        for line in Lines(bytes) {
            let name = Self.name(line)
            guard let count = left[name], count > 0 else { continue }
            left[name] = count - 1
            common += line.count + 1
        }
        return min(common, bytes.count)
    }

    private static func name(_ line: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: line)
        return hasher.finalize()
    }
}

/// The lines of some bytes, without their ends.
private struct Lines: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard offset < bytes.count, let start = bytes.baseAddress else { return nil }
        let found = memchr(start + offset, 0x0A, bytes.count - offset)
        let end = found.map { UnsafeRawPointer($0) - start } ?? bytes.count
        defer { offset = end + 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }
}

/// Places in a text.
enum TextPlace {
    /// Line, and column in bytes; both from 1.
    static func of(_ offset: Int, in bytes: UnsafeRawBufferPointer) -> (line: Int, column: Int) {
        var line = 1
        var start = 0
        while start < offset, let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, offset - start) {
            line += 1
            start = UnsafeRawPointer(found) - base + 1
        }
        return (line, offset - start + 1)
    }

    /// The line that holds the byte at `offset`.
    static func line(around offset: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let place = Swift.min(offset, bytes.count)
        let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
