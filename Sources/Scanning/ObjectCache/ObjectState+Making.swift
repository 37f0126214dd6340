// What a scan has learned of objects, for the next one.

import Dotenv
import Git

/// What a scan of a whole repository has read, and what it knew before.
struct ReadObjects {
    /// Sorted.
    var table: ObjectTable
    var scan: ObjectScan
    /// By place, blobs and messages that have to be looked at in every scan.
    var isReadAgain: [Bool]
    var pass: TreePass
    var graph: CommitGraph
    var blobs: PathedBlobs
    var known: KnownObjects?
}

extension ObjectState {
    /// Nil when there is something that only a hostile repository has.
    init?(_ read: ReadObjects) {
        let (table, scan, pass, blobs) = (read.table, read.scan, read.pass, read.blobs)
        guard blobs.crowded.isEmpty, blobs.circular.isEmpty, read.graph.circular.isEmpty else { return nil }
        self.init()
        var (origins, knownDotenv) = read.known?.origins() ?? (TreeOrigins(), [])
        origins.append(pass.origins)

        // Which objects are known for good.
        var isKept = scan.kinds.map { $0 != .unknown }
        for place in scan.unsound { isKept[place] = false }
        for place in table.ids.indices where scan.kinds[place] == .tree || scan.kinds[place] == .commit {
            isKept[place] = false
        }
        var isTreeKept = [Bool](repeating: false, count: origins.trees.count)
        for (number, tree) in origins.trees.enumerated() {
            let base = origins.bases[number]
            guard scan.kinds[Int(tree)] == .tree, !scan.unsound.contains(Int(tree)), !blobs.unsound.contains(tree),
                base < 0 || isTreeKept[Int(base)], !isKept[Int(tree)]
            else { continue }
            isTreeKept[number] = true
            isKept[Int(tree)] = true
        }
        let isCut = Set(read.graph.missingTrees.map(\.commit))
        let cutParents = Set(read.graph.missingParents)
        for node in read.graph.nodes where !isCut.contains(node.place) && !scan.unsound.contains(node.place) {
            isKept[node.place] = true
        }
        if !cutParents.isEmpty { dropCut(read, cutParents, &isKept) }

        var numbers = Numbers(table, isKept)
        ids = table.ids.indices.filter { isKept[$0] }.map { table.ids[$0] }
        marks = table.ids.indices.filter { isKept[$0] }.map { Mark(scan.kinds[$0], isReadAgain: read.isReadAgain[$0]) }
        addCommits(read.graph, isKept, &numbers)
        for (place, target) in scan.tagTargets.sorted(by: { $0.key < $1.key }) where isKept[place] {
            tags.append(numbers.name(place))
            tagTargets.append(table.place(of: target).map { numbers.name($0) } ?? numbers.name(target))
        }
        addTrees(read, origins, isTreeKept, knownDotenv, &numbers)
        others = numbers.others
        guard others.count < 1 << 24 else { return nil }
    }

    /// Commits whose parents are not all here: of a shallow clone, say. They are read again, to tell of it.
    private func dropCut(_ read: ReadObjects, _ missing: Set<ObjectID>, _ isKept: inout [Bool]) {
        for commit in read.scan.commits where commit.parents.contains(where: missing.contains) {
            isKept[commit.place] = false
        }
        guard let commits = read.known?.commits else { return }
        for (number, place) in commits.places.enumerated() where isKept[Int(place)] {
            let isCut = commits.parents[number].contains { $0 < 0 && missing.contains(commits.others[Int(-1 - $0)]) }
            if isCut { isKept[Int(place)] = false }
        }
    }

    private mutating func addCommits(_ graph: CommitGraph, _ isKept: [Bool], _ numbers: inout Numbers) {
        let order = graph.nodes.indices.filter { isKept[graph.nodes[$0].place] }.sorted {
            graph.nodes[$0].place < graph.nodes[$1].place
        }
        for node in order {
            guard let tree = graph.nodes[node].tree else { continue }
            commits.places.append(numbers.name(graph.nodes[node].place))
            commits.trees.append(numbers.name(tree))
            commits.times.append(graph.nodes[node].time)
            for parent in graph.parents[node] { commits.parents.append(numbers.name(graph.nodes[Int(parent)].place)) }
            commits.parents.endList()
        }
    }

