// The list for a document, and for programs.

import Checklist
import World

extension ChecklistReport {
    /// The document's own list, in the order of the document: `- [x]` for what is done, and for nothing else.
    package func markdown() -> String {
        let standings = Dictionary(statuses.map { ($0.step.id, $0.standing) }) { first, _ in first }
        return checklist.steps.map { step in
            let standing = standings[step.id]
            let isDone =
                switch standing {
                case .done?, .due?: true
                default: false
                }
            let remark: String? =
                switch standing {
                case .ready?, .blocked?, nil: nil
                default: standing?.words(now: now)
                }
            let sanitizer = Sanitizer()
            return "- [\(isDone ? "x" : " ")] " + sanitizer.clean(step.title)
                + (remark.map { " (\(Self.escaped(TextWidth.cut(sanitizer.clean($0), to: 160, mark: "…"))))" } ?? "")
                + "\n"
        }.joined()
    }

    /// Text that is to be read as it is, also where it has what Markdown gives a meaning to.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\`*_[]<>#|".contains($0) ? ["\\", $0] : [$0] })
    }

    /// `migrate.checklist/1`, described in docs/checklist-json.md.
    package func json() throws -> [UInt8] { try JSONText.bytes(ChecklistDocument(self)) }
}

/// The shape of the list in JSON. Every key is documented in docs/checklist-json.md.
struct ChecklistDocument: Encodable {
    let schema = "migrate.checklist/1"
    let checklist: Name
    let order: String
    let time: String
    let complete: Bool
    let next: String?
    let counts: [String: Int]
    let notes: [String]
    let attested: [String]
    let stateCommitted: Bool?
    let steps: [Item]

    init(_ report: ChecklistReport) {
        checklist = Name(
            id: report.checklist.id, title: report.checklist.title, digest: report.checklist.digest)
        order = report.order.rawValue
        time = report.now.iso8601
        complete = report.isDone
        next = report.next?.step.id
        counts = Dictionary(report.statuses.map { ($0.standing.name, 1) }, uniquingKeysWith: +)
        notes = report.notes
        attested = report.attested
        stateCommitted = report.isStateCommitted
        steps = report.statuses.enumerated().map {
            Item($0.element, number: $0.offset + 1, order: report.order)
        }
    }

    struct Name: Encodable {
        let id: String
        let title: String
        let digest: String
    }

    struct Item: Encodable {
        let number: Int
        let id: String
        let kind: String
        let title: String
        let why: String?
        let needs: [String]
        let state: String
        let standing: String
        let reason: String?
        let remedy: String?
        let blockedBy: [String]?
        let until: String?
        let cutShort: Bool
        let evidence: Proof?
        let waiver: Release?
        let verified: Stamp?

        init(_ status: StepStatus, number: Int, order: Checklist.Order) {
            let step = status.step
            self.number = number
            id = step.id
            kind = step.kind
            title = step.title
            why = step.why
            needs = step.needs(in: order)
            state = status.record.state.rawValue
            standing = status.standing.name
            reason = status.standing.reason
            cutShort = status.record.wasCutShort
            var (remedy, blockedBy, until): (String?, [String]?, Instant?)
            var (evidence, waiver): (Proof?, Release?)
            switch status.standing {
            case .done(let proof), .due(let proof): evidence = Proof(proof)
            case .blocked(let ids, _): blockedBy = ids
            case .waiting(_, let time): until = time
            case .waived(let owner, let reason, let time):
                waiver = Release(owner: owner, reason: reason, until: time?.iso8601)
            case .unknown(_, let text): remedy = text
            case .ready, .drifted, .failed, .undone: break
            }
            self.remedy = remedy
            self.blockedBy = blockedBy
            self.until = until?.iso8601
            self.evidence = evidence
            self.waiver = waiver
            verified = status.record.last(.verified).map {
                Stamp(time: $0.at.iso8601, by: $0.by, tool: $0.tool)
            }
        }
    }

    struct Proof: Encodable {
        let summary: String
        let facts: [String: Value]
        let due: String?
        let warnings: [String]

        init(_ evidence: Evidence) {
            summary = evidence.summary
            facts = evidence.facts.values.mapValues(Value.init)
            due = evidence.due?.iso8601
            warnings = evidence.warnings
        }
    }

    struct Release: Encodable {
        let owner: String
        let reason: String
        let until: String?
    }

    struct Stamp: Encodable {
        let time: String
        let by: String
        let tool: String
    }

    struct Value: Encodable {
        let fact: Fact

        init(_ fact: Fact) { self.fact = fact }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch fact {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .list(let list): try container.encode(list)
            }
        }
    }
}
