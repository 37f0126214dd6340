// The human report as it is read: whole texts, colour off.

import Detection
import Scanning
import Testing

@testable import Reporting

@Suite("Human report")
struct HumanReportTests {
    private let report = HumanReport(now: Story.now)

    @Test("nothing found is one reassuring line that says what was looked at")
    func empty() {
        #expect(
            report.text(for: Story.empty)
                == #"""
                . on main: the whole repository
                No secrets found in 12 commits, 80 blobs and 10 files (1.2 MB), 214 rules in
                0.05 s.

                .gitignore: dotenv files are ignored, templates are not. Nothing to change.

                """#)
    }

    @Test("one finding fits a screen")
    func one() {
        #expect(
            report.text(for: Story.one)
                == #"""
                . on main: the whole repository
                1 secret in 1 file; no remote-tracking branch has it.

                Committed; on no remote-tracking branch (1): may still be kept here, unless a
                tag or note was pushed: see `git ls-remote`
                  critical  SENDGRID_API_KEY  SendGrid API key
                            SG.abcdefghijKLMNOPQRSTuv********
                    at      src/mail.py:12:9
                    lives   in HEAD, index and worktree; main
                    added   2025-11-22 (2 days ago) by Ana Lopez in c1c1c1c1c1

                .gitignore: dotenv files are ignored, templates are not. Nothing to change.

                What to do, in this order
                 1.  Do not push the SendGrid API key (SENDGRID_API_KEY)
                     Only the last commit has it. Mend the files as below, then amend that
                     commit instead of adding one.
                         git commit --amend
                 2.  Take the value out of tracked files
                     Read from the environment instead: src/mail.py:12.
                 3.  Change the SendGrid API key (SENDGRID_API_KEY) too if this repository was
                     ever copied
                     A backup, a build machine or a shared disk would have it.

                Looked at 12 commits, 80 blobs and 10 files (1.2 MB), 214 rules in 0.05 s.

                """#)
    }

    @Test("an incomplete scan never reads like a clean one")
    func incomplete() {
        #expect(
            report.text(for: Story.incomplete)
                == #"""
                . on main: the whole repository
                No secrets found in what could be read, but the answer is not known: 2 things
                could not be read. Looked at 12 commits, 80 blobs and 10 files (1.2 MB), 214
                rules in 0.05 s.

                .gitignore: dotenv files are ignored, templates are not. Nothing to change.

                Could not be read (2): the answer is incomplete
                  shallow-history  c1c1c1c1c1  history ends here: a shallow clone
                  too-large  data/dump.sql  5.2 GB; the limit is 4.3 GB

                Note: The submodule vendor/lib was not asked for.

                What to do, in this order
                 1.  Complete the answer, then scan again
                     2 things could not be read; secrets may be there.
                         git fetch --unshallow

                """#)
    }

    @Test("names from a hostile repository are written out")
    func hostile() {
        #expect(
            report.text(for: Story.hostile)
                == #"""
                /srv/\x1b]0;owned\x07repo on main: a..b\x1b
                1 secret in 1 dotenv file; no remote-tracking branch has it.
                The scan is incomplete: 1 thing could not be read, listed below.

