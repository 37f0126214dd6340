// The report for a person at a terminal: most urgent first, what to do last, next to the prompt.

import Detection
package import Scanning

/// Writes a scan's result as text for a person.
package struct HumanReport: Sendable {
    /// How much to say.
    package enum Verbosity: Sendable {
        /// One line for each finding, nothing else; a revealed value stands in place of its mask.
        case quiet
        case normal
        /// Reasons, fingerprints, every place and every key as well.
        case verbose
    }

    package var verbosity: Verbosity
    package var colour: Bool
    /// Whether the reader's locale is UTF-8; if not, everything else than ASCII is escaped.
    package var unicode: Bool
    /// Columns to wrap prose at; paths and commands are never broken. At least 40 are used.
    package var width: Int
    /// Seconds since 1970, UTC, for "3 months ago".
    package var now: Int64

    package init(
        verbosity: Verbosity = .normal, colour: Bool = false, unicode: Bool = true, width: Int = 80, now: Int64
    ) {
        self.verbosity = verbosity
        self.colour = colour
        self.unicode = unicode
        self.width = width
        self.now = now
    }

    /// The text for `report`, ending in a line break (or empty, when quiet and nothing is found).
    ///
    /// `reveal` returns the value at an occurrence. Without it no byte of a value can be in
    /// the text, since a report holds none.
    package func text(for report: ScanReport, reveal: ((Occurrence) -> String?)? = nil) -> String {
        let page = Page(colour: colour, width: max(40, width), sanitizer: Sanitizer(unicode: unicode))
        var writer = HumanReportWriter(
            report: report, isVerbose: verbosity == .verbose, now: Timestamp(now), reveal: reveal, page: page)
        if verbosity == .quiet {
            writer.writeOneLineEach()
        } else {
            writer.write()
        }
        return writer.page.text
    }
}

/// The pass over one report; its parts are in the extensions by section.
struct HumanReportWriter {
    let report: ScanReport
    let isVerbose: Bool
    let now: Timestamp
    let reveal: ((Occurrence) -> String?)?
    var page: Page

    mutating func write() {
        writeHeadline()
        writeFindings()
        writeDotenvFiles()
        writeIgnoreAudit()
        writeLocalFiles()
        writeGaps()
        writeAccepted()
        writeNotes()
        writeActions()
        writeSummary()
    }

    mutating func writeOneLineEach() {
        for finding in report.findings {
            let place = finding.occurrences.first.map(Self.place) ?? "?"
            let shown = value(of: finding) ?? finding.mask
            let more = finding.occurrences.count - 1
            page.line(
                .whole(place), Piece(": "), Piece(finding.severity.name, finding.severity.ink), Piece(": "),
                Piece(finding.title(in: report.target)), Piece(shown.isEmpty ? "" : " " + shown),
                Piece(more > 0 ? " (+\(Wording.count(more, "place")))" : "", .faint))
        }
    }

    // MARK: Headline

    private mutating func writeHeadline() {
        let isFile = report.target.kind != .standardInput
        var target: [Piece] = isFile ? [.whole(report.target.path, .strong)] : []
        if let head = report.target.head { target += [Piece(" on ", .faint), .whole(head, .faint)] }
        switch report.target.kind {
        case .folder: target.append(Piece(" (no git repository)", .faint))
        case .bare: target.append(Piece(" (bare)", .faint))
        case .linkedWorktree: target.append(Piece(" (linked worktree)", .faint))
        case .worktree, .standardInput: break
        }
        if !report.scope.isEmpty { target.append(Piece((isFile ? ": " : "") + report.scope, .faint)) }
        page.paragraph(target)

        let leaks = report.findings.filter { $0.isLeak(in: report.target) }
        guard !leaks.isEmpty else {
            writeReassurance()
            return
        }
        let pushed = leaks.filter { Situation(of: $0, in: report.target) == .pushed }.count
        var pieces = [Piece(Wording.count(leaks.count, "secret"), .strong)]
        let places = placesInWords(leaks)
        if !places.isEmpty { pieces.append(Piece(" in " + places, .strong)) }
        if pushed > 0 {
            let verb = pushed == 1 ? "is" : "are"
            let subject = pushed == leaks.count ? (pushed == 1 ? "it" : "all") : Wording.grouped(pushed)
            pieces += [Piece("; ", .strong), Piece("\(subject) \(verb) pushed", .critical)]
        } else if report.target.kind != .folder, report.target.kind != .standardInput, report.target.isHistoryKnown {
            // Whether a tag, or a branch under a bare URL, was pushed, nothing in the repository tells.
            pieces.append(
                Piece("; no remote-tracking branch has \(leaks.count == 1 ? "it" : "any of them")", .strong))
        }
        pieces.append(Piece(".", .strong))
        page.paragraph(pieces)
        if !report.isComplete {
            page.paragraph([
                Piece("The scan is incomplete: ", .medium),
                Piece("\(Wording.count(report.gaps.count, "thing")) could not be read, listed below."),
            ])
        }
    }

