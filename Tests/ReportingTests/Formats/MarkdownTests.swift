// Markdown that a reviewer reads, with names in it that somebody else chose. `scripts/validate-formats.py` renders the
// samples with a real Markdown parser and looks for links and elements.

import Detection
import Scanning
import Testing
import World

@testable import Reporting

@Suite("Markdown")
struct MarkdownTests {
    private let report = MarkdownReport(failOn: .low, now: Instant(seconds: Double(Story.now)))

    @Test("says what, where, since when and what to do")
    func one() {
        let text = report.text(for: Story.one)
        #expect(text.contains("**1 finding.**"))
        #expect(text.contains("SendGrid API key `\(Story.sendGridMask)` (`SENDGRID_API_KEY`)"))
        #expect(text.contains("`src/mail.py:12`"))
        #expect(text.contains("2025-11-22, 2 days ago, `Ana Lopez`"))
        #expect(text.contains("### What to do"))
    }

    @Test("a clean scan says so, and an incomplete one does not")
    func clean() {
        #expect(report.text(for: Story.empty).contains("**Nothing found.**"))
        let incomplete = report.text(for: Story.incomplete)
        #expect(incomplete.contains("**Nothing found in what could be read.** **The scan is incomplete.**"))
        #expect(incomplete.contains("`data/dump.sql`"))
    }

    @Test("every row has its five cells, whatever the names are", arguments: 1...60)
    func cells(seed: UInt64) throws {
        let scan = HostileReport.make(seed: seed)
        let rows = report.text(for: scan).split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.count == (scan.findings.isEmpty ? 0 : scan.findings.count + 2))
        for row in rows {
            // A pipe that is escaped ends no cell; a backslash before it may itself be escaped.
            var pipes = 0
            var isEscaped = false
            for character in row {
                if character == "|", !isEscaped { pipes += 1 }
                isEscaped = character == "\\" && !isEscaped
            }
            #expect(pipes == 6, "\(row)")
        }
    }

    @Test("rows have an end")
    func limit() {
        var scan = Story.one
        scan.findings = Array(repeating: scan.findings[0], count: 1_050)
        let text = report.text(for: scan)
        #expect(text.contains("1,000 more are in the full report."))
        #expect(text.utf8.count < 60_000)
    }

    @Test(
        "code shows as what it is made of",
        arguments: [
            ("src/a.py", "`src/a.py`"), ("a`b", "<code>a&#96;b</code>"), ("a|b", "<code>a&#124;b</code>"),
            ("a\\", "<code>a&#92;</code>"), (" a", "<code>&#32;a</code>"), ("a\nb", "<code>a&#92;nb</code>"), ("", ""),
        ])
    func code(text: String, expected: String) { #expect(MarkdownText.code(text) == expected) }

    @Test(
        "prose is no link, no mention, no element",
        arguments: [
            ("@team", "\\@<!-- -->team"), ("#1", "\\#<!-- -->1"), ("<b>", "\\<b\\>"), ("[a](b)", "\\[a\\](b)"),
            ("https://x", "https\\://x"), ("www.x", "www\\.x"), ("a_b", "a\\_b"), ("- a", "&#8203;- a"),
        ])
    func prose(text: String, expected: String) { #expect(MarkdownText.prose(text) == expected) }
}