                Committed; on no remote-tracking branch (1): may still be kept here, unless a
                tag or note was pushed: see `git ls-remote`
                  high      KEY\x1b[31m\u{200b}  Secret in a dotenv file  ********
                    at      a\x1b[2J\u{202e}vne./\n.env:1:5
                    lives   in HEAD and index; x\x1by
                    added   2024-10-20 (13 months ago) by Eve\u{202e}\x00 in c9c9c9c9c9

                Dotenv files in git (2)
                  a\x1b[2J\u{202e}vne./\n.env  tracked, 1 version
                    1 secret: KEY\x7f
                  caf�/.env  tracked, 1 version
                    no entries

                .gitignore would not stop the next one
                  get through: \x1bc/.env
                  append to .gitignore:
                      /\x1bc/.env
                  no line there can mend: x\x85y

                Could not be read (1): the answer is incomplete
                  unreadable-file  f\x1b[1m  no\x08pe

                Note: n\x1bote

                What to do, in this order
                 1.  Complete the answer, then scan again
                     1 thing could not be read; secrets may be there.
                 2.  Do not push KEY\x1b[31m\u{200b}
                     No remote-tracking branch has it. Take it out of every commit that holds
                     it, from c9c9c9c9c9 on, for example in an interactive rebase; a later
                     commit that deletes it is not enough.
                 3.  Stop tracking 2 dotenv files
                     They stay on this disk, but pulling that commit deletes them elsewhere:
                     copy first where something runs on them. Not in the command, since the name
                     is not UTF-8: caf�/.env.
                         git --literal-pathspecs rm --cached -- $'a\033[2J\342\200\256vne./\012.env'
                 4.  Append this line to .gitignore
                     It stands above, under .gitignore.
                 5.  Change KEY\x1b[31m\u{200b} too if this repository was ever copied
                     A backup, a build machine or a shared disk would have it.

                Looked at 12 commits, 80 blobs and 10 files (1.2 MB), 214 rules in 0.05 s.

                """#)
    }

    @Test("verbose adds every place, reasons, rule and fingerprint")
    func verbose() {
        #expect(
            HumanReport(verbosity: .verbose, now: Story.now).text(for: Story.one)
                == #"""
                . on main: the whole repository
                1 secret in 1 file; no remote-tracking branch has it.

                Committed; on no remote-tracking branch (1): may still be kept here, unless a
                tag or note was pushed: see `git ls-remote`
                  critical  SENDGRID_API_KEY  SendGrid API key
                            SG.abcdefghijKLMNOPQRSTuv********
                    at      src/mail.py:12:9 blob b1b1b1b1b1 worktree, index, HEAD, branch
                    lives   in HEAD, index and worktree; main; 1 commit
                    added   2025-11-22 (2 days ago) by Ana Lopez <ana@example.org> in
                            c1c1c1c1c1, "Send mail"
                    why     The format of a SendGrid key, and its tail decodes.
                    revoke  https://app.sendgrid.com/settings/api_keys
                    rule    sendgrid-api-key, checked
                    id      0000000000514ed0

                .gitignore: dotenv files are ignored, templates are not. Nothing to change.

                What to do, in this order
                 1.  Do not push the SendGrid API key (SENDGRID_API_KEY)
                     Only the last commit has it. Mend the files as below, then amend that
                     commit instead of adding one.
                         git commit --amend
                 2.  Take the value out of tracked files
                     Read from the environment instead: src/mail.py:12.
                 3.  Change the SendGrid API key (SENDGRID_API_KEY) too if this repository was
                     ever copied
                     A backup, a build machine or a shared disk would have it.

                Looked at 12 commits, 80 blobs and 10 files (1.2 MB), 214 rules in 0.05 s.

                """#)
    }

    @Test("quiet is one line for each finding")
    func quiet() {
        #expect(
            HumanReport(verbosity: .quiet, now: Story.now).text(for: Story.whole)
                == #"""
                backend/.env:3:18: critical: SendGrid API key SG.abcdefghijKLMNOPQRSTuv******** (+3 places)
                backend/.env.production:7:21: high: Secret in a dotenv file ********
                backend/.env:5:16: high: Secret in a dotenv file ********
                backend/.env.development:2:16: medium: Secret in a dotenv file ********
                notes.txt:1:1: high: Secret in a dotenv file ********
                scripts/try.sh:4:11: medium: Secret in a dotenv file ********
                backend/.env.local:1:13: low: Secret in a dotenv file ********
                backend/.env:1:1: medium: Committed dotenv file
                backend/.env.production:1:1: medium: Committed dotenv file

                """#)
        #expect(HumanReport(verbosity: .quiet, now: Story.now).text(for: Story.empty) == "")
    }

    @Test("no byte of a terminal's language passes, whatever names a repository has", arguments: [true, false])
    func noControls(unicode: Bool) {
        for verbosity in [HumanReport.Verbosity.quiet, .normal, .verbose] {
            let text = HumanReport(verbosity: verbosity, unicode: unicode, now: Story.now).text(for: Story.hostile) {
                _ in
                "\u{1b}[2J\u{202e}"
            }
            for scalar in text.unicodeScalars where scalar != "\n" {
                #expect(scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format)
                #expect(unicode || scalar.isASCII)
            }
        }
    }

    @Test("an ASCII terminal gets ASCII")
    func ascii() {
        let text = HumanReport(unicode: false, now: Story.now).text(for: Story.whole)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains("by Jos\\xe9 N\\xfa\\xf1ez in"))
    }

    @Test("prose keeps to the width, commands stay whole", arguments: [40, 60, 80, 120])
    func width(width: Int) {
        let text = HumanReport(width: width, now: Story.now).text(for: Story.whole)
        for line in text.split(separator: "\n") where !line.contains("git ") {
            // A word that is longer than a line stands alone on it.
            let words = line.split(separator: " ")
            #expect(TextWidth.of(line) <= width || words.count <= 3, "\(line)")
        }
        #expect(text.contains("git rm --cached -- backend/.env backend/.env.development\n"))
    }

    @Test("colour changes nothing but colour")
    func colour() {
        let coloured = HumanReport(colour: true, now: Story.now).text(for: Story.whole)
        var plain = ""
        var isEscape = false
        for character in coloured {
            if character == "\u{1b}" { isEscape = true }
            if !isEscape { plain.append(character) }
            if character == "m" { isEscape = false }
        }
        #expect(plain == report.text(for: Story.whole))
        #expect(coloured.contains("\u{1b}[1;31mcritical\u{1b}[0m"))
    }

    @Test("values appear only when they are revealed, line by line, and clean")
    func reveal() {
        let value = "senti" + "nel\u{1b}[31m\nsecond"
        #expect(!report.text(for: Story.one).contains("senti"))
        let text = report.text(for: Story.one) { _ in value }
        #expect(text.contains("    value   sentinel\\x1b[31m\n            second\n    at      src/mail.py:12:9\n"))
        let quiet = HumanReport(verbosity: .quiet, now: Story.now).text(for: Story.one) { _ in value }
        #expect(quiet == "src/mail.py:12:9: critical: SendGrid API key sentinel\\x1b[31m\\nsecond\n")
    }

    @Test("places outside files have names of their own")
    func places() {
        let position: (Occurrence.Source) -> String = { HumanReportWriter.place(Story.place($0, 2, 5, [])) }
        #expect(position(.commitMessage(Story.id("c1"))) == "message of commit c1c1c1c1c1:2:5")
        #expect(position(.tagMessage(Story.id("c1"))) == "message of tag c1c1c1c1c1:2:5")
        #expect(position(.blob(Story.id("b1"), path: nil)) == "object b1b1b1b1b1:2:5")
        #expect(position(.standardInput) == "<stdin>:2:5")
    }

    @Test("a dotenv file without secrets is no secret, and no clean scan either")
    func onlyDotenvFile() {
        var story = Story.empty
        story.findings = [
            Story.dotenvFile(1, .low, Story.place(.file(path: ".env"), 1, 1, [.head, .index]), History())
        ]
        let text = report.text(for: story)
        #expect(text.contains("10 files (1.2 MB). But there is 1\ndotenv file.\n"))
        #expect(HumanReport(verbosity: .quiet, now: 0).text(for: story) == ".env:1:1: low: Committed dotenv file\n")
    }

    @Test("a plain folder says so, and claims nothing about pushing")
    func folder() {
        var story = Story.one
        story.target.kind = .folder
        story.target.head = nil
        story.findings[0].history = History()
        story.findings[0].occurrences = [Story.place(.file(path: "a.env"), 1, 1, [])]
        let text = report.text(for: story)
        #expect(text.hasPrefix(". (no git repository): "))
        #expect(!text.contains("pushed"))
    }
}
