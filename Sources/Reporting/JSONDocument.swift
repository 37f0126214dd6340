// The shape of the JSON report. A finding itself cannot be encoded; these mirrors say
// exactly what leaves the process. Every key is documented in docs/report-schema.md.

import Detection
import Git
import Scanning

struct JSONDocument: Encodable {
    let schema = JSONReport.schema
    let tool: Tool
    let target: Target
    let scope: String
    let complete: Bool
    let counts: Counts
    let findings: [Entry]
    let accepted: AcceptedDocument
    let dotenvFiles: [DotenvFile]
    let ignoreAudit: Audit?
    let actions: [Step]
    let gaps: [Unread]
    let notes: [String]
    let statistics: Totals

    init(_ report: ScanReport, version: String, reveal: ((Occurrence) -> String?)?) {
        tool = Tool(name: "migrate", version: version)
        target = Target(report.target)
        scope = report.scope
        complete = report.isComplete
        counts = Counts(report)
        findings = report.findings.map { Entry($0, in: report.target, reveal: reveal) }
        accepted = AcceptedDocument(report.accepted, in: report.target)
        dotenvFiles = report.dotenvFiles.map(DotenvFile.init)
        ignoreAudit = report.ignoreAudit.map(Audit.init)
        actions = Advice.actions(for: report).map(Step.init)
        gaps = report.gaps.map(Unread.init)
        notes = report.notes
        statistics = Totals(report.statistics)
    }

    struct Tool: Encodable {
        let name: String
        let version: String
    }

    struct Target: Encodable {
        let path: String
        let kind: String
        let head: String?
        let shallow: Bool
        let partial: Bool

        init(_ target: ScanReport.Target) {
            path = target.path
            kind = target.kind.rawValue
            head = target.head
            shallow = target.isShallow
            partial = target.isPartial
        }
    }

    struct Counts: Encodable {
        let findings: Int
        let secrets: Int
        let pushed: Int
        let bySeverity: [String: Int]
        let gradedDown: Int
        let accepted: Int

        init(_ report: ScanReport) {
            accepted = report.accepted.count
            let leaking = report.findings.filter { $0.isLeak(in: report.target) }
            findings = report.findings.count
            secrets = leaking.count
            pushed = leaking.filter { Situation(of: $0, in: report.target) == .pushed }.count
            bySeverity = Severity.allCases.reduce(into: [:]) { counts, severity in
                counts[severity.name] = report.findings.filter { $0.severity == severity }.count
            }
            gradedDown = report.gradedDown
        }
    }

    struct Entry: Encodable {
        let fingerprint: String
        let ruleId: String
        let title: String
        let provider: String
        let severity: String
        let verdict: String
        let mask: String
        let name: String?
        let value: String?
        let reason: String
        let revocation: String
        let situation: String
        let occurrences: [Place]
        let history: Life
        let actions: [Step]

        init(_ finding: Finding, in target: ScanReport.Target, reveal: ((Occurrence) -> String?)?) {
            fingerprint = finding.fingerprint.description
            ruleId = finding.ruleID
            title = finding.title(in: target)
            provider = finding.provider
            severity = finding.severity.name
            verdict = finding.verdict.rawValue
            mask = finding.mask
            name = finding.name
            value = reveal.flatMap { finding.occurrences.lazy.compactMap($0).first }
            reason = finding.reason
            revocation = finding.revocation
            situation = Situation(of: finding, in: target).rawValue
            occurrences = finding.occurrences.map(Place.init)
            history = Life(finding.history)
            actions = Advice.actions(for: finding, in: target).map(Step.init)
        }
    }

    struct Place: Encodable {
        let source: String
        let object: String?
        let path: String?
        let line: Int
        let column: Int
        let start: Int
        let end: Int
        let reach: [String]

