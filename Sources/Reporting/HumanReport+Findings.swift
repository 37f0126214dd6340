// The findings of a human report, grouped by how far they have spread.

import Detection
import Git
import Scanning

extension HumanReportWriter {
    /// Where the labels of details begin.
    private static let labelIndent = 4
    /// Where titles and details begin, under each other.
    private static let textIndent = 12

    mutating func writeFindings() {
        // Committed dotenv files have a section of their own.
        let values = report.findings.filter { !$0.isDotenvFile }
        let remarks = values.filter { $0.severity == .info }
        let groups = Dictionary(grouping: values.filter { $0.severity > .info }) {
            Situation(of: $0, in: report.target)
        }
        for situation in Situation.allCases {
            guard let findings = groups[situation] else { continue }
            // The section on local dotenv files says it shorter.
            if situation == .ignored, !isVerbose { continue }
            writeHeading(of: situation, findings)
            for finding in findings { write(finding, situation) }
        }
        guard !remarks.isEmpty else { return }
        page.gap()
        page.line(Piece("Worth knowing", .strong), Piece(" (\(remarks.count))", .faint))
        for finding in remarks { write(finding, Situation(of: finding, in: report.target)) }
    }

    private mutating func writeHeading(of situation: Situation, _ findings: [Finding]) {
        let (title, meaning) =
            switch situation {
            case .pushed where report.target.kind == .bare:
                ("In a bare repository", "it was pushed here, or is what others clone; replace and revoke")
            case .pushed: ("Pushed", "out of your hands; replace and revoke")
            case .committed:
                (
                    "Committed; on no remote-tracking branch",
                    "may still be kept here, unless a tag or note was pushed: see `git ls-remote`"
                )
            case .leftover: ("Left over", "only in stashes, reflogs or unreachable objects")
            case .pending: ("Not committed yet", "the next commit could take it")
            case .outside where !report.target.isHistoryKnown && findings.allSatisfy { $0.reach.contains(.index) }:
                ("In the next commit", "history was not looked at, so who else has them is not known")
            case .outside where !report.target.isHistoryKnown:
                ("In files", "history was not looked at, so who else has them is not known")
            case .outside: ("In plain files", "no git history to judge by")
            case .ignored: ("Only in ignored files", "no leak; to be migrated")
            }
        page.gap()
        page.paragraph([
            Piece(title, .strong), Piece(" (\(Wording.grouped(findings.count)))", .strong),
            Piece(": " + meaning, .faint),
        ])
    }

    private mutating func write(_ finding: Finding, _ situation: Situation) {
        let severity = finding.severity.name
        let padding = String(repeating: " ", count: max(1, Self.textIndent - 2 - severity.utf8.count))
        var headline: [Piece] = [.whole(severity, finding.severity.ink), .whole(padding)]
        // The name is what a reader knows it by; the title follows.
        if let name = finding.name, !name.isEmpty {
            headline += [.whole(name, .strong), Piece("  "), .whole(finding.title)]
        } else {
            headline.append(.whole(finding.title, .strong))
        }
        let hidesAll = finding.mask.allSatisfy { $0 == "*" }
        headline += [Piece("  "), .whole(finding.mask, hidesAll ? .faint : .plain)]
        if finding.verdict == .checkFailed { headline.append(Piece("  (checksum does not hold)", .faint)) }
        page.paragraph(headline, indent: 2, hanging: Self.textIndent)

        writeValue(of: finding)
        if isVerbose { writeEveryPlace(of: finding) } else { detail("at", places(of: finding)) }
        if situation != .outside, situation != .ignored { detail("lives", reach(of: finding, situation)) }
        if let introduced = finding.history.introduced { detail("added", describe(introduced)) }
        if let removed = finding.history.removed { detail("removed", describe(removed)) }
        guard isVerbose else { return }
        if !finding.reason.isEmpty { detail("why", [Piece(finding.reason)]) }
        if !finding.revocation.isEmpty { detail("revoke", [Piece(finding.revocation)]) }
        detail("rule", [.whole(finding.ruleID), Piece(", \(finding.verdict.rawValue)", .faint)])
        detail("id", [.whole(finding.fingerprint.description, .faint)])
    }

    private mutating func detail(_ label: String, _ pieces: [Piece]) {
        page.paragraph(
            [.whole(Self.padded(label), .faint)] + pieces, indent: Self.labelIndent, hanging: Self.textIndent)
    }

