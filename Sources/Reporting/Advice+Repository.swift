// What to do in the repository itself: index, files, ignore rules, history.

import Detection
import Git
import Scanning

extension Advice {
    static func keepFromPushing(_ findings: [Finding]) -> Action {
        let them = findings.count == 1 ? "it" : "them"
        // One commit that holds it, and the tree of HEAD does: that commit is HEAD.
        let isOnlyInHead = findings.allSatisfy {
            $0.history.commitCount == 1 && $0.history.isInHead
                && $0.reach.isDisjoint(with: [.tag, .note, .otherReference, .commitMessage, .tagMessage])
        }
        let detail: String
        if isOnlyInHead {
            detail =
                "Only the last commit has \(them). Mend the files as below, then amend that commit instead of "
                + "adding one."
        } else {
            detail = (["No remote-tracking branch has \(them)."] + waysOut(of: findings)).joined(separator: " ")
        }
        return Action(
            kind: .keepFromPushing, title: "Do not push \(naming(findings))", detail: detail,
            commands: isOnlyInHead ? [["git", "commit", "--amend"]] : [], findings: findings.map(\.fingerprint))
    }

    /// How to take values out of files, messages and notes that git holds: a sentence or two for each kind of place.
    private static func waysOut(of findings: [Finding]) -> [String] {
        let occurrences = findings.flatMap(\.occurrences)
        let leftovers: Set<Reach> = [.stash, .reflog, .unreachable]
        var commitMessages: [String] = []
        var noted: [String] = []
        var hasTagMessage = false
        var hasFile = false
        for occurrence in occurrences where occurrence.reach.isEmpty || !occurrence.reach.isSubset(of: leftovers) {
            if let commit = occurrence.annotatedCommit {
                noted.append(commit.short)
                continue
            }
            switch occurrence.source {
            case .commitMessage(let id): commitMessages.append(id.short)
            case .tagMessage: hasTagMessage = true
            case .blob: hasFile = true
            case .file, .standardInput: break
            }
        }
        var ways: [String] = []
        if hasFile {
            let commits = unique(
                findings.filter { $0.occurrences.contains { $0.path != nil && $0.annotatedCommit == nil } }
                    .compactMap { $0.history.introduced?.id.short })
            let since = commits.isEmpty ? "" : ", from " + Wording.list(commits, limit: 3) + " on"
            ways.append(
                "Take \(findings.count == 1 ? "it" : "them") out of every commit that holds "
                    + "\(findings.count == 1 ? "it" : "them")\(since), for example in an interactive rebase; "
                    + "a later commit that deletes \(findings.count == 1 ? "it" : "them") is not enough."
            )
        }
        if occurrences.contains(where: { $0.reach.contains(.tag) && !$0.reach.contains(.tagMessage) }) {
            ways.append("A tag that leads there has to be deleted or moved, too.")
        }
        if !commitMessages.isEmpty {
            ways.append(
                "Reword \(commitMessages.count == 1 ? "commit" : "commits") "
                    + Wording.list(unique(commitMessages), limit: 3)
                    + ": `git commit --amend` for the last one, `reword` in `git rebase -i` for others.")
        }
        if hasTagMessage {
            ways.append("Delete the tag with the message, `git tag -d`, and create it again, `git tag -a`.")
        }
        if !noted.isEmpty {
            ways.append(
                "`git notes remove` takes away the note on \(Wording.list(unique(noted), limit: 3)); earlier "
                    + "states of the notes keep it, so do not push `refs/notes/*`.")
        }
        return ways
    }

    static func keepFromCommitting(_ findings: [Finding]) -> Action {
        let paths = unique(findings.flatMap(\.occurrences).compactMap(\.path))
        let isStaged = findings.contains { $0.reach.contains(.index) }
        return Action(
            kind: .keepFromCommitting, title: "Do not commit \(naming(findings))",
            detail:
                "No commit has \(findings.count == 1 ? "it" : "them") yet. "
                + "Take the value\(findings.count == 1 ? "" : "s") out of "
                + Wording.list(paths, limit: 4) + (isStaged ? " and stage " : ", or ignore ")
                + (paths.count == 1 ? "the file" : "the files")
                + (isStaged ? " again." : "."),
            findings: findings.map(\.fingerprint))
    }

