// Which references, reflogs and trees keep which commits and blobs alive.

import Git

/// A reference or its like, and what it leads to.
struct Keeper: Sendable {
    var name: String
    var kind: Reach
    /// What it leads to, annotated tags resolved: a commit, or now and then a tree or a blob.
    var target: ObjectID
    /// What it names itself: an annotated tag, or the target.
    var named: ObjectID
}

extension Keeper {
    /// Kinds that count by themselves. The others count only for what none of these has: a stash stands on a branch,
    /// and all that the branch has is not thereby "in a stash".
    static let primaryKinds: Set<Reach> = [.branch, .remoteBranch, .tag]

    /// The kind of a reference by its full name.
    static func kind(ofReference name: String) -> Reach {
        if name.hasPrefix("refs/heads/") { return .branch }
        if name.hasPrefix("refs/remotes/") { return .remoteBranch }
        if name.hasPrefix("refs/tags/") { return .tag }
        if name == "refs/stash" { return .stash }
        if name.hasPrefix("refs/notes/") { return .note }
        return .otherReference
    }

    /// Everything that keeps objects alive in `repository`.
    ///
    /// - Parameter tagTarget: what an annotated tag points to; nil for anything that is no tag.
    static func all(
        in repository: borrowing Repository, tagTarget: (ObjectID) -> ObjectID?, gaps: inout [Gap]
    ) throws -> [Keeper] {
        var keepers: [Keeper] = []
        var problems: [Gap] = []
        var circular = Set<ObjectID>()
        func add(_ name: String, _ kind: Reach, _ target: ObjectID) {
            let named = target
            var target = target
            // A tag of a tag of a tag: as deep as somebody made it. Ids are not checked against contents, so whoever
            // writes objects by hand can make a circle.
            var passed: Set<ObjectID> = [target]
            while let next = tagTarget(target) {
                guard passed.insert(next).inserted else {
                    if circular.insert(next).inserted {
                        problems.append(
                            Gap(
                                kind: .unreadableObject, subject: next.description,
                                reason: "\(name): a tag that leads back to itself"))
                    }
                    break
                }
                target = next
            }
            keepers.append(Keeper(name: name, kind: kind, target: target, named: named))
        }
        for reference in try repository.references(unreadable: {
            problems.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
        }) {
            add(reference.name, kind(ofReference: reference.name), reference.target)
        }
        for reference in repository.pseudoReferences() { add(reference.name, .otherReference, reference.target) }
        for entry in repository.reflogEntries(unreadable: {
            problems.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
        }) {
            // Older stashes are entries of the stash's reflog.
            add(entry.name, entry.name == "refs/stash" ? .stash : .reflog, entry.target)
        }
        gaps += problems
        return keepers
    }
}
