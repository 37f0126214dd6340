// Who descends from whom, parents first.

import Git

/// All commits of a scan, in an order in which parents come before their children.
struct CommitGraph {
    /// Parents first.
    let nodes: [CommitNode]
    /// For each node, its parents that are present, as places in `nodes`.
    let parents: [[Int32]]
    /// Parents that are named but not present.
    let missingParents: [ObjectID]
    /// Commits that descend from themselves, which no honest git makes: at these their circles were cut open.
    let circular: [ObjectID]
    /// From a commit's place in the object table to its place in `nodes`.
    private let order: [Int: Int32]

    init(_ unordered: [CommitNode], table: ObjectTable) {
        var given: [Int: Int] = [:]
        given.reserveCapacity(unordered.count)
        for (index, node) in unordered.enumerated() { given[node.place] = index }
        var missing: [ObjectID] = []
        var parentsOfGiven: [[Int]] = []
        parentsOfGiven.reserveCapacity(unordered.count)
        for node in unordered {
            parentsOfGiven.append(
                node.parents.compactMap { id in
                    if let place = table.place(of: id), let index = given[place] { return index }
                    missing.append(id)
                    return nil
                })
        }
        // Kahn's algorithm: a node is ready when all its parents are placed.
        var childCounts = [Int](repeating: 0, count: unordered.count + 1)
        for parents in parentsOfGiven { for parent in parents { childCounts[parent + 1] += 1 } }
        for index in 1..<max(childCounts.count, 1) { childCounts[index] += childCounts[index - 1] }
        var children = [Int](repeating: 0, count: childCounts.last ?? 0)
        var fill = childCounts
        var waiting = [Int](repeating: 0, count: unordered.count)
        for (child, parents) in parentsOfGiven.enumerated() {
            waiting[child] = parents.count
            for parent in parents {
                children[fill[parent]] = child
                fill[parent] += 1
            }
        }
        var ready = unordered.indices.filter { waiting[$0] == 0 }
        var sequence: [Int] = []
        sequence.reserveCapacity(unordered.count)
        // What is left when none is ready stands on a circle or descends from one. From any of the rest, the way along
        // parents that wait leads into a circle: its last step is left out.
        var circular: [ObjectID] = []
        var way: [Int] = []
        var isOnWay = [Bool](repeating: false, count: unordered.count)
        var start = 0
        while true {
            while let next = ready.popLast() {
                sequence.append(next)
                for child in children[childCounts[next]..<childCounts[next + 1]] {
                    waiting[child] -= 1
                    if waiting[child] == 0 { ready.append(child) }
                }
            }
            while let last = way.last, waiting[last] <= 0 { isOnWay[way.removeLast()] = false }
            if way.isEmpty {
                while start < unordered.count, waiting[start] <= 0 { start += 1 }
                guard start < unordered.count else { break }
                way.append(start)
                isOnWay[start] = true
            }
            let last = way[way.count - 1]
            if let next = parentsOfGiven[last].first(where: { waiting[$0] > 0 && !isOnWay[$0] }) {
                way.append(next)
                isOnWay[next] = true
            } else {
                circular.append(table.ids[unordered[last].place])
                waiting[last] = 0
                ready.append(last)
            }
        }
        var placeInOrder = [Int32](repeating: 0, count: unordered.count)
        for (position, index) in sequence.enumerated() { placeInOrder[index] = Int32(position) }
        nodes = sequence.map { unordered[$0] }
        parents = sequence.enumerated().map { position, index in
            parentsOfGiven[index].map { placeInOrder[$0] }.filter { $0 < position }
        }
        self.circular = circular
        missingParents = missing
        var order: [Int: Int32] = [:]
        order.reserveCapacity(nodes.count)
        for (position, node) in nodes.enumerated() { order[node.place] = Int32(position) }
        self.order = order
    }

    /// The node of the commit at `place` in the object table.
    func node(atPlace place: Int) -> Int? { order[place].map { Int($0) } }
}
