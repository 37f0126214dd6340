// The JSON object that one secret holds: its keys in their order, its values by handle.

import JSON
package import Secrets

package struct SecretContent: Sendable {
    let document: JSONDocument
    /// The text as it came.
    package let text: SharedSecret
    /// In the order of the text.
    package let keys: [String]
    private let values: [KeyBytes: ContentValue]

    /// - Parameter name: of the secret, for the error.
    /// - Throws: `StoreError.notAnObject`, also for what is no JSON and for an object with two members of one name.
    package init(parsing text: SharedSecret, name: String) throws(StoreError) {
        do { document = try JSONDocument(copying: text) } catch {
            throw .notAnObject(name: name, reason: error.words)
        }
        guard document.root.kind == .object else {
            throw .notAnObject(name: name, reason: "it is a JSON \(document.root.kind.rawValue)")
        }
        self.text = text
        var keys: [String] = []
        var values: [KeyBytes: ContentValue] = [:]
        for member in document.root.members {
            keys.append(member.key)
            values[KeyBytes(member.key)] = ContentValue(json: member.value)
        }
        self.keys = keys
        self.values = values
    }

    /// An object without members.
    package static func empty() throws(StoreError) -> SecretContent {
        try SecretContent(parsing: SharedSecret(copying: "{}".utf8), name: "")
    }

    package func value(of key: String) -> ContentValue? { values[KeyBytes(key)] }

    /// - Parameter isPlaceholder: whether a text stands for a value that nobody has filled in.
    package func state(of key: String, isPlaceholder: (SharedSecret) -> Bool) -> ValueState {
        guard let value = value(of: key) else { return .absent }
        if value.kind == .null { return .empty }
        guard value.kind == .string else { return .present }
        let text = value.text()
        if text.isEmpty { return .empty }
        return isPlaceholder(text) ? .placeholder : .present
    }

    /// The text with the changes made: every byte that no change touches is the same as before.
    ///
    /// New members stand at the end in the order of `changes`, spaced as the others are. A key that is to be removed
    /// and is not there is no error. Without anything to change it is the same text.
    /// - Throws: `StoreError.invalid` for a key or a value that cannot be stored, and for two changes of one key.
    package func applying(_ changes: [Change]) throws(StoreError) -> SharedSecret {
        var splice = ContentSplice(self)
        var seen: Set<KeyBytes> = []
        for change in changes {
            // What another program has put there must at least be removable.
            if case .set(let key, _) = change { try ContentKey.validate(key) }
            guard seen.insert(KeyBytes(change.key)).inserted else {
                throw .invalid(what: "changes", reason: "\(change.key) is changed twice")
            }
            switch change {
            case .remove(let key): splice.remove(key)
            case .set(let key, let value):
                let old = self.value(of: key)
                let literal = try value.literal(for: key, replacing: old)
                splice.set(key, literal)
            }
        }
        return splice.result()
    }
}
