// The environment that a child gets.

import Foundation
import JSON
import Secrets
import Testing

@testable import Delivery

@Suite("Environment of a child")
struct ChildEnvironmentTests {
    private let parent = ParentEnvironment(["PATH": "/bin", "SHARED": "of the parent", "EMPTY": ""])

    @Test("The parent's variables are passed on, and the secret's values win over them")
    func override() throws {
        let values = [DeliveredValue("NEW", "1"), DeliveredValue("SHARED", "of the secret")]
        let child = try ChildEnvironment(parent: parent, values: values)
        #expect(texts(child) == ["EMPTY=", "PATH=/bin", "NEW=1", "SHARED=of the secret"])
        #expect(child.delivered == ["NEW", "SHARED"])
        #expect(child.overridden == ["SHARED"])
    }

    @Test("A value that the parent has already, word for word, overrides nothing")
    func same() throws {
        let child = try ChildEnvironment(parent: parent, values: [DeliveredValue("SHARED", "of the parent")])
        #expect(child.overridden.isEmpty)
    }

    @Test("With the environment preserved, what the parent has wins, even when it is empty")
    func preserve() throws {
        let values = [DeliveredValue("NEW", "1"), DeliveredValue("SHARED", "2"), DeliveredValue("EMPTY", "3")]
        let child = try ChildEnvironment(
            parent: parent, values: values, options: ChildEnvironment.Options(preservesEnvironment: true))
        #expect(texts(child) == ["EMPTY=", "PATH=/bin", "SHARED=of the parent", "NEW=1"])
        #expect(child.leftOut == ["SHARED", "EMPTY"].map { LeftOutKey(key: $0, reason: .alreadySet) })
        #expect(child.overridden.isEmpty)
    }

    @Test("A variable that the parent has twice is there once when the secret sets it, else as it was")
    func doubled() throws {
        let entries = ["A=1", "B=1", "A=2", "B=2", "odd", "=C:=x"].map { SharedSecret(copying: Array($0.utf8)) }
        let child = try ChildEnvironment(
            parent: ParentEnvironment(entries: entries), values: [DeliveredValue("A", "3")])
        #expect(texts(child) == ["B=1", "B=2", "odd", "=C:=x", "A=3"])
    }

    @Test("Bytes of the parent that are no UTF-8 come through")
    func rawBytes() throws {
        let entry: [UInt8] = [0xFF, 0x3D, 0xFE, 0x80]
        let child = try ChildEnvironment(
            parent: ParentEnvironment(entries: [SharedSecret(copying: entry)]), values: [DeliveredValue("A", "1")])
        #expect(bytes(child).first == entry)
    }

