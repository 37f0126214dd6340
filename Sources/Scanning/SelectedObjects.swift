// The objects that a range of commits, or the index, brings in: a small part of the database.

import Git

/// A selection of commits and the blobs that are new in them.
struct SelectedObjects {
    /// Commits, their root trees, HEAD's root tree, and blobs: those that are new in a commit, or in the index.
    private(set) var table = ObjectTable()
    /// The selected commits, parents before children.
    private(set) var steps: [Step] = []
    /// The tree of HEAD's commit.
    let headTree: ObjectID?
    /// Parents of selected commits that are not selected themselves.
    private var boundary: Set<ObjectID> = []
    private var missing: Set<ObjectID> = []

    /// A selected commit.
    struct Step {
        var commit: ObjectID
        /// Of its root tree, in the table.
        var tree: Int
        var firstParent: ObjectID?
        /// Against the first parent, or against nothing where that is not here.
        var changes: [TreeChange]
    }

    /// - Throws: `ScanError` when the range names something that does not exist.
    init(
        _ request: ScanRequest, _ repository: borrowing Repository, index: [IndexEntry], head: ObjectID?,
        gaps: inout [Gap]
    ) throws {
        headTree = head.flatMap { id in
            (try? repository.withObject(id) { _, bytes in RawCommit(bytes)?.tree }) ?? nil
        }
        if let headTree { table.insert(headTree) }
        if request.scope == .index {
            for entry in index where entry.kind != .submodule { table.insert(entry.id) }
            return
        }
        var problems: [Gap] = []
        let selected = try Self.commits(request.selection, repository, &problems)
        let shallow = repository.shallowCommits()
        for id in selected.reversed() {
            if shallow.contains(id) {
                problems.append(
                    Gap(
                        kind: .shallowHistory, subject: id.description,
                        reason:
                            "the clone is shallow and ends inside the range: run `git fetch --unshallow`, then scan again"
                    ))
            }
            do { try add(id, repository, isShallow: shallow.contains(id)) } catch let error as GitError {
                problems.append(Gap(kind: .unreadableObject, subject: id.description, reason: error.message))
            }
        }
        boundary.subtract(selected)
        for id in missing.sorted() {
            problems.append(
                Gap(kind: .missingObject, subject: id.description, reason: "a commit of the range or its tree names it")
            )
        }
        gaps += problems
    }

    /// For each of `tips` that is not selected itself: the selected commits in its history.
    func commits(in tips: Set<ObjectID>, _ repository: borrowing Repository) -> [ObjectID: [ObjectID]] {
        var found: [ObjectID: [ObjectID]] = [:]
        let selected = Set(steps.map(\.commit))
        for tip in tips where !selected.contains(tip) && !selected.isEmpty {
            // A tip whose history cannot be read has given its gap already, or gives it in a scan of everything.
            let walked = (try? repository.commits(reachableFrom: [tip], hiding: Array(boundary))) ?? []
            found[tip] = walked.filter(selected.contains)
        }
        return found
    }
}

extension SelectedObjects {
    /// The selected commits, children before parents.
    private static func commits(
        _ selection: ScanRequest.Selection, _ repository: borrowing Repository, _ gaps: inout [Gap]
    ) throws -> [ObjectID] {
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
            var problems: [Gap] = []
            let references = try repository.references(unreadable: {
                problems.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
            })
            gaps += problems
            let starts = Set((references + repository.pseudoReferences()).map(\.target))
            return try repository.commits(reachableFrom: starts.sorted(), hiding: []).filter { id in
                try repository.withObject(id) { _, bytes in (RawCommit(bytes)?.committerTime ?? 0) >= time }
            }
        }
    }

    private mutating func add(_ id: ObjectID, _ repository: borrowing Repository, isShallow: Bool) throws {
        let commit = try repository.withObject(id) { _, bytes in RawCommit(bytes) }
        guard let commit else { return }
        table.insert(id)
        var trees: [ObjectID] = []
        var isFirstParentHere = true
        for (number, parent) in commit.parents.enumerated() {
            // A parent that is not here (a shallow clone) hides nothing: all that the commit has is new.
            if let tree = (try? repository.withObject(parent) { _, bytes in RawCommit(bytes)?.tree }) ?? nil {
                trees.append(tree)
                boundary.insert(parent)
            } else {
                // Where history was cut on purpose, that is told as one gap.
                if !isShallow { missing.insert(parent) }
                if number == 0 { isFirstParentHere = false }
            }
        }
        let new = try TreeComparison.changes(in: commit.tree, since: trees, repository)
        for change in new {
            guard let blob = change.blob else { continue }
            if (try? repository.header(of: blob)) != nil { table.insert(blob) } else { missing.insert(blob) }
        }
        // A merge is new only where it differs from all its parents, and differs from the first in all that it merged.
        let first = isFirstParentHere ? Array(trees.prefix(1)) : []
        let changes = trees == first ? new : try TreeComparison.changes(in: commit.tree, since: first, repository)
        steps.append(
            Step(
                commit: id, tree: table.insert(commit.tree).place,
                firstParent: isFirstParentHere ? commit.parents.first : nil,
                changes: changes))
    }
}
