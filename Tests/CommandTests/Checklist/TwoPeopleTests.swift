// Two people with a clone each, who share the state through git.

import Foundation
import TestServers
import Testing

@Suite struct TwoPeopleTests {
    private static let state = ".migrate/state.json"
    private static let ada = "Ada Lovelace <ada@fluxion.example>"
    private static let grace = "Grace Hopper <grace@fluxion.example>"

    /// Clones of one bare repository; the secret and the account of SendGrid are the same for both.
    private struct Team {
        let ada, grace: ChecklistWorkplace

        init() async throws {
            let first = try await ChecklistWorkplace.make()
            let hub = first.place.root + "/hub.git"
            try await Git.run(
                ["clone", "--quiet", "--bare", "--template=", first.repository, hub], in: first.place.root)
            ada = try await first.clone("ada", person: "Ada Lovelace", email: "ada@fluxion.example")
            grace = try await first.clone("grace", person: "Grace Hopper", email: "grace@fluxion.example")
            for clone in [ada, grace] { try await clone.git("remote", "set-url", "origin", hub) }
        }
    }

    @Test func `different steps, by turns and at the same time, merge by themselves, and verify agrees in both clones`()
        async throws
    {
        let team = try await Team()
        let (ada, grace) = (team.ada, team.grace)
        try expectDone(await ada.apply("create-secret"))
        try await ada.share()
        try await grace.pull()
        #expect(try await grace.standings()["create-secret"] == "done")

        // At the same time, neighbours in the file included.
        try expectDone(await grace.apply("create-sendgrid-key"))
        try expectDone(await ada.apply("gitignore"))
        try await ada.share()
        try await grace.share()
        try expectDone(await grace.apply("store-values"))
        try expectDone(await grace.apply("verify-values"))
        try await grace.share()
        try await ada.pull()

        try expectDone(await ada.apply("env-example"))
        _ = try await ada.apply("untrack")
        try expectDone(await grace.apply("production-config"))
        try expectDone(await grace.apply("production-test"))
        try await ada.share()
        try await grace.share()
        try await ada.pull()
        // Git takes the file from whoever pulls; its values are in the store.
        #expect(FileManager.default.fileExists(atPath: ada.repository + "/backend/.env"))
        #expect(!FileManager.default.fileExists(atPath: grace.repository + "/backend/.env"))

        let rest = try await ada.apply("--all", "--wait", "1m")
        #expect(rest.status == 0, "\(rest.text)\(rest.errorText)")
        try await ada.share()
        try await grace.pull()
        for clone in [ada, grace] {
            let outcome = try await clone.migrate("verify")
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
            #expect(try await clone.standings().values.allSatisfy { $0 == "done" })
        }
        #expect(ada.text(Self.state) == grace.text(Self.state))
        #expect(ada.traces(in: Array(ada.text(Self.state).utf8)).isEmpty)

        // Who has done what.
        let steps = try grace.state().steps
        for (step, person) in [
            ("create-secret", Self.ada), ("gitignore", Self.ada), ("create-sendgrid-key", Self.grace),
            ("store-values", Self.grace), ("untrack", Self.ada), ("production-test", Self.grace),
            ("delete-old-keys", Self.ada),
        ] {
            let events = try #require(steps[step]?.events)
            // Who looks at it later may note what has changed about it since.
            #expect(events.filter { $0.effect != nil }.allSatisfy { $0.by == person }, "\(step)")
            #expect(events.first?.by == person && events.first { $0.event == "verified" }?.by == person, "\(step)")
        }
        // One new key, however many people.
        #expect(ada.sendGrid.requests.count { $0.request.method == "POST" } == 1)
    }

    @Test func `the same step by both is a conflict that is explained in one line, and ends as that says`() async throws
    {
        let team = try await Team()
        let (ada, grace) = (team.ada, team.grace)
        try expectDone(await ada.apply("create-secret"))
        try await ada.share()
        try await grace.pull()
        for clone in [ada, grace] { try expectDone(await clone.apply("gitignore")) }
        try await ada.share()
        try await grace.commit()
        await #expect(throws: Git.Failure.self) { try await grace.pull() }
        // Both have made the same change of .gitignore.
        #expect(try await grace.git("diff", "--name-only", "--diff-filter=U") == Self.state)

        let before = grace.text(Self.state)
        for words in [["status"], ["verify"], ["plan"], ["apply", "--all", "--yes"], ["undo", "gitignore", "--yes"]] {
            expectOneLine(
                try await grace.migrate(words), status: 3, ".migrate/state.json has a merge conflict between HEAD and ",
                "about step gitignore (line ", "hint: keep both sides' events of step gitignore")
            #expect(grace.text(Self.state) == before, "\(words)")
        }

        try grace.write(try Self.keepingBothSides(before), to: Self.state)
        try await grace.share()
        let status = try await grace.migrate("status")
        #expect(status.status == 0, "\(status.errorText)")
        let events = try #require(try grace.state().steps["gitignore"]?.events)
        #expect(Set(events.map(\.by)) == [Self.ada, Self.grace])
        try expectDone(await grace.applyAll())
        try await grace.share()
        try await ada.pull()
        for clone in [ada, grace] {
            let outcome = try await clone.migrate("verify")
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        }
    }

