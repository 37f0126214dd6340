// A scan of a whole repository that begins where an earlier one has ended.

import Detection
import Files
import Git

/// The objects of a repository, and which of them have to be read.
struct PreparedObjects: Sendable {
    let cache: ObjectCache
    /// Sorted.
    let table: ObjectTable
    /// Places of what has to be read, in an order in which that is cheap.
    let order: [Int]
    var known: KnownObjects?
    /// Something to tell of the cache.
    let note: String?
    private let listing: PackListing?

    /// - Parameter problem: called for what cannot be listed.
    init(_ storage: ObjectStorage, cache: ObjectCache, problem: (ObjectStorage.Problem) -> Void) async {
        self.cache = cache
        // The file is read while the packs are listed.
        async let loading = cache.load()
        listing = PackListing(storage)
        var given: [ObjectID] = []
        if listing == nil { given = storage.objects(problem: problem).ids }
        let table = ObjectTable(sorted: listing?.ids ?? given.sorted())
        self.table = table
        switch await loading {
        case .state(let state):
            known = KnownObjects(state, in: table)
            note = nil
        case .nothing: note = nil
        case .damaged:
            note = "The cache of known objects was damaged, so every object was read: \(cache.path)."
        }
        if let listing {
            order = listing.inPackOrder(known?.unread() ?? Array(table.ids.indices))
        } else if let kinds = known?.kinds {
            order = given.compactMap { table.place(of: $0) }.filter { kinds[$0] == .unknown }
        } else {
            order = given.compactMap { table.place(of: $0) }
        }
    }

    /// Takes over what is known of trees.
    ///
    /// - Parameters:
    ///   - kinds: by place, of all objects.
    ///   - wanted: by place, whether a blob has to be named.
    /// - Returns: the trees to read.
    mutating func trees(_ kinds: [ObjectKind], wanted: [Bool], _ repository: borrowing Repository) -> [Int] {
        known?.takeTrees(table, repository)
        // A blob that could not be read, when the trees that name it were: they do not know that it matters.
        if known?.unreadChildren.contains(where: { wanted[$0] }) ?? false { known?.forgetTrees() }
        if known?.trees != nil { return order.filter { kinds[$0] == .tree } }
        let all = kinds.indices.filter { kinds[$0] == .tree }
        return listing?.inPackOrder(all) ?? all
    }

    /// Keeps what was learned, if there is much to it: reading a few objects once more costs less than writing.
    ///
    /// - Returns: whether it was written.
    func keep(_ read: ReadObjects, _ caching: ObjectCaching) -> Bool {
        if case .user = caching, table.count < Self.fewObjects, !Self.keepsAll { return false }
        if let known {
            let isLittle =
                (order.count - againCount(read)) * Self.littleShare <= table.count
                && known.trees != nil && known.reviewedCount * Self.littleShare <= table.count
                && known.goneCount * Self.littleShare <= table.count
            if isLittle, !Self.keepsAll { return false }
        }
        return ObjectState(read).map { cache.store($0) } ?? false
    }

    /// Objects that are read in every scan.
    private func againCount(_ read: ReadObjects) -> Int { order.count { read.isReadAgain[$0] } }

    /// So many are read in a moment: unasked, nothing is left behind for them.
    static let fewObjects = 5_000
    /// One in so many objects is not worth the writing.
    private static let littleShare = 200
    /// Tests keep all.
    @TaskLocal static var keepsAll = false
}

extension RepositoryScan {
    /// Where the known objects of this scan are kept; nil for one that has none.
    mutating func objectCache() -> ObjectCache? {
        guard request.selection == .everything, request.scope == .all || request.scope == .history,
            let path = ObjectCache.path(request.objectCaching, commonFolder: opened.commonFolder)
        else { return nil }
        // A repository does not say what is known of it.
        if let worktree = opened.worktree.flatMap(FilePaths.resolved), path.hasPrefix(worktree + "/") {
            let name = path.dropFirst(worktree.utf8.count + 1)
            if indexEntries.contains(where: { $0.path == name }) {
                report.notes.append("\(name) is tracked by git: a cache that a repository brings along is not used.")
                return nil
            }
        }
        return ObjectCache(path: path, rules: compiled.ruleSet, largestBlob: request.largestBlob)
    }
}
