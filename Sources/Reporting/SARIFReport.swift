// The report for code scanning services: SARIF 2.1.0.

package import Scanning

/// Writes a scan's result as SARIF 2.1.0.
///
/// SARIF files are uploaded and shown to many people: they never have a value, nor a piece
/// of the source, nor the end of a value (which would tell its length).
package struct SARIFReport: Sendable {
    /// The version of `migrate`.
    package var version: String
    /// Where the repository can be cloned from, without credentials, for
    /// `versionControlProvenance`; nil leaves that out.
    package var repositoryURI: String?
    /// The commit that HEAD names, in hexadecimal, where known.
    package var revision: String?

    package init(version: String, repositoryURI: String? = nil, revision: String? = nil) {
        self.version = version
        self.repositoryURI = repositoryURI
        self.revision = revision
    }

    /// The document in UTF-8, ending in a line break.
    ///
    /// SARIF counts columns in UTF-16 code units from 1. `utf16Column` returns that for an
    /// occurrence; without it the column in bytes stands, which is the same wherever the
    /// line is ASCII up to the value.
    package func bytes(for report: ScanReport, utf16Column: ((Occurrence) -> Int?)? = nil) throws -> [UInt8] {
        let builder = SARIFBuilder(
            report: report, version: version, repositoryURI: repositoryURI, revision: revision,
            utf16Column: utf16Column)
        return try JSONText.bytes(builder.log)
    }
}
