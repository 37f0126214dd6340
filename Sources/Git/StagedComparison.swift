// What a commit of the index would add to what its parents have. Folders that no parent has otherwise are passed over.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file or a link that no parent has at its path with this content.
package struct StagedChange: Sendable {
    /// The exact bytes.
    package var path: [UInt8]
    package var id: ObjectID
    package var isSymbolicLink: Bool
    /// What the parents have at the path, files and links; empty when the path is new.
    package var before: [ObjectID]

    /// For showing; bytes that are not UTF-8 are replaced.
    package var shownPath: String { String(decoding: path, as: UTF8.self) }
}

/// What the first parent has, and the index lacks.
package struct StagedRemoval: Sendable {
    /// The exact bytes.
    package var path: [UInt8]
    package var id: ObjectID
    /// Whether it is a folder, with all that is in it.
    package var isFolder: Bool
}

package struct StagedChanges: Sendable {
    /// By path.
    package var added: [StagedChange] = []
    package var removed: [StagedRemoval] = []
    /// Paths in the middle of a merge: no commit can be made before they are resolved.
    package var conflicts: [[UInt8]] = []
}

extension Repository {
    /// What `index` has that none of `parents` has.
    ///
    /// - Parameter parents: trees of commits: of HEAD, and of those that are being merged into it; none for the first
    ///   commit.
    /// - Throws: `GitError` when a tree cannot be read.
    package borrowing func changes(of index: StagedIndex, since parents: [ObjectID]) throws -> StagedChanges {
        var changes = StagedChanges()
        if let root = index.cachedTree?.id, parents.contains(root) { return changes }
        try index.names.withUnsafeBytes { names in
            let whole = IndexPart(
                names: names, entries: index.entries, range: index.entries.indices, depth: 0, cached: index.cachedTree)
            try compare(.index(whole), [], parents.map { $0 }, level: 0, &changes)
        }
        return changes
    }

    /// Folders in folders.
    private static var deepest: Int { 2_048 }

    private borrowing func compare(
        _ source: NewSide, _ folder: [UInt8], _ parents: [ObjectID?], level: Int, _ changes: inout StagedChanges
    ) throws {
        guard level <= Self.deepest else {
            throw GitError(operation: "compare the index", code: .other(-1), message: "folders are nested too deep")
        }
        var source = source
        var cursors = try parents.map { id in try id.map { TreeCursor(try treeBytes($0)) } }
        func noteRemoval(_ entry: RawTree.Entry) {
            guard !entry.isSubmodule else { return }
            changes.removed.append(
                StagedRemoval(path: folder + Array(entry.name), id: entry.id, isFolder: entry.isTree))
        }
        while let item = try source.next() {
            var known: [RawTree.Entry?] = []
            for place in cursors.indices {
                known.append(
                    try cursors[place]?.take(upTo: item.name, isFolder: item.isFolder) { passed in
                        if place == 0 { noteRemoval(passed) }
                    })
            }
            switch item.content {
            case .conflict:
                changes.conflicts.append(folder + Array(item.name))
            case .nothing:
                if let before = known.first ?? nil { noteRemoval(before) }
            case .file(let id, let mode):
                let kind = mode & 0o170000
                if kind == 0o160000 { continue }
                let same = known.contains { $0.map { $0.id == id && $0.mode & 0o170000 == kind } ?? false }
                if same { continue }
                let before = known.compactMap { $0 }.filter { !$0.isSubmodule }.map(\.id)
                changes.added.append(
                    StagedChange(
                        path: folder + Array(item.name), id: id, isSymbolicLink: kind == 0o120000, before: before))
            case .folder(let id, let inside):
                if let id, known.contains(where: { $0?.id == id }) { continue }
                let next: NewSide =
                    switch inside {
                    case .some(let part): .index(part)
                    // A folder of a sparse index: its tree stands for it.
                    case .none: .tree(TreeCursor(try treeBytes(id ?? .zero)))
                    }
                try compare(
                    next, folder + Array(item.name) + [UInt8(ascii: "/")], known.map { $0?.id }, level: level + 1,
                    &changes)
            }
        }
        if !cursors.isEmpty { try cursors[0]?.rest(noteRemoval) }
    }

