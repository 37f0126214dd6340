// A fleet's report for people: a table by repository, and the values that stand in several.

import Detection
import Scanning

/// Writes what was found in many repositories as text.
package struct FleetReport: Sendable {
    package var colour: Bool
    /// Whether the reader's locale is UTF-8; if not, everything else than ASCII is escaped.
    package var unicode: Bool
    /// Columns; at least 60 are used.
    package var width: Int

    package init(colour: Bool = false, unicode: Bool = true, width: Int = 80) {
        self.colour = colour
        self.unicode = unicode
        self.width = width
    }

    /// One line for each finding in each repository, and nothing else.
    package func lines(for summary: FleetSummary) -> String {
        var page = Page(colour: colour, width: max(60, width), sanitizer: Sanitizer(unicode: unicode))
        for entry in summary.findings {
            for (repository, finding) in entry.places {
                let more = finding.placeCount - 1
                page.line(
                    .whole(repository), Piece(": "), .whole(finding.place), Piece(": "),
                    Piece(finding.severity.name, finding.severity.ink), Piece(": " + finding.title),
                    Piece(finding.mask.isEmpty ? "" : " " + finding.mask),
                    Piece(more > 0 ? " (+\(Wording.count(more, "place")))" : "", .faint))
            }
        }
        return page.text
    }

    /// The text, ending in a line break.
    ///
    /// - Parameter header: whose part of the list it is about.
    package func text(for summary: FleetSummary, header: FleetHeader) -> String {
        var page = Page(colour: colour, width: max(60, width), sanitizer: Sanitizer(unicode: unicode))
        page.paragraph([Piece(Self.headline(summary), .strong)])
        if header.shard != .whole {
            page.paragraph([
                Piece(
                    "Shard \(header.shard) of a list of \(Wording.count(header.repositoryCount, "repository", plural: "repositories")): "
                        + "the others are reported elsewhere.", .faint)
            ])
        }
        page.gap()
        table(summary).write(to: &page)
        let shared = summary.findings.filter { $0.repositories.count > 1 }
        if !shared.isEmpty {
            page.gap()
            page.line(Piece("The same value in several repositories", .strong))
            for entry in shared {
                page.paragraph(
                    [
                        Piece(entry.finding.severity.name, entry.finding.severity.ink),
                        Piece("  \(entry.finding.title) "), .whole(entry.finding.mask),
                        Piece(": "),
                    ] + Self.names(entry.repositories), indent: 2, hanging: 4)
            }
        }
        let unread = summary.rows.filter { $0.failure != nil || $0.gapCount > 0 }
        if !unread.isEmpty {
            page.gap()
            page.line(Piece("Not read", .strong))
            for row in unread {
                let reason = row.failure ?? "\(Wording.count(row.gapCount, "thing")) in it could not be read"
                page.paragraph([.whole(row.path, .medium), Piece(": " + reason)], indent: 2, hanging: 4)
            }
        }
        page.gap()
        page.paragraph([Piece(Self.next(summary))])
        return page.text
    }

    static func headline(_ summary: FleetSummary) -> String {
        var parts: [String] = []
        let repositories = Wording.count(summary.rows.count, "repository", plural: "repositories")
        if summary.affectedCount > 0 {
            let values = Wording.count(summary.findings.count, "finding")
            parts.append("\(values) in \(Wording.grouped(summary.affectedCount)) of \(repositories)")
        } else {
            parts.append("Nothing found in \(repositories)")
        }
        if summary.failedCount > 0 { parts.append("\(Wording.grouped(summary.failedCount)) could not be read") }
        if summary.partialCount > 0 { parts.append("\(Wording.grouped(summary.partialCount)) read in part") }
        return parts.joined(separator: "; ") + "."
    }

    static func next(_ summary: FleetSummary) -> String {
        if summary.affectedCount > 0 {
            return "Next: migrate scan in each repository with findings says what to do, worst first."
        }
        if !summary.isComplete { return "Next: make readable what could not be read, and scan again." }
        return "Nothing to do."
    }

    private func table(_ summary: FleetSummary) -> TextTable {
        var table = TextTable()
        // What nobody has makes no column.
        let severities = Severity.allCases.reversed().filter { severity in
            summary.rows.contains { $0.counts[severity] != nil }
        }
        table.add([Piece("repository", .faint)] + severities.map { Piece($0.name, .faint) } + [Piece("", .faint)])
        let room = max(20, max(60, width) - severities.count * 10 - 16)
        for row in summary.rows where !row.isClean {
            table.add(
                [.whole(TextWidth.cut(page(row.path), to: room, mark: unicode ? "…" : "..."))]
                    + severities.map { severity in
                        let count = row.counts[severity] ?? 0
                        return Piece(
                            row.failure == nil ? Wording.grouped(count) : "-", count > 0 ? severity.ink : .faint)
                    } + [state(row)])
        }
        if summary.cleanCount > 0 {
            let words = summary.cleanCount == summary.rows.count ? "all of them" : "the others"
            table.add(
                [Piece("\(words) (\(Wording.grouped(summary.cleanCount)))", .faint)]
                    + severities.map { _ in Piece("0", .faint) }
                    + [Piece("clean", .good)])
        }
        return table
    }

    private func page(_ text: String) -> String { Sanitizer(unicode: unicode).clean(text) }

    private func state(_ row: FleetSummary.Row) -> Piece {
        if row.failure != nil { return Piece("not read", .medium) }
        return row.gapCount > 0 ? Piece("read in part", .medium) : Piece("")
    }

    private static func names(_ repositories: [String]) -> [Piece] {
        var pieces: [Piece] = []
        for (number, name) in repositories.prefix(20).enumerated() {
            pieces.append(.whole(name))
            if number < min(repositories.count, 20) - 1 { pieces.append(Piece(", ")) }
        }
        if repositories.count > 20 { pieces.append(Piece(" and \(repositories.count - 20) more")) }
        return pieces
    }
}
