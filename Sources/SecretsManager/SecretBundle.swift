// All that one secret of the store holds.

import JSON
import Secrets
import Stores

/// The keys and values of one secret, as one version of it had them.
///
/// A copy costs nothing, and none of its values can be printed by accident. It does not change when the store does: ask
/// ``SecretsManager/SecretsManager`` again, which answers from its cache.
public struct SecretBundle: Sendable {
    private let contents: Contents

    private final class Contents: Sendable {
        let name: String
        let versionID: String
        let keys: [String]
        let values: [String: Secret]
        let root: JSONValue

        init(name: String, versionID: String, root: JSONValue) {
            self.name = name
            self.versionID = versionID
            self.root = root
            var keys: [String] = []
            var values: [String: Secret] = [:]
            for (key, value) in root.members where !value.isNull {
                keys.append(key)
                values[key] = Secret(value.secret() ?? value.literal())
            }
            self.keys = keys
            self.values = values
        }
    }

    /// - Throws: `notAnObject`.
    init(_ version: SecretVersion, name: String) throws(SecretsManagerError) {
        let document: JSONDocument
        do {
            document = try version.content.withBytes { bytes throws(JSONError) in
                try JSONDocument(parsing: SecretValue(copying: bytes))
            }
        } catch { throw .notAnObject(name: name, reason: error.words) }
        guard document.root.kind == .object else {
            throw .notAnObject(name: name, reason: "it is \(document.root.kind.words)")
        }
        contents = Contents(name: name, versionID: version.versionID, root: document.root)
    }

    /// The name that was asked for.
    public var name: String { contents.name }
    /// The version that was current when it was read.
    public var versionID: String { contents.versionID }
    /// The keys that have a value, in the order of the document. A key whose value is `null` is not among them.
    public var keys: [String] { contents.keys }

    /// The value of a key; nil when it is absent or `null`.
    ///
    /// A string gives its text; a number or boolean gives its spelling (`5432`, `true`); an object or array gives its
    /// JSON text.
    public subscript(key: String) -> Secret? { contents.values[key] }

    /// The whole secret as a type of the application's.
    ///
    /// Dotenv files know only text, so a number or boolean that is stored as text (`"5432"`, `"true"`) is accepted where
    /// a number or boolean is wanted, and the other way round. ``Secret`` properties get their bytes without a `String`
    /// in between. Types with a coding of their own in Foundation (`URL`, `Date`, `Data`) are best read as ``Secret`` or
    /// `String` and made from that.
    /// - Throws: ``SecretsManagerError/undecodable(name:path:reason:)``, which holds no value, not even where the
    ///   thrown error of the type did.
    public func decode<T: Decodable>(_ type: T.Type) throws(SecretsManagerError) -> T {
        do {
            return try ValueDecoder(value: contents.root, codingPath: [], userInfo: [:]).decode(type)
        } catch {
            let refusal = DecodingRefusal(error)
            throw .undecodable(name: name, path: refusal.path, reason: refusal.reason)
        }
    }
}

extension SecretBundle: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name, version and number of keys.
    public var description: String {
        "\(name) (version \(versionID), \(keys.count) \(keys.count == 1 ? "key" : "keys"))"
    }
    /// Name, version and number of keys.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

extension JSONError {
    /// For people: no part of the text but a duplicate key's name.
    fileprivate var words: String {
        switch reason {
        case .empty: "it is empty"
        case .syntax(let what): "it is no JSON: \(what), line \(line) column \(column)"
        case .invalidUTF8: "it is no UTF-8 text"
        case .duplicateKey(let key): "it has the key \(key.oneLine) twice"
        case .tooDeep: "it is nested too deep"
        }
    }
}

extension JSONValue.Kind {
    /// With its article, for people.
    var words: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
