// Back to a version that was live before.

/// A plan to make an earlier version live again.
package struct Rollback: Sendable {
    package let name: String
    package let current: SecretVersion
    package let target: SecretVersion
    /// Key by key what would change; nil when one of both is no JSON object.
    package let comparison: Comparison?

    /// - Parameter target: AWSPREVIOUS unless another version is named.
    /// - Throws: `StoreError`: `noSuchVersion`, `managed`, `scheduledForDeletion`, whatever the store throws.
    package static func plan(
        _ name: String, to target: VersionSelector = VersionSelector(stage: Stage.previous), in store: any SecretStore,
        includingManaged: Bool = false
    ) async throws -> Rollback {
        _ = try await Inspection.check(name, in: store, includingManaged: includingManaged)
        let current = try await store.read(name, .current)
        let earlier = try await store.read(name, target)
        let contents = try? (
            SecretContent(parsing: current.content, name: name), SecretContent(parsing: earlier.content, name: name)
        )
        return Rollback(
            name: name, current: current, target: earlier,
            comparison: contents.map { Comparison(from: $0.0, to: $0.1) })
    }

    /// Whether the target is live already.
    package var isEmpty: Bool { current.versionID == target.versionID }

    /// The values of the target that are not the current ones: what a check for revoked values has to look at.
    package var returning: [(key: String, value: ContentValue)] {
        (comparison?.differences ?? []).compactMap { difference in
            guard difference.action == .added || difference.action == .changed, let new = difference.new else {
                return nil
            }
            return (difference.key, new)
        }
    }

    /// Moves AWSCURRENT to the target, on condition that the version which the plan was made for still has it.
    ///
    /// Where labels may not be moved there is no weaker form, as a merge has one: the old values written as a new version
    /// would overwrite whatever came in between, and leave the version that is being left as AWSPREVIOUS.
    /// - Throws: `StoreError.conflict` when it does not; `accessDenied`; whatever the store throws.
    package func apply(in store: any SecretStore) async throws {
        guard !isEmpty else { return }
        try await store.moveStage(name, Stage.current, from: current.versionID, to: target.versionID)
    }
}
