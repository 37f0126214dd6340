// One value on its way out of a store.

package import JSON
package import Secrets

/// A member of a secret's JSON object, as consumers take it.
package struct DeliveredValue: Sendable {
    package var key: String
    /// What a string says; the JSON as it is written for any other kind.
    package var text: SharedSecret
    package var kind: JSONValue.Kind

    package init(key: String, text: SharedSecret, kind: JSONValue.Kind = .string) {
        self.key = key
        self.text = text
        self.kind = kind
    }

    /// The members of an object in their order; nil for any other JSON.
    package static func all(in object: JSONValue) -> [DeliveredValue]? {
        guard object.kind == .object else { return nil }
        return object.members.map { member in
            DeliveredValue(
                key: member.key, text: member.value.secret() ?? member.value.literal(), kind: member.value.kind)
        }
    }
}

extension DeliveredValue {
    /// Whether any byte of the text is one of these.
    func contains(_ bytes: UInt8...) -> Bool {
        text.withBytes { span in span.indices.contains { bytes.contains(span[$0]) } }
    }

    var isUTF8: Bool { text.withBytes { JSONWriter.isText($0) } }
}

/// A key that was not delivered though nothing is wrong, and why.
package struct LeftOutKey: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// JSON's `null` has no text, and an empty text would be another value.
        case null
        /// The parent's environment has the variable already and is to win.
        case alreadySet
    }

    package let key: String
    package let reason: Reason
}
