// What a name says about its value.

/// What kind of value a name promises.
enum KeyKind: Sendable {
    /// A secret that people choose.
    case password
    /// A secret that machines make, said plainly: `client_secret`, `apiKey`.
    case token
    /// Possibly a secret: `auth`, `key`.
    case weak
    /// An address that may hold a password.
    case connection
    /// Speaks of secrets, but is about something else: `token_url`, `password_length`.
    case about
    /// Says nothing of secrets.
    case innocent
}

/// A name, read word by word. Words end at `_`, `-`, `.`, other marks, digits and humps.
struct KeyReading: Sendable {
    private(set) var kind = KeyKind.innocent
    /// The name says that its value is meant to be seen.
    private(set) var isOpen = false
    /// Words that say nothing follow the word that speaks of a secret: `token_github`.
    private(set) var hasTail = false
    /// The value is said to be a hash.
    private(set) var isHash = false
    /// The name is about something else, secrets or not: `commit_sha`, `client_id`.
    private(set) var isAbout = false

    /// It ends in `token`, which also names cursors and marks of a request.
    private(set) var isPlainToken = false

    /// It speaks of a PIN, whose few digits are the secret.
    private(set) var isPin = false

    /// It speaks of a key that may be public.
    private(set) var isBareKey = false

    private var previous = PackedWord()
    private var isFlag = false

    /// At most 128 bytes are read: longer names are none.
    init(_ name: Span<UInt8>) {
        var word = PackedWord()
        let length = min(name.count, 128)
        var start = 0
        for index in 0..<length {
            let byte = name[index]
            guard byte.isLetter else {
                finish(word, in: name, start..<index)
                word = PackedWord()
                continue
            }
            if word.count == 0 { start = index }
            let before = index > 0 ? name[index - 1] : 0
            let after = index + 1 < length ? name[index + 1] : 0
            let isHump =
                byte.isUpperLetter
                && (before.isLowerLetter || (before.isUpperLetter && after.isLowerLetter && !isPlural(name, index)))
            if isHump, word.count > 0 {
                finish(word, in: name, start..<index)
                word = PackedWord()
                start = index
            }
            word.append(byte)
        }
        finish(word, in: name, start..<length)
        if isFlag, kind != .innocent { kind = .about }
        // `CREATE USER app IDENTIFIED BY '…'`.
        if name.reads("identified by") { take(.password) }
        if name.opens(with: "next_public_") || name.opens(with: "vite_") || name.opens(with: "react_app_")
            || name.opens(with: "expo_public_") || name.opens(with: "gatsby_") || name.opens(with: "nuxt_public_")
            || name.opens(with: "vue_app_") || name.opens(with: "public_")
        {
            isOpen = true
        }
        // `site key` of a captcha, `measurement`, `tracking`: two words that only together say so.
        if name.holds("site_key") || name.holds("sitekey") || name.holds("site-key") { isOpen = true }
    }

    /// `IDs`, `APIs`: the last capital belongs to the word before.
    private func isPlural(_ name: Span<UInt8>, _ index: Int) -> Bool {
        guard index + 1 < name.count, name[index + 1] == UInt8(ascii: "s") else { return false }
        return index + 2 >= name.count || !name[index + 2].isLowerLetter
    }

    private mutating func finish(_ word: PackedWord, in name: Span<UInt8>, _ range: Range<Int>) {
        guard word.count > 0 else { return }
        defer { previous = word }
        switch KeyVocabulary.role(of: word) {
        case .password: take(KeyVocabulary.plainPasses.contains(previous) && word == Self.pass ? .about : .password)
        case .token:
            // `X-Amz-Credential` is the scope of a signature.
            let isPlain = word == Self.token ? KeyVocabulary.plainTokens.contains(previous) : previous == Self.amazon
            take(isPlain ? .about : .token)
            isPlainToken = word == Self.token && !KeyVocabulary.secretTokens.contains(previous)
        case .weak:
            isPin = word == Self.pin
            takeWeak()
        case .key:
            if KeyVocabulary.secretKeys.contains(previous) {
                take(.token)
            } else if KeyVocabulary.plainKeys.contains(previous) {
                take(.about)
            } else if kind == .token {
                // `secret_key`, `token_key`: the word before has said it.
                hasTail = previous != Self.secret
            } else if kind == .password {
                take(.about)
            } else {
                isBareKey = true
                takeWeak()
            }
        case .connection: if kind == .innocent { kind = .connection }
        case .about:
            if kind == .password || kind == .token || kind == .weak { kind = .about }
            isAbout = true
        case .flag: if kind == .innocent { isFlag = true } else if kind != .about { hasTail = true }
        case .open: isOpen = true
        case .hash: isHash = true
        case nil: takeUnknown(name.extracting(range))
        }
    }

    private static let pass = PackedWord("pass")
    private static let token = PackedWord("token")
    private static let secret = PackedWord("secret")
    private static let pin = PackedWord("pin")
    private static let amazon = PackedWord("amz")

    private mutating func take(_ new: KeyKind) {
        kind = new
        hasTail = false
        isAbout = new == .about
    }

    private mutating func takeWeak() {
        if kind == .token || kind == .password { hasTail = true } else { take(.weak) }
    }

    /// Words written together: `dbpassword`, `passwordhash`, `tokenizer`.
    private mutating func takeUnknown(_ word: Span<UInt8>) {
        if KeyVocabulary.neutralTails.contains(word) {
            return
        }
        if word.closes(with: "password") || word.closes(with: "passwd") || word.closes(with: "passphrase")
            || word.closes(with: "passwort") || word.closes(with: "pwd")
            || (word.closes(with: "pass") && !KeyVocabulary.otherPasses.contains(word))
        {
            take(.password)
        } else if word.closes(with: "secret") || word.closes(with: "apikey") || word.closes(with: "token")
            || word.closes(with: "secretkey") || word.closes(with: "accesskey") || word.closes(with: "privatekey")
        {
            take(.token)
        } else if word.opens(with: "password") || word.opens(with: "passwd") || word.opens(with: "token")
            || word.opens(with: "secret") || word.opens(with: "author") || word.opens(with: "credential")
        {
            // `passwordfield`, `tokenizer`, `secretary`; `passwordhash` is one of them too.
            if word.closes(with: "hash") { isHash = true; take(.password) } else { take(.about) }
        } else if kind != .innocent, kind != .about {
            hasTail = true
        }
    }
}
