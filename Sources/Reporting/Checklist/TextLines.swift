// Text in lines of a width, none of which is wider.

enum TextLines {
    /// Breaks at spaces; a word that is wider than a line is cut, and so is what is more than the lines hold: `mark`
    /// shows where.
    static func fit(_ text: String, to width: Int, lines limit: Int, mark: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let word = TextWidth.cut(String(word), to: width, mark: mark)
            if line.isEmpty {
                line = word
            } else if TextWidth.of(line) + 1 + TextWidth.of(word) <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = word
            }
        }
        if !line.isEmpty { lines.append(line) }
        guard lines.count > limit, limit > 0 else { return lines }
        // What is left over goes onto the last line, which is then cut for sure.
        let last = lines[(limit - 1)...].joined(separator: " ")
        return lines[..<(limit - 1)] + [TextWidth.cut(last, to: width, mark: mark)]
    }

    /// Breaks behind the last space before the width is reached, else right there, and loses nothing: for lines of a
    /// file.
    static func broken(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for character in text {
            if TextWidth.of(line) + TextWidth.of(String(character)) > width, !line.isEmpty {
                // A space far to the left, such as an indent, would leave lines of next to nothing.
                let space = line.lastIndex(of: " ").map { line.index(after: $0) }
                let end = space.flatMap { TextWidth.of(String(line[..<$0])) > width / 2 ? $0 : nil } ?? line.endIndex
                lines.append(String(line[..<end]))
                line = String(line[end...])
            }
            line.append(character)
        }
        return lines + [line]
    }
}
