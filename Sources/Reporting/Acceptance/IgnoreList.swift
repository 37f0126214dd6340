// What `migrate ignore list` shows.

package import Scanning
package import World

/// The entries of an ignore file, with what became of them.
package struct IgnoreList: Sendable {
    private let entries: [Acceptance]
    private let now: Instant
    /// Whether the whole repository was looked at.
    package var isChecked = false
    /// Fingerprints that no finding has.
    package var stale: Set<String> = []

    package init(_ acceptances: Acceptances, now: Instant) {
        entries = acceptances.entries.sorted { $0.fingerprint < $1.fingerprint }
        self.now = now
    }

    /// `active`, `expiring`, `expired`; `stale` where nothing is left to accept.
    private func state(_ entry: Acceptance) -> (word: String, ink: Ink) {
        if stale.contains(entry.fingerprint) { return ("stale", .medium) }
        if entry.isExpired(at: now) { return ("expired", .high) }
        return entry.isExpiring(at: now) ? ("expiring", .medium) : ("active", .good)
    }

    /// A line for who and when, a paragraph for what and why.
    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        guard !entries.isEmpty else {
            page.line(Piece("Nothing is accepted: there are no entries in \(Acceptances.path)."))
            return page.text
        }
        for entry in entries {
            let (word, ink) = state(entry)
            page.line(
                .whole(entry.fingerprint), Piece("  " + word.padded(to: 8), ink),
                Piece("  " + (entry.until.map { "until " + $0.day } ?? "without an end").padded(to: 16) + "  "),
                .whole(entry.owner))
            page.paragraph(
                [Piece((entry.note.map { $0 + ": " } ?? "") + entry.reason, .faint)], indent: 2, hanging: 4)
        }
        let words = entries.map { state($0).word }
        func count(_ word: String) -> Int { words.count { $0 == word } }
        page.gap()
        page.paragraph([
            Piece(
                Wording.count(entries.count, "entry", plural: "entries") + ": "
                    + Wording.list(
                        ["active", "expiring", "expired", "stale"].filter { count($0) > 0 }.map {
                            "\(Wording.grouped(count($0))) \($0)"
                        }) + ".")
        ])
        if count("expired") > 0 {
            page.paragraph([Piece("What has expired counts again, if it is still there.", .faint)])
        }
        if count("expired") + count("stale") > 0 {
            page.line(Piece("to take them away: ", .faint), .whole("migrate ignore prune", .command))
        }
        return page.text
    }

    /// `migrate.ignore-list/1`
    package func json() throws -> [UInt8] {
        try JSONText.bytes(
            Document(
                checked: isChecked,
                entries: entries.map { Document.Entry($0, state: state($0).word) }))
    }

    private struct Document: Encodable {
        let schema = "migrate.ignore-list/1"
        let checked: Bool
        let entries: [Entry]

        struct Entry: Encodable {
            let fingerprint: String
            let state: String
            let reason: String
            let owner: String
            let until: String?
            let note: String?

            init(_ entry: Acceptance, state: String) {
                fingerprint = entry.fingerprint
                self.state = state
                reason = entry.reason
                owner = entry.owner
                until = entry.until?.day
                note = entry.note
            }
        }
    }
}

extension String {
    /// For words of our own: ASCII.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - utf8.count))
    }
}
