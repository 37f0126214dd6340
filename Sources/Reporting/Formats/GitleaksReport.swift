// The array that users of gitleaks read.

import Detection
import Git
package import Scanning

/// Writes a scan's result as the JSON array that gitleaks writes, so that what reads that can stay.
///
/// An element for each place. `Secret` and `Match` are the mask; the end of a value is not told, since that would tell
/// its length, and no entropy is. `Fingerprint` is ours.
package struct GitleaksReport: Sendable {
    package init() {}

    /// The document in UTF-8, ending in a line break.
    package func bytes(for report: ScanReport) throws -> [UInt8] {
        try JSONText.bytes(
            report.findings.flatMap { finding in
                finding.occurrences.map { Leak(finding, $0, in: report.target) }
            })
    }

    /// By the names that gitleaks has.
    private struct Leak: Encodable {
        let ruleID, description: String
        let startLine, endLine, startColumn, endColumn: Int
        let match, secret, file, symlinkFile, commit: String
        let entropy = 0
        let author, email, date, message: String
        let tags: [String]
        let fingerprint: String

        enum CodingKeys: String, CodingKey {
            case ruleID = "RuleID"
            case description = "Description"
            case startLine = "StartLine"
            case endLine = "EndLine"
            case startColumn = "StartColumn"
            case endColumn = "EndColumn"
            case match = "Match"
            case secret = "Secret"
            case file = "File"
            case symlinkFile = "SymlinkFile"
            case commit = "Commit"
            case entropy = "Entropy"
            case author = "Author"
            case email = "Email"
            case date = "Date"
            case message = "Message"
            case tags = "Tags"
            case fingerprint = "Fingerprint"
        }

        init(_ finding: Finding, _ occurrence: Occurrence, in target: ScanReport.Target) {
            let place = FindingPlace(occurrence)
            ruleID = finding.ruleID
            description = finding.title(in: target)
            (startLine, endLine) = (place.line, place.line)
            (startColumn, endColumn) = (place.column, place.column)
            secret = finding.mask
            match = finding.name.map { $0 + "=" + finding.mask } ?? finding.mask
            file = place.path ?? ""
            symlinkFile = ""
            // Of a file that no commit has, there is none to name.
            let isCommitted: Bool =
                switch occurrence.source {
                case .blob, .commitMessage, .tagMessage: true
                case .file, .standardInput: false
                }
            let introduced = isCommitted ? finding.history.introduced : nil
            if case .commitMessage(let id) = occurrence.source {
                commit = id.description
            } else {
                commit = introduced?.id.description ?? ""
            }
            let isSame = introduced?.id.description == commit
            author = isSame ? introduced?.authorName ?? "" : ""
            email = isSame ? introduced?.authorEmail ?? "" : ""
            date = isSame ? introduced.map { Timestamp($0.time).iso8601 } ?? "" : ""
            message = isSame ? introduced?.subject ?? "" : ""
            tags = [finding.severity.name, Situation(of: finding, in: target).rawValue]
            fingerprint = finding.fingerprint.description
        }
    }
}
