// The rest of a human report: dotenv files, ignore rules, gaps, what to do, totals.

import Detection
import Scanning

extension HumanReportWriter {
    // MARK: Dotenv files

    mutating func writeDotenvFiles() {
        let files = report.dotenvFiles.filter { $0.standing == .tracked || $0.standing == .history }
        guard !files.isEmpty else { return }
        page.gap()
        page.line(Piece("Dotenv files in git", .strong), Piece(" (\(Wording.grouped(files.count)))", .strong))
        for file in files { write(file) }
    }

    private mutating func write(_ file: DotenvFileReport) {
        let isClean = file.isTemplate && file.entries.allSatisfy { !$0.valueClass.isSecret }
        let standing: Piece =
            switch (file.standing, file.isTemplate) {
            case (.tracked, true): Piece("template", isClean ? .good : .medium)
            case (.tracked, false): Piece("tracked", .high)
            case (.history, _): Piece("only in history", .medium)
            case (.untracked, _), (.ignored, _): Piece(file.standing.rawValue, .faint)
            }
        var pieces: [Piece] = [.whole(file.path, .strong), Piece("  "), standing]
        if file.versionCount > 0 { pieces.append(Piece(", " + Wording.count(file.versionCount, "version"), .faint)) }
        if file.history.isPushed { pieces.append(Piece(", pushed", .faint)) }
        if file.isAccepted { pieces.append(Piece(", accepted", .faint)) }
        page.paragraph(pieces, indent: 2, hanging: 4)
        if isVerbose, let finding = dotenvFindings[file.path] {
            page.line(
                Piece("\(finding.severity.name): \(finding.reason); ", .faint),
                .whole("id \(finding.fingerprint)", .faint),
                indent: 4)
        }
        if isClean {
            page.paragraph([Piece("holds no real values: it may stay", .faint)], indent: 4)
        } else {
            writeEntries(of: file)
        }
    }

    /// The findings about dotenv files as such, by path.
    private var dotenvFindings: [String: Finding] {
        report.findings.filter(\.isDotenvFile).reduce(into: [:]) { findings, finding in
            if let path = finding.occurrences.first?.path { findings[path] = finding }
        }
    }

    /// By class: names of what is secret, numbers of the rest (names too, if verbose).
    private mutating func writeEntries(of file: DotenvFileReport) {
        if file.entries.isEmpty { page.line(Piece("no entries", .faint), indent: 4) }
        let groups = Dictionary(grouping: file.entries, by: \.valueClass)
        var rest: [String] = []
        for valueClass in ValueClass.allCases {
            guard let entries = groups[valueClass] else { continue }
            let label = Wording.count(entries.count, valueClass.words.one, plural: valueClass.words.many)
            var pieces: [Piece] = [Piece(label, valueClass.isSecret ? .medium : .faint)]
            if isVerbose {
                page.paragraph(pieces, indent: 4)
                for entry in entries { writeReason(of: entry) }
                continue
            }
            guard valueClass.isSecret else {
                rest.append(label)
                continue
            }
            let limit = 12
            pieces.append(Piece(": ", .faint))
            for (index, entry) in entries.prefix(limit).enumerated() {
                if index > 0 { pieces.append(Piece(", ", .faint)) }
                pieces.append(.whole(entry.key))
                if entry.isAmbiguous { pieces.append(Piece("*", .medium)) }
            }
            if entries.count > limit { pieces.append(Piece(" and \(entries.count - limit) more", .faint)) }
            page.paragraph(pieces, indent: 4, hanging: 6)
        }
        if !rest.isEmpty {
            let also = rest.count == groups.count ? "" : "and "
            page.paragraph([Piece(also + Wording.list(rest), .faint)], indent: 4, hanging: 6)
        }
        if file.entries.contains(where: { $0.isAmbiguous && (isVerbose || $0.valueClass.isSecret) }) {
            page.paragraph(
                [Piece("* dialects (node, python, compose, shell) read its value differently", .faint)], indent: 4)
        }
    }

    private mutating func writeReason(of entry: DotenvEntryReport) {
        var pieces: [Piece] = [.whole(entry.key)]
        if entry.isAmbiguous { pieces.append(Piece("*", .medium)) }
        if !entry.reason.isEmpty { pieces.append(Piece("  " + entry.reason, .faint)) }
        page.paragraph(pieces, indent: 6, hanging: 8)
    }

    /// What is on this disk only: the sources of a migration.
    mutating func writeLocalFiles() {
        let ignored = report.dotenvFiles.filter { $0.standing == .ignored && !$0.isTemplate }
        let untracked = report.dotenvFiles.filter { $0.standing == .untracked && !$0.isTemplate }
        if !untracked.isEmpty {
            page.gap()
            let isFolder = report.target.kind == .folder
            page.paragraph([
                Piece(isFolder ? "Dotenv files" : "Dotenv files that git does not ignore", .strong),
                Piece(isFolder ? "" : ": the next `git add` takes them", .faint),
            ])
            for file in untracked { writeLocal(file, .medium) }
        }
        if !ignored.isEmpty {
            page.gap()
            page.paragraph([
                Piece("Local dotenv files", .strong), Piece(": ignored by git, no leak; sources to migrate", .faint),
            ])
            for file in ignored { writeLocal(file, .plain) }
        }
    }

    private mutating func writeLocal(_ file: DotenvFileReport, _ ink: Ink) {
        let secrets = file.entries.filter { $0.valueClass.isSecret }.count
        let rest = file.entries.count - secrets
        page.paragraph(
            [
                .whole(file.path, ink),
                Piece(
                    "  " + Wording.count(secrets, "secret") + ", "
                        + Wording.count(rest, "other entry", plural: "other entries"),
                    .faint),
            ], indent: 2, hanging: 4)
    }

