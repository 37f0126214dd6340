// The list of steps as people and programs get it.

import Checklist
import Foundation
import Testing
import World

@testable import Reporting

@Suite("The list of steps")
struct ChecklistReportTests {
    private static func style(_ width: Int = 80, colour: Bool = false, unicode: Bool = true) -> TerminalStyle {
        TerminalStyle(colour: colour, unicode: unicode, width: width)
    }

    /// A step with texts that want to break out of the list.
    private static let hostile: ChecklistReport = {
        var report = ChecklistStory.middle
        let long = String(repeating: "x", count: 300)
        for (index, text) in ["\u{1b}[2J\u{1b}[31mred\r\nnext", long, "漢字" + String(repeating: "漢", count: 200), ""]
            .enumerated()
        {
            report.statuses[index].step.title = text
            report.statuses[index].step.id = index == 1 ? long : report.statuses[index].step.id
            report.statuses[index].standing = .done(Evidence(text + " " + text, warnings: [text]))
            report.statuses[index + 4].standing = .blocked(by: [text], reason: text)
        }
        report.checklist.title = long
        return report
    }()

    @Test("shows where everything stands, where you are, and what to type next")
    func middle() {
        let text = ChecklistStory.middle.text(Self.style())
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines.prefix(5) == [
                "From committed .env files to AWS Secrets Manager",
                "aws-secrets-manager: 3 of 12 done, 1 waived, 1 waiting, 1 due again, 1 drifted,",
                "1 failed, 1 not known", "",
                "  ◐  1  Create new SendGrid API key                                   create-key",
            ])
        #expect(lines.last == "" && lines.dropLast().last == "Next, step 3 of 12: migrate apply store-values")
        let signs = lines.compactMap { line -> Character? in
            line.count > 6 && line.hasPrefix("  ") && "✓●○◐!–?".contains(line[line.index(line.startIndex, offsetBy: 2)])
                ? line[line.index(line.startIndex, offsetBy: 2)] : nil
        }
        #expect(String(signs) == "◐✓●○✓!!–?○!○")
        for part in [
            "again at 11:10 UTC, in 4 min", "mind: the secret has no resource policy",
            "an earlier run was cut short: 7 values are not in the secret yet",
            "after store-values: the secret holds no version",
            "was done, and is so no longer: backend/.env.staging is not ignored",
            "the last try failed: a merge is in progress",
            "waived by Ada Lovelace <ada@example.com> until 2026-11-28: nobody runs",
            "not known: the credentials have expired", "due again since 2026-11-17", "taken back: 6 findings",
            "! The record of create-secret was edited by hand: event 3 is not what was",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("in ASCII where the locale has nothing else")
    func ascii() {
        for report in [ChecklistStory.middle, Self.hostile] {
            let text = report.text(Self.style(unicode: false))
            #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
        }
        let text = ChecklistStory.middle.text(Self.style(unicode: false))
        for sign in ["[x]  2", "[>]  3", "[ ]  4", "[~]  1", "[!]  6", "[-]  8", "[?]  9"] {
            #expect(text.contains("  \(sign)  "), "\(sign)")
        }
    }

    @Test("within the terminal, and never over 100 columns", arguments: [40, 60, 72, 80, 100, 200])
    func width(columns: Int) {
        for report in [ChecklistStory.middle, ChecklistStory.finished, Self.hostile] {
            for unicode in [true, false] {
                let style = Self.style(columns, unicode: unicode)
                let plan = PlanReport(list: report, outlooks: ChecklistStory.plan.outlooks)
                for line in report.text(style).split(separator: "\n") + plan.text(style).split(separator: "\n")
                // Commands are never broken.
                where !line.contains("migrate apply") {
                    #expect(TextWidth.of(line) <= min(columns, 100), "\(line)")
                }
            }
        }
    }

    @Test("says the same without colour, and has no escapes then")
    func colour() {
        for report in [ChecklistStory.middle, Self.hostile] {
            let plain = report.text(Self.style())
            #expect(!plain.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            var stripped = report.text(Self.style(colour: true))
            #expect(stripped.contains("\u{1b}["))
            while let start = stripped.range(of: "\u{1b}["), let end = stripped[start.upperBound...].firstIndex(of: "m")
            {
                stripped.removeSubrange(start.lowerBound...end)
            }
            #expect(stripped == plain)
        }
    }

    @Test("ends with what comes next, whatever that is")
    func ends() {
        func end(_ standings: [Standing], notes: [String] = []) -> String {
            var report = ChecklistStory.middle
            report.notes = notes
            report.statuses = standings.enumerated().map {
                StepStatus(
                    step: ChecklistStory.step("s\($0.offset)", "S"),
                    record: ChecklistStory.record(.waiting, .waiting), standing: $0.element)
            }
            return report.text(Self.style()).split(separator: "\n").last.map(String.init) ?? ""
        }
        let (done, now) = (Standing.done(Evidence("seen")), ChecklistStory.now)
        #expect(end([done, done]) == "All 2 steps are done.")
        #expect(
            end([done, .waived(by: "Ada", reason: "why", until: nil)]) == "All steps are done, but for 1 waiver.")
        #expect(end([.due(Evidence("seen", due: now))]) == "Next, step 1 of 1: migrate apply s0")
        #expect(
            end([.waiting(reason: "spreads", until: now + 45), .blocked(by: ["s0"], reason: "no")])
                == "Nothing to do now. Look again at 11:07 UTC, in 45 s: migrate apply")
        #expect(end([.waiting(reason: "spreads", until: now)]) == "Next, step 1 of 1: migrate apply s0")
        #expect(
            end([.unknown(reason: "no line", remedy: "plug it in"), .blocked(by: ["s0"], reason: "no")])
                == "Next: plug it in; then migrate status")
        #expect(end([done], notes: ["The record was edited."]) == "Next: migrate verify")
    }

    @Test("says once why many steps are not known")
    func sameReason() {
        var report = ChecklistStory.middle
        for index in [1, 3, 9] { report.statuses[index].standing = .unknown(reason: "no line", remedy: nil) }
        let plan = PlanReport(
            list: report, outlooks: [report.statuses[7].step.id: .unknown(reason: "no line")])
        for text in [report.text(Self.style()), plan.text(Self.style())] {
            #expect(text.ranges(of: "not known: no line").count == 1)
            #expect(text.ranges(of: "not known, for the same reason as step 2").count >= 2)
        }
        #expect(
            plan.text(Self.style()).contains("what it would do is not known, for the same reason as step 2"))
    }

    @Test("is the document's own list in Markdown: in its order, ticked where done and nowhere else")
    func markdown() {
        let lines = ChecklistStory.middle.markdown().split(separator: "\n").map(String.init)
        #expect(lines.count == ChecklistStory.steps.count)
        for (line, step) in zip(lines, ChecklistStory.steps) {
            let isDone = ["create-secret", "template", "rotation"].contains(step.id)
            #expect(line.hasPrefix("- [\(isDone ? "x" : " ")] \(step.title)"), "\(line)")
        }
        #expect(lines[0] == "- [ ] Revoke exposed API keys in SendGrid dashboard")
        #expect(
            lines[5]
                == "- [x] Update `.env.example` with placeholders (backend/.env.example has all 7 keys and no value that leaked)"
        )
        #expect(lines[8].contains("(waived by Ada Lovelace \\<ada@example.com\\> until 2026-11-28"))
        #expect(
            ChecklistStory.finished.markdown()
                == ChecklistStory.steps.map { "- [x] \($0.title) (seen just now)\n" }.joined())
    }

    @Test("is written for programs, with every fact")
    func json() throws {
        let bytes = try ChecklistStory.middle.json()
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(document["schema"] as? String == "migrate.checklist/1")
        #expect(document["next"] as? String == "store-values")
        #expect(document["complete"] as? Bool == false)
        #expect(document["order"] as? String == "default")
        #expect((document["notes"] as? [String])?.count == 1)
        let steps = try #require(document["steps"] as? [[String: Any]])
        #expect(steps.map { $0["id"] as? String } == ChecklistStory.statuses.map(\.step.id))
        let secret = try #require(steps.first { $0["id"] as? String == "create-secret" })
        #expect(secret["standing"] as? String == "done" && secret["state"] as? String == "verified")
        let facts = try #require((secret["evidence"] as? [String: Any])?["facts"] as? [String: Any])
        #expect(facts["tags"] as? Int == 3 && facts["kms"] as? Bool == false)
        #expect(facts["regions"] as? [String] == ["eu-west-1"])
        #expect((secret["verified"] as? [String: String])?["by"] == "Ada Lovelace <ada@example.com>")
        let blocked = try #require(steps.first { $0["id"] as? String == "revoke" })
        #expect(blocked["blockedBy"] as? [String] == ["deploy"] && blocked["needs"] as? [String] == ["deploy"])
        let waived = try #require(steps.first { $0["id"] as? String == "local" }?["waiver"] as? [String: String])
        #expect(waived["until"] == (ChecklistStory.now + 864_000).iso8601)
        #expect(try ChecklistStory.middle.json() == bytes)
    }

    @Test("the schema and the page beside it know every word, and have samples to be checked against")
    func schema() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let schema = try String(contentsOf: root.appending(path: "docs/checklist-schema.json"), encoding: .utf8)
        let page = try String(contentsOf: root.appending(path: "docs/checklist-json.md"), encoding: .utf8)
        let words =
            ChecklistStory.standings.values.map(\.name) + StepState.allCases.map(\.rawValue)
            + Checklist.Order.allCases.map(\.rawValue)
        for word in words + ["added", "removed", "changed", "context", "note"] {
            #expect(schema.contains("\"\(word)\""), "\(word) in the schema")
            #expect(page.contains("`\(word)`"), "\(word) on the page")
        }
        // `scripts/validate-checklist.py` reads these after the tests.
        let folder = root.appending(path: ".build/checklist-samples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in [
            ("middle", try ChecklistStory.middle.json()), ("finished", try ChecklistStory.finished.json()),
            ("hostile", try Self.hostile.json()), ("plan", try ChecklistStory.plan.json()),
        ] {
            try Data(bytes).write(to: folder.appending(path: "\(name).json"), options: .atomic)
        }
    }
}
