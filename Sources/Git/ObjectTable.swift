// Every object once: ids in the order of their packs, found by id.

/// A list of distinct object ids with a hash index over it: 24 bytes an object for the id, about 8 for the index.
package struct ObjectTable: Sendable {
    package private(set) var ids: [ObjectID] = []
    // Open addressing with linear probing; a slot holds a place in `ids` plus one, 0 is free.
    private var slots: [UInt32] = Array(repeating: 0, count: 1 << 12)

    package init() {}

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
        var slot = Int(truncatingIfNeeded: id.first) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if ids[place] == id { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    package var count: Int { ids.count }

    private mutating func grow() {
        var larger = [UInt32](repeating: 0, count: slots.count * 2)
        for (place, id) in ids.enumerated() {
            var slot = Int(truncatingIfNeeded: id.first) & (larger.count - 1)
            while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = UInt32(place + 1)
        }
        slots = larger
    }
}