    // MARK: Ignore rules

    mutating func writeIgnoreAudit() {
        guard let audit = report.ignoreAudit else { return }
        page.gap()
        if audit.isSound {
            page.paragraph([
                Piece(".gitignore", .strong), Piece(": "),
                Piece("dotenv files are ignored, templates are not. Nothing to change.", .good),
            ])
            return
        }
        page.paragraph([Piece(".gitignore", .strong), Piece(" would not stop the next one", .strong)])
        // Where there has been no dotenv file so far, few words do.
        let isBrief =
            report.dotenvFiles.isEmpty && audit.trackedThoughIgnored.isEmpty && audit.ignoredTemplates.isEmpty
            && !audit.fix.isEmpty && !isVerbose
        writeNames(
            audit.openNames, "get through", .high, limit: isBrief ? 3 : 8, suffix: isBrief ? "; append to it:" : "")
        writeNames(audit.trackedThoughIgnored, "tracked although ignored", .medium)
        writeNames(audit.ignoredTemplates, "templates kept out", .medium)
        if !audit.fix.isEmpty {
            if !isBrief { page.line(Piece("append to .gitignore:", .faint), indent: 2) }
            for line in audit.fix { page.line(.whole(line, .command), indent: 6) }
        }
        for obstacle in audit.obstacles {
            page.paragraph([Piece("no line there can mend: ", .faint), Piece(obstacle)], indent: 2, hanging: 4)
        }
    }

    private mutating func writeNames(
        _ names: [String], _ label: String, _ ink: Ink, limit: Int = 8, suffix: String = ""
    ) {
        guard !names.isEmpty else { return }
        let limit = isVerbose ? 100 : limit
        var pieces = [Piece(label + ": ", ink)]
        for (index, name) in names.prefix(limit).enumerated() {
            if index > 0 { pieces.append(Piece(", ")) }
            pieces.append(.whole(name))
        }
        if names.count > limit { pieces.append(Piece(" and \(Wording.grouped(names.count - limit)) more")) }
        pieces.append(Piece(suffix, .faint))
        page.paragraph(pieces, indent: 2, hanging: 4)
    }

    // MARK: What is not known

    mutating func writeGaps() {
        guard !report.gaps.isEmpty else { return }
        page.gap()
        page.paragraph([
            Piece("Could not be read", .medium), Piece(" (\(Wording.grouped(report.gaps.count)))", .medium),
            Piece(": the answer is incomplete", .faint),
        ])
        let limit = isVerbose ? 1_000 : 5
        for kind in Gap.Kind.allCases {
            let gaps = report.gaps.filter { $0.kind == kind }
            for gap in gaps.prefix(limit) {
                page.paragraph(
                    [
                        .whole(gap.kind.rawValue), Piece("  "), .whole(gap.subject), Piece("  "),
                        Piece(gap.reason, .faint),
                    ],
                    indent: 2, hanging: 4)
            }
            if gaps.count > limit {
                page.line(
                    Piece("and \(Wording.grouped(gaps.count - limit)) more of \(kind.rawValue), with -v", .faint),
                    indent: 2)
            }
        }
    }

    mutating func writeNotes() {
        guard !report.notes.isEmpty else { return }
        page.gap()
        for note in report.notes { page.paragraph([Piece("Note: ", .faint), Piece(note)], hanging: 6) }
    }

    // MARK: What to do

    mutating func writeActions() {
        let actions = Advice.actions(for: report)
        guard !actions.isEmpty else { return }
        page.gap()
        page.line(Piece("What to do, in this order", .strong))
        for (index, action) in actions.enumerated() {
            let number = "\(index + 1)."
            let padding = String(repeating: " ", count: max(1, 4 - number.utf8.count))
            page.paragraph(
                [.whole(number, .strong), .whole(padding), Piece(action.title, .strong)], indent: 1, hanging: 5)
            if !action.detail.isEmpty { page.paragraph([Piece(action.detail)], indent: 5) }
            for command in action.commands {
                page.line(.whole(ShellWord.line(command, sanitizer: page.sanitizer), .command), indent: 9)
            }
        }
    }

    mutating func writeSummary() {
        // Without findings the first line has said it.
        guard !report.findings.isEmpty else { return }
        page.gap()
        page.paragraph([Piece("Looked at " + totalInWords + ".", .faint)])
    }

    /// What was looked at, by how many rules, in what time, and what was left out.
    var totalInWords: String {
        var parts = [extentInWords]
        let known = report.statistics.knownObjectCount
        if known > 0 { parts.append(Wording.count(known, "object") + " known from an earlier scan") }
        if report.statistics.ruleCount > 0 { parts.append(Wording.count(report.statistics.ruleCount, "rule")) }
        var text = parts.joined(separator: ", ") + " in " + Wording.duration(report.statistics.seconds)
        if report.gradedDown > 0 {
            text +=
                "; left out "
                + Wording.count(
                    report.gradedDown, "placeholder or public value", plural: "placeholders and public values")
        }
        return text
    }
}

extension ValueClass {
    /// Whether a value of this class does not belong in git.
    var isSecret: Bool { self == .secret || self == .connectionString }

    /// What a person calls one, and several.
    var words: (one: String, many: String) {
        switch self {
        case .secret: ("secret", "secrets")
        case .connectionString: ("connection string with password", "connection strings with password")
        case .publicByDesign: ("public value", "public values")
        case .configuration: ("setting", "settings")
        case .placeholder: ("placeholder", "placeholders")
        case .reference: ("reference", "references")
        case .empty: ("empty value", "empty values")
        }
    }
}
