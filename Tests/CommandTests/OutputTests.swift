// Where reports go: whole or not at all, and readable by whom they should be.

import Foundation
import Testing

@Suite struct OutputTests {
    private static func leaky() async throws -> String {
        try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
    }

    @Test func `--output replaces a file and leaves nothing beside it`() async throws {
        let folder = try Scratch.folder("output")
        try Scratch.write("old", to: folder + "/report.json")
        let outcome = try await Program.run(
            ["scan", Self.leaky(), "--format", "json", "--output", "report.json"], in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
        #expect(Scratch.names(in: folder) == ["report.json"])
        #expect(
            try JSONDecoder().decode(Report.self, from: Data(Scratch.bytes(folder + "/report.json"))).schema
                == "migrate.scan/1")
    }

    @Test func `a report with values is for its owner alone, also where another was before`() async throws {
        let folder = try Scratch.folder("output")
        let file = folder + "/report.json"
        let words = try await ["scan", Self.leaky(), "--format", "json", "--output", file]
        _ = try await Program.shell("umask 022; \"$MIGRATE\" " + words.joined(separator: " "))
        #expect(Scratch.permissions(file) == 0o644)
        _ = try await Program.run(words + ["--show-secrets"])
        #expect(Scratch.permissions(file) == 0o600)
        #expect(String(decoding: Scratch.bytes(file), as: UTF8.self).contains(FakeKey.sendGrid()))
    }

    @Test func `a link stays a link, and what it names is replaced`() async throws {
        let folder = try Scratch.folder("output")
        try Scratch.write("old", to: folder + "/real")
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "real")
        _ = try await Program.run(["scan", Git.cleanRepository(), "--output", folder + "/link"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "real")
        #expect(String(decoding: Scratch.bytes(folder + "/real"), as: UTF8.self).contains("No secrets found"))
    }

    @Test func `a device or a pipe is written to and never replaced`() async throws {
        let folder = try Scratch.folder("output")
        let outcome = try await Program.shell(
            "mkfifo pipe && (cat pipe > copy & \"$MIGRATE\" scan \(Git.cleanRepository()) -o pipe; wait) && test -p pipe",
            in: folder)
        #expect(outcome.status == 0)
        #expect(String(decoding: Scratch.bytes(folder + "/copy"), as: UTF8.self).contains("No secrets found"))
        let repository = try await Git.cleanRepository()
        #expect(try await Program.run(["scan", repository, "-o", "/dev/stdout"]).text.contains("No secrets found"))
        #expect(try await Program.run(["scan", repository, "-o", "-"]).text.contains("No secrets found"))
    }