        init(_ occurrence: Occurrence) {
            (source, object) =
                switch occurrence.source {
                case .blob(let id, _): ("blob", id.description)
                case .file: ("file", nil)
                case .commitMessage(let id): ("commit-message", id.description)
                case .tagMessage(let id): ("tag-message", id.description)
                case .standardInput: ("stdin", nil)
                }
            path = occurrence.path
            line = occurrence.line
            column = occurrence.column
            start = occurrence.range.lowerBound
            end = occurrence.range.upperBound
            reach = Reach.allCases.filter(occurrence.reach.contains).map(\.rawValue)
        }
    }

    struct Life: Encodable {
        let introduced: Commit?
        let removed: Commit?
        let commitCount: Int
        let references: [String]
        let inHead: Bool
        let pushed: Bool

        init(_ history: History) {
            introduced = history.introduced.map(Commit.init)
            removed = history.removed.map(Commit.init)
            commitCount = history.commitCount
            references = history.references
            inHead = history.isInHead
            pushed = history.isPushed
        }
    }

    struct Commit: Encodable {
        let id: String
        let authorName: String
        let authorEmail: String
        let time: String
        let subject: String

        init(_ commit: CommitSummary) {
            id = commit.id.description
            authorName = commit.authorName
            authorEmail = commit.authorEmail
            time = Timestamp(commit.time).iso8601
            subject = commit.subject
        }
    }

    struct DotenvFile: Encodable {
        let path: String
        let template: Bool
        let standing: String
        let versionCount: Int
        let history: Life
        let accepted: Bool
        let entries: [Key]

        init(_ file: DotenvFileReport) {
            accepted = file.isAccepted
            path = file.path
            template = file.isTemplate
            standing = file.standing.rawValue
            versionCount = file.versionCount
            history = Life(file.history)
            entries = file.entries.map(Key.init)
        }

        struct Key: Encodable {
            let key: String
            let valueClass: String
            let reason: String
            let ambiguous: Bool
            let findings: [String]

            enum CodingKeys: String, CodingKey {
                case key, reason, ambiguous, findings
                case valueClass = "class"
            }

            init(_ entry: DotenvEntryReport) {
                key = entry.key
                valueClass = entry.valueClass.rawValue
                reason = entry.reason
                ambiguous = entry.isAmbiguous
                findings = entry.findings.map(\.description)
            }
        }
    }

    struct Audit: Encodable {
        let sound: Bool
        let openNames: [String]
        let trackedThoughIgnored: [String]
        let ignoredTemplates: [String]
        let fix: [String]
        let obstacles: [String]

        init(_ audit: IgnoreAudit) {
            sound = audit.isSound
            openNames = audit.openNames
            trackedThoughIgnored = audit.trackedThoughIgnored
            ignoredTemplates = audit.ignoredTemplates
            fix = audit.fix
            obstacles = audit.obstacles
        }
    }

    struct Step: Encodable {
        let kind: String
        let title: String
        let detail: String
        let commands: [[String]]
        let findings: [String]

        init(_ action: Action) {
            kind = action.kind.rawValue
            title = action.title
            detail = action.detail
            commands = action.commands
            findings = action.findings.map(\.description)
        }
    }

    struct Unread: Encodable {
        let kind: String
        let subject: String
        let reason: String

        init(_ gap: Gap) {
            kind = gap.kind.rawValue
            subject = gap.subject
            reason = gap.reason
        }
    }

    struct Totals: Encodable {
        let objects: Int
        /// Of the objects, those that an earlier scan had read; nil for none.
        let known: Int?
        let blobs: Int
        let commits: Int
        let files: Int
        let bytes: Int
        let rules: Int
        let seconds: Double

        init(_ statistics: Statistics) {
            objects = statistics.objectCount
            known = statistics.knownObjectCount > 0 ? statistics.knownObjectCount : nil
            blobs = statistics.blobCount
            commits = statistics.commitCount
            files = statistics.fileCount
            bytes = statistics.byteCount
            rules = statistics.ruleCount
            // JSON has no infinity; a millisecond is as fine as anybody needs.
            seconds = statistics.seconds.isFinite ? (statistics.seconds * 1_000).rounded() / 1_000 : 0
        }
    }
}
