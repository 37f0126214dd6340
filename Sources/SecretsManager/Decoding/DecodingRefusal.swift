// Why a secret is not what a type wants, told without what it holds.

/// The place and the reason of a failed decoding, in words of our own.
///
/// The description of a thrown error is never passed on: the standard library's own decoding of enumerations writes the
/// value into it, and so may any type.
struct DecodingRefusal {
    /// `db.hosts[2]`; empty for the whole.
    let path: String
    let reason: String

    init(_ error: any Error) {
        guard let error = error as? DecodingError else {
            path = ""
            reason = "its type refused it with \(type(of: error))"
            return
        }
        switch error {
        case .keyNotFound(let key, let context):
            path = Self.words(context.codingPath + [key])
            reason = "the key is absent"
        case .valueNotFound(let type, let context):
            path = Self.words(context.codingPath)
            reason =
                context.underlyingError is ValueDecoder.Found
                ? "it is null, and \(type) is wanted" : "there is nothing, and \(type) is wanted"
        case .typeMismatch(let type, let context):
            path = Self.words(context.codingPath)
            reason =
                (context.underlyingError as? ValueDecoder.Found).map {
                    "it is \($0.kind.words) that gives no \(type)"
                } ?? "it is not of the type \(type)"
        case .dataCorrupted(let context):
            path = Self.words(context.codingPath)
            reason = "its type does not accept the value"
        @unknown default:
            path = ""
            reason = "it cannot be decoded"
        }
    }

    private static func words(_ path: [any CodingKey]) -> String {
        var words = ""
        for key in path {
            if let index = key.intValue {
                words += "[\(index)]"
            } else {
                words += (words.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return words
    }
}
