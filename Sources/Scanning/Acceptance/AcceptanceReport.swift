// What a report has to say of findings that somebody answers for.

/// A finding that does not count, and why.
package struct AcceptedFinding: Sendable {
    /// Why it does not count.
    package enum Ground: Sendable, Equatable {
        /// An entry of `.migrate/ignore.yml`.
        case entry(Acceptance)
        /// It stands in a baseline: the file's name.
        case baseline(String)
        /// A comment on its line: `gitleaks:allow`.
        case marker(String)
        /// A line of another scanner's ignore file: the file's name.
        case ignoreFile(String)
    }

    package var finding: Finding
    package var ground: Ground

    package init(finding: Finding, ground: Ground) {
        self.finding = finding
        self.ground = ground
    }
}

/// Findings that do not count, and entries that want somebody's attention.
package struct AcceptanceReport: Sendable {
    /// In the order in which the report would have had them.
    package var findings: [AcceptedFinding] = []
    /// Entries that have ended, and whose findings count again.
    package var expired: [Acceptance] = []
    /// Entries that no finding has the fingerprint of. Only known after a complete scan of a whole repository.
    package var stale: [Acceptance] = []
    /// Entries that count for less than fourteen days more.
    package var expiring: [Acceptance] = []

    package init() {}

    package var count: Int { findings.count }

    /// How many findings entries of `.migrate/ignore.yml` accept.
    package var byEntryCount: Int {
        findings.count { if case .entry = $0.ground { true } else { false } }
    }

    /// How many findings a baseline knows.
    package var byBaselineCount: Int {
        findings.count { if case .baseline = $0.ground { true } else { false } }
    }

    /// How many findings comments on their lines accept.
    package var byMarkerCount: Int {
        findings.count { if case .marker = $0.ground { true } else { false } }
    }

    /// How many findings ignore files of other scanners accept.
    package var byIgnoreFileCount: Int {
        findings.count { if case .ignoreFile = $0.ground { true } else { false } }
    }
}
