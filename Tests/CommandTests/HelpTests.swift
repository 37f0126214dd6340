// What the command line says of itself, compared with Snapshots/; RECORD_SNAPSHOTS=1 renews them.

import Foundation
import Testing

@Suite struct HelpTests {
    @Test(arguments: [
        ("help", ["--help"]), ("scan-help", ["scan", "--help"]), ("apply-help", ["apply", "--help"]),
        ("version", ["--version"]),
    ])
    func `help and version are as recorded`(name: String, words: [String]) async throws {
        let outcome = try await Program.run(words, changes: ["COLUMNS": "80"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        let file = Demo.package + "/Tests/CommandTests/Snapshots/\(name).txt"
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try Scratch.write(outcome.output, to: file)
        }
        #expect(
            outcome.text == String(decoding: Scratch.bytes(file), as: UTF8.self),
            "RECORD_SNAPSHOTS=1 swift test renews it")
    }

    @Test func `no command at all is met with help`() async throws {
        let outcome = try await Program.run([])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("USAGE: migrate <subcommand>"))
    }
}
