// What a fleet's report says in all.

package import Detection

/// Collects what the summary, the table and the lists need, one repository after the other.
package struct FleetSummary: Sendable {
    struct Row: Sendable {
        let path: String
        let failure: String?
        let gapCount: Int
        /// Findings by severity.
        let counts: [Severity: Int]

        var isClean: Bool { failure == nil && gapCount == 0 && counts.isEmpty }
    }

    /// One value, wherever it stands.
    struct Shared: Sendable {
        /// Of the repository in which it is worst, the first of them.
        var finding: FleetFinding
        /// In the order of the list, each once.
        var repositories: [String]
        /// In which repository what it is like.
        var places: [(repository: String, finding: FleetFinding)]
        /// The number of the first repository that has it.
        var first: Int
    }

    private(set) var rows: [Row] = []
    private var shared: [String: Shared] = [:]

    package init() {}

    package init(_ entries: [FleetEntry]) {
        for entry in entries { add(entry) }
    }

    package mutating func add(_ entry: FleetEntry) {
        rows.append(
            Row(
                path: entry.path, failure: entry.failure, gapCount: entry.gapCount,
                counts: entry.findings.reduce(into: [:]) { $0[$1.severity, default: 0] += 1 }))
        for finding in entry.findings {
            // A committed dotenv file is no value: in another repository it is another file.
            let key = finding.fingerprint + (finding.ruleID == Rule.dotenvFile.id ? "\n" + entry.path : "")
            guard var known = shared[key] else {
                shared[key] = Shared(
                    finding: finding, repositories: [entry.path], places: [(entry.path, finding)],
                    first: rows.count)
                continue
            }
            if known.repositories.last != entry.path { known.repositories.append(entry.path) }
            known.places.append((entry.path, finding))
            if finding.severity > known.finding.severity { known.finding = finding }
            shared[key] = known
        }
    }

    /// Each value once, worst first.
    var findings: [Shared] {
        shared.values.sorted {
            ($1.finding.severity, $0.finding.ruleID, $0.finding.fingerprint, $0.first)
                < ($0.finding.severity, $1.finding.ruleID, $1.finding.fingerprint, $1.first)
        }
    }

    /// Whether all of every repository was read.
    package var isComplete: Bool { rows.allSatisfy { $0.failure == nil && $0.gapCount == 0 } }
    /// The worst severity of all findings; nil without any.
    package var worst: Severity? { shared.values.map(\.finding.severity).max() }

    /// The first repository that was not or not wholly read, and how many more; nil when all were.
    package var unreadInWords: String? {
        let unread = rows.filter { $0.failure != nil || $0.gapCount > 0 }
        return unread.first.map { row in
            row.path + ": " + (row.failure ?? "\(Wording.count(row.gapCount, "thing")) in it could not be read")
                + (unread.count > 1 ? " (and \(unread.count - 1) more)" : "")
        }
    }

    var failedCount: Int { rows.filter { $0.failure != nil }.count }
    var partialCount: Int { rows.filter { $0.failure == nil && $0.gapCount > 0 }.count }
    var cleanCount: Int { rows.filter(\.isClean).count }
    var affectedCount: Int { rows.filter { !$0.counts.isEmpty }.count }

    /// Values by severity, each once.
    func count(_ severity: Severity) -> Int { shared.values.filter { $0.finding.severity == severity }.count }

    var document: Document { Document(self) }

    struct Document: Encodable {
        let repositories, clean, withFindings, incomplete, failed, findings: Int
        let complete: Bool
        let bySeverity: [String: Int]
        /// Values that stand in more than one repository.
        let shared: [SharedFinding]

        struct SharedFinding: Encodable {
            let fingerprint, ruleId, severity, mask: String
            let repositories: [String]
        }

        init(_ summary: FleetSummary) {
            repositories = summary.rows.count
            clean = summary.cleanCount
            withFindings = summary.affectedCount
            incomplete = summary.partialCount
            failed = summary.failedCount
            complete = summary.isComplete
            let all = summary.findings
            findings = all.count
            bySeverity = Severity.allCases.reduce(into: [:]) { counts, severity in
                counts[severity.name] = all.filter { $0.finding.severity == severity }.count
            }
            shared = all.filter { $0.repositories.count > 1 }.map {
                SharedFinding(
                    fingerprint: $0.finding.fingerprint, ruleId: $0.finding.ruleID,
                    severity: $0.finding.severity.name, mask: $0.finding.mask, repositories: $0.repositories)
            }
        }
    }
}
