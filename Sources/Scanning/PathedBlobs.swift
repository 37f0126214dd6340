// From trees to paths: which blobs of interest stand under which paths in which tree.

import Dotenv

/// A blob under a path, relative to some tree. Numbers name them; the path is kept as a chain of names.
struct PathedBlob: Hashable {
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
    private var setOfTree: [Int32: SetPool.ID] = [:]
    private var lifted: [UInt64: SetPool.ID] = [:]

    init(_ pass: TreePass) {
        self.pass = pass
    }

    /// The set of pathed blobs in the tree at `place`, with paths from that tree on.
    mutating func set(ofTree place: Int32) -> SetPool.ID {
        if let known = setOfTree[place] { return known }
        // A stack of our own: how deep folders nest is up to whoever made the repository.
        var stack = [place]
        while let top = stack.last {
            if setOfTree[top] != nil {
                stack.removeLast()
                continue
            }
            let edges = pass.edgeRanges[Int(top)].map { pass.edges[$0] } ?? []
            var isReady = true
            for edge in edges where setOfTree[edge.tree] == nil {
                stack.append(edge.tree)
                isReady = false
            }
            guard isReady else { continue }
            stack.removeLast()
            var members: [Int32] = []
            for leaf in pass.leaves[Int(top)] ?? [] {
                members.append(number(PathedBlob(name: leaf.name, rest: -1, blob: leaf.blob)))
            }
            for edge in edges {
                guard let inner = setOfTree[edge.tree], inner != SetPool.empty else { continue }
                let lifted = lift(inner, into: edge.name)
                members += sets.members[Int(lifted)]
            }
            setOfTree[top] = sets.intern(members)
        }
        return setOfTree[place] ?? SetPool.empty
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
