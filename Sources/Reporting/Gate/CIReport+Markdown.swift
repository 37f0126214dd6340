// The check of a pipeline as the summary of a job: what a reviewer understands without its log.

import Gate
package import World

extension CIReport {
    /// As much as GitHub takes for one step is a megabyte; in bytes.
    package static let largestSummary = 900_000

    /// Markdown, masked, and escaped against whatever a file may be named after.
    package func markdown(now: Instant) -> String {
        let place = report.platform.map { " on \($0.name)" } ?? ""
        let scan = MarkdownReport(failOn: report.failOn, now: now).text(for: report.scan, title: "migrate ci\(place)")
        var lines: [String] = []
        if !report.problems.isEmpty {
            lines += ["### Besides that", "", "| What | About | Why | Next |", "| --- | --- | --- | --- |"]
            lines += report.problems.prefix(MarkdownReport.rowLimit).map { problem in
                "| \(problem.title) | \(MarkdownText.code(problem.subject)) | \(MarkdownText.prose(problem.reason)) "
                    + "| \(problem.remedy.isEmpty ? "" : MarkdownText.code(problem.remedy)) |"
            }
            let rest = report.problems.count - MarkdownReport.rowLimit
            if rest > 0 { lines += ["", "And \(rest) more."] }
            lines.append("")
        }
        if !report.checklists.isEmpty {
            lines += ["### Checklists", ""]
            lines += report.checklists.map { "- \(MarkdownText.code($0.id)): \(MarkdownText.prose(Self.words($0)))" }
            lines.append("")
        }
        lines.append("**\(MarkdownText.prose(verdict))**")
        return Self.fitting(scan + "\n" + lines.joined(separator: "\n") + "\n")
    }

    /// Cut at the end of a line where it is too long for a summary.
    private static func fitting(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > largestSummary else { return text }
        let end = bytes[..<largestSummary].lastIndex(of: UInt8(ascii: "\n")) ?? largestSummary
        return String(decoding: bytes[..<end], as: UTF8.self)
            + "\n\nThe summary ends here, as there is no room for more.\n"
    }
}
