// Which objects of a repository need not be read, since an earlier scan has read them.

import Dotenv
import Git

/// What an earlier scan knows of the objects that are here now, by their places in a sorted table.
struct KnownObjects: Sendable {
    /// By place: of what is known, and need not be read again.
    private(set) var kinds: [ObjectKind]
    /// By place in the earlier state: the place now; -1 for what is gone.
    private let places: [Int32]
    private let state: ObjectState
    /// Of the state's objects, those that are gone.
    private(set) var goneCount = 0
    /// Blobs among those that are not read.
    private(set) var blobCount = 0
    /// Commits that are not read.
    private(set) var commits = KnownCommits()
    /// Targets of annotated tags that are not read, by the tag's place.
    private(set) var tagTargets: [Int: ObjectID] = [:]
    /// Nil when the trees have to be read all the same.
    private(set) var trees: KnownTrees?
    /// Objects that known trees name, that are here, and that no earlier scan has read.
    private(set) var unreadChildren: Set<Int> = []
    /// Trees of which what they were compared with is gone, by their place in the state's list: what they name.
    private var reviewed: [Int32: [Int32]] = [:]
    /// By place in the state's `others`: the place now; -1 for what is not here.
    private var othersNow: [Int32] = []
    /// Trees that were read once more, since what they were compared with is gone.
    var reviewedCount: Int { reviewed.count }

    /// - Parameter table: sorted.
    init(_ state: ObjectState, in table: ObjectTable) {
        self.state = state
        var kinds = [ObjectKind](repeating: .unknown, count: table.count)
        var places = [Int32](repeating: -1, count: state.ids.count)
        var (place, gone, blobs) = (0, 0, 0)
        // A million objects in a few milliseconds: the two lists are gone through side by side.
        state.ids.withUnsafeBufferPointer { known in
            table.ids.withUnsafeBufferPointer { present in
                for number in known.indices {
                    while place < present.count, present[place] < known[number] { place += 1 }
                    guard place < present.count, present[place] == known[number] else {
                        gone += 1
                        continue
                    }
                    places[number] = Int32(place)
                    let mark = state.marks[number]
                    if mark.isReadAgain { continue }
                    kinds[place] = mark.kind
                    if mark.kind == .blob { blobs += 1 }
                }
            }
        }
        self.kinds = kinds
        self.places = places
        (goneCount, blobCount) = (gone, blobs)
        addCommits(table)
        for (tag, target) in zip(state.tags, state.tagTargets) where isKept(tag) {
            tagTargets[Int(places[Int(tag)])] = id(of: target)
        }
    }

    /// Places of what has to be read, ascending. Trees are among them that no tree pass has read.
    func unread() -> [Int] { kinds.indices.filter { kinds[$0] == .unknown } }

    private func isKept(_ number: Int32) -> Bool {
        let place = places[Int(number)]
        return place >= 0 && kinds[Int(place)] != .unknown
    }

    private func id(of name: Int32) -> ObjectID {
        name >= 0 ? state.ids[Int(name)] : state.others[Int(-1 - name)]
    }

    private mutating func addCommits(_ table: ObjectTable) {
        let given = state.commits
        var commits = KnownCommits()
        commits.places.reserveCapacity(given.places.count)
        commits.trees.reserveCapacity(given.places.count)
        commits.times.reserveCapacity(given.places.count)
        commits.parents.reserve(lists: given.places.count, numbers: given.parents.numbers.count)
        commits.others = state.others
        func now(_ name: Int32) -> Int32 {
            if name < 0 { return name }
            if places[Int(name)] >= 0 { return places[Int(name)] }
            commits.others.append(state.ids[Int(name)])
            return Int32(-commits.others.count)
        }
        var start = 0
        for (number, commit) in given.places.enumerated() {
            let end = Int(given.parents.ends[number])
            defer { start = end }
            guard isKept(commit) else { continue }
            commits.places.append(places[Int(commit)])
            commits.trees.append(now(given.trees[number]))
            commits.times.append(given.times[number])
            for parent in start..<end { commits.parents.append(now(given.parents.numbers[parent])) }
            commits.parents.endList()
        }
        self.commits = commits
    }
}

extension KnownObjects {
    /// Takes over what is known of trees, if it still holds: all that they name must be here.
    ///
    /// Without a tree at hand its entries are not known, but they are entries of the tree it was compared with, or were
    /// looked at. So a tree is whole when that other one is and all that was looked at is here; where the other one is
    /// gone, the tree is read.
    mutating func takeTrees(_ table: ObjectTable, _ repository: borrowing Repository) {
        othersNow = state.others.map { table.place(of: $0).map { Int32($0) } ?? -1 }
        for place in othersNow where place >= 0 { unreadChildren.insert(Int(place)) }
        // Where nothing is gone, everything is as it was.
        if goneCount > 0 || othersNow.contains(-1) {
            guard reviewTrees(table, repository) else { return }
        }
        trees = knownTrees(table)
    }

