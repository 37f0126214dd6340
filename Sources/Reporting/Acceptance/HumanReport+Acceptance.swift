// Accepted findings in the human report: how many, by what, and what needs somebody's attention.

import Detection
import Scanning

extension HumanReportWriter {
    mutating func writeAccepted() {
        let accepted = report.accepted
        let isSilent =
            accepted.count == 0 && accepted.expired.isEmpty && accepted.expiring.isEmpty && accepted.stale.isEmpty
        guard !isSilent else { return }
        page.gap()
        if accepted.count == 0 {
            page.line(Piece("Accepted", .strong), Piece(": nothing of what was found", .faint))
        } else {
            page.paragraph([
                Piece("Accepted", .strong), Piece(" (\(Wording.grouped(accepted.count)))", .strong),
                Piece(": by " + acceptedSources(accepted), .faint),
            ])
        }
        if isVerbose { writeEveryAccepted(accepted) }
        writeEntries(
            accepted.expired, .medium,
            one: "1 entry has expired, and its finding counts again",
            many: "entries have expired, and their findings count again")
        writeEntries(
            accepted.expiring, .plain, one: "1 entry ends within 14 days", many: "entries end within 14 days")
        writeEntries(
            accepted.stale, .plain, one: "1 entry is about nothing that is still here",
            many: "entries are about nothing that is still here")
        if !accepted.stale.isEmpty {
            page.line(Piece("to take them away: ", .faint), .whole("migrate ignore prune", .command), indent: 2)
        }
    }

    /// `.migrate/ignore.yml`, or with numbers where there are several.
    private func acceptedSources(_ accepted: AcceptanceReport) -> String {
        var counts: [(source: String, count: Int)] = []
        for finding in accepted.findings {
            let source =
                if case .marker = finding.ground { "comments on their lines" } else { finding.ground.source }
            if let index = counts.firstIndex(where: { $0.source == source }) {
                counts[index].count += 1
            } else {
                counts.append((source, 1))
            }
        }
        if counts.count == 1 { return counts[0].source }
        return Wording.list(counts.map { "\($0.source) (\(Wording.grouped($0.count)))" })
    }

    private mutating func writeEveryAccepted(_ accepted: AcceptanceReport) {
        for item in accepted.findings {
            let place = item.finding.occurrences.first.map(Self.place) ?? "an unknown place"
            var pieces: [Piece] = [.whole(place), Piece("  " + item.finding.title(in: report.target))]
            if !item.finding.mask.isEmpty { pieces += [Piece("  "), .whole(item.finding.mask, .faint)] }
            page.paragraph(pieces, indent: 2, hanging: 4)
            page.paragraph([Piece(item.ground.inWords, .faint)], indent: 4, hanging: 4)
            page.line(Piece("id ", .faint), .whole(item.finding.fingerprint.description, .faint), indent: 4)
        }
    }

    private mutating func writeEntries(_ entries: [Acceptance], _ ink: Ink, one: String, many: String) {
        guard !entries.isEmpty else { return }
        page.paragraph(
            [Piece((entries.count == 1 ? one : Wording.grouped(entries.count) + " " + many) + ":", ink)], indent: 2,
            hanging: 4)
        let limit = isVerbose ? Int.max : 5
        for entry in entries.prefix(limit) {
            let ground = AcceptedFinding.Ground.entry(entry)
            page.paragraph(
                [
                    .whole(entry.fingerprint),
                    Piece("  " + (entry.note.map { $0 + ": " } ?? "") + ground.inWords, .faint),
                ],
                indent: 4, hanging: 6)
        }
        if entries.count > limit {
            page.line(Piece("and \(Wording.grouped(entries.count - limit)) more, with -v", .faint), indent: 4)
        }
    }
}
