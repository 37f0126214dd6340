// The whole story: pushed, unpushed, stashed, staged and local secrets, dotenv files, ignore rules.

import Detection
import Git
import Scanning

extension Story {
    private static let pushedReferences = ["refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1.0"]

    static var whole: ScanReport {
        var report = empty
        report.target.path = "/home/ana/fluxion"
        report.findings = findings
        report.dotenvFiles = dotenvFiles
        report.ignoreAudit = IgnoreAudit(
            openNames: [".env", ".env.local", "backend/.env.staging"], trackedThoughIgnored: ["backend/.env"],
            fix: [".env", ".env.*", "!.env.example"])
        report.gradedDown = 3
        report.notes = ["The submodule vendor/lib was not asked for."]
        return report
    }

    private static var findings: [Finding] {
        let first = commit("c1", daysAgo: 104, "Add mail and the first deployment, with settings for everybody")
        let gone = commit("c5", daysAgo: 20, "Remove production settings", author: "José Núñez")
        return [
            sendGrid(
                [
                    place(
                        .blob(id("b1"), path: "backend/.env"), 3, 18,
                        [.worktree, .index, .head, .branch, .remoteBranch]),
                    place(.blob(id("b2"), path: "backend/.env.production"), 3, 18, [.branch, .remoteBranch]),
                    place(.blob(id("b3"), path: "backend/mail.py"), 12, 9, [.head, .branch, .remoteBranch]),
                    place(.blob(id("b4"), path: "backend/mail.py"), 10, 9, [.branch]),
                ],
                History(
                    introduced: first, commitCount: 12, references: pushedReferences, isInHead: true, isPushed: true)),
            generic(
                0x02, "SQL_SERVER_PASSWORD", .high,
                [place(.blob(id("b2"), path: "backend/.env.production"), 7, 21, [.branch, .remoteBranch, .tag])],
                History(
                    introduced: first, removed: gone, commitCount: 7, references: pushedReferences, isPushed: true)),
            generic(
                0x03, "JWT_SECRET_KEY", .high,
                [place(.blob(id("b1"), path: "backend/.env"), 5, 16, [.head, .index, .branch, .remoteBranch])],
                History(
                    introduced: first, commitCount: 12, references: pushedReferences, isInHead: true, isPushed: true)),
            generic(
                0x04, "SESSION_SECRET", .medium,
                [place(.blob(id("b6"), path: "backend/.env.development"), 2, 16, [.head, .branch])],
                History(
                    introduced: commit("c8", daysAgo: 0, "Try sessions"), commitCount: 1,
                    references: ["refs/heads/main"], isInHead: true)),
            generic(
                0x05, "STRIPE_KEY", .high, [place(.blob(id("b7"), path: "notes.txt"), 1, 1, [.stash, .reflog])],
                History(introduced: commit("c9", daysAgo: 9, "WIP on main"), commitCount: 2, references: ["refs/stash"])
            ),
            generic(
                0x06, "API_TOKEN", .medium, [place(.file(path: "scripts/try.sh"), 4, 11, [.untracked])], History()),
            generic(
                0x07, "DB_PASSWORD", .low, [place(.file(path: "backend/.env.local"), 1, 13, [.ignored])], History()),
            dotenvFile(
                0xd1, .medium,
                place(.blob(id("b1"), path: "backend/.env"), 1, 1, [.head, .index, .branch, .remoteBranch]),
                History(commitCount: 12, references: pushedReferences, isInHead: true, isPushed: true)),
            dotenvFile(
                0xd2, .medium, place(.blob(id("b2"), path: "backend/.env.production"), 1, 1, [.branch, .remoteBranch]),
                History(commitCount: 7, references: pushedReferences, isPushed: true)),
        ]
    }

    private static var dotenvFiles: [DotenvFileReport] {
        let pushed = History(references: pushedReferences, isInHead: true, isPushed: true)
        let local = History(references: ["refs/heads/main"], isInHead: true)
        return [
            DotenvFileReport(
                path: "backend/.env", isTemplate: false, standing: .tracked, versionCount: 4, history: pushed,
                entries: [
                    entry("SENDGRID_API_KEY", .secret, findings: [Fingerprint(bits: 0x51_4e_d0)]),
                    entry("JWT_SECRET_KEY", .secret, ambiguous: true, findings: [Fingerprint(bits: 0x03)]),
                    entry("DATABASE_URL", .connectionString), entry("SENTRY_DSN", .publicByDesign),
                    entry("PORT", .configuration), entry("LOG_LEVEL", .configuration), entry("HOST", .configuration),
                    entry("DEBUG", .configuration), entry("REGION", .configuration), entry("BASE", .reference),
                ]),
            DotenvFileReport(
                path: "backend/.env.development", isTemplate: false, standing: .tracked, versionCount: 1,
                history: local,
                entries: [entry("SESSION_SECRET", .secret, findings: [Fingerprint(bits: 0x04)])]),
            DotenvFileReport(
                path: "backend/.env.example", isTemplate: true, standing: .tracked, versionCount: 2, history: pushed,
                entries: [entry("SENDGRID_API_KEY", .placeholder), entry("PORT", .configuration)]),
            DotenvFileReport(
                path: "backend/.env.local", isTemplate: false, standing: .ignored, versionCount: 0, history: History(),
                entries: [entry("DB_PASSWORD", .secret), entry("PORT", .configuration)]),
            DotenvFileReport(
                path: "backend/.env.production", isTemplate: false, standing: .history, versionCount: 3,
                history: History(references: pushedReferences, isPushed: true),
                entries: [
                    entry("SENDGRID_API_KEY", .secret), entry("SQL_SERVER_PASSWORD", .secret), entry("EMPTY", .empty),
                ]),
        ]
    }
}
