// What a secret and its parts may be called: AWS's own limits, so that what a vault takes a service takes too.

enum VaultName {
    /// Why this is no name of a secret; nil when it is one. 1 to 512 of `A-Za-z0-9/_+=.@-`, and no dash with six
    /// characters at the end, which AWS cannot tell from the ending of an ARN.
    static func reason(against name: String) -> String? {
        let bytes = Array(name.utf8)
        if bytes.isEmpty { return "it is empty" }
        if bytes.count > 512 { return "it is longer than 512 characters" }
        if let wrong = name.unicodeScalars.first(where: { !isAllowed($0) }) {
            return "it holds U+\(hexadecimal(wrong)); letters, digits and /_+=.@- are allowed"
        }
        if bytes.count >= 7, bytes[bytes.count - 7] == UInt8(ascii: "-") {
            return "it ends in a dash and six characters, as ARNs do"
        }
        return nil
    }

    static func check(_ name: String) throws(StoreError) {
        if let reason = reason(against: name) { throw .invalid(what: "the name of the secret", reason: reason) }
    }

    static func check(token: String) throws(StoreError) {
        guard (32...64).contains(token.utf8.count) else {
            throw .invalid(what: "the token", reason: "it must have 32 to 64 characters")
        }
    }

    static func check(stages: [String]) throws(StoreError) {
        guard stages.count <= 20 else { throw .invalid(what: "the stage labels", reason: "there are more than 20") }
        guard stages.allSatisfy({ (1...256).contains($0.unicodeScalars.count) }) else {
            throw .invalid(what: "a stage label", reason: "it must have 1 to 256 characters")
        }
    }

    static func check(tags: [String: String]) throws(StoreError) {
        guard tags.count <= 50 else { throw .invalid(what: "the tags", reason: "there are more than 50") }
        for (key, value) in tags {
            guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
                throw .invalid(what: "a tag", reason: "its key has 1 to 128 characters, its value up to 256")
            }
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/", "_", "+", "=", ".", "@", "-": true
        default: false
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
