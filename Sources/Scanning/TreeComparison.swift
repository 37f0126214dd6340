// What a commit's tree has that its parents' trees lack.

import Git

/// A path at which a tree differs from others.
struct TreeChange {
    var path: [UInt8]
    /// What stands there now; nil when the path, a file's or a folder's, is gone.
    var blob: ObjectID?
    var isSymbolicLink = false
}

enum TreeComparison {
    /// The files of `tree` that none of `parents` has at their path, and the paths that all of `parents` have and it lacks.
    ///
    /// - Throws: `GitError` when a tree cannot be read.
    static func changes(
        in tree: ObjectID, since parents: [ObjectID], _ repository: borrowing Repository
    ) throws -> [TreeChange] {
        var changes: [TreeChange] = []
        // A stack of our own: how deep folders nest is up to whoever made the repository.
        var stack: [(path: [UInt8], tree: ObjectID, parents: [ObjectID])] = [([], tree, parents)]
        while let (folder, tree, parents) = stack.popLast() {
            if parents.contains(tree) { continue }
            let known = try parents.map { try children(of: $0, repository) }
            let present = try children(of: tree, repository)
            func path(of name: [UInt8]) -> [UInt8] { folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name }
            for (name, child) in present {
                let before = known.compactMap { $0[name] }
                if before.contains(child) { continue }
                if child.kind == .tree {
                    stack.append((path(of: name), child.id, before.filter { $0.kind == .tree }.map(\.id)))
                } else if child.kind != .submodule {
                    changes.append(
                        TreeChange(path: path(of: name), blob: child.id, isSymbolicLink: child.kind == .symbolicLink))
                }
            }
            for (name, child) in known.first ?? [:] where known.allSatisfy({ $0[name] != nil }) {
                // A folder in the place of a file, or the other way round, has lost what stood there.
                let now = present[name]
                if now == nil || (now?.kind == .tree) != (child.kind == .tree) {
                    changes.insert(TreeChange(path: path(of: name), blob: nil), at: 0)
                }
            }
        }
        return changes
    }

    private struct Child: Equatable {
        enum Kind { case file, symbolicLink, tree, submodule }

        var id: ObjectID
        var kind: Kind
    }

    private static func children(of tree: ObjectID, _ repository: borrowing Repository) throws -> [[UInt8]: Child] {
        try repository.withObject(tree) { _, bytes in
            var children: [[UInt8]: Child] = [:]
            var reader = RawTree(bytes)
            while let entry = reader.next() {
                let kind: Child.Kind =
                    entry.isTree ? .tree : entry.isSubmodule ? .submodule : entry.isSymbolicLink ? .symbolicLink : .file
                children[Array(entry.name)] = Child(id: entry.id, kind: kind)
            }
            if reader.isDamaged { throw GitError.damagedTree(tree) }
            return children
        }
    }
}
