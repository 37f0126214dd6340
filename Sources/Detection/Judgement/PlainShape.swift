// Shapes that settings have and secrets do not: numbers, dates, paths, hosts, lists.

/// Recognises values that are plainly no secret, whatever their name.
enum PlainShape {
    private static let words = WordSet(
        """
        true false yes no on off enabled disabled t f y n 1 0 auto always never optional required none localhost
        development production staging dev prod debug info warn warning error trace verbose silent bearer basic digest
        jwt oauth oauth2 oidc saml ldap header cookie query form env file vault aws gcp azure bcrypt argon2 argon2id
        argon2i scrypt pbkdf2 md5 sha1 sha256 sha384 sha512 hs256 hs384 hs512 rs256 rs384 rs512 es256 es384 es512
        ps256 eddsa ed25519 rsa ecdsa dsa aes-256-gcm aes-256-cbc aes-128-cbc aes-128-gcm chacha20-poly1305 plain
        plaintext login cram-md5 scram-sha-256 scram-sha-1 xoauth2 string integer int boolean bool number object array
        text varchar char bytes str any unknown lax strict smtp redis memcached database mysql pgsql sqlite sync log
        array local s3 cookie session
        """)

    /// What `value` is, or nil when it could be a secret.
    static func reason(_ value: Span<UInt8>, _ looks: ValueLooks) -> String? {
        if words.contains(value) { return "is a flag, mode or algorithm" }
        if looks.letters == 0, looks.marks == 0, looks.codeMarks == 0, looks.foreign == 0, looks.blanks == 0,
            looks.digits > 0, looks.joints + looks.base64Marks > 0 || looks.digits < 4
        {
            // `8080`, `1.2.3`, `2024-01-31`, `10.0.0.1:80`, `+49…`
            if looks.count < 24 { return "is a number, date, version or address" }
        }
        if isDuration(value, looks) { return "is a quantity with its unit" }
        if isDate(value) { return "is a date" }
        if isColour(value) { return "is a colour" }
        if isPath(value, looks) { return "is a path" }
        if isMail(value, looks) { return "is a mail address" }
        if isURL(value) { return "is a URL without credentials" }
        if isHost(value, looks) { return "is a host" }
        if isDigest(value) { return "is a checksum" }
        if isVersion(value, looks) { return "is a version" }
        return nil
    }

    /// `15m`, `30s`, `10MB`, `7 days`, `100%`.
    private static func isDuration(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.count <= 12, looks.digits > 0, value[0].isDigit else { return false }
        var index = 0
        while index < value.count, value[index].isDigit || value[index] == UInt8(ascii: ".") { index += 1 }
        while index < value.count, value[index].isBlank { index += 1 }
        guard index < value.count else { return false }
        return units.contains(value.extracting(index..<value.count))
    }

    private static let units = WordSet(
        """
        ms s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w week weeks y year
        years month months b kb mb gb tb kib mib gib k g % px em rem pt vh vw
        """
    )

    /// `2024-01-31…`, `2024-01-31T10:00:00Z`.
    private static func isDate(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 10, value.count <= 32 else { return false }
        for index in 0..<10 {
            let wantsDash = index == 4 || index == 7
            let byte = value[index]
            if wantsDash ? byte != UInt8(ascii: "-") && byte != UInt8(ascii: "/") : !byte.isDigit { return false }
        }
        return value.count == 10 || value[10].folded == UInt8(ascii: "t") || value[10].isBlank
    }

    private static func isColour(_ value: Span<UInt8>) -> Bool {
        guard value[0] == UInt8(ascii: "#"), value.count == 4 || value.count == 7 || value.count == 9 else {
            return value.opens(with: "rgb(") || value.opens(with: "rgba(")
        }
        return value.extracting(1..<value.count).allBytes(\.isHexDigit)
    }

    /// `/etc/x`, `./x`, `~/x`, `../x`, `C:\x`, `a/b/c.pem`, `name.json`, `*.x`.
    static func isPath(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        if isEncodedKey(value, looks) { return false }
        let first = Unicode.Scalar(value[0])
        let slashes = count(of: "/", in: value)
        if looks.blanks == 0, value.opens(with: "./") || value.opens(with: "../") || value.opens(with: "~/") {
            return true
        }
        if value.count > 3, value[1] == UInt8(ascii: ":"), value[0].isLetter, value[2] == UInt8(ascii: "\\") {
            return true
        }
        if value.opens(with: "\\\\") || value.opens(with: "%appdata%") { return true }
        let isPlain = looks.marks == 0 && looks.codeMarks == 0 && looks.base64Marks == 0
        if first == "/", looks.blanks == 0, isPlain || slashes >= 3 {
            // Base64 may open with a slash: a path reads like words.
            return value.count < 20 || WordLikeness.surprise(value) < 4.9 || slashes * 8 >= value.count
        }
        if hasFileExtension(value), looks.blanks == 0, WordLikeness.surprise(value) < 5.2 { return true }
        // `text/html`, `secret/data/app`, `owner/name`.
        return slashes >= 1 && isPlain && looks.blanks == 0 && looks.digits <= 4
            && WordLikeness.surprise(value) < 4.6 && value.count < 120
    }

