// The report for programs: our own versioned JSON, see docs/report-schema.md.

package import Scanning

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes a scan's result as JSON, in the form that `docs/report.schema.json` describes.
///
/// The same report gives the same bytes: keys are sorted, and no clock is read.
package struct JSONReport: Sendable {
    /// The form's name and version. The number rises when a reader of the last form could
    /// break; a new key alone does not raise it.
    package static let schema = "migrate.scan/1"

    /// The version of `migrate`.
    package var version: String

    package init(version: String) { self.version = version }

    /// The document in UTF-8, ending in a line break.
    ///
    /// `reveal` returns the value at an occurrence; with it each finding has its `value`.
    package func bytes(for report: ScanReport, reveal: ((Occurrence) -> String?)? = nil) throws -> [UInt8] {
        try JSONText.bytes(JSONDocument(report, version: version, reveal: reveal))
    }
}

/// Encodes documents the way both machine formats want them.
enum JSONText {
    static func bytes(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(document)) + [UInt8(ascii: "\n")]
    }
}
