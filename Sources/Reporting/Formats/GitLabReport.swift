// GitLab's report of secret detection: gl-secret-detection-report.json.

import Detection
import Git
package import Scanning
package import World

/// Writes a scan's result as GitLab's report of secret detection, by version 15.0.7 of its published schema, which all
/// GitLab versions of these years take.
///
/// A vulnerability for each finding; further places are in its details. GitLab shows its texts as Markdown, so that what
/// comes from a repository is escaped.
package struct GitLabReport: Sendable {
    /// The version of GitLab's schema.
    package static let schemaVersion = "15.0.7"

    /// The version of `migrate`.
    package var version: String
    package var started: Instant
    package var ended: Instant

    package init(version: String, started: Instant, ended: Instant) {
        self.version = version
        self.started = started
        self.ended = ended
    }

    /// The document in UTF-8, ending in a line break.
    package func bytes(for report: ScanReport) throws -> [UInt8] {
        try JSONText.bytes(
            GitLabDocument(
                scan: GitLabDocument.Scan(
                    report, version: version, start: Self.time(started), end: Self.time(max(started, ended))),
                vulnerabilities: report.findings.map { GitLabDocument.Vulnerability($0, in: report.target) }))
    }

    /// `2025-11-24T08:59:03`: the schema wants UTC, and no `Z` that says so.
    private static func time(_ instant: Instant) -> String { String(instant.iso8601.prefix(19)) }
}

/// The part of GitLab's schema that we write, by its names.
struct GitLabDocument: Encodable {
    let version = GitLabReport.schemaVersion
    let scan: Scan
    let vulnerabilities: [Vulnerability]

    struct Scan: Encodable {
        let analyzer: Tool
        let scanner: Tool
        let type = "secret_detection"
        let startTime: String
        let endTime: String
        /// A scan with gaps must not pass for a clean one.
        let status: String
        let messages: [Message]

        enum CodingKeys: String, CodingKey {
            case analyzer, scanner, type, status, messages
            case startTime = "start_time"
            case endTime = "end_time"
        }

        init(_ report: ScanReport, version: String, start: String, end: String) {
            analyzer = Tool(version: version)
            scanner = analyzer
            startTime = start
            endTime = end
            status = report.isComplete ? "success" : "failure"
            let clean = Sanitizer()
            messages =
                report.gaps.map { Message(level: "warn", value: clean.clean($0.sentence)) }
                + report.notes.map { Message(level: "info", value: clean.clean($0)) }
        }
    }

    struct Tool: Encodable {
        let id = "migrate"
        let name = "migrate"
        let version: String
        let vendor = ["name": "migrate"]
    }

    struct Message: Encodable {
        let level, value: String
    }

    struct Identifier: Encodable {
        let type, name, value: String
    }

    struct Location: Encodable {
        let file: String?
        let startLine, endLine: Int?
        let commit: Commit

        enum CodingKeys: String, CodingKey {
            case file, commit
            case startLine = "start_line"
            case endLine = "end_line"
        }
    }

    struct Commit: Encodable {
        let sha: String
        let author, date, message: String?

        init(sha: String, summary: CommitSummary? = nil) {
            let clean = Sanitizer()
            self.sha = sha
            author = summary.map { clean.clean("\($0.authorName) <\($0.authorEmail)>") }
            date = summary.map { Timestamp($0.time).iso8601 }
            message = summary.map { clean.clean($0.subject) }
        }
    }

    /// Another place: one of GitLab's types of details.
    struct Detail: Encodable {
        let type: String
        let fileName: String?
        let lineStart: Int?
        let value: String?

        enum CodingKeys: String, CodingKey {
            case type, value
            case fileName = "file_name"
            case lineStart = "line_start"
        }
    }

    struct Details: Encodable {
        let places: Places?

        struct Places: Encodable {
            let name = "Further places"
            let type = "list"
            let items: [Detail]
        }
    }
}
