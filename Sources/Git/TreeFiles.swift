// Which files of a name the trees of commits hold: each tree is read once, however many commits share it.

/// A file in a commit's tree.
package struct TreeFile: Sendable, Hashable {
    /// From the root, the exact bytes.
    package let path: [UInt8]
    package let id: ObjectID
    package let mode: UInt32

    /// For showing; bytes that are not UTF-8 are replaced.
    package var shownPath: String { String(decoding: path, as: UTF8.self) }
}

extension Repository {
    /// The files in the tree of each commit whose name (the last part of the path) is wanted, in the order of the tree.
    /// Submodules are none.
    ///
    /// - Throws: `GitError` when a commit or a tree cannot be read.
    package borrowing func files(
        in commits: [ObjectID], named isWanted: (_ name: UnsafeRawBufferPointer) -> Bool
    ) throws -> [ObjectID: [TreeFile]] {
        var known: [ObjectID: [TreeFile]] = [:]
        var found: [ObjectID: [TreeFile]] = [:]
        for commit in commits where found[commit] == nil {
            guard let tree = try withObject(commit, { _, bytes in RawCommit(bytes)?.tree }) else {
                throw GitError(operation: "read commit \(commit)", code: .other(-1), message: "it is no commit")
            }
            found[commit] = try files(inTree: tree, named: isWanted, &known)
        }
        return found
    }

    private borrowing func files(
        inTree tree: ObjectID, named isWanted: (UnsafeRawBufferPointer) -> Bool, _ known: inout [ObjectID: [TreeFile]]
    ) throws -> [TreeFile] {
        if let files = known[tree] { return files }
        // Read out first: no two objects are lent at once, however deep the tree.
        var parts: [(name: [UInt8], id: ObjectID, mode: UInt32, isTree: Bool)] = []
        try withObject(tree) { _, bytes in
            var entries = RawTree(bytes)
            while let entry = entries.next() {
                guard !entry.isSubmodule, entry.isTree || isWanted(entry.name) else { continue }
                parts.append((Array(entry.name), entry.id, entry.mode, entry.isTree))
            }
            if entries.isDamaged { throw GitError.damagedTree(tree) }
        }
        var files: [TreeFile] = []
        for part in parts {
            guard part.isTree else {
                files.append(TreeFile(path: part.name, id: part.id, mode: part.mode))
                continue
            }
            for file in try self.files(inTree: part.id, named: isWanted, &known) {
                files.append(
                    TreeFile(path: part.name + [UInt8(ascii: "/")] + file.path, id: file.id, mode: file.mode))
            }
        }
        known[tree] = files
        return files
    }

    /// The tips of all local branches, by full name, and of HEAD where it is on none.
    ///
    /// - Throws: `GitError`.
    package borrowing func localTips() throws(GitError) -> [Reference] {
        var tips = try references { _, _ in }.filter { $0.name.hasPrefix("refs/heads/") }
        if case .detached(let id) = try head() { tips.append(Reference(name: "HEAD", target: id)) }
        return tips
    }

    /// The name that git would give a blob of these bytes, if no filter changed them on the way.
    package static func blobID(of bytes: [UInt8]) -> ObjectID? {
        _ = Library.ready
        return bytes.withUnsafeBytes { id(of: $0, .blob) }
    }
}
