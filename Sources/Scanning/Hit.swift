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
    /// A name that it was found under: of several the first by the alphabet, in a dotenv file before others.
    var name: String?
    var reason: String
    /// Whether it stood in a dotenv file as the value of a key.
    var isDotenvValue = false
    /// Of the value itself.
    var trace: ValueTrace?

    /// Joins what is told of the same value elsewhere. Workers see things in any order: what comes out does not depend
    /// on it.
    mutating func merge(_ other: SecretSummary) {
        if let name = other.name {
            let isBetter =
                self.name.map { known in
                    other.isDotenvValue == isDotenvValue ? name < known : other.isDotenvValue
                } ?? true
            if isBetter { self.name = name }
        }
        let weights = (Self.weight(of: other.verdict), Self.weight(of: verdict))
        if other.isDotenvValue == isDotenvValue {
            if weights.0 > weights.1 || weights.0 == weights.1 && other.reason < reason { reason = other.reason }
        } else if other.isDotenvValue {
            isDotenvValue = true
            reason = other.reason
        }
        // A value that is a stand-in under one name and a secret under another is a secret.
        if weights.0 > weights.1 { verdict = other.verdict }
        mask = min(mask, other.mask)
    }

    private static func weight(of verdict: Verdict) -> Int {
        switch verdict {
        case .checked: 4
        case .wellFormed: 3
        case .checkFailed: 2
        case .publicByDesign: 1
        case .placeholder: 0
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
