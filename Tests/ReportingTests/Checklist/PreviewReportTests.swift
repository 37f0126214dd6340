// What is shown before, during and after a step.

import Checklist
import Testing
import World

@testable import Reporting

@Suite("Before and after a step")
struct PreviewReportTests {
    private static func style(_ width: Int = 80, colour: Bool = false, unicode: Bool = true) -> TerminalStyle {
        TerminalStyle(colour: colour, unicode: unicode, width: width)
    }

    private static let step = ChecklistStory.steps[3]

    @Test("a preview shows every change, what cannot be taken back, what is to be done by hand, and what is asked")
    func preview() {
        let text = PreviewReport(step: Self.step, preview: ChecklistStory.preview).text(Self.style())
        for part in [
            "Store all secrets in AWS  (store-values)\n", "  From here on the values live in one place",
            "\n  put a new version of fluxion/production in AWS Secrets Manager in eu-west-1\n",
            "\n    + SENDGRID_API_KEY    SG.ZyXwVuTsRqPoNmLkJiHgFe.********\n", "\n    ~ JWT_SECRET_KEY ",
            "\n    - OLD_KEY             ********\n", "\n          PORT = 8080\n", "\n    • 3 keys stay as they are\n",
            "\n  write backend/.gitignore\n",
            "\n  This cannot be taken back:\n    ! SendGrid shows a key once",
            "\n  To be done by hand:\n    1. Open https://app.sendgrid.com/settings/api_keys\n    2. Delete",
            "--answer replace/JWT_SECRET_KEY=generate|keep\n", "--answer-from admin-key=FILE\n",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("no byte of a difference is lost, however narrow the terminal", arguments: [40, 57, 80])
    func whole(columns: Int) {
        let line = String((0..<900).map { Character(Unicode.Scalar(UInt8(33 + $0 % 94))) })
        let preview = Preview(changes: [PlannedChange("write a", lines: [PreviewLine(.added, line)])])
        let lines = PreviewReport(step: ChecklistStory.steps[1], preview: preview).text(Self.style(columns))
            .split(separator: "\n")
        let parts = lines.filter { $0.hasPrefix("    + ") || $0.hasPrefix("      ") }.map { String($0.dropFirst(6)) }
        #expect(parts.joined() == line)
        #expect(lines.allSatisfy { TextWidth.of($0) <= columns })
    }

    @Test("colours mean what the signs say, and text from outside brings none of its own")
    func colour() {
        let preview = Preview(
            changes: [
                PlannedChange(
                    "write \u{1b}[8mhidden", lines: [.init(.added, "a\u{1b}[2J"), .init(.removed, "b\rc")])
            ])
        let text = PreviewReport(step: ChecklistStory.steps[1], preview: preview).text(Self.style(colour: true))
        #expect(text.contains("\u{1b}[32m+ a\\x1b[2J\u{1b}[0m"))
        #expect(text.contains("\u{1b}[31m- b\\rc\u{1b}[0m"))
        #expect(!text.contains("\u{1b}[8m") && !text.contains("\r"))
    }

    @Test("nothing to change is said")
    func empty() {
        #expect(
            PreviewReport(step: ChecklistStory.steps[1], preview: Preview()).text(Self.style())
                == "Create new SendGrid API key  (create-key)\n\n  Nothing is to be changed.\n")
        #expect(
            UndoReport(step: ChecklistStory.steps[1], preview: UndoPreview(changes: [])).text(Self.style())
                .contains("There is nothing to take back."))
    }

    @Test("taking back begins with what stays")
    func undo() throws {
        let text = UndoReport(
            step: Self.step,
            preview: UndoPreview(
                changes: [PlannedChange("restore .gitignore", lines: [.init(.removed, ".env*")])],
                cannot: ["Who read the secret has read it."])
        ).text(Self.style())
        let stays = try #require(text.firstRange(of: "What stays as it is:\n    ! Who read the secret has read it."))
        let goes = try #require(text.firstRange(of: "restore .gitignore\n    - .env*"))
        #expect(stays.lowerBound < goes.lowerBound)
    }

    @Test("the plan says in a line what each step would do, and what blocks it")
    func plan() {
        let text = ChecklistStory.plan.text(Self.style(100))
        for part in [
            "put a new version of fluxion/production in AWS Secrets Manager in eu-west-1 and write",
            "asks 2 questions; 2 things to do by hand", "cannot be taken back",
            "after deploy: delete key SG.AbCdEfGhIjKlMnOpQrStUv at SendGrid",
            "what it would do is not known: a merge is in progress",
            "after store-values: the secret holds no version",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("news are a line each, with the sign of what has happened")
    func news() {
        let evidence = Evidence("version 3f1c… holds all 7 keys", warnings: ["one is short"])
        func text(_ news: RunnerNews, unicode: Bool = true) -> String {
            NewsReport(news, now: ChecklistStory.now).text(Self.style(unicode: unicode))
        }
        #expect(text(.verified(Self.step, evidence)) == "✓ version 3f1c… holds all 7 keys\n  mind: one is short\n")
        #expect(
            text(.verified(Self.step, evidence), unicode: false)
                == "[x] version 3f1c... holds all 7 keys\n  mind: one is short\n")
        #expect(
            text(.alreadySatisfied(Self.step, Evidence("seen"))) == "✓ Store all secrets in AWS: seen\n")
        #expect(
            text(.waiting(Self.step, reason: "it spreads", until: ChecklistStory.now + 60))
                == "◐ it spreads; look again at 11:07 UTC, in 60 s\n")
        #expect(text(.notSatisfied(Self.step, reason: "still alive")) == "! still alive\n")
        #expect(text(.intending(Self.step, effect: "put-version")) == "  put-version …\n")
        #expect(
            text(.previewAgain(Self.step, what: "backend/.gitignore"))
                == "! backend/.gitignore has changed in the meantime; here it is again\n")
    }

    @Test("an outcome says what to do next")
    func outcome() {
        func text(_ outcome: StepOutcome) -> String {
            OutcomeReport(step: Self.step, outcome: outcome, now: ChecklistStory.now).text(Self.style())
        }
        #expect(text(.verified(Evidence("seen"))) == "store-values is done.\n")
        #expect(text(.declined) == "Nothing was changed.\n")
        #expect(
            text(.unsatisfied(reason: "it is empty"))
                == "store-values is not done: it is empty. To try again: migrate apply store-values\n")
        #expect(
            text(.waiting(reason: "it spreads", until: ChecklistStory.now + 3_000))
                .hasPrefix("store-values takes time. Look again at 11:56 UTC, in 50 min:"))
        #expect(
            text(.waiting(reason: "commit it: git commit", until: nil))
                == "store-values waits: commit it: git commit. Then: migrate apply store-values\n")
        #expect(
            text(.unknown(reason: "no line")).hasPrefix("Whether store-values is done is not known: no line. To look"))
        #expect(
            text(.byHand(["Open the page."])).hasSuffix(
                "  To be done by hand:\n    1. Open the page.\n\n  Then: migrate apply store-values\n"))
    }

    @Test("times are said so that they can be waited for")
    func times() {
        let now = ChecklistStory.now
        #expect(TimeWords.at(now + 86_400, now: now) == "on \((now + 86_400).day)")
        #expect(TimeWords.at(now + 3 * 3_600, now: now) == "at 14:06 UTC, in 3 h")
        #expect(TimeWords.at(now + -1, now: now) == "now")
        #expect(TimeWords.again(now, now: now) == "; it is time to look again")
        #expect(TimeWords.again(nil, now: now) == "")
    }
}