    /// Where no history says what to do first.
    static func moveOut(_ findings: [Finding], of target: ScanReport.Target) -> [Action] {
        guard !target.isHistoryKnown, target.kind != .folder, target.kind != .standardInput else {
            return [
                Action(
                    kind: .removeFromFile, title: "Move \(naming(findings)) out of plain files",
                    detail:
                        "There is no git history here to judge by. If the files were shared, replace the values first.",
                    findings: findings.map(\.fingerprint))
            ]
        }
        let staged = findings.filter { $0.reach.contains(.index) }
        let others = findings.filter { !$0.reach.contains(.index) }
        var actions = staged.isEmpty ? [] : [unstage(staged, isUnborn: target.head == nil)]
        if !others.isEmpty {
            actions.append(
                Action(
                    kind: .removeFromFile, title: "Take \(naming(others)) out of files in the worktree",
                    detail: "History was not looked at: scan the whole repository to learn whether commits have "
                        + "\(others.count == 1 ? "it" : "them"), too.",
                    findings: others.map(\.fingerprint)))
        }
        return actions
    }

    private static func unstage(_ findings: [Finding], isUnborn: Bool) -> Action {
        let paths = unique(findings.flatMap(\.occurrences).filter { $0.reach.contains(.index) }.compactMap(\.path))
        let them = findings.count == 1 ? "it" : "them"
        // Without a commit there is nothing to restore from.
        let words = isUnborn ? ["rm", "--cached", "--"] : ["restore", "--staged", "--"]
        return Action(
            kind: .keepFromCommitting, title: "Do not commit \(naming(findings))",
            detail:
                "The next commit would hold \(them). Take \(them) out of \(Wording.list(paths, limit: 4)) and stage "
                + "again, or take back what was staged:",
            commands: command(words, on: paths), findings: findings.map(\.fingerprint))
    }

    /// A git command on exactly these paths; a glob such as `.env*` would take `.env.example` along. None when no path
    /// can be written.
    private static func command(_ words: [String], on paths: [String]) -> [[String]] {
        let nameable = paths.filter(ShellWord.canName)
        guard !nameable.isEmpty else { return [] }
        let needsLiteral = nameable.contains { $0.hasPrefix(":") || $0.contains { "*?[\\".contains($0) } }
        return [["git"] + (needsLiteral ? ["--literal-pathspecs"] : []) + words + nameable]
    }

    /// Files that stay tracked must lose the value; dotenv files stop being tracked instead.
    static func removals(from findings: [Finding], besides dotenvPaths: Set<String> = []) -> [Action] {
        let inHead = findings.filter { $0.history.isInHead }
        var places: [String] = []
        var concerned: Set<Fingerprint> = []
        for finding in inHead {
            for occurrence in finding.occurrences where !occurrence.reach.isDisjoint(with: [.head, .index, .worktree]) {
                guard let path = occurrence.path, !dotenvPaths.contains(path) else { continue }
                places.append("\(path):\(occurrence.line)")
                concerned.insert(finding.fingerprint)
            }
        }
        guard !places.isEmpty else { return [] }
        return [
            Action(
                kind: .removeFromFile, title: "Take the value\(places.count == 1 ? "" : "s") out of tracked files",
                detail: "Read from the environment instead: " + Wording.list(unique(places), limit: 5) + ".",
                findings: concerned.sorted())
        ]
    }

    /// For a dotenv file by itself: its values are findings of their own.
    static func dotenvFile(_ finding: Finding, _ situation: Situation) -> Action {
        let paths = unique(finding.occurrences.compactMap(\.path))
        let isTracked = !finding.reach.isDisjoint(with: [.head, .index])
        let standing: DotenvFileReport.Standing = isTracked ? .tracked : situation == .pending ? .untracked : .history
        switch standing {
        case .tracked:
            let files = paths.map {
                DotenvFileReport(
                    path: $0, isTemplate: false, standing: .tracked, versionCount: 1, history: finding.history,
                    entries: [])
            }
            return untrack(files, findings: [finding.fingerprint])
                ?? Action(kind: .untrack, title: "Stop tracking the dotenv file", findings: [finding.fingerprint])
        case .untracked:
            return Action(
                kind: .ignore, title: "Let .gitignore keep it out", detail: "The next `git add` would take it.",
                findings: [finding.fingerprint])
        case .history, .ignored:
            return Action(
                kind: .none, title: "Nothing to do about the file", detail: "Its values are findings of their own.",
                findings: [finding.fingerprint])
        }
    }

