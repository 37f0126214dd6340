// `make demo`: the whole checklist on the sample repository, as the script goes through it.

import Foundation
import Testing

@Suite struct DemoChecklistTests {
    private struct Listed: Decodable {
        struct Step: Decodable { var id, standing: String }
        var steps: [Step]
    }

    /// The script's own run, which takes a while: what it wrote and the folder that it leaves.
    private func run() async throws -> (outcome: Outcome, folder: String, planted: [Demo.Planted]) {
        let folder = try Scratch.folder("checklist") + "/demo"
        var environment = Program.environment
        environment["MIGRATE_PROGRAM"] = Program.path
        let outcome = try await Running(
            ["bash", Demo.package + "/scripts/demo.sh", folder], in: Demo.package, input: "/dev/null", output: nil,
            environment: environment
        ).end()
        try #require(outcome.status == 0, "\(outcome.text.suffix(2000))\n\(outcome.errorText.suffix(2000))")
        let planted = try JSONDecoder().decode(
            [Demo.Planted].self, from: Data(Scratch.bytes(folder + "/planted.json")))
        return (outcome, folder, planted)
    }

    @Test func `the demo ends with a list that has no open step, and shows and writes down no value`() async throws {
        let (outcome, folder, planted) = try await run()
        let verified = Scratch.bytes(folder + "/verify.json")
        let list = try JSONDecoder().decode(Listed.self, from: Data(verified))
        #expect(list.steps.count == 18)
        #expect(list.steps.filter { $0.standing == "waived" }.map(\.id) == ["gate"])
        for step in list.steps where step.id != "gate" { #expect(["done", "not-applicable"].contains(step.standing)) }

        // What the repository's history held, and what has taken its place.
        let pieces = Demo(path: folder, planted: planted).pieces
        try #require(pieces.count > 500)
        let url = String(decoding: Scratch.bytes(folder + "/new-database-url"), as: UTF8.self)
        let password = try #require(url.split(separator: "@").first?.split(separator: ":").last.map(String.init))
        try #require(password.count == 24)
        var written = [
            "output": outcome.output, "errors": outcome.errors, "verify.json": verified,
        ]
        for path in Scratch.files(below: folder + "/fluxion/.migrate") + Scratch.files(below: folder + "/fluxion/docs")
        {
            // Backups are copies of files of this folder, on this machine only.
            if path.contains("/.migrate/local/backups/") { continue }
            written[path] = Scratch.bytes(path)
        }
        #expect(written.keys.contains { $0.hasSuffix("/.migrate/state.json") })
        for (name, bytes) in written {
            #expect(!Demo.hold(bytes, anyOf: pieces), "a planted value is in \(name)")
            #expect(!String(decoding: bytes, as: UTF8.self).contains(password), "the new password is in \(name)")
        }
    }
}
