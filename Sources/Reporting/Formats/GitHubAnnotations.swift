// Annotations of GitHub Actions: workflow commands on standard output.

package import Detection
package import Scanning

/// Writes a scan's result as workflow commands, which GitHub shows beside the changed lines.
///
/// GitHub shows ten errors and ten warnings of a step and drops what is above. So no more than that is written, worst
/// first, and a notice tells how many there are.
package struct GitHubAnnotations: Sendable {
    /// As many errors, and as many warnings, of one step does GitHub show.
    package static let limit = 10

    /// The least severity that fails a run; nil when nothing does.
    package var failOn: Severity?

    package init(failOn: Severity?) { self.failOn = failOn }

    /// The commands, a line each; empty when there is nothing to tell.
    package func text(for report: ScanReport) -> String {
        let facts = report.findings.map { FindingFacts($0, in: report.target) }
        let failing = facts.filter { $0.fails(from: failOn) }
        let others = facts.filter { !$0.fails(from: failOn) }
        var lines: [String] = []
        // What could not be read is an error too: with it, green would mean nothing.
        let room = Self.limit - (report.gaps.isEmpty ? 0 : 1)
        lines += failing.prefix(room).map { line("error", $0) }
        if let gap = report.gaps.first {
            let more = report.gaps.count > 1 ? " (and \(report.gaps.count - 1) more)" : ""
            lines.append(command("error", [("title", "migrate: incomplete scan")], gap.sentence + more))
        }
        lines += others.prefix(Self.limit).map { line("warning", $0) }
        let hidden = max(0, failing.count - room) + max(0, others.count - Self.limit)
        if hidden > 0 {
            let count = Wording.count(facts.count, "finding")
            lines.append(
                command(
                    "notice", [("title", "migrate: \(count)")],
                    "\(count) in all; GitHub shows the first of them. The full report lists every one."))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(_ kind: String, _ facts: FindingFacts) -> String {
        let place = facts.place
        var properties: [(String, String)] = []
        var message = facts.sentence
        if let path = place.path, Sanitizer().isClean(path) {
            properties = [
                ("file", path), ("line", "\(place.line)"), ("endLine", "\(place.line)"), ("col", "\(place.column)"),
            ]
        } else {
            message += " Place: \(place.words)."
        }
        properties.append(("title", "migrate: \(facts.title)"))
        if facts.morePlaces > 0 { message += " And \(Wording.count(facts.morePlaces, "more place"))." }
        return command(kind, properties, message)
    }

    private func command(_ kind: String, _ properties: [(String, String)], _ message: String) -> String {
        "::\(kind) "
            + properties.map { $0 + "=" + Self.escaped($1, alsoIn: [":": "%3A", ",": "%2C"]) }.joined(separator: ",")
            + "::" + Self.escaped(message, alsoIn: [:])
    }

    /// What the runner would read as the end of a value, or of the command, by its percent code.
    private static func escaped(_ text: String, alsoIn more: [Character: String]) -> String {
        var result = ""
        for character in Sanitizer().clean(text) {
            switch character {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result += more[character] ?? String(character)
            }
        }
        return result
    }
}
