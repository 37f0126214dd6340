// The second pass: every tree once, for the names of what the first pass found and of dotenv files.

import Dotenv
import Git

/// What the trees say, boiled down to what matters.
struct TreePass: Sendable {
    /// Names of entries, each once.
    var names: [[UInt8]] = []
    /// By tree: entries that are hits or dotenv files.
    var leaves: [Int: [Leaf]] = [:]
    /// By tree: its subfolders. Kept for all trees, since which of them matter shows only at the end.
    var edges: [Edge] = []
    /// By place of a tree: its part of `edges`.
    var edgeRanges: [Int: Range<Int>] = [:]
    /// Blobs that some tree names as a dotenv file, and whether as a template only.
    var dotenvBlobs: [Int: DotenvFileKind] = [:]
    /// Objects that a tree names and the database lacks.
    var missing: Set<ObjectID> = []
    var gaps: [Gap] = []
    /// Trees that are not whole: an entry is missing, or its bytes cannot be read.
    var unsound: Set<Int32> = []
    /// What an earlier scan knows of trees that were not read again.
    var known: KnownTrees?
    /// How the trees were read, where that is asked for.
    var origins = TreeOrigins()

    struct Leaf: Sendable {
        var name: Int32
        var blob: Int32
        var dotenv: DotenvFileKind?
    }

    struct Edge: Sendable {
        var name: Int32
        var tree: Int32
    }
}

extension TreePass {
    private static let portion = 128

    /// Reads all trees, but for those that are known.
    /// - Parameters:
    ///   - wanted: by place, whether a blob has hits or is otherwise to be named.
    ///   - order: places of the trees, in the order to read them in; nil for all, as the table has them.
    ///   - notesOrigins: whether to tell how the trees were read.
    static func run(
        _ table: ObjectTable, kinds: [ObjectKind], wanted: [Bool], order: [Int]? = nil, known: KnownTrees? = nil,
        notesOrigins: Bool = false, gitFolder: String, jobs: Int, progress: ScanProgress
    ) async throws -> TreePass {
        let trees = order ?? kinds.indices.filter { kinds[$0] == .tree }
        progress.enter(.trees, total: trees.count)
        let parts = try await shareWork(of: trees.count, portion: portion, jobs: jobs) { queue in
            let repository = try Repository(gitFolder: gitFolder)
            var reader = TreeReader(table: table, wanted: wanted, notesOrigins: notesOrigins)
            while let range = queue.next() {
                for index in range { reader.read(trees[index], in: repository) }
                progress.advance(range.count)
            }
            return reader.finish()
        }
        return joined(parts, known)
    }

    private static func joined(_ parts: [TreePass], _ known: KnownTrees?) -> TreePass {
        var whole = TreePass()
        var numbers: [[UInt8]: Int32] = [:]
        if let known {
            whole.names = known.names
            for (number, name) in known.names.enumerated() { numbers[name] = Int32(number) }
            whole.dotenvBlobs = known.dotenvBlobs
            whole.known = known
        }
        for part in parts {
            let renumbered = part.names.map { name -> Int32 in
                if let number = numbers[name] { return number }
                let number = Int32(whole.names.count)
                numbers[name] = number
                whole.names.append(name)
                return number
            }
            for (tree, leaves) in part.leaves {
                whole.leaves[tree] = leaves.map {
                    Leaf(name: renumbered[Int($0.name)], blob: $0.blob, dotenv: $0.dotenv)
                }
            }
            let start = whole.edges.count
            whole.edges.reserveCapacity(start + part.edges.count)
            for edge in part.edges { whole.edges.append(Edge(name: renumbered[Int(edge.name)], tree: edge.tree)) }
            for (tree, range) in part.edgeRanges {
                whole.edgeRanges[tree] = range.lowerBound + start..<range.upperBound + start
            }
            // A blob that is a dotenv file under one path and a template under another counts as the former.
            whole.dotenvBlobs.merge(part.dotenvBlobs) { $0 == .dotenv ? $0 : $1 }
            whole.missing.formUnion(part.missing)
            whole.gaps += part.gaps
            whole.unsound.formUnion(part.unsound)
            whole.origins.append(part.origins)
        }
        // Workers are done in any order; a report is to be the same whoever was first.
        whole.gaps.sort(by: Gap.isBefore)
        return whole
    }
}

/// What an earlier scan knows of trees.
struct KnownTrees: Sendable {
    /// Names of entries, each once.
    var names: [[UInt8]] = []
    /// As `PathedBlobs` has them, by places in the object table.
    var blobs: [PathedBlob] = []
    var sets: [[Int32]] = [[]]
    /// By place in the object table; -1 for what is no known tree.
    var setOfTree: [SetPool.ID] = []
    /// Blobs that some known tree names as a dotenv file.
    var dotenvBlobs: [Int: DotenvFileKind] = [:]
}

/// How trees were read: each as the difference from one that was read before. All that a tree names is named by that
/// other tree, or was looked at in its own.
struct TreeOrigins: Sendable {
    /// The trees, in the order of reading.
    var trees: [Int32] = []
    /// For each, the place in `trees` of the one that it was compared with; -1 for none.
    var bases: [Int32] = []
    /// For each, the entries that were looked at, but for submodules: places in the object table.
    var looked = NumberLists()

    mutating func append(_ other: TreeOrigins) {
        let start = Int32(trees.count)
        trees += other.trees
        bases += other.bases.map { $0 < 0 ? $0 : $0 + start }
        for list in 0..<other.looked.count {
            for number in other.looked[list] { looked.append(number) }
            looked.endList()
        }
    }
}

extension Gap {
    /// By what they are about.
    static func isBefore(_ left: Gap, _ right: Gap) -> Bool {
        (left.subject, left.kind.rawValue, left.reason) < (right.subject, right.kind.rawValue, right.reason)
    }
}
