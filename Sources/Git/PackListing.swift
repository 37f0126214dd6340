// All objects of a repository, sorted by id: read straight from the indexes of its packs, which are sorted already.

import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The objects of a repository, sorted by id, and where its packs have them.
package struct PackListing: Sendable {
    /// Each once, ascending.
    package private(set) var ids: [ObjectID] = []
    private var packs: [PackIndex] = []

    /// Nil where anything is unusual: then `ObjectStorage.objects` lists what can be listed, and tells of the rest.
    package init?(_ storage: ObjectStorage) {
        guard storage.isOrdinary else { return nil }
        var lists: [[ObjectID]] = []
        for folder in storage.folders {
            guard let found = Self.packs(in: folder) else { return nil }
            packs += found
            lists += found.map(\.ids)
        }
        var isWhole = true
        var loose = ObjectTable()
        for folder in storage.folders { storage.listLoose(in: folder, into: &loose) { _ in isWhole = false } }
        guard isWhole else { return nil }
        lists.append(loose.ids.sorted())
        ids = Self.merged(lists)
        // A place is kept in 32 bits.
        guard ids.count < Int(Int32.max) else { return nil }
    }

    /// The places in `ids` of what is to be read, in the order in which reading is cheap: that of the packs.
    ///
    /// - Parameter places: ascending.
    package func inPackOrder(_ places: [Int]) -> [Int] {
        var positions = [UInt64](repeating: UInt64.max, count: places.count)
        for (number, pack) in packs.enumerated() {
            var start = 0
            for (index, place) in places.enumerated() where positions[index] == UInt64.max {
                guard let (found, offset) = pack.offset(of: ids[place], from: start) else { continue }
                start = found
                positions[index] = UInt64(number) << 48 | offset
            }
        }
        // Loose ones last.
        return places.indices.sorted { (positions[$0], places[$0]) < (positions[$1], places[$1]) }.map { places[$0] }
    }

    private static func packs(in folder: String) -> [PackIndex]? {
        guard let entries = try? Folder.entries(at: folder + "/pack") else { return nil }
        let names = Set(entries.map(\.bytes))
        var packs: [PackIndex] = []
        for entry in entries {
            let name = entry.name
            if name.hasSuffix(".pack") {
                guard entry.kind == .file, names.contains(Array((name.dropLast(5) + ".idx").utf8)) else { return nil }
            }
            guard name.hasSuffix(".idx") else { continue }
            guard entry.kind == .file, names.contains(Array((name.dropLast(4) + ".pack").utf8)),
                let pack = PackIndex(folder + "/pack/" + name)
            else { return nil }
            packs.append(pack)
        }
        return packs
    }

    /// All of the sorted lists in one, each id once.
    private static func merged(_ lists: [[ObjectID]]) -> [ObjectID] {
        // The shortest two first, so that a large pack is gone through once.
        var lists = lists.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
        while lists.count > 1 {
            let both = merged(lists.removeLast(), lists.removeLast())
            let place = lists.firstIndex { $0.count < both.count } ?? lists.count
            lists.insert(both, at: place)
        }
        return lists.first ?? []
    }

    private static func merged(_ left: [ObjectID], _ right: [ObjectID]) -> [ObjectID] {
        [ObjectID](unsafeUninitializedCapacity: left.count + right.count) { buffer, count in
            var (first, second) = (0, 0)
            while first < left.count || second < right.count {
                let next: ObjectID
                if second == right.count || first < left.count && left[first] <= right[second] {
                    next = left[first]
                    first += 1
                    if second < right.count, right[second] == next { second += 1 }
                } else {
                    next = right[second]
                    second += 1
                }
                buffer.initializeElement(at: count, to: next)
                count += 1
            }
        }
    }
}

/// The index of one pack, version 2.
///
/// Format: https://git-scm.com/docs/pack-format#_version_2_pack_idx_files_support_packs_larger_than_4_gib_and
private struct PackIndex: Sendable {
    /// Ascending, each once.
    let ids: [ObjectID]
    /// Offsets in the pack, big-endian, 32 bits each; the highest bit for "in the table of long ones".
    private let offsets: ArraySlice<UInt8>
    private let longOffsets: ArraySlice<UInt8>

    private static let head: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
    private static let largest = 8 << 30

    /// Nil when it is not sound.
    init?(_ path: String) {
        guard let bytes = (try? FileContent.read(Array(path.utf8), limit: Self.largest)) ?? nil,
            bytes.count >= 8 + 1_024 + 40, bytes.starts(with: Self.head)
        else { return nil }
        let fanOut = (0..<256).map { Int(Self.word(bytes[...], 8 + $0 * 4)) }
        guard zip(fanOut, fanOut.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        let count = fanOut[255]
        let idsStart = 8 + 1_024
        let offsetsStart = idsStart + count * 24
        let longStart = offsetsStart + count * 4
        let longCount = (bytes.count - longStart - 40) / 8
        guard bytes.count >= longStart + 40, (bytes.count - longStart - 40) % 8 == 0, longCount <= max(count - 1, 0)
        else { return nil }
        let ids = bytes.withUnsafeBytes { raw in
            [ObjectID](unsafeUninitializedCapacity: count) { buffer, filled in
                for place in 0..<count {
                    let start = raw.baseAddress.unsafelyUnwrapped + idsStart + place * 20
                    buffer.initializeElement(at: place, to: ObjectID(reading: start))
                }
                filled = count
            }
        }
        // What is not in order cannot be found, by git neither.
        for place in ids.indices.dropFirst() where !(ids[place - 1] < ids[place]) { return nil }
        for first in 0..<256 {
            let range = (first == 0 ? 0 : fanOut[first - 1])..<fanOut[first]
            guard let low = range.first, let high = range.last else { continue }
            guard Int(ids[low].first >> 56) == first, Int(ids[high].first >> 56) == first else { return nil }
        }
        self.ids = ids
        offsets = bytes[offsetsStart..<longStart]
        longOffsets = bytes[longStart..<longStart + longCount * 8]
    }

    /// Where the pack has the object, and its place among the ids.
    /// - Parameter start: a place that is not behind it.
    func offset(of id: ObjectID, from start: Int) -> (place: Int, offset: UInt64)? {
        // Where most of the pack is asked for, the next one is near.
        var (low, step) = (start, 1)
        while low + step < ids.count, ids[low + step] < id {
            low += step
            step *= 2
        }
        var high = min(low + step + 1, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        guard low < ids.count, ids[low] == id else { return nil }
        let offset = Self.word(offsets, low * 4)
        guard offset & 0x8000_0000 != 0 else { return (low, UInt64(offset)) }
        let place = Int(offset & 0x7FFF_FFFF) * 8
        guard place + 8 <= longOffsets.count else { return (low, UInt64(offset)) }
        let high32 = UInt64(Self.word(longOffsets, place)) & 0x7FFF
        return (low, high32 << 32 | UInt64(Self.word(longOffsets, place + 4)))
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
        let start = bytes.startIndex + offset
        return UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
            | UInt32(bytes[start + 3])
    }
}
