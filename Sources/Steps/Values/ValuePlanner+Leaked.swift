// Values that git has: nothing of them is carried over without a word.

import Checklist
import Detection
import Scanning
import Secrets

extension ValuePlanner {
    func ask(
        _ key: ValueSurvey.Key, _ leak: Finding, value: SharedSecret?, isThere: Bool, remembered: ValueDecision?,
        text: String, _ plan: inout ValuePlan
    ) throws {
        var choices = [
            Question.Choice(ValueDecision.generate.rawValue, "a new random value"),
            Question.Choice(ValueDecision.enter.rawValue, "type a new value"),
        ]
        if value != nil {
            choices.append(
                Question.Choice(ValueDecision.keep.rawValue, "keep the leaked value for now: verification will object"))
        }
        if !isThere { choices.append(.init(ValueDecision.skip.rawValue, "leave the key out")) }
        let suggested = suggestion(key, leak, isThere: isThere)
        let question = Question("replace/" + key.name, text, .choice(choices, suggested: suggested.rawValue))
        try settle(key, question, remembered: remembered, leak: leak, value: value, isThere: isThere, &plan)
    }

    private func suggestion(_ key: ValueSurvey.Key, _ leak: Finding, isThere: Bool) -> ValueDecision {
        if GeneratedForm.fits(key.name), leak.provider.isEmpty { return .generate }
        guard !isThere else { return .enter }
        // The step that creates a SendGrid key puts it in by itself.
        if leak.provider == "SendGrid" { return .skip }
        let isCurrent = key.candidates.contains { $0.source.origin != .history && $0.isWorthStoring }
        return isCurrent || (key.candidates.isEmpty && leak.history.isInHead) ? .enter : .skip
    }

    func settle(
        _ key: ValueSurvey.Key, _ question: Question, remembered: ValueDecision?, leak: Finding?,
        value: SharedSecret?, isThere: Bool, _ plan: inout ValuePlan
    ) throws {
        let answer = answers.text(question.id)
        guard let decision = try answer.map({ try Self.decision($0, question) }) ?? remembered else {
            plan.questions.append(question)
            return plan.add(key.name, .open, isThere: isThere, note: "to be decided: in git", isLeaked: leak != nil)
        }
        switch decision {
        case .generate:
            let form = GeneratedForm(like: value ?? key.best?.value)
            plan.add(key.name, .generate(form), isThere: isThere, note: form.words)
        case .enter:
            let id = "value/" + key.name
            guard let entered = answers.secret(id) else {
                plan.questions.append(Question(id, "New value of \(key.name)", .secret))
                return plan.add(key.name, .open, isThere: isThere, note: "to be typed")
            }
            try check(entered, key.name)
            plan.add(key.name, .take(entered), isThere: isThere, mask: Self.mask(entered), note: "as typed")
        case .keep:
            guard let value else { return }
            let note = "the leaked value, knowingly: in git (\(leak?.whereabouts ?? ""))"
            plan.add(
                key.name, isThere ? .stays(isLeaked: true) : .take(value), isThere: isThere, mask: Self.mask(value),
                note: note, isLeaked: true)
        case .skip: plan.add(key.name, .skip, isThere: isThere, note: "left out, as you said")
        }
    }

    private static func decision(_ answer: String, _ question: Question) throws -> ValueDecision {
        guard case .choice(let choices, _) = question.kind, choices.contains(where: { $0.id == answer }),
            let decision = ValueDecision(rawValue: answer)
        else {
            let known: [String] = if case .choice(let choices, _) = question.kind { choices.map(\.id) } else { [] }
            throw StepFailure(
                "\(PlainText.line(answer)) is no answer to \(question.id)",
                remedy: "answer one of \(PlainText.list(known))")
        }
        return decision
    }

    private func check(_ value: SharedSecret, _ key: String) throws {
        let remedy = "give a new value for value/\(key)"
        if value.isEmpty { throw StepFailure("the value given for \(key) is empty", remedy: remedy) }
        if value.withBytes({ StandaloneValue.isPlaceholder($0) }) {
            throw StepFailure("the value given for \(key) is a placeholder", remedy: remedy)
        }
        if let leak = findings.leak(of: value, key: key) {
            throw StepFailure(
                "the value given for \(key) is in git (\(leak.whereabouts))",
                remedy: remedy + ", or answer replace/\(key) with keep")
        }
    }
}
