// What to run next.

import Checklist
import Reporting
import World

/// The line at the end of a run. It goes by what is remembered: the world is asked when the next step is run.
struct NextStep {
    private let running: StepRunning
    private let results: [StepResult]

    init(_ running: StepRunning, _ results: [StepResult]) {
        self.running = running
        self.results = results
    }

    func text() async -> String {
        guard let snapshot = await running.journal?.snapshot else { return dryRunText }
        let steps = running.session.checklist.steps(in: running.order)
        let now = running.session.world.now()
        let done = Set(
            steps.filter { step in
                let record = snapshot.record(of: step.id)
                return record.state == .verified || (record.waiver?.holds(at: now) ?? false)
            }.map(\.id))
        var text = ""
        let held = results.filter { if case .heldUp = $0.end { true } else { false } }
        for result in held {
            guard case .heldUp(let ids) = result.end else { continue }
            text += "  \(result.step.id) waits for \(Wording.list(ids))\n"
        }
        if done.count == steps.count {
            let waived = steps.count { snapshot.record(of: $0.id).waiver?.holds(at: now) ?? false }
            let exception = waived == 0 ? "" : ", but for \(waived) \(waived == 1 ? "waiver" : "waivers")"
            return text
                + "\nAll \(steps.count) steps are done\(exception). To prove it: \(CommandHint.line("verify"))\n"
        }
        text += "\n\(done.count) of \(steps.count) steps are done."
        let stuck = Set(results.filter { !$0.isDone }.map(\.step.id))
        let next = steps.first { step in
            !done.contains(step.id) && !stuck.contains(step.id)
                && step.needs(in: running.order).allSatisfy(done.contains)
        }
        if let next {
            text += " Next: \(CommandHint.line("apply", next.id))\n"
        } else {
            text += " To see what is left: \(CommandHint.line("status"))\n"
        }
        return text
    }

    private var dryRunText: String {
        let words = results.count == 1 ? ["apply", results[0].step.id] : ["apply"]
        guard results.contains(where: { if case .ran(.previewed) = $0.end { true } else { false } }) else { return "" }
        return "\nNothing was changed. To do it: "
            + (words.count == 2 ? CommandHint.line(words[0], words[1]) : CommandHint.line(words[0])) + "\n"
    }
}
