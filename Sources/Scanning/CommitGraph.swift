// Who descends from whom, parents first.

import Git

/// All commits of a scan, in an order in which parents come before their children.
///
/// The order is the same for the same commits, whatever order they were read in.
struct CommitGraph {
    struct Node: Sendable {
        /// In the object table.
        var place: Int
        /// Of the root tree in the object table; nil when it is not there.
        var tree: Int?
        /// Committer time in seconds since 1970.
        var time: Int64
    }

    /// Parents first.
    let nodes: [Node]
    /// For each node, its parents that are present, as places in `nodes`.
    let parents: NumberLists
    /// Parents that are named but not present.
    let missingParents: [ObjectID]
    /// Root trees that are named but not present, with the places of their commits.
    let missingTrees: [(commit: Int, tree: ObjectID)]
    /// Commits that descend from themselves, which no honest git makes: at these their circles were cut open.
    let circular: [ObjectID]
    /// From a commit's place in the object table to its place in `nodes`; -1 for what is no commit.
    private let order: [Int32]

    /// - Parameter known: commits that were read in an earlier scan.
    init(_ unordered: [CommitNode], known: KnownCommits = KnownCommits(), table: ObjectTable) {
        let given = GivenCommits(unordered, known, table)
        missingParents = given.missingParents
        missingTrees = given.missingTrees
        let (sequence, circular) = Self.sequence(given, table)
        self.circular = circular
        var position = [Int32](repeating: 0, count: sequence.count)
        for (place, index) in sequence.enumerated() { position[Int(index)] = Int32(place) }
        var parents = NumberLists()
        parents.reserve(lists: sequence.count, numbers: given.parents.numbers.count)
        var order = [Int32](repeating: -1, count: table.count)
        for (place, index) in sequence.enumerated() {
            for number in given.parents.range(of: Int(index)) {
                let parent = position[Int(given.parents.numbers[number])]
                if parent < place { parents.append(parent) }
            }
            parents.endList()
            order[given.nodes[Int(index)].place] = Int32(place)
        }
        nodes = sequence.map { given.nodes[Int($0)] }
        self.parents = parents
        self.order = order
    }

    /// The node of the commit at `place` in the object table.
    func node(atPlace place: Int) -> Int? {
        guard order.indices.contains(place) else { return nil }
        return order[place] < 0 ? nil : Int(order[place])
    }

    /// Kahn's algorithm: a node is ready when all its parents are placed.
    private static func sequence(_ given: GivenCommits, _ table: ObjectTable) -> ([Int32], circular: [ObjectID]) {
        let count = given.nodes.count
        var childCounts = [Int](repeating: 0, count: count + 1)
        for parent in given.parents.numbers { childCounts[Int(parent) + 1] += 1 }
        for index in 1..<max(childCounts.count, 1) { childCounts[index] += childCounts[index - 1] }
        var children = [Int32](repeating: 0, count: given.parents.numbers.count)
        var fill = childCounts
        var waiting = [Int32](repeating: 0, count: count)
        for child in 0..<count {
            let range = given.parents.range(of: child)
            waiting[child] = Int32(range.count)
            for number in range {
                let parent = Int(given.parents.numbers[number])
                children[fill[parent]] = Int32(child)
                fill[parent] += 1
            }
        }
        var ready = (0..<Int32(count)).filter { waiting[Int($0)] == 0 }
        var sequence: [Int32] = []
        sequence.reserveCapacity(count)
        // What is left when none is ready stands on a circle or descends from one. From any of the rest, the way along
        // parents that wait leads into a circle: its last step is left out.
        var circular: [ObjectID] = []
        var way: [Int] = []
        var isOnWay = [Bool](repeating: false, count: count)
        var start = 0
        while true {
            while let next = ready.popLast() {
                sequence.append(next)
                for number in childCounts[Int(next)]..<childCounts[Int(next) + 1] {
                    let child = children[number]
                    waiting[Int(child)] -= 1
                    if waiting[Int(child)] == 0 { ready.append(child) }
                }
            }
            while let last = way.last, waiting[last] <= 0 { isOnWay[way.removeLast()] = false }
            if way.isEmpty {
                while start < count, waiting[start] <= 0 { start += 1 }
                guard start < count else { break }
                way.append(start)
                isOnWay[start] = true
            }
            let last = way[way.count - 1]
            if let next = given.parents[last].first(where: { waiting[Int($0)] > 0 && !isOnWay[Int($0)] }) {
                way.append(Int(next))
                isOnWay[Int(next)] = true
            } else {
                circular.append(table.ids[given.nodes[last].place])
                waiting[last] = 0
                ready.append(Int32(last))
            }
        }
        return (sequence, circular)
    }
}

