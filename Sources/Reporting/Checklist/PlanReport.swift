// What each step would do now, and what blocks it.

package import Checklist
import World

package struct PlanReport: Sendable {
    /// What is known of what a step would do.
    package enum Outlook: Sendable, Equatable {
        case preview(Preview)
        /// It could not be found out; why, in one line.
        case unknown(reason: String)
    }

    package var list: ChecklistReport
    /// By the id of the step; none for steps that are done, waived or waiting.
    package var outlooks: [String: Outlook]

    package init(list: ChecklistReport, outlooks: [String: Outlook]) {
        self.list = list
        self.outlooks = outlooks
    }

    package func text(_ style: TerminalStyle) -> String {
        var page = StepListPage(style, count: list.statuses.count)
        list.writeHeading(to: &page)
        let next = list.next?.step.id
        for (index, status) in list.statuses.enumerated() {
            let isNext = status.step.id == next
            page.step(
                status.step, number: index + 1, sign: StepSign(status.standing, isNext: isNext), isStrong: isNext)
            switch outlooks[status.step.id] {
            case .preview(let preview)?:
                page.say(Self.words(preview, after: status.standing), isNext ? .plain : .faint)
                if !preview.irreversible.isEmpty { page.say("cannot be taken back", .high) }
            case .unknown(let reason)?:
                page.sayUnknown("what it would do is not known", reason, number: index + 1)
            case nil: page.say(status.standing, number: index + 1, now: list.now)
            }
        }
        list.writeEnd(to: &page)
        return page.text
    }

    /// `after store-values: remove 3 files from the index; asks 2 questions; 1 thing by hand`
    private static func words(_ preview: Preview, after standing: Standing) -> String {
        var parts: [String] = []
        if !preview.changes.isEmpty {
            parts.append(Wording.list(preview.changes.map(\.subject), limit: 3, more: "changes more"))
        }
        if !preview.questions.isEmpty { parts.append("asks " + Wording.count(preview.questions.count, "question")) }
        if !preview.byHand.isEmpty { parts.append(Wording.count(preview.byHand.count, "thing") + " to do by hand") }
        if parts.isEmpty { parts.append(standing.reason ?? "nothing to change") }
        let text = parts.joined(separator: "; ")
        if case .blocked(let ids, _) = standing { return "after \(Wording.list(ids)): \(text)" }
        return text
    }

    /// `migrate.plan/1`: the list, and what each step would change.
    package func json() throws -> [UInt8] {
        struct Change: Encodable {
            let subject: String
            let lines: [Line]
        }
        struct Line: Encodable {
            let mark: String
            let text: String
        }
        struct Choice: Encodable {
            let id: String
            let label: String
        }
        struct Open: Encodable {
            let id: String
            let text: String
            let kind: String
            let required: Bool
            let choices: [Choice]?
            let suggested: String?
        }
        struct Item: Encodable {
            let id: String
            let reason: String?
            let changes: [Change]?
            let questions: [Open]?
            let irreversible: [String]?
            let byHand: [String]?
        }
        struct Document: Encodable {
            let schema = "migrate.plan/1"
            let list: ChecklistDocument
            let outlooks: [Item]
        }
        func open(_ question: Question) -> Open {
            let (kind, choices, suggested): (String, [Choice]?, String?) =
                switch question.kind {
                case .text: ("text", nil, nil)
                case .secret: ("secret", nil, nil)
                case .choice(let choices, let suggested):
                    ("choice", choices.map { Choice(id: $0.id, label: $0.label) }, suggested)
                }
            return Open(
                id: question.id, text: question.text, kind: kind, required: question.isRequired, choices: choices,
                suggested: suggested)
        }
        let items = list.statuses.compactMap { status -> Item? in
            switch outlooks[status.step.id] {
            case nil: return nil
            case .unknown(let reason)?:
                return Item(
                    id: status.step.id, reason: reason, changes: nil, questions: nil, irreversible: nil, byHand: nil)
            case .preview(let preview)?:
                return Item(
                    id: status.step.id, reason: nil,
                    changes: preview.changes.map {
                        Change(
                            subject: $0.subject,
                            lines: $0.lines.map { Line(mark: $0.mark.rawValue, text: $0.text) })
                    },
                    questions: preview.questions.map(open), irreversible: preview.irreversible, byHand: preview.byHand)
            }
        }
        return try JSONText.bytes(Document(list: ChecklistDocument(list), outlooks: items))
    }
}
