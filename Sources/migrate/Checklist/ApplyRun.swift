// Which steps are run, and what is said at the end.

import Checklist
import Reporting
import World

struct ApplyRun {
    enum Target {
        case next, all
        case step(String)
        case through(String)
    }

    let running: StepRunning
    let options: RunOptions
    private var runner: Runner { running.runner }
    private var screen: StepScreen { running.screen }

    init(running: StepRunning, options: RunOptions) {
        self.running = running
        self.options = options
    }

    /// - Returns: what the process ends with.
    func run(_ target: Target) async throws -> ExitStatus {
        let ids: [String]
        switch target {
        case .next:
            let report = try await list()
            guard let next = report.next else { return try await nothingToDo(report) }
            Diagnostics.note("next is \(next.step.id): \(next.standing.reason ?? "it is due again").")
            ids = [next.step.id]
        case .all:
            _ = try await list()
            ids = running.session.checklist.steps(in: running.order).map(\.id)
        case .step(let word): ids = [try running.step(word).id]
        case .through(let word): ids = try runner.ids(through: try running.step(word).id)
        }
        Resumption.begin()
        defer { Resumption.end() }
        let results: [StepResult]
        if ids.count == 1 {
            let outcome = try await declining { try await runner.run(ids[0], options) } ?? .declined
            guard let step = running.session.checklist[ids[0]] else { return .bug }
            results = [StepResult(step: step, end: .ran(outcome))]
        } else {
            guard let all = try await declining({ try await runner.runThrough(ids, options) }) else {
                return .findings
            }
            results = all
        }
        try await tell(results)
        // What is known to be undone goes before what is not known.
        let open = results.filter { !$0.isDone }
        return open.isEmpty ? .clean : open.allSatisfy(\.isUnknown) ? .incomplete : .findings
    }

    /// Nil when the person got up from a question: a no as any other.
    private func declining<T>(_ body: () async throws -> T) async throws -> T? {
        do { return try await body() } catch PromptError.cancelled {
            Diagnostics.note("cancelled; nothing more was changed.")
            return nil
        }
    }

    /// Where everything stands now. What is found done is written down: it was seen, and may come undone.
    private func list() async throws -> ChecklistReport {
        let statuses = await runner.statuses()
        if !options.isDryRun { _ = try await runner.takeNote(of: statuses) }
        return .init(running.session, order: running.order, statuses: statuses)
    }

    /// No step can be done now: all are, or what is left waits.
    private func nothingToDo(_ report: ChecklistReport) async throws -> ExitStatus {
        switch screen.output.format {
        case .human: try StandardOutput.write(Array(report.text(screen.output.style()).utf8))
        case .json: try StandardOutput.write(OutcomeDocument.bytes(running, []))
        }
        return report.isDone ? .clean : report.hasUnknowns ? .incomplete : .findings
    }

    private func tell(_ results: [StepResult]) async throws {
        guard screen.output.format == .human else {
            return try StandardOutput.write(OutcomeDocument.bytes(running, results))
        }
        var text = ""
        for result in results {
            guard case .ran(let outcome) = result.end, outcome.needsTelling else { continue }
            if case .waiting(let reason, let until?) = outcome {
                text += NewsReport(
                    .waiting(result.step, reason: "\(result.step.title): \(reason)", until: until),
                    now: running.session.world.now()
                ).text(screen.output.style())
            }
            var report = OutcomeReport(step: result.step, outcome: outcome, now: running.session.world.now())
            report.commandLine = { CommandHint.line($0) }
            text += report.text(screen.output.style())
        }
        text += await NextStep(running, results).text()
        try StandardOutput.write(Array(text.utf8))
    }
}

extension StepOutcome {
    /// Whether nothing was said yet of how the step ended.
    fileprivate var needsTelling: Bool {
        switch self {
        case .alreadySatisfied, .verified: false
        case .waiting, .unsatisfied, .unknown, .previewed, .declined, .byHand: true
        }
    }
}

extension StepResult {
    /// Whether the step was done and nobody can say whether it worked, or it needs one of which that is so.
    var isUnknown: Bool {
        if case .ran(.unknown) = end { true } else { false }
    }

    /// Whether nothing about this step is left to be done; a dry run leaves nothing undone.
    var isDone: Bool {
        switch end {
        case .waived: true
        case .heldUp: false
        case .ran(.previewed): true
        case .ran(let outcome): outcome.isDone
        }
    }
}
