// From the survey, the secret and the answers to what is to be stored.

import Checklist
import Delivery
import Detection
import Scanning
import Secrets
import Stores

// One by one: Crypto has a `SharedSecret` of its own.
import struct Crypto.SHA256

/// Makes the plan, key by key.
struct ValuePlanner {
    let survey: ValueSurvey
    let findings: RepositoryFindings
    /// Nil for a secret that has no version yet.
    let current: (version: SecretVersion, content: SecretContent)?
    let selection: KeySelection
    /// Keys that get a random value where they have none.
    let generates: [String]
    let remembered: RememberedDecisions
    let answers: Answers

    private enum Standing {
        case missing
        case there(SharedSecret, leak: Finding?)
    }

    func plan() throws -> ValuePlan {
        var plan = ValuePlan()
        plan.notes = survey.notes
        var seen: Set<String> = []
        var keys = survey.keys.filter { seen.insert($0.name).inserted }
        for name in generates + (current?.content.keys ?? []) where seen.insert(name).inserted {
            keys.append(ValueSurvey.Key(name: name))
        }
        for pattern in selection.only + selection.excluding
        where !keys.contains(where: { KeySelection.matches($0.name, pattern) }) {
            plan.notes.append("no key is named \(PlainText.line(pattern)), which `keys` or `except` asks for")
        }
        for key in keys { try decide(key, &plan) }
        plan.basis = basis(of: plan)
        return plan
    }

    private func decide(_ key: ValueSurvey.Key, _ plan: inout ValuePlan) throws {
        let standing = standing(of: key.name)
        guard selection.includes(key.name) || generates.contains(key.name) else {
            if case .there = standing {
                plan.add(key.name, .stays(isLeaked: false), isThere: true, note: "not asked for")
            }
            return
        }
        switch standing {
        case .there(let value, let leak): try decideThere(key, value, leak, &plan)
        case .missing: try decideMissing(key, &plan)
        }
    }

    /// The secret has a value: it stays, unless git has it too.
    private func decideThere(
        _ key: ValueSurvey.Key, _ value: SharedSecret, _ leak: Finding?, _ plan: inout ValuePlan
    ) throws {
        guard let leak else {
            var note = "in the secret already"
            if let best = key.best, best.isWorthStoring, let other = best.value, !other.isSame(as: value) {
                note += "; \(best.place) has another value, which is not taken"
            }
            return plan.add(key.name, .stays(isLeaked: false), isThere: true, mask: Self.mask(value), note: note)
        }
        // Somebody has changed the value in the file since, and not yet in the secret.
        if answers.text("replace/" + key.name) == nil, let best = key.best, best.isWorthStoring, let new = best.value,
            findings.leak(of: new, key: key.name) == nil
        {
            return plan.add(
                key.name, .take(new), isThere: true, mask: Self.mask(new),
                note: "from \(best.place); the secret holds one that is in git (\(leak.whereabouts))")
        }
        if generates.contains(key.name) {
            let form = GeneratedForm(like: value)
            return plan.add(key.name, .generate(form), isThere: true, note: form.words)
        }
        let kept = remembered.kept.contains(key.name)
        try ask(
            key, leak, value: value, isThere: true, remembered: kept ? .keep : nil,
            text: "\(key.name) in the secret is a value that is in git (\(leak.whereabouts)). What is it to be?", &plan)
    }

