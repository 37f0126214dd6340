// Workflow commands and logging commands, read as the platforms' agents read them.

import Detection
import Foundation
import Scanning
import Testing
import World

@testable import Reporting

/// A command as an agent takes it.
private struct Command: Equatable {
    var name: String
    var properties: [String: String]
    var message: String
}

private func decoded(_ text: some StringProtocol, _ codes: [(String, String)]) -> String {
    codes.reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
}

/// `::name key=value,key=value::message`, by the documented escapes, the percent sign's last.
private func gitHubCommand(_ line: Substring) -> Command? {
    guard line.hasPrefix("::"), let end = line.dropFirst(2).range(of: "::") else { return nil }
    let head = line[line.index(line.startIndex, offsetBy: 2)..<end.lowerBound]
    let parts = head.split(separator: " ", maxSplits: 1)
    guard let name = parts.first else { return nil }
    var properties: [String: String] = [:]
    for pair in parts.dropFirst().first?.split(separator: ",") ?? [] {
        guard let sign = pair.firstIndex(of: "=") else { return nil }
        properties[String(pair[..<sign])] = decoded(
            pair[pair.index(after: sign)...],
            [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")])
    }
    return Command(
        name: String(name), properties: properties,
        message: decoded(line[end.upperBound...], [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]))
}

/// `##vso[name key=value;key=value]message`, wherever in the line it begins.
private func azureCommand(_ line: Substring) -> Command? {
    guard let start = line.range(of: "##vso["), let end = line[start.upperBound...].firstIndex(of: "]") else {
        return nil
    }
    let head = line[start.upperBound..<end]
    let parts = head.split(separator: " ", maxSplits: 1)
    guard let name = parts.first else { return nil }
    var properties: [String: String] = [:]
    for pair in parts.dropFirst().first?.split(separator: ";") ?? [] {
        guard let sign = pair.firstIndex(of: "=") else { return nil }
        properties[String(pair[..<sign])] = decoded(
            pair[pair.index(after: sign)...],
            [("%0D", "\r"), ("%0A", "\n"), ("%3B", ";"), ("%5D", "]"), ("%AZP25", "%")])
    }
    return Command(
        name: String(name), properties: properties,
        message: decoded(line[line.index(after: end)...], [("%0D", "\r"), ("%0A", "\n"), ("%AZP25", "%")]))
}

@Suite("GitHub annotations")
struct GitHubAnnotationTests {
    @Test("point to the file, the line and the column")
    func place() throws {
        let lines = GitHubAnnotations(failOn: .low).text(for: Story.one).split(separator: "\n")
        #expect(lines.count == 1)
        let command = try #require(gitHubCommand(lines[0]))
        #expect(command.name == "error")
        #expect(
            command.properties == [
                "file": "src/mail.py", "line": "12", "endLine": "12", "col": "9", "title": "migrate: SendGrid API key",
            ])
        #expect(command.message.hasPrefix("SendGrid API key " + Story.sendGridMask + " (SENDGRID_API_KEY)"))
    }

    @Test("what does not fail the run is a warning")
    func warning() throws {
        let text = GitHubAnnotations(failOn: nil).text(for: Story.one)
        #expect(text.hasPrefix("::warning "))
        #expect(!text.contains("::error"))
    }

    @Test("no file name and no message makes another command, or another place", arguments: 1...60)
    func hostile(seed: UInt64) throws {
        let report = HostileReport.make(seed: seed)
        let lines = GitHubAnnotations(failOn: .medium).text(for: report).split(separator: "\n")
        let failing = report.findings.filter { $0.severity >= .medium }
        let others = report.findings.filter { $0.severity < .medium }
        let room = report.gaps.isEmpty ? 10 : 9
        var names: [String] = []
        for line in lines {
            let command = try #require(gitHubCommand(line), "\(line)")
            names.append(command.name)
            #expect(Set(command.properties.keys).isSubset(of: ["file", "line", "endLine", "col", "title"]))
            if let file = command.properties["file"] {
                #expect(report.findings.contains { $0.occurrences.first?.path == file })
            }
        }
        #expect(names.filter { $0 == "error" }.count == min(room, failing.count) + min(1, report.gaps.count))
        #expect(names.filter { $0 == "warning" }.count == min(10, others.count))
        #expect(names.filter { $0 == "notice" }.count == (failing.count > room || others.count > 10 ? 1 : 0))
    }

    @Test("ten errors are shown, and a notice counts all")
    func limit() throws {
        var report = Story.one
        report.findings = Array(repeating: report.findings[0], count: 25)
        let lines = GitHubAnnotations(failOn: .low).text(for: report).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("::error ") }.count == 10)
        #expect(
            lines.last
                == "::notice title=migrate%3A 25 findings::25 findings in all; GitHub shows the first of them. The full report lists every one."
        )
    }

    @Test("an incomplete scan is an error even without findings; a clean one says nothing")
    func incomplete() {
        #expect(
            GitHubAnnotations(failOn: .low).text(for: Story.incomplete).hasPrefix(
                "::error title=migrate%3A incomplete scan::"))
        #expect(GitHubAnnotations(failOn: .low).text(for: Story.empty).isEmpty)
    }
}

