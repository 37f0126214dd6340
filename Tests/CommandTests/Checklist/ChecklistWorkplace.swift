// A repository as the guide's story has it, with committed .env files, and all that its checklist is about: a store, an
// account of SendGrid, a person with a home of their own.

import Foundation
import TestServers
import Testing

/// Everything in it is new for each test: nothing is shared but a server of moto.
struct ChecklistWorkplace {
    /// Home, store and the folder with the repository.
    var place: Workplace
    let kind: StoreKind
    let sendGrid: SendGridDouble
    let leaked: Leaked

    /// What stands in the commits.
    struct Leaked {
        /// The key of production, live at SendGrid.
        let sendGrid = FakeKey.sendGrid(UInt64.random(in: 1...UInt64.max))
        let jwt = Self.hexadecimal(64)
        let password = "Harbor" + Self.hexadecimal(10) + "Ember!"

        var all: [String] { [sendGrid, jwt, password] }
        /// The key's public id.
        var sendGridID: String { String(sendGrid.split(separator: ".")[1]) }

        private static func hexadecimal(_ count: Int) -> String {
            String((0..<count).map { _ in "0123456789abcdef".randomElement() ?? "0" })
        }
    }

    var repository: String { place.folder }
    var secret: String { place.secret }

    /// - Parameters:
    ///   - kind: where the secret is to be kept.
    ///   - settings: lines for `.migrate/config.yml` in place of `automaticSettings`, below those about the store.
    ///   - double: of Secrets Manager, for the kind `double`; nil for a new one.
    static func make(
        _ kind: StoreKind = .vault, settings: String? = nil, on double: SecretsManagerDouble? = nil
    ) async throws -> ChecklistWorkplace {
        var place: Workplace
        if let double { place = try Workplace.on(double) } else { place = try await Workplace.on(kind) }
        let sendGrid = try await SendGridDouble.startKept()
        // The settings and the environment name the store, as in real life.
        if let index = place.storeArguments.firstIndex(of: "--endpoint-url") {
            place.changes["AWS_ENDPOINT_URL"] = place.storeArguments[index + 1]
        }
        place.storeArguments = []
        place.changes["MIGRATE_SENDGRID_URL"] = sendGrid.url
        place.changes["SENDGRID_ADMIN_KEY"] = sendGrid.adminKey.text
        let workplace = ChecklistWorkplace(place: place, kind: kind, sendGrid: sendGrid, leaked: Leaked())
        sendGrid.add("Fluxion Production", scopes: ["mail.send"], text: workplace.leaked.sendGrid)
        try await workplace.makeRepository(settings: settings ?? automaticSettings)
        return workplace
    }

    /// The same repository for somebody else: a clone in a folder of its own, with the same home and store.
    func clone(_ name: String, person: String, email: String) async throws -> ChecklistWorkplace {
        var other = self
        other.place.folderName = name
        try await Git.run(["clone", "--quiet", "--template=", repository, other.repository], in: place.root)
        try await other.git("config", "user.name", person)
        try await other.git("config", "user.email", email)
        return other
    }

    // MARK: The repository

    /// What makes every step one that a program can do: commands, places, a short minute.
    static let automaticSettings = """
        steps:
          local-development:
            run: [sh, backend/check.sh]
            env-file: backend/.env.development
          production-config:
            places: [deploy/fluxion.service]
          production-test:
            run: [sh, -c, "exit 0"]
          restart-consumers:
            run: [sh, -c, "exit 0"]
          delete-old-keys:
            seconds-apart: 1
          rotation-schedule:
            owner: Mara
          access-watch:
            principals: ["*"]

        """

    private func makeRepository(settings: String) async throws {
        try await git("init", "--quiet", "--template=")
        try await git("config", "user.name", "Mara Lindqvist")
        try await git("config", "user.email", "mara@fluxion.example")
        try write(
            """
            # Fluxion
            SENDGRID_API_KEY=\(leaked.sendGrid)
            JWT_SECRET_KEY="\(leaked.jwt)"

            # Database
            SQL_SERVER_HOST=sql.fluxion.example
            SQL_SERVER_PASSWORD='\(leaked.password)'

            """, to: "backend/.env")
        try write("SQL_SERVER_HOST=localhost\nDEBUG=1\n", to: "backend/.env.development")
        try write("# Fluxion\nSENDGRID_API_KEY=\n", to: "backend/.env.example")
        try write("test -n \"$SQL_SERVER_HOST\"\n", to: "backend/check.sh")
        try write("import os\n\nkey = os.environ[\"SENDGRID_API_KEY\"]\n", to: "backend/app.py")
        try write("__pycache__/\n", to: ".gitignore")
        try write(
            "[Service]\nEnvironment=AWS_SECRET_NAME=\(secret)\nExecStart=/usr/bin/python3 backend/app.py\n",
            to: "deploy/fluxion.service")
        let store = kind == .vault ? "store: local" : "store: aws"
        try write("\(store)\nsecret: \(secret)\n\(settings)", to: ".migrate/config.yml")
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message", "Start")
        try write("import os\n\nkey = os.environ.get(\"SENDGRID_API_KEY\")\n", to: "backend/app.py")
        try await git("commit", "--quiet", "--all", "--message", "Read the key softly")
    }

