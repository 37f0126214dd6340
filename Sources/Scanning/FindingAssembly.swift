// Hits, places and histories, joined into findings.

import Detection
import Git

/// Gathers occurrences by secret, and makes findings of them.
struct FindingAssembly {
    private let rules: [Rule]
    private let request: ScanRequest
    private(set) var secrets: [SecretKey: SecretSummary]
    private var occurrences: [SecretKey: [Occurrence]] = [:]
    private var histories: [SecretKey: History] = [:]
    /// Guesses by name in files that a tool or somebody else has written.
    private var leftOut: Set<SecretKey> = []

    init(rules: [Rule], request: ScanRequest) {
        self.rules = rules
        self.request = request
        secrets = [:]
    }

    mutating func absorb(_ others: [SecretKey: SecretSummary]) {
        secrets.absorb(others)
    }

    /// Notes the hits of one source. Guesses by name are not taken from files that a tool has written, unless they are
    /// values of a dotenv file, nor anything from outside the paths that were asked for.
    ///
    /// What the hits are must have been absorbed before.
    mutating func add(_ hits: [Hit], in source: Occurrence.Source, reach: Set<Reach>) {
        let place = Occurrence(source: source, range: 0..<0, line: 1, column: 1, reach: reach)
        guard request.covers(place.path) else { return }
        let isGenerated = place.path.map(PathKind.isGenerated) ?? false
        for hit in hits {
            if isGenerated, rules[hit.secret.rule].isGeneric, secrets[hit.secret]?.isDotenvValue != true {
                leftOut.insert(hit.secret)
                continue
            }
            occurrences[hit.secret, default: []].append(
                Occurrence(source: source, range: hit.range, line: hit.line, column: hit.column, reach: reach))
        }
    }

    /// What to say of the guesses that were not taken; nil when there were none.
    var leftOutNote: String? {
        let count = leftOut.count { key in
            guard occurrences[key] == nil, let verdict = secrets[key]?.verdict else { return false }
            return verdict != .placeholder && verdict != .publicByDesign
        }
        if count == 0 { return nil }
        return "\(count == 1 ? "1 value with a telling name" : "\(count) values with telling names") "
            + "in lock files, vendored folders and generated files \(count == 1 ? "was" : "were") left out."
    }

    mutating func set(_ history: History, for key: SecretKey) { histories[key] = history }

    /// The findings, most urgent first, and how many were left out as placeholders or public.
    ///
    /// A value that only stands in ignored files of the worktree is a source to migrate, and no finding.
    func findings() -> (findings: [Finding], gradedDown: Int) {
        var findings: [Finding] = []
        var gradedDown = 0
        for (key, places) in occurrences {
            guard let summary = secrets[key], places.contains(where: { $0.reach != [.ignored] }) else { continue }
            let isPlain = summary.verdict == .placeholder || summary.verdict == .publicByDesign
            if isPlain, !request.includesPlaceholders {
                gradedDown += 1
                continue
            }
            let rule = rules[key.rule]
            findings.append(
                Finding(
                    fingerprint: key.fingerprint, ruleID: rule.id, title: rule.title, provider: rule.provider,
                    severity: severity(rule, summary), verdict: summary.verdict, mask: summary.mask, name: summary.name,
                    reason: summary.reason, revocation: rule.revocation,
                    occurrences: places.sorted(by: Self.isMorePresent), history: histories[key] ?? History()))
        }
        return (findings.sorted(by: Self.isMoreUrgent), gradedDown)
    }

    private func severity(_ rule: Rule, _ summary: SecretSummary) -> Severity {
        switch summary.verdict {
        case .placeholder, .publicByDesign: .info
        case .checkFailed: Severity(rawValue: rule.severity.rawValue - 1) ?? .info
        case .checked, .wellFormed:
            // A guess from a name weighs more where every line is a setting.
            rule.isGeneric && summary.isDotenvValue ? max(rule.severity, .high) : rule.severity
        }
    }

    static func isMoreUrgent(_ left: Finding, _ right: Finding) -> Bool {
        func rank(_ finding: Finding) -> (Int, Int, Int) {
            (finding.severity.rawValue, finding.history.isPushed ? 1 : 0, finding.history.isInHead ? 1 : 0)
        }
        if rank(left) != rank(right) { return rank(left) > rank(right) }
        let places = (left.occurrences.first?.path ?? "", right.occurrences.first?.path ?? "")
        if places.0 != places.1 { return places.0 < places.1 }
        let lines = (left.occurrences.first?.line ?? 0, right.occurrences.first?.line ?? 0)
        return (lines.0, left.fingerprint) < (lines.1, right.fingerprint)
    }

    /// Worktree before index before HEAD before the rest; then by path and place.
    static func isMorePresent(_ left: Occurrence, _ right: Occurrence) -> Bool {
        func rank(_ occurrence: Occurrence) -> Int {
            Reach.byPresence.firstIndex { occurrence.reach.contains($0) } ?? Reach.byPresence.count
        }
        if rank(left) != rank(right) { return rank(left) < rank(right) }
        if left.path != right.path { return (left.path ?? "~") < (right.path ?? "~") }
        if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
        return "\(left.source)" < "\(right.source)"
    }
}

extension Reach {
    /// From what is in front of the user to what is nearly gone.
    static let byPresence: [Reach] = [
        .worktree, .untracked, .index, .head, .branch, .remoteBranch, .tag, .commitMessage, .tagMessage, .stash, .note,
        .otherReference, .ignored, .reflog, .unreachable,
    ]
}

extension ScanRequest {
    /// Whether a path is among those asked for. What has no path is left out once paths are asked for.
    func covers(_ path: String?) -> Bool {
        if pathPrefixes.isEmpty { return true }
        guard let path else { return false }
        return pathPrefixes.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }
}
