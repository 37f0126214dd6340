// What may be done to a secret, as AWS Secrets Manager does it. No clock, no disk.

import Secrets
import World

extension VaultRecord {
    /// AWS keeps about as many.
    static let mostVersions = 100

    /// A secret with its first version.
    init(
        name: String, content: SharedSecret, token: String, options: CreationOptions, now: Instant
    ) {
        let now = Self.rounded(now)
        self.name = name
        created = now
        changed = now
        description = options.description
        kmsKey = options.kmsKey
        tags = options.tags
        versions = [Version(id: token, created: now, stages: [Stage.current], content: content)]
    }

    /// - Throws: `StoreError.scheduledForDeletion`.
    func requireLive() throws(StoreError) {
        if let deletion { throw .scheduledForDeletion(name: name, until: deletion.due) }
    }

    /// Whether the window of its deletion has passed: it is gone, whatever the file says.
    func isGone(at now: Instant) -> Bool { deletion.map { $0.due <= now } ?? false }

    /// - Throws: `StoreError.noSuchVersion`.
    func selected(_ selector: VersionSelector) throws(StoreError) -> Version {
        let stage = selector.stage ?? (selector.id == nil ? Stage.current : nil)
        let match = versions.first { version in
            (selector.id.map { $0 == version.id } ?? true) && (stage.map { version.stages.contains($0) } ?? true)
        }
        if let match { return match }
        let wanted = [selector.id.map { "version \($0)" }, stage.map { "stage \($0)" }].compactMap { $0 }
        throw .noSuchVersion(name: name, wanted: wanted.joined(separator: " with "))
    }

    /// Adds a version. Without stages it becomes the current one.
    /// - Returns: whether anything changed: the same token with the same content again changes nothing.
    /// - Throws: `StoreError.conflict`, `.quota`, `.scheduledForDeletion`.
    mutating func put(
        _ content: SharedSecret, stages: [String], token: String, now: Instant
    ) throws(StoreError) -> Bool {
        try requireLive()
        if let existing = version(token) {
            guard existing.content.isSame(as: content) else { throw .conflict(name: name) }
            return false
        }
        changed = Self.rounded(now)
        versions.append(Version(id: token, created: changed, stages: [], content: content))
        let stages = stages.isEmpty ? [Stage.current] : stages
        // The current label last: it carries the label of the previous version with it.
        for stage in stages where stage != Stage.current { attach(stage, to: token) }
        if stages.contains(Stage.current) { makeCurrent(token) }
        try prune()
        return true
    }

    /// Moves a label.
    /// - Returns: whether anything changed.
    /// - Throws: `StoreError.conflict` when `from` does not have it, `.noSuchVersion`, `.invalid`, `.quota`,
    ///   `.scheduledForDeletion`.
    mutating func move(_ stage: String, from: String?, to: String?, now: Instant) throws(StoreError) -> Bool {
        try requireLive()
        if let to, version(to) == nil { throw .noSuchVersion(name: name, wanted: "version \(to)") }
        guard from != nil || to != nil else {
            throw .invalid(
                what: "the move of a stage label", reason: "neither a version to take it from nor one to give it")
        }
        guard version(with: stage)?.id == from else { throw .conflict(name: name) }
        guard from != to else { return false }
        guard let to else {
            // AWS refuses it too: a secret always has a current version.
            guard stage != Stage.current else {
                throw .invalid(what: "the stage label \(stage)", reason: "it can be moved, not taken away")
            }
            detach(stage)
            changed = Self.rounded(now)
            return true
        }
        guard (version(to)?.stages.count ?? 0) < 20 else { throw .quota(name: name, nil) }
        if stage == Stage.current { makeCurrent(to) } else { attach(stage, to: to) }
        changed = Self.rounded(now)
        return true
    }

    /// - Returns: when it goes.
    /// - Throws: `StoreError.invalid`, `.scheduledForDeletion`.
    mutating func scheduleDeletion(days: Int, now: Instant) throws(StoreError) -> Instant {
        try requireLive()
        let now = Self.rounded(now)
        let due = now + Double(days) * 86_400
        deletion = (now, due)
        changed = now
        return due
    }

    private mutating func makeCurrent(_ id: String) {
        let previous = version(with: Stage.current)?.id
        guard previous != id else { return }
        attach(Stage.current, to: id)
        if let previous { attach(Stage.previous, to: previous) }
    }

    private mutating func attach(_ stage: String, to id: String) {
        detach(stage)
        if let index = versions.firstIndex(where: { $0.id == id }) { versions[index].stages.append(stage) }
    }

    private mutating func detach(_ stage: String) {
        for index in versions.indices { versions[index].stages.removeAll { $0 == stage } }
    }

    /// Lets the oldest versions without a label go when there are too many.
    private mutating func prune() throws(StoreError) {
        while versions.count > Self.mostVersions {
            guard let index = versions.firstIndex(where: { $0.stages.isEmpty }) else { throw .quota(name: name, nil) }
            versions.remove(at: index)
        }
    }
}