    private mutating func writeReassurance() {
        if report.isComplete {
            // Dotenv files and remarks have sections of their own, and totals at the end.
            let looked = report.findings.isEmpty ? totalInWords : extentInWords
            let accepted = report.accepted.count
            let found: [Piece] =
                report.excludedCount == 0
                ? accepted == 0
                    ? [Piece("No secrets found", .good), Piece(" in \(looked).")]
                    : [
                        Piece("No secrets found but what is accepted (\(Wording.count(accepted, "finding")))", .good),
                        Piece(". Looked at \(looked)."),
                    ]
                : [
                    Piece("No secrets found outside the excluded paths; \(exclusionInWords)", .medium),
                    Piece(". Looked at \(looked)."),
                ]
            page.paragraph(found + committedFilesInWords)
        } else {
            page.paragraph([
                Piece("No secrets found in what could be read, but the answer is not known: ", .medium),
                Piece(
                    "\(Wording.count(report.gaps.count, "thing")) could not be read"
                        + (report.excludedCount == 0 ? "" : ", and \(exclusionInWords) by path")
                        + ". Looked at \(totalInWords)."),
            ])
        }
    }

    /// `3 findings were left out`
    private var exclusionInWords: String {
        Wording.count(report.excludedCount, "finding") + (report.excludedCount == 1 ? " was" : " were") + " left out"
    }

    /// Dotenv files in git fail a scan even without a secret in them, so the headline has them.
    private var committedFilesInWords: [Piece] {
        let count = report.findings.filter(\.isDotenvFile).count
        guard count > 0 else { return [] }
        return [
            Piece(" But there \(count == 1 ? "is" : "are") "), Piece(Wording.count(count, "dotenv file"), .medium),
            Piece("."),
        ]
    }

    /// `3 dotenv files, 2 other files and 1 commit message`.
    private func placesInWords(_ leaks: [Finding]) -> String {
        let dotenvPaths = Set(report.dotenvFiles.map(\.path))
        var dotenv: Set<String> = []
        var files: Set<String> = []
        var commitMessages: Set<Occurrence.Source> = []
        var tagMessages: Set<Occurrence.Source> = []
        var unnamed: Set<Occurrence.Source> = []
        var notes: Set<String> = []
        for occurrence in leaks.flatMap(\.occurrences) {
            switch occurrence.source {
            case .blob(_, nil): unnamed.insert(occurrence.source)
            case .commitMessage: commitMessages.insert(occurrence.source)
            case .tagMessage: tagMessages.insert(occurrence.source)
            case .standardInput: break
            case .blob, .file:
                guard let path = occurrence.path else { break }
                if occurrence.annotatedCommit != nil {
                    notes.insert(path)
                } else if dotenvPaths.contains(path) {
                    dotenv.insert(path)
                } else {
                    files.insert(path)
                }
            }
        }
        let counts = [
            (dotenv.count, "dotenv file"), (files.count, dotenv.isEmpty ? "file" : "other file"),
            (commitMessages.count, "commit message"), (tagMessages.count, "tag message"),
            (notes.count, "note"),
            (unnamed.count, "object without a name"),
        ]
        return Wording.list(
            counts.filter { $0.0 > 0 }.map {
                Wording.count($0.0, $0.1, plural: $0.1.hasPrefix("object") ? "objects without a name" : nil)
            })
    }

    /// What was looked at: `12 commits, 80 blobs and 10 files (1.2 MB)`.
    var extentInWords: String {
        let statistics = report.statistics
        let counts = [
            (statistics.commitCount, "commit"), (statistics.blobCount, "blob"), (statistics.fileCount, "file"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { Wording.count($0.0, $0.1) }
        let size = Wording.bytes(statistics.byteCount)
        return parts.isEmpty ? size : Wording.list(parts) + " (" + size + ")"
    }
}
