// Where values come from, and what a rollback does not bring back.

import Foundation
import TestServers
import Testing

@Suite struct SourceTests {
    private func place(_ values: [(key: String, value: String)] = []) async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare(values)
        return place
    }

    @Test(
        arguments: [
            ("v", "v", false), ("v\n", "v", false), ("v\r\n", "v", false), ("v\n\n", "v\n", false), ("\n", "", false),
            (" v ", " v ", false), ("v\n", "v\n", true), ("a\nb", "a\nb", false),
        ])
    func `standard input is taken as it is, but for one line break at its end`(
        input: String, value: String, keeps: Bool
    ) async throws {
        let place = try await place()
        try expectDone(
            await place.migrate(
                ["secret", "set", place.secret, "KEY", "--allow-empty"] + (keeps ? ["--keep-newline"] : []),
                bytes: Array(input.utf8)))
        #expect(try await place.value("KEY") == value)
    }

    @Test(arguments: ["", "\n"])
    func `a pipe that brings nothing is taken for a command that failed`(input: String) async throws {
        let place = try await place([("KEY", "before")])
        let outcome = try await place.migrate("secret", "set", place.secret, "KEY", "--yes", input: input)
        expectOneLine(outcome, status: 3, "KEY is empty", "--allow-empty")
        #expect(try await place.value("KEY") == "before")
    }

    @Test func `a file descriptor or a file can bring the value while standard input stays unread`() async throws {
        let place = try await place()
        try place.write("from a descriptor\n", to: "one")
        try place.write("from a file\n", to: "two")
        let outcome = try await place.shell(
            """
            echo unread | { "$MIGRATE" secret set \(place.secret) ONE --fd 3 $STORE 3<one && \
            "$MIGRATE" secret set \(place.secret) TWO --from-file two $STORE && cat; }
            """)
        #expect(outcome.text.hasSuffix("unread\n"), "\(outcome.errorText)")
        #expect(try await place.value("ONE") == "from a descriptor")
        #expect(try await place.value("TWO") == "from a file")
        // Closed by name: the test process may have handed on some of its own.
        expectOneLine(
            try await place.shell(#""$MIGRATE" secret set \#(place.secret) ONE --fd 9 $STORE 9<&-"#), status: 3,
            "descriptor 9")
        for path in ["absent", "."] {
            expectOneLine(
                try await place.migrate("secret", "set", place.secret, "ONE", "--from-file", path), status: 3)
        }
    }

    @Test(
        arguments: [
            ("hex", 32, 64, "0123456789abcdef"),
            ("base64", 33, 44, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="),
            ("base64url", 32, 43, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            ("alnum", 40, 54, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            ("uuid", 16, 36, "0123456789abcdef-"),
        ])
    func `generated values have the asked length and alphabet, are never alike and never shown`(
        format: String, bytes: Int, length: Int, alphabet: String
    ) async throws {
        let place = try await place()
        var values: Set<String> = []
        for key in ["ONE", "TWO"] {
            let outcome = try await place.migrate(
                "secret", "generate", place.secret, key, "--format", format, "--bytes", "\(bytes)")
            #expect(outcome.status == 0, "\(outcome.errorText)")
            let value = try #require(try await place.value(key))
            #expect(value.count == length && value.allSatisfy(alphabet.contains))
            #expect(!(outcome.text + outcome.errorText).contains(value))
            values.insert(value)
        }
        #expect(values.count == 2)
    }

    @Test func `a value that is there is not generated anew without consent`() async throws {
        let place = try await place([("KEY", "before")])
        let outcome = try await place.withoutTerminal(["secret", "generate", place.secret, "KEY"])
        #expect(outcome.status == 64 && outcome.errorText.contains("--yes"))
        #expect(try await place.value("KEY") == "before")
    }

    @Test func `a finding's value goes into the store without being shown or typed`() async throws {
        let place = try await place()
        let key = FakeKey.sendGrid(21)
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        try await Git.commit(["mail.py": "KEY = \"\(key)\"\n"], in: place.folder)
        let scan = try await Program.run(["scan", place.folder, "--format", "json"]).report()
        let fingerprint = try #require(scan.findings.first).fingerprint
        let outcome = try await place.migrate(
            "secret", "set", place.secret, "SENDGRID_API_KEY", "--finding", fingerprint)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(!(outcome.text + outcome.errorText).contains(key.suffix(30)))
        #expect(try await place.value("SENDGRID_API_KEY") == key)
        expectOneLine(
            try await place.migrate("secret", "set", place.secret, "K", "--finding", "0123456789abcdef"), status: 3,
            "no finding")
    }

    @Test func `a rollback does not bring back a value that was committed, unless that is asked for`() async throws {
        let place = try await place()
        let leaked = FakeKey.sendGrid(22)
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        try await Git.commit(["mail.py": "KEY = \"\(leaked)\"\n"], in: place.folder)
        for value in [leaked, FakeKey.sendGrid(23)] {
            try expectDone(
                await place.migrate("secret", "set", place.secret, "SENDGRID_API_KEY", "--yes", input: value))
        }
        let refused = try await place.migrate("secret", "rollback", place.secret, "--yes")
        #expect(refused.status == 3 && refused.output.isEmpty)
        #expect(refused.errorText.contains("SENDGRID_API_KEY (finding "), "\(refused.errorText)")
        #expect(!refused.errorText.contains(leaked.suffix(30)))
        #expect(try await place.value("SENDGRID_API_KEY") == FakeKey.sendGrid(23))
        try expectDone(await place.migrate("secret", "rollback", place.secret, "--yes", "--allow-leaked"))
        #expect(try await place.value("SENDGRID_API_KEY") == leaked)
    }

    @Test func `versions are named by id, by the first part of it, and by stage`() async throws {
        let place = try await place([("KEY", "one-1")])
        let first = try #require(try await place.versions().first?.split(separator: " ").first.map(String.init))
        try expectDone(await place.migrate("secret", "set", place.secret, "KEY", "--yes", input: "two-2"))
        for version in [first, String(first.prefix(8)), "AWSPREVIOUS"] {
            let outcome = try await place.migrate(
                "secret", "get", place.secret, "KEY", "--show", "--version", version)
            #expect(outcome.text == "one-1", "\(version): \(outcome.errorText)")
        }
        for version in ["zzzz", "AWSPENDING", String(first.prefix(2))] {
            expectOneLine(
                try await place.migrate("secret", "get", place.secret, "--version", version), status: 3, "no version")
        }
        try expectDone(await place.migrate("secret", "rollback", place.secret, "--to", first, "--yes"))
        #expect(try await place.value("KEY") == "one-1")
    }
}
