// Every form of a report from a real repository whose names were chosen to break out of it.

import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

enum FormatSample {
    /// Keeps a file where `scripts/validate-formats.py` looks for it after the tests.
    static func keep(_ bytes: [UInt8], _ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        try Scratch.write(bytes, to: root.appending(path: ".build/format-samples/\(name)").path)
    }
}

@Suite struct FormatTests {
    private static let formats = [
        "human", "json", "jsonl", "sarif", "gitlab", "junit", "gitleaks", "markdown", "github", "azure",
    ]

    /// Keys in files with such names, in a commit message, and in one that only history has.
    private static func hostile() async throws -> (path: String, secrets: [String]) {
        let names = [
            "a\n::error file=x::owned", "b##vso[task.setvariable variable=x]y", "c<script>alert(1)<|script>",
            "d ![x](https:|evil.example)", "e\"'&]]>.txt", "f|`g`|\\", "@everyone #1", "h\u{1b}[2J\u{202e}.py",
        ]
        var files: [String: String] = [:]
        for (number, name) in names.enumerated() {
            files[name] = "KEY = \"\(FakeKey.sendGrid(UInt64(60 + number)))\"\n"
        }
        let path = try await Git.repository(files)
        try Scratch.write("x", to: path + "/last")
        try await Git.run(["add", "--all"], in: path)
        try await Git.run(
            ["commit", "--quiet", "--message", "::set-output name=x::\u{1b}[31m <b> \(FakeKey.sendGrid(90))"], in: path)
        try await Git.run(["rm", "--quiet", "b##vso[[]task.setvariable variable=x]y"], in: path)
        try await Git.run(["commit", "--quiet", "--message", "Remove"], in: path)
        let name =
            "printf 'KEY = \"\(FakeKey.sendGrid(91))\"\\n' > \"$(printf 'n\\377m.py')\" && git add -A && git -c user.name=M -c user.email=m@x commit -qm 'Not UTF-8'"
        _ = try await Program.shell(name, in: path)
        return (path, (Array(60..<68) + [90, 91]).map { FakeKey.sendGrid(UInt64($0)) })
    }

    @Test func `no form has a value, and each is what it says it is`() async throws {
        let (path, secrets) = try await Self.hostile()
        let folder = try Scratch.folder("formats")
        let outcome = try await Program.run(
            ["scan", path, "--show-secrets", "--quiet", "--output", "/dev/null"]
                + Self.formats.flatMap { ["--report", "\($0)=\(folder)/report.\($0)"] })
        #expect(outcome.status == 1)
        #expect(outcome.errorText.isEmpty)
        for format in Self.formats {
            let bytes = Scratch.bytes("\(folder)/report.\(format)")
            var text = String(decoding: bytes, as: UTF8.self)
            // GitLab's texts are Markdown, in which signs have a backslash before them, and in JSON two.
            if format == "gitlab" { text = text.replacingOccurrences(of: "\\\\", with: "") }
            #expect(text.contains("********"), "\(format)")
            for secret in secrets {
                #expect(!text.contains(secret.split(separator: ".")[2]), "\(format)")
                #expect(text.contains(secret.prefix(25)) || format == "github", "\(format) names the key by its id")
            }
            #expect(
                text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) }, "\(format)")
            if ["json", "sarif", "gitlab", "gitleaks"].contains(format) {
                _ = try JSONSerialization.jsonObject(with: Data(bytes))
            }
            if format == "junit" { _ = try XMLDocument(data: Data(bytes), options: []) }
            if format != "human" { try FormatSample.keep(bytes, "command.\(format)") }
        }
        let github = String(decoding: Scratch.bytes(folder + "/report.github"), as: UTF8.self)
        #expect(
            github.split(separator: "\n").allSatisfy {
                $0.hasPrefix("::error ") || $0.hasPrefix("::notice ") || $0.hasPrefix("::warning ")
            })
        let azure = String(decoding: Scratch.bytes(folder + "/report.azure"), as: UTF8.self)
        #expect(azure.split(separator: "\n").allSatisfy { $0.hasPrefix("##vso[task.logissue ") })
        #expect(!azure.contains("##vso[task.setvariable"))
    }

    @Test(arguments: ["jsonl", "gitlab", "junit", "gitleaks", "markdown", "github", "azure"])
    func `each can be the report itself, and is the same as a further one but for times`(format: String) async throws {
        let path = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        let own = try await Program.run(["scan", path, "--format", format])
        let further = try await Program.run([
            "scan", path, "--quiet", "--output", "/dev/null", "--report", "\(format)=-",
        ])
        #expect(own.status == 1 && further.status == 1)
        func timeless(_ text: String) -> String {
            text.split(separator: "\n").filter { !$0.contains("_time\"") && !$0.contains("\"seconds\"") }
                .joined(separator: "\n").replacing(/time="[0-9.e-]*"/, with: "")
        }
        #expect(timeless(own.text) == timeless(further.text) && !own.text.isEmpty)
    }

    @Test func `people's report and annotations go to one stream, what programs read does not`() async throws {
        let path = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        let both = try await Program.run(["scan", path, "--report", "github=-"])
        #expect(both.status == 1)
        #expect(both.text.contains("1 secret") && both.text.contains("\n::error file=key.py,line=1,"))
        let refusals: [([String], String)] = [
            (["--report", "sarif=-"], "sarif, which a program reads"),
            (["--format", "json", "--report", "github=-"], "json, which a program reads"),
            (["--report", "sarif=x", "--report", "json=x"], "Two reports go to x"),
            (["--output", "x", "--report", "json=x"], "Two reports go to x"), (["--report", "sarif"], "sarif"),
            (["--report", "sarif="], "sarif="), (["--report", "html=x"], "html=x"),
        ]
        for (options, words) in refusals {
            let outcome = try await Program.run(["scan", path] + options)
            #expect(outcome.status == 64, "\(options)")
            #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
        }
    }

    @Test func `a place that cannot be written is told before the scan`() async throws {
        let path = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        let folder = try Scratch.folder("places")
        let outcome = try await Program.run(["scan", path, "--report", "junit=none/x.xml"], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.first == "migrate: cannot write none/x.xml: No such file or directory.")
    }
}
