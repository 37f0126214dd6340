// The code behind a step: what it must be able to do, and the words it does it with.

package import Secrets
package import World

/// One step, ready to run: it holds its parameters and what it works on.
///
/// `observe` and the previews change nothing, anywhere. `apply` and `undo` tell the journal before each effect on the
/// world outside, may be cut short at any instant, and are then run again: they look for what is there already, go on
/// under the token of the intent that was left open, and never do an effect twice.
package protocol StepKind: Sendable {
    /// What the world says now.
    /// - Throws: whatever keeps it from being asked at all; `unknowable` is the better answer where a reason is known.
    func observe(_ record: StepRecord) async throws -> Observation

    /// Exactly what `apply` would change, masked, and what it needs to be told.
    /// - Parameter answers: what is known already; the answers to questions may bring up others.
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview

    /// Does what the preview showed. Whether it has worked is for `observe` to say.
    /// - Throws: `StepFailure`, `StepChanged`, or an error of the floors below. All may be tried again.
    func apply(_ run: StepRun) async throws

    /// What `undo` would take back, and what it cannot.
    func undoPreview(_ record: StepRecord) async throws -> UndoPreview

    /// Takes back what the record says was done.
    func undo(_ run: StepRun) async throws
}

extension StepKind {
    package func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        UndoPreview(changes: [], cannot: ["This step has changed nothing that could be taken back."])
    }

    package func undo(_ run: StepRun) async throws {}
}

/// What the world says about a step.
package enum Observation: Sendable, Equatable {
    /// Done, whoever did it.
    case satisfied(Evidence)
    /// Not done. The reason is one line: "SENDGRID_API_KEY still holds the leaked key".
    case unsatisfied(reason: String)
    /// Done, but it takes time until it shows: a revocation spreads. `until` is when to look again, and nil where a person
    /// has to do something first; `facts` are remembered for the next look.
    case waiting(reason: String, until: Instant?, facts: Facts)
    /// It could not be found out, and why; `remedy` is what to do about it.
    case unknowable(reason: String, remedy: String?)
}

/// What shows that a step is done.
package struct Evidence: Sendable, Equatable {
    /// One line for people: "version 3f1c… of fluxion/production holds all 7 keys".
    package var summary: String
    package var facts: Facts
    /// When it has to be done again: a rotation. Nil for never.
    package var due: Instant?
    /// What a person should know all the same, a line each.
    package var warnings: [String]

    package init(_ summary: String, facts: Facts = Facts(), due: Instant? = nil, warnings: [String] = []) {
        self.summary = summary
        self.facts = facts
        self.due = due
        self.warnings = warnings
    }
}

/// What `apply` would do.
package struct Preview: Sendable, Equatable {
    /// In the order in which they would be made.
    package var changes: [PlannedChange]
    /// Not answered yet. While a required one is open, nothing is applied.
    package var questions: [Question]
    /// What no undo brings back, a line each.
    package var irreversible: [String]
    /// What a person has to do elsewhere before the step can be satisfied, a line each: the exact page, the command.
    package var byHand: [String]
    /// Changes when what the preview was made from changes. Derived from no secret.
    package var basis: String

    package init(
        changes: [PlannedChange] = [], questions: [Question] = [], irreversible: [String] = [], byHand: [String] = [],
        basis: String = ""
    ) {
        self.changes = changes
        self.questions = questions
        self.irreversible = irreversible
        self.byHand = byHand
        self.basis = basis
    }
}

/// One change of one thing: a file, the index, a secret, a key at a provider.
package struct PlannedChange: Sendable, Equatable {
    /// What is changed, and how: "write .gitignore", "create secret fluxion/production in AWS Secrets Manager in
    /// eu-west-1".
    package var subject: String
    package var lines: [PreviewLine]

    package init(_ subject: String, lines: [PreviewLine] = []) {
        self.subject = subject
        self.lines = lines
    }
}

/// A line of a masked difference. It holds no secret byte.
package struct PreviewLine: Sendable, Equatable {
    package enum Mark: String, Sendable { case context, added, removed, changed, note }

    package var mark: Mark
    package var text: String

    package init(_ mark: Mark, _ text: String) {
        self.mark = mark
        self.text = text
    }
}