    @Test(arguments: ["missing/report", "folder", "file/report", "folder/"])
    func `what cannot be written is told in a line, before the scan`(name: String) async throws {
        let folder = try Scratch.folder("output")
        try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: true)
        try Scratch.write("", to: folder + "/file")
        let outcome = try await Program.run(["scan", Self.leaky(), "--output", name], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorText.hasPrefix("migrate: cannot write \(name): "))
        #expect(Scratch.names(in: folder) == ["file", "folder"])
        #expect(Scratch.names(in: folder + "/folder").isEmpty)
    }

    @Test(.enabled(if: !Scratch.isRoot, "root may write anywhere"))
    func `a folder that may not be written to is told in a line`() async throws {
        let folder = try Scratch.folder("output")
        Scratch.setPermissions(0o500, folder)
        defer { Scratch.setPermissions(0o700, folder) }
        let outcome = try await Program.run(["scan", Self.leaky(), "--output", folder + "/report"])
        #expect(outcome.status == 3)
        #expect(
            outcome.errorText.hasPrefix("migrate: cannot write ") && outcome.errorText.contains("Permission denied"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
    func `a full standard output is told in a line`() async throws {
        for format in ["human", "json", "sarif"] {
            let outcome = try await Program.run(["scan", Self.leaky(), "--format", format], output: "/dev/full")
            #expect(outcome.status == 3)
            #expect(outcome.errorText == "migrate: cannot write standard output: No space left on device.\n")
        }
    }

    @Test(.enabled(if: Scratch.isRoot, "only root can mount a small disk"))
    func `a full disk leaves the old report and nothing else`() async throws {
        let folder = try Scratch.folder("small")
        // In a mount namespace of its own, so that nothing needs to be unmounted.
        let script = """
            mount -t tmpfs -o size=64k none \(folder) || exit 99
            echo old > \(folder)/report; head -c 1000000 /dev/zero > \(folder)/filler 2>/dev/null
            "$MIGRATE" scan \(try await Demo.shared.path) --format json --output \(folder)/report; status=$?
            ls \(folder); cat \(folder)/report; exit $status
            """
        let outcome = try await Program.shell(script, wrapper: ["unshare", "-m"])
        if outcome.status == 99 || outcome.errorText.contains("unshare") { return }
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorLines.first?.hasSuffix("No space left on device.") == true)
        #expect(outcome.text == "filler\nreport\nold\n")
    }

    @Test func `a closed standard output is told in a line, and no other file gets the report`() async throws {
        let outcome = try await Program.shell("\"$MIGRATE\" scan \(Self.leaky()) >&-")
        #expect(outcome.status == 3)
        #expect(outcome.errorText == "migrate: cannot write standard output: Bad file descriptor.\n")
    }

    @Test func `a reader that goes away is no failure`() async throws {
        let outcome = try await Program.shell("(\"$MIGRATE\" scan \(Demo.shared.path); echo $? >&2) | head -n 1")
        #expect(outcome.output.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(outcome.errorText == "1\n")
    }

    @Test func `nothing but text goes to what is no terminal`() async throws {
        for options in [[], ["-v"], ["-q"]] {
            let outcome = try await Program.run(["scan", Demo.shared.path] + options)
            #expect(!outcome.output.contains(0x1B) && !outcome.errors.contains(0x1B) && !outcome.output.contains(0x0D))
        }
    }

    @Test func `a locale without UTF-8 gets ASCII`() async throws {
        let outcome = try await Program.run(["scan", Demo.shared.path, "-v"], changes: ["LANG": "C"])
        #expect(outcome.status == 1)
        #expect(outcome.output.allSatisfy { $0 < 0x80 })
    }

    @Test func `the names that other scanners use work here too`() async throws {
        let repository = try await Self.leaky()
        let folder = try Scratch.folder("output")
        let expected = try await Program.run(["scan", repository, "--quiet"])
        for options in [
            ["-f", "json", "-r", folder + "/a"], ["--report-format", "json", "--report-path", folder + "/b"],
            ["-f", "sarif", "-o", folder + "/c", "--redact", "--no-banner", "--no-update-check"],
        ] {
            #expect(try await Program.run(["scan", repository] + options).status == 1)
        }
        #expect(Scratch.names(in: folder) == ["a", "b", "c"])
        #expect(Scratch.bytes(folder + "/c").count > 100)
        let redacted = try await Program.run(["scan", repository, "--quiet", "--redact", "--no-banner"])
        #expect(redacted.output == expected.output)
        try await Git.run(["rm", "--quiet", "--cached", "key.py"], in: repository)
        #expect(try await Program.run(["scan", repository, "--staged"]).status == 0)
    }

    @Test func `quiet says one line for each finding, verbose says why`() async throws {
        let repository = try await Self.leaky()
        let quiet = try await Program.run(["scan", repository, "--quiet"])
        #expect(quiet.text.hasPrefix("key.py:1:8: high: SendGrid API key SG."))
        #expect(quiet.text.split(separator: "\n").count == 1 && quiet.errors.isEmpty)
        let verbose = try await Program.run(["scan", repository, "--verbose"])
        #expect(verbose.output.count > (try await Program.run(["scan", repository])).output.count)
        #expect(verbose.errorText.hasPrefix("migrate: search patterns: "))
        let clean = try await Program.run(["scan", Git.cleanRepository(), "--quiet"])
        #expect(clean.output.isEmpty && clean.errors.isEmpty && clean.status == 0)
    }

    @Test func `standard input is scanned, whatever it holds`() async throws {
        let folder = try Scratch.folder("input")
        try Scratch.write("SENDGRID_API_KEY=\(FakeKey.sendGrid())\n", to: folder + "/key")
        try Scratch.write((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: folder + "/binary")
        let found = try await Program.run(["scan", "--stdin", "--format", "json"], input: folder + "/key")
        #expect(found.status == 1)
        #expect(try found.report().target.kind == "stdin")
        #expect(try await Program.run(["scan", "--stdin"], input: folder + "/binary").status == 0)
        let empty = try await Program.run(["scan", "--stdin"])
        #expect(empty.status == 0 && empty.text.contains("No secrets found"))
        let closed = try await Program.shell("\"$MIGRATE\" scan --stdin <&-")
        #expect(closed.status == 3)
        #expect(closed.errorText == "migrate: cannot read standard input: Bad file descriptor.\n")
    }
}
