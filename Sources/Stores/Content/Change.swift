// What somebody wants changed in a secret.

import JSON
package import Secrets

/// A change of one key.
package enum Change: Sendable {
    case set(String, NewValue)
    case remove(String)

    package var key: String {
        switch self {
        case .set(let key, _), .remove(let key): key
        }
    }
}

/// A value on its way into a secret.
package enum NewValue: Sendable {
    /// A string; but where a number or a boolean stands and the text is a valid spelling of one, it stays of that type.
    case text(SharedSecret)
    /// A value written in JSON.
    case json(SharedSecret)
}

extension NewValue {
    /// The JSON to write where `old` stands.
    /// - Throws: `StoreError.invalid` for text that is not UTF-8 or holds a NUL, and for JSON that is none.
    func literal(for key: String, replacing old: ContentValue?) throws(StoreError) -> SharedSecret {
        switch self {
        case .text(let text):
            if let reason = text.withBytes(Self.defect) { throw .invalid(what: "value of \(key)", reason: reason) }
            if let old, old.kind == .number || old.kind == .boolean, let literal = try? JSONDocument(copying: text),
                literal.root.kind == old.kind, literal.root.range == 0..<text.count
            {
                return text
            }
            var writer = JSONWriter(capacity: text.count + 16)
            writer.string(text)
            return SharedSecret(writer.finish())
        case .json(let json):
            let document: JSONDocument
            do { document = try JSONDocument(copying: json) } catch {
                throw .invalid(what: "value of \(key)", reason: "it is no JSON: \(error.words)")
            }
            if let text = document.root.secret(), let reason = text.withBytes(Self.defect) {
                throw .invalid(what: "value of \(key)", reason: reason)
            }
            return document.root.literal()
        }
    }

    private static func defect(_ bytes: Span<UInt8>) -> String? {
        for index in bytes.indices where bytes[index] == 0 { return "it holds a NUL byte, which no environment takes" }
        return JSONWriter.isText(bytes) ? nil : "it is not UTF-8 text"
    }
}

extension JSONDocument {
    convenience init(copying secret: SharedSecret) throws(JSONError) {
        try self.init(parsing: secret.withBytes { SecretValue(copying: $0) })
    }
}

extension JSONError {
    /// The reason and the place. Nothing of the text but the name of a duplicate key.
    var words: String {
        switch reason {
        case .empty: "it is empty"
        case .syntax(let words): "\(words) (line \(line), column \(column))"
        case .invalidUTF8: "it is not UTF-8 text (byte \(offset))"
        case .duplicateKey(let key): "two members are named \(Self.printable(key)) (line \(line), column \(column))"
        case .tooDeep: "it nests deeper than \(JSONDocument.deepest) levels"
        }
    }

    private static func printable(_ key: String) -> String {
        let scalars = key.unicodeScalars.prefix(64).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "?"
            default: String(scalar)
            }
        }
        return "`\(scalars.joined())`"
    }
}
