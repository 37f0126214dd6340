// The judgement of a value by its name, its bytes and the place where it stands.

/// Classifies values.
package enum ValueJudge {
    /// What `value` under the name `key` is. Both are the bare bytes, without quotes; `value` as
    /// the program would read it. Work is linear and bounded: 128 bytes of the name and 4096 of
    /// the value count, of longer values (a certificate, a JSON key file) their opening.
    package static func judge(key: Span<UInt8>, value: Span<UInt8>, in context: ValueContext) -> Judgement {
        var start = 0
        var end = value.count
        while start < end, value[start].isBlank || value[start].isLineEnd { start += 1 }
        while end > start, value[end - 1].isBlank || value[end - 1].isLineEnd { end -= 1 }
        guard start < end else { return Judgement(.empty, "is empty") }
        return judgeTrimmed(key: KeyReading(key), name: key, value: value.extracting(start..<end), in: context)
    }

    private static func judgeTrimmed(
        key: KeyReading, name: Span<UInt8>, value: Span<UInt8>, in context: ValueContext
    ) -> Judgement {
        if let judged = judgeByForm(key, value, in: context) { return judged }
        if key.kind == .token, isDrawnByDjango(value) {
            return Judgement(.secret, "the key that Django draws for a new site, which many keep")
        }
        // In fifty bytes with marks `$(` and a later `)` may be chance.
        let looks = ValueLooks(value)
        let isCertain = key.kind != .innocent && key.kind != .about && GeneratedText.isCertain(value, looks)
        if !isCertain, let reason = Reference.reason(value) { return Judgement(.reference, reason) }
        if let judged = judgeAddress(value, in: context) { return judged }

        if KnownFormat.isOpen(value) { return Judgement(.publicByDesign, "a form that is meant to be seen") }
        if KnownFormat.isSecret(value) {
            if Placeholder.isPlaceholder(value) {
                return Judgement(.placeholder, "a made-up example of a vendor's token")
            }
            if key.isOpen, value.opens(with: "aiza") || value.opens(with: "eyj") {
                return Judgement(.publicByDesign, "a browser key under a name that is sent to browsers")
            }
            return Judgement(.secret, "the form of a vendor's token")
        }

        switch key.kind {
        case .innocent, .about, .connection: return judgeUnnamed(key, value, looks, in: context)
        case .password, .token, .weak: break
        }
        if let judged = judgeStandIn(key, name, value, looks, in: context) { return judged }
        if key.isOpen {
            let isToken = looks.isToken && looks.count >= 12
            return isToken
                ? Judgement(.publicByDesign, "the name says that it is meant to be seen")
                : Judgement(.configuration, "the name says that it is meant to be seen")
        }
        if let reason = PlainShape.reason(value, looks), !outweighs(key, value, looks, in: context) {
            return Judgement(.configuration, reason)
        }
        switch context {
        case .dotenv: return DotenvValue.judge(key, value, looks)
        case .quoted: return CodeValue.judge(key, value, looks, isQuoted: true)
        case .unquoted: return CodeValue.judge(key, value, looks, isQuoted: false)
        }
    }

    /// `django-insecure-` and fifty random characters: a warning to replace it, which sites in service still have.
    private static func isDrawnByDjango(_ value: Span<UInt8>) -> Bool {
        guard value.opens(with: "django-insecure-"), value.count >= 46 else { return false }
        let drawn = value.extracting(16..<value.count)
        let looks = ValueLooks(drawn)
        return GeneratedText.isCertain(drawn, looks) || GeneratedText.isDrawn(drawn, looks, atLeast: 30)
            || looks.isRandom(drawn, atLeast: 30)
    }

    /// Keys in PEM and JSON key files, whatever their name.
    private static func judgeByForm(_ key: KeyReading, _ value: Span<UInt8>, in context: ValueContext) -> Judgement? {
        let opening = value.extracting(0..<min(value.count, 4096))
        if opening.opens(with: "-----begin"), let end = opening.place(of: "-----", from: 10) {
            guard opening.extracting(0..<end).holds("private key") else {
                return Judgement(.publicByDesign, "a public key or certificate")
            }
            if value.count < 100 || opening.holds("...") {
                return Judgement(.placeholder, "a private key without a body")
            }
            return Judgement(.secret, "a private key")
        }
        guard value[0] == UInt8(ascii: "{") || value[0] == UInt8(ascii: "[") else { return nil }
        if opening.holds("private_key\""), opening.holds("begin"), opening.holds("private key-----") {
            return Judgement(.secret, "a key file with a private key")
        }
        guard value.count > 2, opening.containsByte("\""), opening.containsByte(":") else { return nil }
        for name in ["\"password\"", "\"secret\"", "\"client_secret\"", "\"token\"", "\"auth\""] as [StaticString] {
            guard let place = opening.place(of: name),
                let parsed = Assignment.parse(name: (place + 1)..<(place + name.utf8CodeUnitCount - 1), in: opening)
            else { continue }
            let inner = ValueJudge.judge(
                key: opening.extracting(parsed.key), value: opening.extracting(parsed.value), in: context)
            if inner.valueClass == .secret { return Judgement(.secret, "JSON that holds a credential") }
        }
        return context == .dotenv ? Judgement(.configuration, "is JSON without a credential") : nil
    }

    /// URLs and connection strings.
    private static func judgeAddress(_ value: Span<UInt8>, in context: ValueContext) -> Judgement? {
        var hole: Judgement?
        var start = 0
        // A value may list several URLs; at most eight are read.
        for _ in 0..<8 {
            guard let place = value.place(of: "://", from: start) else { break }
            start = place + 3
            guard let parsed = URLPassword.parse(anchor: place..<start, in: value) else { continue }
            let judged = URLPassword.judge(parsed, in: value, context: context)
            if judged.valueClass == .connectionString {
                let user = value.extracting(parsed.user)
                if user.count >= 32, user.allBytes(\.isHexDigit), value.holds("sentry") {
                    return Judgement(.connectionString, "an old Sentry DSN with its secret half")
                }
                return judged
            }
            hole = judged
        }
        if let judged = SecretAddress.judge(value) ?? ConnectionString.judge(value, in: context) ?? hole {
            return judged
        }
        // `<…>` around or inside a URL was no password; a URL without one is a setting.
        if PlainShape.isURL(value) { return Judgement(.configuration, "is a URL without credentials") }
        return nil
    }

    /// Under a name that promises no secret, only the value can tell.
    private static func judgeUnnamed(
        _ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks, in context: ValueContext
    ) -> Judgement {
        if Placeholder.isBracketed(value) || Placeholder.hasPhrase(value) {
            return Judgement(.placeholder, "is a stand-in")
        }
        if key.isHash, context == .dotenv, KnownFormat.isPasswordHash(value) {
            return Judgement(.secret, "a password as it is stored")
        }
        guard context == .dotenv, key.kind == .innocent, !key.isAbout, !key.isOpen, !key.isHash else {
            return Judgement(.configuration, "the name speaks of no secret")
        }
        // 32 bytes: shorter random values are ids.
        if looks.count >= 32, looks.isToken, looks.blanks == 0, !PlainShape.isUUID(value),
            !Placeholder.isPlaceholder(value),
            PlainShape.reason(value, looks) == nil, looks.isRandom(value, atLeast: 32), looks.joints * 8 <= looks.count
        {
            return Judgement(.secret, "as random as a key, under a name that says nothing")
        }
        return Judgement(.configuration, "the name speaks of no secret")
    }

    private static func judgeStandIn(
        _ key: KeyReading, _ name: Span<UInt8>, _ value: Span<UInt8>, _ looks: ValueLooks, in context: ValueContext
    ) -> Judgement? {
        let isPlaceholder = Judgement(.placeholder, "is a stand-in")
        if value.equals(name) { return Judgement(.placeholder, "repeats its name") }
        // People do choose `123456`, `qwerty1` and `test123` as passwords; a dotenv file holds what runs.
        if context == .dotenv, key.kind == .password {
            if Placeholder.isBracketed(value) || Placeholder.isWholeWord(value) || Placeholder.hasPhrase(value) {
                return isPlaceholder
            }
            if looks.digits == looks.count, looks.count >= 4, looks.distinct > 1 { return nil }
            if Placeholder.isMonotonous(value) { return isPlaceholder }
            if looks.digits == 0, Placeholder.isMadeOfStandIns(value) { return isPlaceholder }
            return nil
        }
        return Placeholder.isPlaceholder(value) ? isPlaceholder : nil
    }

    /// Passwords and tokens that happen to look like a number, a path or a mail address.
    private static func outweighs(
        _ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks, in context: ValueContext
    ) -> Bool {
        if key.isPin, context == .dotenv, looks.digits == looks.count { return true }
        guard key.kind == .password || (key.kind == .token && context == .dotenv) else { return false }
        if looks.digits == looks.count { return key.kind == .password && looks.count >= 4 }
        if PlainShape.isMail(value, looks) {
            // `P@ssw0rd.example` is no address of anybody; `a@b.com` is.
            return key.kind == .password && context == .dotenv && looks.digits > 0 && looks.upper > 0
        }
        if key.kind == .password, context == .dotenv, looks.marks > 0, !PlainShape.isPath(value, looks) {
            return looks.letters > 0
        }
        if key.kind == .password, context == .quoted, !key.hasTail, PlainShape.isPath(value, looks),
            GeneratedText.isDrawn(value, looks, atLeast: 10)
        {
            return true
        }
        return looks.isRandom(value, atLeast: 16)
    }
}
