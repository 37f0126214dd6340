// The forms a report can take.

/// The forms a report can take, by the names that `--format` knows.
package enum ReportFormat: String, Sendable, CaseIterable {
    /// Text for a person at a terminal: `HumanReport`.
    case human
    /// Our own versioned JSON, documented in `docs/report-schema.md`: `JSONReport`.
    case json
    /// SARIF 2.1.0, for code scanning services: `SARIFReport`.
    case sarif
}
