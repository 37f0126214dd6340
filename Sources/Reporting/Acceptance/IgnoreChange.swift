// What `migrate ignore add`, `prune`, `remove` and `merge` have done.

package import Scanning
package import World

/// A change of an ignore file, for people and programs.
package struct IgnoreChange: Sendable {
    package enum Kind: String, Sendable {
        case add, prune, remove, merge
    }

    private let kind: Kind
    private let entries: [Acceptance]
    private let replacedCount: Int
    private let now: Instant
    /// Of `entries`, those that no finding has.
    package var stale: Set<String> = []
    /// Fingerprints that both sides of a merge have differently.
    package var disputed: [String] = []
    /// Whether there was no conflict.
    package var isNothing = false
    package var isDryRun = false

    /// - Parameters:
    ///   - entries: that were added or taken away; after a merge, all that there are.
    ///   - replacedCount: how many of them took the place of older ones.
    package init(kind: Kind, entries: [Acceptance], replacedCount: Int, now: Instant) {
        self.kind = kind
        self.entries = entries
        self.replacedCount = replacedCount
        self.now = now
    }

    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        switch kind {
        case .add: writeAdded(to: &page)
        case .prune where entries.isEmpty: page.line(Piece("Nothing to take away.", .good))
        case .prune, .remove: writeRemoved(to: &page)
        case .merge: writeMerged(to: &page)
        }
        return page.text
    }

    private func writeAdded(to page: inout Page) {
        guard let first = entries.first else {
            page.line(Piece("Nothing to accept: no finding counts.", .good))
            return
        }
        let end = first.until.map { "until \($0.day)" } ?? "without an end"
        page.paragraph([
            Piece(Wording.count(entries.count, "finding") + " accepted \(end)", .strong),
            Piece("; "), .whole(first.owner), Piece(" answers for \(entries.count == 1 ? "it" : "them")"),
            Piece(replacedCount > 0 ? " (\(Wording.grouped(replacedCount)) accepted before)" : "", .faint),
            Piece("."),
        ])
        writeEntries(to: &page) { _ in "" }
        page.gap()
        page.paragraph([
            Piece("Commit "), .whole(Acceptances.path), Piece(": then it counts for everybody."),
        ])
    }

    private func writeRemoved(to page: inout Page) {
        let verb = isDryRun ? "would be taken away" : "taken away"
        page.paragraph([
            Piece(Wording.count(entries.count, "entry", plural: "entries") + " " + verb, .strong), Piece(":"),
        ])
        writeEntries(to: &page) { entry in
            kind == .remove ? "" : stale.contains(entry.fingerprint) ? "about nothing" : "expired"
        }
        guard !isDryRun, kind == .remove else { return }
        page.gap()
        page.paragraph([Piece(entries.count == 1 ? "Its finding counts again." : "Their findings count again.")])
    }

    private func writeMerged(to page: inout Page) {
        if isNothing {
            page.line(Piece("There is no conflict in \(Acceptances.path).", .good))
            return
        }
        page.paragraph([
            Piece(
                "Both sides taken: " + Wording.count(entries.count, "entry", plural: "entries")
                    + " in \(Acceptances.path)",
                .strong), Piece("."),
        ])
        for name in disputed {
            page.paragraph(
                [.whole(name), Piece("  both sides have it differently; the entry that ends first was kept", .faint)],
                indent: 2, hanging: 4)
        }
        page.line(Piece("next: ", .faint), .whole("git add \(Acceptances.path)", .command))
    }

    private func writeEntries(to page: inout Page, _ state: (Acceptance) -> String) {
        let limit = 20
        var table = TextTable()
        for entry in entries.prefix(limit) {
            let state = state(entry)
            table.add(
                [.whole(entry.fingerprint)] + (state.isEmpty ? [] : [Piece(state, .medium)])
                    + [Piece(entry.note ?? entry.reason, .faint)])
        }
        table.write(to: &page)
        if entries.count > limit {
            page.line(Piece("and \(Wording.grouped(entries.count - limit)) more", .faint), indent: 2)
        }
    }

    /// `migrate.ignore/1`
    package func json() throws -> [UInt8] {
        try JSONText.bytes(
            Document(
                action: kind.rawValue, dryRun: isDryRun, replaced: replacedCount,
                entries: entries.map { Document.Entry($0, isStale: stale.contains($0.fingerprint), now: now) },
                disputed: disputed))
    }

    private struct Document: Encodable {
        let schema = "migrate.ignore/1"
        let action: String
        let dryRun: Bool
        let replaced: Int
        let entries: [Entry]
        let disputed: [String]

        struct Entry: Encodable {
            let fingerprint: String
            let expired: Bool
            let stale: Bool
            let reason: String
            let owner: String
            let until: String?
            let note: String?

            init(_ entry: Acceptance, isStale: Bool, now: Instant) {
                fingerprint = entry.fingerprint
                expired = entry.isExpired(at: now)
                stale = isStale
                reason = entry.reason
                owner = entry.owner
                until = entry.until?.day
                note = entry.note
            }
        }
    }
}
