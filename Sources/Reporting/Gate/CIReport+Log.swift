// What a platform's log makes more of than text: annotations, issues.

import Gate

extension CIReport {
    /// The log of GitHub Actions: the text, during which no line is taken for a command, then annotations.
    ///
    /// - Parameter token: letters and digits that nobody can predict: whoever names files must not be able to end the
    ///   silence.
    package func gitHubLog(_ text: String, token: String) -> String {
        "::stop-commands::\(token)\n" + text + (text.hasSuffix("\n") ? "" : "\n") + "::\(token)::\n" + gitHubAnnotations
    }

    /// As many errors as GitHub shows, worst first, and a notice with the count when there are more.
    package var gitHubAnnotations: String {
        let failing = report.problems.filter { $0.fails(from: report.failOn) }
        let others = report.problems.filter { !$0.fails(from: report.failOn) }
        var errors: [String] = []
        // One for all, so that they leave room for the leaks.
        if let first = failing.first {
            let title = failing.count == 1 ? first.title : Wording.count(failing.count, "problem")
            errors.append(Self.gitHub("error", first, title: title, failing.map(\.sentence).joined(separator: "\n")))
        }
        var rest: [String] = []
        var dropped = 0
        for line in GitHubAnnotations(failOn: report.failOn).text(for: report.scan).split(separator: "\n") {
            if !line.hasPrefix("::error ") {
                rest.append(String(line))
            } else if errors.count < GitHubAnnotations.limit {
                errors.append(String(line))
            } else {
                dropped += 1
            }
        }
        if let first = others.first {
            rest.insert(
                Self.gitHub("warning", first, title: first.title, others.map(\.sentence).joined(separator: "\n")), at: 0
            )
        }
        if dropped > 0, !rest.contains(where: { $0.hasPrefix("::notice ") }) {
            rest.append(
                "::notice title=migrate::GitHub shows no more than these; the summary of the job lists every one.")
        }
        return (errors + rest).map { $0 + "\n" }.joined()
    }

    private static func gitHub(_ kind: String, _ problem: PipelineProblem, title: String, _ message: String) -> String {
        var properties: [(String, String)] = []
        if let path = problem.path, Sanitizer().isClean(path) {
            properties = [("file", path), ("line", "\(max(1, problem.line))")]
        }
        properties.append(("title", "migrate: \(title)"))
        let message = message.split(separator: "\n").map { escaped(String($0), more: [:]) }.joined(separator: "%0A")
        return "::\(kind) "
            + properties.map { $0 + "=" + escaped($1, more: [":": "%3A", ",": "%2C"]) }.joined(separator: ",")
            + "::" + message
    }

    /// The log of Azure Pipelines: the text, in which nothing is taken for a command, then issues.
    package func azureLog(_ text: String) -> String {
        let issues = report.problems.map { problem in
            let type = problem.fails(from: report.failOn) ? "error" : "warning"
            let place = problem.path.flatMap { path in
                Sanitizer().isClean(path)
                    ? "sourcepath=\(Self.escaped(path, more: [";": "%3B", "]": "%5D"]));linenumber=\(max(1, problem.line));"
                    : nil
            }
            return "##vso[task.logissue type=\(type);\(place ?? "")code=\(problem.kind.rawValue)]"
                + Self.escaped("\(problem.title): \(problem.sentence)", more: [:], percent: "%AZP25")
                .replacing("##", with: "# #") + "\n"
        }
        return text.replacing("##", with: "# #") + (text.hasSuffix("\n") ? "" : "\n")
            + AzureIssues(failOn: report.failOn).text(for: report.scan) + issues.joined()
    }

    private static func escaped(_ text: String, more: [Character: String], percent: String = "%25") -> String {
        var result = ""
        for character in Sanitizer().clean(text) {
            result += character == "%" ? percent : more[character] ?? String(character)
        }
        return result
    }
}
