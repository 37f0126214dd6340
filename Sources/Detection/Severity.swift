// How bad a finding is, and what can be said of it offline.

/// How urgent a finding is. The order is the order of work.
package enum Severity: Int, Sendable, Comparable, CaseIterable {
    /// Worth knowing, never fails a scan: a public key, a dotenv file without secrets.
    case info
    /// Unlikely to be abused as it stands.
    case low
    /// A secret of unknown kind or reach.
    case medium
    /// A credential of a known kind.
    case high
    /// A credential that alone opens an account or a production system.
    case critical

    package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

    /// The word used on the command line and in every report.
    package var name: String { "\(self)" }

    /// The severity with that name, letter case aside.
    package init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = match
    }
}

/// What can be said about a value without asking anybody.
package enum Verdict: String, Sendable, CaseIterable {
    /// The format carries a check (a checksum, an encoded structure) and it holds.
    case checked
    /// It looks right; the format carries no check, or the check is only a hint.
    case wellFormed = "well-formed"
    /// It has the shape, but its checksum or structure does not hold: likely made up.
    case checkFailed = "check-failed"
    /// A stand-in: `changeme`, `xxxx`, `<your-key>`, a vendor's documented example.
    case placeholder
    /// Meant to be seen by anybody: a Sentry DSN, a publishable key.
    case publicByDesign = "public"
}
