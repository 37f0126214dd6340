// Step kind `other-credentials`: leaked credentials of other providers than SendGrid, and passwords.

import Checklist
import HTTP
import Scanning
import Secrets

/// Says what to do about each and where, asks whether it was done, and, where that is asked for, tries it at
/// its provider.
struct OtherCredentialsStep: StepKind {
    static let description = KindDescription(
        name: "other-credentials",
        about: "Every leaked credential of another provider is replaced and revoked, or somebody answers for it.")

    /// What a person says of one.
    enum Decision: String, Sendable, CaseIterable {
        case replaced = "replaced-and-revoked"
        case accepted
        case open = "still-open"
        /// Not a person but its provider says so.
        case dead

        var label: String {
            switch self {
            case .replaced: "replaced, and the old one is revoked"
            case .accepted: "it stays, and I answer for it"
            case .open: "not done yet"
            case .dead: "its provider refuses it"
            }
        }
    }

    /// What was written down of one that is settled.
    static let effect = "done"
    private static let mostShown = 12

    private let step: Step
    private let workbench: Workbench
    private let probes: [CredentialProbe]

    init(_ step: Step, _ workbench: Workbench, probes: [CredentialProbe] = CredentialProbe.all()) {
        self.step = step
        self.workbench = workbench
        self.probes = probes
    }

    /// The settled ones of a record: replaced, accepted, or dead.
    static func decision(on credential: LeakedCredential, in record: StepRecord) -> (Decision, Intent)? {
        guard let intent = record.effects.last(where: { credential.isMeant(by: $0, kind: effect) }),
            let decision = intent.facts.text("decision").flatMap({ Decision(rawValue: $0) }), decision != .open
        else { return nil }
        return (decision, intent)
    }

    // MARK: Observing

    func observe(_ record: StepRecord) async throws -> Observation {
        let findings = try await workbench.findings()
        if let gap = findings.report.gapInWords {
            return .unknowable(
                reason: gap, remedy: "mend it (`migrate scan` lists all), then look again")
        }
        let credentials = Self.credentials(in: findings.report)
        guard !credentials.isEmpty else {
            return .satisfied(
                Evidence("no credential of another provider has leaked", facts: ["findings": 0]))
        }
        var open: [String] = []
        // What is to be said of the first that waits for a person's word.
        var flag: String?
        var counts: [Decision: Int] = [:]
        var warnings: [String] = []
        for credential in credentials {
            let decision = Self.decision(on: credential, in: record)?.0
            switch try await ask(credential, findings) {
            case .live(let status)?:
                open.append(
                    "\(credential.words) still works: \(credential.finding.provider) answers HTTP \(status)"
                        + (decision == .replaced ? ", though it was said to be revoked" : ""))
            // Known to be dead, but not yet written down: `apply` does that.
            case .dead?: counts[.dead, default: 0] += 1
            case .unknown(let reason)?:
                warnings.append("\(credential.words) could not be tried: \(reason)")
                fallthrough
            case nil:
                if let decision {
                    counts[decision, default: 0] += 1
                } else {
                    open.append(credential.words)
                    flag = flag ?? "--answer \(Self.effect)/\(credential.id)=\(Decision.replaced.rawValue)"
                }
            }
        }
        if let first = open.first {
            let words =
                open.count == 1
                ? "1 of \(credentials.count) is open: \(first)"
                : "\(open.count) of \(credentials.count) are open, the first: \(first)"
            return .unsatisfied(reason: words + (flag.map { " (once it is revoked: \($0))" } ?? ""))
        }
        let words = Decision.allCases.compactMap { decision in
            counts[decision].map { "\($0) \(decision == .dead ? "refused by the provider" : decision.rawValue)" }
        }
        var facts: Facts = ["findings": .number(credentials.count)]
        for (decision, count) in counts { facts[decision.rawValue] = .number(count) }
        return .satisfied(
            Evidence(
                "\(PlainText.count(credentials.count, "credential")): " + words.joined(separator: ", "), facts: facts,
                warnings: warnings))
    }

