// Columns of text for a terminal.

/// Rows whose columns line up. The last column may be of any width and is not padded.
struct TextTable {
    private var rows: [[Piece]] = []

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ pieces: Piece...) { rows.append(pieces) }
    mutating func add(_ pieces: [Piece]) { rows.append(pieces) }

    /// - Parameter indent: columns before the first.
    func write(to page: inout Page, indent: Int = 2) {
        var widths: [Int] = []
        for row in rows {
            for (index, piece) in row.enumerated() {
                let width = TextWidth.of(page.sanitizer.clean(piece.text))
                if index == widths.count { widths.append(width) } else { widths[index] = max(widths[index], width) }
            }
        }
        for row in rows {
            var pieces: [Piece] = []
            for (index, piece) in row.enumerated() {
                pieces.append(piece)
                let isLast = !row[(index + 1)...].contains { !$0.text.isEmpty }
                if isLast { break }
                let gap = widths[index] - TextWidth.of(page.sanitizer.clean(piece.text)) + 2
                pieces.append(Piece(String(repeating: " ", count: gap)))
            }
            page.row(pieces, indent: indent)
        }
    }
}
