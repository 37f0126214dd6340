// Questions about commits that need no pass over the whole database.

import CLibgit2

extension Repository {
    /// The commits that `to` has and `hiding` lack, newest first.
    package borrowing func commits(reachableFrom starts: [ObjectID], hiding hidden: [ObjectID]) throws(GitError) -> [ObjectID] {
        var walk: OpaquePointer?
        try git("walk the history") { git_revwalk_new(&walk, handle) }
        defer { git_revwalk_free(walk) }
        _ = git_revwalk_sorting(walk, GIT_SORT_TIME.rawValue)
        for start in starts {
            var id = start.raw
            // What is no commit (a tag of a tree, say) leads to none.
            _ = git_revwalk_push(walk, &id)
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
    package borrowing func blob(at path: String, in commit: ObjectID) -> ObjectID? {
        var (object, id) = (OpaquePointer(bitPattern: 0), commit.raw)
        guard git_object_lookup(&object, handle, &id, GIT_OBJECT_COMMIT) == 0 else { return nil }
        defer { git_object_free(object) }
        var entry: OpaquePointer?
        guard git_object_lookup_bypath(&entry, object, path, GIT_OBJECT_BLOB) == 0 else { return nil }
        defer { git_object_free(entry) }
        return git_object_id(entry).map { ObjectID($0.pointee) }
    }
}
