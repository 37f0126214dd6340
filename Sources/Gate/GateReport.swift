// What the gate has to say about a commit that is about to be made.

package import Detection
package import Scanning

/// Something that must not get into the next commit.
package struct GateProblem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A credential in a line that the commit adds.
        case credential
        /// A value that the secret, the vault or an earlier scan knows.
        case knownValue = "known-value"
        /// A dotenv file that is added or changed.
        case dotenvFile = "dotenv-file"
        /// A template (`.env.example`) with a real value in it.
        case templateValue = "template-value"
        /// An ignore file's change that lets dotenv files in.
        case ignoreHole = "ignore-hole"
    }

    package var kind: Kind
    /// As git has it; bytes that are no UTF-8 become U+FFFD.
    package var path: String
    /// From 1; 0 where the whole file is meant.
    package var line: Int
    /// In bytes, from 1; 0 where the whole file is meant.
    package var column: Int
    /// The rule's id or the kind's own name.
    package var ruleID: String
    package var title: String
    /// The value with everything secret hidden; "" where there is none.
    package var mask: String
    /// Why, in one line without any byte of the value.
    package var reason: String
    /// To be ignored by; nil where nothing can be ignored by it.
    package var fingerprint: Fingerprint?
    package var severity: Severity

    package init(
        kind: Kind, path: String, line: Int, column: Int, ruleID: String, title: String, mask: String, reason: String,
        fingerprint: Fingerprint?, severity: Severity
    ) {
        self.kind = kind
        self.path = path
        self.line = line
        self.column = column
        self.ruleID = ruleID
        self.title = title
        self.mask = mask
        self.reason = reason
        self.fingerprint = fingerprint
        self.severity = severity
    }
}

/// What was looked at, and what came of it.
package struct GateReport: Sendable {
    /// By path and line.
    package var problems: [GateProblem]
    /// Findings in the changed files that were there before, and are not this commit's.
    package var remainingCount: Int
    /// Findings that `.migrate/ignore.yml` and markers accept.
    package var acceptedCount: Int
    /// What could not be read: the answer is not known, and the commit is refused.
    package var gaps: [Gap]
    /// Files that the commit adds or changes.
    package var fileCount: Int
    /// Bytes that detection has seen.
    package var byteCount: Int

    package init(
        problems: [GateProblem] = [], remainingCount: Int = 0, acceptedCount: Int = 0, gaps: [Gap] = [],
        fileCount: Int = 0, byteCount: Int = 0
    ) {
        self.problems = problems
        self.remainingCount = remainingCount
        self.acceptedCount = acceptedCount
        self.gaps = gaps
        self.fileCount = fileCount
        self.byteCount = byteCount
    }
}
