// Exports that hold values: whoever reads them gets the values, whatever the values are.

import Foundation
import JSON
import Testing

@testable import Delivery

@Suite("Exports that hold values")
struct ValueExportTests {
    static let shells = ["sh", "dash", "bash", "zsh", "busybox"].filter(Program.isThere)

    @Test("A shell that sources the export has exactly the values", arguments: shells, 0..<6)
    func shell(_ name: String, _ seed: UInt64) throws {
        let shell = try #require(Program(name))
        var random = Seeded(seed)
        let values = (0..<40).map { DeliveredValue("K\($0)", bytes: random.text()) }
        let folder = try TemporaryFolder()
        let file = try folder.write("export.sh", try Exporter.run(.shell, values).parts[0].content)
        let script = "set -eu; . '\(file.path)'; exec env -0"
        let arguments = name == "busybox" ? ["sh", "-c", script] : ["-c", script]
        let (status, output) = try shell.run(arguments, folder: folder.url)
        #expect(status == 0)
        let variables = Set(output.split(separator: 0).map(Array.init))
        for value in values {
            #expect(variables.contains(Array("\(value.key)=".utf8) + value.bytes), "\(value.key)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["export.sh"])
    }

    static let attacks = [
        "'; touch pwned; '", "$(touch pwned)", "`touch pwned`", "\n touch pwned\n", "'\n touch pwned\n'", "${IFS}x",
        "'\\''; touch pwned; '\\''", "\\", "\\'", "a\rb", "!!", "~", "*",
    ]

    @Test("No value runs anything in a shell", arguments: shells, attacks)
    func shellInjection(_ name: String, _ attack: String) throws {
        let shell = try #require(Program(name))
        let folder = try TemporaryFolder()
        let file = try folder.write("e", try Exporter.run(.shell, [DeliveredValue("K", attack)]).parts[0].content)
        let script = ". '\(file.path)'; printf %s \"$K\""
        let (_, output) = try shell.run(name == "busybox" ? ["sh", "-c", script] : ["-c", script], folder: folder.url)
        #expect(output == Array(attack.utf8))
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "pwned").path))
    }

    static let environmentFormats: [ExportFormat] = [.shell, .dotenv, .gitHubActions, .dockerEnv, .ecs]

    @Test(
        "A key that is no environment name is refused by that key", arguments: environmentFormats,
        ["A;rm", "A B", "1A", "", "A=B", "A\nB", "Ä", "A-B", "A.B", "$(id)", "A'"])
    func names(_ format: ExportFormat, _ key: String) {
        let values = [DeliveredValue("OK", "v"), DeliveredValue(key, "v")]
        #expect(throws: DeliveryError.refused([RefusedKey(key: key, reason: .notAnEnvironmentName)])) {
            try Exporter.run(format, values)
        }
    }

    @Test(
        "Names that hijack a shell are refused unless allowed",
        arguments: [ExportFormat.shell, .gitHubActions], ["PATH", "LD_PRELOAD", "BASH_ENV", "IFS", "HOME"])
    func protected(_ format: ExportFormat, _ key: String) throws {
        let group = try #require(ProtectedName.group(of: key))
        #expect(throws: DeliveryError.refused([RefusedKey(key: key, reason: .protected(group))])) {
            try Exporter.run(format, [DeliveredValue(key, "v")])
        }
        let export = try Exporter.run(format, [DeliveredValue(key, "v")]) { $0.allowsProtectedNames = true }
        #expect(export.keys == [key])
    }

    @Test("zsh's tied variable `path` is protected in a shell export")
    func tied() {
        #expect(throws: DeliveryError.refused([RefusedKey(key: "path", reason: .protected(.programSearch))])) {
            try Exporter.run(.shell, [DeliveredValue("path", "/tmp")])
        }
    }

    @Test("Names that bash keeps for itself are refused", arguments: ["UID", "EUID", "PPID", "SHELLOPTS"])
    func readOnly(_ key: String) {
        #expect(throws: DeliveryError.refused([RefusedKey(key: key, reason: .readOnly)])) {
            try Exporter.run(.shell, [DeliveredValue(key, "v")])
        }
    }

    @Test(
        "A NUL, and bytes that are not UTF-8, are refused", arguments: environmentFormats.filter { !$0.isByReference })
    func bytes(_ format: ExportFormat) {
        let values = [DeliveredValue("N", bytes: [65, 0]), DeliveredValue("U", bytes: [0xFF])]
        let refused = [RefusedKey(key: "N", reason: .nul), RefusedKey(key: "U", reason: .notUTF8)]
        #expect(throws: DeliveryError.refused(refused)) { try Exporter.run(format, values) }
    }

    @Test("JSON keeps types, nested values and the spelling of numbers")
    func json() throws {
        let text =
            #"{"s":"a\"b","n":1.50e3,"big":12345678901234567890,"t":true,"z":null,"o":{"x": [1, {"y":"\u00e9"}]},"k y":""}"#
        let values = try #require(DeliveredValue.all(in: try JSONDocument(parsing: Array(text.utf8)).root))
        let export = try Exporter.run(.json, values)
        #expect(export.text == text + "\n")
        #expect(export.leftOut.isEmpty)
    }

    @Test("Python's JSON reads any text back", .enabled(if: Program.isThere("python3")), arguments: 0..<4)
    func jsonPython(_ seed: UInt64) throws {
        let python = try #require(Program("python3"))
        var random = Seeded(seed &+ 100)
        let values = (0..<60).map { DeliveredValue("K\($0)", bytes: random.text()) }
        let script = """
            import json, sys
            for v in json.load(sys.stdin).values(): sys.stdout.buffer.write(v.encode() + b"\\0")
            """
        let output = try python.run(["-c", script], input: Exporter.run(.json, values).parts[0].content.bytes).output
        #expect(
            output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
                == values.map(\.bytes))
    }

    @Test("docker-env writes values as they are, and refuses line breaks by key")
    func dockerEnv() throws {
        let values = [DeliveredValue("A", "it's \"quoted\" #1 "), DeliveredValue("B", ""), DeliveredValue("C", "x=y")]
        #expect(try Exporter.run(.dockerEnv, values).text == "A=it's \"quoted\" #1 \nB=\nC=x=y\n")
        let broken = [DeliveredValue("A", "1"), DeliveredValue("B", "1\n2"), DeliveredValue("C", "1\r")]
        let refused = ["B", "C"].map { RefusedKey(key: $0, reason: .lineBreak) }
        #expect(throws: DeliveryError.refused(refused)) { try Exporter.run(.dockerEnv, broken) }
    }

    @Test("docker-env refuses lines that Docker would not read")
    func dockerEnvLong() throws {
        let fits = DeliveredValue("A", String(repeating: "x", count: 65_532))
        #expect(try Exporter.run(.dockerEnv, [fits]).keys == ["A"])
        let long = DeliveredValue("A", String(repeating: "x", count: 65_533))
        #expect(throws: DeliveryError.refused([RefusedKey(key: "A", reason: .tooLong(bytes: 65_535, limit: 65_534))])) {
            try Exporter.run(.dockerEnv, [long])
        }
    }

    @Test(
        "`null` is left out and said so where there is no such thing",
        arguments: [ExportFormat.shell, .dotenv, .dockerEnv])
    func null(_ format: ExportFormat) throws {
        let values = [DeliveredValue("A", "1", .number), DeliveredValue("Z", "null", .null)]
        let export = try Exporter.run(format, values)
        #expect(export.keys == ["A"])
        #expect(export.leftOut == [LeftOutKey(key: "Z", reason: .null)])
        #expect(throws: DeliveryError.empty) { try Exporter.run(format, [values[1]]) }
    }

    @Test("Two values of one key are refused in every format", arguments: ExportFormat.allCases)
    func doubled(_ format: ExportFormat) {
        let reason = RefusedKey.Reason.collides(with: "A", as: "A")
        #expect(throws: DeliveryError.refused([RefusedKey(key: "A", reason: reason)])) {
            try Exporter.run(format, [DeliveredValue("A", "1"), DeliveredValue("A", "2")])
        }
    }

    @Test("Only what is asked for is exported, and a key that is not there is an error")
    func selection() throws {
        let values = [DeliveredValue("DB_A", "1"), DeliveredValue("DB_B", "2"), DeliveredValue("X", "3")]
        let export = try Exporter.run(.shell, values) {
            $0.selection = KeySelection(only: ["DB_*"], excluding: ["DB_B"])
        }
        #expect(export.text == "export DB_A='1'\n")
        #expect(throws: DeliveryError.noSuchKeys(["Y", "Q_*"])) {
            try Exporter.run(.shell, values) { $0.selection = KeySelection(only: ["X", "Y", "Q_*"]) }
        }
    }
}
