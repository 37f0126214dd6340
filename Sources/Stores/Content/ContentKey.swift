// The names of values within a secret.

/// What may name a value.
package enum ContentKey {
    /// In bytes of UTF-8: longer than any name of an environment variable in use.
    package static let longest = 256

    /// - Throws: `StoreError.invalid`. The key itself is not in the error: it may be a value in the wrong place.
    package static func validate(_ key: String) throws(StoreError) {
        guard !key.isEmpty else { throw .invalid(what: "key", reason: "it is empty") }
        guard key.utf8.count <= longest else {
            throw .invalid(what: "key", reason: "it has \(key.utf8.count) bytes, and \(longest) is the limit")
        }
        guard !key.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .invalid(what: "key", reason: "it holds a control character")
        }
    }

    /// Whether a shell takes the key for the name of a variable. Others are allowed in a secret, but never reach an
    /// environment.
    package static func isEnvironmentName(_ key: String) -> Bool {
        guard let first = key.utf8.first, !isDigit(first) else { return false }
        return key.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

/// A key by its bytes: two spellings of `é` are one `String` but two names in JSON.
struct KeyBytes: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ key: String) { bytes = Array(key.utf8) }
}
