// What a scan found: secrets, where each occurs, and where each still lives.

package import Detection
package import Git

/// One secret value under one rule, with every place it occurs.
///
/// A finding points, it does not carry: the value itself stays in the repository.
package struct Finding: Sendable {
    /// Depends on the rule and the value alone, so it survives rebases, moves and reformatting.
    package let fingerprint: Fingerprint
    package let ruleID: String
    package let title: String
    package let provider: String
    package let severity: Severity
    package let verdict: Verdict
    /// The value with everything secret hidden, safe to print: `SG.<public id>.…` or `********`.
    package let mask: String
    /// The dotenv key or the name it was assigned to, where there is one.
    package let name: String?
    /// Why it counts, in words, without any byte of the value.
    package let reason: String
    /// Where to revoke or rotate it; "" where there is no general answer.
    package let revocation: String
    /// Every place, most present first: worktree, index, HEAD, older commits, unreachable.
    package var occurrences: [Occurrence]
    package var history: History

    package init(
        fingerprint: Fingerprint, ruleID: String, title: String, provider: String, severity: Severity,
        verdict: Verdict, mask: String, name: String?, reason: String, revocation: String,
        occurrences: [Occurrence], history: History
    ) {
        self.fingerprint = fingerprint
        self.ruleID = ruleID
        self.title = title
        self.provider = provider
        self.severity = severity
        self.verdict = verdict
        self.mask = mask
        self.name = name
        self.reason = reason
        self.revocation = revocation
        self.occurrences = occurrences
        self.history = history
    }
}

/// A place where a value stands.
package struct Occurrence: Sendable, Hashable {
    /// What holds the bytes.
    package enum Source: Sendable, Hashable {
        /// A blob, under the path at which a tree or the index has it; nil when no tree names it.
        case blob(ObjectID, path: String?)
        /// A file in the worktree (or in a plain folder) that differs from the index or is not in it.
        case file(path: String)
        case commitMessage(ObjectID)
        case tagMessage(ObjectID)
        /// Standard input.
        case standardInput
    }

    package let source: Source
    /// Byte offsets of the value in the source.
    package let range: Range<Int>
    /// From 1.
    package let line: Int
    /// In bytes, from 1.
    package let column: Int
    package var reach: Set<Reach>

    package init(source: Source, range: Range<Int>, line: Int, column: Int, reach: Set<Reach>) {
        self.source = source
        self.range = range
        self.line = line
        self.column = column
        self.reach = reach
    }

    package var path: String? {
        switch source {
        case .blob(_, let path): path
        case .file(let path): path
        case .commitMessage, .tagMessage, .standardInput: nil
        }
    }
}

/// Where an occurrence still lives.
package enum Reach: String, Sendable, Hashable, CaseIterable {
    /// In a file of the worktree that git tracks.
    case worktree
    /// In a file that git neither tracks nor ignores.
    case untracked
    /// In a file that git ignores.
    case ignored
    case index
    /// In the tree of the commit that HEAD names.
    case head = "HEAD"
    /// In the history of a local branch.
    case branch
    case remoteBranch = "remote-branch"
    case tag
    case stash
    case note
    /// In the history of another reference: a pull request, a replace reference.
    case otherReference = "other-ref"
    /// Only in the history of a reflog entry.
    case reflog
    /// In the object database, and nothing leads there.
    case unreachable
    case commitMessage = "commit-message"
    case tagMessage = "tag-message"
}

/// How a value came and went.
package struct History: Sendable {
    /// The oldest commit that brought it in; nil when no commit holds it.
    package var introduced: CommitSummary?
    /// The newest commit that took it out; nil while HEAD, or every commit, still holds it.
    package var removed: CommitSummary?
    /// How many commits hold it.
    package var commitCount: Int
    /// Full names of all references in whose history it stands, sorted: `refs/heads/main`.
    package var references: [String]
    /// Whether it stands in the tree of HEAD.
    package var isInHead: Bool
    /// Whether a remote-tracking branch has it: others have it too, then.
    package var isPushed: Bool

    package init(
        introduced: CommitSummary? = nil, removed: CommitSummary? = nil, commitCount: Int = 0,
        references: [String] = [], isInHead: Bool = false, isPushed: Bool = false
    ) {
        self.introduced = introduced
        self.removed = removed
        self.commitCount = commitCount
        self.references = references
        self.isInHead = isInHead
        self.isPushed = isPushed
    }
}

/// A commit, as a report names it.
package struct CommitSummary: Sendable, Hashable {
    package let id: ObjectID
    package let authorName: String
    package let authorEmail: String
    /// Author time in seconds since 1970, UTC.
    package let time: Int64
    /// The first line of its message. It may itself hold a secret: it is masked or cut by whoever made this.
    package let subject: String

    package init(id: ObjectID, authorName: String, authorEmail: String, time: Int64, subject: String) {
        self.id = id
        self.authorName = authorName
        self.authorEmail = authorEmail
        self.time = time
        self.subject = subject
    }
}
