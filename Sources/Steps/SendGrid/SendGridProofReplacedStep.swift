// The proof that the keys which a rotation has replaced are dead.

import Checklist
import SendGrid
import World

/// `sendgrid-proof` with `which: replaced`. It changes nothing: what is live is for `sendgrid-revoke` to delete.
struct SendGridProofReplacedStep: StepKind {
    let workbench: Workbench
    /// Of the secret.
    let key: String
    let secondsApart: Double

    func observe(_ record: StepRecord) async throws -> Observation {
        let held = try await HeldSendGridKeys.readIfNamed(workbench, key)
        guard let ids = await ReplacedSendGridKey.ids(workbench) else {
            return .unsatisfied(reason: "no rotation has made a new SendGrid key yet")
        }
        guard !ids.isEmpty else { return .satisfied(Evidence("the secret held no SendGrid key before")) }
        let admin = try SendGridAdmin.client(workbench)
        // Once proved, proved: a deleted key never comes back, and the version that held it goes.
        let proved = record.last(.verified)?.facts.list("proved") ?? []
        let seen = sightings(record)
        var (proofs, waiting): ([String], [String]) = ([], [])
        var next: Instant?
        for (id, version) in ids {
            if let proof = proved.first(where: { $0.hasPrefix(id + " ") }) {
                proofs.append(proof)
                continue
            }
            let now = workbench.world.now()
            // A first sight that lies ahead was made by a clock that has been set back since.
            let first = seen[id].flatMap { $0 <= now ? $0 : nil }
            let isSecond = first.map { now - $0 >= secondsApart } ?? false
            let replaced = try await ReplacedSendGridKey.find(id, versionID: version, in: held)
            let fate = try await replaced.fate(
                workbench, admin, since: isSecond ? first.map { $0 + secondsApart } : nil,
                isDeleted: await ReplacedSendGridKey.wasDeleted(id, workbench))
            let status: Int
            switch fate {
            case .refused: status = 401
            case .missing: status = 404
            case .live: return .unsatisfied(reason: "the replaced SendGrid key \(id) still opens something")
            case .spreading:
                return .waiting(
                    reason: "SendGrid still lets in \(id), which it has deleted", until: now + 30, facts: Facts())
            case .unknown(let reason, let remedy): return .unknowable(reason: reason, remedy: remedy)
            }
            if let first, isSecond {
                proofs.append("\(id) HTTP \(status) \(first.iso8601) HTTP \(status) \(now.iso8601)")
            } else {
                waiting.append("\(id) \((first ?? now).iso8601)")
                next = max(next ?? now, (first ?? now) + secondsApart)
            }
        }
        guard waiting.isEmpty else {
            return .waiting(
                reason: "seen dead once; the second time counts from \(Int(secondsApart)) s later on", until: next,
                facts: ["first-seen": .list(waiting + firstHalves(of: proofs))])
        }
        return .satisfied(evidence(proofs))
    }

    private func evidence(_ proofs: [String]) -> Evidence {
        var evidence = Evidence(
            "dead, seen twice: "
                + proofs.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
                .joined(separator: ", "),
            facts: ["proved": .list(proofs)])
        for proof in proofs where proof.contains(" HTTP 404 ") {
            evidence.warnings.append(
                "No version of the secret holds the key \(proof.prefix { $0 != " " }) any more: that it is dead rests on "
                    + "the account having no key of this id (HTTP 404).")
        }
        return evidence
    }

    /// A proof that others still wait for keeps the time of its first half.
    private func firstHalves(of proofs: [String]) -> [String] {
        proofs.compactMap { proof in
            let words = proof.split(separator: " ")
            return words.count > 3 ? "\(words[0]) \(words[3])" : nil
        }
    }

    /// From the last look: what was dead, and since when. A look that found one alive ends the row.
    private func sightings(_ record: StepRecord) -> [String: Instant] {
        let last = record.currentEvents.last { $0.event == .waiting || $0.event == .failed || $0.event == .drifted }
        guard let last, last.event == .waiting else { return [:] }
        var seen: [String: Instant] = [:]
        for line in last.facts.list("first-seen") ?? [] {
            let words = line.split(separator: " ")
            guard words.count == 2, let time = Instant(iso8601: String(words[1])) else { continue }
            seen[String(words[0])] = time
        }
        return seen
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { Preview() }

    func apply(_ run: StepRun) async throws {}
}
