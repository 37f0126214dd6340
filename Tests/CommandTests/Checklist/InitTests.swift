// `migrate init`, end to end: what it finds, what it writes, what it never touches.

import Foundation
import Testing

@Suite("migrate init")
struct InitTests {
    /// A repository of a small backend with a committed dotenv file.
    private func repository() async throws -> Workplace {
        let place = try Workplace.bare()
        try place.write("{\"dependencies\": {\"express\": \"5\"}}", to: "backend/package.json")
        try place.write("const key = process.env.SENDGRID_API_KEY\nprocess.env.PORT\n", to: "backend/server.js")
        try place.write(
            "services:\n  app:\n    environment: [\"X=${JWT_SECRET_KEY}\"]\n", to: "docker-compose.prod.yml")
        try place.write("PORT=3000\nSENDGRID_API_KEY=\(Self.key)\nJWT_SECRET_KEY=\(Self.signing)\n", to: "backend/.env")
        try place.write("SENDGRID_API_KEY=\(Self.key)\n", to: "backend/.env.development")
        try expectDone(
            await place.shell(
                "git init -q && git add -A && git -c user.name=A -c user.email=a@example.com commit -qm first"
                    + " && git remote add origin https://example.com/team/shop.git"))
        return place
    }

    /// Made up; they only look like what they are not.
    private static let key =
        "SG." + String("qT4xV9bLm2Rz7KcW1pYd8E".prefix(22)) + "." + "hN3fJ6sUa0Gv5iXoB2tQeZ8rMkC4wPy7LdS1nVjHxFq"
    private static let signing = "9f1c7e3ab52d80466e1fd3c8a7b90e42"

    private func settings(_ place: Workplace) -> String {
        String(decoding: Scratch.bytes(place.folder + "/.migrate/config.yml"), as: UTF8.self)
    }

    @Test func `it writes what it found, explained, and no value of a secret`() async throws {
        let place = try await repository()
        let outcome = try await place.migrate(["init", "--yes"], changes: ["AWS_REGION": "eu-west-1"])
        try expectDone(outcome)
        for word in [
            "Node.js (backend/package.json)", "Express", "Docker Compose (docker-compose.prod.yml)", "backend/.env",
            "SENDGRID_API_KEY", "aws-secrets-manager", "leak-response", "rotate-sendgrid", "migrate plan",
        ] {
            #expect(outcome.text.contains(word), "\(word): \(outcome.text)")
        }
        let text = settings(place)
        for line in [
            "store: aws", "secret: shop/production", "  region: eu-west-1", "  dialect: node",
            "checklist: aws-secrets-manager",
            "#      - backend/.env", "    env-file: backend/.env.development", "#    generate: [JWT_SECRET_KEY]",
            "#    run: [npm, test]", "#      - docker-compose.prod.yml",
        ] {
            #expect(text.split(separator: "\n").contains(Substring(line)), "\(line) in\n\(text)")
        }
        // The other commands take it as it is.
        let scan = try await place.migrate("scan", "--quiet")
        #expect(scan.status == 1 && scan.errorText.isEmpty, "\(scan.errorText)")
        for secret in [Self.key, Self.signing, String(Self.key.suffix(43))] {
            #expect(!outcome.text.contains(secret) && !outcome.errorText.contains(secret) && !text.contains(secret))
        }
    }

    @Test func `lines on the screen fit in eighty columns, but for those of the file`() async throws {
        let place = try await repository()
        let outcome = try await place.migrate(["init", "--dry-run"], changes: ["COLUMNS": "80"])
        try expectDone(outcome)
        let head = outcome.text.components(separatedBy: ".migrate/config.yml\n")[0]
        let long = head.split(separator: "\n").filter { $0.count > 100 }
        #expect(long.isEmpty, "\(long)")
        let file = settings(place)
        #expect(file.isEmpty)
    }

    @Test func `settings that are there are never changed`() async throws {
        let place = try await repository()
        try place.write("version: 1\n", to: ".migrate/config.yml")
        expectOneLine(
            try await place.migrate("init", "--yes"), status: 3, ".migrate/config.yml already", "migrate plan")
        expectOneLine(try await place.migrate("init", "--yes", "--copy-checklist"), status: 3, "already")
        #expect(settings(place) == "version: 1\n")
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/.migrate/checklists"))
    }