    /// Base64 of 30 bytes and more, which may hold slashes: capitals and small letters (an eighth of it each, where
    /// chance gives two fifths) and digits, and what stands between the slashes does not read like a path's words.
    static func isEncodedKey(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.count >= 40, looks.digits > 0, looks.upper * 8 >= looks.count, looks.lower * 8 >= looks.count,
            looks.letters + looks.digits + looks.joints + looks.base64Marks == looks.count
        else { return false }
        var end = looks.count
        while end > looks.count - 2, value[end - 1] == UInt8(ascii: "=") { end -= 1 }
        var inWords = 0
        var words = 0
        var start = 0
        for index in 0...end {
            if index < end, value[index] != UInt8(ascii: "/") {
                guard value[index].isAlphanumeric || value[index] == UInt8(ascii: "+") else { return false }
                continue
            }
            let part = value.extracting(start..<index)
            if part.count >= 3, WordLikeness.surprise(part) < 4.6 {
                if part.count >= 4 { inWords += part.count }
                if part.allBytes(\.isLetter) { words += 1 }
            }
            start = index + 1
        }
        // By chance some short stretch reads like a word; two of letters alone, or a third of the whole, make a path.
        return words < 2 && inWords * 3 < end
    }

    private static let extensions = WordSet(
        """
        pem key crt cer p12 pfx jks json yml yaml toml ini conf cfg txt md html htm js ts jsx tsx css scss py rb go rs
        php java kt swift sh sql db sqlite sqlite3 log csv xml png jpg jpeg svg gif ico pub env gpg asc properties
        keystore p8 der tf tfvars lock zip gz tar jar war exe dll so vue ejs hbs erb twig mustache tmpl tpl
        """)

    private static func hasFileExtension(_ value: Span<UInt8>) -> Bool {
        var dot = value.count - 1
        while dot > 0, value[dot] != UInt8(ascii: ".") { dot -= 1 }
        guard dot > 0, dot < value.count - 1 else { return false }
        return extensions.contains(value.extracting((dot + 1)..<value.count))
    }

    static func isMail(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.blanks == 0, let at = value.place(ofByte: UInt8(ascii: "@")), at > 0, at < value.count - 3,
            value.place(ofByte: UInt8(ascii: "@"), from: at + 1) == nil, looks.codeMarks == 0
        else { return false }
        let host = value.extracting((at + 1)..<value.count)
        return isDomain(host)
    }

    static func isURL(_ value: Span<UInt8>) -> Bool {
        guard let colon = value.place(of: "://"), colon > 1, colon < 24 else {
            return value.opens(with: "mailto:") || value.opens(with: "data:")
        }
        return value.extracting(0..<colon).allBytes { $0.isAlphanumeric || "+-.".utf8.contains($0) }
    }

    /// A dotted name whose last label is two letters or more, none of it like random text.
    private static func isDomain(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 4, text[0].isAlphanumeric, text[text.count - 1].isAlphanumeric else { return false }
        var label = 0
        var dots = 0
        for index in text.indices {
            if text[index] == UInt8(ascii: ".") {
                guard label > 0 else { return false }
                dots += 1
                label = 0
            } else if text[index].isAlphanumeric || text[index] == UInt8(ascii: "-") {
                label += 1
            } else {
                return false
            }
        }
        guard dots >= 1, label >= 2 else { return false }
        return text.extracting((text.count - label)..<text.count).allBytes(\.isLetter)
    }

    /// `db.internal`, `smtp.mail.io:587`, `localhost:5432`, `*.example.org`.
    private static func isHost(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.blanks == 0, looks.codeMarks == 0 else { return false }
        var end = value.count
        if let colon = value.place(ofByte: UInt8(ascii: ":")), colon < value.count - 1,
            value.extracting((colon + 1)..<value.count).allBytes(\.isDigit), value.count - colon <= 6
        {
            end = colon
            if value.extracting(0..<colon).reads("localhost") { return true }
            if value.extracting(0..<colon).allBytes({ $0.isLowerLetter || $0 == UInt8(ascii: "-") }) { return true }
        }
        let host = value.extracting(0..<end)
        guard looks.upper == 0, isDomain(host) else { return false }
        return host.count < 24 || WordLikeness.surprise(host) < 5.2
    }

    /// `sha256:…`, `sha512-…`, `md5:…`.
    private static func isDigest(_ value: Span<UInt8>) -> Bool {
        for name in ["sha1", "sha256", "sha384", "sha512", "md5", "h1"] as [StaticString] where value.opens(with: name)
        {
            let next = name.utf8CodeUnitCount
            return next < value.count && ":-=$ ".utf8.contains(value[next])
        }
        return false
    }

    /// `v1.2.3-beta.1`, `^4.17.1`, `>=3.0`.
    private static func isVersion(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.count <= 32, looks.blanks == 0, count(of: ".", in: value) >= 1 else { return false }
        var index = 0
        while index < value.count, "v^~<>=".utf8.contains(value[index].folded) { index += 1 }
        guard index < value.count, value[index].isDigit, index <= 2 else { return false }
        while index < value.count, value[index].isDigit { index += 1 }
        return index + 1 < value.count && value[index] == UInt8(ascii: ".") && value[index + 1].isDigit
            && looks.marks <= 2 && looks.letters <= 12
    }

    static func count(of byte: Unicode.Scalar, in value: Span<UInt8>) -> Int {
        var total = 0
        for index in value.indices where value[index] == UInt8(byte) { total += 1 }
        return total
    }

    /// Eight, four, four, four and twelve hexadecimal digits.
    static func isUUID(_ value: Span<UInt8>) -> Bool {
        guard value.count == 36 else { return false }
        for index in 0..<36 {
            let wantsDash = index == 8 || index == 13 || index == 18 || index == 23
            if wantsDash ? value[index] != UInt8(ascii: "-") : !value[index].isHexDigit { return false }
        }
        return true
    }
}
