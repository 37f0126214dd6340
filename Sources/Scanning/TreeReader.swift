// Trees, read for what matters, at the cost of what is new in each.

import Dotenv
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One worker's part of the second pass.
///
/// Neighbouring versions of a folder differ in an entry or two, so each tree is compared with the version read before it,
/// and only the entries between the common beginning and the common end are looked at. The rest is inherited. What is
/// inherited is right whatever the earlier tree was: the same bytes are the same entries.
struct TreeReader: ~Copyable {
    private let table: ObjectTable
    private let wanted: [Bool]
    private(set) var pass = TreePass()
    private var numbers: [[UInt8]: Int32] = [:]
    private var memory: [Remembered]
    private var next = Remembered()
    /// Entries that were really looked at: a measure of work that does not depend on the clock.
    private(set) var entryCount = 0
    private let notesOrigins: Bool

    /// Folders that are remembered at once, a power of two. More than the folders that change between two versions of a
    /// folder in a pack's order, few enough to stay in the processor's cache.
    private static let memorySize = 256

    /// A tree as it was read.
    private struct Remembered {
        var bytes: [UInt8] = []
        /// Where each entry starts.
        var starts: [Int32] = []
        /// The entries that matter, in order.
        var marks: [Mark] = []
        /// Whether all of its entries were in the database: a missing one must be told for each tree anew.
        var isWhole = true
        /// Its place among the trees that were read; -1 for none.
        var number: Int32 = -1
    }

    /// An entry that matters.
    private struct Mark {
        var entry: Int32
        var name: Int32
        var child: Int32
        var isTree: Bool
        var dotenv: DotenvFileKind?
    }

    init(table: ObjectTable, wanted: [Bool], notesOrigins: Bool = false) {
        self.notesOrigins = notesOrigins
        self.table = table
        self.wanted = wanted
        memory = Array(repeating: Remembered(), count: Self.memorySize)
    }

    consuming func finish() -> TreePass { pass }

    mutating func read(_ place: Int, in repository: borrowing Repository) {
        let id = table.ids[place]
        do {
            try repository.withObject(id) { _, bytes in
                if !read(bytes, place) {
                    pass.gaps.append(
                        Gap(kind: .unreadableObject, subject: id.description, reason: "a tree that ends early"))
                }
            }
        } catch {
            let reason = (error as? GitError)?.message ?? "\(error)"
            pass.gaps.append(Gap(kind: .unreadableObject, subject: id.description, reason: reason))
            pass.unsound.insert(Int32(place))
        }
    }

    /// Reads the tree at `place` from its bytes.
    /// - Returns: whether it is whole.
    mutating func read(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        let slot = Self.slot(for: bytes)
        // Of one that was not whole, nothing is inherited.
        let base = memory[slot].isWhole ? memory[slot].number : -1
        let isWhole = compare(bytes, with: slot)
        emit(place)
        if !next.isWhole { pass.unsound.insert(Int32(place)) }
        if notesOrigins {
            next.number = Int32(pass.origins.trees.count)
            pass.origins.trees.append(Int32(place))
            pass.origins.bases.append(base)
            pass.origins.looked.endList()
        }
        swap(&memory[slot], &next)
        return isWhole
    }

    /// The first names stand for the folder: they seldom change.
    private static func slot(for bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt32 = 2_166_136_261
        var tree = RawTree(bytes)
        for _ in 0..<4 {
            guard let entry = tree.next() else { break }
            for byte in entry.name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        }
        return Int(hash >> 8) & (memorySize - 1)
    }

    /// Fills `next` with the entries of `bytes`, inheriting from the tree in `slot` what both have.
    private mutating func compare(_ bytes: UnsafeRawBufferPointer, with slot: Int) -> Bool {
        next.starts.removeAll(keepingCapacity: true)
        next.marks.removeAll(keepingCapacity: true)
        next.isWhole = true
        let old = memory[slot]
        let shift = bytes.count - old.bytes.count
        let shared = old.bytes.withUnsafeBytes { Self.shared($0, bytes) }
        // Entries that end within the common beginning.
        var inherited = 0
        if old.isWhole, shared.beginning > 0 {
            inherited = Self.count(of: old.starts, below: Int32(shared.beginning))
            // The entry that holds the first difference is not inherited, nor is one that merely ends there.
            inherited = max(0, inherited - 1)
            next.starts.append(contentsOf: old.starts[..<inherited])
            for mark in old.marks {
                if mark.entry >= inherited { break }
                next.marks.append(mark)
            }
        }
        // The first entry that starts within the common end.
        var tail =
            old.isWhole ? Self.count(of: old.starts, below: Int32(old.bytes.count - shared.end)) : old.starts.count
        var offset = inherited < old.starts.count && inherited > 0 ? Int(old.starts[inherited]) : 0
        // Between the two, entries are still mostly the same, one by one.
        var twin = Twin(index: inherited, mark: next.marks.count)
        var newInARow = 0
        while offset < bytes.count {
            while tail < old.starts.count, Int(old.starts[tail]) + shift < offset { tail += 1 }
            if tail < old.starts.count, Int(old.starts[tail]) + shift == offset {
                inheritTail(of: old, from: tail, shift: shift)
                break
            }
            if old.isWhole, let length = twin.length(of: old, at: offset, in: bytes) {
                if twin.mark < old.marks.count, old.marks[twin.mark].entry == twin.index {
                    var mark = old.marks[twin.mark]
                    mark.entry = Int32(next.starts.count)
                    next.marks.append(mark)
                    twin.mark += 1
                }
                next.starts.append(Int32(offset))
                twin.index += 1
                offset += length
                newInARow = 0
                continue
            }
            guard let end = look(at: bytes, offset) else {
                next.isWhole = false
                remember(bytes)
                return false
            }
            offset = end
            // One that was added has no twin; of a run of changed ones, the earlier tree's are left behind in time.
            newInARow += 1
            if newInARow >= Twin.reach { twin.skip(1, old) }
        }
        remember(bytes)
        return true
    }

