// What `migrate init` found, and what it would write.

import Detection
package import Scanning

/// A repository, the checklists there are for it, and its first settings file.
package struct SurveyReport: Sendable {
    package struct Choice: Sendable {
        package var id: String
        package var title: String

        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    /// A file that is written, or would be.
    package struct File: Sendable {
        /// From the root on.
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    package var root: String
    package var survey: RepositorySurvey
    package var scan: ScanReport
    package var checklists: [Choice]
    /// The name of the checklist that the settings name.
    package var chosen: String
    package var files: [File]

    package init(
        root: String, survey: RepositorySurvey, scan: ScanReport, checklists: [Choice], chosen: String, files: [File]
    ) {
        self.root = root
        self.survey = survey
        self.scan = scan
        self.checklists = checklists
        self.chosen = chosen
        self.files = files
    }

    private static let most = 4

    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        page.line(Piece("Found in \(root)", .strong))
        write("languages", survey.technologies.map { "\($0.name) (\($0.path))" }, to: &page)
        write("run by", survey.deployments.map { "\($0.kind.rawValue) (\($0.path))" }, to: &page)
        write(
            "dotenv files",
            scan.dotenvFiles.filter { !$0.isTemplate }.map { file in
                "\(file.path) (\(file.standing.words), \(Wording.count(Self.secretCount(file), "secret")))"
            }, to: &page)
        write("leaked", leaks, to: &page, ink: scan.findings.isEmpty ? .plain : .high)
        write("variables", variables, to: &page)
        if !scan.isComplete || survey.leftOutCount > 0 {
            let gaps = scan.gaps.isEmpty ? [] : ["the scan is incomplete: migrate scan tells why"]
            let left =
                survey.leftOutCount == 0 ? [] : ["\(Wording.count(survey.leftOutCount, "large file")) not looked into"]
            write("not seen", gaps + left, to: &page)
        }
        page.gap()
        page.line(Piece("Checklists", .strong))
        var table = TextTable()
        for choice in checklists {
            table.add(
                Piece(choice.id == chosen ? "*" : " ", .good), Piece(choice.id, choice.id == chosen ? .strong : .plain),
                Piece(choice.title, .faint))
        }
        table.write(to: &page)
        for file in files {
            page.gap()
            page.line(Piece(file.path, .strong))
            for line in file.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let isComment = line.drop { $0 == " " }.first == "#"
                page.line(Piece(String(line), isComment ? .faint : .plain), indent: line.isEmpty ? 0 : 2)
            }
        }
        return page.text
    }

    private func write(_ name: String, _ words: [String], to page: inout Page, ink: Ink = .plain) {
        guard !words.isEmpty else { return }
        let label = name + String(repeating: " ", count: max(1, 14 - name.count))
        page.paragraph(
            [.whole(label, .faint), Piece(Wording.list(words, limit: Self.most), ink)], indent: 2, hanging: 16)
    }

    /// By kind, most urgent first.
    private var leaks: [String] {
        var counts: [(title: String, count: Int)] = []
        for finding in scan.findings {
            if let index = counts.firstIndex(where: { $0.title == finding.title }) {
                counts[index].count += 1
            } else {
                counts.append((finding.title, 1))
            }
        }
        if counts.isEmpty { return [scan.isComplete ? "nothing" : "nothing so far"] }
        return counts.map { $0.count == 1 ? $0.title : "\($0.count) × \($0.title)" }
    }

    private var variables: [String] {
        guard !survey.variables.isEmpty else { return [] }
        let secrets = Set(scan.dotenvFiles.flatMap { $0.entries.filter(Self.isSecret).map(\.key) })
        let both = survey.variables.filter { secrets.contains($0.name) }
        return [
            "the code reads \(survey.variables.count)"
                + (both.isEmpty ? "" : ", of which these are secrets: " + Wording.list(both.map(\.name), limit: 6))
        ]
    }

    private static func secretCount(_ file: DotenvFileReport) -> Int { file.entries.count(where: isSecret) }

    private static func isSecret(_ entry: DotenvEntryReport) -> Bool {
        entry.valueClass == .secret || entry.valueClass == .connectionString
    }

    /// `migrate.init/1`
    ///
    /// - Parameter written: whether the files are on disk now.
    package func json(written: Bool) throws -> [UInt8] {
        struct Place: Encodable {
            var name: String
            var path: String
        }
        struct Dotenv: Encodable {
            var path: String
            var standing: String
            var template: Bool
            var keys: Int
            var secrets: Int
        }
        struct Variable: Encodable {
            var name: String
            var count: Int
            var path: String
            var line: Int
        }
        struct Checklist: Encodable {
            var id: String
            var title: String
        }
        struct Written: Encodable {
            var path: String
            var text: String
        }
        struct Document: Encodable {
            var schema = "migrate.init/1"
            var root: String
            var technologies: [Place]
            var deployments: [Place]
            var dotenvFiles: [Dotenv]
            var variables: [Variable]
            var findings: Int
            var complete: Bool
            var checklists: [Checklist]
            var checklist: String
            var files: [Written]
            var written: Bool
        }
        return try JSONText.bytes(
            Document(
                root: root, technologies: survey.technologies.map { Place(name: $0.name, path: $0.path) },
                deployments: survey.deployments.map { Place(name: $0.kind.rawValue, path: $0.path) },
                dotenvFiles: scan.dotenvFiles.map {
                    Dotenv(
                        path: $0.path, standing: $0.standing.rawValue, template: $0.isTemplate, keys: $0.entries.count,
                        secrets: Self.secretCount($0))
                },
                variables: survey.variables.map {
                    Variable(name: $0.name, count: $0.count, path: $0.path, line: $0.line)
                },
                findings: scan.findings.count, complete: scan.isComplete && survey.leftOutCount == 0,
                checklists: checklists.map { Checklist(id: $0.id, title: $0.title) }, checklist: chosen,
                files: files.map { Written(path: $0.path, text: $0.text) }, written: written))
    }
}
