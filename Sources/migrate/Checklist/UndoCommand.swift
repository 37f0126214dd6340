// `migrate undo`: takes back what a step did, as far as it can be.

import ArgumentParser
import Checklist
import Reporting
import World

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Takes back what a step did, and says first what cannot be taken back.",
        usage: "migrate undo STEP [--dry-run | --yes]",
        discussion: """
            Files come back byte for byte, unless somebody has changed them since. What was revoked stays revoked.

            Exit codes: 0 taken back; 1 declined, or there is nothing to take back; 2 not known; 3 failed.
            """)

    @Argument(help: "The step, by name or by number as migrate plan shows it.")
    var step: String

    @OptionGroup var answers: AnswerOptions
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let place = try RepositoryPlace.find()
        let identity = try StepIdentity.of(actor, in: place, world: .real())
        let session = try ChecklistSession.open(
            checklist, place: place, identity: identity, keepsNothing: consent.dryRun)
        let given = try GivenAnswers(answers, steps: Set(session.checklist.steps.map(\.id)))
        let running = try await StepRunning.open(
            session, order: nil, identity: identity, consent: consent.choice, actor: actor, given: given,
            output: output.choice)
        let step = try running.step(step)
        Resumption.begin()
        defer { Resumption.end() }
        let outcome: UndoOutcome
        do { outcome = try await running.runner.undo(step.id, isDryRun: consent.dryRun) } catch PromptError.cancelled {
            outcome = .declined
        }
        given.tellUnused()
        switch output.format {
        case .human: try StandardOutput.write(Array(text(outcome, of: step).utf8))
        case .json: try StandardOutput.write(OutcomeDocument.bytes(outcome, of: step))
        }
        switch outcome {
        case .undone, .previewed: return
        case .declined, .nothing: ExitStatus.findings.exit()
        }
    }

    private func text(_ outcome: UndoOutcome, of step: Step) -> String {
        let style = output.choice.style()
        return switch outcome {
        // That it was taken back was told when it happened.
        case .undone: "To do it again: \(CommandHint.line("apply", step.id))\n"
        case .declined: "Nothing was changed.\n"
        case .previewed(let preview): UndoReport(step: step, preview: preview).text(style)
        case .nothing(let reasons):
            UndoReport(step: step, preview: UndoPreview(changes: [], cannot: reasons)).text(style)
        }
    }
}
