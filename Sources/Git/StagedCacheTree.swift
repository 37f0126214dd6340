// The trees that git keeps in its index: what a commit takes for a folder in which nothing was changed.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is known of a folder of the index.
package struct CachedTree: Sendable {
    /// Nil when something below it was changed since.
    package var id: ObjectID?
    /// Entries of the index below it; 0 when `id` is nil.
    package var count = 0
    /// In git's order: by length, then by bytes.
    private var children: [(name: [UInt8], tree: CachedTree)] = []

    /// Folders in folders; git's own paths are shorter.
    private static let deepest = 2_048

    /// Nil when the bytes are none: git passes over such an extension, too.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        guard let (_, tree) = Self.read(bytes, &offset, depth: 0), offset == bytes.count else { return nil }
        self = tree
    }

    private init(id: ObjectID?, count: Int) {
        self.id = id
        self.count = count
    }

    /// What is known of a folder in this one. Of a list that is not in git's order some are not found, which costs time
    /// and nothing else.
    func child(_ name: UnsafeRawBufferPointer) -> CachedTree? {
        var (low, high) = (0, children.count)
        while low < high {
            let middle = (low + high) / 2
            let order = Self.order(children[middle].name, name)
            if order == 0 { return children[middle].tree }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func order(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Int {
        if left.count != right.count { return left.count - right.count }
        guard let start = right.baseAddress else { return 0 }
        return left.withUnsafeBytes { bytes in bytes.baseAddress.map { Int(memcmp($0, start, right.count)) } ?? 0 }
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer, _ offset: inout Int, depth: Int
    ) -> (name: [UInt8], tree: CachedTree)? {
        guard depth <= deepest, offset < bytes.count, let stop = bytes[offset...].firstIndex(of: 0) else { return nil }
        let name = [UInt8](bytes[offset..<stop])
        offset = stop + 1
        guard let count = number(bytes, &offset, until: UInt8(ascii: " ")),
            let childCount = number(bytes, &offset, until: UInt8(ascii: "\n")), childCount >= 0
        else { return nil }
        var tree = CachedTree(id: nil, count: 0)
        if count >= 0 {
            guard offset + 20 <= bytes.count, let start = bytes.baseAddress else { return nil }
            tree = CachedTree(id: ObjectID(reading: start + offset), count: count)
            offset += 20
        }
        for _ in 0..<childCount {
            guard let child = read(bytes, &offset, depth: depth + 1) else { return nil }
            tree.children.append(child)
        }
        return (name, tree)
    }

    /// A number in digits, with a minus before it where nothing is known.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int, until mark: UInt8) -> Int? {
        var value = 0
        var isNegative = false
        var digits = 0
        while offset < bytes.count, digits <= 12 {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case mark: return digits > 0 ? (isNegative ? -value : value) : nil
            case UInt8(ascii: "-") where digits == 0 && !isNegative: isNegative = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
            default: return nil
            }
        }
        return nil
    }
}
