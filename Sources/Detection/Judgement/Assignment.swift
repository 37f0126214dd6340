// Finds the value that a name is given, in the notations of code and configuration.

/// Reads `NAME = "value"` and its relatives around a word that a scan has found.
package enum Assignment {
    /// How the name gets its value.
    package enum Operator: Sendable {
        /// `=`, `:=`, `<-`.
        case assignment
        /// `:`, `=>`.
        case mapping
        /// `==`, `!=`: the value is compared with, not set.
        case comparison
        /// `setPassword("…")`, `("password", "…")`.
        case argument
        /// `?? "…"`, `|| "…"`: what holds when nothing is set.
        case fallback
        /// `<password>…</password>`, `key="password" value="…"`.
        case markup
        /// `--password …`, `ENV PASSWORD …`, `password '…'`.
        case space
    }

    /// A name with its value, as offsets into the scanned bytes.
    package struct Parsed: Sendable, Equatable {
        package let key: Range<Int>
        /// Inside the quotes; never empty.
        package let value: Range<Int>
        package let isQuoted: Bool
        package let operation: Operator
    }

    /// How far a name reaches from the word on either side, in bytes.
    package static let nameLimit = 64
    /// The longest value, in bytes.
    package static let valueLimit = 4096
    /// The most bytes between a name and its value: 320 of a variable's block, and quotes, blanks and operators.
    static let gapLimit = 384
    /// How much of the line before a name is looked at, in bytes.
    static let lineLimit = 128
    /// The longest address of a registry before a name, in bytes.
    static let addressLimit = 256

    /// The most bytes before a word, and the most after it, that decide what `parse` gives.
    ///
    /// After it stand the rest of the name, the gap and the value. Before it there is less: the name's start, an
    /// address and a part of the line.
    package static let reach = nameLimit + gapLimit + valueLimit

    /// Words of names that are worth a call of `parse`, for search without regard to case.
    package static let anchors = [
        "passw", "passphrase", "passcode", "pwd", "pass", "secret", "token", "api_key", "api-key", "apikey", "api.key",
        "credential", "auth", "private_key", "privatekey", "access_key", "accesskey", "account_key", "accountkey",
        "encryption_key", "encryptionkey", "signing_key", "signingkey", "master_key", "masterkey", "secret_key",
        "app_key", "appkey", "shared_key", "sharedkey", "license_key", "licensekey", "_key", "-key", "rootpw", "bindpw",
        "_salt", "identified by",
    ]

    /// The assignment to the name around the word at `hit`; nil when there is none.
    ///
    /// Reads at most `reach` bytes on either side of the word: what stands farther away changes nothing.
    package static func parse(name hit: Range<Int>, in bytes: Span<UInt8>) -> Parsed? {
        guard hit.lowerBound >= 0, hit.upperBound <= bytes.count else { return nil }
        // Cut here, so that the bound holds whatever the readers do.
        let near = bytes.extracting(0..<min(bytes.count, hit.upperBound + reach))
        guard let name = Name(around: hit, in: near) else { return nil }
        var reader = AssignmentReader(name)
        return reader.read(near)
    }

    /// What the value of `parsed` is. A value that is compared with must look random to count.
    package static func judge(_ parsed: Parsed, in bytes: Span<UInt8>) -> Judgement {
        let value = bytes.extracting(parsed.value)
        let judged = ValueJudge.judge(
            key: bytes.extracting(parsed.key), value: value, in: parsed.isQuoted ? .quoted : .unquoted)
        guard judged.valueClass == .secret, parsed.operation == .comparison else { return judged }
        return ValueLooks(value).isRandom(value, atLeast: 16)
            ? judged : Judgement(.configuration, "is compared with, and reads like a word")
    }

    /// The name around a word, with what stands directly around it.
    struct Name {
        let range: Range<Int>
        /// The quote before the name, 0 for none.
        let quote: UInt8
        /// The quote is written `\"`, as in JSON within a string.
        let isEscaped: Bool
        /// The name is quoted on both sides.
        let isQuoted: Bool
        /// `--name`.
        let isFlag: Bool
        /// The first byte after the name and its quote.
        let end: Int

        init?(around hit: Range<Int>, in bytes: Span<UInt8>) {
            guard hit.lowerBound >= 0, hit.upperBound <= bytes.count, !hit.isEmpty else { return nil }
            var lower = hit.lowerBound
            var upper = hit.upperBound
            while lower > 0, hit.lowerBound - lower < nameLimit, isNameByte(bytes[lower - 1]) { lower -= 1 }
            while upper < bytes.count, upper - hit.upperBound < nameLimit, isNameByte(bytes[upper]) {
                // `password->x` is no name with a dash.
                if bytes[upper] == UInt8(ascii: "-"), upper + 1 < bytes.count, bytes[upper + 1] == UInt8(ascii: ">") {
                    break
                }
                upper += 1
            }
            // A name that fills its bound on either side is a run of text.
            if hit.lowerBound - lower == nameLimit || upper - hit.upperBound == nameLimit { return nil }
            // The escape `\n` or `\t` before a name is no part of it.
            if lower > 0, bytes[lower - 1] == UInt8(ascii: "\\"), lower < hit.lowerBound,
                "nrt".utf8.contains(bytes[lower])
            {
                lower += 1
            }
            let full = lower
            while lower < hit.lowerBound, bytes[lower] == UInt8(ascii: "-") || bytes[lower] == UInt8(ascii: ".") {
                lower += 1
            }
            isFlag = lower - full >= 1 && bytes[full] == UInt8(ascii: "-")
            while upper > hit.upperBound, bytes[upper - 1] == UInt8(ascii: "-") || bytes[upper - 1] == UInt8(ascii: ".")
            {
                upper -= 1
            }
            range = lower..<upper

            let before = full > 0 ? bytes[full - 1] : 0
            let hasQuote = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") || before == UInt8(ascii: "`")
            quote = hasQuote ? before : 0
            isEscaped = hasQuote && full > 1 && bytes[full - 2] == UInt8(ascii: "\\")
            var after = upper
            var closes = false
            if hasQuote {
                if isEscaped, after + 1 < bytes.count, bytes[after] == UInt8(ascii: "\\"), bytes[after + 1] == before {
                    after += 2
                    closes = true
                } else if !isEscaped, after < bytes.count, bytes[after] == before {
                    after += 1
                    closes = true
                }
            }
            isQuoted = closes
            end = after
        }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
