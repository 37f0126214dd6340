// Issues in the log of Azure Pipelines: logging commands on standard output.

package import Detection
package import Scanning

/// Writes a scan's result as logging commands of Azure Pipelines, which list it on the page of the run.
package struct AzureIssues: Sendable {
    /// The least severity that fails a run; nil when nothing does.
    package var failOn: Severity?

    package init(failOn: Severity?) { self.failOn = failOn }

    /// The commands, a line each; empty when there is nothing to tell.
    package func text(for report: ScanReport) -> String {
        var lines = report.findings.map { line(FindingFacts($0, in: report.target)) }
        lines += report.gaps.map { command([("type", "error"), ("code", $0.kind.rawValue)], $0.sentence) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(_ facts: FindingFacts) -> String {
        let place = facts.place
        var properties = [("type", facts.fails(from: failOn) ? "error" : "warning")]
        var message = facts.sentence
        if let path = place.path, Sanitizer().isClean(path) {
            properties += [
                ("sourcepath", path), ("linenumber", "\(place.line)"), ("columnnumber", "\(place.column)"),
            ]
        } else {
            message += " Place: \(place.words)."
        }
        properties.append(("code", facts.finding.ruleID))
        if facts.morePlaces > 0 { message += " And \(Wording.count(facts.morePlaces, "more place"))." }
        return command(properties, message)
    }

    private func command(_ properties: [(String, String)], _ message: String) -> String {
        "##vso[task.logissue "
            + properties.map { $0 + "=" + Self.escaped($1, alsoIn: [";": "%3B", "]": "%5D"]) }.joined(separator: ";")
            + "]" + Self.escaped(message, alsoIn: [:])
    }

    /// The agent's own codes; its code for the percent sign has letters, so that no old agent takes it for another.
    private static func escaped(_ text: String, alsoIn more: [Character: String]) -> String {
        var result = ""
        for character in Sanitizer().clean(text) {
            switch character {
            case "%": result += "%AZP25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result += more[character] ?? String(character)
            }
        }
        // No second command in one line, whatever an agent looks for.
        return result.replacing("##", with: "# #")
    }
}