@Suite("Azure issues")
struct AzureIssueTests {
    @Test("point to the file, the line and the column")
    func place() throws {
        let lines = AzureIssues(failOn: .low).text(for: Story.one).split(separator: "\n")
        #expect(lines.count == 1)
        let command = try #require(azureCommand(lines[0]))
        #expect(command.name == "task.logissue")
        #expect(
            command.properties == [
                "type": "error", "sourcepath": "src/mail.py", "linenumber": "12", "columnnumber": "9",
                "code": "sendgrid-api-key",
            ])
    }

    @Test("no file name and no message makes another command", arguments: 1...60)
    func hostile(seed: UInt64) throws {
        let report = HostileReport.make(seed: seed)
        let lines = AzureIssues(failOn: .medium).text(for: report).split(separator: "\n")
        #expect(lines.count == report.findings.count + report.gaps.count)
        for line in lines {
            let command = try #require(azureCommand(line), "\(line)")
            #expect(command.name == "task.logissue")
            #expect(
                Set(command.properties.keys).isSubset(of: ["type", "sourcepath", "linenumber", "columnnumber", "code"]))
            #expect(!line.dropFirst(2).contains("##"), "one command a line, at its beginning")
        }
    }
}

/// What a job prints is read for commands by its agent, whatever the form.
@Suite("Commands of agents in names")
struct AgentCommandTests {
    @Test(
        "what looks like a command is broken up",
        arguments: [
            ("::add-mask::a", "\\x3a:add-mask::a"), (" ::stop-commands::x", " \\x3a:stop-commands::x"),
            ("a ::error::x", "a \\x3a:error::x"), ("##vso[task.x]", "#\\x23vso[task.x]"), ("##VSO[x]", "#\\x23VSO[x]"),
            ("###vso[x]", "##\\x23vso[x]"), ("a##[error]b", "a#\\x23[error]b"),
        ])
    func brokenUp(text: String, expected: String) {
        #expect(Sanitizer().clean(text) == expected)
        #expect(!Sanitizer().isClean(text))
        #expect(Sanitizer().isClean(expected))
    }

    @Test(
        "what does not stays as it is",
        arguments: ["::1", "a::b", "src/a.py:12", "## heading", "#1", "std::vector", ":", "##"])
    func plain(text: String) {
        #expect(Sanitizer().clean(text) == text)
        #expect(Sanitizer().isClean(text))
    }

    @Test("no report for people or programs has a command in any line but those that are meant", arguments: 1...60)
    func reports(seed: UInt64) throws {
        let report = HostileReport.make(seed: seed)
        let writer = ReportWriter(
            version: "1.2.3", started: Instant(seconds: 0), ended: Instant(seconds: 1_763_974_800),
            human: HumanReport(verbosity: seed.isMultiple(of: 2) ? .quiet : .verbose, width: 40, now: 0))
        for format in ReportFormat.allCases where format != .github && format != .azure {
            let text = String(decoding: try writer.bytes(for: report, as: format), as: UTF8.self)
            #expect(!text.contains("##vso["), "\(format)")
            for line in text.split(separator: "\n") {
                // Every command's name begins with a letter; `::1` is an address.
                let start = line.drop { $0 == " " }
                let isCommand = start.hasPrefix("::") && start.dropFirst(2).first?.isLetter ?? false
                #expect(!isCommand, "\(format): \(line)")
            }
        }
    }
}
