// What a change would do to a secret, key by key, before it is done; and the same for a comparison.

/// The keys of a change or a comparison.
package struct ChangeReport: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case added, changed, removed, unchanged, untouched
    }

    package struct Row: Sendable {
        package var kind: Kind
        package var key: String
        package var old: ShownValue?
        package var new: ShownValue?
        /// What to mind: "not a name that a shell can set".
        package var note: String?

        package init(kind: Kind, key: String, old: ShownValue?, new: ShownValue?, note: String? = nil) {
            self.kind = kind
            self.key = key
            self.old = old
            self.new = new
            self.note = note
        }
    }

    /// What is compared or changed: "shop/production in AWS Secrets Manager in eu-west-1".
    package var title: String
    package var rows: [Row]
    /// Of the whole secret afterwards; nil for a comparison.
    package var size: Int?

    package init(title: String, rows: [Row], size: Int?) {
        self.title = title
        self.rows = rows
        self.size = size
    }

    /// Whether anything differs.
    package var hasChanges: Bool { rows.contains { [.added, .changed, .removed].contains($0.kind) } }

    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        page.line(Piece(title, .strong))
        var table = TextTable()
        for row in rows where row.kind != .untouched {
            table.add(pieces(row, style))
        }
        table.write(to: &page)
        let untouched = rows.filter { $0.kind == .untouched }.count
        if untouched > 0 {
            page.line(
                Piece(
                    "  " + Wording.count(untouched, "other key") + (untouched == 1 ? " stays" : " stay") + " as is",
                    .faint))
        }
        page.line(Piece(summary))
        return page.text
    }

    /// `1 added, 2 changed; 812 bytes of 65,536`
    private var summary: String {
        let counts = [Kind.added, .changed, .removed, .unchanged].compactMap { kind in
            let count = rows.filter { $0.kind == kind }.count
            return count == 0 ? nil : "\(Wording.grouped(count)) \(kind.rawValue)"
        }
        let changes = counts.isEmpty ? "nothing to change" : counts.joined(separator: ", ")
        return changes + (size.map { "; \(Wording.grouped($0)) of 65,536 bytes" } ?? "")
    }

    private func pieces(_ row: Row, _ style: TerminalStyle) -> [Piece] {
        let arrow = style.unicode ? " → " : " -> "
        let sign: Piece
        let value: [Piece]
        switch row.kind {
        case .added: (sign, value) = (Piece("+", .good), [row.new?.piece].compactMap { $0 })
        case .removed: (sign, value) = (Piece("-", .high), [row.old?.piece].compactMap { $0 })
        case .changed:
            sign = Piece("~", .medium)
            let old = row.old?.piece.text ?? ""
            let new = row.new?.piece.text ?? ""
            value = [Piece(old + arrow + new)]
        case .unchanged, .untouched: (sign, value) = (Piece("=", .faint), [Piece(row.kind.rawValue, .faint)])
        }
        return [sign, Piece(row.key, .strong)] + (value.isEmpty ? [Piece("")] : value) + [
            Piece(row.note ?? "", .medium)
        ]
    }

    /// `migrate.secret-changes/1`
    package func json(applied: Bool?) throws -> [UInt8] {
        struct Value: Encodable {
            var type: String
            var state: String
            var mask: String
        }
        struct Key: Encodable {
            var change: String
            var key: String
            var old: Value?
            var new: Value?
            var note: String?
        }
        struct Document: Encodable {
            var schema = "migrate.secret-changes/1"
            var subject: String
            var applied: Bool?
            var size: Int?
            var keys: [Key]
        }
        func value(_ shown: ShownValue?) -> Value? {
            shown.map { Value(type: $0.kind, state: $0.state.rawValue, mask: $0.mask) }
        }
        return try JSONText.bytes(
            Document(
                subject: title, applied: applied, size: size,
                keys: rows.map {
                    Key(change: $0.kind.rawValue, key: $0.key, old: value($0.old), new: value($0.new), note: $0.note)
                }))
    }
}
