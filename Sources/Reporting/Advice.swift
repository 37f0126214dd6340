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
            return moveOut([finding], of: target)
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
        if let outside = bySituation[.outside] { actions += moveOut(outside, of: report.target) }
        // What somebody answers for stays where it is.
        let files = report.dotenvFiles.filter { !$0.isAccepted }
        if let untrack = untrack(files, isBare: report.target.kind == .bare) { actions.append(untrack) }
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
                detail: findings.count == 1
                    ? "The checksum does not hold, so it is likely made up. If it is real, treat it like the others."
                    : "Their checksums do not hold, so they are likely made up. What is real, treat like the others.",
                findings: fingerprints)
        }
        if first.provider.isEmpty {
            return Action(
                kind: .rotate, title: "Change " + naming(findings),
                detail: [findings.count == 1 ? "Others can know the old value." : "Others can know the old values."]
                    .appending(findings.count == 1 ? first.revocationSentence : first.revocationSentence.forSeveral)
                    .joined(separator: " "),
                findings: fingerprints)
        }
        var detail = [
            findings.count == 1
                ? "If something still runs on it, put a new one in place first; if it may be abused, revoke at once."
                : "If something still runs on them, put new ones in place first; if they may be abused, revoke at once."
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

    /// `the SendGrid API key (SENDGRID_API_KEY)`, `DB_PASSWORD`, `5 secrets (Private key, A, B and 2 more)`.
    static func naming(_ findings: [Finding]) -> String {
        guard let first = findings.first else { return "" }
        if findings.count == 1 {
            guard let name = first.name, !name.isEmpty else { return "the " + first.title }
            return first.provider.isEmpty ? name : "the \(first.title) (\(name))"
        }
        let isOneKind = findings.allSatisfy { $0.title == first.title } && first.title.hasCountableEnd
        let list = labels(of: findings, besides: isOneKind ? first.title : "")
        if findings.allSatisfy({ $0.name?.isEmpty == false }), list.count == 1, let name = list.first, !isOneKind {
            return Wording.count(findings.count, "value") + " of " + name
        }
        if findings.allSatisfy({ $0.provider.isEmpty && $0.name?.isEmpty == false }) { return Wording.list(list) }
        // One kind of credential says what it is; several are secrets.
        let noun = isOneKind ? first.title : "secret"
        return Wording.count(findings.count, noun) + (list == [noun] ? "" : " (\(Wording.list(list)))")
    }

    /// Up to three names, worst first: a title where there is no name, with the folder where two names are alike.
    /// What is not named is counted at the end, and `title` is not repeated before a folder.
    private static func labels(of findings: [Finding], besides title: String) -> [String] {
        let limit = 3
        let worstFirst = findings.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }.map(\.element)
        func short(_ finding: Finding) -> String {
            finding.name.flatMap { $0.isEmpty ? nil : $0 } ?? finding.title
        }
        let folders = worstFirst.reduce(into: [String: Set<String>]()) { folders, finding in
            folders[short(finding), default: []].insert(folder(of: finding))
        }
        let groups = worstFirst.map { finding in
            let label = short(finding)
            guard let places = folders[label], places.count > 1 else { return label }
            // Beside names, what has none says so.
            let lead = label != title ? label + " " : folders.count > 1 ? "unnamed " : ""
            return lead + "in " + folder(of: finding)
        }
        let shown = unique(groups).prefix(limit)
        let rest = groups.filter { !shown.contains($0) }.count
        return Array(shown) + (rest > 0 ? ["\(Wording.grouped(rest)) more"] : [])
    }

    /// The folder of its first place: `backend`, `the root`, `message of commit 3f2a91c0d4`.
    private static func folder(of finding: Finding) -> String {
        guard let first = finding.occurrences.first else { return "an unknown place" }
        guard let path = first.path, first.annotatedCommit == nil else { return HumanReportWriter.holder(of: first) }
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "the root"
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

extension String {
    /// Whether an `s` at the end makes its plural: of `SendGrid API key`, not of `Password in a URL`.
    fileprivate var hasCountableEnd: Bool {
        !contains(" with ") && ["key", "token", "secret", "password"].contains { lowercased().hasSuffix($0) }
    }

    /// The advice on one value, in the plural, as far as rules word it: "Find out who issued them, replace them there".
    fileprivate var forSeveral: String {
        replacing("who issued it,", with: "who issued them,").replacing("replace it there", with: "replace them there")
            .replacing("keep the new one in", with: "keep the new ones in")
    }
}
