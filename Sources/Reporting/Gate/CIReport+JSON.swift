// The check of a pipeline for programs: `migrate.ci/1`.

import Gate
import Scanning

extension CIReport {
    /// The document, with that of the scan in it as `migrate scan --format json` writes it.
    ///
    /// - Parameter version: of `migrate`.
    package func json(version: String) throws -> [UInt8] {
        struct Problem: Encodable {
            var kind: String
            var subject: String
            var reason: String
            var remedy: String
            var path: String?
            var line: Int?
            var fails: Bool
        }
        struct List: Encodable {
            var checklist: String
            var stateFile: String
            var steps: Int
            var done: Int
            var waived: Int
            var worldAsked: Bool
        }
        struct Document: Encodable {
            var schema = "migrate.ci/1"
            var platform: String?
            var extent: String
            var verdict: String
            var complete: Bool
            var failingFindings: Int
            var problems: [Problem]
            var checklists: [List]
            var scan: JSONDocument
        }
        let document = Document(
            platform: report.platform?.rawValue, extent: report.extent, verdict: report.verdict.rawValue,
            complete: report.scan.isComplete, failingFindings: report.failingCount,
            problems: report.problems.map {
                Problem(
                    kind: $0.kind.rawValue, subject: $0.subject, reason: $0.reason, remedy: $0.remedy, path: $0.path,
                    line: $0.line > 0 ? $0.line : nil, fails: $0.fails(from: report.failOn))
            },
            checklists: report.checklists.map {
                List(
                    checklist: $0.id, stateFile: $0.path, steps: $0.stepCount, done: $0.doneCount,
                    waived: $0.waivedCount, worldAsked: $0.isAsked)
            },
            scan: JSONDocument(report.scan, version: version, reveal: nil))
        return try JSONText.bytes(document)
    }
}
