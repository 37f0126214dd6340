// A summary in Markdown: what a reviewer needs, without the logs.

package import Detection
import Git
package import Scanning
package import World

/// Writes a scan's result as Markdown for a pull request or a job's summary: what, where, since when, what to do.
package struct MarkdownReport: Sendable {
    /// Rows above this are counted, not shown: a summary has room for a megabyte, a comment for 64 kB.
    package static let rowLimit = 50

    /// The least severity that fails a run; nil when nothing does.
    package var failOn: Severity?
    /// For "3 months ago".
    package var now: Instant

    package init(failOn: Severity?, now: Instant) {
        self.failOn = failOn
        self.now = now
    }

    /// The text, ending in a line break.
    ///
    /// - Parameter title: the heading's words, which are ours.
    package func text(for report: ScanReport, title: String = "migrate scan") -> String {
        var lines = ["## " + title, "", headline(report), ""]
        if !report.findings.isEmpty { lines += table(report) + [""] }
        if !report.gaps.isEmpty {
            lines += ["### Not read", "", "What is in these is not known.", ""]
            lines += report.gaps.prefix(Self.rowLimit).map {
                "- \(MarkdownText.code($0.subject)): \(MarkdownText.prose($0.reason))"
            }
            lines += more(report.gaps.count) + [""]
        }
        let actions = Advice.actions(for: report).filter { $0.kind != .none }
        if !actions.isEmpty {
            lines += ["### What to do", ""]
            for (number, action) in actions.enumerated() {
                lines.append(
                    "\(number + 1). \(MarkdownText.prose(action.title))."
                        + (action.detail.isEmpty ? "" : " " + MarkdownText.prose(action.detail)))
                lines += action.commands.prefix(10).map { words in
                    "   - "
                        + MarkdownText.code(
                            words.map { ShellWord.quote($0, sanitizer: Sanitizer()) }.joined(separator: " "))
                }
            }
            lines.append("")
        }
        let notes = report.notes.map { "- " + MarkdownText.prose($0) }
        if !notes.isEmpty { lines += ["<details><summary>Notes</summary>", ""] + notes + ["", "</details>", ""] }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    private func headline(_ report: ScanReport) -> String {
        let what = "Looked at \(MarkdownText.prose(report.scope)) of \(MarkdownText.code(report.target.path))."
        let failing = report.findings.filter { FindingFacts($0, in: report.target).fails(from: failOn) }.count
        var result: String
        if report.findings.isEmpty {
            result = report.isComplete ? "**Nothing found.**" : "**Nothing found in what could be read.**"
        } else {
            result = "**\(Wording.count(report.findings.count, "finding"))"
            let pushed = report.findings.filter { Situation(of: $0, in: report.target) == .pushed }.count
            if pushed > 0 { result += ", \(Wording.grouped(pushed)) pushed" }
            result += failing == 0 ? "; none fails this run.**" : ".**"
        }
        if !report.isComplete { result += " **The scan is incomplete.**" }
        let accepted = report.accepted.count
        if accepted > 0 {
            result += " \(Wording.count(accepted, "finding")) \(accepted == 1 ? "is" : "are") accepted and not shown."
        }
        return result + " " + what
    }

    private func table(_ report: ScanReport) -> [String] {
        let rows = report.findings.prefix(Self.rowLimit).map { finding -> String in
            let facts = FindingFacts(finding, in: report.target)
            let what =
                MarkdownText.prose(facts.title) + (finding.mask.isEmpty ? "" : " " + MarkdownText.code(finding.mask))
                + (finding.name.map { $0.isEmpty ? "" : " (\(MarkdownText.code($0)))" } ?? "")
            let place = facts.place
            let whereabouts =
                (place.path == nil ? MarkdownText.prose(place.words) : MarkdownText.code(place.words))
                + (facts.morePlaces > 0 ? " and \(Wording.count(facts.morePlaces, "more place"))" : "")
                + (facts.isOnlyInHistory ? ", only in history" : "")
            return
                "| \(finding.severity.name) | \(what) | \(whereabouts) | \(since(finding)) | `\(finding.fingerprint)` |"
        }
        return ["| Severity | What | Where | Since | Fingerprint |", "| --- | --- | --- | --- | --- |"] + rows
            + (report.findings.count > Self.rowLimit ? [""] + more(report.findings.count) : [])
    }

    private func since(_ finding: Finding) -> String {
        guard let introduced = finding.history.introduced else { return "not committed" }
        let age = Timestamp(introduced.time).age(at: Timestamp(now.wholeSeconds)).map { ", \($0)" } ?? ""
        return
            "`\(introduced.id.short)` \(Timestamp(introduced.time).day)\(age), \(MarkdownText.code(introduced.authorName))"
    }

    private func more(_ count: Int) -> [String] {
        count > Self.rowLimit ? ["\(Wording.grouped(count - Self.rowLimit)) more are in the full report."] : []
    }
}
