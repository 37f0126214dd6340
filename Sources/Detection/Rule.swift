// How one kind of credential looks: a declaration, not code.

/// One kind of credential.
///
/// A rule is found in two stages. Its `anchors` are rare literals that occur in or just
/// before every match; all rules' anchors are searched for in one pass. Around a hit,
/// and only there, `confirmation` decides exactly.
package struct Rule: Sendable {
    /// Lower-case words joined by `-`; never changes, since ignores name it: `sendgrid-api-key`.
    package let id: String
    /// What a person calls it: "SendGrid API key".
    package let title: String
    /// Who issued it: "SendGrid"; "" for generic rules.
    package let provider: String
    package let severity: Severity
    package let anchors: [Anchor]
    package let confirmation: Confirmation
    /// Lowest Shannon entropy of the value, in bits per byte; 0 for no limit.
    package let minimumEntropy: Double
    /// Judges the value offline: checksum, structure, known examples. Placeholders are
    /// graded by the engine before this is asked.
    package let check: (@Sendable (Span<UInt8>) -> Verdict)?
    /// The part of a value that is no secret and names it (a SendGrid key's id, an AWS
    /// key id, a vendor prefix), as offsets into the value; nil when every byte is secret.
    package let publicPart: (@Sendable (Span<UInt8>) -> Range<Int>?)?
    /// Where the holder revokes or rotates it: a page, or a command.
    package let revocation: String
    /// The vendor's documentation of the format.
    package let references: [String]
    /// Texts in which the rule must find exactly what stands between `«` and `»`.
    package let examples: @Sendable () -> [String]
    /// Texts in which the rule must find nothing.
    package let counterexamples: @Sendable () -> [String]

    package init(
        id: String, title: String, provider: String, severity: Severity,
        anchors: [Anchor], confirmation: Confirmation, minimumEntropy: Double = 0,
        check: (@Sendable (Span<UInt8>) -> Verdict)? = nil,
        publicPart: (@Sendable (Span<UInt8>) -> Range<Int>?)? = nil,
        revocation: String, references: [String],
        examples: @escaping @Sendable () -> [String],
        counterexamples: @escaping @Sendable () -> [String]
    ) {
        self.id = id
        self.title = title
        self.provider = provider
        self.severity = severity
        self.anchors = anchors
        self.confirmation = confirmation
        self.minimumEntropy = minimumEntropy
        self.check = check
        self.publicPart = publicPart
        self.revocation = revocation
        self.references = references
        self.examples = examples
        self.counterexamples = counterexamples
    }
}

/// A literal that every match of a rule contains or follows.
package struct Anchor: Sendable, ExpressibleByStringLiteral {
    /// At least three bytes, and rare: every occurrence in a repository costs a confirmation.
    package let literal: String
    package let ignoresCase: Bool

    package init(_ literal: String, ignoresCase: Bool = false) {
        self.literal = literal
        self.ignoresCase = ignoresCase
    }

    package init(stringLiteral literal: String) { self.init(literal) }
}

/// How a hit of an anchor becomes a match.
package enum Confirmation: Sendable {
    /// The whole match is the secret. `expression` is in Vectorscan's syntax (PCRE without
    /// captures, look-around and back-references) and has a bounded width; the longest
    /// match from its leftmost start counts. `before` and `after` name the bytes that may
    /// not adjoin the value; nil allows any.
    case expression(String, before: ByteClass?, after: ByteClass?)
    /// A value of this shape, assigned to a name that holds one of the anchors (which are
    /// words of names, such as `aws_secret_access_key`): `NAME = "value"`, `"name": "value"`,
    /// `--name value`, `<name>value</name>`.
    case assigned(Shape)
    /// A URL whose authority has a password: `scheme://user:password@host`. The password
    /// is the secret.
    case urlPassword
    /// A block between `-----BEGIN …PRIVATE KEY…-----` and its end.
    case privateKeyBlock
    /// A name that speaks of secrets, and a value that looks like one.
    case genericAssignment
}

/// What an assigned value must consist of.
package struct Shape: Sendable {
    package let bytes: ByteClass
    package let length: ClosedRange<Int>

    package init(_ bytes: ByteClass, _ length: ClosedRange<Int>) {
        self.bytes = bytes
        self.length = length
    }

    /// A value of exactly `length` bytes.
    package init(_ bytes: ByteClass, _ length: Int) {
        self.init(bytes, length...length)
    }
}

/// A set of byte values, as a table of 256 bits.
package struct ByteClass: Sendable, Equatable {
    private var low: (UInt64, UInt64)
    private var high: (UInt64, UInt64)

    package static func == (left: ByteClass, right: ByteClass) -> Bool {
        left.low == right.low && left.high == right.high
    }

    /// The bytes of `characters`, and all from the first to the last of each range.
    package init(_ characters: String = "", ranges: ClosedRange<Character>...) {
        low = (0, 0)
        high = (0, 0)
        for byte in characters.utf8 { insert(byte) }
        for range in ranges {
            guard let first = range.lowerBound.asciiValue, let last = range.upperBound.asciiValue else { continue }
            for byte in first...last { insert(byte) }
        }
    }

    package func union(_ characters: String) -> ByteClass {
        var copy = self
        for byte in characters.utf8 { copy.insert(byte) }
        return copy
    }

    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: return low.0 & bit != 0
        case 1: return low.1 & bit != 0
        case 2: return high.0 & bit != 0
        default: return high.1 & bit != 0
        }
    }

    private mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: low.0 |= bit
        case 1: low.1 |= bit
        case 2: high.0 |= bit
        default: high.1 |= bit
        }
    }

    package static let digits = ByteClass(ranges: "0"..."9")
    package static let hexadecimal = ByteClass(ranges: "0"..."9", "a"..."f", "A"..."F")
    package static let lowerHexadecimal = ByteClass(ranges: "0"..."9", "a"..."f")
    package static let alphanumeric = ByteClass(ranges: "0"..."9", "a"..."z", "A"..."Z")
    /// Letters, digits and `_`: what `\b` in a regular expression takes for a word.
    package static let word = ByteClass("_", ranges: "0"..."9", "a"..."z", "A"..."Z")
    package static let base64 = ByteClass("+/=", ranges: "0"..."9", "a"..."z", "A"..."Z")
    package static let base64URL = ByteClass("-_", ranges: "0"..."9", "a"..."z", "A"..."Z")
    /// Bytes that a longer token of any kind could go on with.
    package static let token = ByteClass("-_+/", ranges: "0"..."9", "a"..."z", "A"..."Z")
}
