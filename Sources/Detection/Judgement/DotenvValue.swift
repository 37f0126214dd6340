// Values of dotenv files under names that speak of secrets: nearly all of them are secrets.

/// Judges what is neither a stand-in nor a plain setting.
enum DotenvValue {
    static func judge(_ key: KeyReading, _ value: Span<UInt8>, _ looks: ValueLooks) -> Judgement {
        if key.isHash, !KnownFormat.isPasswordHash(value) {
            // `TOKEN_HASH`, `PASSWORD_HASH` without the form of one: a checksum is still worth a look.
            guard looks.isRandom(value, atLeast: 16) || value.containsByte("$") else {
                return Judgement(.configuration, "the name speaks of a hash, the value is none")
            }
        }
        switch key.kind {
        case .password:
            if key.hasTail, looks.digits + looks.marks == 0, looks.upper == 0 || looks.lower == 0, looks.count < 5 {
                return Judgement(.configuration, "a short word under a name that says more than password")
            }
            return Judgement(.secret, "a password by its name")
        case .token:
            if key.hasTail, !isStrong(value, looks) {
                return Judgement(.configuration, "a word under a name that says more than token")
            }
            if looks.count < 4 { return Judgement(.configuration, "too short for a token") }
            return Judgement(.secret, "a secret by its name")
        default:
            let isPin = key.isPin && looks.digits == looks.count && looks.count >= 4 && looks.count <= 12
            guard isPin || isStrong(value, looks) || isPair(value, looks) else {
                return Judgement(.configuration, "the name may speak of a secret, the value does not")
            }
            return Judgement(.secret, "a secret by its name and value")
        }
    }

    /// Letters and digits mixed, or text unlike words, and no list of words.
    private static func isStrong(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        if PlainShape.isUUID(value) { return true }
        guard looks.count >= 6, looks.blanks == 0 || looks.count >= 32 else { return false }
        if looks.isRandom(value, atLeast: 12) { return true }
        return looks.digits > 0 && looks.letters > 0 && WordLikeness.surprise(value) >= 4.5
            || looks.marks > 0 && looks.letters > 0 && looks.digits > 0
    }

    /// A user and a password under `BASIC_AUTH`.
    private static func isPair(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard let colon = value.place(ofByte: UInt8(ascii: ":")), colon > 0, colon < value.count - 3 else {
            return false
        }
        return looks.blanks == 0 && PlainShape.count(of: ":", in: value) == 1
            && (looks.digits > 0 || looks.marks > 0) && !value.holds("//")
    }
}