    /// The findings that are not SendGrid's.
    static func credentials(in report: ScanReport) -> [LeakedCredential] {
        LeakedCredential.all(in: report).filter { $0.finding.provider != "SendGrid" }
    }

    /// Nil for one that is not asked about.
    private func ask(
        _ credential: LeakedCredential, _ findings: RepositoryFindings
    ) async throws -> CredentialProbe.Verdict? {
        guard workbench.probesProviders,
            let probe = probes.first(where: { $0.ruleIDs.contains(credential.finding.ruleID) }),
            let value = findings.value(of: credential.finding)
        else { return nil }
        return try await probe.ask(value, through: try workbench.transport())
    }

    // MARK: Doing

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let findings = try await workbench.findings()
        var preview = Preview()
        var lines: [PreviewLine] = []
        var basis: [String] = []
        for credential in Self.credentials(in: findings.report) {
            guard Self.decision(on: credential, in: record) == nil else { continue }
            basis.append(credential.id)
            switch try await plan(credential, answers, findings) {
            case .asked(let questions):
                preview.questions += questions
                if preview.byHand.count < Self.mostShown {
                    preview.byHand.append("\(credential.words): \(credential.remedy)")
                }
            case .decided(let decision, let reason, _):
                lines.append(
                    PreviewLine(
                        .added, "\(credential.words): \(decision.label)" + (reason.map { " (\($0))" } ?? "")))
            case .open:
                preview.byHand.append("\(credential.words): \(credential.remedy)")
            }
        }
        if !lines.isEmpty {
            preview.changes = [
                PlannedChange("write down \(PlainText.count(lines.count, "settled credential"))", lines: lines)
            ]
        }
        preview.basis = basis.joined(separator: "\n")
        return preview
    }

    private enum Plan {
        case asked([Question])
        case decided(Decision, reason: String?, status: Int?)
        case open
    }

    private func plan(
        _ credential: LeakedCredential, _ answers: Answers, _ findings: RepositoryFindings
    ) async throws -> Plan {
        let id = Self.effect + "/" + credential.id
        var text = "What about \(credential.words)?"
        switch try await ask(credential, findings) {
        case .dead(let status)?: return .decided(.dead, reason: nil, status: status)
        case .live(let status)?:
            text = "\(credential.words) still works (HTTP \(status)). What about it?"
        case .unknown?, nil: break
        }
        switch answers.text(id).flatMap({ Decision(rawValue: $0) }) {
        case .replaced?: return .decided(.replaced, reason: nil, status: nil)
        case .accepted?:
            guard let reason = Attestation.answer(answers, to: "reason/" + credential.id) else {
                return .asked([Question("reason/" + credential.id, "Why may \(credential.words) stay as it is?")])
            }
            return .decided(.accepted, reason: reason, status: nil)
        case .open?: return .open
        case .dead?, nil:
            let choices = [Decision.replaced, .open, .accepted].map { Question.Choice($0.rawValue, $0.label) }
            return .asked([Question(id, text, .choice(choices, suggested: Decision.open.rawValue), isRequired: false)])
        }
    }

    func apply(_ run: StepRun) async throws {
        let findings = try await workbench.findings()
        for credential in Self.credentials(in: findings.report) {
            guard Self.decision(on: credential, in: run.record) == nil,
                case .decided(let decision, let reason, let status) = try await plan(
                    credential, run.answers, findings)
            else { continue }
            var facts = credential.facts
            facts["decision"] = .text(decision.rawValue)
            facts["by"] = .text(OneLine.of(workbench.identity))
            if let reason { facts["reason"] = .text(reason) }
            if let status { facts["http-status"] = .number(status) }
            let intent = try await run.journal.intend(Self.effect + "/" + credential.id, facts)
            try await run.journal.effected(intent, facts)
        }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        UndoPreview(
            changes: [
                PlannedChange("forget \(PlainText.count(record.effects.count, "decision")) about leaked credentials")
            ], cannot: ["What was revoked at a provider stays revoked."])
    }
}
