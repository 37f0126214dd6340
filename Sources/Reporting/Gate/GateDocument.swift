// The result of the gate for programs.

import Detection
package import Gate
import Scanning

/// Writes the gate's result as JSON: `migrate.hook/1`.
package enum GateJSON {
    package static let schema = "migrate.hook/1"

    /// The document in UTF-8, ending in a line break.
    package static func bytes(_ report: GateReport, act: GatedAct) throws -> [UInt8] {
        try JSONText.bytes(
            Document(
                act: "\(act)", passes: report.problems.isEmpty && report.gaps.isEmpty,
                problems: report.problems.map(Problem.init), remaining: report.remainingCount,
                accepted: report.acceptedCount,
                gaps: report.gaps.map { Unread(kind: $0.kind.rawValue, subject: $0.subject, reason: $0.reason) },
                files: report.fileCount, bytes: report.byteCount))
    }

    private struct Document: Encodable {
        let schema = GateJSON.schema
        let act: String
        let passes: Bool
        let problems: [Problem]
        let remaining: Int
        let accepted: Int
        let gaps: [Unread]
        let files: Int
        let bytes: Int
    }

    private struct Problem: Encodable {
        let kind: String
        let path: String
        let line: Int?
        let column: Int?
        let ruleId: String
        let title: String
        let mask: String
        let reason: String
        let fingerprint: String?
        let severity: String

        init(_ problem: GateProblem) {
            kind = problem.kind.rawValue
            path = problem.path
            line = problem.line > 0 ? problem.line : nil
            column = problem.line > 0 ? problem.column : nil
            ruleId = problem.ruleID
            title = problem.title
            mask = problem.mask
            reason = problem.reason
            fingerprint = problem.fingerprint?.description
            severity = problem.severity.name
        }
    }

    private struct Unread: Encodable {
        let kind: String
        let subject: String
        let reason: String
    }
}