    /// Git as the person has it who works in this repository.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let words = ["git", "-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false", "-c", "gc.auto=0"]
        let outcome = try await Running(
            words + arguments, in: repository, input: "/dev/null", output: nil,
            environment: place.environment(["GIT_CONFIG_GLOBAL": "/dev/null"])
        ).end()
        guard outcome.status == 0 else {
            throw Git.Failure(command: arguments.joined(separator: " "), reason: outcome.errorText)
        }
        return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func write(_ text: String, to path: String) throws { try Scratch.write(text, to: repository + "/" + path) }

    func text(_ path: String) -> String { String(decoding: Scratch.bytes(repository + "/" + path), as: UTF8.self) }

    /// The bytes of every file in the repository, git's own included, by path.
    func everything() -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in Scratch.files(below: repository) {
            files[String(path.dropFirst(repository.count + 1))] = Scratch.bytes(path)
        }
        return files
    }

    // MARK: Running

    /// Answers to everything that the checklist asks about this repository.
    var answers: [String] {
        [
            "--suggested", "--answer-from", "value/SQL_SERVER_PASSWORD=\(newPasswordFile)", "--answer",
            "gate:attest=A hook refuses it", "--answer", "other-credentials:*=replaced-and-revoked",
        ]
    }

    /// Outside of the repository: the password that takes the leaked one's place.
    var newPasswordFile: String { place.home + "/new-password" }
    static let newPassword = "a-new-pass-phrase-nobody-has-seen"

    /// Runs `migrate` in the repository, where nobody is at a terminal.
    func migrate(_ words: String..., changes: [String: String?] = [:]) async throws -> Outcome {
        try await migrate(words, changes: changes)
    }

    func migrate(_ words: [String], changes: [String: String?] = [:]) async throws -> Outcome {
        try Scratch.write(Self.newPassword + "\n", to: newPasswordFile)
        var place = place
        place.changes.merge(changes) { $1 }
        return try await place.withoutTerminal(words)
    }

    /// `migrate apply WORDS --yes` with all answers.
    func apply(_ words: String..., changes: [String: String?] = [:]) async throws -> Outcome {
        try await migrate(["apply"] + words + ["--yes"] + answers, changes: changes)
    }

    /// All there is to do: what is left to a person, the commit, is made in between.
    func applyAll() async throws -> Outcome {
        _ = try await apply("--all")
        try await git("commit", "--quiet", "--message", "Stop tracking .env files")
        return try await apply("--all", "--wait", "1m")
    }

    /// At a pseudo-terminal, typed on by turns.
    func terminal(_ words: [String], _ turns: [TerminalSession.Turn]) async throws -> TerminalSession.Ending {
        try await TerminalSession(place, words, turns).run()
    }

    // MARK: Looking

    /// Where each step stands, as `migrate verify` tells programs: its standing by its id.
    func standings() async throws -> [String: String] {
        let outcome = try await migrate("verify", "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        let steps = try #require(report?["steps"] as? [[String: Any]], "\(outcome.errorText)")
        return Dictionary(
            uniqueKeysWithValues: steps.map { ($0["id"] as? String ?? "", $0["standing"] as? String ?? "") })
    }

    /// The state file.
    func state() throws -> State { try JSONDecoder().decode(State.self, from: Data(text(".migrate/state.json").utf8)) }

    struct State: Decodable {
        struct Step: Decodable {
            var state: String
            var events: [Event]
        }

        struct Event: Decodable {
            var event, at, by, tool: String
            var effect, token, summary, until: String?

            enum CodingKeys: String, CodingKey {
                case event, at, by, tool, effect, summary, until
                case token = "mark"
            }
        }

        var schema: String
        var steps: [String: Step]
    }

    /// Which secret values stand in what a run has written, and how often. Empty is good.
    func traces(in outcome: Outcome) -> [String] { traces(in: outcome.output + outcome.errors) }

    func traces(in bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        let secrets = [
            String(leaked.sendGrid.split(separator: ".")[2]), leaked.jwt, leaked.password, Self.newPassword,
            sendGrid.adminKey.text,
        ]
        return secrets.filter { text.contains($0) }
    }
}

extension SendGridDouble {
    /// Doubles whose tests know only their URL: they live as long as the test process.
    private static let kept = Kept()

    private actor Kept {
        var doubles: [SendGridDouble] = []
        func keep(_ double: SendGridDouble) { doubles.append(double) }
    }

    static func startKept() async throws -> SendGridDouble {
        let double = try await start()
        await kept.keep(double)
        return double
    }
}
