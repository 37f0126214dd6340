// The result of a scan, whole: what every report is written from.

package import Detection
import Settings

/// Everything a scan has to say.
package struct ScanReport: Sendable {
    package var target: Target
    /// What was asked for, in words: "the whole repository", "main..HEAD".
    package var scope: String
    /// Most urgent first.
    package var findings: [Finding]
    /// Every dotenv file (and template) that a commit, the index or the worktree has or had, by path.
    package var dotenvFiles: [DotenvFileReport]
    /// Nil outside a repository with a worktree.
    package var ignoreAudit: IgnoreAudit?
    /// Findings left out because they are placeholders or public by design.
    package var gradedDown: Int
    /// Findings left out because they stand only in excluded paths.
    package var excludedCount = 0
    /// What could not be read. Anything here makes the scan incomplete.
    package var gaps: [Gap]
    /// What was left out by design, and is no gap: a submodule that was not asked for.
    package var notes: [String]
    /// Folders of the worktree with a repository of their own: submodules and others.
    package var nestedRepositories: [String] = []
    /// Whether those were scanned too.
    package var isNestedIncluded = false
    /// Findings that somebody answers for: they are not among `findings`, and do not count.
    package var accepted = AcceptanceReport()
    package var statistics: Statistics

    package init(
        target: Target, scope: String, findings: [Finding] = [], dotenvFiles: [DotenvFileReport] = [],
        ignoreAudit: IgnoreAudit? = nil, gradedDown: Int = 0, gaps: [Gap] = [], notes: [String] = [],
        statistics: Statistics = Statistics()
    ) {
        self.target = target
        self.scope = scope
        self.findings = findings
        self.dotenvFiles = dotenvFiles
        self.ignoreAudit = ignoreAudit
        self.gradedDown = gradedDown
        self.gaps = gaps
        self.notes = notes
        self.statistics = statistics
    }

    package var isComplete: Bool { gaps.isEmpty }

    /// Leaves out what stands only in the paths that a team's configuration excludes, and says so.
    package mutating func exclude(_ paths: [String]) {
        guard !paths.isEmpty else { return }
        func isExcluded(_ path: String) -> Bool {
            paths.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
        }
        let before = findings.count
        for index in findings.indices {
            findings[index].occurrences.removeAll { $0.path.map(isExcluded) ?? false }
        }
        findings.removeAll { $0.occurrences.isEmpty }
        dotenvFiles.removeAll { isExcluded($0.path) }
        excludedCount += before - findings.count
        notes.append(
            "\(excludedCount) \(excludedCount == 1 ? "finding was" : "findings were") left out, "
                + "since \(Configuration.path) excludes " + paths.joined(separator: ", ") + ".")
    }

    /// Takes back, from the entries of dotenv files, what is no finding: a public value, a value of an ignored file.
    mutating func keepKnownFindings() {
        let known = Set(findings.map(\.fingerprint))
        for file in dotenvFiles.indices {
            for entry in dotenvFiles[file].entries.indices {
                dotenvFiles[file].entries[entry].findings.removeAll { !known.contains($0) }
            }
        }
    }

    /// Keeps the findings of at least `severity`, and says how many there were below.
    package mutating func keep(_ severity: Severity?) {
        guard let severity else { return }
        let before = findings.count
        findings.removeAll { $0.severity < severity }
        if before > findings.count {
            notes.append("\(before - findings.count) findings below \(severity.name) are not shown.")
        }
    }

    /// What was scanned.
    package struct Target: Sendable {
        package enum Kind: String, Sendable {
            case worktree
            case linkedWorktree = "linked-worktree"
            case bare
            /// No repository: a plain folder.
            case folder
            case standardInput = "stdin"
        }

        /// As the user named it.
        package var path: String
        package var kind: Kind
        /// The branch that HEAD names, or the commit when detached; nil when unborn or no repository.
        package var head: String?
        package var isShallow: Bool
        package var isPartial: Bool
        /// Whether the history was looked at: if not, nothing can be said about who else has a value.
        package var isHistoryKnown = true

        package init(
            path: String, kind: Kind, head: String? = nil, isShallow: Bool = false, isPartial: Bool = false
        ) {
            self.path = path
            self.kind = kind
            self.head = head
            self.isShallow = isShallow
            self.isPartial = isPartial
        }
    }
}

