// What actions call the secrets they are about, and how they tell kinds of places apart.

import Detection
import Git
import Scanning
import Testing

@testable import Reporting

@Suite("Naming secrets and places")
struct NamingTests {
    private let target = Story.empty.target

    private func unnamed(
        _ title: String, _ severity: Severity, provider: String = "", in source: Occurrence.Source? = nil,
        reach: Set<Reach> = [.branch]
    ) -> Finding {
        let places = [Story.place(source ?? .blob(Story.id("b1"), path: "src/a.py"), 1, 1, reach)]
        return Finding(
            fingerprint: Fingerprint(bits: 7), ruleID: title, title: title, provider: provider, severity: severity,
            verdict: .wellFormed, mask: "********", name: nil, reason: "", revocation: "", occurrences: places,
            history: History(commitCount: 2))
    }

    private func named(_ name: String, _ path: String = "backend/.env", _ severity: Severity = .high) -> Finding {
        Story.generic(
            1, name, severity, [Story.place(.blob(Story.id("b1"), path: path), 1, 1, [.branch])], History())
    }

    @Test("secrets without a name are called by their rule, the worst first")
    func worstFirst() {
        let findings = [named("A", "a", .low), named("B", "b", .medium), unnamed("Private key", .critical)]
        #expect(Advice.naming(findings) == "3 secrets (Private key, B and A)")
    }

    @Test("three are named, the others counted")
    func cut() {
        let names = ["A", "B", "C", "D", "E"].map { named($0) }
        #expect(Advice.naming(names) == "A, B, C and 2 more")
        #expect(
            Advice.naming(names + [unnamed("Private key", .critical)]) == "6 secrets (Private key, A, B and 3 more)")
    }

    @Test("equal names are told apart by the folders they stand in")
    func folders() {
        #expect(
            Advice.naming([named("KEY", "backend/.env"), named("KEY", "web/app/.env"), named("KEY", ".env")])
                == "KEY in backend, KEY in web/app and KEY in the root")
        #expect(Advice.naming([named("KEY"), named("KEY")]) == "2 values of KEY")
        #expect(Advice.naming([named("KEY"), named("KEY"), named("OTHER")]) == "KEY and OTHER")
    }

    @Test("several credentials of one kind are called by their kind")
    func oneKind() {
        let key = unnamed("SendGrid API key", .critical, provider: "SendGrid")
        #expect(Advice.naming([key]) == "the SendGrid API key")
        #expect(Advice.naming([key, key]) == "2 SendGrid API keys")
        let other = unnamed(
            "SendGrid API key", .critical, provider: "SendGrid", in: .commitMessage(Story.id("c1")),
            reach: [.commitMessage])
        #expect(Advice.naming([key, other]) == "2 SendGrid API keys (in src and in message of commit c1c1c1c1c1)")
        let url = unnamed("PostgreSQL URL with a password", .high, provider: "PostgreSQL")
        #expect(Advice.naming([url, url]) == "2 secrets (PostgreSQL URL with a password)")
    }

    @Test(
        "a value is taken out of its place by what fits that place",
        arguments: [
            (.blob(Story.id("b1"), path: "a.py"), [.branch], "interactive rebase"),
            (.commitMessage(Story.id("c1")), [.commitMessage, .branch], "Reword commit c1c1c1c1c1"),
            (.tagMessage(Story.id("c2")), [.tagMessage], "Delete the tag"),
            (.blob(Story.id("b1"), path: String(repeating: "e0", count: 20)), [.note], "git notes remove"),
        ] as [(Occurrence.Source, Set<Reach>, String)])
    func waysOut(source: Occurrence.Source, reach: Set<Reach>, advice: String) {
        let detail = Advice.keepFromPushing([unnamed("A", .high, in: source, reach: reach)]).detail
        #expect(detail.contains(advice))
        for other in ["interactive rebase", "Reword commit", "Delete the tag", "git notes remove"]
        where !advice.hasPrefix(other) {
            #expect(!detail.contains(other))
        }
    }

    @Test("a note is told by the commit it is on, whether or not git has split its path into folders")
    func note() {
        for path in [String(repeating: "e0", count: 20), "e0/e0/" + String(repeating: "e0", count: 18)] {
            let source = Occurrence.Source.blob(Story.id("b1"), path: path)
            #expect(HumanReportWriter.place(Story.place(source, 2, 5, [.note])) == "note on commit e0e0e0e0e0:2:5")
            #expect(HumanReportWriter.place(Story.place(source, 2, 5, [.branch])) == path + ":2:5")
        }
    }

    @Test("advice on several values is in the plural")
    func plural() throws {
        var report = Story.empty
        report.findings = ["A", "B"].map { name in
            Finding(
                fingerprint: Fingerprint(bits: 1), ruleID: "a", title: "A", provider: "", severity: .high,
                verdict: .wellFormed, mask: "", name: name, reason: "",
                revocation: "Find out who issued it, replace it there, and keep the new one in a secret store.",
                occurrences: [Story.place(.file(path: "a"), 1, 1, [.remoteBranch])], history: History())
        }
        let action = try #require(Advice.actions(for: report).first)
        #expect(action.detail.contains("who issued them, replace them there, and keep the new ones in a secret store."))
    }

    @Test("several keys of one provider are replaced and revoked in the plural")
    func pluralKeys() throws {
        let key = unnamed("SendGrid API key", .critical, provider: "SendGrid", reach: [.remoteBranch])
        var report = Story.empty
        report.findings = [key, key]
        let action = try #require(Advice.actions(for: report).first)
        #expect(action.title == "Replace and revoke 2 SendGrid API keys")
        #expect(action.detail.hasPrefix("If something still runs on them, put new ones in place first; if they may"))
    }

    @Test("what is staged is unstaged, by exact names, and without a first commit taken out of the index")
    func staged() throws {
        var target = target
        target.isHistoryKnown = false
        let finding = unnamed("A", .high, in: .blob(Story.id("b1"), path: "a*.py"), reach: [.index, .worktree])
        let action = try #require(Advice.actions(for: finding, in: target).first)
        #expect(action.kind == .keepFromCommitting)
        #expect(action.detail.contains("stage again"))
        #expect(action.commands == [["git", "--literal-pathspecs", "restore", "--staged", "--", "a*.py"]])
        target.head = nil
        #expect(
            Advice.actions(for: finding, in: target).first?.commands
                == [["git", "--literal-pathspecs", "rm", "--cached", "--", "a*.py"]])
        let unstaged = unnamed("A", .high, reach: [.worktree])
        #expect(Advice.actions(for: unstaged, in: target).map(\.kind) == [.removeFromFile])
    }
}