    private borrowing func treeBytes(_ id: ObjectID) throws -> TreeBytes {
        try withObject(id) { kind, bytes in
            guard kind == .tree else {
                throw GitError(operation: "read tree \(id)", code: .other(-1), message: "it is no tree")
            }
            return TreeBytes(id, bytes)
        }
    }

    /// All files and links below a folder that is gone; for one that is no folder, itself.
    ///
    /// - Parameter limit: of files; more are not listed.
    /// - Throws: `GitError`.
    package borrowing func files(in removal: StagedRemoval, limit: Int) throws -> [StagedRemoval] {
        var found: [StagedRemoval] = []
        var waiting = [removal]
        while let next = waiting.popLast(), found.count < limit {
            guard next.isFolder else {
                found.append(next)
                continue
            }
            try withObject(next.id) { _, bytes in
                var tree = RawTree(bytes)
                while let entry = tree.next() {
                    if entry.isSubmodule { continue }
                    waiting.append(
                        StagedRemoval(
                            path: next.path + [UInt8(ascii: "/")] + Array(entry.name), id: entry.id,
                            isFolder: entry.isTree))
                }
                if tree.isDamaged { throw GitError.damagedTree(next.id) }
            }
        }
        return found
    }
}

extension Repository {
    /// The files of a tree, at any depth, whose name (the last part of the path) is wanted.
    ///
    /// - Throws: `GitError` when a tree cannot be read.
    package borrowing func files(
        ofTree root: ObjectID, named isWanted: (_ name: UnsafeRawBufferPointer) -> Bool
    ) throws -> [TreeFile] {
        var found: [TreeFile] = []
        var waiting: [(folder: [UInt8], id: ObjectID)] = [([], root)]
        while let (folder, id) = waiting.popLast() {
            try withObject(id) { _, bytes in
                var tree = RawTree(bytes)
                while let entry = tree.next() {
                    if entry.isTree {
                        waiting.append((folder + Array(entry.name) + [UInt8(ascii: "/")], entry.id))
                    } else if !entry.isSubmodule, isWanted(entry.name) {
                        found.append(TreeFile(path: folder + Array(entry.name), id: entry.id, mode: entry.mode))
                    }
                }
                if tree.isDamaged { throw GitError.damagedTree(id) }
            }
        }
        return found
    }
}

/// What stands under one name of a folder that is about to be committed.
private struct NewItem {
    enum Content {
        case file(ObjectID, mode: UInt32)
        /// Its tree where it is known, and its part of the index.
        case folder(ObjectID?, IndexPart?)
        case conflict
        /// Nothing that a commit would take.
        case nothing
    }

    /// Lent by the index or a tree.
    var name: UnsafeRawBufferPointer
    var isFolder: Bool
    var content: Content
}

private enum NewSide {
    case index(IndexPart)
    case tree(TreeCursor)

    mutating func next() throws -> NewItem? {
        switch self {
        case .index(var part):
            defer { self = .index(part) }
            return part.next()
        case .tree(var cursor):
            defer { self = .tree(cursor) }
            guard let entry = try cursor.next() else { return nil }
            return NewItem(
                name: entry.name, isFolder: entry.isTree,
                content: entry.isTree ? .folder(entry.id, nil) : .file(entry.id, mode: entry.mode))
        }
    }
}

/// The entries of the index below one folder.
private struct IndexPart {
    let names: UnsafeRawBufferPointer
    let entries: [StagedIndex.Entry]
    var range: Range<Int>
    /// Bytes of the folder's path, with its final `/`.
    let depth: Int
    let cached: CachedTree?

    private func rest(_ place: Int) -> UnsafeRawBufferPointer {
        let name = entries[place].name
        return UnsafeRawBufferPointer(rebasing: names[min(name.lowerBound + depth, name.upperBound)..<name.upperBound])
    }

