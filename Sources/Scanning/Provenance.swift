// Where values live in history, when they came and when they went: computed for the blobs that hit, over all commits.

import Git

/// The history of the pathed blobs of a scan.
struct Provenance {
    let table: ObjectTable
    let graph: CommitGraph
    private(set) var blobs: PathedBlobs
    /// By node of the graph: what the commit's tree holds.
    private let trees: [SetPool.ID]
    /// What the tree of HEAD holds.
    private let head: SetPool.ID
    private let keepers: [Keeper]
    /// Nodes in the history of commits that are not in the graph themselves.
    private let outside: [ObjectID: [Int]]
    /// Reach by pathed blob, as bits in the order of `Reach.allCases`.
    private var masks: [UInt32]
    /// Pathed blobs that stand in the tree of some commit, with the path from its root.
    private var isRooted: [Bool]
    /// Pathed blobs that stand in some tree that is here; an earlier scan's may stand in none by now.
    private let isHeld: [Bool]
    private(set) var gaps: [Gap] = []

    /// - Parameters:
    ///   - headTree: the tree of HEAD's commit, which need not be in the graph.
    ///   - outside: for tips that are not in the graph, the commits of the graph that they have.
    init(
        table: ObjectTable, graph: CommitGraph, pass: TreePass, keepers: [Keeper], headTree: ObjectID?,
        outside: [ObjectID: [ObjectID]] = [:], progress: ScanProgress
    ) {
        progress.enter(.history, total: graph.nodes.count)
        var blobs = PathedBlobs(pass)
        // Trees that lead nowhere are worked out too: what is lost may still be read.
        for tree in pass.leaves.keys { _ = blobs.set(ofTree: Int32(tree)) }
        for tree in pass.edgeRanges.keys { _ = blobs.set(ofTree: Int32(tree)) }
        var trees: [SetPool.ID] = []
        trees.reserveCapacity(graph.nodes.count)
        for commit in graph.nodes {
            trees.append(commit.tree.map { blobs.set(ofTree: Int32($0)) } ?? SetPool.empty)
        }
        var gaps = graph.missingTrees.map { commit, tree in
            Gap(
                kind: .missingObject, subject: tree.description,
                reason: "the tree of commit \(table.ids[commit].short)")
        }
        self.table = table
        self.graph = graph
        self.keepers = keepers
        self.trees = trees
        self.outside = outside.mapValues { ids in
            ids.compactMap { table.place(of: $0).flatMap { graph.node(atPlace: $0) } }
        }
        self.head = headTree.flatMap { table.place(of: $0) }.map { blobs.set(ofTree: Int32($0)) } ?? SetPool.empty
        // A reference to a tree, too, may give blobs paths that no commit gives them.
        for place in keepers.compactMap({ table.place(of: $0.target) }) where graph.node(atPlace: place) == nil {
            _ = blobs.set(ofTree: Int32(place))
        }
        isHeld = blobs.held()
        var isRooted = [Bool](repeating: false, count: blobs.all.count)
        for set in Set(trees).union([self.head]) {
            for member in blobs.sets.members[Int(set)] { isRooted[Int(member)] = true }
        }
        self.isRooted = isRooted
        for id in graph.circular {
            gaps.append(
                Gap(kind: .unreadableObject, subject: id.description, reason: "a commit that descends from itself"))
        }
        for tree in blobs.circular.sorted() {
            gaps.append(
                Gap(
                    kind: .unreadableObject, subject: table.ids[Int(tree)].description,
                    reason: "a tree that holds itself"))
        }
        self.gaps = gaps
        masks = Array(repeating: 0, count: blobs.all.count)
        self.blobs = blobs
        markReach()
    }

    /// Marks each pathed blob with the kinds of what keeps it.
    private mutating func markReach() {
        // From children to parents, so that nothing has to be remembered but one mask per commit.
        var ofNode = [UInt32](repeating: 0, count: graph.nodes.count)
        for keeper in keepers {
            guard let bit = Self.bit(of: keeper.kind) else { continue }
            if let set = looseSet(keptBy: keeper) {
                for member in blobs.sets.members[Int(set)] { masks[Int(member)] |= bit }
            } else {
                for node in nodes(of: keeper) { ofNode[node] |= bit }
            }
        }
        var ofSet: [SetPool.ID: UInt32] = [:]
        for node in graph.nodes.indices.reversed() {
            for number in graph.parents.range(of: node) { ofNode[Int(graph.parents.numbers[number])] |= ofNode[node] }
            ofSet[trees[node], default: 0] |= ofNode[node]
        }
        for (set, mask) in ofSet {
            for member in blobs.sets.members[Int(set)] { masks[Int(member)] |= mask }
        }
        for index in masks.indices { masks[index] = Self.whatCounts(of: masks[index]) }
        for member in blobs.sets.members[Int(head)] { masks[Int(member)] |= Self.bit(of: .head) ?? 0 }
    }

