// `migrate ignore`, baselines and comments, from the outside.

import Foundation
import Testing

@Suite struct IgnoreTests {
    private static let file = ".migrate/ignore.yml"

    /// Three findings: a key, a dotenv file and its password.
    private static func leaky() async throws -> String {
        let path = try await Git.repository([
            "key.py": "KEY = \"\(FakeKey.sendGrid(1))\"\n",
            "backend/.env": "PASSWORD=\(FakeKey.sendGrid(2).suffix(30))\n",
        ])
        // Who commits is who answers.
        try await Git.run(["config", "user.name", "Mara"], in: path)
        try await Git.run(["config", "user.email", "mara@fluxion.example"], in: path)
        return path
    }

    private static func text(_ path: String) -> String {
        String(decoding: Scratch.bytes(path + "/" + file), as: UTF8.self)
    }

    private static func json(_ outcome: Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
    }

    private static func fingerprints(_ path: String) async throws -> [String: String] {
        let report = try json(await Program.run(["scan", path, "--format", "json", "--no-ignore"]))
        let findings = try #require(report["findings"] as? [[String: Any]])
        return findings.reduce(into: [:]) { $0[$1["ruleId"] as? String ?? ""] = $1["fingerprint"] as? String }
    }

    @Test func `a repository with a past is green after one command, and red with the next leak`() async throws {
        let path = try await Self.leaky()
        #expect(try await Program.run(["scan", path]).status == 1)
        let added = try await Program.run(["ignore", "add", "--all", "--reason", "before we began"], in: path)
        #expect(added.status == 0 && added.text.contains("3 findings accepted until"))
        #expect(added.text.contains("Mara <mara@fluxion.example> answers for them"))
        let green = try await Program.run(["scan", path])
        #expect(green.status == 0)
        #expect(green.text.contains("Accepted (3): by .migrate/ignore.yml"))
        // Nothing of a value is in the file.
        #expect(!Self.text(path).contains(FakeKey.sendGrid(1).suffix(20)))
        try await Git.commit(["new.py": "KEY = \"\(FakeKey.sendGrid(5))\"\n"], in: path)
        let red = try await Program.run(["scan", path, "--quiet"])
        #expect(red.status == 1 && red.text.split(separator: "\n").count == 1 && red.text.contains("new.py"))
        let all = try await Program.run(["scan", path, "--quiet", "--no-ignore"])
        #expect(all.status == 1 && all.text.split(separator: "\n").count == 4)
        // What is new can be accepted as well, and what is accepted is not asked for again.
        let again = try await Program.run(["ignore", "add", "--all", "--reason", "later"], in: path)
        #expect(again.text.contains("1 finding accepted until"))
        #expect(
            try await Program.run(["ignore", "add", "--all", "--reason", "x"], in: path).text.contains(
                "Nothing to accept"))
    }

    @Test func `one finding by the first digits of its fingerprint, from a folder below`() async throws {
        let path = try await Self.leaky()
        let name = try #require(try await Self.fingerprints(path)["sendgrid-api-key"])
        let added = try await Program.run(
            [
                "ignore", "add", String(name.prefix(8)).uppercased(), "--reason", "revoked", "--owner", "Team Blue",
                "--until", "never",
            ],
            in: path + "/backend")
        #expect(added.status == 0)
        #expect(
            Self.text(path).contains(
                """
                - fingerprint: "\(name)"
                  reason: "revoked"
                  owner: "Team Blue"
                  until: never
                  note: "sendgrid-api-key in key.py"
                """))
        #expect(try await Program.run(["scan", path, "--quiet"]).text.contains("SendGrid") == false)
        let removed = try await Program.run(["ignore", "remove", name], in: path)
        #expect(removed.status == 0 && removed.text.contains("Its finding counts again."))
        #expect(try await Program.run(["scan", path, "--quiet"]).text.contains("SendGrid"))
        #expect(!Self.text(path).contains(name))
    }

    @Test func `states are told, and prune takes away what is over, after a yes`() async throws {
        let path = try await Self.leaky()
        let names = try await Self.fingerprints(path)
        let key = try #require(names["sendgrid-api-key"])
        let file = try #require(names["dotenv-file"])
        func block(_ name: String, _ day: String) -> String {
            "- fingerprint: \"\(name)\"\n  reason: why\n  owner: Ada\n  until: \(day)\n\n"
        }
        let stale = "00000000000000aa"
        let text =
            "# by hand\n\n"
            + [block(stale, "2099-01-01"), block(key, "2020-01-01"), block(file, "2099-01-01")].sorted().joined()
        try Scratch.write(text, to: path + "/" + Self.file)
        let scan = try await Program.run(["scan", path])
        #expect(scan.status == 1)
        #expect(scan.text.contains("1 entry has expired, and its finding counts again:\n    \(key)"))
        #expect(scan.text.contains("1 entry is about nothing that is still here:\n    \(stale)"))

        let list = try Self.json(await Program.run(["ignore", "list", "--check", "--format", "json"], in: path))
        let states = try #require(list["entries"] as? [[String: Any]])
            .reduce(into: [:]) { $0[$1["fingerprint"] as? String ?? ""] = $1["state"] as? String }
        #expect(states == [stale: "stale", key: "expired", file: "active"])
        #expect(list["checked"] as? Bool == true)
        #expect(try await Program.run(["ignore", "list"], in: path).text.contains("2 active and 1 expired"))

        let unasked = try await Program.run(["ignore", "prune"], in: path, wrapper: ["setsid", "-w"])
        #expect(unasked.status == 64 && unasked.errorText.contains("add --yes"))
        #expect(Self.text(path) == text)
        let shown = try await Program.run(["ignore", "prune", "--dry-run"], in: path)
        #expect(shown.text.contains("2 entries would be taken away") && Self.text(path) == text)
        let pruned = try await Program.run(["ignore", "prune", "--yes"], in: path)
        #expect(pruned.status == 0 && pruned.text.contains("2 entries taken away"))
        #expect(Self.text(path) == "# by hand\n\n" + block(file, "2099-01-01").dropLast())
        #expect(try await Program.run(["ignore", "prune", "--yes"], in: path).text == "Nothing to take away.\n")
    }

    @Test func `after a merge with neighbours on both sides, one command joins them`() async throws {
        let path = try await Self.leaky()
        try Scratch.write("# empty\n", to: path + "/" + Self.file)
        try await Git.commit([:], in: path)
        try await Git.run(["branch", "other"], in: path)
        for (branch, name) in [("main", "1000000000000001"), ("other", "1000000000000002")] {
            try await Git.run(["checkout", "--quiet", branch], in: path)
            _ = try await Program.run(["ignore", "add", name, "--reason", "on \(branch)"], in: path)
            try await Git.commit([:], in: path)
        }
        await #expect(throws: Git.Failure.self) { try await Git.run(["merge", "--quiet", "main"], in: path) }
        let refused = try await Program.run(["scan", path])
        #expect(refused.status == 3 && refused.errorText.contains("migrate ignore merge"))
        #expect(refused.output.isEmpty)
        let merged = try await Program.run(["ignore", "merge"], in: path)
        #expect(merged.status == 0 && merged.text.contains("Both sides taken: 2 entries"))
        #expect(Self.text(path).contains("on main") && Self.text(path).contains("on other"))
        #expect(Self.text(path).contains("# empty"))
        #expect(try await Program.run(["ignore", "merge"], in: path).text.contains("There is no conflict"))
        #expect(try await Program.run(["scan", path]).status == 1)
    }

    @Test(arguments: [
        (["ignore", "add", "0123456789abcdef"], 64, "--reason"),
        (["ignore", "add", "--reason", "x"], 64, "Which finding"),
        (["ignore", "add", "--all", "0123456789abcdef", "--reason", "x"], 64, "--all takes no fingerprints"),
        (["ignore", "add", "0123456", "--reason", "x"], 64, "is no fingerprint"),
        (["ignore", "add", "not-hexadecimal", "--reason", "x"], 64, "is no fingerprint"),
        (["ignore", "add", "01234567", "--reason", "x"], 3, "there is no finding 01234567"),
        (["ignore", "add", "0123456789abcdef", "--reason", " "], 64, "--reason takes one line"),
        (["ignore", "add", "0123456789abcdef", "--reason", "a\nb"], 64, "--reason takes one line"),
        (["ignore", "add", "0123456789abcdef", "--reason", "x", "--until", "soon"], 64, "--until takes a day"),
        (["ignore", "add", "0123456789abcdef", "--reason", "x", "--until", "2020-01-01"], 64, "is over"),
        (["ignore", "remove", "0123456789abcdef"], 3, "has no entry"),
        (["scan", "--baseline", ""], 64, "--baseline is empty"),
        (["scan", "--baseline", "none.json"], 3, "none.json: there is no such file; nothing was scanned"),
        (["scan", "--baseline", "key.py"], 3, "no JSON"),
        (["scan", "--baseline", "x", "--no-ignore"], 64, "contradict"),
    ])
    func `what cannot be done is told in a line, and nothing is written`(
        words: [String], status: Int32, message: String
    ) async throws {
        let path = try await Self.leaky()
        let outcome = try await Program.run(words, in: path)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
        #expect(outcome.output.isEmpty && !FileManager.default.fileExists(atPath: path + "/.migrate"))
    }

    @Test func `a credential in a reason is refused, and is not repeated`() async throws {
        let path = try await Self.leaky()
        let key = FakeKey.sendGrid(8)
        let outcome = try await Program.run(["ignore", "add", "--all", "--reason", "was \(key)"], in: path)
        #expect(outcome.status != 0 && !outcome.errorText.contains(key.suffix(40)))
        #expect(Self.text(path).isEmpty)
    }

    @Test func `a damaged file stops everything but --no-ignore`() async throws {
        let path = try await Self.leaky()
        try Scratch.write("- fingerprint: 0123456789abcdef\n  reson: x\n", to: path + "/" + Self.file)
        for words in [
            ["scan"], ["ignore", "list"], ["ignore", "add", "--all", "--reason", "x"], ["ignore", "prune", "-y"],
        ] {
            let outcome = try await Program.run(words, in: path)
            #expect(outcome.status == 3 && outcome.output.isEmpty, "\(words)")
            #expect(
                outcome.errorLines.first?.contains("ignore.yml:2: unknown key `reson`; did you mean `reason`?") == true)
        }
        #expect(try await Program.run(["scan", "--no-ignore"], in: path).status == 1)
    }

    @Test func `a link does not lead out of the repository`() async throws {
        let path = try await Self.leaky()
        let outside = try Scratch.folder("outside")
        try FileManager.default.createSymbolicLink(atPath: path + "/.migrate", withDestinationPath: outside)
        let folder = try await Program.run(["ignore", "add", "--all", "--reason", "x"], in: path)
        #expect(folder.status == 3 && folder.errorText.contains("leads out of the repository"))
        try FileManager.default.removeItem(atPath: path + "/.migrate")
        try FileManager.default.createDirectory(atPath: path + "/.migrate", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: path + "/" + Self.file, withDestinationPath: outside + "/target")
        let file = try await Program.run(["ignore", "add", "--all", "--reason", "x"], in: path)
        #expect(file.status == 3 && Scratch.names(in: outside).isEmpty)
    }

    @Test func `ten at once lose nothing`() async throws {
        let path = try await Self.leaky()
        let names = (0..<10).map { "\($0)00000000000000a" }
        let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
            for name in names {
                group.addTask {
                    // Whoever comes too late is told so, and tries again.
                    for _ in 0..<200 {
                        let outcome = try await Program.run(["ignore", "add", name, "--reason", "x"], in: path)
                        if outcome.status == 0 { return 0 }
                        guard outcome.errorText.contains("somebody else is writing") else { return outcome.status }
                    }
                    return -1
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == 0 })
        for name in names { #expect(Self.text(path).contains(name)) }
        #expect(Scratch.names(in: path + "/.migrate") == ["ignore.yml"])
    }

    @Test func `our own report is a baseline`() async throws {
        let path = try await Self.leaky()
        let report = try Scratch.folder("baseline") + "/report.json"
        _ = try await Program.run(["scan", path, "--format", "json", "-o", report])
        for option in ["--baseline", "--baseline-path", "-b"] {
            let outcome = try await Program.run(["scan", path, option, report])
            #expect(outcome.status == 0 && outcome.text.contains("Accepted (3): by"), "\(option)")
        }
        try await Git.commit(["new.py": "KEY = \"\(FakeKey.sendGrid(5))\"\n"], in: path)
        #expect(try await Program.run(["scan", path, "--baseline", report]).status == 1)
    }

    @Test func `comments on the line are honoured, and --no-ignore sees past them`() async throws {
        let path = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid(1))\"  # gitleaks:allow\n"])
        let outcome = try await Program.run(["scan", path])
        #expect(outcome.status == 0 && outcome.text.contains("Accepted (1): by comments on their lines"))
        #expect(try await Program.run(["scan", path, "--no-ignore"]).status == 1)
    }
}
