// Known objects as bytes: arrays of numbers of a fixed width, one behind the other, their lengths in front.

import Git

extension ObjectState {
    struct Damaged: Error {}

    /// All arrays, in the order in which they are written.
    func encoded() -> [UInt8] {
        var writer = ArrayWriter()
        let setLists = NumberLists(sets)
        let dotenvLists = NumberLists(dotenvSets.map { $0.map { $0.blob &* 2 &+ ($0.isTemplate ? 1 : 0) } })
        writer.write(ids)
        writer.write(marks.map(\.rawValue))
        writer.write(others)
        for numbers in [commits.places, commits.trees] { writer.write(numbers) }
        writer.write(commits.times)
        writer.write(commits.parents)
        for numbers in [tags, tagTargets, origins.trees, origins.bases] { writer.write(numbers) }
        writer.write(origins.looked)
        for numbers in [treeSets, treeDotenv] { writer.write(numbers) }
        writer.write(names.map { Int32($0.count) })
        writer.write(Array(names.joined()))
        for numbers in [blobs.map(\.name), blobs.map(\.rest), blobs.map(\.blob)] { writer.write(numbers) }
        writer.write(setLists)
        writer.write(dotenvLists)
        return writer.finish()
    }

    /// Nothing in the bytes is trusted: lengths are checked before memory is taken, numbers before they are used.
    init(decoding bytes: ArraySlice<UInt8>) throws(Damaged) {
        var reader = ArrayReader(bytes)
        ids = try reader.ids()
        marks = try reader.bytes().map { Mark(rawValue: $0) }
        others = try reader.ids()
        commits.places = try reader.numbers()
        commits.trees = try reader.numbers()
        commits.times = try reader.longNumbers()
        commits.parents = try reader.lists()
        tags = try reader.numbers()
        tagTargets = try reader.numbers()
        origins.trees = try reader.numbers()
        origins.bases = try reader.numbers()
        origins.looked = try reader.lists()
        treeSets = try reader.numbers()
        treeDotenv = try reader.numbers()
        let lengths = try reader.numbers()
        names = try Self.split(try reader.bytes(), lengths)
        let (blobNames, rests, targets) = (try reader.numbers(), try reader.numbers(), try reader.numbers())
        guard blobNames.count == rests.count, rests.count == targets.count else { throw Damaged() }
        blobs = blobNames.indices.map { PathedBlob(name: blobNames[$0], rest: rests[$0], blob: targets[$0]) }
        sets = try reader.lists().all()
        dotenvSets = try reader.lists().all().map { set in
            set.map { DotenvMember(blob: $0 >> 1, isTemplate: $0 & 1 == 1) }
        }
        guard reader.isAtEnd, isSound else { throw Damaged() }
    }

    private static func split(_ bytes: [UInt8], _ lengths: [Int32]) throws(Damaged) -> [[UInt8]] {
        var names: [[UInt8]] = []
        names.reserveCapacity(lengths.count)
        var start = 0
        for length in lengths {
            guard length >= 0, Int(length) <= bytes.count - start else { throw Damaged() }
            names.append(Array(bytes[start..<start + Int(length)]))
            start += Int(length)
        }
        guard start == bytes.count else { throw Damaged() }
        return names
    }

    /// Whether every number leads somewhere, and all that must be in order is.
    private var isSound: Bool {
        let count = Int32(ids.count)
        let lowest = -Int32(others.count)
        func isName(_ number: Int32) -> Bool { number >= lowest && number < count }
        guard marks.count == ids.count, marks.allSatisfy({ $0.rawValue < 8 }), ids.isAscending else { return false }
        var counts = [0, 0, 0, 0]
        for mark in marks { counts[Int(mark.rawValue & 3)] += 1 }
        func hold(_ places: [Int32], _ kind: ObjectKind) -> Bool {
            places.count == counts[Int(kind.rawValue)]
                && places.allSatisfy { $0 >= 0 && $0 < count && marks[Int($0)].kind == kind }
        }
        // As many as there are, each once: none is left out.
        guard hold(commits.places, .commit), commits.places.isAscending, commits.trees.count == commits.places.count,
            commits.times.count == commits.places.count, commits.parents.count == commits.places.count,
            commits.trees.allSatisfy(isName), commits.parents.numbers.allSatisfy(isName)
        else { return false }
        guard hold(tags, .tag), tags.isAscending, tagTargets.count == tags.count, tagTargets.allSatisfy(isName)
        else { return false }
        let trees = origins.trees
        guard hold(trees, .tree), origins.bases.count == trees.count, origins.looked.count == trees.count,
            origins.looked.numbers.allSatisfy(isName), treeSets.count == trees.count, treeDotenv.count == trees.count
        else { return false }
        var isSeen = [Bool](repeating: false, count: ids.count)
        for (number, tree) in trees.enumerated() {
            guard !isSeen[Int(tree)], origins.bases[number] >= -1, origins.bases[number] < number else { return false }
            isSeen[Int(tree)] = true
        }
        guard treeSets.allSatisfy({ sets.indices.contains(Int($0)) }),
            treeDotenv.allSatisfy({ dotenvSets.indices.contains(Int($0)) })
        else { return false }
        for (number, blob) in blobs.enumerated() {
            // A path is a chain of earlier ones, so that every chain ends.
            guard names.indices.contains(Int(blob.name)), blob.rest >= -1, blob.rest < number, isName(blob.blob)
            else { return false }
        }
        guard sets.first == [], dotenvSets.first == [] else { return false }
        return sets.allSatisfy { set in set.isAscending && set.allSatisfy { blobs.indices.contains(Int($0)) } }
            && dotenvSets.allSatisfy { set in set.allSatisfy { isName($0.blob) } }
    }
}

extension Array where Element: Comparable {
    /// Each is larger than the one before it.
    fileprivate var isAscending: Bool {
        withUnsafeBufferPointer { all in
            var place = 1
            while place < all.count {
                if !(all[place - 1] < all[place]) { return false }
                place += 1
            }
            return true
        }
    }
}

extension NumberLists {
    init(_ lists: [[Int32]]) {
        self.init()
        for list in lists {
            for number in list { append(number) }
            endList()
        }
    }

    func all() -> [[Int32]] { (0..<count).map { Array(self[$0]) } }
}
