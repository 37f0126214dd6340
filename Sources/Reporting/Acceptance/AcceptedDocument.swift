// Accepted findings in the JSON report.

import Detection
package import Scanning
import World

/// The member `accepted` of the JSON report, see docs/report-schema.md.
struct AcceptedDocument: Encodable {
    let count: Int
    let findings: [Item]
    let expired: [Entry]
    let expiring: [Entry]
    let stale: [Entry]

    init(_ accepted: AcceptanceReport, in target: ScanReport.Target) {
        count = accepted.count
        findings = accepted.findings.map { Item($0, in: target) }
        expired = accepted.expired.map(Entry.init)
        expiring = accepted.expiring.map(Entry.init)
        stale = accepted.stale.map(Entry.init)
    }

    struct Item: Encodable {
        let fingerprint: String
        let ruleId: String
        let title: String
        let severity: String
        let mask: String
        let name: String?
        let path: String?
        let line: Int?
        let by: String
        let source: String
        let reason: String?
        let owner: String?
        let until: String?

        init(_ accepted: AcceptedFinding, in target: ScanReport.Target) {
            let finding = accepted.finding
            fingerprint = finding.fingerprint.description
            ruleId = finding.ruleID
            title = finding.title(in: target)
            severity = finding.severity.name
            mask = finding.mask
            name = finding.name
            path = finding.occurrences.first?.path
            line = finding.occurrences.first?.line
            by = accepted.ground.word
            source = accepted.ground.source
            reason = accepted.ground.entry?.reason
            owner = accepted.ground.entry?.owner
            until = accepted.ground.entry?.until?.day
        }
    }

    struct Entry: Encodable {
        let fingerprint: String
        let reason: String
        let owner: String
        let until: String?
        let note: String?

        init(_ acceptance: Acceptance) {
            fingerprint = acceptance.fingerprint
            reason = acceptance.reason
            owner = acceptance.owner
            until = acceptance.until?.day
            note = acceptance.note
        }
    }
}

extension AcceptedFinding.Ground {
    /// Its kind, for programs.
    package var word: String {
        switch self {
        case .entry: "entry"
        case .baseline: "baseline"
        case .marker: "comment"
        case .ignoreFile: "ignore-file"
        }
    }

    /// What says so: a file's name, or a comment's words.
    package var source: String {
        switch self {
        case .entry: Acceptances.path
        case .baseline(let name), .marker(let name), .ignoreFile(let name): name
        }
    }

    package var entry: Acceptance? {
        if case .entry(let acceptance) = self { acceptance } else { nil }
    }

    /// Why, in one sentence without a full stop.
    package var inWords: String {
        switch self {
        case .entry(let entry):
            "\(entry.reason) (\(entry.owner), " + (entry.until.map { "until \($0.day)" } ?? "without an end") + ")"
        case .baseline(let name): "it stands in the baseline \(name)"
        case .marker(let words): "a comment on its line says `\(words)`"
        case .ignoreFile(let name): "\(name) lists it"
        }
    }
}
