// What to do next, and in what order.

import Detection
import Git
import Scanning
import Testing

@testable import Reporting

@Suite("Advice")
struct AdviceTests {
    private let target = Story.empty.target

    private func finding(_ reach: Set<Reach>, pushed: Bool = false, inHead: Bool = false) -> Finding {
        Story.sendGrid(
            [Story.place(.blob(Story.id("b1"), path: "a.py"), 1, 1, reach)],
            History(commitCount: reach.isEmpty ? 0 : 2, isInHead: inHead, isPushed: pushed))
    }

    @Test(
        "judges how far a secret has spread by everywhere it lives",
        arguments: [
            ([.head, .index, .branch], .committed), ([.remoteBranch], .pushed), ([.stash, .reflog], .leftover),
            ([.unreachable], .leftover), ([.index], .pending), ([.untracked], .pending),
            ([.worktree, .stash], .pending),
            ([.ignored], .ignored), ([.tag, .unreachable], .committed), ([.note], .committed),
            ([.otherReference], .committed),
            ([.commitMessage, .branch], .committed), ([.commitMessage, .reflog], .leftover),
            ([.tagMessage], .committed),
            ([], .outside), ([.ignored, .unreachable], .leftover),
        ] as [(Set<Reach>, Situation)])
    func situation(reach: Set<Reach>, expected: Situation) {
        #expect(Situation(of: finding(reach), in: target) == expected)
    }

    @Test("what a bare repository has, even if nothing leads there, others can have")
    func bare() {
        var target = target
        target.kind = .bare
        #expect(Situation(of: finding([.head, .branch], inHead: true), in: target) == .pushed)
        #expect(Situation(of: finding([.unreachable]), in: target) == .pushed)
        #expect(Advice.untrack(Story.whole.dotenvFiles, isBare: true)?.detail.hasSuffix("Do this in a clone.") == true)
    }

    @Test("pushed counts even where no occurrence says so")
    func pushedByHistory() {
        #expect(Situation(of: finding([.branch], pushed: true), in: target) == .pushed)
    }

    @Test("the first thing to do follows from how far it has spread")
    func first() {
        func kind(_ finding: Finding) -> Action.Kind? { Advice.actions(for: finding, in: target).first?.kind }
        #expect(kind(finding([.head, .remoteBranch], pushed: true, inHead: true)) == .revoke)
        #expect(kind(finding([.head, .branch], inHead: true)) == .keepFromPushing)
        #expect(kind(finding([.index])) == .keepFromCommitting)
        #expect(kind(finding([.stash])) == .rotate)
        #expect(kind(finding([.ignored])) == Action.Kind.none)
    }

    @Test(
        "says where to revoke, whether that is a page, a command or words",
        arguments: [
            ("https://example.org/keys", "Page: https://example.org/keys"),
            ("az keys renew", "Command: `az keys renew`"),
            ("Security, API in the console", "Where: Security, API in the console."), ("Revoke it.", "Revoke it."),
            ("", ""),
        ])
    func revocation(text: String, expected: String) {
        let finding = Finding(
            fingerprint: Fingerprint(bits: 1), ruleID: "a", title: "A", provider: "P", severity: .high,
            verdict: .wellFormed,
            mask: "", name: nil, reason: "", revocation: text, occurrences: [], history: History())
        #expect(finding.revocationSentence == expected)
    }

    @Test("a dotenv file as such is untracked, ignored or left, by where it is")
    func dotenvFile() {
        func kind(_ reach: Set<Reach>, _ history: History = History()) -> Action.Kind? {
            let place = Story.place(.file(path: "a/.env"), 1, 1, reach)
            return Advice.actions(for: Story.dotenvFile(1, .medium, place, history), in: target).first?.kind
        }
        #expect(kind([.head, .index], History(isInHead: true)) == .untrack)
        #expect(kind([.untracked]) == .ignore)
        #expect(kind([.branch, .remoteBranch], History(isPushed: true)) == Action.Kind.none)
    }