/// One dotenv file through time.
package struct DotenvFileReport: Sendable {
    package enum Standing: String, Sendable {
        /// Tracked now, in HEAD or the index.
        case tracked
        /// In history, no longer tracked.
        case history
        /// In the worktree, neither tracked nor ignored: the next `git add` takes it.
        case untracked
        /// In the worktree and ignored: a source to migrate, not a leak.
        case ignored
    }

    package var path: String
    /// `.env.example` and the like, which are meant to be committed.
    package var isTemplate: Bool
    package var standing: Standing
    /// How many different contents of it git holds.
    package var versionCount: Int
    package var history: History
    /// By key, over all versions; in order of first appearance.
    package var entries: [DotenvEntryReport]
    /// Whether somebody answers for it to stay in git for now: the finding about the file as such is accepted.
    package var isAccepted = false

    package init(
        path: String, isTemplate: Bool, standing: Standing, versionCount: Int, history: History,
        entries: [DotenvEntryReport]
    ) {
        self.path = path
        self.isTemplate = isTemplate
        self.standing = standing
        self.versionCount = versionCount
        self.history = history
        self.entries = entries
    }
}

/// One key of a dotenv file, over all its versions.
package struct DotenvEntryReport: Sendable {
    package var key: String
    package var valueClass: ValueClass
    /// Why, without any byte of the value.
    package var reason: String
    /// Whether dialects read its value differently.
    package var isAmbiguous: Bool
    /// The findings that its values are, over all versions.
    package var findings: [Fingerprint]

    package init(
        key: String, valueClass: ValueClass, reason: String, isAmbiguous: Bool, findings: [Fingerprint]
    ) {
        self.key = key
        self.valueClass = valueClass
        self.reason = reason
        self.isAmbiguous = isAmbiguous
        self.findings = findings
    }
}

/// Whether the ignore rules would stop the next dotenv file.
package struct IgnoreAudit: Sendable {
    /// Names that a dotenv file would get through with, relative to the root: `backend/.env.local`.
    package var openNames: [String]
    /// Those of the open names that this machine's own rules (`info/exclude`, `core.excludesFile`) keep out: nobody
    /// else is protected.
    package var privatelyIgnored: [String] = []
    /// Files that are tracked although an ignore rule covers them.
    package var trackedThoughIgnored: [String]
    /// Templates that an ignore rule would keep out: `backend/.env.example`.
    package var ignoredTemplates: [String]
    /// The lines to append to the root `.gitignore` that would mend all of it; empty when nothing is wrong.
    package var fix: [String]
    /// What the lines cannot mend, in words: an ignore rule in a subfolder that lets a name in again.
    package var obstacles: [String]

    package init(
        openNames: [String] = [], trackedThoughIgnored: [String] = [], ignoredTemplates: [String] = [],
        fix: [String] = [], obstacles: [String] = []
    ) {
        self.openNames = openNames
        self.trackedThoughIgnored = trackedThoughIgnored
        self.ignoredTemplates = ignoredTemplates
        self.fix = fix
        self.obstacles = obstacles
    }

    package var isSound: Bool {
        openNames.isEmpty && trackedThoughIgnored.isEmpty && ignoredTemplates.isEmpty
    }
}

/// Something that could not be read, so that its content is not known.
package struct Gap: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case shallowHistory = "shallow-history"
        case missingObject = "missing-object"
        case unreadableObject = "unreadable-object"
        case unreadablePack = "unreadable-pack"
        case unreadableIndex = "unreadable-index"
        case unreadableReference = "unreadable-reference"
        case missingLFSObject = "missing-lfs-object"
        case unreadableFile = "unreadable-file"
        case unreadableFolder = "unreadable-folder"
        case tooLarge = "too-large"
    }

    package var kind: Kind
    /// What: a path, an object id, a pack's name.
    package var subject: String
    /// Why, in one line.
    package var reason: String

    package init(kind: Kind, subject: String, reason: String) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
    }
}

/// What a scan went through.
package struct Statistics: Sendable {
    package var objectCount = 0
    /// Of the objects, those that an earlier scan under the same rules has read, and that were not read again.
    package var knownObjectCount = 0
    package var blobCount = 0
    package var commitCount = 0
    package var fileCount = 0
    /// Bytes that detection has seen.
    package var byteCount = 0
    package var ruleCount = 0
    package var seconds = 0.0

    package init() {}
}
