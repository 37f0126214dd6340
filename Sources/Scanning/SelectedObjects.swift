// The objects that a range of commits, or the index, brings in: a small part of the database.

import Dotenv
import Git

/// A selection of commits and the blobs that are new in them.
struct SelectedObjects {
    /// Commits, their root trees and new blobs.
    private(set) var table = ObjectTable()
    /// New blobs with their whole paths, by the place of the commit's root tree.
    private var added: [Int: [(path: [UInt8], blob: Int)]] = [:]
    private var missing: Set<ObjectID> = []

    /// - Throws: `ScanError` when the range names something that does not exist.
    init(
        _ request: ScanRequest, _ repository: borrowing Repository, index: [IndexEntry], head: Repository.Head,
        gaps: inout [Gap]
    ) throws {
        if request.scope == .index {
            for entry in index where entry.kind != .submodule { table.insert(entry.id) }
            return
        }
        var problems: [Gap] = []
        let commits = try Self.commits(request.selection, repository)
        let shallow = repository.shallowCommits()
        for id in commits {
            if shallow.contains(id) {
                problems.append(
                    Gap(
                        kind: .shallowHistory, subject: id.description,
                        reason: "the clone is shallow and ends inside the range: run `git fetch --unshallow`, then scan again"))
            }
            do { try add(id, repository, &problems) } catch let error as GitError {
                problems.append(Gap(kind: .unreadableObject, subject: id.description, reason: error.message))
            }
        }
        for id in missing { problems.append(Gap(kind: .missingObject, subject: id.description, reason: "a range's tree names it")) }
        gaps += problems
    }

    private static func commits(_ selection: ScanRequest.Selection, _ repository: borrowing Repository) throws -> [ObjectID] {
        func resolve(_ name: String) throws -> ObjectID {
            do { return try repository.resolveCommit(name) } catch {
                throw ScanError.noSuchRevision(name, reason: error.message)
            }
        }
        switch selection {
        case .everything:
            return []
        case .range(let from, let to, let symmetric):
            let end = try resolve(to)
            var hidden: [ObjectID] = []
            if let from {
                let start = try resolve(from)
                hidden = symmetric ? [try repository.mergeBase(start, end)].compactMap { $0 } : [start]
            }
            return try repository.commits(reachableFrom: [end], hiding: hidden)
        case .since(let time):
            let starts = try repository.references(unreadable: { _, _ in }).map(\.target) + repository.pseudoReferences().map(\.target)
            return try repository.commits(reachableFrom: Array(Set(starts)), hiding: []).filter { id in
                try repository.withObject(id) { _, bytes in (RawCommit(bytes)?.committerTime ?? 0) >= time }
            }
        }
    }

    /// The trees as the later passes see them: each root tree names what is new in its commit.
    func treePass(kinds: [ObjectKind]) -> TreePass {
        var pass = TreePass()
        for (tree, entries) in added {
            pass.leaves[tree] = entries.map { entry in
                let dotenv = DotenvFileKind(path: String(decoding: entry.path, as: UTF8.self))
                if let dotenv, pass.dotenvBlobs[entry.blob] != .dotenv { pass.dotenvBlobs[entry.blob] = dotenv }
                pass.names.append(entry.path)
                return TreePass.Leaf(name: Int32(pass.names.count - 1), blob: Int32(entry.blob), dotenv: dotenv)
            }
        }
        return pass
    }
}

extension SelectedObjects {
    private mutating func add(_ id: ObjectID, _ repository: borrowing Repository, _ gaps: inout [Gap]) throws {
        let commit = try repository.withObject(id) { _, bytes in RawCommit(bytes) }
        guard let commit else { return }
        table.insert(id)
        let root = table.insert(commit.tree).place
        let parents = commit.parents.compactMap { parent in
            // A parent that is not here (a shallow clone) hides nothing: all that the commit has is new.
            (try? repository.withObject(parent) { _, bytes in RawCommit(bytes)?.tree }) ?? nil
        }
        // A stack of our own: how deep folders nest is up to whoever made the repository.
        var stack: [(path: [UInt8], tree: ObjectID, parents: [ObjectID])] = [([], commit.tree, parents)]
        while let (path, tree, parents) = stack.popLast() {
            if parents.contains(tree) { continue }
            let known = try parents.map { try children(of: $0, repository) }
            for (name, child) in try children(of: tree, repository) {
                let before = known.compactMap { $0[name] }
                if child.isSubmodule || before.contains(where: { $0.id == child.id }) { continue }
                let inner = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
                if child.isTree {
                    stack.append((inner, child.id, before.filter(\.isTree).map(\.id)))
                } else if (try? repository.header(of: child.id)) != nil {
                    added[root, default: []].append((inner, table.insert(child.id).place))
                } else {
                    missing.insert(child.id)
                }
            }
        }
    }

    private struct Child {
        var id: ObjectID
        var isTree: Bool
        var isSubmodule: Bool
    }

    private func children(of tree: ObjectID, _ repository: borrowing Repository) throws -> [[UInt8]: Child] {
        try repository.withObject(tree) { _, bytes in
            var children: [[UInt8]: Child] = [:]
            var reader = RawTree(bytes)
            while let entry = reader.next() {
                children[Array(entry.name)] = Child(id: entry.id, isTree: entry.isTree, isSubmodule: entry.isSubmodule)
            }
            return children
        }
    }
}
