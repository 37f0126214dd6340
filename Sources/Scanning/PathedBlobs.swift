// From trees to paths: which blobs of interest stand under which paths in which tree.

import Dotenv

/// A blob under a path, relative to some tree. Numbers name them; the path is kept as a chain of names.
struct PathedBlob: Hashable, Sendable {
    var name: Int32
    /// What `name` holds: another pathed blob, or -1 where `name` is the file itself.
    var rest: Int32
    var blob: Int32
}

/// The pathed blobs of all trees, worked out bottom up, each tree once.
struct PathedBlobs {
    private let pass: TreePass
    private(set) var all: [PathedBlob] = []
    private var numbers: [PathedBlob: Int32] = [:]
    private(set) var sets = SetPool()
    /// By place; -1 where it is not worked out.
    private(set) var setOfTree: [SetPool.ID]
    /// Trees in which something is missing, or below which: what they hold is not known for good.
    private(set) var unsound: Set<Int32>
    private var lifted: [UInt64: SetPool.ID] = [:]
    /// Trees that hold themselves, which no honest git makes.
    private(set) var circular = Set<Int32>()
    /// Blobs with more than `mostPlaces` places in some tree, of which the others were left out.
    private(set) var crowded = Set<Int32>()

    /// Places that are kept of one blob in one tree. A few nested trees that name one another ten times each would
    /// otherwise be more paths than any memory holds; nobody reads a list of a thousand either.
    static let mostPlaces = 1_000

    init(_ pass: TreePass) {
        self.pass = pass
        unsound = pass.unsound
        setOfTree = []
        guard let known = pass.known else { return }
        all = known.blobs
        for (number, blob) in all.enumerated() { numbers[blob] = Int32(number) }
        sets = SetPool(known.sets)
        setOfTree = known.setOfTree
    }

    /// Whether the set of the tree at `place` is worked out.
    private func isKnown(_ place: Int32) -> Bool { Int(place) < setOfTree.count && setOfTree[Int(place)] >= 0 }

    private mutating func set(_ set: SetPool.ID, ofTree place: Int32) {
        if Int(place) >= setOfTree.count {
            setOfTree += Array(repeating: -1, count: max(Int(place) + 1, setOfTree.count * 2) - setOfTree.count)
        }
        setOfTree[Int(place)] = set
    }

    /// By number, whether a pathed blob stands in some tree.
    func held() -> [Bool] {
        var isUsed = [Bool](repeating: false, count: sets.members.count)
        for set in setOfTree where set >= 0 { isUsed[Int(set)] = true }
        var held = [Bool](repeating: false, count: all.count)
        for (set, members) in sets.members.enumerated() where isUsed[set] {
            for member in members { held[Int(member)] = true }
        }
        return held
    }

    /// The set of pathed blobs in the tree at `place`, with paths from that tree on: at most `mostPlaces` of each blob.
    mutating func set(ofTree place: Int32) -> SetPool.ID {
        if isKnown(place) { return setOfTree[Int(place)] }
        // A stack of our own: how deep folders nest is up to whoever made the repository.
        var stack = [place]
        // Trees whose subfolders are being worked out: one that is met again below itself closes a circle.
        var open = Set<Int32>()
        while let top = stack.last {
            if isKnown(top) {
                stack.removeLast()
                continue
            }
            let edges = pass.edgeRanges[Int(top)].map { pass.edges[$0] } ?? []
            if open.insert(top).inserted {
                var isReady = true
                for edge in edges where !isKnown(edge.tree) {
                    if open.contains(edge.tree) {
                        circular.insert(edge.tree)
                    } else {
                        stack.append(edge.tree)
                        isReady = false
                    }
                }
                guard isReady else { continue }
            }
            stack.removeLast()
            open.remove(top)
            if edges.contains(where: { unsound.contains($0.tree) }) { unsound.insert(top) }
            set(sets.intern(members(pass.leaves[Int(top)] ?? [], edges)), ofTree: top)
        }
        return isKnown(place) ? setOfTree[Int(place)] : SetPool.empty
    }

    /// What a tree with these entries holds; subtrees that are not worked out are passed over.
    private mutating func members(_ leaves: [TreePass.Leaf], _ edges: ArraySlice<TreePass.Edge>) -> [Int32] {
        var members: [Int32] = []
        // By blob, kept only from where some blob could have too many places.
        var counts: [Int32: Int]?
        func isCrowded(_ blob: Int32) -> Bool {
            if counts == nil { counts = members.reduce(into: [:]) { $0[all[Int($1)].blob, default: 0] += 1 } }
            guard counts?[blob, default: 0] ?? 0 < Self.mostPlaces else {
                crowded.insert(blob)
                return true
            }
            counts?[blob, default: 0] += 1
            return false
        }
        for leaf in leaves {
            if members.count >= Self.mostPlaces, isCrowded(leaf.blob) { continue }
            members.append(number(PathedBlob(name: leaf.name, rest: -1, blob: leaf.blob)))
        }
        // Subtrees that had nothing to add: their other copies have nothing either.
        var exhausted = Set<SetPool.ID>()
        for edge in edges {
            guard isKnown(edge.tree) else { continue }
            let inner = setOfTree[Int(edge.tree)]
            guard inner != SetPool.empty, !exhausted.contains(inner) else { continue }
            let rests = sets.members[Int(inner)]
            if counts == nil, members.count + rests.count <= Self.mostPlaces {
                // First, since it adds to the sets.
                let lifted = lift(inner, into: edge.name)
                members += sets.members[Int(lifted)]
                continue
            }
            let before = members.count
            for rest in rests {
                let blob = all[Int(rest)].blob
                if !isCrowded(blob) { members.append(number(PathedBlob(name: edge.name, rest: rest, blob: blob))) }
            }
            if members.count == before { exhausted.insert(inner) }
        }
        return members
    }

    mutating func union(_ left: SetPool.ID, _ right: SetPool.ID) -> SetPool.ID { sets.union(left, right) }

    mutating func intern(_ members: [Int32]) -> SetPool.ID { sets.intern(members) }

    /// The path's bytes, with `/` between names.
    func path(of index: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var current = index
        while current >= 0 {
            let pathed = all[Int(current)]
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
            bytes += pass.names[Int(pathed.name)]
            current = pathed.rest
        }
        return bytes
    }

    func blob(of index: Int32) -> Int { Int(all[Int(index)].blob) }

    private mutating func number(_ pathed: PathedBlob) -> Int32 {
        if let number = numbers[pathed] { return number }
        let number = Int32(all.count)
        all.append(pathed)
        numbers[pathed] = number
        return number
    }

    private mutating func lift(_ set: SetPool.ID, into name: Int32) -> SetPool.ID {
        let key = UInt64(UInt32(bitPattern: set)) << 32 | UInt64(UInt32(bitPattern: name))
        if let known = lifted[key] { return known }
        let members = sets.members[Int(set)].map { rest in
            number(PathedBlob(name: name, rest: rest, blob: all[Int(rest)].blob))
        }
        let result = sets.intern(members)
        lifted[key] = result
        return result
    }
}
