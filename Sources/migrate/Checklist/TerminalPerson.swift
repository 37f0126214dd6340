// Whoever runs the checklist: a person at a terminal, or a program that gave its answers as flags.

import Checklist
import Reporting

/// Answers with what flags say, and asks the person for the rest. What is shown before a question, and progress, goes to
/// standard error; how a step ended is a result.
struct TerminalPerson: Person {
    let questioner: Questioner
    /// `--yes`.
    let agreesToAll: Bool
    let screen: StepScreen
    /// Whether a text has a credential in it, and so must not be written down.
    let isCredential: @Sendable (_ text: String) async throws -> Bool
    /// Called when something outside was changed.
    let onEffect: @Sendable () async -> Void

    func answer(_ question: Question, of step: Step, seeing preview: Preview) async throws -> Answer? {
        let answer = try questioner.answer(question, of: step)
        if case .text = question.kind, case .text(let text)? = answer, try await isCredential(text) {
            throw AnswerRefusal.credential(question: question.id)
        }
        return answer
    }

    func agrees(to preview: Preview, of step: Step) async throws -> Bool {
        screen.show(PreviewReport(step: step, preview: preview, isIntroduced: true).text(screen.asides))
        if agreesToAll { return true }
        return try Prompt.confirm(
            "Apply this?", need: "your consent to \(step.id)", remedy: "look at it with --dry-run, then add --yes")
    }

    func agrees(toUndo preview: UndoPreview, of step: Step) async throws -> Bool {
        screen.show(UndoReport(step: step, preview: preview).text(screen.asides))
        if agreesToAll { return true }
        return try Prompt.confirm(
            "Take this back?", need: "your consent to take back \(step.id)",
            remedy: "look at it with --dry-run, then add --yes")
    }

    func hear(_ news: RunnerNews) async {
        switch news {
        case .effected, .undone: await onEffect()
        default: break
        }
        screen.tell(news)
    }
}