    static func untrack(
        _ files: [DotenvFileReport], findings: [Fingerprint] = [], isBare: Bool = false
    ) -> Action? {
        let tracked = files.filter { $0.standing == .tracked && !$0.isTemplate }
        guard !tracked.isEmpty else { return nil }
        let paths = tracked.map(\.path)
        var detail =
            "\(paths.count == 1 ? "It stays" : "They stay") on this disk, but pulling that commit deletes "
            + "\(paths.count == 1 ? "it" : "them") elsewhere: copy first where something runs on "
            + "\(paths.count == 1 ? "it" : "them")."
        if isBare { detail += " Do this in a clone." }
        let unnameable = paths.filter { !ShellWord.canName($0) }
        if !unnameable.isEmpty {
            detail += " Not in the command, since the name is not UTF-8: " + Wording.list(unnameable, limit: 3) + "."
        }
        return Action(
            kind: .untrack,
            title: "Stop tracking " + (paths.count == 1 ? "the dotenv file" : "\(paths.count) dotenv files"),
            detail: detail,
            commands: command(["rm", "--cached", "--"], on: paths),
            findings: Set(findings + tracked.flatMap(\.entries).flatMap(\.findings)).sorted())
    }

    static func ignore(_ audit: IgnoreAudit) -> Action? {
        guard !audit.isSound else { return nil }
        guard !audit.fix.isEmpty else {
            return audit.obstacles.isEmpty
                ? nil
                : Action(
                    kind: .ignore, title: "Mend the ignore rules",
                    detail: Wording.list(audit.obstacles, limit: 3) + ".")
        }
        return Action(
            kind: .ignore,
            title: "Append \(audit.fix.count == 1 ? "this line" : "these \(audit.fix.count) lines") to .gitignore",
            // A report shows them in full where it tells of the ignore rules.
            detail: "\(audit.fix.count == 1 ? "It stands" : "They stand") above, under .gitignore.")
    }

    static func completeScan(_ report: ScanReport) -> Action {
        var commands: [[String]] = []
        let kinds = Set(report.gaps.map(\.kind))
        if kinds.contains(.shallowHistory) { commands.append(["git", "fetch", "--unshallow"]) }
        if kinds.contains(.missingObject), report.target.isPartial {
            // From git 2.36 on; a plain fetch would not ask again for what the filter left out.
            commands.append(["git", "fetch", "--refetch", "--no-filter"])
        }
        if kinds.contains(.missingLFSObject) { commands.append(["git", "lfs", "fetch", "--all"]) }
        if !kinds.isDisjoint(with: [.unreadableObject, .unreadablePack, .unreadableIndex, .unreadableReference])
            || (kinds.contains(.missingObject) && !report.target.isPartial)
        {
            commands.append(["git", "fsck", "--full"])
        }
        return Action(
            kind: .completeScan, title: "Complete the answer, then scan again",
            detail: "\(Wording.count(report.gaps.count, "thing")) could not be read; secrets may be there.",
            commands: commands)
    }

    static func dropLeftovers(_ findings: [Finding]) -> Action? {
        let concerned = findings.filter { !$0.reach.isDisjoint(with: [.stash, .reflog, .unreachable]) }
        let reach = concerned.reduce(into: Set<Reach>()) { $0.formUnion($1.reach) }
        guard !concerned.isEmpty else { return nil }
        let hasStash = reach.contains(.stash)
        let others = [(Reach.reflog, "the reflog"), (.unreachable, "unreachable objects")]
            .filter { reach.contains($0.0) }.map(\.1)
        // No `git reflog expire --all`: it would take every other stash along.
        var sentences = hasStash ? ["Look through them with `git stash show -p`; `git stash drop` takes one away."] : []
        if !others.isEmpty {
            let verb = others == ["the reflog"] ? "expires by itself" : "expire by themselves"
            sentences.append("\(Wording.list(others).capitalised) \(verb), by default within 90 days.")
        }
        return Action(
            kind: .dropLeftovers,
            title: "Later, "
                + (hasStash ? "drop the stashes that hold a secret" : "let \(Wording.list(others)) expire"),
            detail: sentences.joined(separator: " "), commands: hasStash ? [["git", "stash", "list"]] : [],
            findings: concerned.map(\.fingerprint))
    }

    static func rewriteHistory(_ pushed: [Finding]) -> Action? {
        guard !pushed.isEmpty else { return nil }
        return Action(
            kind: .rewriteHistory, title: "Last, and perhaps never: rewrite history",
            detail: "A revoked value in old commits opens nothing; rewriting breaks every clone and reaches neither "
                + "forks nor caches.",
            findings: pushed.map(\.fingerprint))
    }
}

extension String {
    /// With its first letter in upper case.
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
