// JUnit's XML, which every pipeline knows how to show.

package import Detection
import Git
package import Scanning

/// Writes a scan's result as JUnit XML: one suite, a case for each finding and each gap.
///
/// A finding that fails the run is a failure, one below that is skipped; what could not be read is an error. A complete
/// scan without findings is one case that passes.
package struct JUnitReport: Sendable {
    /// The least severity that fails a run; nil when nothing does.
    package var failOn: Severity?

    package init(failOn: Severity?) { self.failOn = failOn }

    /// The document in UTF-8, ending in a line break.
    package func bytes(for report: ScanReport) -> [UInt8] {
        let facts = report.findings.map { FindingFacts($0, in: report.target) }
        let failing = facts.filter { $0.fails(from: failOn) }.count
        var cases = facts.map(testCase) + report.gaps.map(testCase)
        if cases.isEmpty {
            cases = ["    <testcase name=\"No findings\" classname=\"migrate.scan\"/>\n"]
        }
        let counts =
            "tests=\"\(cases.count)\" failures=\"\(failing)\" errors=\"\(report.gaps.count)\" "
            + "skipped=\"\(facts.count - failing)\""
        // The milliseconds that the report itself has.
        let seconds = report.statistics.seconds.isFinite ? (report.statistics.seconds * 1_000).rounded() / 1_000 : 0
        let name = XMLText.attribute("migrate scan " + report.target.path)
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + "<testsuites name=\"migrate\" \(counts)>\n"
            + "  <testsuite name=\"\(name)\" \(counts) time=\"\(seconds)\">\n" + cases.joined()
            + "  </testsuite>\n</testsuites>\n"
        return Array(text.utf8)
    }

    private func testCase(_ facts: FindingFacts) -> String {
        let place = facts.place
        var attributes = [
            ("name", "\(facts.subject) in \(place.words)"), ("classname", "migrate." + facts.finding.ruleID),
        ]
        if let path = place.path { attributes += [("file", path), ("line", "\(place.line)")] }
        let severity = facts.finding.severity.name
        var lines = ["Severity: \(severity)", "Why: " + facts.finding.reason]
        lines += facts.finding.occurrences.prefix(20).map { "Place: " + FindingPlace($0).words }
        if facts.finding.occurrences.count > 20 {
            lines.append("and \(facts.finding.occurrences.count - 20) more places")
        }
        if let introduced = facts.finding.history.introduced {
            lines.append(
                "Since: commit \(introduced.id.short) of \(Timestamp(introduced.time).day) by \(introduced.authorName)")
        }
        lines += ["What to do: " + facts.solution, "Fingerprint: \(facts.finding.fingerprint)"]
        let body =
            facts.fails(from: failOn)
            ? Self.element(
                "failure", [("message", facts.sentence), ("type", severity)],
                lines.map(XMLText.content).joined(separator: "\n"))
            : Self.element("skipped", [("message", "Below what fails (\(severity)): " + facts.sentence)], nil)
        return "    <testcase\(Self.list(attributes))>\n      \(body)\n    </testcase>\n"
    }

    private func testCase(_ gap: Gap) -> String {
        let body = Self.element("error", [("message", gap.sentence), ("type", gap.kind.rawValue)], nil)
        return "    <testcase\(Self.list([("name", "Read " + gap.subject), ("classname", "migrate.scan")]))>\n"
            + "      \(body)\n    </testcase>\n"
    }

    private static func element(_ name: String, _ attributes: [(String, String)], _ content: String?) -> String {
        guard let content else { return "<\(name)\(list(attributes))/>" }
        return "<\(name)\(list(attributes))>\(content)</\(name)>"
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0)=\"\(XMLText.attribute($1))\"" }.joined()
    }
}

/// Text that may stand in XML: what XML 1.0 has no room for, and what a reader could not see, is written out.
enum XMLText {
    static func attribute(_ text: String) -> String { content(text).replacing("\"", with: "&quot;") }

    static func content(_ text: String) -> String {
        var result = ""
        for scalar in Sanitizer().clean(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
