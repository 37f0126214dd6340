// A file of production's that only says which secret to read: it belongs into git, though its name is a dotenv file's.

import Checklist
import Settings
import TestServers
import Testing

@testable import Steps

@Suite("Dotenv files that hold no secret")
struct PointerFileTests {
    private static let pointer = "AWS_SECRET_NAME=fluxion/production\nAWS_REGION=eu-west-1\nPORT=8080\n"

    private func bench(_ text: String = pointer) throws -> Bench {
        let bench = try Bench()
        try bench.repository.write("deploy/production.env", text)
        try bench.repository.write(
            ".gitignore", ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n!.env.dist\n")
        try bench.repository.write("app.py", "import os\n").commit("Start")
        return bench
    }

    private func workbench(_ bench: Bench, places: [String]?) throws -> Workbench {
        guard let places else { return bench.workbench() }
        let text = "steps:\n  production-config:\n    places: [\(places.joined(separator: ", "))]\n"
        let settings = try Configuration.parse(Array(text.utf8), path: ".migrate/config.yml")
        return bench.workbench { $0.settings = settings }
    }

    @Test("One that the settings name as production's stays in git, and nothing is asked for on its account")
    func named() async throws {
        let bench = try bench()
        for places in [["deploy/production.env"], ["./deploy/production.env", "app.py"]] {
            let workbench = try workbench(bench, places: places)
            for kind in ["untrack", "gitignore", "dotenv-template"] {
                let observation = try await Bench.kind(kind, on: workbench).observe(StepRecord())
                #expect(observation.evidence != nil, "\(kind): \(observation)")
            }
        }
    }

    @Test("One that nobody names needs no template; git is not to keep it")
    func unnamed() async throws {
        let workbench = try workbench(try bench(), places: nil)
        #expect(try await Bench.kind("dotenv-template", on: workbench).observe(StepRecord()).evidence != nil)
        let untrack = try await Bench.kind("untrack", on: workbench).observe(StepRecord())
        #expect(untrack.reason?.contains("deploy/production.env") == true)
    }

    @Test(
        "A secret in it, on disk or staged, makes it one as any other, whoever names it",
        arguments: [
            "JWT_SECRET_KEY=9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928\n",
            "# DATABASE_URL=postgres://app:h4rb0rEmber77x@db.fluxion.example/app\n",
        ])
    func secret(line: String) async throws {
        let bench = try bench(Self.pointer + line)
        let workbench = try workbench(bench, places: ["deploy/production.env"])
        #expect(try await Bench.kind("untrack", on: workbench).observe(StepRecord()).reason != nil)
        // Gone from disk, and still what git would commit.
        try bench.repository.write("deploy/production.env", Self.pointer)
        #expect(try await Bench.kind("untrack", on: workbench).observe(StepRecord()).reason != nil)
    }

    @Test("Beside a .env file with secrets, its keys go into their template")
    func beside() async throws {
        let bench = try bench()
        try bench.repository.write("deploy/.env", "JWT_SECRET_KEY=9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928\n")
        let workbench = try workbench(bench, places: nil)
        let preview = try await Bench.kind("dotenv-template", on: workbench).preview(StepRecord(), answers: Answers())
        #expect(preview.text.contains("JWT_SECRET_KEY") && preview.text.contains("PORT"))
    }
}
