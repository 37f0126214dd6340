// What a new value looks like: as the old one did, so that what reads it need not change.

import Secrets
import Stores

/// How a value is generated.
struct GeneratedForm: Sendable, Equatable {
    var format: ValueGenerator.Format
    /// Of randomness.
    var bytes: Int

    static let standard = GeneratedForm(format: .hex, bytes: 32)

    init(format: ValueGenerator.Format, bytes: Int) {
        self.format = format
        self.bytes = bytes
    }

    /// As long as the old value and of its alphabet, and never with less than 32 bytes of randomness: the old one may
    /// have been a weak word.
    init(like old: SharedSecret?) {
        guard let old, !old.isEmpty else {
            self = .standard
            return
        }
        self = old.withBytes { text in
            func all(_ isOne: (UInt8) -> Bool) -> Bool { text.indices.allSatisfy { isOne(text[$0]) } }
            func isHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20) }
            func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
            func isAlnum(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || isLetter(byte) }
            func has(_ byte: Character) -> Bool { text.indices.contains { text[$0] == byte.asciiValue } }
            func held(_ bytes: Int) -> Int { min(max(bytes, 32), ValueGenerator.bytes.upperBound) }
            let dashes = [8, 13, 18, 23]
            let isUUID =
                text.count == 36
                && text.indices.allSatisfy { dashes.contains($0) ? text[$0] == 0x2D : isHex(text[$0]) }
            if isUUID { return GeneratedForm(format: .uuid, bytes: 16) }
            if text.count >= 32, all(isHex) { return GeneratedForm(format: .hex, bytes: held(text.count / 2)) }
            let bytes = held(text.count * 3 / 4)
            if text.count >= 24, text.count % 4 == 0, has("+") || has("/") || has("="),
                all({ isAlnum($0) || "+/=".utf8.contains($0) })
            {
                return GeneratedForm(format: .base64, bytes: bytes)
            }
            if text.count >= 24, has("-") || has("_"), all({ isAlnum($0) || "-_".utf8.contains($0) }) {
                return GeneratedForm(format: .base64url, bytes: bytes)
            }
            if text.count >= 24, all(isAlnum) { return GeneratedForm(format: .alnum, bytes: bytes) }
            // A word, a sentence: hexadecimal digits go through everything.
            return .standard
        }
    }

    /// "a new random value: 32 bytes as hex"
    var words: String {
        format == .uuid ? "a new random uuid" : "a new random value: \(bytes) bytes as \(format.rawValue)"
    }

    /// Whether whatever reads the key takes any value that nobody can guess: a signing key, a session secret.
    static func fits(_ key: String) -> Bool {
        let key = key.uppercased()
        if key.hasPrefix("JWT_SECRET") || key.contains("SESSION") { return true }
        if ["SECRET_KEY", "SECRET_KEY_BASE", "APP_SECRET", "APP_KEY", "COOKIE_SECRET", "CSRF_SECRET"].contains(key) {
            return true
        }
        let words = ["JWT", "DJANGO", "FLASK", "RAILS", "COOKIE", "CSRF", "NEXTAUTH", "AUTH", "SIGNING"]
        return words.contains { key.hasPrefix($0 + "_") }
            && ["_SECRET", "_SECRET_KEY", "_SECRET_KEY_BASE", "_SIGNING_KEY"].contains { key.hasSuffix($0) }
    }
}