    /// The secret has no value, or a stand-in.
    private func decideMissing(_ key: ValueSurvey.Key, _ plan: inout ValuePlan) throws {
        let skip: ValueDecision? = remembered.skipped.contains(key.name) ? .skip : nil
        if generates.contains(key.name) {
            let form = GeneratedForm(like: key.best?.value)
            return plan.add(key.name, .generate(form), note: form.words)
        }
        guard case .made(let choice) = try chosen(key, &plan) else { return }
        guard let best = choice else {
            guard let past = key.past else { return }
            let place = "(\(past.whereabouts))"
            return try ask(
                key, past, value: nil, isThere: false, remembered: skip,
                text: "\(key.name) has a value in git \(place), and none that can be used. What is it to be?", &plan)
        }
        let isNamed = selection.only.contains { KeySelection.matches(key.name, $0) }
        switch best.valueClass {
        case .empty, .placeholder:
            if let past = key.past {
                return try ask(
                    key, past, value: nil, isThere: false, remembered: skip,
                    text: "\(key.name) has no value in \(best.place), and one in git. What is it to be?", &plan)
            }
            let why: ValuePlan.LeftOut = best.valueClass == .empty ? .empty : .placeholder
            return plan.add(key.name, .leftOut(why), note: best.place)
        case .configuration, .publicByDesign, .reference:
            guard isNamed else {
                return plan.add(key.name, .leftOut(.setting), note: best.place)
            }
        case .secret, .connectionString: break
        }
        guard let value = best.value else {
            guard case .unreadable(let reason) = best.content else { return }
            let id = "replace/" + key.name
            let choices = [
                Question.Choice(ValueDecision.enter.rawValue, "type the value"),
                Question.Choice(ValueDecision.skip.rawValue, "leave the key out"),
            ]
            let text = "\(best.place): \(key.name) \(reason). What is it to be?"
            let question = Question(id, text, .choice(choices, suggested: ValueDecision.enter.rawValue))
            return try settle(key, question, remembered: skip, leak: nil, value: nil, isThere: false, &plan)
        }
        guard let leak = findings.leak(of: value, key: key.name) else {
            return plan.add(key.name, .take(value), mask: Self.mask(value), note: "from \(best.place)")
        }
        try ask(
            key, leak, value: value, isThere: false, remembered: skip,
            text: "\(key.name) (\(best.place)) is in git. What is the secret to hold?", &plan)
    }

    private enum Choice {
        /// Nil where there is none.
        case made(ValueCandidate?)
        case open
    }

    /// The candidate that counts, unless a question about it is open.
    private func chosen(_ key: ValueSurvey.Key, _ plan: inout ValuePlan) throws -> Choice {
        guard let best = key.best, !key.rivals.isEmpty else { return .made(key.best) }
        let all = [best] + key.rivals
        let id = "source/" + key.name
        if let answer = answers.text(id) {
            guard let chosen = all.first(where: { $0.source.path == answer }) else {
                throw StepFailure(
                    "\(PlainText.line(answer)) is no file with a value for \(key.name)",
                    remedy: "name one of \(PlainText.list(all.map(\.source.path)))")
            }
            return .made(chosen)
        }
        plan.questions.append(
            Question(
                id, "\(key.name) has different values in several files. Which one counts?",
                .choice(all.map { Question.Choice($0.source.path, "\($0.place)") }, suggested: nil)))
        plan.add(key.name, .open, note: "different values in \(PlainText.list(all.map(\.place)))")
        return .open
    }

    // MARK: Parts

    private func standing(of key: String) -> Standing {
        guard let current,
            current.content.state(of: key, isPlaceholder: { $0.withBytes { StandaloneValue.isPlaceholder($0) } })
                == .present, let value = current.content.value(of: key)?.text()
        else { return .missing }
        return .there(value, leak: findings.leak(of: value, key: key))
    }

    static func mask(_ value: SharedSecret) -> String { value.withBytes { Mask.ofStandalone($0) } }

    /// Over ids of versions and blobs, times and sizes of files, names of keys and what is to become of them.
    private func basis(of plan: ValuePlan) -> String {
        var text = (current?.version.versionID ?? "none") + "\n" + survey.stamp
        for row in plan.rows {
            let action =
                switch row.action {
                case .take: "take \(row.note)"
                case .generate(let form): "generate \(form.words)"
                case .stays: "stays"
                case .skip: "skip"
                case .leftOut: "left out"
                case .open: "open"
                }
            text += "\(row.key)=\(action)\n"
        }
        return SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
