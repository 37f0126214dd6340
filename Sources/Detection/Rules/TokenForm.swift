// Tokens made of fixed text and random characters: one description for expression and examples.

/// The form of a token, part by part.
struct TokenForm: Sendable, ExpressibleByArrayLiteral {
    enum Part: Sendable, ExpressibleByStringLiteral {
        case fixed(String)
        case random(Alphabet, ClosedRange<Int>)
        /// At least so many characters. For tokens that begin with characters of the same alphabet, for which
        /// Vectorscan cannot report the start of a match when a long repeat is bounded.
        case open(Alphabet, from: Int)
        /// One of these texts.
        case one([String])

        init(stringLiteral text: String) { self = .fixed(text) }

        static func one(of texts: String...) -> Part { .one(texts) }
        static func lowerHex(_ count: Int) -> Part { .random(.lowerHex, count...count) }
        static func lowerHex(_ counts: ClosedRange<Int>) -> Part { .random(.lowerHex, counts) }
        static func digits(_ counts: ClosedRange<Int>) -> Part { .random(.digits, counts) }
        static func letters(_ count: Int) -> Part { .random(.letters, count...count) }
        static func alphanumeric(_ count: Int) -> Part { .random(.alphanumeric, count...count) }
        static func alphanumeric(_ counts: ClosedRange<Int>) -> Part { .random(.alphanumeric, counts) }
        static func lowerAlphanumeric(_ count: Int) -> Part { .random(.lowerAlphanumeric, count...count) }
        static func upperAlphanumeric(_ count: Int) -> Part { .random(.upperAlphanumeric, count...count) }
        static func lowerAlphanumeric(_ counts: ClosedRange<Int>) -> Part { .random(.lowerAlphanumeric, counts) }
        static func upperAlphanumeric(_ counts: ClosedRange<Int>) -> Part { .random(.upperAlphanumeric, counts) }
        static func base64(_ count: Int) -> Part { .random(.base64, count...count) }
        static func base64URL(_ count: Int) -> Part { .random(.base64URL, count...count) }
        static func base64URL(_ counts: ClosedRange<Int>) -> Part { .random(.base64URL, counts) }
    }

    let parts: [Part]

    init(arrayLiteral parts: Part...) { self.parts = parts }

    /// Eight, four, four, four and twelve digits.
    static let uuid: [Part] = [
        .lowerHex(8), "-", .lowerHex(4), "-", .lowerHex(4), "-", .lowerHex(4), "-", .lowerHex(12),
    ]

    init(_ parts: [Part]) { self.parts = parts }

    var expression: String {
        parts.map { part in
            switch part {
            case .fixed(let text): Self.escaped(text)
            case .one(let texts): "(?:" + texts.map(Self.escaped).joined(separator: "|") + ")"
            case .random(let alphabet, let counts):
                alphabet.expression
                    + (counts.count == 1 ? "{\(counts.lowerBound)}" : "{\(counts.lowerBound),\(counts.upperBound)}")
            case .open(let alphabet, let least):
                alphabet.expression + "{\(least),}"
            }
        }.joined()
    }

    /// The fixed texts that the token may begin with.
    var prefixes: [String] {
        switch parts.first {
        case .fixed(let text): [text]
        case .one(let texts): texts
        case .random, .open, nil: []
        }
    }

    /// Bytes that may not follow, since the token would then be another, longer one.
    var continuation: ByteClass? {
        for part in parts.reversed() {
            switch part {
            case .random(let alphabet, _), .open(let alphabet, _): return alphabet.continuation
            // An ending that may be left out, such as padding, leaves it to what stands before.
            case .one(let texts) where texts.contains(""): continue
            case .fixed, .one: return .alphanumeric
            }
        }
        return nil
    }

