// The bytes of commits, tags and trees, read in place: nothing is allocated that is not asked for.

/// A commit's parts, as ranges of its bytes.
package struct RawCommit {
    package let tree: ObjectID
    package let parents: [ObjectID]
    /// Author: name, address and time in seconds since 1970.
    package let author: Signature
    package let committerTime: Int64
    /// Where the message stands.
    package let message: Range<Int>

    package struct Signature: Sendable {
        package var name = ""
        package var email = ""
        package var time: Int64 = 0
    }

    /// Nil when the bytes are no commit.
    ///
    /// - Parameter wantsAuthor: names cost two strings, which a walk over all history does not need.
    package init?(_ bytes: UnsafeRawBufferPointer, wantsAuthor: Bool = false) {
        var lines = HeaderLines(bytes)
        var tree: ObjectID?
        var parents: [ObjectID] = []
        var author = Signature()
        var committer = Signature()
        while let line = lines.next() {
            if let id = Self.id(after: "tree ", in: line) {
                tree = tree ?? id
            } else if let id = Self.id(after: "parent ", in: line) {
                parents.append(id)
            } else if Self.hasPrefix(line, "author ") {
                author = Self.signature(line.dropFirst(7), wantsName: wantsAuthor)
            } else if Self.hasPrefix(line, "committer ") {
                committer = Self.signature(line.dropFirst(10), wantsName: false)
            }
        }
        guard let tree else { return nil }
        self.tree = tree
        self.parents = parents
        self.author = author
        committerTime = committer.time
        message = lines.bodyStart..<bytes.count
    }

    private static func hasPrefix(_ line: Slice<UnsafeRawBufferPointer>, _ prefix: StaticString) -> Bool {
        guard line.count >= prefix.utf8CodeUnitCount else { return false }
        return prefix.withUTF8Buffer { line.starts(with: $0) }
    }

    private static func id(after prefix: StaticString, in line: Slice<UnsafeRawBufferPointer>) -> ObjectID? {
        guard hasPrefix(line, prefix) else { return nil }
        return ObjectID(hexadecimal: String(decoding: line.dropFirst(prefix.utf8CodeUnitCount), as: UTF8.self))
    }

    /// `Name <address> seconds zone`
    private static func signature(_ text: Slice<UnsafeRawBufferPointer>, wantsName: Bool) -> Signature {
        var result = Signature()
        guard let close = text.lastIndex(of: UInt8(ascii: ">")) else { return result }
        let numbers = text[text.index(after: close)...].split(separator: UInt8(ascii: " "))
        result.time = numbers.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        guard wantsName, let open = text[..<close].lastIndex(of: UInt8(ascii: "<")) else { return result }
        var name = text[..<open]
        while name.last == UInt8(ascii: " ") { name = name.dropLast() }
        result.name = String(decoding: name, as: UTF8.self)
        result.email = String(decoding: text[text.index(after: open)..<close], as: UTF8.self)
        return result
    }
}

/// An annotated tag's parts.
package struct RawTag {
    package let target: ObjectID
    package let message: Range<Int>

    package init?(_ bytes: UnsafeRawBufferPointer) {
        var lines = HeaderLines(bytes)
        guard let first = lines.next(), first.count == 47 else { return nil }
        guard let id = ObjectID(hexadecimal: String(decoding: first.dropFirst(7), as: UTF8.self)) else { return nil }
        target = id
        while lines.next() != nil {}
        message = lines.bodyStart..<bytes.count
    }
}

/// The lines of an object's header, up to the first empty one.
private struct HeaderLines {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private(set) var bodyStart: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        bodyStart = bytes.count
    }

    mutating func next() -> Slice<UnsafeRawBufferPointer>? {
        guard offset < bytes.count else { return nil }
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let line = bytes[offset..<end]
        offset = min(end + 1, bytes.count)
        if line.isEmpty {
            bodyStart = offset
            offset = bytes.count
            return nil
        }
        return line
    }
}

/// The entries of a tree, in place. Valid only while the bytes are: it never leaves the closure that lends them.
package struct RawTree {
    /// One entry. The name is lent: it points into the tree's bytes.
    package struct Entry {
        package let mode: UInt32
        package let name: UnsafeRawBufferPointer
        package let id: ObjectID

        package var isTree: Bool { mode & 0o170000 == 0o040000 }
        package var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
        package var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
    }

    private let bytes: UnsafeRawBufferPointer
    /// Where the next entry starts.
    package private(set) var offset: Int
    /// Whether the bytes ended in the middle of an entry.
    package private(set) var isDamaged = false

    /// - Parameter offset: where an entry starts.
    package init(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    @inline(__always)
    package mutating func next() -> Entry? {
        guard offset < bytes.count, let start = bytes.baseAddress else { return nil }
        var mode: UInt32 = 0
        var place = offset
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: " ") { break }
            mode = mode &* 8 &+ UInt32(byte &- UInt8(ascii: "0"))
        }
        let nameStart = place
        while place < bytes.count, bytes[place] != 0 { place += 1 }
        guard place + 21 <= bytes.count else {
            isDamaged = true
            offset = bytes.count
            return nil
        }
        offset = place + 21
        return Entry(
            mode: mode, name: UnsafeRawBufferPointer(start: start + nameStart, count: place - nameStart),
            id: ObjectID(reading: start + place + 1))
    }
}
