// How far a secret has spread: what decides the first thing to do about it.

import Detection
import Git
package import Scanning

/// How far a secret has spread, worst first.
package enum Situation: String, Sendable, CaseIterable, Comparable {
    /// A remote-tracking branch holds it, or the repository is bare: what is there came by a push, or is what others
    /// clone. Others have it, or could.
    case pushed
    /// Commits, tags or notes hold it, and no remote-tracking branch does. A tag or a note may have been pushed all
    /// the same, or have come from elsewhere: nothing in the repository tells.
    case committed
    /// Staged, or in a file that the next commit could take.
    case pending
    /// Only a stash, a reflog or an unreachable object holds it.
    case leftover
    /// In a plain folder or on standard input, where git does not matter; or the history was not looked at.
    case outside
    /// Only in files that git ignores: where secrets may be, for now.
    case ignored

    package init(of finding: Finding, in target: ScanReport.Target) {
        let reach = finding.reach
        let leftovers: Set<Reach> = [.stash, .reflog, .unreachable]
        let messages: Set<Reach> = [.commitMessage, .tagMessage]
        let committed: Set<Reach> = [.head, .branch, .tag, .note, .otherReference]
        if finding.history.isPushed || reach.contains(.remoteBranch) || target.kind == .bare {
            self = .pushed
        } else if target.kind == .folder || target.kind == .standardInput || !target.isHistoryKnown {
            self = .outside
        } else if !reach.isDisjoint(with: committed) || finding.history.isInHead
            || (!reach.isDisjoint(with: messages) && reach.isDisjoint(with: leftovers))
        {
            self = .committed
        } else if !reach.isDisjoint(with: [.index, .worktree, .untracked]) {
            self = .pending
        } else if !reach.isDisjoint(with: leftovers) {
            self = .leftover
        } else if reach.contains(.ignored) {
            self = .ignored
        } else {
            self = .outside
        }
    }

    package static func < (left: Situation, right: Situation) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Occurrence {
    /// The commit that it is a note on, or was before the notes were let go: git keeps notes in trees of their own,
    /// under the ids of the commits.
    var annotatedCommit: ObjectID? {
        guard !reach.isDisjoint(with: [.note, .reflog, .unreachable]), let path else { return nil }
        return ObjectID(hexadecimal: path.filter { $0 != "/" })
    }
}

extension Finding {
    /// Everywhere any of its occurrences lives.
    package var reach: Set<Reach> {
        occurrences.reduce(into: []) { $0.formUnion($1.reach) }
    }

    /// Whether it is about a committed dotenv file as such, and not about one value.
    package var isDotenvFile: Bool { ruleID == Rule.dotenvFile.id }

    /// What a person calls it there: outside a repository no dotenv file is a committed one.
    func title(in target: ScanReport.Target) -> String {
        isDotenvFile && (target.kind == .folder || target.kind == .standardInput) ? "Dotenv file" : title
    }

    /// Whether it counts as a secret that got out, or could: a value, more than a remark,
    /// and not only in files that git ignores.
    package func isLeak(in target: ScanReport.Target) -> Bool {
        !isDotenvFile && severity > .info && Situation(of: self, in: target) != .ignored
    }

    /// The part of a SendGrid key that names it at SendGrid and is no secret: the mask is
    /// `SG.`, an id of 22 characters, and what hides the rest.
    package var sendGridKeyID: String? {
        guard provider == "SendGrid", mask.hasPrefix("SG.") else { return nil }
        let rest = mask.dropFirst(3)
        let id = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return id.utf8.count == 22 && id.endIndex < rest.endIndex ? String(id) : nil
    }

    /// What the revocation text says, as a sentence: it may be a page, a command or words.
    var revocationSentence: String {
        if revocation.isEmpty || revocation.hasSuffix(".") { return revocation }
        if revocation.hasPrefix("https://") { return "Page: " + revocation }
        // Commands begin in lower case and have arguments; places begin in upper case.
        let isCommand = revocation.first?.isLowercase == true || revocation.contains("()")
        return isCommand ? "Command: `\(revocation)`" : "Where: " + revocation + "."
    }
}
