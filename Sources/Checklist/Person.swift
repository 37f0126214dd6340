// Whoever runs the checklist: a person at a terminal, or a program with flags.

package import World

/// Answers questions, agrees to previews, and hears how it goes.
package protocol Person: Sendable {
    /// Nil when the question is not required and stays open.
    /// - Throws: when nobody can answer: never a guess.
    func answer(_ question: Question, of step: Step, seeing preview: Preview) async throws -> Answer?
    /// Shown in full before it is asked.
    func agrees(to preview: Preview, of step: Step) async throws -> Bool
    func agrees(toUndo preview: UndoPreview, of step: Step) async throws -> Bool
    func hear(_ news: RunnerNews) async
}

/// What happens during a run, as it happens.
package enum RunnerNews: Sendable {
    case observing(Step)
    /// Nothing was to be done.
    case alreadySatisfied(Step, Evidence)
    /// What the preview was made from has changed; it is shown again.
    case previewAgain(Step, what: String)
    /// An effect is about to be made.
    case intending(Step, effect: String)
    case effected(Step, effect: String)
    case verified(Step, Evidence)
    case waiting(Step, reason: String, until: Instant?)
    case notSatisfied(Step, reason: String)
    case undone(Step)
}

/// How a run of one step ended.
package enum StepOutcome: Sendable, Equatable {
    case alreadySatisfied(Evidence)
    case verified(Evidence)
    case waiting(reason: String, until: Instant?)
    /// Applied, and the world does not agree.
    case unsatisfied(reason: String)
    /// Applied, and the world does not answer: it may well have worked.
    case unknown(reason: String)
    /// Only shown: `--dry-run`.
    case previewed(Preview)
    /// The person said no.
    case declined
    /// A person has to do something first; nothing was applied.
    case byHand([String])
}

/// Where a runner writes down what happens: the state file, or memory in a test.
package protocol RunJournal: Sendable {
    /// What is remembered of a step now.
    func record(of step: String) async -> StepRecord
    /// Writes an event of a step; on disk when the call returns.
    func write(
        _ event: StepEvent, of step: String, summary: String?, until: Instant?, facts: Facts
    ) async throws
    /// For the effects of one step.
    func stepJournal(of step: String) -> any StepJournal
}
