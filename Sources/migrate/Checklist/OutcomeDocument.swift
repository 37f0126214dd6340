// How steps ended, for programs: `migrate.outcome/1`.

import Checklist
import JSON
import Secrets
import World

enum OutcomeDocument {
    static func bytes(_ running: StepRunning, _ results: [StepResult]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "migrate.outcome/1")
        json.member("checklist", running.session.checklist.id)
        json.member("order", running.order.rawValue)
        json.key("steps")
        json.beginArray()
        for result in results { write(result, to: &json) }
        json.endArray()
        json.key("done")
        json.boolean(results.allSatisfy(\.isDone))
        json.endObject()
        return json.finish().withBytes { bytes in bytes.indices.map { bytes[$0] } } + [0x0A]
    }

    /// How taking back a step ended: `migrate.undo/1`.
    static func bytes(_ outcome: UndoOutcome, of step: Step) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "migrate.undo/1")
        json.member("id", step.id)
        switch outcome {
        case .undone: json.member("outcome", "undone")
        case .declined: json.member("outcome", "declined")
        case .previewed(let preview):
            json.member("outcome", "previewed")
            write(preview.changes, &json)
            list("cannot", preview.cannot, &json)
            write(preview.questions, &json)
        case .nothing(let reasons):
            json.member("outcome", "nothing")
            list("cannot", reasons, &json)
        }
        json.endObject()
        return json.finish().withBytes { bytes in bytes.indices.map { bytes[$0] } } + [0x0A]
    }

    private static func write(_ result: StepResult, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", result.step.id)
        switch result.end {
        case .waived: json.member("outcome", "waived")
        case .heldUp(let ids):
            json.member("outcome", "held-up")
            list("needs", ids, &json)
        case .ran(let outcome): write(outcome, to: &json)
        }
        json.endObject()
    }

    private static func write(_ outcome: StepOutcome, to json: inout JSONWriter) {
        switch outcome {
        case .alreadySatisfied(let evidence):
            json.member("outcome", "already-satisfied")
            write(evidence, &json)
        case .verified(let evidence):
            json.member("outcome", "verified")
            write(evidence, &json)
        case .waiting(let reason, let until):
            json.member("outcome", "waiting")
            json.member("reason", reason)
            json.member("until", until?.iso8601)
        case .unsatisfied(let reason):
            json.member("outcome", "unsatisfied")
            json.member("reason", reason)
        case .unknown(let reason):
            json.member("outcome", "unknown")
            json.member("reason", reason)
        case .declined: json.member("outcome", "declined")
        case .byHand(let lines):
            json.member("outcome", "by-hand")
            list("byHand", lines, &json)
        case .previewed(let preview):
            json.member("outcome", "previewed")
            write(preview, &json)
        }
    }

    private static func write(_ evidence: Evidence, _ json: inout JSONWriter) {
        json.member("evidence", evidence.summary)
        write(evidence.facts, &json)
        json.member("due", evidence.due?.iso8601)
        if !evidence.warnings.isEmpty { list("warnings", evidence.warnings, &json) }
    }

    private static func write(_ facts: Facts, _ json: inout JSONWriter) {
        json.key("facts")
        json.beginObject()
        for name in facts.names {
            switch facts[name] {
            case .text(let text)?: json.member(name, text)
            case .number(let number)?:
                json.key(name)
                json.number(number)
            case .flag(let flag)?:
                json.key(name)
                json.boolean(flag)
            case .list(let texts)?: list(name, texts, &json)
            case nil: break
            }
        }
        json.endObject()
    }

    private static func write(_ preview: Preview, _ json: inout JSONWriter) {
        write(preview.changes, &json)
        write(preview.questions, &json)
        list("irreversible", preview.irreversible, &json)
        list("byHand", preview.byHand, &json)
    }

    private static func write(_ changes: [PlannedChange], _ json: inout JSONWriter) {
        json.key("changes")
        json.beginArray()
        for change in changes {
            json.beginObject()
            json.member("subject", change.subject)
            json.key("lines")
            json.beginArray()
            for line in change.lines {
                json.beginObject()
                json.member("mark", line.mark.rawValue)
                json.member("text", line.text)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    private static func write(_ questions: [Question], _ json: inout JSONWriter) {
        json.key("questions")
        json.beginArray()
        for question in questions {
            json.beginObject()
            json.member("id", question.id)
            json.member("text", question.text)
            json.key("required")
            json.boolean(question.isRequired)
            switch question.kind {
            case .text: json.member("kind", "text")
            case .secret: json.member("kind", "secret")
            case .choice(let choices, let suggested):
                json.member("kind", "choice")
                json.key("choices")
                json.beginArray()
                for choice in choices {
                    json.beginObject()
                    json.member("id", choice.id)
                    json.member("label", choice.label)
                    json.endObject()
                }
                json.endArray()
                json.member("suggested", suggested)
            }
            json.endObject()
        }
        json.endArray()
    }

    private static func list(_ name: String, _ texts: [String], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}