    @Test func `a dry run shows the file and writes nothing`() async throws {
        let place = try await repository()
        let outcome = try await place.migrate("init", "--dry-run", "--store", "local", "--secret", "own/name")
        try expectDone(outcome)
        #expect(
            outcome.text.contains("  secret: own/name") && outcome.text.contains("  store: local"), "\(outcome.text)")
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/.migrate"))
    }

    @Test func `it asks before it writes`() async throws {
        let place = try await repository()
        let no = try await TerminalSession(
            place, ["init"], [.init(after: "Write .migrate/config.yml? [y/N]", type: "\n")]
        ).run()
        #expect(no.status == 3 && no.text.contains("nothing was changed"), "\(no.text)")
        #expect(settings(place).isEmpty)
        let yes = try await TerminalSession(
            place, ["init"], [.init(after: "Write .migrate/config.yml? [y/N]", type: "y\n")]
        ).run()
        #expect(yes.status == 0 && yes.text.contains("Wrote .migrate/config.yml"), "\(yes.text)")
        #expect(settings(place).contains("secret: shop/production"))
        let alone = try await Workplace.bare()
        try expectDone(await alone.shell("git init -q"))
        let outcome = try await alone.withoutTerminal(["init"])
        #expect(outcome.status == 64 && outcome.errorText.contains("add --yes"), "\(outcome.errorText)")
    }

    @Test func `a checklist can be copied, to change it`() async throws {
        let place = try await repository()
        try expectDone(await place.migrate("init", "--yes", "--checklist", "leak-response", "--copy-checklist"))
        let copy = place.folder + "/.migrate/checklists/leak-response.yml"
        #expect(String(decoding: Scratch.bytes(copy), as: UTF8.self).contains("id: leak-response"))
        #expect(settings(place).contains("\nchecklist: .migrate/checklists/leak-response.yml\n"))
        // The copy is somebody's work from now on.
        try FileManager.default.removeItem(atPath: place.folder + "/.migrate/config.yml")
        expectOneLine(
            try await place.migrate("init", "--yes", "--checklist", "leak-response", "--copy-checklist"), status: 3,
            "leak-response.yml", "already")
        try expectDone(await place.migrate("init", "--yes", "--checklist", ".migrate/checklists/leak-response.yml"))
    }

    @Test func `JSON says the same to a program`() async throws {
        let place = try await repository()
        let outcome = try await place.migrate("init", "--yes", "--format", "json")
        try expectDone(outcome)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        #expect(document["schema"] as? String == "migrate.init/1" && document["written"] as? Bool == true)
        let variables = document["variables"] as? [[String: Any]] ?? []
        #expect(variables.map { $0["name"] as? String } == ["JWT_SECRET_KEY", "PORT", "SENDGRID_API_KEY"])
        let files = document["files"] as? [[String: Any]] ?? []
        #expect(files.first?["text"] as? String == settings(place))
    }

    @Test func `an empty repository gets settings too`() async throws {
        let place = try Workplace.bare()
        try expectDone(await place.shell("git init -q"))
        try expectDone(await place.migrate("init", "--yes"))
        #expect(settings(place).contains("secret: work/production"))
        try expectDone(await place.migrate("scan", "--quiet"))
    }

    @Test func `without a worktree there is one clear line`() async throws {
        let place = try Workplace.bare()
        expectOneLine(try await place.migrate("init", "--yes"), status: 3, "in no git repository", "git init")
        try expectDone(await place.shell("git init -q --bare"))
        expectOneLine(try await place.migrate("init", "--yes"), status: 3, "bare repository", "clone")
    }

    @Test func `what cannot be meant is refused before anything is done`() async throws {
        let place = try await repository()
        expectOneLine(
            try await place.migrate("init", "--yes", "--checklist", "leak-respons"), status: 64,
            "no checklist leak-respons", "--checklist leak-response")
        expectOneLine(try await place.migrate("init", "--yes", "--checklist", "own.yml"), status: 3, "own.yml")
        for words in [
            ["--secret", ""], ["--region", "Ireland"], ["--store", "local", "--region", "eu-west-1"],
            ["--yes", "--dry-run"],
            ["--copy-checklist", "--checklist", "own.yml"], ["--checklist", "../own.yml"], ["--store", "gcp"],
        ] {
            let outcome = try await place.migrate(["init"] + words)
            #expect(outcome.status == 64 && outcome.output.isEmpty, "\(words): \(outcome.errorText)")
        }
        let value = try await place.migrate("init", "--yes", "--secret", Self.key)
        #expect(value.status == 64 && !value.errorText.contains(Self.key), "\(value.errorText)")
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/.migrate"))
    }

    @Test func `a link in the place of the folder is not followed`() async throws {
        let place = try await repository()
        let outside = try Scratch.folder("outside")
        try FileManager.default.createSymbolicLink(atPath: place.folder + "/.migrate", withDestinationPath: outside)
        expectOneLine(try await place.migrate("init", "--yes"), status: 3, ".migrate", "is no folder")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
    }
}
