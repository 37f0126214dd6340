// Questions about commits that need no pass over the whole database.

import CLibgit2

extension Repository {
    /// The commits that `starts` have and `hidden` lack, children before their parents, else newest first.
    ///
    /// Where history ends early, what is there counts.
    package borrowing func commits(reachableFrom starts: [ObjectID], hiding hidden: [ObjectID]) throws(GitError)
        -> [ObjectID]
    {
        // Libgit2 gives up at a commit that a shallow clone lacks, and at one whose time makes no sense.
        do { return try walk(from: starts, hiding: hidden) } catch {
            return walkWhatIsThere(from: starts, hiding: hidden)
        }
    }

    private borrowing func walk(from starts: [ObjectID], hiding hidden: [ObjectID]) throws(GitError) -> [ObjectID] {
        var walk: OpaquePointer?
        try git("walk the history") { git_revwalk_new(&walk, handle) }
        defer { git_revwalk_free(walk) }
        _ = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
        for start in starts {
            var id = start.raw
            // What is no commit (a tag of a tree, say) leads to none.
            guard git_revwalk_push(walk, &id) < 0, (try? header(of: start))?.kind == .commit else { continue }
            throw GitError(operation: "walk the history", code: .other(-1), message: "commit \(start) cannot be read")
        }
        for end in hidden {
            var id = end.raw
            try git("walk the history up to \(end.short)") { git_revwalk_hide(walk, &id) }
        }
        var found: [ObjectID] = []
        while true {
            var id = git_oid()
            let status = git_revwalk_next(&id, walk)
            if status == GIT_ITEROVER.rawValue { return found }
            try git("walk the history") { status }
            found.append(ObjectID(id))
        }
    }

    /// The same by reading one commit after the other, down to those that are not here.
    private borrowing func walkWhatIsThere(from starts: [ObjectID], hiding hidden: [ObjectID]) -> [ObjectID] {
        func parents(of id: ObjectID) -> [ObjectID]? {
            (try? withObject(id) { kind, bytes -> [ObjectID]? in
                switch kind {
                case .commit: RawCommit(bytes)?.parents
                // An annotated tag leads to what it names.
                case .tag: RawTag(bytes).map { [$0.target] }
                case .tree, .blob, .unknown: nil
                }
            }) ?? nil
        }
        var seen: Set<ObjectID> = []
        var parentsFirst: [ObjectID] = []
        func visit(_ roots: [ObjectID]) {
            // A stack of our own, with a second visit once all parents are done.
            var stack = roots.map { (id: $0, isDone: false) }
            while let (id, isDone) = stack.popLast() {
                if isDone {
                    parentsFirst.append(id)
                } else if seen.insert(id).inserted, let parents = parents(of: id) {
                    stack.append((id, true))
                    for parent in parents where !seen.contains(parent) { stack.append((parent, false)) }
                }
            }
        }
        visit(hidden)
        parentsFirst = []
        visit(starts)
        return parentsFirst.reversed().filter { (try? header(of: $0))?.kind == .commit }
    }

    /// Where two lines of history parted; nil when they share nothing.
    package borrowing func mergeBase(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> ObjectID? {
        var (base, first, second) = (git_oid(), left.raw, right.raw)
        let status = git_merge_base(&base, handle, &first, &second)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        try git("find the merge base") { status }
        return ObjectID(base)
    }

    /// Whether `tip` is `commit` or one of its descendants.
    package borrowing func contains(_ commit: ObjectID, in tip: ObjectID) -> Bool {
        if commit == tip { return true }
        var (descendant, ancestor) = (tip.raw, commit.raw)
        return git_graph_descendant_of(handle, &descendant, &ancestor) == 1
    }

    /// The blob at `path` in the tree of `commit`; nil when there is none.
    ///
    /// - Throws: `GitError` when the commit, or a tree on the way, cannot be read.
    package borrowing func blob(at path: String, in commit: ObjectID) throws -> ObjectID? {
        var current = try withObject(commit) { _, bytes in RawCommit(bytes)?.tree }
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        for (depth, name) in names.enumerated() {
            guard let tree = current else { return nil }
            let isLast = depth == names.count - 1
            current = try withObject(tree) { _, bytes -> ObjectID? in
                var entries = RawTree(bytes)
                while let entry = entries.next() {
                    guard entry.name.elementsEqual(name) else { continue }
                    return entry.isTree == !isLast && !entry.isSubmodule ? entry.id : nil
                }
                if entries.isDamaged { throw GitError.damagedTree(tree) }
                return nil
            }
        }
        return current
    }
}