    /// The place in an earlier tree that a new tree is compared with, entry by entry.
    private struct Twin {
        var index: Int
        /// The first of the earlier tree's marks that is not before `index`.
        var mark: Int

        /// How many of the earlier tree's entries are tried.
        static let reach = 4

        /// The length of the entry at `offset` if the earlier tree has the very same one next; entries that it has in
        /// between, by name, are passed over.
        mutating func length(of old: borrowing Remembered, at offset: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
            // What was changed or taken out is passed over: try the next few as well.
            for step in 0..<Self.reach where index + step < old.starts.count {
                let start = Int(old.starts[index + step])
                let end = index + step + 1 < old.starts.count ? Int(old.starts[index + step + 1]) : old.bytes.count
                let length = end - start
                guard offset + length <= bytes.count else { continue }
                let isSame = old.bytes.withUnsafeBytes { earlier in
                    memcmp(
                        earlier.baseAddress.unsafelyUnwrapped + start, bytes.baseAddress.unsafelyUnwrapped + offset,
                        length) == 0
                }
                guard isSame else { continue }
                skip(step, old)
                return length
            }
            return nil
        }

        /// Passes over `count` of the earlier tree's entries.
        mutating func skip(_ count: Int, _ old: borrowing Remembered) {
            index += count
            while mark < old.marks.count, old.marks[mark].entry < index { mark += 1 }
        }
    }

    private mutating func inheritTail(of old: borrowing Remembered, from tail: Int, shift: Int) {
        let entryShift = Int32(next.starts.count - tail)
        if shift == 0 {
            next.starts.append(contentsOf: old.starts[tail...])
        } else {
            for start in old.starts[tail...] { next.starts.append(start + Int32(shift)) }
        }
        for mark in old.marks where mark.entry >= tail {
            var mark = mark
            mark.entry += entryShift
            next.marks.append(mark)
        }
    }

    /// Looks at the entry at `offset`.
    /// - Returns: where the next one starts; nil when the bytes end first.
    private mutating func look(at bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
        var tree = RawTree(bytes, from: offset)
        guard let entry = tree.next() else { return nil }
        let number = Int32(next.starts.count)
        next.starts.append(Int32(offset))
        entryCount += 1
        if entry.isSubmodule { return tree.offset }
        guard let child = table.place(of: entry.id) else {
            pass.missing.insert(entry.id)
            next.isWhole = false
            return tree.offset
        }
        if notesOrigins { pass.origins.looked.append(Int32(child)) }
        if entry.isTree {
            next.marks.append(
                Mark(entry: number, name: nameNumber(entry.name), child: Int32(child), isTree: true, dotenv: nil))
        } else {
            let dotenv = entry.isSymbolicLink ? nil : DotenvFileKind(fileName: entry.name)
            if dotenv != nil || wanted[child] {
                next.marks.append(
                    Mark(
                        entry: number, name: nameNumber(entry.name), child: Int32(child), isTree: false, dotenv: dotenv)
                )
            }
        }
        return tree.offset
    }

    private mutating func remember(_ bytes: UnsafeRawBufferPointer) {
        next.bytes.removeAll(keepingCapacity: true)
        next.bytes.append(contentsOf: bytes)
    }

    /// Writes what `next` holds into the pass.
    private mutating func emit(_ place: Int) {
        let firstEdge = pass.edges.count
        for mark in next.marks {
            if mark.isTree {
                pass.edges.append(TreePass.Edge(name: mark.name, tree: mark.child))
                continue
            }
            let blob = Int(mark.child)
            if let dotenv = mark.dotenv, pass.dotenvBlobs[blob] != .dotenv { pass.dotenvBlobs[blob] = dotenv }
            pass.leaves[place, default: []].append(
                TreePass.Leaf(name: mark.name, blob: mark.child, dotenv: mark.dotenv))
        }
        if pass.edges.count > firstEdge { pass.edgeRanges[place] = firstEdge..<pass.edges.count }
    }

    private mutating func nameNumber(_ name: UnsafeRawBufferPointer) -> Int32 {
        let bytes = Array(name)
        if let number = numbers[bytes] { return number }
        let number = Int32(pass.names.count)
        numbers[bytes] = number
        pass.names.append(bytes)
        return number
    }

    /// How many bytes both begin with, and how many of the others both end with.
    private static func shared(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> (beginning: Int, end: Int) {
        let length = min(left.count, right.count)
        guard length > 0, let first = left.baseAddress, let second = right.baseAddress else { return (0, 0) }
        var beginning = 0
        while beginning + 8 <= length,
            first.loadUnaligned(fromByteOffset: beginning, as: UInt64.self)
                == second.loadUnaligned(fromByteOffset: beginning, as: UInt64.self)
        {
            beginning += 8
        }
        while beginning < length, left[beginning] == right[beginning] { beginning += 1 }
        var end = 0
        let rest = length - beginning
        let (leftEnd, rightEnd) = (first + left.count, second + right.count)
        while end + 8 <= rest,
            leftEnd.loadUnaligned(fromByteOffset: -end - 8, as: UInt64.self)
                == rightEnd.loadUnaligned(fromByteOffset: -end - 8, as: UInt64.self)
        {
            end += 8
        }
        while end < rest, left[left.count - end - 1] == right[right.count - end - 1] { end += 1 }
        return (beginning, end)
    }

    /// How many of the ascending numbers are below `bound`.
    private static func count(of numbers: [Int32], below bound: Int32) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
