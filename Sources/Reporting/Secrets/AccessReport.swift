// Who read or wrote a secret.

package import AWS
import World

package struct AccessReport: Sendable {
    package var name: String
    /// Seconds since 1970.
    package var since: Int64
    /// Newest first.
    package var entries: [AccessHistory.Entry]

    package init(name: String, since: Int64, entries: [AccessHistory.Entry]) {
        self.name = name
        self.since = since
        self.entries = entries
    }

    package func text(_ style: TerminalStyle, now: Int64) -> String {
        var page = style.page()
        page.line(Piece(name, .strong), Piece("  since \(Timestamp(since).day)", .faint))
        var table = TextTable()
        for entry in entries {
            table.add(
                Piece(entry.time?.iso8601 ?? "?"),
                Piece(entry.access.rawValue, entry.access == .write ? .medium : .plain),
                Piece(entry.event), Piece(entry.who, .strong), Piece(entry.accessKeyID ?? "", .faint),
                Piece(entry.source ?? "", .faint), Piece(entry.errorCode ?? "", .high))
        }
        table.write(to: &page)
        let readers = Set(entries.filter { $0.access == .read && $0.errorCode == nil }.map(\.who))
        page.line(
            Piece(
                entries.isEmpty
                    ? "nobody read or wrote it, as far as CloudTrail knows"
                    : Wording.count(entries.count, "event") + "; "
                        + Wording.count(readers.count, "reader")
                        + (readers.isEmpty ? "" : ": " + Wording.list(readers.sorted(), limit: 8)), .faint))
        return page.text
    }

    /// `migrate.secret-access/1`
    package func json() throws -> [UInt8] {
        struct Entry: Encodable {
            var time: String?
            var event: String
            var access: String
            var who: String
            var arn: String?
            var accessKeyID: String?
            var source: String?
            var error: String?
            var eventID: String
        }
        struct Document: Encodable {
            var schema = "migrate.secret-access/1"
            var name: String
            var since: String
            var events: [Entry]
        }
        return try JSONText.bytes(
            Document(
                name: name, since: Timestamp(since).iso8601,
                events: entries.map {
                    Entry(
                        time: $0.time?.iso8601, event: $0.event, access: $0.access.rawValue, who: $0.who, arn: $0.arn,
                        accessKeyID: $0.accessKeyID, source: $0.source, error: $0.errorCode, eventID: $0.eventID)
                }))
    }
}