    @Test("a pushed SendGrid key is revoked by the id in it")
    func sendGridID() throws {
        let action = try #require(Advice.actions(for: finding([.remoteBranch]), in: target).first)
        #expect(action.detail.contains("key id: " + Story.sendGridMask.dropFirst(3).prefix(22) + "."))
        #expect(action.detail.contains("https://app.sendgrid.com/settings/api_keys"))
    }

    @Test("amending is advised only where the last commit alone holds it")
    func amend() {
        var finding = finding([.head, .branch], inHead: true)
        finding.history.commitCount = 1
        #expect(Advice.keepFromPushing([finding]).commands == [["git", "commit", "--amend"]])
        finding.history.commitCount = 2
        #expect(Advice.keepFromPushing([finding]).commands == [])
        finding.history.commitCount = 1
        finding.history.isInHead = false
        #expect(Advice.keepFromPushing([finding]).commands == [])
    }

    @Test("dotenv files are untracked by exact names, never templates, never by pattern")
    func untrack() throws {
        let action = try #require(Advice.untrack(Story.whole.dotenvFiles))
        #expect(action.commands == [["git", "rm", "--cached", "--", "backend/.env", "backend/.env.development"]])
    }

    @Test(
        "a name with a pattern's characters is taken literally", arguments: [".env*", ":x/.env", "[a]/.env", "a?.env"])
    func literal(path: String) throws {
        let file = DotenvFileReport(
            path: path, isTemplate: false, standing: .tracked, versionCount: 1, history: History(), entries: [])
        let action = try #require(Advice.untrack([file]))
        #expect(action.commands == [["git", "--literal-pathspecs", "rm", "--cached", "--", path]])
    }

    @Test("a name that is not UTF-8 is in no command")
    func unnameable() throws {
        let action = try #require(Advice.untrack(Story.hostile.dotenvFiles))
        #expect(action.commands.joined().allSatisfy { !$0.contains("\u{fffd}") })
        #expect(action.detail.contains("caf\u{fffd}/.env"))
    }

    @Test("replacing comes first, rewriting history last")
    func order() {
        let kinds = Advice.actions(for: Story.whole).map(\.kind)
        #expect(
            kinds == [
                .revoke, .rotate, .keepFromCommitting, .keepFromPushing, .untrack, .removeFromFile, .ignore, .rotate,
                .dropLeftovers, .rewriteHistory,
            ])
    }

    @Test("nothing is advised when nothing is wrong")
    func nothing() {
        #expect(Advice.actions(for: Story.empty).isEmpty)
    }

    @Test("stashes are never expired along with the reflog")
    func stashesSurvive() {
        for report in [Story.whole, Story.one, Story.incomplete, Story.hostile] {
            for command in Advice.actions(for: report).flatMap(\.commands) {
                #expect(!command.contains("expire") && !command.contains("gc"))
            }
        }
    }

    @Test("a gap leads to the command that closes it")
    func gaps() throws {
        var report = Story.empty
        report.gaps = [
            Gap(kind: .shallowHistory, subject: "x", reason: "y"),
            Gap(kind: .missingLFSObject, subject: "x", reason: "y"),
            Gap(kind: .unreadablePack, subject: "x", reason: "y"),
        ]
        let action = try #require(Advice.actions(for: report).first)
        #expect(action.kind == .completeScan)
        #expect(
            action.commands == [
                ["git", "fetch", "--unshallow"], ["git", "lfs", "fetch", "--all"], ["git", "fsck", "--full"],
            ])
    }

    @Test("a value whose checksum fails is checked before anybody is woken")
    func checkFailed() {
        let found = finding([.remoteBranch])
        let madeUp = Finding(
            fingerprint: found.fingerprint, ruleID: found.ruleID, title: found.title, provider: found.provider,
            severity: .high, verdict: .checkFailed, mask: found.mask, name: nil, reason: "", revocation: "",
            occurrences: found.occurrences, history: found.history)
        #expect(Advice.actions(for: madeUp, in: target).first?.kind == .check)
    }
}
