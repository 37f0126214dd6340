// The check of a pipeline for a person who reads its log.

import Gate

extension CIReport {
    /// What stands below the text about the scan; empty when there is neither a problem nor a checklist.
    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        if !report.problems.isEmpty {
            page.gap()
            page.paragraph([Piece("Besides that", .strong)])
            for problem in report.problems {
                page.paragraph(
                    [
                        Piece(problem.title, problem.fails(from: report.failOn) ? .high : .medium), Piece(": "),
                        .whole(problem.subject, .strong),
                    ], indent: 2)
                page.paragraph([Piece(problem.reason)], indent: 4)
                if !problem.remedy.isEmpty {
                    page.paragraph([Piece("Next: ", .faint), Piece(problem.remedy, .command)], indent: 4)
                }
            }
        }
        if !report.checklists.isEmpty {
            page.gap()
            page.paragraph([Piece("Checklists", .strong)])
            for checklist in report.checklists {
                page.paragraph([.whole(checklist.id, .strong), Piece(": \(Self.words(checklist)).")], indent: 2)
            }
        }
        page.gap()
        page.paragraph([Piece(verdict, report.verdict == .clean ? .good : .high)])
        return page.text
    }
}
