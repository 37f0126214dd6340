// One value of a secret, as a handle: it points into the secret's text and shows nothing.

package import JSON
package import Secrets

package struct ContentValue: Sendable {
    let json: JSONValue

    package var kind: JSONValue.Kind { json.kind }

    /// What a program gets to see: the text of a string, the literal of anything else.
    package func text() -> SharedSecret { json.secret() ?? json.literal() }

    /// The value as it is written in JSON, quotes and all.
    package func literal() -> SharedSecret { json.literal() }

    /// Whether both are the same value, however they are written: strings by their text, numbers by their spelling,
    /// objects whatever the order of their members.
    package func isSame(as other: ContentValue) -> Bool { Self.same(json, other.json) }

    private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard left.kind == right.kind, left.count == right.count else { return false }
        switch left.kind {
        case .string:
            guard let first = left.secret(), let second = right.secret() else { return false }
            return first.isSame(as: second)
        case .number, .boolean, .null: return left.literal().isSame(as: right.literal())
        case .array: return zip(left.elements, right.elements).allSatisfy { same($0, $1) }
        case .object:
            var others: [KeyBytes: JSONValue] = [:]
            for member in right.members { others[KeyBytes(member.key)] = member.value }
            return left.members.allSatisfy { member in
                guard let other = others[KeyBytes(member.key)] else { return false }
                return same(member.value, other)
            }
        }
    }
}

/// Three kinds of "not there yet" that are never mixed up, and the value that is there.
package enum ValueState: String, Sendable, Equatable {
    /// The secret has no such key.
    case absent
    /// The key is there with an empty string or null.
    case empty
    /// The value stands for one that nobody has filled in: `changeme`.
    case placeholder
    case present
}
