// The SendGrid keys that leaked, and their end.

import Checklist
import HTTP
import Secrets
import SendGrid
import World

/// `sendgrid-revoke`
struct SendGridRevokeStep: StepKind {
    static let deleteEffect = "delete-key/"
    static let reduceEffect = "reduce-key/"
    /// What a reduced key may still do: read the account's time zone. SendGrid wants one scope at least.
    static let harmlessScope = "user.timezone.read"
    /// Seconds after which a deleted key that is still let in is no longer a matter of waiting.
    static let longestPropagation = 3_600.0

    let workbench: Workbench
    /// Of the secret.
    let key: String

    // MARK: What is the case

    func observe(_ record: StepRecord) async throws -> Observation {
        let findings = try await workbench.findings()
        let warnings = workbench.exclusionWarnings(findings.report)
        let leaked = try LeakedSendGridKey.all(in: findings)
        guard !leaked.isEmpty else {
            return .satisfied(Evidence("no SendGrid key has leaked in this repository", warnings: warnings))
        }
        let admin = try SendGridAdmin.client(workbench)
        var (dead, reduced, spreading): ([String], [String], [String]) = ([], [], [])
        var (live, stranger): ([LeakedSendGridKey], String?) = ([], nil)
        let answers = try await workbench.liveness(of: leaked.map(\.value))
        for (leakedKey, answer) in zip(leaked, answers) {
            switch answer.liveness {
            case .dead: dead.append(leakedKey.id)
            case .live(let scopes) where isReduced(leakedKey.id, scopes, record): reduced.append(leakedKey.id)
            case .live, .scoped:
                if isSpreading(leakedKey.id, record) {
                    spreading.append(leakedKey.id)
                } else if let admin, try await isGone(leakedKey.id, admin) {
                    // A run that was cut short may have deleted it. Otherwise it is another account's: an admin key
                    // is told of every key of another account that there is none.
                    if record.openIntents.contains(where: { $0.effect == Self.deleteEffect + leakedKey.id }) {
                        spreading.append(leakedKey.id)
                    } else {
                        live.append(leakedKey)
                        stranger = stranger ?? leakedKey.id
                    }
                } else {
                    live.append(leakedKey)
                }
            case .elsewhere(let host):
                return .unknowable(
                    reason: "the leaked key \(leakedKey.id) is live at \(host), not at \(try place(of: leakedKey))",
                    remedy: "set `sendgrid: region:` in .migrate/config.yml")
            case .unknown(let reason):
                return .unknowable(
                    reason: "SendGrid does not say whether the leaked key \(leakedKey.id) is live: \(reason)",
                    remedy: "try again in a while")
            }
        }
        if let first = live.first {
            let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
            if let kept = live.lazy.compactMap({ held.holding($0) }).first {
                return .unsatisfied(
                    reason: "\(kept.name) of \(held.secret) still holds the leaked key \(kept.id), which is live")
            }
            if let stranger {
                return .unsatisfied(
                    reason: "the leaked SendGrid key \(stranger) is live, and unknown to the account of the admin key")
            }
            let more = live.count > 1 ? " and \(live.count - 1) more" : ""
            return .unsatisfied(reason: "the leaked SendGrid key \(first.id)\(more) is live")
        }
        let facts: Facts = ["dead": .list(dead), "reduced": .list(reduced)]
        guard spreading.isEmpty else {
            return .waiting(
                reason: "SendGrid still lets in \(spreading.joined(separator: ", ")), which it has deleted",
                until: workbench.world.now() + pause(record), facts: ["spreading": .list(spreading)])
        }
        let words = [
            dead.isEmpty ? nil : "dead (HTTP 401): \(dead.joined(separator: ", "))",
            reduced.isEmpty ? nil : "reduced to nothing of use: \(reduced.joined(separator: ", "))",
        ].compactMap(\.self)
        return .satisfied(
            Evidence("leaked SendGrid keys, " + words.joined(separator: "; "), facts: facts, warnings: warnings))
    }

    /// Where it was asked about, for people.
    private func place(of leaked: LeakedSendGridKey) throws -> String { try workbench.sendGrid(leaked.value).place }

    /// An admin key that may not look is no reason to know nothing.
    private func isGone(_ id: String, _ admin: SendGridClient) async throws -> Bool {
        do { return try await admin.key(id) == nil } catch is SendGridError { return false }
    }

    /// Also by a run that was cut short before it could tell.
    private func isReduced(_ id: String, _ scopes: [String], _ record: StepRecord) -> Bool {
        scopes == [Self.harmlessScope]
            && (record.effects + record.openIntents).contains { $0.effect == Self.reduceEffect + id }
    }

    private func isSpreading(_ id: String, _ record: StepRecord) -> Bool {
        let deleted = record.effects.last { $0.effect == Self.deleteEffect + id }
        guard let deleted else { return false }
        // A clock that was set back does not make it younger than new.
        return abs(workbench.world.now() - deleted.at) < Self.longestPropagation
    }

    /// Longer with each look: 15 seconds at first, ten minutes at most.
    private func pause(_ record: StepRecord) -> Double {
        let looks = record.currentEvents.count { $0.event == .waiting }
        return min(15 * Double(1 << min(looks, 10)), 600)
    }

    // MARK: What would be done

    /// A leaked key, and what is known of it.
    struct Target: Sendable {
        let leaked: LeakedSendGridKey
        let detail: KeyDetail?
        /// Nil while that is open.
        let choice: Choice?
    }