    mutating func next() -> NewItem? {
        guard let place = range.first else { return nil }
        let entry = entries[place]
        let name = rest(place)
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else { return file(place, entry, name) }
        let folder = UnsafeRawBufferPointer(rebasing: name[..<slash])
        if slash == name.count - 1 {
            range = place + 1..<range.upperBound
            return NewItem(name: folder, isFolder: true, content: .folder(entry.id, nil))
        }
        let child = cached?.child(folder)
        let prefix = UnsafeRawBufferPointer(rebasing: name[...slash])
        func isInside(_ place: Int) -> Bool { rest(place).starts(with: prefix) }
        var stop = place + 1
        var isTrusted = false
        if let child, child.id != nil, child.count > 0, child.count <= range.count {
            // What git says of the folder must fit what is there.
            stop = place + child.count
            isTrusted = isInside(stop - 1) && (stop == range.upperBound || !isInside(stop))
            if !isTrusted { stop = place + 1 }
        }
        if !isTrusted { while stop < range.upperBound, isInside(stop) { stop += 1 } }
        let inside = IndexPart(
            names: names, entries: entries, range: place..<stop, depth: depth + prefix.count, cached: child)
        range = stop..<range.upperBound
        return NewItem(name: folder, isFolder: true, content: .folder(isTrusted ? child?.id : nil, inside))
    }

    private mutating func file(
        _ place: Int, _ entry: StagedIndex.Entry, _ name: UnsafeRawBufferPointer
    ) -> NewItem {
        var next = place + 1
        if entry.stage > 0 {
            while next < range.upperBound, entries[next].stage > 0, rest(next).elementsEqual(name) { next += 1 }
        }
        range = next..<range.upperBound
        let content: NewItem.Content =
            entry.stage > 0 ? .conflict : entry.isIntentToAdd ? .nothing : .file(entry.id, mode: entry.mode)
        return NewItem(name: name, isFolder: false, content: content)
    }
}

/// The bytes of a tree, kept for as long as anybody points into them.
private final class TreeBytes {
    let id: ObjectID
    let buffer: UnsafeMutableRawBufferPointer

    init(_ id: ObjectID, _ bytes: UnsafeRawBufferPointer) {
        self.id = id
        buffer = .allocate(byteCount: bytes.count, alignment: 1)
        buffer.copyMemory(from: bytes)
    }

    deinit { buffer.deallocate() }
}

/// Goes through the entries of a tree in their order, which is that of the index.
private struct TreeCursor {
    private let bytes: TreeBytes
    private var tree: RawTree
    private var waiting: RawTree.Entry?

    init(_ bytes: TreeBytes) {
        self.bytes = bytes
        tree = RawTree(UnsafeRawBufferPointer(bytes.buffer))
    }

    mutating func next() throws -> RawTree.Entry? {
        if let entry = waiting {
            waiting = nil
            return entry
        }
        let entry = tree.next()
        if tree.isDamaged { throw GitError.damagedTree(bytes.id) }
        return entry
    }

    /// The entry of this name and kind, if there is one; those before it are handed to `passed`.
    mutating func take(
        upTo name: UnsafeRawBufferPointer, isFolder: Bool, _ passed: (RawTree.Entry) -> Void
    ) throws -> RawTree.Entry? {
        while let entry = try next() {
            let order = Self.order(entry.name, entry.isTree, name, isFolder)
            if order == 0 { return entry }
            if order > 0 {
                waiting = entry
                return nil
            }
            passed(entry)
        }
        return nil
    }

    mutating func rest(_ passed: (RawTree.Entry) -> Void) throws {
        while let entry = try next() { passed(entry) }
    }

    /// Git's order: as if the name of a folder ended in `/`.
    private static func order(
        _ left: UnsafeRawBufferPointer, _ isLeftFolder: Bool, _ right: UnsafeRawBufferPointer, _ isRightFolder: Bool
    ) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let first = left.baseAddress, let second = right.baseAddress {
            let order = memcmp(first, second, common)
            if order != 0 { return Int(order) }
        }
        func next(_ name: UnsafeRawBufferPointer, _ isFolder: Bool) -> Int {
            name.count > common ? Int(name[common]) : isFolder ? Int(UInt8(ascii: "/")) : 0
        }
        let order = next(left, isLeftFolder) - next(right, isRightFolder)
        if order != 0 { return order }
        // `a/` as a folder, and a name that goes on with a slash, do not meet: no name holds one.
        return left.count - right.count
    }
}