    /// A token of this form; `growth` is added to the length of its last random part.
    ///
    /// A negative growth shortens the part below its least length, a positive one lengthens it beyond its greatest.
    func sample(seed: UInt64, growth: Int = 0) -> String {
        let lastRandom = parts.lastIndex {
            switch $0 {
            case .random, .open: true
            case .fixed, .one: false
            }
        }
        return parts.enumerated().map { index, part in
            switch part {
            case .fixed(let text):
                return text
            case .one(let texts):
                return texts[Int(seed) % texts.count]
            case .random(let alphabet, let counts):
                var count = counts.lowerBound + (counts.count - 1) / 2
                if index == lastRandom, growth < 0 { count = counts.lowerBound + growth }
                if index == lastRandom, growth > 0 { count = counts.upperBound + growth }
                return Fake.text(alphabet, max(count, 0), seed: seed &* 31 &+ UInt64(index))
            case .open(let alphabet, let least):
                let count = index == lastRandom && growth < 0 ? least + growth : least + 20
                return Fake.text(alphabet, count, seed: seed &* 31 &+ UInt64(index))
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        // By bytes: it is done for every rule at every start.
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            if ".+*?()[]{}|\\^$/".utf8.contains(byte) { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension Rule {
    /// A rule for tokens of one form, with examples made from it.
    ///
    /// - Parameters:
    ///   - form: it is found anywhere where a longer token of the same alphabet does not hold it.
    ///   - anchors: nil for what the form begins with.
    ///   - before: bytes that may not precede, for prefixes that could end a word.
    ///   - sample: a token with a right checksum, where the form has one.
    ///   - boundsLength: whether a longer text is no such token; else the greatest length is only a limit of ours.
    static func token(
        _ id: String, _ title: String, by provider: String, _ severity: Severity = .high, form: TokenForm,
        anchors: [Anchor]? = nil, before: ByteClass? = nil, minimumEntropy: Double = 2.5,
        check: (@Sendable (Span<UInt8>) -> Verdict)? = nil,
        sample: (@Sendable (UInt64) -> String)? = nil,
        revoke revocation: String, documentation: String, boundsLength: Bool = true
    ) -> Rule {
        let make = sample ?? { form.sample(seed: $0) }
        let prefixes = form.prefixes
        return Rule(
            id: id, title: title, provider: provider, severity: severity,
            anchors: anchors ?? prefixes.map { Anchor($0) },
            confirmation: .expression(form.expression, before: before, after: form.continuation),
            minimumEntropy: minimumEntropy, check: check,
            publicPart: { value in
                for prefix in prefixes where value.count > prefix.utf8.count {
                    let text = Array(prefix.utf8)
                    if text.indices.allSatisfy({ text[$0] == value[$0] }) { return 0..<text.count }
                }
                return nil
            },
            revocation: revocation, references: [documentation],
            examples: {
                [
                    "TOKEN=«\(make(1))»\n",
                    #"{"token": "«\#(make(2))»", "retries": 3}"#,
                    "curl -H 'Authorization: Bearer «\(make(3))»' https://api.example.org/",
                ]
            },
            counterexamples: {
                [
                    "TOKEN=\(form.sample(seed: 4, growth: -1))\n",
                    "Tokens of this kind begin with `\(form.prefixes.first ?? "")`.",
                ] + (boundsLength ? ["TOKEN=\(form.sample(seed: 5, growth: 1))\n"] : [])
            }
        )
    }

    /// A rule for values that only their names tell from others, with examples made from both.
    ///
    /// - Parameter names: in lower case, words joined by `_`.
    static func assigned(
        _ id: String, _ title: String, by provider: String, _ severity: Severity = .high,
        names: [String], shape: Shape, minimumEntropy: Double = 3,
        check: (@Sendable (Span<UInt8>) -> Verdict)? = nil,
        sample make: @escaping @Sendable (UInt64) -> String,
        revoke revocation: String, documentation: String
    ) -> Rule {
        let name = names.first ?? ""
        return Rule(
            id: id, title: title, provider: provider, severity: severity,
            anchors: names.flatMap { Anchor.spellings(of: $0) }, confirmation: .assigned(shape),
            minimumEntropy: minimumEntropy, check: check, revocation: revocation, references: [documentation],
            examples: {
                [
                    "\(name.uppercased())=«\(make(1))»\n",
                    "  \"\(name)\": \"«\(make(2))»\",\n",
                    "\(name) = '«\(make(3))»'\n",
                ]
            },
            counterexamples: {
                [
                    "\(name.uppercased())=\(make(4).dropLast(shape.length.count))\n",
                    "BUILD_REVISION=\(make(5))\n",
                    "Set `\(name)` in the settings of the deployment.\n",
                ]
            }
        )
    }
}

extension Anchor {
    /// `name` with its words joined by `_`, by `-` and by nothing, in any case.
    static func spellings(of name: String) -> [Anchor] {
        var joined: [String] = []
        for separator in ["_", "-", ""] {
            let text = name.split(separator: "_").joined(separator: separator)
            if !joined.contains(text) { joined.append(text) }
        }
        return joined.map { Anchor($0, ignoresCase: true) }
    }
}
