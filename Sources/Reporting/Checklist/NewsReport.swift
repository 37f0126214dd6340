// What happens during a run, a line at a time, and how it ended.

package import Checklist
package import World

package struct NewsReport: Sendable {
    package var news: RunnerNews
    package var now: Instant

    package init(_ news: RunnerNews, now: Instant) {
        self.news = news
        self.now = now
    }

    /// Lines that end in a line break.
    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        func write(_ sign: StepSign, _ text: String) {
            page.paragraph([sign.piece(style), .whole(" "), Piece(text)], hanging: style.unicode ? 2 : 4)
        }
        func faint(_ text: String) { page.paragraph([Piece(text, .faint)], indent: 2, hanging: 4) }
        switch news {
        case .observing(let step): faint("\(step.id): looking at what is there")
        case .alreadySatisfied(let step, let evidence):
            write(.done, "\(step.title): \(evidence.summary)")
            for warning in evidence.warnings { faint("mind: \(warning)") }
        case .previewAgain(_, let what): write(.alarm, "\(what) has changed in the meantime; here it is again")
        case .intending(_, let effect): faint("\(effect) \(style.unicode ? "…" : "...")")
        case .effected(_, let effect): faint("\(effect): done")
        case .verified(_, let evidence):
            write(.done, evidence.summary)
            for warning in evidence.warnings { faint("mind: \(warning)") }
        case .waiting(_, let reason, let until): write(.waiting, reason + TimeWords.again(until, now: now))
        case .notSatisfied(_, let reason): write(.alarm, reason)
        case .undone(let step): write(.done, "\(step.title): taken back")
        }
        return page.text
    }
}

/// How a step ended, with the next thing to do.
package struct OutcomeReport: Sendable {
    package var step: Step
    package var outcome: StepOutcome
    package var now: Instant
    package var commandLine: @Sendable (_ words: [String]) -> String = CommandWords.plain

    package init(step: Step, outcome: StepOutcome, now: Instant) {
        self.step = step
        self.outcome = outcome
        self.now = now
    }

    package func text(_ style: TerminalStyle) -> String {
        let again = Piece.whole(commandLine(["apply", step.id]), .command)
        switch outcome {
        case .previewed(let preview): return PreviewReport(step: step, preview: preview).text(style)
        case .byHand(let lines):
            var page = PreviewPage(style)
            page.title(step)
            page.numbered("To be done by hand:", lines)
            page.end([Piece("Then: ", .strong), again])
            return page.text
        case .alreadySatisfied: return line([Piece("\(step.id) was done already; nothing was changed.")], style)
        case .verified: return line([Piece("\(step.id) is done.", .good)], style)
        case .waiting(let reason, nil):
            return line([Piece("\(step.id) waits: \(reason). Then: "), again], style)
        case .waiting(_, let until?):
            let time = until > now ? TimeWords.at(until, now: now) : "now"
            return line([Piece("\(step.id) takes time. Look again \(time): "), again], style)
        case .unsatisfied(let reason):
            return line([Piece("\(step.id) is not done: \(reason). To try again: "), again], style)
        case .unknown(let reason):
            return line(
                [Piece("Whether \(step.id) is done is not known: \(reason). To look again: "), again], style)
        case .declined: return line([Piece("Nothing was changed.")], style)
        }
    }

    private func line(_ pieces: [Piece], _ style: TerminalStyle) -> String {
        var page = style.page()
        page.paragraph(pieces, hanging: 2)
        return page.text
    }
}
