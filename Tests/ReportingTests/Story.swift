// Reports to write about: from nothing at all to the whole story of an application whose
// dotenv files were committed. Findings carry no value, so nothing here looks like a key.

import Detection
import Git
import Scanning

enum Story {
    /// 2025-11-24T09:00:00Z
    static let now: Int64 = 1_763_974_800

    /// An object id of one repeated digit pair.
    static func id(_ pair: String) -> ObjectID {
        ObjectID(hexadecimal: String(repeating: pair, count: 20)) ?? .zero
    }

    static func commit(_ pair: String, daysAgo: Int64, _ subject: String, author: String = "Ana Lopez") -> CommitSummary
    {
        CommitSummary(
            id: id(pair), authorName: author, authorEmail: "ana@example.org", time: now - daysAgo * 86_400,
            subject: subject)
    }

    static func place(
        _ source: Occurrence.Source, _ line: Int, _ column: Int, _ reach: Set<Reach>
    ) -> Occurrence {
        Occurrence(source: source, range: 100..<169, line: line, column: column, reach: reach)
    }

    static let sendGridMask = "SG." + "abcdefghij" + "KLMNOPQRST" + "uv" + "********"

    static func sendGrid(_ occurrences: [Occurrence], _ history: History) -> Finding {
        Finding(
            fingerprint: Fingerprint(bits: 0x51_4e_d0), ruleID: "sendgrid-api-key", title: "SendGrid API key",
            provider: "SendGrid", severity: .critical, verdict: .checked, mask: sendGridMask, name: "SENDGRID_API_KEY",
            reason: "The format of a SendGrid key, and its tail decodes.",
            revocation: "https://app.sendgrid.com/settings/api_keys", occurrences: occurrences, history: history)
    }

    static func generic(
        _ bits: UInt64, _ name: String, _ severity: Severity, _ occurrences: [Occurrence], _ history: History
    ) -> Finding {
        Finding(
            fingerprint: Fingerprint(bits: bits), ruleID: "dotenv-secret", title: "Secret in a dotenv file",
            provider: "",
            severity: severity, verdict: .wellFormed, mask: "********", name: name,
            reason: "The name speaks of a secret, the value is random.",
            revocation: "Replace the value where it is issued.",
            occurrences: occurrences, history: history)
    }

    static func dotenvFile(_ bits: UInt64, _ severity: Severity, _ occurrence: Occurrence, _ history: History)
        -> Finding
    {
        Finding(
            fingerprint: Fingerprint(bits: bits), ruleID: Rule.dotenvFile.id, title: Rule.dotenvFile.title,
            provider: "",
            severity: severity, verdict: .checked, mask: "", name: nil, reason: "one of its keys holds a secret",
            revocation: Rule.dotenvFile.revocation, occurrences: [occurrence], history: history)
    }

    static func entry(
        _ key: String, _ valueClass: ValueClass, ambiguous: Bool = false, findings: [Fingerprint] = []
    ) -> DotenvEntryReport {
        DotenvEntryReport(
            key: key, valueClass: valueClass, reason: "judged by name and shape", isAmbiguous: ambiguous,
            findings: findings)
    }

    static var statistics: Statistics {
        var statistics = Statistics()
        statistics.objectCount = 131
        statistics.blobCount = 80
        statistics.commitCount = 12
        statistics.fileCount = 10
        statistics.byteCount = 1_234_567
        statistics.ruleCount = 214
        statistics.seconds = 0.052
        return statistics
    }

    static var empty: ScanReport {
        ScanReport(
            target: .init(path: ".", kind: .worktree, head: "main"), scope: "the whole repository",
            ignoreAudit: IgnoreAudit(), statistics: statistics)
    }

    static var one: ScanReport {
        var report = empty
        report.findings = [
            sendGrid(
                [place(.blob(id("b1"), path: "src/mail.py"), 12, 9, [.worktree, .index, .head, .branch])],
                History(
                    introduced: commit("c1", daysAgo: 2, "Send mail"), commitCount: 1, references: ["refs/heads/main"],
                    isInHead: true))
        ]
        return report
    }

    static var incomplete: ScanReport {
        var report = empty
        report.target.isShallow = true
        report.gaps = [
            Gap(kind: .shallowHistory, subject: "c1c1c1c1c1", reason: "history ends here: a shallow clone"),
            Gap(kind: .tooLarge, subject: "data/dump.sql", reason: "5.2 GB; the limit is 4.3 GB"),
        ]
        report.notes = ["The submodule vendor/lib was not asked for."]
        return report
    }

    /// Names that would take over a terminal.
    static var hostile: ScanReport {
        var report = empty
        let path = "a\u{1b}[2J\u{202e}vne./\n.env"
        report.target.path = "/srv/\u{1b}]0;owned\u{07}repo"
        report.findings = [
            generic(
                0xbad, "KEY\u{1b}[31m\u{200b}", .high, [place(.blob(id("b9"), path: path), 1, 5, [.head, .index])],
                History(
                    introduced: commit("c9", daysAgo: 400, "fix\r\u{9b}31mit\u{2028}now", author: "Eve\u{202e}\u{0}"),
                    commitCount: 3, references: ["refs/heads/x\u{1b}y"], isInHead: true))
        ]
        report.dotenvFiles = [
            DotenvFileReport(
                path: path, isTemplate: false, standing: .tracked, versionCount: 1, history: History(),
                entries: [entry("KEY\u{7f}", .secret)]),
            DotenvFileReport(
                path: "caf\u{fffd}/.env", isTemplate: false, standing: .tracked, versionCount: 1, history: History(),
                entries: []),
        ]
        report.ignoreAudit = IgnoreAudit(openNames: ["\u{1b}c/.env"], fix: ["/\u{1b}c/.env"], obstacles: ["x\u{85}y"])
        report.gaps = [Gap(kind: .unreadableFile, subject: "f\u{1b}[1m", reason: "no\u{08}pe")]
        report.notes = ["n\u{1b}ote"]
        report.scope = "a..b\u{1b}"
        return report
    }
}
