// Step kind `history`: what git still keeps opens nothing any more, or somebody answers for it.

import Checklist
import Detection
import Git
import HTTP
import Scanning
import SendGrid

/// Goes through the findings in the whole object database, reachable or not. It rewrites nothing: it says what a purge
/// would take, and why revoking comes first.
struct HistoryStep: StepKind {
    static let description = KindDescription(
        name: "history",
        about: "Every value that git still keeps is revoked, or somebody answers for it.")

    private static let effect = "accept"
    private static let mostQuestions = 40
    private static let mostShown = 10

    private let step: Step
    private let workbench: Workbench

    init(_ step: Step, _ workbench: Workbench) {
        self.step = step
        self.workbench = workbench
    }

    /// Why a finding counts no more, or still does.
    private enum Outcome: Equatable {
        /// A provider refuses it.
        case revoked
        /// Somebody says that it was replaced and revoked.
        case replaced
        case accepted
        case live(String)
        case unknown(String)
    }

    // MARK: Observing

    func observe(_ record: StepRecord) async throws -> Observation {
        let findings = try await workbench.findings()
        if let gap = findings.report.gapInWords {
            return .unknowable(
                reason: "the history is not known whole: \(gap)",
                remedy: "mend it (`migrate scan` lists all), then look again")
        }
        let credentials = LeakedCredential.all(in: findings.report)
        let outcomes = try await outcomes(of: credentials, findings, record)
        let open = zip(credentials, outcomes).compactMap { credential, outcome -> String? in
            switch outcome {
            case .revoked, .replaced, .accepted: nil
            case .live(let why), .unknown(let why): "\(credential.words): \(why)"
            }
        }
        if let first = open.first {
            return .unsatisfied(
                reason: open.count == 1
                    ? "1 of \(PlainText.count(credentials.count, "value")) in git is open: \(first)"
                    : "\(open.count) of \(credentials.count) values in git are open, the first: \(first)")
        }
        return .satisfied(evidence(findings.report, credentials, outcomes))
    }

    private func evidence(
        _ report: ScanReport, _ credentials: [LeakedCredential], _ outcomes: [Outcome]
    ) -> Evidence {
        let refused = zip(credentials, outcomes).filter { $0.1 == .revoked }.map(\.0)
        let revoked = refused.count + outcomes.count { $0 == .replaced }
        let accepted = outcomes.count { $0 == .accepted }
        var facts: Facts = [
            "objects": .number(report.statistics.objectCount), "commits": .number(report.statistics.commitCount),
            "findings": .number(credentials.count), "revoked": .number(revoked), "accepted": .number(accepted),
        ]
        if let head { facts["head"] = .text(head) }
        if !refused.isEmpty {
            // Of values that a provider refuses alone: from a live one nothing may be derived, and somebody's word that
            // one is dead may be wrong.
            facts["revoked-fingerprints"] = .list(refused.map { $0.finding.fingerprint.description }.sorted())
        }
        let searched = "\(PlainText.count(report.statistics.objectCount, "object")) searched"
        let warnings = workbench.exclusionWarnings(report)
        guard !credentials.isEmpty else {
            return Evidence("\(searched), no value found", facts: facts, warnings: warnings)
        }
        return Evidence(
            "\(searched), \(PlainText.count(credentials.count, "value")) found: \(revoked) revoked, "
                + "\(accepted) answered for",
            facts: facts, warnings: warnings)
    }

    /// The commit that HEAD stands at.
    private var head: String? {
        guard let repository = try? Repository(discovering: workbench.root), let head = try? repository.head() else {
            return nil
        }
        switch head {
        case .branch(_, let id), .detached(let id): return id.description
        case .unborn: return nil
        }
    }

    private func outcomes(
        of credentials: [LeakedCredential], _ findings: RepositoryFindings, _ record: StepRecord
    ) async throws -> [Outcome] {
        let others = await workbench.records(OtherCredentialsStep.description.name)
        var outcomes: [Outcome] = []
        for credential in credentials {
            if credential.finding.provider == "SendGrid" {
                let liveness = try await liveness(of: credential.finding, findings)
                // One that is dead needs nobody to answer for it.
                if liveness != .revoked, isAccepted(credential, record) {
                    outcomes.append(.accepted)
                } else {
                    outcomes.append(liveness)
                }
                continue
            }
            switch others.lazy.compactMap({ OtherCredentialsStep.decision(on: credential, in: $0)?.0 }).first {
            case .dead?: outcomes.append(.revoked)
            case .replaced?: outcomes.append(.replaced)
            case .accepted?: outcomes.append(.accepted)
            case .open?, nil:
                outcomes.append(
                    isAccepted(credential, record) ? .accepted : .live("nobody has said that it is revoked"))
            }
        }
        return outcomes
    }

