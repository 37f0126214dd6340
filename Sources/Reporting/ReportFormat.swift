// The forms a report can take.

/// The forms a report can take, by the names that `--format` knows. `docs/formats.md` describes each.
package enum ReportFormat: String, Sendable, CaseIterable {
    /// Text for a person at a terminal: `HumanReport`.
    case human
    /// Our own versioned JSON, documented in `docs/report-schema.md`: `JSONReport`.
    case json
    /// The same findings, one JSON text a line: `JSONLinesReport`.
    case jsonl
    /// SARIF 2.1.0, for code scanning services: `SARIFReport`.
    case sarif
    /// GitLab's report of secret detection: `GitLabReport`.
    case gitlab
    /// JUnit's XML, which every pipeline shows: `JUnitReport`.
    case junit
    /// The array that users of gitleaks read: `GitleaksReport`.
    case gitleaks
    /// A summary for a pull request or a job: `MarkdownReport`.
    case markdown
    /// Annotations of GitHub Actions: `GitHubAnnotations`.
    case github
    /// Issues in the log of Azure Pipelines: `AzureIssues`.
    case azure

    /// Whether a person or a pipeline's log reads it, so that more of its kind may follow on the same stream.
    package var isForLogs: Bool {
        switch self {
        case .human, .markdown, .github, .azure: true
        case .json, .jsonl, .sarif, .gitlab, .junit, .gitleaks: false
        }
    }
}
