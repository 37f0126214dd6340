// One scan, written in any of the forms.

package import Detection
package import Scanning
package import World

/// Writes a scan's result in the form that is asked for.
///
/// No clock is read here, so the same report and the same settings give the same bytes. But for `human` and `json` with
/// `reveal`, no form can hold a value: a report points to values and has none.
package struct ReportWriter: Sendable {
    /// The version of `migrate`.
    package var version: String
    /// The least severity that fails a run: findings below it are told as warnings, where a form knows the difference.
    /// Nil when nothing fails.
    package var failOn: Severity?
    /// When the scan began, for `gitlab`.
    package var started: Instant
    /// When the scan ended, for `gitlab`, `human` and `markdown` ("3 months ago").
    package var ended: Instant
    /// How `human` is written; its `now` is taken from `ended`.
    package var human: HumanReport

    package init(
        version: String, failOn: Severity? = .low, started: Instant, ended: Instant,
        human: HumanReport = HumanReport(now: 0)
    ) {
        self.version = version
        self.failOn = failOn
        self.started = started
        self.ended = ended
        self.human = human
        self.human.now = ended.wholeSeconds
    }

    /// The report in UTF-8.
    ///
    /// `reveal` returns the value at an occurrence. It counts for `human` and `json` alone: the other forms are made to
    /// be uploaded and shown around.
    package func bytes(
        for report: ScanReport, as format: ReportFormat, reveal: ((Occurrence) -> String?)? = nil
    ) throws -> [UInt8] {
        switch format {
        case .human: Array(human.text(for: report, reveal: reveal).utf8)
        case .json: try JSONReport(version: version).bytes(for: report, reveal: reveal)
        case .jsonl: try JSONLinesReport(version: version).bytes(for: report)
        case .sarif: try SARIFReport(version: version).bytes(for: report)
        case .gitlab: try GitLabReport(version: version, started: started, ended: ended).bytes(for: report)
        case .junit: JUnitReport(failOn: failOn).bytes(for: report)
        case .gitleaks: try GitleaksReport().bytes(for: report)
        case .markdown: Array(MarkdownReport(failOn: failOn, now: ended).text(for: report).utf8)
        case .github: Array(GitHubAnnotations(failOn: failOn).text(for: report).utf8)
        case .azure: Array(AzureIssues(failOn: failOn).text(for: report).utf8)
        }
    }
}
