// The sample repository: all that was planted is found, and nothing of it is ever shown.

import Foundation
import Testing

@Suite struct DemoTests {
    @Test func `every planted secret is found, and nothing harmless is`() async throws {
        let demo = try await Demo.shared
        let outcome = try await Program.run(["scan", demo.path, "--format", "json", "--show-secrets"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.isEmpty)
        let report = try outcome.report()
        #expect(report.complete)
        let values = Set(report.findings.compactMap(\.value))
        for item in demo.planted {
            let place: Comment = "\(item.kind) at \(item.place), \(item.path ?? "no path")"
            switch (item.expect, item.place) {
            case ("secret", "ignored"):
                // No leak: git never had it. It is a source to migrate.
                let file = report.dotenvFiles.first { $0.path == item.path }
                #expect(file?.standing == "ignored" && file?.entries.contains { $0.class == "secret" } == true, place)
            case ("secret", _): #expect(values.contains(item.value), place)
            default: #expect(!values.contains(item.value), place)
            }
        }
        #expect(values.isSubset(of: Set(demo.planted.map(\.value))), "something was found that nobody planted")
    }

    @Test(arguments: [
        ["--format", "human"], ["--format", "human", "--verbose"], ["--quiet"], ["--format", "json"],
        ["--format", "json", "--include-placeholders"], ["--format", "sarif"], ["--format", "sarif", "--show-secrets"],
        ["--format", "human", "--verbose", "--include-placeholders", "--scope", "worktree"],
    ])
    func `no eight bytes of a secret are shown`(options: [String]) async throws {
        let demo = try await Demo.shared
        let pieces = demo.pieces
        try #require(pieces.count > 500)
        let outcome = try await Program.run(["scan", demo.path] + options)
        #expect(outcome.status == 1)
        #expect(!outcome.output.isEmpty)
        #expect(!Demo.hold(outcome.output, anyOf: pieces))
        #expect(!Demo.hold(outcome.errors, anyOf: pieces))

        let folder = try Scratch.folder("report")
        _ = try await Program.run(["scan", demo.path, "--output", folder + "/report"] + options)
        #expect(Scratch.names(in: folder) == ["report"])
        #expect(!Demo.hold(Scratch.bytes(folder + "/report"), anyOf: pieces))
    }

    @Test func `the search for shown secrets finds what --show-secrets shows`() async throws {
        let demo = try await Demo.shared
        for format in ["human", "json"] {
            let outcome = try await Program.run(["scan", demo.path, "--format", format, "--show-secrets"])
            #expect(Demo.hold(outcome.output, anyOf: demo.pieces))
        }
    }

    @Test func `a run leaves nothing but compiled patterns behind, and they hold no secret`() async throws {
        let demo = try await Demo.shared
        let copy = try Scratch.copy(demo.path, "untouched")
        let before = Scratch.files(below: copy).sorted()
        let home = try Scratch.folder("home")
        let outcome = try await Program.run(["scan", copy], changes: ["HOME": home, "XDG_CACHE_HOME": nil])
        #expect(outcome.status == 1)
        #expect(Scratch.files(below: copy).sorted() == before)
        let written = Scratch.files(below: home)
        #expect(written.count == 1 && written.allSatisfy { $0.contains("/.cache/migrate/patterns-") })
        let pieces = demo.pieces
        for file in written { #expect(!Demo.hold(Scratch.bytes(file), anyOf: pieces)) }
    }

    @Test func `the same repository gives the same report, the time it took aside`() async throws {
        let demo = try await Demo.shared
        func report(_ jobs: String) async throws -> String {
            try await Program.run(["scan", demo.path, "--format", "json", "--jobs", jobs]).text.split(separator: "\n")
                .filter { !$0.contains("\"seconds\"") }.joined(separator: "\n")
        }
        let once = try await report("1")
        #expect(try await report("1") == once)
        #expect(try await report("3") == once)
    }

    @Test(arguments: ["json", "sarif"])
    func `reports keep to their schemas`(format: String) async throws {
        let demo = try await Demo.shared
        let file = try Scratch.folder("schema") + "/report.\(format)"
        _ = try await Program.run(["scan", demo.path, "--format", format, "--output", file])
        #expect(try JSONSerialization.jsonObject(with: Data(Scratch.bytes(file))) is [String: Any])
        let ownPython = Demo.package + "/.build/venv/bin/python"
        let python = FileManager.default.isExecutableFile(atPath: ownPython) ? ownPython : "python3"
        // The script's answer 2 is "cannot tell": no jsonschema, or no schema of SARIF and no network.
        let outcome = try await Running(
            [python, Demo.package + "/scripts/validate-reports.py", file], in: Demo.package, input: "/dev/null",
            output: nil, environment: ProcessInfo.processInfo.environment
        ).end()
        #expect(outcome.status != 1, "\(outcome.text)")
    }

    @Test(.enabled(if: Scratch.isRoot, "only root can take the network away"))
    func `without a network all is the same`() async throws {
        // A container may forbid it to root as well.
        guard try await Program.shell("unshare -n true").status == 0 else { return }
        let demo = try await Demo.shared
        let usual = try await Program.run(["scan", demo.path, "--quiet"])
        let cutOff = try await Program.run(["scan", demo.path, "--quiet"], wrapper: ["unshare", "-n"])
        #expect(cutOff.status == usual.status)
        #expect(cutOff.output == usual.output)
    }

    @Test func `eight runs at once on an empty cache all succeed alike`() async throws {
        let demo = try await Demo.shared
        let cache = try Scratch.folder("cache")
        let outputs = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await Program.run(["scan", demo.path, "--quiet"], changes: ["XDG_CACHE_HOME": cache])
                }
            }
            var outcomes: [Outcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outputs.allSatisfy { $0.status == 1 && $0.errors.isEmpty })
        #expect(Set(outputs.map(\.text)).count == 1)
        #expect(Scratch.names(in: cache + "/migrate").count == 1, "temporary files are left")
    }
}