    private func isAccepted(_ credential: LeakedCredential, _ record: StepRecord) -> Bool {
        record.effects.contains { credential.isMeant(by: $0, kind: Self.effect) }
    }

    private func liveness(of finding: Finding, _ findings: RepositoryFindings) async throws -> Outcome {
        guard let value = findings.value(of: finding) else { return .unknown("it cannot be read again to be tried") }
        let liveness: Liveness
        do { liveness = try await workbench.liveness(of: value).liveness } catch let error as CancellationError {
            throw error
        } catch {
            return .unknown("whether it is revoked could not be asked")
        }
        switch liveness {
        case .dead: return .revoked
        case .live, .scoped, .elsewhere: return .live("SendGrid still takes it")
        case .unknown(let reason): return .unknown("whether it is revoked is not known: \(OneLine.of(reason))")
        }
    }

    // MARK: Doing

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let findings = try await workbench.findings()
        let credentials = LeakedCredential.all(in: findings.report)
        let outcomes = try await outcomes(of: credentials, findings, record)
        var preview = Preview()
        var accepted: [PreviewLine] = []
        var open: [LeakedCredential] = []
        for (credential, outcome) in zip(credentials, outcomes) {
            switch outcome {
            case .revoked, .replaced, .accepted: continue
            case .live, .unknown: break
            }
            let id = Self.effect + "/" + credential.id
            if let reason = Attestation.answer(answers, to: id) {
                accepted.append(PreviewLine(.added, "\(credential.words): \(reason)"))
            } else {
                open.append(credential)
                if preview.questions.count < Self.mostQuestions {
                    preview.questions.append(
                        Question(
                            id, "Why may \(credential.words) stay in git as it is? Nothing to leave it open.",
                            isRequired: false))
                }
            }
        }
        if !accepted.isEmpty {
            preview.changes = [
                PlannedChange(
                    "write down that \(OneLine.of(workbench.identity)) answers for "
                        + PlainText.count(accepted.count, "value") + " in git",
                    lines: accepted)
            ]
        }
        if !open.isEmpty { preview.byHand = Self.advice(open) }
        preview.basis = credentials.map(\.id).joined(separator: "\n")
        return preview
    }

    /// What to do about what is open, the cheapest first.
    private static func advice(_ open: [LeakedCredential]) -> [String] {
        var lines = open.prefix(mostShown).map { "Revoke \($0.words): \($0.remedy)" }
        if open.count > mostShown { lines.append("And \(open.count - mostShown) more: `migrate scan` lists them.") }
        return lines + purgePlan
    }

    /// Printed, never done.
    static let purgePlan = [
        "Revoking is what counts: a value that opens nothing may stay. Rewriting history calls no clone back, so it "
            + "replaces no revocation, and is seldom needed after one.",
        "If a value must go all the same, after it is revoked: `git clone --mirror` to a new folder; there "
            + "`git filter-repo --sensitive-data-removal --replace-text FILE` (2.47 or newer), FILE for your eyes alone "
            + "and removed afterwards; then `migrate scan --scope history` must find nothing.",
        "Only then `git push --force --mirror`, by hand. Everybody clones anew or rebases, and nobody merges: one old "
            + "clone brings all of it back. Stashes, tags and reflogs of old clones keep it.",
        "Forks, pull requests and caches of the host keep it until their owners, or the host's support, remove it.",
    ]

    func apply(_ run: StepRun) async throws {
        let findings = try await workbench.findings()
        for credential in LeakedCredential.all(in: findings.report) {
            let id = Self.effect + "/" + credential.id
            guard let reason = Attestation.answer(run.answers, to: id), !isAccepted(credential, run.record) else {
                continue
            }
            try await Attestation.write(
                reason, by: workbench.identity, effect: id, more: credential.facts, run)
        }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        UndoPreview(
            changes: [
                PlannedChange("forget what somebody answers for: \(PlainText.count(record.effects.count, "value"))")
            ],
            cannot: ["Nothing in git was changed by this step."])
    }
}
