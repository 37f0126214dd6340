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

    /// Reads all trees.
    /// - Parameter wanted: by place, whether a blob has hits or is otherwise to be named.
    static func run(
        _ table: ObjectTable, kinds: [ObjectKind], wanted: [Bool], gitFolder: String, jobs: Int,
        progress: ScanProgress
    ) async throws -> TreePass {
        let trees = kinds.indices.filter { kinds[$0] == .tree }
        progress.enter(.trees, total: trees.count)
        let parts = try await shareWork(of: trees.count, portion: portion, jobs: jobs) { queue in
            let repository = try Repository(gitFolder: gitFolder)
            var reader = TreeReader(table: table, wanted: wanted)
            while let range = queue.next() {
                for index in range { reader.read(trees[index], in: repository) }
                progress.advance(range.count)
            }
            return reader.finish()
        }
        return joined(parts)
    }

    private static func joined(_ parts: [TreePass]) -> TreePass {
        var whole = TreePass()
        var numbers: [[UInt8]: Int32] = [:]
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
        }
        return whole
    }
}
