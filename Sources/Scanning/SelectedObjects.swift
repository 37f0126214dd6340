// The objects that a range of commits, or the index, brings in: a small part of the database.

import Dotenv
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
    /// Dotenv files in HEAD's tree that are looked at whenever they came, by the exact bytes of their paths.
    private(set) var tracked: [(path: [UInt8], kind: DotenvFileKind)] = []

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
        switch request.selection {
        case .since(let time): try addTags(madeSince: time, repository)
        case .added(let addition):
            addTags(leadingFrom: addition.tips, repository)
            if let head { addTracked(in: head, repository, &problems) }
        case .everything, .range: break
        }
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
    ///
    /// The cost follows what came since the selection, and not the length of the history: nothing that is a week older
    /// than all that is selected is taken for its descendant, whatever clocks say.
    func commits(in tips: Set<ObjectID>, _ repository: borrowing Repository) -> [ObjectID: [ObjectID]] {
        let selected = Set(steps.map(\.commit))
        // A time of 0 is one that makes no sense.
        let times = selected.compactMap { Self.parents(of: $0, repository)?.time }.filter { $0 > 0 }
        let earliest = (times.min() ?? 0) - Self.clockError
        var found: [ObjectID: [ObjectID]] = [:]
        /// Commits that lead to nothing that is selected.
        var leadsNowhere = boundary
        for tip in tips.sorted() where !selected.contains(tip) && !selected.isEmpty {
            var seen: Set<ObjectID> = [tip]
            var waiting = [tip]
            var here: [ObjectID] = []
            while let id = waiting.popLast() {
                if selected.contains(id) { here.append(id) }
                // A tip whose history cannot be read has given its gap already, or gives it in a scan of everything.
                guard !leadsNowhere.contains(id), let commit = Self.parents(of: id, repository) else { continue }
                if commit.time > 0, commit.time < earliest { continue }
                for parent in commit.parents where seen.insert(parent).inserted { waiting.append(parent) }
            }
            if here.isEmpty { leadsNowhere.formUnion(seen) }
            found[tip] = here
        }
        return found
    }

    /// In seconds: how far apart the clocks of those who commit may be.
    private static let clockError: Int64 = 7 * 86_400

    private static func parents(
        of id: ObjectID, _ repository: borrowing Repository
    ) -> (parents: [ObjectID], time: Int64)? {
        let found = try? repository.withObject(id) { kind, bytes in
            kind == .commit ? RawCommit(bytes).map { ($0.parents, $0.committerTime) } : nil
        }
        return found ?? nil
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
        case .added(let addition):
            return try repository.commits(reachableFrom: addition.tips, hiding: addition.known)
        case .since(let time):
            var problems: [Gap] = []
            let references = try repository.references(unreadable: {
                problems.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
            })
            // What was amended or reset away, and older stashes, only reflogs remember.
            let remembered = repository.reflogEntries(unreadable: {
                problems.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
            })
            for reference in references where (try? repository.withObject(reference.target) { _, _ in }) == nil {
                problems.append(
                    Gap(
                        kind: .missingObject, subject: reference.target.description,
                        reason: "\(reference.name): it is not there or cannot be read"))
            }
            gaps += problems
            let starts = Set((references + repository.pseudoReferences() + remembered).map(\.target))
            return try repository.commits(reachableFrom: starts.sorted(), hiding: []).filter { id in
                // 0 is also what a time reads as that makes no sense: better one commit too many.
                let made = try repository.withObject(id) { _, bytes in RawCommit(bytes)?.committerTime ?? 0 }
                return made == 0 || made >= time
            }
        }
    }

    /// Annotated tags, for their messages, and the tags that those name.
    private mutating func addTags(madeSince time: Int64, _ repository: borrowing Repository) throws {
        // What cannot be read of the references is told where they are followed.
        var waiting = try repository.references(unreadable: { _, _ in }).map(\.target)
        while let id = waiting.popLast() {
            let tag = try? repository.withObject(id) { kind, bytes in
                kind == .tag ? RawTag(bytes).map { (target: $0.target, time: Self.tagTime(bytes)) } : nil
            }
            guard let tag = tag ?? nil else { continue }
            if tag.time.map({ $0 >= time }) ?? true { table.insert(id) }
            waiting.append(tag.target)
        }
    }

    /// The tags among `tips`, and those that they name, for their messages.
    private mutating func addTags(leadingFrom tips: [ObjectID], _ repository: borrowing Repository) {
        var waiting = tips
        while let id = waiting.popLast() {
            // What cannot be read leads to no commits, and whoever asks has made sure of those.
            let target = try? repository.withObject(id) { kind, bytes in
                kind == .tag ? RawTag(bytes)?.target : nil
            }
            guard let target = target ?? nil, table.place(of: id) == nil else { continue }
            table.insert(id)
            waiting.append(target)
        }
    }

    /// The dotenv files that `head` has: one that came before the selection is in the next clone all the same.
    private mutating func addTracked(in head: ObjectID, _ repository: borrowing Repository, _ gaps: inout [Gap]) {
        do {
            let files = try repository.files(in: [head]) { DotenvFileKind(fileName: $0) == .dotenv }
            for file in files[head] ?? [] where file.mode & 0o170000 == 0o100000 {
                tracked.append((file.path, .dotenv))
                if (try? repository.header(of: file.id)) != nil {
                    table.insert(file.id)
                } else {
                    missing.insert(file.id)
                }
            }
        } catch {
            let reason = (error as? GitError)?.message ?? "\(error)"
            gaps.append(Gap(kind: .unreadableObject, subject: head.description, reason: "the tree of HEAD: \(reason)"))
        }
    }

    /// When a tag was made, in seconds since 1970; nil when it does not say.
    private static func tagTime(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let start = Array("tagger ".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 5, omittingEmptySubsequences: false) {
            if line.isEmpty { return nil }
            guard line.starts(with: start), let close = line.lastIndex(of: UInt8(ascii: ">")) else { continue }
            let numbers = line[line.index(after: close)...].split(separator: UInt8(ascii: " "))
            return numbers.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        }
        return nil
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
