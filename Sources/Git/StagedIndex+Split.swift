// A split index: a shared file with most entries, and what has changed since.

/// What the small part of a split index says of the shared one.
struct SplitLink {
    /// Forty digits of its name; zero when there is none.
    let base: ObjectID
    /// Places of entries of the shared part that are gone, and of those that are replaced.
    let deleted: Set<Int>
    let replaced: Set<Int>

    /// - Throws: `IndexFormatError`.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count >= 20, let start = bytes.baseAddress else {
            throw IndexFormatError(reason: "it does not say which index it is a part of")
        }
        base = ObjectID(reading: start)
        var offset = 20
        if offset == bytes.count {
            (deleted, replaced) = ([], [])
            return
        }
        deleted = try Self.places(bytes, &offset)
        replaced = try Self.places(bytes, &offset)
    }

    /// A bit map in git's compressed form: words of 64 bits, each run of equal words announced by a marker.
    private static func places(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) throws -> Set<Int> {
        let damaged = IndexFormatError(reason: "the list of its changed entries is damaged")
        guard offset + 8 <= bytes.count else { throw damaged }
        let bitCount = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        let wordCount = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)))
        offset += 8
        // The words, and where the last marker is.
        guard wordCount * 8 + 4 <= bytes.count - offset else { throw damaged }
        defer { offset += wordCount * 8 + 4 }
        func word(_ number: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + number * 8, as: UInt64.self))
        }
        var found: Set<Int> = []
        var place = 0
        var next = 0
        while next < wordCount {
            let marker = word(next)
            next += 1
            let runLength = Int(marker >> 1 & 0xFFFF_FFFF)
            let literalCount = Int(marker >> 33)
            // As many bits as there are entries: a longer run is made up.
            guard runLength <= (bitCount + 63) / 64, literalCount <= wordCount - next else { throw damaged }
            if marker & 1 == 1 { found.formUnion(place..<min(place + runLength * 64, bitCount)) }
            place += runLength * 64
            for _ in 0..<literalCount {
                var bits = word(next)
                next += 1
                while bits != 0 {
                    found.insert(place + bits.trailingZeroBitCount)
                    bits &= bits - 1
                }
                place += 64
            }
        }
        return found
    }
}

extension StagedIndex {
    /// Makes of the small part, which this is, and the shared one the index that both are.
    mutating func join(_ shared: StagedIndex, _ link: SplitLink) throws {
        let damaged = IndexFormatError(reason: "its parts do not fit together")
        guard (link.deleted.union(link.replaced)).allSatisfy({ $0 < shared.entries.count }) else { throw damaged }
        var whole = StagedIndex()
        whole.names = shared.names
        whole.cachedTree = cachedTree
        // Those that replace come first, without a name, in the order of what they replace.
        let nameless = entries.prefix { $0.name.isEmpty }
        var added = entries.dropFirst(nameless.count)
        guard nameless.count == link.replaced.count, !added.contains(where: { $0.name.isEmpty }) else { throw damaged }
        var replacing = nameless.makeIterator()
        var kept: [Entry] = []
        kept.reserveCapacity(shared.entries.count)
        for (place, entry) in shared.entries.enumerated() {
            if link.replaced.contains(place), var other = replacing.next() {
                other.name = entry.name
                if !link.deleted.contains(place) { kept.append(other) }
            } else if !link.deleted.contains(place) {
                kept.append(entry)
            }
        }
        func precedes(_ left: Entry, _ right: Entry) -> Bool {
            let (first, second) = (whole.names[left.name], whole.names[right.name])
            return first == second ? left.stage < right.stage : first.lexicographicallyPrecedes(second)
        }
        for place in added.indices {
            let start = whole.names.count
            whole.names.append(contentsOf: names[added[place].name])
            added[place].name = start..<whole.names.count
        }
        // Both are in order; what is added takes the place of what has its name.
        var rest = kept[...]
        for entry in added {
            while let first = rest.first, precedes(first, entry) { whole.entries.append(rest.removeFirst()) }
            if let first = rest.first, !precedes(entry, first) { rest.removeFirst() }
            whole.entries.append(entry)
        }
        whole.entries += rest
        self = whole
    }
}
