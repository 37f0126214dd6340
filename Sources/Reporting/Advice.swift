// What to do about a report, in the order of work.

package import Detection
package import Scanning

/// One thing to do next.
package struct Action: Sendable, Equatable {
    /// What sort of work it is; the names are part of the JSON report.
    package enum Kind: String, Sendable, CaseIterable {
        /// Put a new value in place, then have the provider revoke the old one.
        case revoke
        /// Change the value where it is used; nobody can revoke it.
        case rotate
        /// Find out whether the value is real: its checksum says it is not.
        case check
        /// Take it out of commits before they are pushed.
        case keepFromPushing = "keep-from-pushing"
        /// Take it out of the index or file before it is committed.
        case keepFromCommitting = "keep-from-committing"
        /// Have git forget a dotenv file and leave it on disk.
        case untrack
        /// Take it out of a file that stays tracked.
        case removeFromFile = "remove-from-file"
        /// Mend `.gitignore`.
        case ignore
        /// Make readable what could not be read, and scan again.
        case completeScan = "complete-scan"
        /// Let stashes, reflogs and unreachable objects go.
        case dropLeftovers = "drop-leftovers"
        /// Rewrite history, or decide not to.
        case rewriteHistory = "rewrite-history"
        /// It is where it may be.
        case none
    }

    package let kind: Kind
    /// What to do, in a few words.
    package let title: String
    /// How and why; "" where the title says it all.
    package let detail: String
    /// Commands that do it, as arguments, from the root of the repository.
    package let commands: [[String]]
    /// The findings it is about.
    package let findings: [Fingerprint]

    package init(
        kind: Kind, title: String, detail: String = "", commands: [[String]] = [], findings: [Fingerprint] = []
    ) {
        self.kind = kind
        self.title = title
        self.detail = detail
        self.commands = commands
        self.findings = findings
    }
}

/// Decides what to do next. Replacing a value comes before anything done to git, because
/// git forgets nothing that others have copied; rewriting history comes last, if ever.
package enum Advice {
    /// What to do about one finding, in order.
    package static func actions(for finding: Finding, in target: ScanReport.Target) -> [Action] {
        let situation = Situation(of: finding, in: target)
        if finding.isDotenvFile { return [dotenvFile(finding, situation)] }
        if finding.severity == .info {
            return [
                Action(kind: .none, title: "Nothing to do", detail: "It is a stand-in, or meant to be seen.")
            ]
        }
        switch situation {
        case .pushed:
            return [replacement(of: [finding])] + removals(from: [finding])
        case .committed:
            return [keepFromPushing([finding])] + removals(from: [finding]) + [caution([finding])]
        case .leftover:
            return [caution([finding]), dropLeftovers([finding])].compactMap(\.self)
        case .pending:
            return [keepFromCommitting([finding])]
        case .outside:
            return [moveOut([finding])]
        case .ignored:
            return [Action(kind: .none, title: "Nothing to do now", detail: "Git ignores the only file that holds it.")]
        }
    }

    /// What to do about everything, in order, with like work joined.
    package static func actions(for report: ScanReport) -> [Action] {
        let leaks = report.findings.filter { $0.isLeak(in: report.target) }
        let bySituation = Dictionary(grouping: leaks) { Situation(of: $0, in: report.target) }
        let pushed = bySituation[.pushed] ?? []
        let committed = bySituation[.committed] ?? []
        let leftover = bySituation[.leftover] ?? []

        var actions = replacements(of: pushed)
        if !report.isComplete { actions.append(completeScan(report)) }
        if let pending = bySituation[.pending] { actions.append(keepFromCommitting(pending)) }
        if !committed.isEmpty { actions.append(keepFromPushing(committed)) }
        if let outside = bySituation[.outside] { actions.append(moveOut(outside)) }
        if let untrack = untrack(report.dotenvFiles, isBare: report.target.kind == .bare) { actions.append(untrack) }
        let dotenvPaths = Set(report.dotenvFiles.filter { !$0.isTemplate }.map(\.path))
        actions += removals(from: pushed + committed, besides: dotenvPaths)
        if let audit = report.ignoreAudit, let ignore = ignore(audit) { actions.append(ignore) }
        if !(committed + leftover).isEmpty { actions.append(caution(committed + leftover)) }
        if let drop = dropLeftovers(leaks) { actions.append(drop) }
        if let rewrite = rewriteHistory(pushed) { actions.append(rewrite) }
        return actions
    }
}

// MARK: - Replacing values

extension Advice {
    /// One action for each kind of credential, since each is replaced in its own place.
    private static func replacements(of findings: [Finding]) -> [Action] {
        var groups: [(key: String, findings: [Finding])] = []
        for finding in findings {
            let key = finding.provider.isEmpty ? finding.revocation : finding.ruleID
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].findings.append(finding)
            } else {
                groups.append((key, [finding]))
            }
        }
        return groups.map { replacement(of: $0.findings) }
    }

    private static func replacement(of findings: [Finding]) -> Action {
        guard let first = findings.first else { return Action(kind: .none, title: "") }
        let fingerprints = findings.map(\.fingerprint)
        if findings.allSatisfy({ $0.verdict == .checkFailed }) {
            return Action(
                kind: .check, title: "Find out whether \(naming(findings)) \(findings.count == 1 ? "is" : "are") real",
                detail: "The checksum does not hold, so it is likely made up. If it is real, treat it like the others.",
                findings: fingerprints)
        }
        if first.provider.isEmpty {
            return Action(
                kind: .rotate, title: "Change " + naming(findings),
                detail: [findings.count == 1 ? "Others can know the old value." : "Others can know the old values."]
                    .appending(first.revocationSentence).joined(separator: " "),
                findings: fingerprints)
        }
        var detail = [
            "If something still runs on it, put a new one in place first; if it may be abused, revoke at once."
        ]
        let ids = findings.compactMap(\.sendGridKeyID)
        if !ids.isEmpty {
            // Two keys may have the same name; the id in the key itself cannot be mistaken.
            detail.append("Revoke by key id: " + Wording.list(ids, limit: 5) + ".")
        }
        return Action(
            kind: .revoke, title: "Replace and revoke " + naming(findings),
            detail: detail.appending(first.revocationSentence).joined(separator: " "), findings: fingerprints)
    }

    private static func caution(_ findings: [Finding]) -> Action {
        Action(
            kind: .rotate,
            title: "Change \(naming(findings)) too if this repository was ever copied",
            detail: "A backup, a build machine or a shared disk would have \(findings.count == 1 ? "it" : "them").",
            findings: findings.map(\.fingerprint))
    }

    /// `the SendGrid API key (SENDGRID_API_KEY)`, `DB_PASSWORD`, `3 secrets (A, B and C)`.
    static func naming(_ findings: [Finding]) -> String {
        let names = unique(findings.compactMap(\.name))
        guard let first = findings.first else { return "" }
        if findings.allSatisfy({ $0.provider.isEmpty && $0.name != nil }), names.count <= 4 {
            return Wording.list(names)
        }
        let suffix = names.isEmpty ? "" : " (" + Wording.list(names, limit: 4) + ")"
        return (findings.count == 1 ? "the " + first.title : Wording.count(findings.count, "secret")) + suffix
    }

    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

extension [String] {
    /// With `text` at the end unless it is empty.
    fileprivate func appending(_ text: String) -> [String] { text.isEmpty ? self : self + [text] }
}