    @Test func `both begin before there is a state file: the conflict names the steps, and nothing is lost`()
        async throws
    {
        let team = try await Team()
        let (ada, grace) = (team.ada, team.grace)
        try expectDone(await ada.apply("create-secret"))
        try expectDone(await grace.apply("gitignore"))
        try await ada.share()
        try await grace.commit()
        await #expect(throws: Git.Failure.self) { try await grace.pull() }
        expectOneLine(
            try await grace.migrate("status"), status: 3, "merge conflict", "create-secret", "gitignore",
            "hint: keep both sides' events")
        try grace.write(try Self.keepingBothSides(grace.text(Self.state)), to: Self.state)
        try await grace.share()
        let standings = try await grace.standings()
        #expect(standings["create-secret"] == "done" && standings["gitignore"] == "done")
        let steps = try grace.state().steps
        #expect(steps["create-secret"]?.events.allSatisfy { $0.by == Self.ada } == true)
        #expect(steps["gitignore"]?.events.allSatisfy { $0.by == Self.grace } == true)
    }

    @Test func `a file's earlier bytes are only where it was changed: elsewhere undo says so, and there it works`()
        async throws
    {
        let team = try await Team()
        let (ada, grace) = (team.ada, team.grace)
        let before = ada.text(".gitignore")
        try expectDone(await ada.apply("gitignore"))
        let after = ada.text(".gitignore")
        try await ada.share()
        try await grace.pull()
        let state = grace.text(Self.state)
        let refused = try await grace.migrate("undo", "gitignore", "--yes")
        #expect(refused.status == 1, "\(refused.text)\(refused.errorText)")
        let words = refused.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            words.contains("what .gitignore held before is neither in a backup here nor in git: undo it in the clone"))
        #expect(grace.text(".gitignore") == after && grace.text(Self.state) == state)

        try expectDone(await ada.migrate("undo", "gitignore", "--yes"))
        #expect(ada.text(".gitignore") == before)
        try await ada.share()
        try await grace.pull()
        #expect(grace.text(".gitignore") == before)
        #expect(try await grace.standings()["gitignore"] == "undone")
        #expect(try grace.state().steps["gitignore"]?.events.last?.by == Self.ada)
        // Whoever did it before: it can be done again by the other.
        try expectDone(await grace.apply("gitignore"))
        #expect(grace.text(".gitignore") == after)
    }

    @Test func `a step whose file was never committed has drifted for the other, who can do it again`() async throws {
        let team = try await Team()
        let (ada, grace) = (team.ada, team.grace)
        let before = grace.text(".gitignore")
        try expectDone(await ada.apply("gitignore"))
        try await ada.git("add", Self.state)
        try await ada.git("commit", "--quiet", "--message", "The state alone")
        try await ada.git("push", "--quiet")
        try await grace.pull()
        #expect(try await grace.standings()["gitignore"] == "drifted")
        #expect(try await grace.migrate("undo", "gitignore", "--yes").status == 1, "there is nothing to take back")
        #expect(grace.text(".gitignore") == before)
        try expectDone(await grace.apply("gitignore"))
        #expect(grace.text(".gitignore") == ada.text(".gitignore"))
        let people = try #require(try grace.state().steps["gitignore"]?.events.filter { $0.effect != nil }.map(\.by))
        #expect(people.first == Self.ada && people.last == Self.grace)
    }

    /// What the message asks for: the events of both sides, one side's first, the state of the side that comes last, a
    /// comma between events, and no markers.
    private static func keepingBothSides(_ text: String) throws -> String {
        var lines: [String] = []
        var sides: [[String]] = []
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("<<<<<<<") {
                sides = [[]]
            } else if line.hasPrefix("======="), !sides.isEmpty {
                sides.append([])
            } else if line.hasPrefix(">>>>>>>") {
                func isEvent(_ line: String) -> Bool { line.contains("{\"event\"") }
                if let alone = sides.first(where: { $0.contains(where: isEvent) }),
                    sides.count(where: { $0.contains(where: isEvent) }) == 1
                {
                    // Only one side has done anything here.
                    lines += alone
                } else {
                    lines += sides.last?.filter { $0.contains("\"state\":") } ?? []
                    lines += sides.flatMap { $0.filter { !$0.contains("\"state\":") } }
                }
                sides = []
            } else if sides.isEmpty {
                lines.append(line)
            } else {
                sides[sides.count - 1].append(line)
            }
        }
        for index in lines.indices.dropLast() where lines[index].contains("{\"event\"") {
            let isFollowed = lines[index + 1].contains("{\"event\"")
            if isFollowed, !lines[index].hasSuffix(",") { lines[index] += "," }
        }
        return lines.joined(separator: "\n")
    }
}

extension ChecklistWorkplace {
    fileprivate func commit() async throws {
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message", "Go on with the checklist")
    }

    fileprivate func pull() async throws { try await git("pull", "--quiet", "--no-rebase", "--no-edit") }

    /// Commits what there is, merges what others have done, and pushes.
    fileprivate func share() async throws {
        try await commit()
        try await pull()
        try await git("push", "--quiet")
    }
}