    enum Choice: String { case delete, reduce }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let (live, held) = try await liveKeys(record)
        var preview = Preview(basis: "")
        guard !live.isEmpty else { return preview }
        let free = live.filter { held.holding($0) == nil }
        for leaked in live {
            guard let kept = held.holding(leaked) else { continue }
            preview.byHand.append(
                "\(kept.name) of \(held.secret) holds the leaked key \(leaked.id): it is not revoked here before a new "
                    + "key has taken its place")
        }
        guard !free.isEmpty else {
            throw StepFailure(
                "\(held.secret) still holds the leaked key \(live[0].id): to revoke it would stop whoever reads the secret",
                remedy: "put a new key into the secret first: migrate plan shows the step", kind: .refused)
        }
        guard let admin = try SendGridAdmin.client(workbench, answers) else {
            preview.questions = [SendGridAdmin.question()]
            preview.byHand += free.map { leaked in
                "open \(SendGridWords.page) and delete the key whose API key id is \(leaked.id)"
                    + (leaked.places.first.map { " (it stands in \($0))" } ?? "")
            }
            return preview
        }
        try await SendGridAdmin.check(admin, may: [.readKey, .deleteKey])
        preview.basis = SendGridAdmin.basis(admin) + " " + (held.versionID ?? "")
        for target in try await targets(free, admin, answers) { show(target, admin, in: &preview) }
        return preview
    }

    private func show(_ target: Target, _ admin: SendGridClient, in preview: inout Preview) {
        let id = target.leaked.id
        guard let detail = target.detail else {
            preview.basis += " \(id):gone"
            preview.byHand.append(
                "the account of the admin key has no key \(id), which is live: unless it was deleted a moment ago, use an "
                    + "admin key of its own account")
            return
        }
        preview.basis +=
            " \(id):\(detail.name):\(detail.scopes.joined(separator: ",")):\(target.choice?.rawValue ?? "")"
        let shown = [
            PreviewLine(.context, "name: \(detail.name)"),
            PreviewLine(.context, "scopes: \(Self.shown(detail.scopes))"),
        ]
        switch target.choice {
        case nil:
            preview.questions.append(
                Question(
                    "how/\(id)", "what is to happen with the leaked SendGrid key \(id) (\(detail.name))?",
                    .choice(
                        [
                            Question.Choice("delete", "delete it for good"),
                            Question.Choice("reduce", "take its permissions away; they can be given back"),
                        ], suggested: "delete")))
            preview.changes.append(PlannedChange("revoke the SendGrid key \(id) at \(admin.place)", lines: shown))
        case .delete:
            preview.changes.append(
                PlannedChange(
                    "delete the SendGrid key \(id) at \(admin.place)",
                    lines: shown.map { PreviewLine(.removed, $0.text) }))
            preview.irreversible.append(
                "A SendGrid key that was deleted never comes back: whatever still uses \(id) stops sending mail.")
        case .reduce:
            preview.changes.append(
                PlannedChange(
                    "reduce the SendGrid key \(id) at \(admin.place)",
                    lines: [
                        shown[0], PreviewLine(.removed, shown[1].text),
                        PreviewLine(.added, "scopes: \(Self.harmlessScope)"),
                        PreviewLine(.note, "whatever still uses it stops sending mail"),
                    ]))
        }
    }

    static func shown(_ scopes: [String]) -> String {
        let few = scopes.prefix(6).joined(separator: ", ")
        return scopes.isEmpty ? "none" : few + (scopes.count > 6 ? ", and \(scopes.count - 6) more" : "")
    }

    /// The leaked keys that are neither dead nor dealt with, and what the secret holds.
    /// - Throws: `StepFailure` when that is not known of one.
    func liveKeys(_ record: StepRecord) async throws -> ([LeakedSendGridKey], HeldSendGridKeys) {
        var live: [LeakedSendGridKey] = []
        let all = try LeakedSendGridKey.all(in: try await workbench.findings())
        let answers = try await workbench.liveness(of: all.map(\.value))
        for (leaked, answer) in zip(all, answers) {
            switch answer.liveness {
            case .dead: break
            case .live(let scopes) where isReduced(leaked.id, scopes, record): break
            case .live, .scoped: if !isSpreading(leaked.id, record) { live.append(leaked) }
            case .elsewhere(let host):
                throw StepFailure(
                    "the leaked key \(leaked.id) is live at \(host), not at \(try place(of: leaked))",
                    remedy: "set `sendgrid: region:` in .migrate/config.yml", kind: .unknown)
            case .unknown(let reason):
                throw StepFailure(
                    "SendGrid does not say whether the leaked key \(leaked.id) is live: \(reason)",
                    remedy: "try again in a while", kind: .unknown)
            }
        }
        return (live, try await HeldSendGridKeys.readIfNamed(workbench, key))
    }

    /// The admin key's own end, where it is one of those that leaked, comes last.
    func targets(
        _ keys: [LeakedSendGridKey], _ admin: SendGridClient, _ answers: Answers
    ) async throws -> [Target] {
        var targets: [Target] = []
        for leaked in keys.filter({ $0.id != admin.publicID }) + keys.filter({ $0.id == admin.publicID }) {
            let detail = try await SendGridAdmin.calling { try await admin.key(leaked.id) }
            let choice = answers.text("how/\(leaked.id)").flatMap(Choice.init)
            targets.append(Target(leaked: leaked, detail: detail, choice: choice))
        }
        return targets
    }
}