    /// The trees have to be read: something that they name has turned out to matter.
    mutating func forgetTrees() { trees = nil }

    /// The place of what a number of the state names; -1 for what is gone.
    private func now(_ name: Int32) -> Int32 { name >= 0 ? places[Int(name)] : othersNow[Int(-1 - name)] }

    /// - Returns: whether all that present trees name is here.
    private mutating func reviewTrees(_ table: ObjectTable, _ repository: borrowing Repository) -> Bool {
        let given = state.origins
        var start = 0
        for (number, tree) in given.trees.enumerated() {
            let end = Int(given.looked.ends[number])
            defer { start = end }
            let place = places[Int(tree)]
            guard place >= 0 else { continue }
            let base = given.bases[number]
            if base >= 0, places[Int(given.trees[Int(base)])] < 0 {
                guard let children = Self.children(of: table.ids[Int(place)], table, repository) else { return false }
                reviewed[Int32(number)] = children
            } else {
                for child in start..<end where now(given.looked.numbers[child]) < 0 { return false }
            }
        }
        return true
    }

    /// What a tree names, but for submodules; nil when it cannot be read or something is missing.
    private static func children(
        of id: ObjectID, _ table: ObjectTable, _ repository: borrowing Repository
    ) -> [Int32]? {
        let found = try? repository.withObject(id) { _, bytes -> [Int32]? in
            var children: [Int32] = []
            var tree = RawTree(bytes)
            while let entry = tree.next() {
                if entry.isSubmodule { continue }
                guard let place = table.place(of: entry.id) else { return nil }
                children.append(Int32(place))
            }
            return tree.isDamaged ? nil : children
        }
        return found ?? nil
    }

    private func knownTrees(_ table: ObjectTable) -> KnownTrees {
        var trees = KnownTrees()
        trees.names = state.names
        // One that is gone has no tree left that names it, and so no place in a report.
        trees.blobs = state.blobs.map { PathedBlob(name: $0.name, rest: $0.rest, blob: now($0.blob)) }
        trees.sets = state.sets
        trees.setOfTree = Array(repeating: -1, count: table.count)
        var isUsed = [Bool](repeating: false, count: state.dotenvSets.count)
        for (number, tree) in state.origins.trees.enumerated() {
            let place = places[Int(tree)]
            guard place >= 0 else { continue }
            trees.setOfTree[Int(place)] = state.treeSets[number]
            isUsed[Int(state.treeDotenv[number])] = true
        }
        for (set, members) in dotenvSets.enumerated() where isUsed[set] {
            for member in members where member.blob >= 0 && trees.dotenvBlobs[Int(member.blob)] != .dotenv {
                trees.dotenvBlobs[Int(member.blob)] = member.isTemplate ? .template : .dotenv
            }
        }
        return trees
    }
}

// MARK: - For the next state

extension KnownObjects {
    /// Sets of dotenv files, by places now.
    var dotenvSets: [Set<ObjectState.DotenvMember>] {
        state.dotenvSets.map { set in
            Set(set.map { ObjectState.DotenvMember(blob: now($0.blob), isTemplate: $0.isTemplate) })
        }
    }

    /// How the known trees were read, by places now, and what each names as a dotenv file, as a place in `dotenvSets`.
    /// Nothing where the trees were read again.
    func origins() -> (trees: TreeOrigins, dotenv: [Int32]) {
        guard trees != nil else { return (TreeOrigins(), []) }
        let given = state.origins
        /// By place in `given`: the place in the new list; -1 for what is gone.
        var numbers = [Int32](repeating: -1, count: given.trees.count)
        var origins = TreeOrigins()
        var dotenv: [Int32] = []
        for (number, tree) in given.trees.enumerated() {
            let place = places[Int(tree)]
            guard place >= 0 else { continue }
            let base = given.bases[number]
            if let children = reviewed[Int32(number)] {
                for child in children { origins.looked.append(child) }
            } else {
                for child in given.looked[number] { origins.looked.append(now(child)) }
            }
            numbers[number] = Int32(origins.trees.count)
            origins.trees.append(place)
            origins.bases.append(base < 0 || reviewed[Int32(number)] != nil ? -1 : numbers[Int(base)])
            origins.looked.endList()
            dotenv.append(state.treeDotenv[number])
        }
        return (origins, dotenv)
    }
}
