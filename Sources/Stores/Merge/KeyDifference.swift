// What happens, or happened, to one key.

package struct KeyDifference: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case added, changed, removed
        /// Asked for, and so already.
        case unchanged
        /// Not asked for.
        case untouched
    }

    package let key: String
    package let action: Action
    /// The value before; nil for none.
    package let old: ContentValue?
    /// The value after; nil for none.
    package let new: ContentValue?

    /// Whether a program that reads the value gets another JSON type than before.
    package var changesType: Bool {
        guard let old, let new else { return false }
        return old.kind != new.kind
    }

    /// Whether the key can become an environment variable.
    package var isEnvironmentName: Bool { ContentKey.isEnvironmentName(key) }

    init(_ key: String, from old: ContentValue?, to new: ContentValue?) {
        self.key = key
        self.old = old
        self.new = new
        action =
            switch (old, new) {
            case (nil, nil): .unchanged
            case (nil, .some): .added
            case (.some, nil): .removed
            case (.some(let old), .some(let new)): old.isSame(as: new) ? .unchanged : .changed
            }
    }

    init(untouched key: String, _ value: ContentValue?) {
        self.key = key
        action = .untouched
        old = value
        new = value
    }
}

/// Two contents key by key: in the order of the first, then what only the second has.
package struct Comparison: Sendable {
    package let differences: [KeyDifference]

    package init(from old: SecretContent, to new: SecretContent) {
        let onlyNew = new.keys.filter { old.value(of: $0) == nil }
        differences = (old.keys + onlyNew).map { KeyDifference($0, from: old.value(of: $0), to: new.value(of: $0)) }
    }

    /// Whether both hold the same values under the same keys.
    package var isEmpty: Bool { differences.allSatisfy { $0.action == .unchanged } }

    package func keys(_ action: KeyDifference.Action) -> [String] {
        differences.filter { $0.action == action }.map(\.key)
    }
}
