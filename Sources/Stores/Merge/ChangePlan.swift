// What a change would do to a secret, before anything is written.

package import Secrets

/// Changes laid over one version of a secret. Pure: it reads no store, and prints no value.
package struct ChangePlan: Sendable {
    package let name: String
    /// The version that the plan is made for; nil when the secret has none yet.
    package let base: String?
    /// First the requested keys in the order of the request, then the untouched ones in the order of the text.
    package let differences: [KeyDifference]
    /// The content after the changes.
    package let result: SharedSecret
    package let changes: [Change]

    /// - Parameter version: what is there now; nil for nothing, which is taken for an empty object.
    /// - Throws: `StoreError.notAnObject`, `invalid`, and `tooLarge` when the result is over the store's limit.
    package init(name: String, version: SecretVersion?, changes: [Change]) throws(StoreError) {
        let before =
            if let version { try SecretContent(parsing: version.content, name: name) } else {
                try SecretContent.empty()
            }
        result = try before.applying(changes)
        // Read again, so that what is shown is what will be written.
        let after = try SecretContent(parsing: result, name: name)
        var requested: Set<KeyBytes> = []
        let asked = changes.map { change in
            requested.insert(KeyBytes(change.key))
            return KeyDifference(change.key, from: before.value(of: change.key), to: after.value(of: change.key))
        }
        let others = after.keys.filter { !requested.contains(KeyBytes($0)) }
        differences = asked + others.map { KeyDifference(untouched: $0, before.value(of: $0)) }
        self.name = name
        self.changes = changes
        base = version?.versionID
        guard isEmpty || result.count <= SecretLimits.contentBytes else {
            throw .tooLarge(name: name, bytes: result.count)
        }
    }

    /// Whether there is nothing to write.
    package var isEmpty: Bool {
        differences.allSatisfy { $0.action == .unchanged || $0.action == .untouched }
    }

    package func keys(_ action: KeyDifference.Action) -> [String] {
        differences.filter { $0.action == action }.map(\.key)
    }

    /// Requested keys whose value somebody else has changed since `earlier`, to something that is not wanted either.
    package func superseded(since earlier: ChangePlan) -> [String] {
        var seen: [KeyBytes: KeyDifference] = [:]
        for difference in earlier.differences { seen[KeyBytes(difference.key)] = difference }
        return differences.filter { now in
            guard now.action != .untouched, now.action != .unchanged, let then = seen[KeyBytes(now.key)] else {
                return false
            }
            return KeyDifference(now.key, from: then.old, to: now.old).action != .unchanged
        }.map(\.key)
    }
}