    /// The primary kinds of a mask, or else the one that counts before the others.
    private static func whatCounts(of mask: UInt32) -> UInt32 {
        let primary = Keeper.primaryKinds.reduce(0) { $0 | (bit(of: $1) ?? 0) }
        if mask & primary != 0 { return mask & primary }
        // A stash, a note or another reference counts before a reflog, which remembers nearly everything.
        for kind in [Reach.stash, .note, .otherReference, .reflog] {
            if let bit = bit(of: kind), mask & bit != 0 { return bit }
        }
        return 0
    }

    /// What a keeper of a tree leads to; nil when it leads to a commit, or to nothing that is here.
    private mutating func looseSet(keptBy keeper: Keeper) -> SetPool.ID? {
        guard let place = table.place(of: keeper.target), graph.node(atPlace: place) == nil else { return nil }
        return blobs.set(ofTree: Int32(place))
    }

    /// The commits of the graph in whose histories all is that `keeper` leads to.
    private func nodes(of keeper: Keeper) -> [Int] {
        if let node = table.place(of: keeper.target).flatMap({ graph.node(atPlace: $0) }) { return [node] }
        return outside[keeper.target] ?? []
    }

    private static func bit(of reach: Reach) -> UInt32? {
        Reach.allCases.firstIndex(of: reach).map { 1 << UInt32($0) }
    }

    /// The places at which the blob stands: pathed blobs of commits' trees, or else the longest path that a tree gives it.
    func places(ofBlobs wanted: Set<Int>) -> [Int: [Int32]] {
        var rooted: [Int: [Int32]] = [:]
        var loose: [Int: Int32] = [:]
        for index in blobs.all.indices {
            let blob = blobs.blob(of: Int32(index))
            guard wanted.contains(blob) else { continue }
            if isRooted[index] {
                rooted[blob, default: []].append(Int32(index))
            } else if isHeld[index], loose[blob].map({ isBetterPath(Int32(index), than: $0) }) ?? true {
                loose[blob] = Int32(index)
            }
        }
        for (blob, index) in loose where rooted[blob] == nil { rooted[blob] = [index] }
        return rooted
    }

    /// Of the paths that trees give a blob, the longest; of those, the first by name.
    private func isBetterPath(_ index: Int32, than other: Int32) -> Bool {
        let (path, known) = (blobs.path(of: index), blobs.path(of: other))
        return path.count == known.count ? path.lexicographicallyPrecedes(known) : path.count > known.count
    }

    /// Where the pathed blob at `index` still lives; `.unreachable` when nothing keeps it.
    func reach(of index: Int32) -> Set<Reach> {
        let mask = masks[Int(index)]
        if mask == 0 { return [.unreachable] }
        return Set(Reach.allCases.enumerated().filter { mask & (1 << UInt32($0.offset)) != 0 }.map(\.element))
    }

    /// Where a blob that no tree names still lives: a reference may name it itself.
    func reach(ofLooseBlob place: Int) -> Set<Reach> {
        let id = table.ids[place]
        let kinds = keepers.filter { $0.target == id }.map(\.kind)
        return kinds.isEmpty ? [.unreachable] : Set(kinds)
    }
}

/// How something came and went: a finding, or a dotenv file.
struct SubjectHistory {
    /// Nodes of the graph.
    var introduced: Int?
    var removed: Int?
    var commitCount = 0
    var references: Set<String> = []
    var isInHead = false
    var isPushed = false
}

