// The characters that vendors draw their tokens from.

/// A set of characters, as text, as an expression and as what could go on with it.
struct Alphabet: Sendable {
    let characters: [UInt8]
    /// The set in brackets, as an expression.
    let expression: String
    /// Bytes that may not follow a token that ends in this set: with them it would be a longer one.
    let continuation: ByteClass

    private init(_ characters: String, _ expression: String, _ continuation: ByteClass) {
        self.characters = Array(characters.utf8)
        self.expression = expression
        self.continuation = continuation
    }

    private static let tenDigits = "0123456789"
    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let lower = "abcdefghijklmnopqrstuvwxyz"

    static let digits = Alphabet(tenDigits, "[0-9]", .alphanumeric)
    static let lowerHex = Alphabet(tenDigits + "abcdef", "[0-9a-f]", .alphanumeric)
    static let upperHex = Alphabet(tenDigits + "ABCDEF", "[0-9A-F]", .alphanumeric)
    static let letters = Alphabet(upper + lower, "[A-Za-z]", .alphanumeric)
    static let alphanumeric = Alphabet(tenDigits + upper + lower, "[0-9A-Za-z]", .alphanumeric)
    static let lowerAlphanumeric = Alphabet(tenDigits + lower, "[0-9a-z]", .alphanumeric)
    static let upperAlphanumeric = Alphabet(tenDigits + upper, "[0-9A-Z]", .alphanumeric)
    static let base32 = Alphabet(upper + "234567", "[A-Z2-7]", .alphanumeric)
    static let word = Alphabet(tenDigits + upper + lower + "_", "[0-9A-Za-z_]", .word)
    static let base64 = Alphabet(tenDigits + upper + lower + "+/", "[0-9A-Za-z+/]", .base64)
    static let base64URL = Alphabet(tenDigits + upper + lower + "-_", "[0-9A-Za-z_-]", .base64URL)
    static let dottedWord = Alphabet(tenDigits + upper + lower + "._", "[0-9A-Za-z._]", .word)
    /// Base64 of which `+`, `/` and `=` are percent-encoded, in a URL.
    static let percentEncoded = Alphabet(tenDigits + upper + lower, "[0-9A-Za-z%]", .alphanumeric)
    /// The data part of bech32, in capitals.
    static let bech32 = Alphabet("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", "[02-9AC-HJ-NP-Z]", .alphanumeric)
}
