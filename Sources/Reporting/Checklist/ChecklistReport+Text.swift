// The list for a person: where everything stands, where you are, and what to type next.

import Checklist

extension ChecklistReport {
    /// Ends with one line that says what to do next. No line is wider than the terminal, from 40 columns on.
    package func text(_ style: TerminalStyle) -> String {
        var list = StepListPage(style, count: statuses.count)
        writeHeading(to: &list)
        let next = next?.step.id
        for (index, status) in statuses.enumerated() {
            let isNext = status.step.id == next
            list.step(
                status.step, number: index + 1, sign: StepSign(status.standing, isNext: isNext), isStrong: isNext)
            list.say(status.standing, number: index + 1, now: now)
            for warning in status.standing.warnings { list.say("mind: \(warning)", .medium) }
        }
        writeEnd(to: &list)
        return list.text
    }

    func writeHeading(to list: inout StepListPage) {
        list.heading(checklist.title)
        list.heading(
            checklist.id + (order == .emergency ? ", emergency order: " : ": ") + summary, ink: .faint)
        list.gap()
    }

    func writeEnd(to list: inout StepListPage) {
        list.gap()
        for note in notes { list.close([Piece("! ", .high), Piece(note, .high)]) }
        for remark in remarks { list.close([Piece("! ", .medium), Piece(remark)]) }
        list.close(advice)
    }

    /// How far the state file can be relied on.
    private var remarks: [String] {
        var remarks: [String] = []
        let attested = attested
        if !attested.isEmpty {
            remarks.append(
                attested.count == 1
                    ? "1 step rests on somebody's word: \(attested[0])."
                    : "\(attested.count) steps rest on somebody's word: \(attested.joined(separator: ", ")).")
        }
        if isStateCommitted == false {
            remarks.append("The state file .migrate/state.json is not in the last commit as it is now: commit it.")
        }
        return remarks
    }

    /// `5 of 17 done, 1 waiting, 2 waived`
    var summary: String {
        func count(_ names: String...) -> Int { statuses.count { names.contains($0.standing.name) } }
        var parts = ["\(count("done", "due")) of \(statuses.count) done"]
        for (number, word) in [
            (count("waived"), "waived"), (count("waiting"), "waiting"), (count("due"), "due again"),
            (count("drifted"), "drifted"), (count("failed"), "failed"), (count("unknown"), "not known"),
        ] where number > 0 {
            parts.append("\(number) \(word)")
        }
        return parts.joined(separator: ", ")
    }

    private var advice: [Piece] {
        if let next, let index = statuses.firstIndex(of: next) {
            return [
                Piece("Next, step \(index + 1) of \(statuses.count): ", .strong),
                .whole(commandLine(["apply", next.step.id]), .command),
            ]
        }
        if let status = statuses.first(where: { $0.standing.name == "unknown" }),
            case .unknown(let reason, let remedy) = status.standing
        {
            return [
                Piece("Next: ", .strong), Piece(remedy ?? reason), Piece("; then "),
                .whole(commandLine(["status"]), .command),
            ]
        }
        let times = statuses.compactMap { status in
            if case .waiting(_, let until) = status.standing { until } else { nil }
        }
        if let first = times.min() {
            return [
                Piece("Nothing to do now. Look again \(TimeWords.at(first, now: now)): "),
                .whole(commandLine(["apply"]), .command),
            ]
        }
        guard isDone else { return [Piece("Next: ", .strong), .whole(commandLine(["verify"]), .command)] }
        let waived = statuses.count { $0.standing.name == "waived" }
        return [
            Piece(
                waived == 0
                    ? "All \(Wording.count(statuses.count, "step")) are done."
                    : "All steps are done, but for \(Wording.count(waived, "waiver")).", .good)
        ]
    }
}