    @Test("A prefix goes before each name, and the whole name is checked")
    func prefix() throws {
        let child = try ChildEnvironment(
            parent: parent, values: [DeliveredValue("PATH", "x"), DeliveredValue("1", "y")],
            options: ChildEnvironment.Options(prefix: "APP_"))
        #expect(child.delivered == ["APP_PATH", "APP_1"])
        #expect(throws: DeliveryError.refused([RefusedKey(key: "PRELOAD", reason: .protected(.loader))])) {
            try ChildEnvironment(
                parent: parent, values: [DeliveredValue("PRELOAD", "x")],
                options: ChildEnvironment.Options(prefix: "LD_"))
        }
        #expect(throws: DeliveryError.invalidPrefix("A-")) {
            try ChildEnvironment(
                parent: parent, values: [DeliveredValue("A", "x")], options: ChildEnvironment.Options(prefix: "A-"))
        }
    }

    static let hijackers: [(String, ProtectedName.Group)] = [
        ("PATH", .programSearch), ("LD_PRELOAD", .loader), ("LD_ANYTHING_NEW", .loader),
        ("DYLD_INSERT_LIBRARIES", .loader), ("OPENSSL_CONF", .loader), ("IFS", .shell), ("BASH_ENV", .shell),
        ("ENV", .shell), ("SHELLOPTS", .shell), ("PS4", .shell), ("PROMPT_COMMAND", .shell),
        ("BASH_FUNC_ls", .shell), ("NODE_OPTIONS", .interpreter), ("PYTHONPATH", .interpreter),
        ("PYTHONSTARTUP", .interpreter), ("PYTHONHOME", .interpreter), ("PERL5LIB", .interpreter),
        ("PERL5OPT", .interpreter), ("RUBYOPT", .interpreter), ("RUBYLIB", .interpreter),
        ("JAVA_TOOL_OPTIONS", .interpreter), ("_JAVA_OPTIONS", .interpreter), ("JDK_JAVA_OPTIONS", .interpreter),
        ("GIT_SSH", .git), ("GIT_SSH_COMMAND", .git), ("GIT_EXEC_PATH", .git), ("GIT_CONFIG_COUNT", .git),
        ("EDITOR", .program), ("PAGER", .program), ("HOME", .home), ("SHELL", .home),
    ]

    @Test("Names that would hijack the child are refused, and pass when allowed", arguments: hijackers)
    func protected(_ name: String, _ group: ProtectedName.Group) throws {
        let values = [DeliveredValue("FINE", "1"), DeliveredValue(name, "x")]
        #expect(throws: DeliveryError.refused([RefusedKey(key: name, reason: .protected(group))])) {
            try ChildEnvironment(parent: parent, values: values)
        }
        let child = try ChildEnvironment(
            parent: parent, values: values, options: ChildEnvironment.Options(allowsProtectedNames: true))
        #expect(child.delivered == ["FINE", name])
    }

    @Test(
        "Ordinary names are not protected",
        arguments: [
            "DATABASE_URL", "HTTPS_PROXY", "SSL_CERT_FILE", "AWS_REGION", "TERM", "PATH_PREFIX", "GIT_TOKEN",
            "NODE_ENV", "path", "OLD_KEY", "SHELL_X",
        ])
    func ordinary(_ name: String) { #expect(ProtectedName.group(of: name) == nil) }

    @Test("Every key in the way is listed at once, each with its reason")
    func listed() {
        let values = [
            DeliveredValue("A-B", "1"), DeliveredValue("OK", "1"), DeliveredValue("N", bytes: [65, 0, 66]),
            DeliveredValue("PATH", "x"), DeliveredValue("L", bytes: [UInt8](repeating: 65, count: 131_072)),
        ]
        let refused = [
            RefusedKey(key: "A-B", reason: .notAnEnvironmentName), RefusedKey(key: "N", reason: .nul),
            RefusedKey(key: "PATH", reason: .protected(.programSearch)),
            RefusedKey(key: "L", reason: .tooLong(bytes: 131_075, limit: 131_072)),
        ]
        #expect(throws: DeliveryError.refused(refused)) {
            try ChildEnvironment(
                parent: parent, values: values, limits: ExecutionLimits(text: 131_072, total: 2_000_000))
        }
    }

    @Test("`null` is left out and said so; an empty secret gives the parent's environment")
    func nothing() throws {
        let child = try ChildEnvironment(parent: parent, values: [DeliveredValue("Z", "null", .null)])
        #expect(child.leftOut == [LeftOutKey(key: "Z", reason: .null)])
        #expect(child.delivered.isEmpty)
        let empty = try ChildEnvironment(parent: parent, values: [])
        #expect(texts(empty) == ["EMPTY=", "PATH=/bin", "SHARED=of the parent"])
    }

    @Test("Keys asked for that are not there are an error, in an empty secret too")
    func missing() {
        let options = ChildEnvironment.Options(selection: KeySelection(only: ["A", "B"]))
        #expect(throws: DeliveryError.noSuchKeys(["B"])) {
            try ChildEnvironment(parent: parent, values: [DeliveredValue("A", "1")], options: options)
        }
        #expect(throws: DeliveryError.noSuchKeys(["A", "B"])) {
            try ChildEnvironment(parent: parent, values: [], options: options)
        }
    }

    @Test("What is too much for the kernel is refused with the key of the longest value")
    func tooLarge() throws {
        let values = [DeliveredValue("SHORT", "1"), DeliveredValue("LONG", String(repeating: "x", count: 100))]
        let child = try ChildEnvironment(parent: ParentEnvironment([:]), values: values)
        // SHORT=1, LONG=xxx…, and one argument: each with its NUL and a pointer of eight bytes.
        let size = (7 + 9) + (105 + 9) + (3 + 9)
        #expect(child.size(with: ["cmd"]) == size)
        #expect(throws: Never.self) {
            try child.check(arguments: ["cmd"], limits: ExecutionLimits(text: 1_000, total: size))
        }
        #expect(throws: DeliveryError.environmentTooLarge(bytes: size, limit: size - 1, longest: "LONG")) {
            try child.check(arguments: ["cmd"], limits: ExecutionLimits(text: 1_000, total: size - 1))
        }
    }

    @Test("A real child has exactly the variables, whatever the values", arguments: 0..<4)
    func realChild(_ seed: UInt64) throws {
        var random = Seeded(seed &+ 41)
        let values = (0..<40).map { DeliveredValue("K\($0)", bytes: random.text()) }
        let child = try ChildEnvironment(parent: ParentEnvironment(["INHERITED": "yes"]), values: values)
        let output = try spawn(child).split(separator: 0).map(Array.init)
        #expect(output == [Array("INHERITED=yes".utf8)] + values.map { Array("\($0.key)=".utf8) + $0.bytes })
    }

    #if os(Linux)
        @Test("The kernel takes the longest text that is allowed, and refuses one byte more")
        func kernelLimit() throws {
            let limit = ExecutionLimits.system.text
            let value = [UInt8](repeating: 65, count: limit - 3)
            let child = try ChildEnvironment(
                parent: ParentEnvironment([:]), values: [DeliveredValue("A", bytes: value)])
            #expect(try spawn(child).count == limit)
            let parent = ParentEnvironment(entries: [SharedSecret(copying: Array("A=".utf8) + value + [65])])
            #expect(throws: SpawnError.self) { try spawn(try ChildEnvironment(parent: parent, values: [])) }
        }
    #endif

    @Test("An environment read from C strings is the one that was written")
    func cStrings() throws {
        let child = try ChildEnvironment(parent: parent, values: [DeliveredValue("A", "é\n=")])
        let again = child.withEnvironmentBlock { ParentEnvironment(cStrings: $0) }
        #expect(again.variables.map(\.entry.bytes) == bytes(child))
        #expect(again.variables.map { String(decoding: $0.name, as: UTF8.self) } == ["EMPTY", "PATH", "SHARED", "A"])
    }

    private func bytes(_ child: ChildEnvironment) -> [[UInt8]] {
        child.withEnvironmentBlock { block in
            var entries: [[UInt8]] = []
            var next = block
            while let text = next.pointee {
                entries.append(UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) })
                next += 1
            }
            return entries
        }
    }

    private func texts(_ child: ChildEnvironment) -> [String] {
        bytes(child).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct SpawnError: Error { let code: Int32 }

    /// What `env -0` prints in the child.
    private func spawn(_ child: ChildEnvironment) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "out").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT, 0o600)
        let words = ["env", "-0"]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        let code = child.withEnvironmentBlock { posix_spawn(&pid, "/usr/bin/env", &actions, nil, arguments, $0) }
        guard code == 0 else { throw SpawnError(code: code) }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        #expect(status == 0)
        return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }
}
