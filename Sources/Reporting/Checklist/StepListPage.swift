// The list of steps on a terminal: one line each, and what is to be said below it.

import Checklist
import World

/// What a step looks like in a list.
enum StepSign {
    case done, next, pending, waiting, alarm, waived, unknown

    init(_ standing: Standing, isNext: Bool) {
        switch standing {
        case .done: self = .done
        case .waiting: self = .waiting
        case .drifted, .failed, .due: self = .alarm
        case .waived: self = .waived
        case .unknown: self = .unknown
        case .ready, .undone, .blocked: self = isNext ? .next : .pending
        }
    }

    func piece(_ style: TerminalStyle) -> Piece {
        let (unicode, ascii, ink): (String, String, Ink) =
            switch self {
            case .done: ("✓", "[x]", .good)
            case .next: ("●", "[>]", .command)
            case .pending: ("○", "[ ]", .faint)
            case .waiting: ("◐", "[~]", .medium)
            case .alarm: ("!", "[!]", .high)
            case .waived: ("–", "[-]", .faint)
            case .unknown: ("?", "[?]", .medium)
            }
        return Piece(style.unicode ? unicode : ascii, ink)
    }
}

/// A page of rows, none of which is wider than the terminal.
struct StepListPage {
    /// Lines longer than this are hard to read, however wide the terminal is.
    static let widest = 100
    /// Of what is said below a step.
    static let lineLimit = 3

    let style: TerminalStyle
    private(set) var page: Page
    /// Columns before what is said below a step.
    private let indent: Int
    private let numberWidth: Int
    /// Why something is not known, and the number of the step at which that was said.
    private var reasons: [String: Int] = [:]

    /// - Parameter count: of the steps.
    init(_ style: TerminalStyle, count: Int) {
        var style = style
        style.width = min(max(style.width, 40), Self.widest)
        self.style = style
        page = style.page()
        numberWidth = String(count).utf8.count
        indent = 2 + (style.unicode ? 1 : 3) + 1 + numberWidth + 2
    }

    var text: String { page.text }

    /// A line over the list.
    mutating func heading(_ text: String, ink: Ink = .strong) {
        for line in fit(text, to: style.width, lines: 2) { page.line(Piece(line, ink)) }
    }

    mutating func gap() { page.gap() }

    /// The sign, the number and the title, with the id at the right where there is room.
    mutating func step(_ step: Step, number: Int, sign: StepSign, isStrong: Bool) {
        let digits = String(number)
        let padded = String(repeating: " ", count: numberWidth - digits.utf8.count) + digits
        let room = style.width - indent
        let id = clean(step.id)
        let title = clean(step.title)
        let hasRoom = TextWidth.of(title) + 2 + TextWidth.of(id) <= room
        let shown = hasRoom ? title : TextWidth.cut(title, to: room, mark: mark)
        var pieces = [
            sign.piece(style), Piece(" "), Piece(padded, .faint), Piece("  "),
            Piece(shown, isStrong ? .strong : sign == .pending || sign == .waived ? .faint : .plain),
        ]
        if hasRoom {
            pieces.append(Piece(String(repeating: " ", count: room - TextWidth.of(title) - TextWidth.of(id))))
            pieces.append(Piece(id, .faint))
        }
        page.row(pieces, indent: 2)
        if !hasRoom { say(id, .faint) }
    }

    /// Where a step stands, below it.
    mutating func say(_ standing: Standing, number: Int, now: Instant) {
        if case .unknown(let reason, _) = standing {
            sayUnknown("not known", reason, number: number)
        } else {
            say(standing.words(now: now), standing.ink)
        }
    }

    /// Something below a step.
    mutating func say(_ text: String, _ ink: Ink = .faint) {
        for line in fit(text, to: style.width - indent, lines: Self.lineLimit) {
            page.line(Piece(line, ink), indent: indent)
        }
    }

    /// Why something is not known: in full the first time, and after that where it was said.
    mutating func sayUnknown(_ what: String, _ reason: String, number: Int) {
        if let first = reasons[reason] {
            say("\(what), for the same reason as step \(first)", .medium)
        } else {
            reasons[reason] = number
            say("\(what): \(reason)", .medium)
        }
    }

    /// A paragraph below the list.
    mutating func close(_ pieces: [Piece]) { page.paragraph(pieces, hanging: 2) }

    private var mark: String { style.unicode ? "…" : "..." }
    private func clean(_ text: String) -> String { page.sanitizer.clean(text) }
    private func fit(_ text: String, to width: Int, lines: Int) -> [String] {
        TextLines.fit(clean(text), to: width, lines: lines, mark: mark)
    }
}
