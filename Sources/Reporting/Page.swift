// Text for a terminal: colours, wrapping, and the only door to the reader's screen.

/// What a piece of text means, which decides its colour.
enum Ink {
    case plain, strong, faint, critical, high, medium, low, good, command

    /// The parameters of "select graphic rendition", from the eight basic colours, which
    /// every theme keeps readable; nil for none.
    var parameters: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .critical: "1;31"
        case .high: "31"
        case .medium: "33"
        case .low: "36"
        case .good: "32"
        case .command: "36"
        }
    }
}

/// A run of text in one ink.
struct Piece {
    var text: String
    var ink: Ink
    /// Never broken across lines: a path, a command, a name.
    var isWhole: Bool

    init(_ text: String, _ ink: Ink = .plain, isWhole: Bool = false) {
        self.text = text
        self.ink = ink
        self.isWhole = isWhole
    }

    static func whole(_ text: String, _ ink: Ink = .plain) -> Piece { Piece(text, ink, isWhole: true) }
}

/// A text under construction. Every piece goes through the sanitizer here, so that no
/// caller can forget to.
struct Page {
    let colour: Bool
    let width: Int
    let sanitizer: Sanitizer
    private(set) var text = ""

    init(colour: Bool, width: Int, sanitizer: Sanitizer) {
        self.colour = colour
        self.width = width
        self.sanitizer = sanitizer
    }

    /// An empty line, unless there is one already or nothing stands before it.
    mutating func gap() {
        if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n" }
    }

    /// One line that is never wrapped.
    mutating func line(_ pieces: Piece..., indent: Int = 0) {
        text += String(repeating: " ", count: indent)
        emit(pieces.map { Fragment(text: sanitizer.clean($0.text), ink: $0.ink) })
    }

    /// The same from a list.
    mutating func row(_ pieces: [Piece], indent: Int = 0) {
        text += String(repeating: " ", count: indent)
        emit(pieces.map { Fragment(text: sanitizer.clean($0.text), ink: $0.ink) })
    }

    /// Wraps `pieces` at the width; lines after the first begin at `hanging` columns.
    mutating func paragraph(_ pieces: [Piece], indent: Int = 0, hanging: Int? = nil) {
        let hanging = hanging ?? indent
        text += String(repeating: " ", count: indent)
        var column = indent
        var isFirstOfLine = true
        var pending: [Fragment] = []
        for word in words(of: pieces) {
            if !isFirstOfLine, column + word.leading + word.width > width {
                emit(pending)
                pending = []
                text += String(repeating: " ", count: hanging)
                column = hanging
                isFirstOfLine = true
            }
            if !isFirstOfLine {
                pending.append(
                    Fragment(
                        text: String(repeating: " ", count: word.leading), ink: word.fragments.first?.ink ?? .plain))
                column += word.leading
            }
            pending += word.fragments
            column += word.width
            isFirstOfLine = false
        }
        emit(pending)
    }

    private struct Fragment {
        var text: String
        var ink: Ink
    }

    private struct Word {
        /// Spaces before it, dropped at the start of a line.
        var leading = 0
        var fragments: [Fragment] = []
        var width: Int { fragments.reduce(0) { $0 + TextWidth.of($1.text) } }
    }

    /// Pieces without a space between them make one word.
    private func words(of pieces: [Piece]) -> [Word] {
        var words: [Word] = []
        var word = Word()
        for piece in pieces {
            let clean = sanitizer.clean(piece.text)
            if piece.isWhole {
                word.fragments.append(Fragment(text: clean, ink: piece.ink))
                continue
            }
            for part in clean.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
                if part.offset > 0 {
                    if word.fragments.isEmpty {
                        word.leading += 1
                    } else {
                        words.append(word)
                        word = Word(leading: 1)
                    }
                }
                if !part.element.isEmpty { word.fragments.append(Fragment(text: String(part.element), ink: piece.ink)) }
            }
        }
        if !word.fragments.isEmpty { words.append(word) }
        return words
    }

    private mutating func emit(_ fragments: [Fragment]) {
        var current: Ink = .plain
        for fragment in fragments {
            if colour, fragment.ink != current {
                if current != .plain { text += "\u{1b}[0m" }
                if let parameters = fragment.ink.parameters { text += "\u{1b}[\(parameters)m" }
                current = fragment.ink
            }
            text += fragment.text
        }
        if current != .plain { text += "\u{1b}[0m" }
        text += "\n"
    }
}
