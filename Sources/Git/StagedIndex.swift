// Git's index as it is on disk, read by our own hand: libgit2 knows neither the split index nor the sparse one, and a
// commit may be made from a file of another name.

import Files

/// Why an index cannot be made sense of.
package struct IndexFormatError: Error, Sendable, Equatable {
    /// In one line.
    package var reason: String
}

/// The entries of an index, in its order: by path, then by stage.
package struct StagedIndex: Sendable {
    /// An entry. The path is a range of `StagedIndex.names`.
    package struct Entry: Sendable {
        package var name: Range<Int>
        package var id: ObjectID
        /// Kind and permissions: 0o100644, 0o120000; 0o040000 for a folder of a sparse index, whose path ends in `/`.
        package var mode: UInt32
        /// 0, or 1 to 3 in a conflict.
        package var stage: UInt8
        /// `git add --intent-to-add`: no commit takes it.
        package var isIntentToAdd: Bool
    }

    /// The bytes of all paths.
    package internal(set) var names: [UInt8] = []
    package internal(set) var entries: [Entry] = []
    /// Trees that git has already worked out, as far as they still hold.
    package internal(set) var cachedTree: CachedTree?

    /// In bytes: three million entries.
    private static let largest = 1 << 29

    package init() {}

    /// Reads the index at `path`; without a file it is empty.
    ///
    /// - Parameter folder: where the shared part of a split index is, with a final `/`: `Repository.gitFolder`.
    /// - Throws: `IndexFormatError`, `FileError`.
    package init(path: String, sharedFolder folder: String) throws {
        guard let bytes = try FileContent.read(path, limit: Self.largest) else {
            self.init()
            return
        }
        try self.init(bytes) { name in try FileContent.read(folder + "sharedindex." + name, limit: Self.largest) }
    }

    /// - Parameter shared: the bytes of the shared index of a name of forty digits; nil when there is none.
    package init(_ bytes: [UInt8], shared: (String) throws -> [UInt8]?) throws {
        let link = try bytes.withUnsafeBytes { buffer in
            var reader = IndexReader(buffer)
            return try reader.read(into: &self)
        }
        guard let link, link.base != .zero else { return }
        guard let base = try shared(link.base.description) else {
            throw IndexFormatError(reason: "the shared part of the split index is missing")
        }
        var whole = StagedIndex()
        let inner = try base.withUnsafeBytes { buffer in
            var reader = IndexReader(buffer)
            return try reader.read(into: &whole)
        }
        guard inner == nil else { throw IndexFormatError(reason: "the shared part of the split index is split itself") }
        try self.join(whole, link)
    }

    /// The exact bytes of an entry's path.
    package func path(of entry: Entry) -> [UInt8] { Array(names[entry.name]) }
}

/// Reads the bytes of one index file.
struct IndexReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private static let idLength = 20
    private static let extended: UInt16 = 0x4000
    private static let intentToAdd: UInt16 = 0x2000

    /// - Returns: what a split index says of its shared part; nil for one that is whole.
    mutating func read(into index: inout StagedIndex) throws -> SplitLink? {
        guard bytes.count >= 12 + Self.idLength, bytes.prefix(4).elementsEqual("DIRC".utf8) else {
            throw IndexFormatError(reason: "it is no index of git")
        }
        offset = 4
        let version = try word()
        guard (2...4).contains(version) else {
            throw IndexFormatError(reason: "its version \(version) is not known")
        }
        let count = Int(try word())
        // The least that an entry takes.
        guard count <= bytes.count / (version == 4 ? 24 : 62) + 1 else { throw damaged }
        index.entries.reserveCapacity(count)
        index.names.reserveCapacity(bytes.count / 3)
        var previous = 0..<0
        for _ in 0..<count { try readEntry(version, into: &index, &previous) }
        return try readExtensions(into: &index)
    }

    private var damaged: IndexFormatError { IndexFormatError(reason: "it ends in the middle of an entry") }
    private var end: Int { bytes.count - Self.idLength }

    private mutating func word() throws -> UInt32 {
        guard offset + 4 <= end else { throw damaged }
        defer { offset += 4 }
        return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private mutating func half() throws -> UInt16 {
        guard offset + 2 <= end else { throw damaged }
        defer { offset += 2 }
        return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    private mutating func id() throws -> ObjectID {
        guard offset + Self.idLength <= end, let start = bytes.baseAddress else { throw damaged }
        defer { offset += Self.idLength }
        return ObjectID(reading: start + offset)
    }

    private mutating func readEntry(
        _ version: UInt32, into index: inout StagedIndex, _ previous: inout Range<Int>
    ) throws {
        let start = offset
        // Times, device, file number.
        offset += 24
        let mode = try word()
        // Owner, group, size.
        offset += 12
        let id = try id()
        let flags = try half()
        var more: UInt16 = 0
        if flags & Self.extended != 0 {
            guard version > 2 else {
                throw IndexFormatError(reason: "an entry has flags that its version does not know")
            }
            more = try half()
        }
        let nameStart = index.names.count
        if version == 4 {
            // As many bytes are taken off the end of the path before as the number says.
            let removed = try variableNumber()
            guard removed <= previous.count else { throw damaged }
            index.names.append(contentsOf: index.names[previous.lowerBound..<previous.upperBound - removed])
        }
        guard let stop = bytes[min(offset, end)..<end].firstIndex(of: 0) else { throw damaged }
        index.names.append(contentsOf: bytes[offset..<stop])
        if version == 4 {
            offset = stop + 1
        } else {
            // One to eight NULs, up to a length that eight divides.
            offset = start + ((stop - start) / 8 + 1) * 8
            guard offset <= end else { throw damaged }
        }
        previous = nameStart..<index.names.count
        index.entries.append(
            StagedIndex.Entry(
                name: previous, id: id, mode: mode, stage: UInt8(flags >> 12 & 3),
                isIntentToAdd: more & Self.intentToAdd != 0))
    }

    /// Seven bits a byte, the highest first, each but the last one too small by one.
    private mutating func variableNumber() throws -> Int {
        var value = -1
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            value = (value + 1) << 7 | Int(byte & 0x7F)
            guard value < 1 << 30 else { throw damaged }
            if byte & 0x80 == 0 { return value }
        }
        throw damaged
    }

    private mutating func readExtensions(into index: inout StagedIndex) throws -> SplitLink? {
        var link: SplitLink?
        while offset < end {
            guard offset + 8 <= end else { throw damaged }
            let name = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
            offset += 4
            let length = Int(try word())
            guard length <= end - offset else { throw damaged }
            let content = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
            offset += length
            switch name {
            case "TREE": index.cachedTree = CachedTree(content)
            case "link": link = try SplitLink(content)
            // Folders stand for all that is in them: their entries say so themselves.
            case "sdir": break
            // In capitals: whoever does not know it may pass over it.
            case let name where name.utf8.first.map({ (0x41...0x5A).contains($0) }) ?? false: break
            default:
                throw IndexFormatError(reason: "it has an extension that is not known, and that may not be passed over")
            }
        }
        return link
    }
}
