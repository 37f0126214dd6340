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
        return escapingControls(try encoder.encode(document)) + [UInt8(ascii: "\n")]
    }

    /// The same on one line, with its line break.
    static func line(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return escapingControls(try encoder.encode(document)) + [UInt8(ascii: "\n")]
    }

    /// Escapes the controls that JSON may hold as they are and that terminals obey all the same: U+007F, and U+0080 to
    /// U+009F, which are C2 80 to C2 9F in UTF-8. They stand in strings only. So does `#`: two of them may begin a command
    /// that an agent of Azure Pipelines would obey in any line of a job's output.
    private static func escapingControls(_ text: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var escaped: [UInt8] = []
        for byte in text {
            let isSecond = escaped.last == 0xC2 && (0x80...0x9F).contains(byte)
            let isDouble = byte == UInt8(ascii: "#") && escaped.last == byte
            guard isSecond || isDouble || byte == 0x7F else {
                escaped.append(byte)
                continue
            }
            if isSecond { escaped.removeLast() }
            escaped += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return escaped
    }
}
