// One JSON text a line, for programs that read as it comes.

package import Scanning

/// Writes a scan's result as JSON Lines: a header, one finding a line, a summary.
///
/// A finding's line has the members of a finding in `JSONReport`, and `type`. A file without its summary line was cut
/// short.
package struct JSONLinesReport: Sendable {
    /// The form's name and version, in the header line.
    package static let schema = "migrate.scan-lines/1"

    /// The version of `migrate`.
    package var version: String

    package init(version: String) { self.version = version }

    /// The lines in UTF-8, each ending in a line break.
    package func bytes(for report: ScanReport) throws -> [UInt8] {
        let document = JSONDocument(report, version: version, reveal: nil)
        var bytes = try JSONText.line(Header(document))
        for finding in document.findings { bytes += try JSONText.line(Line(type: "finding", content: finding)) }
        return bytes + (try JSONText.line(Summary(document)))
    }

    /// A line of a type of its own: the members of `content`, and `type`.
    struct Line<Content: Encodable>: Encodable {
        let type: String
        let content: Content

        private enum CodingKeys: String, CodingKey { case type }

        func encode(to encoder: any Encoder) throws {
            try content.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(type, forKey: .type)
        }
    }

    private struct Header: Encodable {
        let type = "header"
        let schema = JSONLinesReport.schema
        let tool: JSONDocument.Tool
        let target: JSONDocument.Target
        let scope: String

        init(_ document: JSONDocument) {
            tool = document.tool
            target = document.target
            scope = document.scope
        }
    }

    private struct Summary: Encodable {
        let type = "summary"
        let complete: Bool
        let counts: JSONDocument.Counts
        let gaps: [JSONDocument.Unread]
        let notes: [String]
        let statistics: JSONDocument.Totals

        init(_ document: JSONDocument) {
            complete = document.complete
            counts = document.counts
            gaps = document.gaps
            notes = document.notes
            statistics = document.statistics
        }
    }
}
