// Values in code and configuration under names that speak of secrets: many are labels, names and types.

/// Judges what is neither a stand-in nor a plain setting.
enum CodeValue {
    static func judge(_ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks, isQuoted: Bool) -> Judgement {
        if KnownFormat.isPasswordHash(value) || key.isHash {
            return Judgement(.configuration, "a password as it is stored, or a checksum")
        }
        if looks.control > 0 || looks.foreign * 2 > looks.count {
            return Judgement(.configuration, "is text of another kind")
        }
        // 128 bytes in hexadecimal hold every key of that notation; more are test vectors and data.
        if looks.isHexadecimal, looks.count > 256 { return Judgement(.configuration, "is data in hexadecimal") }
        if isSalt(value, looks) { return Judgement(.secret, "as random as a salt") }
        if BasicCredentials.isEncoded(value) { return Judgement(.secret, "a user and a password in base64") }
        if isQuoted, GeneratedText.isCertain(value, looks) {
            return Judgement(.secret, "random text with marks amid it")
        }
        let isDrawn = isQuoted && isGenerated(key, value, looks)
        if !isDrawn, isProse(value, looks) { return Judgement(.configuration, "is text for people") }
        if isCode(value, looks, isDrawn: isDrawn) {
            return Judgement(.configuration, "is a format, a pattern or code")
        }
        if PlainShape.isUUID(value) {
            let isStrong = key.kind == .token && !key.hasTail && !key.isPlainToken
            return isStrong
                ? Judgement(.secret, "a UUID under the name of a secret") : Judgement(.configuration, "is a UUID")
        }
        // A private key of a wallet; 40 digits would be its address.
        if value.count == 66, value.opens(with: "0x"), key.kind != .weak {
            let digits = value.extracting(2..<66)
            if ValueLooks(digits).isRandom(digits, atLeast: 64) {
                return Judgement(.secret, "256 random bits under the name of a secret")
            }
        }
        if value.opens(with: "0x"), value.extracting(2..<value.count).allBytes(\.isHexDigit) {
            return Judgement(.configuration, "is a number or an address")
        }
        if isDrawn { return Judgement(.secret, "random text with marks amid it") }
        switch key.kind {
        case .password: return judgePassword(key, value, looks, isQuoted: isQuoted)
        case .token where !key.hasTail:
            if looks.isRandom(value, atLeast: isQuoted ? 10 : 12) || isMixed(value, looks, atLeast: isQuoted ? 10 : 14)
            {
                return Judgement(.secret, "random text under the name of a secret")
            }
        case .token:
            if looks.isRandom(value, atLeast: 16) {
                return Judgement(.secret, "random text under the name of a secret")
            }
        default:
            // 40 hexadecimal digits are the name of a commit or of a public key.
            let isName = key.isBareKey && looks.isHexadecimal && looks.count == 40
            if !isName, looks.isRandom(value, atLeast: 20), looks.digits > 1, looks.joints * 6 <= looks.count {
                return Judgement(.secret, "very random text under a name that may speak of a secret")
            }
        }
        return Judgement(.configuration, "reads like a word or a name")
    }

    /// Random text with marks, as long as the name asks for.
    private static func isGenerated(_ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        switch key.kind {
        case .password:
            let length = key.hasTail ? 12 : 10
            return GeneratedText.isDrawn(value, looks, atLeast: length)
                || GeneratedText.isScattered(value, looks, atLeast: 12)
        case .token where !key.hasTail && looks.marks + looks.codeMarks + looks.blanks > 0:
            return GeneratedText.isDrawn(value, looks, atLeast: 16)
                || GeneratedText.isScattered(value, looks, atLeast: 16)
        default: return false
        }
    }

    /// The keys that an installer draws for a blog or a session: every kind of mark, blanks included.
    private static func isSalt(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        looks.count >= 40 && looks.count <= 128 && (looks.marks + looks.codeMarks) * 6 >= looks.count
            && looks.digits >= 2
            && looks.upper >= 4 && looks.lower >= 4 && looks.foreign == 0 && looks.longestLetterRun <= 8
            && looks.blanks * 10 <= looks.count && looks.distinct >= 24 && WordLikeness.surprise(value) >= 4.2
    }

    private static func judgePassword(
        _ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks, isQuoted: Bool
    ) -> Judgement {
        let secret = Judgement(.secret, "a password by its name and value")
        if key.hasTail {
            return looks.isRandom(value, atLeast: 10) || isMixed(value, looks, atLeast: 8)
                ? secret : Judgement(.configuration, "a word under a name that says more than password")
        }
        guard looks.count >= 5, looks.count <= 128, looks.blanks == 0 else {
            return Judgement(.configuration, "too short, or text")
        }
        if popular.contains(value) { return secret }
        if looks.letters == looks.count {
            // Letters alone: only far from words, and not in the case of a name.
            return looks.isRandom(value, atLeast: 12)
                ? secret : Judgement(.configuration, "reads like a word or a name")
        }
        if looks.digits == looks.count {
            return looks.count >= 6 && isQuoted ? secret : Judgement(.configuration, "is a number")
        }
        if looks.marks == 0, looks.digits == 0 {
            return looks.isRandom(value, atLeast: 16) ? secret : Judgement(.configuration, "reads like a name")
        }
        if looks.marks > 0, looks.digits == 0 {
            return isMarkedPassword(value, looks) ? secret : Judgement(.configuration, "is a label")
        }
        if holdsKeyWord(value), looks.marks == 0, looks.upper == 0 {
            return Judgement(.placeholder, "is made of the words for secrets")
        }
        return isNumberedName(value, looks) ? Judgement(.configuration, "is a numbered name") : secret
    }

