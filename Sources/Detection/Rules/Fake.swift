// Made-up credentials for the examples of rules: random, the same at each run, and nobody's.

/// Makes values that have a credential's shape.
///
/// The repository's own text thus holds nothing that looks like a key.
package enum Fake {
    /// `count` characters of an alphabet; the same for the same seed.
    static func text(_ alphabet: Alphabet, _ count: Int, seed: UInt64) -> String {
        var generator = Generator(state: seed)
        return String(
            decoding: (0..<count).map { _ in
                alphabet.characters[Int(generator.next() >> 33) % alphabet.characters.count]
            }, as: UTF8.self)
    }

    /// Letters and digits.
    package static func alphanumeric(_ count: Int, seed: UInt64) -> String { text(.alphanumeric, count, seed: seed) }
    /// Letters, digits, `-` and `_`.
    package static func base64URL(_ count: Int, seed: UInt64) -> String { text(.base64URL, count, seed: seed) }
    /// Letters, digits, `+` and `/`.
    package static func base64(_ count: Int, seed: UInt64) -> String { text(.base64, count, seed: seed) }
    /// Digits and `a` to `f`.
    package static func hex(_ count: Int, seed: UInt64) -> String { text(.lowerHex, count, seed: seed) }

    /// A token with GitHub's layout and checksum.
    package static func gitHub(_ prefix: String, seed: UInt64) -> String {
        let body = alphanumeric(30, seed: seed)
        return prefix + body + base62(checksum(body), width: 6)
    }

    /// An npm token: GitHub's checksum, which leaves out the prefix.
    package static func npm(seed: UInt64) -> String { gitHub("npm" + "_", seed: seed) }

    /// A Grafana service account token.
    package static func grafana(seed: UInt64) -> String {
        let body = "glsa" + "_" + alphanumeric(32, seed: seed)
        return body + "_" + hexadecimal(checksum(body).byteSwapped)
    }

    /// A Bitbucket app password.
    package static func bitbucket(seed: UInt64) -> String {
        let body = "ATB" + "B" + alphanumeric(24, seed: seed)
        return body + hexadecimal(checksum(body)).uppercased()
    }

    /// An Atlassian API token with `prefix`.
    package static func atlassian(_ prefix: String, seed: UInt64) -> String {
        let body = prefix + base64URL(172, seed: seed) + "="
        return body + hexadecimal(checksum(body)).uppercased()
    }

    /// A SendGrid key; both parts end as 16 and 32 bytes of base64url do.
    package static func sendGrid(seed: UInt64) -> String {
        "SG" + "." + bytes(16, seed: seed) + "." + bytes(32, seed: seed &+ 1)
    }

    /// A JSON Web Token.
    package static func jsonWebToken(seed: UInt64) -> String {
        let header = base64URL(of: #"{"alg":"HS256","typ":"JWT"}"#)
        let payload = base64URL(of: #"{"sub":"\#(hex(16, seed: seed))","iat":1700000000}"#)
        return header + "." + payload + "." + bytes(32, seed: seed &+ 1)
    }

    /// A PyPI token: a macaroon with one caveat.
    package static func pyPI(location: String = "pypi.org", seed: UInt64) -> String {
        let caveat = Array("[[\"project\"]]".utf8)
        let identifier = Array(hex(36, seed: seed).utf8)
        var macaroon: [UInt8] = [2, 1, UInt8(location.utf8.count)] + Array(location.utf8)
        macaroon += [2, UInt8(identifier.count)] + identifier + [0]
        macaroon += [2, UInt8(caveat.count)] + caveat + [0, 0]
        macaroon += [6, 32] + Array(hex(32, seed: seed &+ 1).utf8)
        return "pypi" + "-" + base64URL(of: macaroon)
    }

    /// A PEM block of `kind`, such as `RSA PRIVATE KEY`, with `newline` between its lines.
    package static func pem(_ kind: String, newline: String = "\n", seed: UInt64) -> String {
        let lines = (0..<6).map { base64(64, seed: seed &+ $0) } + [base64(42, seed: seed &+ 6) + "=="]
        let dashes = "-----"
        return (["\(dashes)BEGIN \(kind)\(dashes)"] + lines + ["\(dashes)END \(kind)\(dashes)"])
            .joined(separator: newline)
    }

    /// Eight random groups of hexadecimal digits, as UUIDs have them.
    package static func uuid(seed: UInt64) -> String {
        [8, 4, 4, 4, 12].enumerated().map { hex($1, seed: seed &+ UInt64($0)) }.joined(separator: "-")
    }

    /// `text` in base64url without padding.
    package static func base64URL(of text: String) -> String { base64URL(of: Array(text.utf8)) }

    private static func base64URL(of bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `count` random bytes in base64url.
    private static func bytes(_ count: Int, seed: UInt64) -> String {
        var generator = Generator(state: seed)
        return base64URL(of: (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) })
    }

    private static func checksum(_ text: String) -> UInt32 { CRC32.checksum(Array(text.utf8).span) }

    private static func base62(_ number: UInt32, width: Int) -> String {
        var rest = Int(number)
        var text: [UInt8] = []
        for _ in 0..<width {
            text.insert(Alphabet.alphanumeric.characters[rest % 62], at: 0)
            rest /= 62
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    /// SplitMix64: good enough to look random, and the same everywhere.
    private struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