    private static func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(1, textIndent - labelIndent - label.utf8.count))
    }

    func value(of finding: Finding) -> String? {
        reveal.flatMap { finding.occurrences.lazy.compactMap($0).first }
    }

    private mutating func writeValue(of finding: Finding) {
        guard let value = value(of: finding) else { return }
        // A private key has many lines; each is shown on its own.
        for (index, line) in value.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let label = Self.padded(index == 0 ? "value" : "")
            page.line(Piece(label, .faint), Piece(String(line), .medium), indent: Self.labelIndent)
        }
    }

    // MARK: Places

    /// `backend/.env:3:18`, `message of commit 3f2a91c0d4, line 2`.
    static func place(_ occurrence: Occurrence) -> String {
        holder(of: occurrence) + ":\(occurrence.line):\(occurrence.column)"
    }

    /// What holds it: `backend/.env`, `note on commit 3f2a91c0d4`.
    static func holder(of occurrence: Occurrence) -> String {
        if let commit = occurrence.annotatedCommit { return "note on commit " + commit.short }
        return switch occurrence.source {
        case .blob(_, let path?), .file(let path): path
        case .blob(let id, nil): "object " + id.short
        case .commitMessage(let id): "message of commit " + id.short
        case .tagMessage(let id): "message of tag " + id.short
        case .standardInput: "<stdin>"
        }
    }

    /// The first place, and other files by name: thirty old versions of one file are one file.
    private func places(of finding: Finding) -> [Piece] {
        guard let first = finding.occurrences.first else { return [Piece("an unknown place")] }
        var pieces: [Piece] = [.whole(Self.place(first))]
        let others = Advice.unique(
            finding.occurrences.dropFirst().filter { $0.path == nil || $0.path != first.path }
                .map { $0.path == nil ? Self.place($0) : Self.holder(of: $0) })
        if !others.isEmpty {
            pieces.append(Piece(", also in "))
            let shown = others.prefix(2)
            for (index, other) in shown.enumerated() {
                if index > 0 { pieces.append(Piece(others.count > 2 ? ", " : " and ")) }
                pieces.append(.whole(other))
            }
            if others.count > 2 { pieces.append(Piece(" and \(Wording.grouped(others.count - 2)) more")) }
        } else if finding.occurrences.count > 1 {
            let more = finding.occurrences.count - 1
            pieces.append(Piece(" and \(Wording.count(more, "more place")) there", .faint))
        }
        return pieces
    }

    private mutating func writeEveryPlace(of finding: Finding) {
        let limit = 20
        for (index, occurrence) in finding.occurrences.prefix(limit).enumerated() {
            var pieces: [Piece] = [.whole(Self.place(occurrence))]
            if case .blob(let id, .some) = occurrence.source { pieces.append(Piece(" blob \(id.short)", .faint)) }
            let reach = Reach.allCases.filter(occurrence.reach.contains).map(\.rawValue)
            if !reach.isEmpty { pieces.append(Piece(" " + reach.joined(separator: ", "), .faint)) }
            detail(index == 0 ? "at" : "", pieces)
        }
        if finding.occurrences.count > limit {
            let more = finding.occurrences.count - limit
            detail("", [Piece("and \(Wording.grouped(more)) more, all in the JSON report", .faint)])
        }
    }

    // MARK: Where it lives, how it came

    private func reach(of finding: Finding, _ situation: Situation) -> [Piece] {
        let reach = finding.reach
        var now: [String] = []
        if finding.history.isInHead || reach.contains(.head) { now.append("HEAD") }
        if reach.contains(.index) { now.append("index") }
        if reach.contains(.worktree) { now.append("worktree") }
        if reach.contains(.untracked) { now.append("an untracked file") }
        if reach.contains(.ignored) { now.append("an ignored file") }
        // In a bare repository what nothing leads to counts as pushed.
        let isLeftover =
            situation == .leftover
            || (!reach.isEmpty && reach.isSubset(of: [.stash, .reflog, .unreachable, .commitMessage, .tagMessage])
                && !reach.isDisjoint(with: [.stash, .reflog, .unreachable]))
        var pieces: [Piece] =
            now.isEmpty
            ? [Piece(isLeftover ? "only in " : "only in history")]
            : [Piece("in " + Wording.list(now))]

        let limit = isVerbose ? 20 : 4
        let names = finding.history.references.map(Self.shortName)
        var past = Array(names.prefix(limit))
        if names.count > limit { past.append("\(Wording.grouped(names.count - limit)) more") }
        if reach.contains(.stash), !names.contains("stash") { past.append("stash") }
        if reach.contains(.reflog), !names.contains(where: { $0.hasPrefix("reflog of ") }) { past.append("reflog") }
        if reach.contains(.unreachable) { past.append("unreachable objects") }
        for (index, name) in past.enumerated() {
            let isContinuing = index == 0 && now.isEmpty && isLeftover
            pieces += [Piece(index > 0 ? ", " : isContinuing ? "" : "; "), .whole(name)]
        }
        if isVerbose, finding.history.commitCount > 0 {
            pieces.append(Piece("; " + Wording.count(finding.history.commitCount, "commit"), .faint))
        }
        return pieces
    }

    /// `main`, `origin/main`, `tag v1.0`, `stash`.
    static func shortName(_ reference: String) -> String {
        for (prefix, replacement) in [("refs/heads/", ""), ("refs/remotes/", ""), ("refs/tags/", "tag ")]
        where reference.hasPrefix(prefix) {
            return replacement + reference.dropFirst(prefix.count)
        }
        return reference == "refs/stash" ? "stash" : reference
    }

    private func describe(_ commit: CommitSummary) -> [Piece] {
        let time = Timestamp(commit.time)
        var pieces = [Piece(time.day)]
        if let age = time.age(at: now) { pieces.append(Piece(" (\(age))")) }
        let author =
            isVerbose && !commit.authorEmail.isEmpty
            ? "\(commit.authorName) <\(commit.authorEmail)>" : commit.authorName
        let mark = page.sanitizer.unicode ? "…" : "..."
        pieces += [
            Piece(" by "), .whole(TextWidth.cut(page.sanitizer.clean(author), to: 40, mark: mark)),
            Piece(" in "), .whole(commit.id.short),
        ]
        let subject = page.sanitizer.clean(commit.subject)
        if isVerbose, !subject.isEmpty {
            pieces.append(Piece(", \"" + TextWidth.cut(subject, to: 120, mark: mark) + "\"", .faint))
        }
        return pieces
    }
}

extension Severity {
    /// Its colour.
    var ink: Ink {
        switch self {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        case .low: .low
        case .info: .faint
        }
    }
}
