// What workers bring home: secrets by name, and places, never values.

import Detection
import Dotenv

/// One value under one rule, within a scan.
struct SecretKey: Hashable, Sendable {
    var rule: Int
    var fingerprint: Fingerprint
}

/// What is told of a value wherever it occurs.
struct SecretSummary: Sendable {
    var verdict: Verdict
    var mask: String
    /// The first name it was found under.
    var name: String?
    var reason: String
    /// Whether it stood in a dotenv file as the value of a key.
    var isDotenvValue = false
    /// Of the value itself.
    var trace: ValueTrace?

    mutating func merge(_ other: SecretSummary) {
        name = name ?? other.name
        if other.isDotenvValue && !isDotenvValue {
            isDotenvValue = true
            reason = other.reason
            name = other.name ?? name
        }
    }
}

extension [SecretKey: SecretSummary] {
    /// Adds what is told of a value, or joins it with what was told before.
    mutating func note(_ summary: SecretSummary, for key: SecretKey) {
        if self[key]?.merge(summary) == nil { self[key] = summary }
    }

    /// The same for all that another worker has seen.
    mutating func absorb(_ others: Self) {
        for (key, summary) in others { note(summary, for: key) }
    }
}

/// A value's place in some bytes.
struct Hit: Sendable {
    var secret: SecretKey
    var range: Range<Int>
    var line: Int
    var column: Int
}

/// One key of one version of a dotenv file.
struct DotenvEntrySighting: Sendable {
    var key: String
    var valueClass: ValueClass
    var reason: String
    var isAmbiguous: Bool
    var secret: SecretKey?
}

/// A version of a dotenv file, read.
struct DotenvSighting: Sendable {
    var entries: [DotenvEntrySighting]
    var hits: [Hit]
}
