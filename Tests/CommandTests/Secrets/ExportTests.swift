// `migrate export`: values in the form that another program reads, and only where they may go.

import Foundation
import TestServers
import Testing

@Suite struct ExportTests {
    private static let odd = "two words\n'single' \"double\" $HOME `id` \\ # ü;"

    private func place() async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare([("ODD", Self.odd), ("PLAIN", "plain")])
        return place
    }

    @Test func `a shell that evaluates the export has the same bytes`() async throws {
        let place = try await place()
        let outcome = try await place.shell(
            """
            eval "$("$MIGRATE" export -f shell --secret \(place.secret) $STORE)"
            sh -c 'printf "%s|%s" "$ODD" "$PLAIN"'
            """)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text == Self.odd + "|plain")
    }

    @Test func `JSON says the same values`() async throws {
        let place = try await place()
        let outcome = try await place.migrate("export", "-f", "json", "--secret", place.secret)
        let values = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: String]
        #expect(values == ["ODD": Self.odd, "PLAIN": "plain"])
    }

    @Test func `a dotenv export is imported to the same values`() async throws {
        let place = try await place()
        let words = ["export", "-f", "dotenv", "--secret", place.secret, "--dialect", "node"]
        let all = try await place.migrate(words)
        if all.status == 0 {
            try place.write(all.text, to: "all.env")
            let diff = try await place.migrate(
                "secret", "diff", "all.env", "--dialect", "node", "--secret", place.secret)
            #expect(diff.status == 0, "\(diff.text)")
        } else {
            // A dialect without such a spelling is refused, never given something near it.
            expectOneLine(all, status: 3, "ODD")
        }
        let plain = try await place.migrate("export", "-f", "dotenv", "--only", "PLAIN", "--secret", place.secret)
        #expect(plain.text.contains("PLAIN=plain"))
    }

    @Test func `a file has mode 0600 and is whole`() async throws {
        let place = try await place()
        let outcome = try await place.migrate(
            "export", "-f", "json", "--secret", place.secret, "--output", "values.json")
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errorText)")
        let path = place.folder + "/values.json"
        #expect(Scratch.permissions(path) == 0o600)
        #expect(String(decoding: Scratch.bytes(path), as: UTF8.self).contains("\"PLAIN\""))
        #expect(Scratch.names(in: place.folder) == ["values.json"])
    }

    @Test func `an older file that others could read does not stay readable`() async throws {
        let place = try await place()
        try place.write("old", to: "values.json")
        Scratch.setPermissions(0o644, place.folder + "/values.json")
        try expectDone(
            await place.migrate("export", "-f", "json", "--secret", place.secret, "--output", "values.json"))
        #expect(Scratch.permissions(place.folder + "/values.json") == 0o600)
    }

    @Test func `a file that git would take is refused, in a subfolder too; an ignored one is written`() async throws {
        let place = try await place()
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        try place.write("*.secret.json\n", to: ".gitignore")
        try place.write("", to: "sub/keep")
        for path in ["values.json", "sub/values.json", "./values.json", place.folder + "/sub/values.json"] {
            expectOneLine(
                try await place.migrate("export", "-f", "json", "--secret", place.secret, "--output", path), status: 64,
                "git does not ignore")
        }
        #expect(Scratch.names(in: place.folder + "/sub") == ["keep"])
        #expect(!Scratch.names(in: place.folder).contains("values.json"))
        try expectDone(
            await place.migrate("export", "-f", "json", "--secret", place.secret, "--output", "sub/a.secret.json"))
    }

    @Test func `a tracked file is refused though a rule would ignore it`() async throws {
        let place = try await place()
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        try place.write("", to: "values.json")
        try await Git.commit([:], in: place.folder)
        try place.write("values.json\n", to: ".gitignore")
        expectOneLine(
            try await place.migrate("export", "-f", "json", "--secret", place.secret, "--output", "values.json"),
            status: 64)
        #expect(Scratch.bytes(place.folder + "/values.json").isEmpty)
    }

    @Test func `a terminal is no place for values unless they are asked for there`() async throws {
        let place = try await place()
        let words = ["export", "-f", "shell", "--secret", place.secret]
        let refused = try await TerminalSession(place, words).run()
        #expect(refused.status == 64)
        #expect(refused.text.contains("this would show the values on your screen"))
        #expect(!refused.text.contains("plain"))
        let shown = try await TerminalSession(place, words + ["--show-secrets"]).run()
        #expect(shown.status == 0)
        #expect(shown.text.contains("PLAIN="))
    }

    @Test(arguments: ["ecs", "k8s-secret", "external-secret", "terraform"])
    func `formats by reference hold no value`(format: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        let canaries = Canaries()
        try await place.prepare([("SENDGRID_API_KEY", canaries.sendGrid), ("PIN", canaries.pin)])
        let outcome = try await place.migrate("export", "-f", format, "--secret", place.secret)
        if outcome.status == 0 {
            #expect(canaries.traces(in: outcome.output).isEmpty)
            #expect(outcome.text.contains("SENDGRID_API_KEY"))
        } else {
            expectOneLine(outcome, status: 64)
        }
        await double.stop()
    }

    @Test func `ECS gets the whole ARN with the key's name`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try await place.prepare([("TOKEN", "v")])
        let outcome = try await place.migrate("export", "-f", "ecs", "--secret", place.secret)
        #expect(outcome.text.contains("\(try #require(double.arn(of: place.secret))):TOKEN::"), "\(outcome.text)")
        await double.stop()
    }

    @Test func `outside of a workflow github-actions is refused, inside it masks and sets`() async throws {
        let place = try Workplace.local()
        try await place.prepare([("TOKEN", "abc\ndef")])
        let words = ["export", "-f", "github-actions", "--secret", place.secret]
        expectOneLine(try await place.migrate(words), status: 64, "github-actions")
        try place.write("", to: "env")
        let changes: [String: String?] = ["GITHUB_ACTIONS": "true", "GITHUB_ENV": place.folder + "/env"]
        let outcome = try await place.migrate(words, changes: changes)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.contains("::add-mask::abc"))
        #expect(String(decoding: Scratch.bytes(place.folder + "/env"), as: UTF8.self).contains("abc\ndef\n"))
    }
}