extension Provenance {
    /// The histories of `count` subjects.
    ///
    /// - Parameters:
    ///   - subjects: by pathed blob, the subjects that it holds.
    ///   - messages: subjects that stand in the message of the commit at a node.
    mutating func histories(
        count: Int, subjects: [Int32: [Int32]], messages: [Int: [Int32]]
    ) -> [SubjectHistory] {
        var pool = SetPool()
        var subjectSets: [SetPool.ID: SetPool.ID] = [:]
        func subjectSet(_ set: SetPool.ID) -> SetPool.ID {
            if let result = subjectSets[set] { return result }
            let result = pool.intern(blobs.sets.members[Int(set)].flatMap { subjects[$0] ?? [] })
            subjectSets[set] = result
            return result
        }
        var histories = [SubjectHistory](repeating: SubjectHistory(), count: count)
        var commitCounts: [SetPool.ID: Int] = [:]
        var own: [SetPool.ID] = []
        own.reserveCapacity(graph.nodes.count)
        // What the commit's tree or that of any ancestor holds. Of subjects there are few, of their versions many.
        var ever: [SetPool.ID] = []
        ever.reserveCapacity(graph.nodes.count)
        for node in graph.nodes.indices {
            let set = subjectSet(trees[node])
            own.append(set)
            commitCounts[set, default: 0] += 1
            let parents = graph.parents[node].reduce(SetPool.empty) { pool.union($0, own[Int($1)]) }
            if set != parents {
                for subject in pool.difference(set, parents) { histories[Int(subject)].introduce(node, graph) }
                var removed = pool.difference(parents, set)
                if graph.parents[node].count > 1 {
                    // A merge takes over what a parent's own history has removed already.
                    for parent in graph.parents[node] {
                        let removedBefore = Set(pool.difference(ever[Int(parent)], own[Int(parent)]))
                        removed.removeAll { removedBefore.contains($0) }
                    }
                }
                for subject in removed { histories[Int(subject)].remove(node, graph) }
            }
            ever.append(graph.parents[node].reduce(set) { pool.union($0, ever[Int($1)]) })
            for subject in messages[node] ?? [] {
                histories[Int(subject)].introduce(node, graph)
                histories[Int(subject)].commitCount += 1
            }
        }
        for (set, commits) in commitCounts {
            for subject in pool.members[Int(set)] { histories[Int(subject)].commitCount += commits }
        }
        let atHead = subjectSet(head)
        for subject in pool.members[Int(atHead)] { histories[Int(subject)].isInHead = true }

        // Messages live as long as their commit: they follow the same edges.
        var everMessages: [SetPool.ID] = []
        if !messages.isEmpty {
            for node in graph.nodes.indices {
                let set = pool.intern(messages[node] ?? [])
                everMessages.append(graph.parents[node].reduce(set) { pool.union($0, everMessages[Int($1)]) })
            }
        }
        // As with reach: a stash or a reflog counts only for what nothing better keeps.
        var known = SetPool.empty
        for kinds in [Keeper.primaryKinds, [.stash, .note, .otherReference], [.reflog]] {
            var kept = SetPool.empty
            for keeper in keepers where kinds.contains(keeper.kind) {
                var set = looseSet(keptBy: keeper).map { subjectSet($0) } ?? SetPool.empty
                for node in nodes(of: keeper) {
                    set = pool.union(set, ever[node])
                    if !messages.isEmpty { set = pool.union(set, everMessages[node]) }
                }
                for subject in pool.difference(set, known) {
                    histories[Int(subject)].references.insert(
                        keeper.kind == .reflog ? "reflog of " + keeper.name : keeper.name)
                    // What a remote branch once had was pushed, even if a force push has taken it away since.
                    if keeper.kind == .remoteBranch || keeper.name.hasPrefix("refs/remotes/") {
                        histories[Int(subject)].isPushed = true
                    }
                }
                kept = pool.union(kept, set)
            }
            known = pool.union(known, kept)
        }
        // What a branch still has was removed from the others only.
        for keeper in keepers where keeper.kind == .branch || keeper.kind == .remoteBranch {
            guard let node = table.place(of: keeper.target).flatMap({ graph.node(atPlace: $0) }) else { continue }
            for subject in pool.members[Int(own[node])] { histories[Int(subject)].removed = nil }
        }
        return histories
    }
}

extension SubjectHistory {
    fileprivate mutating func introduce(_ node: Int, _ graph: CommitGraph) {
        guard let known = introduced, graph.nodes[known].time <= graph.nodes[node].time else {
            introduced = node
            return
        }
    }

    fileprivate mutating func remove(_ node: Int, _ graph: CommitGraph) {
        guard let known = removed, graph.nodes[known].time >= graph.nodes[node].time else {
            removed = node
            return
        }
    }
}
