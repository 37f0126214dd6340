// `migrate apply`: the next step of the checklist, or several.

import ArgumentParser
import Checklist
import Settings
import World

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Does the next step of the checklist, after showing it and asking.",
        usage: """
            migrate apply [STEP] [--dry-run | --yes] [--answer ID=VALUE ...]
            migrate apply --through STEP
            migrate apply --all
            """,
        discussion: """
            Each step asks the world first, shows exactly what it would change with all values masked, asks, and then \
            shows that it worked. Whatever interrupts it, the same command goes on where it was, and nothing is done \
            twice.

            Exit codes: 0 done; 1 something is left to be done: it waits, was declined, or is done by hand; 2 it could \
            not be found out; 3 failed.
            """)

    @Argument(help: "A step, by name or by number as migrate plan shows it. Default: the next one.")
    var step: String?

    @Option(help: "Do all steps up to and including this one.")
    var through: String?

    @Flag(help: "Do all steps that can be done.")
    var all = false

    @Flag(
        inversion: .prefixedNo,
        help: "Revoke leaked keys first, whatever stops working. It is remembered for the runs to come.")
    var emergency: Bool?

    @Option(
        help:
            "How long to stay with a step that takes time to show: 90s, 10m, 1h. What a person has to do is not waited for."
    )
    var wait: WaitingTime?

    @OptionGroup var answers: AnswerOptions
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if [step != nil, through != nil, all].filter({ $0 }).count > 1 {
            throw ValidationError("Give one of STEP, --through STEP and --all.")
        }
        if all || through != nil,
            answers.attest != nil || (answers.answers + answers.files).contains(where: { $0.hasPrefix("attest=") })
        {
            throw ValidationError(
                "What was seen is said of one step: with \(all ? "--all" : "--through"), give --answer STEP:attest=NOTE."
            )
        }
        if step == "" || through == "" {
            throw ValidationError("The step is empty: a variable that is not set, perhaps?")
        }
    }

    func run() async throws {
        let place = try RepositoryPlace.find()
        let identity = try StepIdentity.of(actor, in: place, world: .real())
        let session = try ChecklistSession.open(
            checklist, place: place, identity: identity, keepsNothing: consent.dryRun, showsCommands: true)
        let given = try GivenAnswers(answers, steps: Set(session.checklist.steps.map(\.id)))
        let order = emergency.map { $0 ? Checklist.Order.emergency : .standard }
        let running = try await StepRunning.open(
            session, order: order, identity: identity, consent: consent.choice, actor: actor, given: given,
            output: output.choice, namesSteps: through != nil || all, isWatched: wait != nil)
        let run = ApplyRun(
            running: running,
            options: RunOptions(isDryRun: consent.dryRun, patience: .seconds(wait?.seconds ?? 0)))
        let status = try await run.run(try target())
        given.tellUnused()
        status.exit()
    }

    private func target() throws -> ApplyRun.Target {
        if all { return .all }
        if let through { return .through(through) }
        return step.map { .step($0) } ?? .next
    }
}

extension ConsentOptions {
    var choice: StepRunning.Consent { dryRun ? .dryRun : yes ? .given : .asked }
}

extension GivenAnswers {
    /// An answer to nothing is most likely a misspelt one.
    func tellUnused() {
        for flag in unused { Diagnostics.note("warning: nothing was asked that \(flag) answers.") }
    }
}
