// What a step is about to change, masked, before it is agreed to.

package import Checklist

package struct PreviewReport: Sendable {
    package var step: Step
    package var preview: Preview
    /// Where the step's title stands above already.
    package var isIntroduced: Bool

    package init(step: Step, preview: Preview, isIntroduced: Bool = false) {
        self.step = step
        self.preview = preview
        self.isIntroduced = isIntroduced
    }

    package func text(_ style: TerminalStyle) -> String {
        var page = PreviewPage(style)
        if isIntroduced { page.why(step) } else { page.title(step) }
        for change in preview.changes { page.change(change) }
        page.block("This cannot be taken back:", preview.irreversible, ink: .high)
        page.numbered("To be done by hand:", preview.byHand)
        page.questions(preview.questions)
        if preview.changes.isEmpty, preview.irreversible.isEmpty, preview.byHand.isEmpty, preview.questions.isEmpty {
            page.remark("Nothing is to be changed.")
        }
        return page.text
    }
}

/// What taking a step back would change, and what it cannot.
package struct UndoReport: Sendable {
    package var step: Step
    package var preview: UndoPreview

    package init(step: Step, preview: UndoPreview) {
        self.step = step
        self.preview = preview
    }

    /// What stays as it is comes first: it is what decides whether to go on.
    package func text(_ style: TerminalStyle) -> String {
        var page = PreviewPage(style)
        page.title(step)
        page.block("What stays as it is:", preview.cannot, ink: .high)
        for change in preview.changes { page.change(change) }
        page.questions(preview.questions)
        if preview.changes.isEmpty {
            page.remark(preview.cannot.isEmpty ? "There is nothing to take back." : "Nothing else can be taken back.")
        }
        return page.text
    }
}

/// The parts that both are made of.
struct PreviewPage {
    private let style: TerminalStyle
    private var page: Page

    init(_ style: TerminalStyle) {
        var style = style
        style.width = max(style.width, 40)
        self.style = style
        page = style.page()
    }

    var text: String { page.text }

    mutating func title(_ step: Step) {
        page.paragraph([Piece(step.title, .strong), Piece("  "), .whole("(\(step.id))", .faint)], hanging: 2)
        why(step)
    }

    mutating func why(_ step: Step) {
        if let why = step.why { page.paragraph([Piece(why, .faint)], indent: 2) }
    }

    mutating func remark(_ text: String) {
        page.gap()
        page.paragraph([Piece(text, .faint)], indent: 2)
    }

    mutating func change(_ change: PlannedChange) {
        page.gap()
        page.paragraph([Piece(change.subject, .strong)], indent: 2, hanging: 4)
        for line in change.lines {
            let (sign, ink): (String, Ink) =
                switch line.mark {
                case .added: ("+", .good)
                case .removed: ("-", .high)
                case .changed: ("~", .medium)
                case .context: (" ", .faint)
                case .note: (style.unicode ? "•" : "*", .low)
                }
            // Of a difference nothing may be missing: what is too long goes on in the next line.
            let parts = TextLines.broken(page.sanitizer.clean(line.text), to: style.width - 6)
            for (index, part) in parts.enumerated() {
                page.line(Piece("\(index == 0 ? sign : " ") \(part)", ink), indent: 4)
            }
        }
    }

    mutating func block(_ heading: String, _ lines: [String], ink: Ink) {
        guard !lines.isEmpty else { return }
        page.gap()
        page.line(Piece(heading, ink), indent: 2)
        for line in lines { page.paragraph([Piece("! ", ink), Piece(line)], indent: 4, hanging: 6) }
    }

    mutating func numbered(_ heading: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        page.gap()
        page.line(Piece(heading, .strong), indent: 2)
        for (index, line) in lines.enumerated() {
            let number = "\(index + 1). "
            page.paragraph([Piece(number), Piece(line)], indent: 4, hanging: 4 + number.utf8.count)
        }
    }

    mutating func end(_ pieces: [Piece]) {
        page.gap()
        page.paragraph(pieces, indent: 2)
    }

    mutating func questions(_ questions: [Question]) {
        guard !questions.isEmpty else { return }
        page.gap()
        page.line(Piece("To be answered:", .strong), indent: 2)
        for question in questions {
            page.paragraph([Piece(question.text), Piece(question.isRequired ? "" : " (optional)", .faint)], indent: 4)
            page.paragraph([.whole(Self.flag(question), .command)], indent: 6)
        }
    }

    /// The flag that answers a question.
    static func flag(_ question: Question) -> String {
        switch question.kind {
        case .text where question.id == "attest": "--attest NOTE"
        case .text: "--answer \(question.id)=TEXT"
        case .secret: "--answer-from \(question.id)=FILE"
        case .choice(let choices, _): "--answer \(question.id)=\(choices.map(\.id).joined(separator: "|"))"
        }
    }
}
