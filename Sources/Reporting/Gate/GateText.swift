// What a refused commit, message or push has to say for itself, in as few lines as can be.

import Detection
package import Gate
import Scanning

/// What git was about to do.
package enum GatedAct: Sendable {
    case commit, message, push

    /// As the subject of a sentence.
    var words: String {
        switch self {
        case .commit, .message: "This commit"
        case .push: "This push"
        }
    }

    /// How it is done all the same.
    package var bypass: String {
        switch self {
        case .commit, .message: "git commit --no-verify"
        case .push: "git push --no-verify"
        }
    }
}

/// Words for the result of the gate.
package struct GateText: Sendable {
    private let act: GatedAct
    private let style: TerminalStyle

    /// Problems that are shown; the others are counted.
    private static let most = 20

    package init(_ act: GatedAct, _ style: TerminalStyle) {
        self.act = act
        self.style = style
    }

    /// Nothing at all when all is well.
    package func text(for report: GateReport) -> String {
        var page = style.page()
        if report.problems.isEmpty, report.gaps.isEmpty {
            if report.remainingCount > 0 {
                page.line(Piece("migrate: \(remaining(report.remainingCount)); see: migrate scan", .faint))
            }
            return page.text
        }
        if !report.problems.isEmpty {
            page.line(
                Piece("migrate: ", .strong),
                Piece("\(act.words) is refused: \(Wording.count(report.problems.count, "problem")).", .critical))
            for problem in report.problems.prefix(Self.most) { write(problem, to: &page) }
            if report.problems.count > Self.most {
                page.gap()
                page.line(Piece("and \(report.problems.count - Self.most) more; see all with --format json"), indent: 2)
            }
        }
        if !report.gaps.isEmpty {
            page.line(
                Piece("migrate: ", .strong),
                Piece("\(act.words) cannot be judged, since not all of it can be read:", .critical))
            for gap in report.gaps.prefix(Self.most) {
                page.paragraph([.whole(gap.subject), Piece(": \(gap.reason)")], indent: 2, hanging: 4)
            }
            if report.gaps.count > Self.most {
                page.line(Piece("and \(report.gaps.count - Self.most) more"), indent: 2)
            }
        }
        writeAdvice(report, to: &page)
        return page.text
    }

    private func remaining(_ count: Int) -> String {
        Wording.count(count, "finding") + " in the changed files " + (count == 1 ? "was" : "were") + " there before"
    }

    private func write(_ problem: GateProblem, to page: inout Page) {
        page.gap()
        let place = problem.path + (problem.line > 0 ? ":\(problem.line):\(problem.column)" : "")
        page.row([.whole(place, .strong)], indent: 2)
        let mask = problem.mask.isEmpty ? [] : [Piece("  "), Piece.whole(problem.mask, ink(problem.severity))]
        page.row([Piece(problem.title, ink(problem.severity))] + mask, indent: 4)
        page.paragraph([Piece("why: ", .faint), Piece(problem.reason)], indent: 4, hanging: 9)
    }

    private func ink(_ severity: Severity) -> Ink {
        switch severity {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        case .low, .info: .low
        }
    }
}

// MARK: - The way on

extension GateText {
    private func writeAdvice(_ report: GateReport, to page: inout Page) {
        page.gap()
        if report.problems.isEmpty {
            page.line(Piece("to go on all the same: ", .faint), Piece(act.bypass, .command))
            return
        }
        let kinds = Set(report.problems.map(\.kind))
        let dotenv = report.problems.first { $0.kind == .dotenvFile }
        var rows: [(String, String)] = []
        if act == .commit, let dotenv {
            rows.append(("move its values", line(["migrate", "secret", "import"], dotenv.path)))
            rows.append(("untrack it", line(["git", "rm", "--cached"], dotenv.path)))
        } else if act == .commit, !kinds.isDisjoint(with: [.credential, .templateValue, .knownValue]) {
            rows.append(("move the value", "migrate secret set NAME, then read it from the environment"))
        }
        if kinds.contains(.ignoreHole) { rows.append(("close the hole", "put the line back that names the file")) }
        if act == .message { rows.append(("reword it", "git commit --edit --file=.git/COMMIT_EDITMSG")) }
        if act == .push {
            rows.append(("take it out", "amend or rebase the commits that hold it, and revoke the value"))
        }
        if let fingerprint = report.problems.lazy.compactMap(\.fingerprint).first {
            rows.append(
                ("accept it", "migrate ignore add \(fingerprint) --reason '…' --owner YOU"))
        }
        rows.append(("or go on", act.bypass))
        for (what, how) in rows {
            page.line(
                Piece(what + String(repeating: " ", count: max(0, 16 - what.utf8.count)), .faint), Piece(how, .command),
                indent: 2)
        }
        writeFingerprints(report, to: &page)
        if report.remainingCount > 0 {
            page.line(
                Piece(
                    "\(remaining(report.remainingCount)), and \(report.remainingCount == 1 ? "does" : "do") not count.",
                    .faint), indent: 2)
        }
    }

    /// Where there are several, each needs its name.
    private func writeFingerprints(_ report: GateReport, to page: inout Page) {
        let named = report.problems.prefix(Self.most).filter { $0.fingerprint != nil }
        guard Set(named.compactMap(\.fingerprint)).count > 1 else { return }
        page.gap()
        page.line(Piece("fingerprints, to accept them by:", .faint), indent: 2)
        for problem in named {
            guard let fingerprint = problem.fingerprint else { continue }
            page.row(
                [Piece("\(fingerprint)  "), .whole(problem.path + (problem.line > 0 ? ":\(problem.line)" : ""))],
                indent: 4)
        }
    }

    private func line(_ words: [String], _ path: String) -> String {
        guard ShellWord.canName(path) else { return words.joined(separator: " ") + " FILE" }
        // A name that begins with a dash would be taken for an option.
        let path = path.hasPrefix("-") ? "./" + path : path
        return ShellWord.line(words + [path], sanitizer: Sanitizer(unicode: style.unicode))
    }
}