/// What taking a step back would do.
package struct UndoPreview: Sendable, Equatable {
    package var changes: [PlannedChange]
    /// What stays as it is, whatever is done, a line each.
    package var cannot: [String]
    package var questions: [Question]

    package init(changes: [PlannedChange], cannot: [String] = [], questions: [Question] = []) {
        self.changes = changes
        self.cannot = cannot
        self.questions = questions
    }
}

/// Something that only a person knows. Each has a flag, so that a program can answer as well.
package struct Question: Sendable, Equatable {
    package struct Choice: Sendable, Equatable {
        package var id: String
        package var label: String

        package init(_ id: String, _ label: String) {
            self.id = id
            self.label = label
        }
    }

    package enum Kind: Sendable, Equatable {
        case text
        /// Typed without echo; on the command line only as a file, never as the value itself.
        case secret
        /// One of these, by id; `suggested` is what an empty answer means at a terminal.
        case choice([Choice], suggested: String?)
    }

    /// Unique in its step: `replace/JWT_SECRET_KEY`. It is the name in `--answer replace/JWT_SECRET_KEY=generate`.
    package var id: String
    /// "What is to happen with JWT_SECRET_KEY, which leaked?"
    package var text: String
    package var kind: Kind
    package var isRequired: Bool

    package init(_ id: String, _ text: String, _ kind: Kind = .text, isRequired: Bool = true) {
        self.id = id
        self.text = text
        self.kind = kind
        self.isRequired = isRequired
    }
}

package enum Answer: Sendable {
    /// A text, or the id of a choice.
    case text(String)
    case secret(SharedSecret)
}

/// Answers by the id of their question.
package struct Answers: Sendable {
    package var values: [String: Answer]

    package init(_ values: [String: Answer] = [:]) { self.values = values }

    package subscript(_ id: String) -> Answer? {
        get { values[id] }
        set { values[id] = newValue }
    }

    package func text(_ id: String) -> String? { if case .text(let text)? = values[id] { text } else { nil } }
    package func secret(_ id: String) -> SharedSecret? {
        if case .secret(let secret)? = values[id] { secret } else { nil }
    }
}

/// What a step gets to run with.
package struct StepRun: Sendable {
    /// As it was when the run began.
    package var record: StepRecord
    package var answers: Answers
    package var journal: any StepJournal
    /// What the person has agreed to.
    package var basis: String

    package init(record: StepRecord, answers: Answers, journal: any StepJournal, basis: String) {
        self.record = record
        self.answers = answers
        self.journal = journal
        self.basis = basis
    }
}

/// Writes down what a step is about to do and what came of it; each is on disk when the call returns.
package protocol StepJournal: Sendable {
    /// Before each effect: what it will be, as facts that are enough to recognise it afterwards. The intent that an
    /// earlier run left open for the same effect is handed back as it is, token and all.
    func intend(_ effect: String, _ facts: Facts) async throws -> Intent
    /// After it.
    func effected(_ intent: Intent, _ facts: Facts) async throws
    /// Before an effect of the record is taken back.
    func undoing(_ effect: Intent) async throws
    /// After it.
    func reverted(_ effect: Intent) async throws
}

/// Something that is about to be done.
package struct Intent: Sendable, Equatable {
    /// `put-version`, `delete-key/AbC…`: unique among the effects of a run of the step.
    package var effect: String
    /// 32 hexadecimal digits from the system's generator: makes the effect recognisable where the other side allows.
    package var token: String
    package var facts: Facts
    package var at: Instant

    package init(effect: String, token: String, facts: Facts, at: Instant) {
        self.effect = effect
        self.token = token
        self.facts = facts
        self.at = at
    }
}

/// A step could not be done, for a reason that is known.
package struct StepFailure: Error, Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// It may work later, or after what `remedy` says.
        case failed
        /// It would do harm: nothing was changed.
        case refused
        /// It could not be found out whether it is safe or done.
        case unknown
    }

    package var kind: Kind
    /// One line, without a secret byte.
    package var reason: String
    /// What to do next, in one line.
    package var remedy: String?

    package init(_ reason: String, remedy: String? = nil, kind: Kind = .failed) {
        self.kind = kind
        self.reason = reason
        self.remedy = remedy
    }
}

/// What a preview was made from has changed since: it has to be made again, and agreed to again.
package struct StepChanged: Error, Sendable {
    /// "backend/.gitignore"
    package var what: String

    package init(_ what: String) { self.what = what }
}