    /// Letters of common passwords that read like words and are chosen by nobody as a label.
    private static let popular = WordSet(
        "letmein qwerty iloveyou trustno1 dragon sunshine princess football superman batman welcome1 swordfish")

    /// `p@ssword`, `Sommer!Regen`, not `Password:`, `Password*`, `#password`, `&password`.
    private static func isMarkedPassword(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.count >= 6, looks.letters * 4 >= looks.count else { return false }
        var inner = 0
        for index in 1..<(value.count - 1) where "!@#$%^&*+~?".utf8.contains(value[index]) { inner += 1 }
        if inner > 0, value[0].isAlphanumeric {
            return !value.holds("&&") && !(value.containsByte("%") && looks.marks == 1) && !value.containsByte("?")
        }
        return looks.marks >= 2 && value[0].isLetter && looks.upper > 0 && looks.lower > 0
    }

    private static func holdsKeyWord(_ value: Span<UInt8>) -> Bool {
        value.holds("password") || value.holds("passwd") || value.holds("secret") || value.holds("token")
            || value.holds("foobar") || value.holds("invalid") || value.opens(with: "test") || value.opens(with: "pass")
            || value.opens(with: "user") || value.holds("apikey")
    }

    /// `step-2`, `v2.password`, `sha256`, `Pkcs12`, `utf8_name`: words of a name with a number.
    private static func isNumberedName(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.marks == 0, looks.base64Marks == 0 else { return false }
        if looks.joints == 0 { return looks.digits <= 1 && looks.count < 6 }
        let isDotted = PlainShape.count(of: ".", in: value) + PlainShape.count(of: ":", in: value) > 0
        return looks.digits <= (isDotted ? 3 : 1) && WordLikeness.surprise(value) < 4.6
    }

    /// Letters and digits mixed within words, as in `s3cr3t-k3y-v4lue`; no numbered name.
    private static func isMixed(_ value: Span<UInt8>, _ looks: ValueLooks, atLeast length: Int) -> Bool {
        guard looks.count >= length, looks.blanks == 0, looks.digits >= 2, looks.letters >= 2,
            looks.codeMarks == 0, looks.distinct >= 6
        else { return false }
        var switches = 0
        for index in 1..<value.count
        where value[index].isDigit != value[index - 1].isDigit
            && value[index].isAlphanumeric && value[index - 1].isAlphanumeric
        {
            switches += 1
        }
        return switches >= 3 && WordLikeness.surprise(value) >= 4.4 || looks.marks >= 2 && looks.upper > 0
    }

    /// Text with blanks that reads like words; a passphrase in code is not told from a label.
    private static func isProse(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        if looks.blanks > 0 { return true }
        guard looks.count >= 2 else { return true }
        let last = Unicode.Scalar(value[value.count - 1])
        return (last == ":" || last == "…") && looks.digits == 0 || value.closes(with: "...")
    }

    /// Format strings, regular expressions, calls, markup, selectors, globs.
    private static func isCode(_ value: Span<UInt8>, _ looks: ValueLooks, isDrawn: Bool) -> Bool {
        for mark in [
            "{}", "{0}", "{1}", "{0:", "{1:", "%1$", "\\d", "\\w", "\\s", "\\b", "\\u", "\\x", "\\n", "[a-z", "[^",
            ".*", ".+", "(?",
            "[0-9", "()",
            "=>", "->", "::", "</", "/>", "&amp;", "&lt;", "&#", "||", "&&", "!=", "${", "$(", "@{", "[*]", "('",
            "(\"", "']", "\"]", "#/",
        ] as [StaticString] where value.holds(mark) {
            return true
        }
        if looks.digits == 0 || looks.blanks > 0 {
            for mark in ["%s", "%d", "%@", "%v", "=="] as [StaticString] where value.holds(mark) {
                // Base64 may end in `==`.
                if mark.utf8CodeUnitCount == 2, value.closes(with: "=="), looks.count >= 16 { continue }
                return true
            }
        }
        guard looks.codeMarks > 0 else {
            // `.class`, `#id`, `@name`, `--flag`, `/path`, `&key`, `*`, `:name`.
            return ".#@-/&*:,=!+".utf8.contains(value[0]) && looks.digits == 0
        }
        if isDrawn { return false }
        // A password may hold brackets; then it is not word-like and has digits.
        let isStrong = looks.digits > 0 && looks.letters > 0 && looks.count >= 8 && looks.count <= 64
        let cost = WordLikeness.surprise(value)
        return !(isStrong && (cost >= 5.2 || cost >= 4.4 && looks.marks > 0 && looks.codeMarks <= 2))
    }
}
