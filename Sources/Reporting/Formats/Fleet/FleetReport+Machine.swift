// A fleet's report as Markdown, and one JSON text a line.

import Detection
import Scanning

extension FleetReport {
    private static let rowLimit = 200

    /// Markdown for the summary of a job, ending in a line break.
    package static func markdown(for summary: FleetSummary, header: FleetHeader) -> String {
        var lines = ["## migrate scan", "", "**\(headline(summary))**"]
        if header.shard != .whole { lines += ["", "Shard \(header.shard): the others are reported elsewhere."] }
        let rows = summary.rows.filter { !$0.isClean }
        if !rows.isEmpty {
            let severities = Severity.allCases.reversed()
            lines += ["", "| Repository | " + severities.map(\.name).joined(separator: " | ") + " | State |"]
            lines.append("| --- |" + severities.map { _ in " ---: |" }.joined() + " --- |")
            for row in rows.prefix(rowLimit) {
                let state =
                    row.failure.map { "not read: " + MarkdownText.prose($0) }
                    ?? (row.gapCount > 0 ? "read in part" : "findings")
                lines.append(
                    "| \(MarkdownText.code(row.path)) | "
                        + severities.map { row.failure == nil ? "\(row.counts[$0] ?? 0)" : "-" }.joined(
                            separator: " | ")
                        + " | \(state) |")
            }
            if rows.count > rowLimit { lines += ["", "\(rows.count - rowLimit) more are in the full report."] }
        }
        if summary.cleanCount > 0 {
            lines += ["", "\(Wording.count(summary.cleanCount, "repository is", plural: "repositories are")) clean."]
        }
        let shared = summary.findings.filter { $0.repositories.count > 1 }
        if !shared.isEmpty {
            lines += ["", "### The same value in several repositories", ""]
            lines += shared.prefix(rowLimit).map { entry in
                "- \(entry.finding.severity.name): \(MarkdownText.prose(entry.finding.title)) "
                    + MarkdownText.code(entry.finding.mask) + " in "
                    + Wording.list(entry.repositories.map(MarkdownText.code), limit: 20)
            }
        }
        lines += ["", next(summary)]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The form's name and version, in the header line.
    package static let linesSchema = "migrate.fleet-lines/1"

    /// A header, each finding once with all repositories that have it, each repository that was not read, a summary.
    package static func lines(for summary: FleetSummary, header: FleetHeader) throws -> [UInt8] {
        var bytes = try JSONText.line(
            JSONLinesReport.Line(type: "header", content: LinesHeader(header: FleetHeader.Mirror(header))))
        for entry in summary.findings {
            bytes += try JSONText.line(JSONLinesReport.Line(type: "finding", content: FindingLine(entry)))
        }
        for row in summary.rows where row.failure != nil || row.gapCount > 0 {
            bytes += try JSONText.line(
                JSONLinesReport.Line(
                    type: "unread",
                    content: UnreadLine(repository: row.path, reason: row.failure, gaps: row.gapCount)))
        }
        return bytes + (try JSONText.line(JSONLinesReport.Line(type: "summary", content: summary.document)))
    }

    private struct LinesHeader: Encodable {
        let header: FleetHeader.Mirror
        let schema = FleetReport.linesSchema

        enum CodingKeys: String, CodingKey { case schema, tool, list, settings, shard }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(schema, forKey: .schema)
            try container.encode(header.tool, forKey: .tool)
            try container.encode(header.list, forKey: .list)
            try container.encode(header.settings, forKey: .settings)
            try container.encode(header.shard, forKey: .shard)
        }
    }

    private struct FindingLine: Encodable {
        let fingerprint, ruleId, title, severity, mask: String
        let places: [Place]

        struct Place: Encodable {
            let repository, situation, place: String
            let name: String?
            let places: Int
        }

        init(_ entry: FleetSummary.Shared) {
            fingerprint = entry.finding.fingerprint
            ruleId = entry.finding.ruleID
            title = entry.finding.title
            severity = entry.finding.severity.name
            mask = entry.finding.mask
            places = entry.places.map {
                Place(
                    repository: $0.repository, situation: $0.finding.situation, place: $0.finding.place,
                    name: $0.finding.name, places: $0.finding.placeCount)
            }
        }
    }

    private struct UnreadLine: Encodable {
        let repository: String
        let reason: String?
        let gaps: Int
    }
}
