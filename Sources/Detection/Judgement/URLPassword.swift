// The password in a URL's authority: `scheme://user:password@host`.

/// Finds the password of a URL.
package enum URLPassword {
    /// The parts of a URL, as offsets into the scanned bytes.
    package struct Parsed: Sendable, Equatable {
        package let scheme: Range<Int>
        /// Empty in `redis://:password@host`.
        package let user: Range<Int>
        package let password: Range<Int>
        /// Host and port.
        package let host: Range<Int>
    }

    /// The longest authority that is read, in bytes after `://`.
    package static let limit = 2048

    /// Parses the URL whose `://` ends where `hit` ends. Nil without a password.
    ///
    /// Passwords are often not percent-encoded, so the last `@` before a blank, a quote or a
    /// bracket ends the password, as long as what follows starts like a host.
    package static func parse(anchor hit: Range<Int>, in bytes: Span<UInt8>) -> Parsed? {
        let start = hit.upperBound
        guard start >= 3, start < bytes.count, bytes.matches("://", at: start - 3) else { return nil }
        var schemeStart = start - 3
        while schemeStart > 0, start - schemeStart < 40, isScheme(bytes[schemeStart - 1]) { schemeStart -= 1 }
        // JDBC and the like put a scheme before the scheme; the last one counts.
        guard schemeStart < start - 3, let end = endOfAuthority(from: start, in: bytes) else { return nil }

        // Outside the web, `?` and `#` before an `@` are part of a password that nobody encoded.
        let isWeb = bytes.matches("http", at: schemeStart)
        var slash = start
        while slash < end, bytes[slash] != UInt8(ascii: "/"), !isWeb || !"?#".utf8.contains(bytes[slash]) { slash += 1 }
        var at = lastAt(before: slash, from: start, in: bytes)
        if at == nil, !isWeb { at = lastAt(before: end, from: start, in: bytes) }
        guard let at else { return nil }
        var colon = start
        while colon < at, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
        guard colon < at - 1 else { return nil }
        // In `host:8080/path@2` the colon belongs to a port.
        if slash < at, slash > colon, bytes.extracting((colon + 1)..<slash).allBytes(\.isDigit) { return nil }
        let user = start..<colon
        guard bytes.extracting(user).allBytes({ $0 != UInt8(ascii: "/") && !$0.isBlank }) else { return nil }

        var host = at + 1
        while host < end, !"/?#".utf8.contains(bytes[host]), host - at < 256 { host += 1 }
        guard host > at + 1, isHostStart(bytes[at + 1]) else { return nil }
        return Parsed(scheme: schemeStart..<(start - 3), user: user, password: (colon + 1)..<at, host: (at + 1)..<host)
    }

    /// What the URL that was parsed holds.
    package static func judge(_ parsed: Parsed, in bytes: Span<UInt8>, context: ValueContext) -> Judgement {
        let password = bytes.extracting(parsed.password)
        let user = bytes.extracting(parsed.user)
        if let reason = Reference.reason(password) { return Judgement(.reference, "the password \(reason)") }
        if holdsHole(password) { return Judgement(.placeholder, "the password is a hole to fill in") }
        if isStandIn(password) || Placeholder.isPlaceholder(password) {
            return Judgement(.placeholder, "the password is a stand-in")
        }
        let isTemplateUser =
            user.anyByte { "<>{}$[]".utf8.contains($0) } || (user.reads("user") && password.count < 5)
        if isTemplateUser { return Judgement(.placeholder, "the user is a hole to fill in") }
        if password.equals(user) || isVendorDefault(password) {
            guard context == .dotenv else {
                return Judgement(.placeholder, "the password is the user's or a vendor's default")
            }
            return Judgement(.connectionString, "a URL with a weak password")
        }
        if context != .dotenv,
            password.count < 3 || password.count < 5 && password.allBytes(\.isDigit) || password.holds("anon")
        {
            return Judgement(.placeholder, "the password is a mere mark")
        }
        return Judgement(.connectionString, "a URL with a password")
    }

    /// `{password}`, `<pw>`, `%s`, `[pass]`, `***`, `$PASSWORD`, `…`.
    private static func holdsHole(_ password: Span<UInt8>) -> Bool {
        if password.allBytes({ "*.xX-_#?".utf8.contains($0) || $0 >= 0x80 }) { return true }
        if password[0] == UInt8(ascii: "$"), password.count > 1,
            password[1].isLetter || password[1] == UInt8(ascii: "_"),
            password.extracting(1..<password.count).allBytes({ $0.isLetter || $0 == UInt8(ascii: "_") })
        {
            return true
        }
        if password.reads("%s") || password.reads("%v") || password.reads("%d") || password.reads("%q") { return true }
        if password.holds("+ ") || password.holds("\" +") || password.holds("' +") { return true }
        return holdsPair("{", "}", password) || holdsPair("<", ">", password)
            || (password[0] == UInt8(ascii: "[") && password[password.count - 1] == UInt8(ascii: "]"))
    }

    private static func holdsPair(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard let place = text.place(ofByte: UInt8(open)) else { return false }
        return text.place(ofByte: UInt8(close), from: place) != nil
    }

    private static let standIns = WordSet(
        """
        password passwd pass passw0rd pwd pw p secret token key user_password db_password dbpassword mypassword
        my_password username_password userpass user_pass mypass pass123 password123 pass1 password1 pass2 password2
        apikey api_key credentials credential auth foo bar baz test testing abc abcd xyz qux
        """)

    /// Words that stand for a password in a URL, and the passwords of examples.
    static func isStandIn(_ password: Span<UInt8>) -> Bool { standIns.contains(password) }

    private static let defaults = WordSet("postgres root admin guest mysql mongo redis user rabbitmq sa neo4j minio")

    private static func isVendorDefault(_ password: Span<UInt8>) -> Bool { defaults.contains(password) }

    private static func isScheme(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+-.".utf8.contains(byte) }

    private static func isHostStart(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "[${<%(_*".utf8.contains(byte) || byte >= 0x80
    }

    private static func lastAt(before end: Int, from start: Int, in bytes: Span<UInt8>) -> Int? {
        var index = end - 1
        while index > start {
            if bytes[index] == UInt8(ascii: "@") { return index }
            index -= 1
        }
        return nil
    }

    /// The end of what can be a URL; holes such as `${A B}` and `<user>` are stepped over.
    private static func endOfAuthority(from start: Int, in bytes: Span<UInt8>) -> Int? {
        let limit = min(bytes.count, start + Self.limit)
        var index = start
        while index < limit {
            let byte = bytes[index]
            switch Unicode.Scalar(byte) {
            case " ", "\t", "\n", "\r", "\"", "'", "`", "\\": return index
            case "<":
                // `<password>` is a hole; `</url>` and a `<` elsewhere end the URL.
                guard let close = closing(">", after: index, limit, bytes) else { return index }
                index = close
            case ">": return index
            case "{":
                if let close = closing("}", after: index, limit, bytes) { index = close }
            case "\u{0}"..."\u{1F}": return index
            default: break
            }
            index += 1
        }
        return index
    }

    private static func closing(_ mark: Unicode.Scalar, after start: Int, _ limit: Int, _ bytes: Span<UInt8>) -> Int? {
        var index = start + 1
        guard index < limit, bytes[index] != UInt8(ascii: "/") else { return nil }
        while index < min(limit, start + 64) {
            if bytes[index] == UInt8(mark) { return index }
            if bytes[index].isLineEnd || bytes[index] == UInt8(ascii: "<") { return nil }
            index += 1
        }
        return nil
    }
}
