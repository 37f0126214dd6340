// What a human report claims, in cases where it is easy to claim too much or too little.

import Detection
import Scanning
import Testing

@testable import Reporting

@Suite("Claims of a human report")
struct ClaimsTests {
    private func text(_ report: ScanReport, _ verbosity: HumanReport.Verbosity = .normal) -> String {
        HumanReport(verbosity: verbosity, width: 200, now: Story.now).text(for: report)
    }

    /// `Story.one`, with its value in one place of that reach.
    private func one(_ reach: Set<Reach>) -> ScanReport {
        var report = Story.one
        report.findings = [
            Story.sendGrid([Story.place(.blob(Story.id("b1"), path: "src/mail.py"), 12, 9, reach)], History())
        ]
        return report
    }

    @Test("nothing is said to be unpushed, for a tag or a note may have been")
    func tag() {
        let text = text(one([.tag]))
        #expect(text.contains("1 secret in 1 file; no remote-tracking branch has it.\n"))
        #expect(
            text.contains(
                "Committed; on no remote-tracking branch (1): may still be kept here, unless a tag or note was pushed: "
                    + "see `git ls-remote`\n"))
        #expect(!text.contains("none is pushed") && !text.contains("not pushed"))
    }

    @Test("in a bare repository even what nothing leads to counts as pushed")
    func bare() {
        var report = one([.unreachable])
        report.target.kind = .bare
        let text = text(report)
        #expect(text.contains("; it is pushed.\n"))
        #expect(text.contains("In a bare repository (1): it was pushed here, or is what others clone"))
        #expect(text.contains("lives   only in unreachable objects\n"))
    }

    @Test("what is staged is in the next commit, not in plain files")
    func staged() {
        var report = one([.index])
        report.target.isHistoryKnown = false
        let text = text(report)
        #expect(text.contains("In the next commit (1): history was not looked at"))
        #expect(text.contains("git restore --staged -- src/mail.py\n"))
        #expect(!text.contains("plain files") && !text.contains("no git history"))
    }

    @Test("what configuration leaves out is no clean result", arguments: [1, 3])
    func excluded(count: Int) {
        var report = Story.empty
        report.findings = (1...count).map {
            Story.generic(
                UInt64($0), "A", .high, [Story.place(.file(path: "fixtures/a"), $0, 1, [.worktree])], History())
        }
        report.exclude(["fixtures"])
        let leftOut = count == 1 ? "1 finding was left out" : "3 findings were left out"
        #expect(text(report).contains("No secrets found outside the excluded paths; \(leftOut). Looked at 12 commits"))
        #expect(text(report).contains("Note: \(leftOut), since"))
        report.gaps = [Gap(kind: .tooLarge, subject: "a", reason: "b")]
        #expect(text(report).contains("1 thing could not be read, and \(leftOut) by path."))
    }

    @Test("an exclusion that leaves nothing out changes no claim")
    func excludedNothing() {
        var report = Story.empty
        report.exclude(["fixtures"])
        #expect(text(report).contains("No secrets found in 12 commits"))
    }

    @Test("no dotenv file of a plain folder is called committed, and none is to be untracked")
    func folder() throws {
        var report = Story.empty
        report.target.kind = .folder
        report.target.head = nil
        report.ignoreAudit = nil
        let finding = Story.dotenvFile(1, .medium, Story.place(.file(path: ".env"), 1, 1, [.untracked]), History())
        report.findings = [finding]
        #expect(text(report, .quiet) == ".env:1:1: medium: Dotenv file\n")
        #expect(Advice.actions(for: finding, in: report.target).map(\.kind) == [Action.Kind.none])
        let json = String(decoding: try JSONReport(version: "1").bytes(for: report), as: UTF8.self)
        let sarif = String(decoding: try SARIFReport(version: "1").bytes(for: report), as: UTF8.self)
        #expect(!json.contains("Committed dotenv file") && !sarif.contains("Committed dotenv file"))
    }

    @Test("where no dotenv file ever was, the ignore rules take two lines and the fix, told once")
    func ignoreRules() {
        var report = Story.empty
        report.ignoreAudit = IgnoreAudit(
            openNames: [".env", ".env.local", ".env.test", "a/.env", "b/.env"], fix: [".env", ".env.*"])
        #expect(
            text(report).contains(
                """

                .gitignore would not stop the next one
                  get through: .env, .env.local, .env.test and 2 more; append to it:
                      .env
                      .env.*

                What to do, in this order
                 1.  Append these 2 lines to .gitignore
                     They stand above, under .gitignore.

                """))
    }

    @Test("a note is told as a note wherever places are named")
    func note() {
        var report = one([.note])
        let path = String(repeating: "e0", count: 20)
        report.findings[0].occurrences = [Story.place(.blob(Story.id("b1"), path: path), 2, 5, [.note])]
        let text = text(report)
        #expect(text.contains("1 secret in 1 note; "))
        #expect(text.contains("at      note on commit e0e0e0e0e0:2:5\n"))
        #expect(!text.contains(path))
    }
}