/// Commits that need not be read: what an earlier scan knows of them, by places in the object table.
struct KnownCommits: Sendable {
    /// Of the commits, ascending.
    var places: [Int32] = []
    /// Of their root trees; -1 and below: `others` counted from -1 downwards.
    var trees: [Int32] = []
    var times: [Int64] = []
    /// As `trees`, by commit.
    var parents = NumberLists()
    /// What is named and was not scanned when they were read.
    var others: [ObjectID] = []
}

/// All commits by id, each with its parents as places among them.
private struct GivenCommits {
    private(set) var nodes: [CommitGraph.Node] = []
    private(set) var parents = NumberLists()
    private(set) var missingParents: [ObjectID] = []
    private(set) var missingTrees: [(commit: Int, tree: ObjectID)] = []

    init(_ unordered: [CommitNode], _ known: KnownCommits, _ table: ObjectTable) {
        // By id, so that the graph does not depend on who was read first. Known ones are sorted, and stand in a sorted
        // table.
        let read = unordered.sorted { table.ids[$0.place] < table.ids[$1.place] }
        var index = [Int32](repeating: -1, count: table.count)
        var (first, second) = (0, 0)
        var sources: [Int32] = []
        sources.reserveCapacity(read.count + known.places.count)
        nodes.reserveCapacity(read.count + known.places.count)
        parents.reserve(lists: read.count + known.places.count, numbers: read.count + known.parents.numbers.count)
        while first < read.count || second < known.places.count {
            let isRead =
                second == known.places.count
                || first < read.count && table.ids[read[first].place] < table.ids[Int(known.places[second])]
            let place = isRead ? read[first].place : Int(known.places[second])
            index[place] = Int32(sources.count)
            sources.append(isRead ? Int32(first) : -1 - Int32(second))
            if isRead { first += 1 } else { second += 1 }
        }
        let others = known.others.map { table.place(of: $0) }
        for source in sources {
            if source >= 0 {
                let commit = read[Int(source)]
                let tree = table.place(of: commit.tree)
                if tree == nil { missingTrees.append((commit.place, commit.tree)) }
                nodes.append(CommitGraph.Node(place: commit.place, tree: tree, time: commit.time))
                for parent in commit.parents {
                    if let place = table.place(of: parent), index[place] >= 0 {
                        parents.append(index[place])
                    } else {
                        missingParents.append(parent)
                    }
                }
            } else {
                let commit = Int(-1 - source)
                func place(_ number: Int32) -> Int? { number >= 0 ? Int(number) : others[Int(-1 - number)] }
                let (own, root) = (Int(known.places[commit]), known.trees[commit])
                let tree = place(root)
                if tree == nil { missingTrees.append((own, known.others[Int(-1 - root)])) }
                nodes.append(CommitGraph.Node(place: own, tree: tree, time: known.times[commit]))
                for number in known.parents.range(of: commit) {
                    let parent = known.parents.numbers[number]
                    if let place = place(parent), index[place] >= 0 {
                        parents.append(index[place])
                    } else {
                        missingParents.append(parent >= 0 ? table.ids[Int(parent)] : known.others[Int(-1 - parent)])
                    }
                }
            }
            parents.endList()
        }
    }
}
