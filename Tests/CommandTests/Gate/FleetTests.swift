// `scan --repos --shard` and `report merge`: parts of a fleet, scanned by processes of their own, give the whole.

import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct FleetTests {
    @Test func `four shards in processes of their own merge into what one run writes, byte for byte`() async throws {
        let fleet = try await Fleet.make()
        let whole = try await fleet.scan(output: "whole.json")
        #expect(whole.status == 1)
        async let first = fleet.scan("--shard", "1/4", output: "s1.json")
        async let second = fleet.scan("--shard", "2/4", output: "s2.json")
        async let third = fleet.scan("--shard", "3/4", output: "s3.json")
        async let fourth = fleet.scan("--shard", "4/4", output: "s4.json")
        for outcome in try await [first, second, third, fourth] {
            #expect([0, 1, 2].contains(outcome.status), "\(outcome.errorText)")
        }
        let parts = try (1...4).map { try fleet.document("s\($0).json") }
        #expect(parts.map(\.repositories.count).reduce(0, +) == 9)
        #expect(parts.filter { !$0.repositories.isEmpty }.count > 1, "more than one shard has something to do")

        let merged = try await fleet.merge(
            "s3.json", "s1.json", "s4.json", "s2.json", "--format", "json", "--output", "merged.json")
        #expect(merged.status == 1)
        #expect(fleet.bytes("merged.json") == fleet.bytes("whole.json"))
        #expect(!fleet.bytes("merged.json").isEmpty)
        // `scripts/validate-formats.py` reads it after the tests.
        try FormatSample.keep(fleet.bytes("merged.json"), "command.fleet")
        // The same for every other form.
        for format in ["human", "markdown", "jsonl"] {
            let one = try await Program.run(["scan", "--repos", "list", "--format", format], in: fleet.folder)
            let four = try await fleet.merge("s1.json", "s2.json", "s3.json", "s4.json", "--format", format)
            #expect(one.text == four.text && !one.text.isEmpty, "\(format)")
            #expect(one.status == 1 && four.status == 1)
        }
    }

    @Test func `one repository that cannot be scanned stops no other, and makes it incomplete`() async throws {
        let fleet = try await Fleet.make()
        _ = try await fleet.scan(output: "whole.json")
        let document = try fleet.document("whole.json")
        #expect(document.schema == "migrate.fleet/1")
        #expect(
            document.repositories.map(\.path)
                == ["api", "web", "team a/clean", "läden/shop", "broken", "tools.git", "missing", "plain", "web/src"])
        #expect(document.repositories.map(\.position) == Array(1...9))
        let reasons = document.repositories.compactMap { $0.error?["reason"] }
        #expect(
            reasons == [
                "there is nothing at this path", "it is no git repository",
                "it is a folder inside a repository; put the repository itself into the list",
            ])
        #expect(document.repositories[4].report?.complete == false)
        #expect(document.repositories[5].report?.target.kind == "bare")
        let summary = document.summary
        #expect(!summary.complete)
        #expect(summary.failed == 3 && summary.incomplete == 1 && summary.clean == 1 && summary.withFindings == 5)
    }

    @Test func `a value in several repositories is shown once, with all of them, and never in full`() async throws {
        let fleet = try await Fleet.make()
        let outcome = try await fleet.scan("--report", "jsonl=lines", "--report", "markdown=page", output: "whole.json")
        #expect(outcome.output.isEmpty)
        let shared = try fleet.document("whole.json").summary.shared
        #expect(shared.map(\.repositories) == [["api", "web"]])
        let human = try await Program.run(["scan", "--repos", "list"], in: fleet.folder)
        #expect(human.text.contains("The same value in several repositories"))
        #expect(human.text.contains(": api, web\n"))
        for text in [fleet.text("whole.json"), fleet.text("lines"), fleet.text("page"), human.text, human.errorText] {
            #expect(!text.isEmpty || text == human.errorText)
            for seed in 41...44 as ClosedRange<UInt64> {
                let secret = FakeKey.sendGrid(seed).split(separator: ".")[2]
                #expect(!text.contains(secret))
            }
        }
        try FormatSample.keep(fleet.bytes("lines"), "command-fleet.jsonl")
        try FormatSample.keep(fleet.bytes("page"), "command-fleet.markdown")
    }

    @Test func `quietly there is one line for each finding, and one for what was not read`() async throws {
        let fleet = try await Fleet.make()
        let outcome = try await Program.run(["scan", "--repos", "list", "--quiet"], in: fleet.folder)
        #expect(outcome.status == 1)
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("api: .env:1: high: SendGrid API key SG.") })
        #expect(lines.contains { $0.hasPrefix("web: src/a.js:1: high: SendGrid API key SG.") })
        #expect(outcome.errorLines.count == 1)
        #expect(
            outcome.errorText.hasPrefix("migrate: the scan is incomplete: broken: ")
                && outcome.errorText.hasSuffix(" (and 3 more)\n"))
    }

    @Test func `the exit code says clean, incomplete or findings`() async throws {
        let fleet = try await Fleet.make()
        func status(_ list: String, _ more: String...) async throws -> Int32 {
            try Scratch.write(list, to: fleet.folder + "/other")
            return try await Program.run(["scan", "--repos", "other", "--quiet"] + more, in: fleet.folder).status
        }
        #expect(try await status("team a/clean\n") == 0)
        #expect(try await status("team a/clean\nmissing\n") == 2)
        #expect(try await status("api\nmissing\n") == 1)
        #expect(try await status("api\n", "--fail-on", "none") == 0)
    }

    @Test func `a shard that is killed and run again gives the same document, taken up or anew`() async throws {
        let fleet = try await Fleet.make()
        // Enough to do, so that there is a middle.
        let text = (0..<20_000).map { "let value\($0) = \($0 * 7_919)" }.joined(separator: "\n")
        var names: [String] = []
        for number in 0..<6 {
            names.append("large\(number)")
            try await fleet.repository(
                names[number], ["a.swift": text + "\n// \(number)\n", "b.py": "KEY = \"\(FakeKey.sendGrid(50))\"\n"])
        }
        try Scratch.write(fleet.text("list") + names.joined(separator: "\n") + "\n", to: fleet.list)
        var expected: [[UInt8]] = []
        for shard in 1...2 {
            _ = try await fleet.scan("--shard", "\(shard)/2", output: "s\(shard).json")
            expected.append(fleet.bytes("s\(shard).json"))
        }
        // The one with more to do.
        let shard =
            try fleet.document("s1.json").repositories.count >= fleet.document("s2.json").repositories.count ? 1 : 2
        for resume in [[], ["--resume"]] {
            let file = fleet.folder + "/killed.json"
            try? FileManager.default.removeItem(atPath: file)
            let words = ["scan", "--repos", "list", "--shard", "\(shard)/2", "--format", "json", "--output", file]
            let running = try Running(
                [Program.path] + words, in: fleet.folder, input: "/dev/null", output: nil,
                environment: Program.environment)
            // Killed once something is done and something is not.
            while Scratch.bytes(file + ".partial").filter({ $0 == 0x0A }).count < 3, kill(running.id, 0) == 0 {
                usleep(500)
            }
            kill(running.id, SIGKILL)
            #expect(try await running.end().status == 137)
            #expect(Scratch.bytes(file).isEmpty, "no half a document has the name")
            let left = Scratch.bytes(file + ".partial").filter { $0 == 0x0A }.count
            #expect(left >= 3)

            let again = try await Program.run(words + resume, in: fleet.folder)
            #expect(again.status == 1, "\(again.errorText)")
            #expect(again.errorText.contains("taken over from the run before") == !resume.isEmpty)
            #expect(again.errorText.contains("is left from a run that did not end") == resume.isEmpty)
            #expect(Scratch.bytes(file) == expected[shard - 1])
            #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
        }
        _ = try await fleet.scan(output: "whole.json")
        let merged = try await fleet.merge("killed.json", "s\(3 - shard).json", "--format", "json", "-o", "merged.json")
        #expect(merged.status == 1)
        #expect(fleet.bytes("merged.json") == fleet.bytes("whole.json"))
    }

    @Test func `what was cut short in the middle of a line is scanned again`() async throws {
        let fleet = try await Fleet.make()
        _ = try await fleet.scan(output: "whole.json")
        let whole = fleet.bytes("whole.json")
        let lines = whole.split(separator: 0x0A, omittingEmptySubsequences: false)
        let ends = [
            lines[0].count + 1, lines[0].count + 1 + lines[1].count + 1 + lines[2].count / 2, whole.count, 10, 0,
        ]
        for end in ends {
            try Scratch.write(Array(whole[..<end]), to: fleet.folder + "/again.json.partial")
            let outcome = try await fleet.scan("--resume", output: "again.json")
            // Half a first line is nothing to go by.
            #expect(outcome.status == 1, "\(outcome.errorText)")
            #expect(fleet.bytes("again.json") == whole, "cut at \(end)")
        }
    }

    @Test func `what was begun otherwise is not taken up, and two runs do not write one file`() async throws {
        let fleet = try await Fleet.make()
        _ = try await fleet.scan("--shard", "1/2", output: "s1.json")
        try Scratch.write(fleet.bytes("s1.json"), to: fleet.folder + "/x.json.partial")
        let other = try await fleet.scan("--shard", "2/2", "--resume", output: "x.json")
        #expect(other.status == 3)
        #expect(other.errorText.contains("was begun with another list, shard, version or with other options"))
        #expect(fleet.bytes("x.json.partial") == fleet.bytes("s1.json"), "nothing was changed")

        let locked = try await Program.shell(
            "exec 9<>busy.json.partial; flock 9; \"$MIGRATE\" scan --repos list --format json --output busy.json 9>&-",
            in: fleet.folder)
        #expect(locked.status == 3)
        #expect(locked.errorText.contains("another run is writing busy.json.partial"))
    }

    @Test func `what is not one report is not merged, and says why`() async throws {
        let fleet = try await Fleet.make()
        for shard in 1...3 { _ = try await fleet.scan("--shard", "\(shard)/3", output: "s\(shard).json") }
        func merge(_ names: String...) async throws -> (Int32, String) {
            let outcome = try await Program.run(
                ["report", "merge", "--format", "json", "--output", "out.json"] + names, in: fleet.folder)
            #expect((outcome.status == 1) == !fleet.bytes("out.json").isEmpty)
            try? FileManager.default.removeItem(atPath: fleet.folder + "/out.json")
            #expect(outcome.errorLines.count <= 2)
            return (outcome.status, outcome.errorText)
        }
        #expect(try await merge("s1.json", "s2.json", "s3.json").0 == 1)
        // A shard that was tried twice and says the same is there once.
        try Scratch.write(fleet.bytes("s2.json"), to: fleet.folder + "/retried.json")
        #expect(try await merge("s1.json", "s2.json", "retried.json", "s3.json").0 == 1)

        let missing = try await merge("s1.json", "s3.json")
        #expect(missing.0 == 2 && missing.1.contains("shard 2 of 3 is missing"))
        let two = try await merge("s2.json")
        #expect(two.0 == 2 && two.1.contains("shard 1 and 3 of 3 are missing"))

        func edited(_ name: String, _ old: String, _ new: String) throws -> String {
            let text = fleet.text(name)
            #expect(text.contains(old))
            try Scratch.write(text.replacingOccurrences(of: old, with: new), to: fleet.folder + "/edited.json")
            return "edited.json"
        }
        let cases: [(String, String, String)] = [
            ("\"version\":\"0.1.0\"}", "\"version\":\"0.0.9\"}", "different versions of migrate"),
            ("\"rules\":\"", "\"rules\":\"0", "different rules"),
            ("\"scope\":\"all\"", "\"scope\":\"index\"", "different options"),
            ("\"list\":{\"digest\":\"", "\"list\":{\"digest\":\"0", "different lists"),
            ("\"shard\":{\"count\":3", "\"shard\":{\"count\":4", "a different number of shards"),
        ]
        for (old, new, words) in cases {
            let result = try await merge("s1.json", edited("s2.json", old, new), "s3.json")
            #expect(result.0 == 3 && result.1.contains(words), "\(result.1)")
        }
        // The same shard, another answer.
        let full = try (1...3).first { try !fleet.document("s\($0).json").repositories.isEmpty } ?? 1
        let overlapping = try await merge(
            "s1.json", "s2.json", "s3.json", edited("s\(full).json", "\"position\":", "\"position\": "))
        #expect(overlapping.0 == 3 && overlapping.1.contains("are both shard \(full), and do not say the same"))
        // What is no document at all.
        try Scratch.write(Array(fleet.bytes("s1.json").dropLast(20)), to: fleet.folder + "/cut.json")
        for (name, words) in [
            ("cut.json", "it may be cut short"), ("list", "is no JSON"), ("none", "there is no file none"),
        ] {
            let result = try await merge("s1.json", name)
            #expect(result.0 == 3 && result.1.contains(words), "\(result.1)")
        }
        _ = try await Program.run(["scan", "api", "--format", "json", "--output", "one.json"], in: fleet.folder)
        let other = try await merge("one.json")
        #expect(other.0 == 3 && other.1.contains("its schema is migrate.scan/1, not migrate.fleet/1"))
    }

    @Test func `a repository that is added moves no other to another shard`() async throws {
        let folder = try Scratch.folder("shards")
        let names = (0..<200).map { "group/repository-\($0)" }
        func shards(_ names: [String]) async throws -> [String: Int] {
            try Scratch.write(names.joined(separator: "\n"), to: folder + "/list")
            var shards: [String: Int] = [:]
            for shard in 1...4 {
                let outcome = try await Program.run(
                    ["scan", "--repos", "list", "--shard", "\(shard)/4", "--list-repos"], in: folder)
                #expect(outcome.status == 0)
                for name in outcome.text.split(separator: "\n") { shards[String(name)] = shard }
            }
            return shards
        }
        let before = try await shards(names)
        let after = try await shards(["first"] + names.shuffled() + ["last"])
        #expect(before.count == 200 && after.count == 202)
        for name in names { #expect(before[name] == after[name]) }
        for shard in 1...4 { #expect((30...70).contains(before.values.filter { $0 == shard }.count)) }
    }

    @Test(arguments: [
        (["--shard", "1/2"], "add --repos LIST"), (["--resume"], "add --repos LIST"),
        (["--list-repos"], "add --repos LIST"), (["--repos", "list", "--shard", "0/2"], "0/2"),
        (["--repos", "list", "--shard", "3/2"], "3/2"), (["--repos", "list", "--shard", "1"], "'1'"),
        (["--repos", "list", "--shard", "1/99999999999999999999"], "1/9999"),
        (["--repos", "list", "--format", "sarif"], "scan each by itself"),
        (["--repos", "list", "--report", "junit=x"], "scan each by itself"),
        (["--repos", "list", "api"], "paths is about one"), (["--repos", "list", "--staged"], "--staged is about one"),
        (["--repos", "list", "--show-secrets"], "--show-secrets is about one"),
        (["--repos", "list", "--resume"], "--resume needs one JSON file"), (["--repos", ""], "--repos is empty"),
    ])
    func `options that do not fit are refused`(options: [String], words: String) async throws {
        let folder = try Scratch.folder("refused")
        try Scratch.write("api\n", to: folder + "/list")
        let outcome = try await Program.run(["scan"] + options, in: folder)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
    }

    @Test(arguments: [
        (Array("# nothing\n\n".utf8), "list: it names no repository."), ([], "list: it names no repository."),
        (Array("a\n".utf8) + [0xFF, 0x0A], "list, line 2: the path is not UTF-8."),
        (Array("a\u{0}b\n".utf8), "list, line 1: the path has control characters."),
    ])
    func `a list that cannot be used is told with its line`(list: [UInt8], words: String) async throws {
        let folder = try Scratch.folder("lists")
        try Scratch.write(list, to: folder + "/list")
        let outcome = try await Program.run(["scan", "--repos", "list"], in: folder)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.hasPrefix("migrate: \(words)\n"), "\(outcome.errorText)")
        #expect(try await Program.run(["scan", "--repos", "none"], in: folder).status == 3)
    }
}
