// What the tests of acceptances share.

import Settings
import Testing
import World

@testable import Scanning

let acceptancePath = ".migrate/ignore.yml"
let today = Instant(iso8601: "2026-11-24T12:00:00Z") ?? Instant(seconds: 0)

/// An entry that counts on `today`.
func entry(_ fingerprint: String, _ reason: String = "used in tests", until day: String? = "2027-02-22") -> Acceptance {
    Acceptance(
        fingerprint: fingerprint, reason: reason, owner: "Ada <ada@example.com>",
        until: day.flatMap { AcceptanceEnd.inFile($0)?.instant })
}

/// Sixteen digits that begin like that.
func fingerprint(_ beginning: String) -> String { beginning + String(repeating: "5", count: 16 - beginning.count) }

func parsed(_ text: String) throws -> Acceptances { try Acceptances.parse(Array(text.utf8), path: acceptancePath) }

/// What the parser says of a text, and the line.
func refusal(_ text: String) -> ConfigurationError? {
    do {
        _ = try parsed(text)
        return nil
    } catch { return error as? ConfigurationError }
}

/// The file with these entries, as the tool writes it from nothing.
func written(_ entries: [Acceptance], onto bytes: [UInt8]? = nil) throws -> [UInt8] {
    var editor = try IgnoreFileEditor(bytes, path: acceptancePath)
    try editor.put(entries)
    return editor.bytes
}

/// Numbers that look random and are the same every time.
struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ limit: Int) -> Int { Int(next() >> 11) % limit }

    mutating func fingerprint() -> String {
        let digits = String(next(), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
