// Every object once: ids in the order of their packs or sorted, found by id.

/// A list of distinct object ids with an index over it: 24 bytes an object for the id, about 8 for a hash index, next to
/// nothing where the ids are sorted.
package struct ObjectTable: Sendable {
    package private(set) var ids: [ObjectID] = []
    // Open addressing with linear probing; a slot holds a place in `ids` plus one, 0 is free.
    private var slots: [UInt32] = Array(repeating: 0, count: 1 << 12)
    // Of sorted ids, instead of slots: where the ids start that begin with these two bytes, and one more for the end.
    private var starts: [UInt32] = []

    package init() {}

    /// A table of ids that are sorted already, without any repeated.
    package init(sorted ids: [ObjectID]) {
        self.ids = ids
        slots = []
        var starts = [UInt32](repeating: 0, count: Self.buckets + 1)
        ids.withUnsafeBufferPointer { ids in
            starts.withUnsafeMutableBufferPointer { starts in
                for id in ids { starts[Self.bucket(of: id) + 1] += 1 }
                for bucket in 0..<Self.buckets { starts[bucket + 1] += starts[bucket] }
            }
        }
        self.starts = starts
    }

    private static let buckets = 1 << 16

    @inline(__always)
    private static func bucket(of id: ObjectID) -> Int { Int(id.first >> 48) }

    /// Adds `id` unless it is there.
    /// - Returns: its place, and whether it is new.
    @discardableResult
    package mutating func insert(_ id: ObjectID) -> (place: Int, isNew: Bool) {
        if ids.count * 2 >= slots.count { grow() }
        var slot = Int(truncatingIfNeeded: id.first) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if ids[place] == id { return (place, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        ids.append(id)
        slots[slot] = UInt32(ids.count)
        return (ids.count - 1, true)
    }

    /// The place of `id` in `ids`; nil when it is not there.
    @inline(__always)
    package func place(of id: ObjectID) -> Int? {
        if slots.isEmpty { return sortedPlace(of: id) }
        var slot = Int(truncatingIfNeeded: id.first) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if ids[place] == id { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func sortedPlace(of id: ObjectID) -> Int? {
        let bucket = Self.bucket(of: id)
        var (low, high) = (Int(starts[bucket]), Int(starts[bucket + 1]))
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < Int(starts[bucket + 1]) && ids[low] == id ? low : nil
    }

    package var count: Int { ids.count }

    private mutating func grow() {
        // One that was sorted is no longer once something is added.
        var size = max(slots.count * 2, 1 << 12)
        while size < ids.count * 2 + 2 { size *= 2 }
        starts = []
        var larger = [UInt32](repeating: 0, count: size)
        for (place, id) in ids.enumerated() {
            var slot = Int(truncatingIfNeeded: id.first) & (larger.count - 1)
            while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = UInt32(place + 1)
        }
        slots = larger
    }
}
