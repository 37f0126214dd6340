// Questions of a step: answered by a flag, by what is suggested, or by the person at the terminal.

import Checklist
import HTTP
import Reporting
import Secrets
import Settings

/// Finds the answer to a question, and never guesses one.
struct Questioner {
    let given: GivenAnswers
    /// `--yes`: what need not be answered is not asked.
    let asksOnlyRequired: Bool
    /// Whether the run is about several steps, so that a flag has to say which it is for.
    let namesSteps: Bool

    /// Nil when the question stays open, which only one that is not required may.
    /// - Throws: `PromptError`, `AnswerRefusal`.
    func answer(_ question: Question, of step: Step) throws -> Answer? {
        if let content = given.answer(question.id, of: step.id) { return try checked(content, question) }
        if case .choice(_, let suggested?) = question.kind, given.takesSuggestions { return .text(suggested) }
        if !question.isRequired, asksOnlyRequired || !Prompt.isPossible { return nil }
        switch question.kind {
        case .text: return try text(question, step)
        case .secret: return try secret(question, step)
        case .choice(let choices, let suggested):
            return try choice(among: choices, suggested: suggested, question, step)
        }
    }

    private func checked(_ content: GivenAnswers.Content, _ question: Question) throws -> Answer {
        switch (content, question.kind) {
        case (.secret(let value), .secret):
            if value.isEmpty { throw AnswerRefusal.empty(question: question.id) }
            return .secret(value)
        case (.text, .secret): throw AnswerRefusal.secretOnCommandLine(question: question.id)
        case (.secret(let value), _):
            let text = value.withBytes { bytes in String(validating: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
            guard let text, OneLine.isOne(text) else { throw AnswerRefusal.notOneLine(question: question.id) }
            return .text(try checked(text, question))
        case (.text(let text), _): return .text(try checked(text, question))
        }
    }

    private func checked(_ text: String, _ question: Question) throws -> String {
        if case .choice(let choices, _) = question.kind {
            guard let choice = Self.choice(text, among: choices) else {
                throw AnswerRefusal.notAChoice(
                    question: question.id, choices: choices.map(\.id),
                    meant: NearestName.of(text, among: choices.map(\.id)))
            }
            return choice
        }
        if text.trimmingSpaces().isEmpty, question.isRequired { throw AnswerRefusal.empty(question: question.id) }
        return text
    }

    // MARK: At the terminal

    private func text(_ question: Question, _ step: Step) throws -> Answer? {
        while true {
            let (need, remedy) = words(question, step)
            let text = try Prompt.text("\(clean(question.text)) ", need: need, remedy: remedy)
            if !text.isEmpty, OneLine.isOne(text) { return .text(text) }
            if text.isEmpty, !question.isRequired { return nil }
        }
    }

    private func secret(_ question: Question, _ step: Step) throws -> Answer? {
        let (need, remedy) = words(question, step)
        let value = try Prompt.secret(
            "\(clean(question.text)) (it does not show): ", need: need, remedy: remedy,
            allowsEmpty: !question.isRequired)
        return value.isEmpty ? nil : .secret(value)
    }

    private func choice(
        among choices: [Question.Choice], suggested: String?, _ question: Question, _ step: Step
    ) throws -> Answer? {
        let (need, remedy) = words(question, step)
        let width = choices.map { $0.id.count }.max() ?? 0
        var screen = clean(question.text) + "\n"
        for (index, choice) in choices.enumerated() {
            let gap = String(repeating: " ", count: width - choice.id.count)
            let mark = choice.id == suggested ? " (suggested)" : ""
            screen += "  \(index + 1)  \(clean(choice.id))\(gap)  \(clean(choice.label))\(mark)\n"
        }
        let standard = choices.firstIndex { $0.id == suggested }.map { " [\($0 + 1)]" } ?? ""
        var prompt = screen + "Which one?\(standard) "
        while true {
            let text = try Prompt.text(prompt, need: need, remedy: remedy)
            if text.isEmpty, let suggested { return .text(suggested) }
            if text.isEmpty, !question.isRequired { return nil }
            if let number = Int(text), choices.indices.contains(number - 1) { return .text(choices[number - 1].id) }
            if let choice = Self.choice(text, among: choices) { return .text(choice) }
            prompt = "A number from 1 to \(choices.count), or one of the words. Which one?\(standard) "
        }
    }

    private static func choice(_ text: String, among choices: [Question.Choice]) -> String? {
        choices.first { $0.id == text.lowercased() || $0.id == text }?.id
    }

    /// What is needed, and the flag that gives it.
    private func words(_ question: Question, _ step: Step) -> (need: String, remedy: String) {
        let id = (namesSteps ? "\(step.id):" : "") + question.id
        let name = ShellWord.quote(id, sanitizer: Sanitizer(unicode: Terminal.isUTF8))
        let remedy =
            switch question.kind {
            case .secret: "--answer-from \(name)=FILE, or - for standard input"
            case .choice(let choices, let suggested):
                "--answer \(name)=\(choices.map(\.id).joined(separator: "|"))"
                    + (suggested == nil ? "" : "; or --suggested")
            case .text where id == "attest": "--attest NOTE"
            case .text: "--answer \(name)=TEXT"
            }
        return ("for \(step.id): the answer to \"\(question.text)\"", remedy)
    }

    private func clean(_ text: String) -> String { Failure.clean(text) }
}

/// An answer that was given and does not do. What it was is not repeated, as it may be a value.
enum AnswerRefusal: Error {
    /// `meant` is the choice that is spelt nearly so.
    case notAChoice(question: String, choices: [String], meant: String?)
    case secretOnCommandLine(question: String)
    case notOneLine(question: String)
    case empty(question: String)
    /// It would be written down, and committed.
    case credential(question: String)
}