    private mutating func addTrees(
        _ read: ReadObjects, _ given: TreeOrigins, _ isTreeKept: [Bool], _ knownDotenv: [Int32],
        _ numbers: inout Numbers
    ) {
        var sets = UsedSets(read.blobs)
        var dotenvNumbers: [Set<DotenvMember>: Int32] = [[]: 0]
        let knownSets = read.known?.dotenvSets ?? []
        var newNumbers = [Int32](repeating: -1, count: given.trees.count)
        for (number, tree) in given.trees.enumerated() where isTreeKept[number] {
            newNumbers[number] = Int32(origins.trees.count)
            origins.trees.append(numbers.name(Int(tree)))
            origins.bases.append(given.bases[number] < 0 ? -1 : newNumbers[Int(given.bases[number])])
            for child in given.looked[number] { origins.looked.append(numbers.name(Int(child))) }
            origins.looked.endList()
            treeSets.append(sets.number(read.blobs.setOfTree[Int(tree)]))
            var dotenv: Set<DotenvMember> = []
            if number < knownDotenv.count {
                dotenv = knownSets[Int(knownDotenv[number])]
            } else {
                for leaf in read.pass.leaves[Int(tree)] ?? [] {
                    guard let kind = leaf.dotenv else { continue }
                    dotenv.insert(DotenvMember(blob: leaf.blob, isTemplate: kind == .template))
                }
            }
            if let known = dotenvNumbers[dotenv] {
                treeDotenv.append(known)
                continue
            }
            let new = Int32(dotenvSets.count)
            dotenvNumbers[dotenv] = new
            treeDotenv.append(new)
            dotenvSets.append(
                dotenv.map { DotenvMember(blob: numbers.name(Int($0.blob)), isTemplate: $0.isTemplate) }
                    .sorted { ($0.blob, $0.isTemplate ? 1 : 0) < ($1.blob, $1.isTemplate ? 1 : 0) })
        }
        let finished = sets.finish(read.pass.names) { numbers.name($0) }
        (names, self.blobs, self.sets) = (finished.names, finished.blobs, finished.sets)
    }
}

/// The numbers of objects in a state that is being made.
private struct Numbers {
    private let table: ObjectTable
    /// By place; -1 for what is not kept.
    private var numbers: [Int32]
    private(set) var others: [ObjectID] = []
    private var known: [ObjectID: Int32] = [:]

    init(_ table: ObjectTable, _ isKept: [Bool]) {
        self.table = table
        var next: Int32 = 0
        numbers = isKept.map { isKept in
            guard isKept else { return -1 }
            next += 1
            return next - 1
        }
    }

    /// - Parameter place: of what is not here in a state that does not hold together, -1.
    mutating func name(_ place: Int) -> Int32 {
        guard place >= 0 else { return name(ObjectID.zero) }
        return numbers[place] >= 0 ? numbers[place] : name(table.ids[place])
    }

    /// Of what is not kept.
    mutating func name(_ id: ObjectID) -> Int32 {
        if let known = known[id] { return known }
        others.append(id)
        let name = Int32(-others.count)
        known[id] = name
        return name
    }
}

/// The sets of pathed blobs that trees have, and all that those are made of.
private struct UsedSets {
    private let pathed: PathedBlobs
    private var numbers: [SetPool.ID: Int32] = [SetPool.empty: 0]
    private var used: [SetPool.ID] = [SetPool.empty]

    init(_ pathed: PathedBlobs) { self.pathed = pathed }

    mutating func number(_ set: SetPool.ID) -> Int32 {
        if let number = numbers[set] { return number }
        let number = Int32(used.count)
        numbers[set] = number
        used.append(set)
        return number
    }

    func finish(
        _ allNames: [[UInt8]], _ name: (Int) -> Int32
    ) -> (names: [[UInt8]], blobs: [PathedBlob], sets: [[Int32]]) {
        var isUsed = [Bool](repeating: false, count: pathed.all.count)
        for set in used {
            for member in pathed.sets.members[Int(set)] {
                var blob = member
                // Of a path, all parts.
                while blob >= 0, !isUsed[Int(blob)] {
                    isUsed[Int(blob)] = true
                    blob = pathed.all[Int(blob)].rest
                }
            }
        }
        var (names, nameNumbers): ([[UInt8]], [Int32: Int32]) = ([], [:])
        var blobs: [PathedBlob] = []
        var blobNumbers = [Int32](repeating: -1, count: pathed.all.count)
        for (number, blob) in pathed.all.enumerated() where isUsed[number] {
            if nameNumbers[blob.name] == nil {
                nameNumbers[blob.name] = Int32(names.count)
                names.append(allNames[Int(blob.name)])
            }
            blobNumbers[number] = Int32(blobs.count)
            blobs.append(
                PathedBlob(
                    name: nameNumbers[blob.name] ?? 0, rest: blob.rest < 0 ? -1 : blobNumbers[Int(blob.rest)],
                    blob: name(Int(blob.blob))))
        }
        let sets = used.map { set in pathed.sets.members[Int(set)].map { blobNumbers[Int($0)] } }
        return (names, blobs, sets)
    }
}
