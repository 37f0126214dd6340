// What a repository or a folder can hold that is broken, huge or hostile. Each is survived, told and counted.

import Foundation
import Testing

@Suite struct BadInputTests {
    /// Bytes of resident memory that no scan may take: the largest window or blob, doubled, and the program itself.
    private static let memoryLimit = 300 << 20

    @Test func `a path that is not there is told in a line`() async throws {
        let outcome = try await Program.run(["scan", "no/such/path"])
        #expect(outcome.status == 3)
        #expect(
            outcome.errorText
                == "migrate: there is nothing at no/such/path.\nhint: name a repository or a folder: migrate scan PATH\n"
        )
    }

    @Test func `a plain folder is scanned, and the report says that it is one`() async throws {
        let folder = try Scratch.folder("plain")
        try Scratch.write("KEY = \"\(FakeKey.sendGrid())\"\n", to: folder + "/deep/key.py")
        let outcome = try await Program.run(["scan", folder])
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("is no git repository"))
        #expect(try await Program.run(["scan", folder, "-f", "json"]).report().target.kind == "folder")
    }

    @Test func `a single file is scanned`() async throws {
        let folder = try Scratch.folder("plain")
        try Scratch.write("KEY = \"\(FakeKey.sendGrid())\"\n", to: folder + "/key.py")
        let outcome = try await Program.run(["scan", folder + "/key.py", "-q"])
        #expect(outcome.status == 1)
        #expect(outcome.text.hasPrefix("key.py:1:8: high: "))
    }

    @Test(.enabled(if: !Scratch.isRoot, "root may read anything"))
    func `a folder without permission is a gap, not clean`() async throws {
        let folder = try Scratch.folder("plain")
        try Scratch.write("x\n", to: folder + "/closed/file")
        Scratch.setPermissions(0, folder + "/closed")
        defer { Scratch.setPermissions(0o700, folder + "/closed") }
        #expect(try await Program.run(["scan", folder]).status == 2)
        for path in [folder + "/closed", folder + "/closed/file"] {
            let outcome = try await Program.run(["scan", path])
            #expect(outcome.status == 3)
            #expect(outcome.errorText == "migrate: cannot read \(path): Permission denied.\n")
        }
    }

    @Test func `a merge base that cannot be found is a failure told in a line, and no bug`() async throws {
        let repository = try await Git.repository(["a.py": "a = 1\n"])
        try await Git.run(["tag", "first"], in: repository)
        try await Git.commit(["a.py": "a = 2\n"], in: repository)
        let damaged = try await Git.run(["rev-parse", "HEAD"], in: repository)
        try await Git.commit(["a.py": "a = 3\n"], in: repository)
        let file = "\(repository)/.git/objects/\(damaged.prefix(2))/\(damaged.dropFirst(2))"
        Scratch.setPermissions(0o600, file)
        try Scratch.write("no object", to: file)
        let outcome = try await Program.run(["scan", repository, "--range", "first...HEAD"])
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorText.hasPrefix("migrate: cannot find the merge base: "), "\(outcome.errorText)")
        #expect(try await Program.run(["scan", repository, "--range", "first..HEAD"]).status == 2)
    }

    @Test(arguments: ["flipped", "cut", "index"])
    func `a corrupt pack is a gap, and the rest is scanned`(damage: String) async throws {
        let repository = try await Git.repository(["a.py": "A = 1\n", "b.py": String(repeating: "b = 2\n", count: 500)])
        try await Git.run(["repack", "-a", "-d", "-q"], in: repository)
        try await Git.commit(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"], in: repository)
        let folder = repository + "/.git/objects/pack"
        let ending = damage == "index" ? ".idx" : ".pack"
        let name = try #require(Scratch.names(in: folder).first { $0.hasSuffix(ending) })
        let file = folder + "/" + name
        Scratch.setPermissions(0o600, file)
        var bytes = Scratch.bytes(file)
        switch damage {
        case "flipped": for index in 40..<min(120, bytes.count - 20) { bytes[index] ^= 0x5A }
        case "cut": bytes.removeLast(bytes.count / 2)
        default: bytes = Array("garbage".utf8)
        }
        try Scratch.write(bytes, to: file)
        let outcome = try await Program.run(["scan", repository, "-f", "json"])
        #expect(!outcome.isCrash)
        #expect(outcome.status == 1 && outcome.errors.isEmpty)
        let report = try outcome.report()
        #expect(!report.complete && !report.gaps.isEmpty)
        #expect(report.findings.contains { $0.ruleId == "sendgrid-api-key" })
    }

    @Test func `a truncated object is a gap`() async throws {
        let repository = try await Git.repository(["a.py": String(repeating: "a = 1\n", count: 500)])
        let id = try await Git.run(["rev-parse", "HEAD:a.py"], in: repository)
        let file = "\(repository)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        Scratch.setPermissions(0o600, file)
        try Scratch.write(Array(Scratch.bytes(file).dropLast(20)), to: file)
        let outcome = try await Program.run(["scan", repository, "-f", "json"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.isEmpty)
        #expect(try outcome.report().gaps.contains { $0.subject == id })
    }

    @Test func `the index of a newer git is a gap`() async throws {
        let repository = try await Git.cleanRepository()
        try Scratch.write(
            Array("DIRC".utf8) + [0, 0, 0, 9] + [UInt8](repeating: 0, count: 40), to: repository + "/.git/index")
        let outcome = try await Program.run(["scan", repository, "-f", "json"])
        #expect(outcome.status == 2)
        #expect(try outcome.report().gaps.map(\.kind) == ["unreadable-index"])
    }

    @Test func `loops of links, pipes, sockets and devices are passed over`() async throws {
        for makesRepository in [true, false] {
            let folder = makesRepository ? try await Git.cleanRepository() : try Scratch.folder("plain")
            try Scratch.write("KEY = \"\(FakeKey.sendGrid())\"\n", to: folder + "/key.py")
            let script = """
                ln -s . loop; ln -s loop/loop again; ln -s /dev/zero zero; ln -s nowhere dangling; mkfifo pipe .env.pipe
                mknod device c 1 5 2>/dev/null; mknod .env.device c 1 5 2>/dev/null; true
                """
            _ = try await Program.shell(script, in: folder)
            let outcome = try await Program.run(["scan", folder, "-f", "json"])
            #expect(outcome.status == 1)
            #expect(outcome.errors.isEmpty)
            #expect(try outcome.report().findings.flatMap(\.occurrences).map(\.path) == ["key.py"])
        }
    }

    @Test func `a pipe or a device in the place of a path is refused at once`() async throws {
        let folder = try Scratch.folder("plain")
        _ = try await Program.shell("mkfifo pipe", in: folder)
        for path in ["pipe", "/dev/zero"] {
            let outcome = try await Program.run(["scan", path], in: folder)
            #expect([2, 3].contains(outcome.status))
            #expect(!outcome.isCrash)
        }
    }

    @Test func `a file of five gigabytes is read in bounded memory`() async throws {
        let folder = try Scratch.folder("huge")
        let file = folder + "/huge.bin"
        try Scratch.write("KEY = \"\(FakeKey.sendGrid())\"\n", to: file)
        let handle = try #require(FileHandle(forUpdatingAtPath: file))
        try handle.truncate(atOffset: 5 << 30)
        try handle.close()
        let outcome = try await Program.run(["scan", folder, "-q"])
        #expect(outcome.status == 1 || outcome.status == 2, "found, or too large and said so; never clean")
        #expect(outcome.peakMemory < Self.memoryLimit)
    }

    @Test func `a line of fifty megabytes is read in bounded memory`() async throws {
        let folder = try Scratch.folder("long")
        let key = Array("\"\(FakeKey.sendGrid())\"".utf8)
        let half = [UInt8](repeating: UInt8(ascii: "a"), count: 25 << 20)
        try Scratch.write(half + key + half, to: folder + "/long.js")
        let outcome = try await Program.run(["scan", folder, "-q"])
        #expect(outcome.status == 1)
        #expect(outcome.text.hasPrefix("long.js:1:\((25 << 20) + 2): high: "))
        #expect(outcome.peakMemory < Self.memoryLimit)
    }

    @Test func `names never reach the terminal as they are`() async throws {
        let names: [[UInt8]] = [
            Array("a\u{1B}[31mred\u{7}.py".utf8), Array("b\u{202E}yp.\u{2066}x".utf8), Array("c\nd\r.py".utf8),
            Array("d".utf8) + [0xFF, 0xFE] + Array(".py".utf8), Array("e\u{9B}31m.py".utf8),
        ]
        for isRepository in [true, false] {
            let folder = try isRepository ? await Git.repository(["x": "x\n"]) : Scratch.folder("names")
            for (number, name) in names.enumerated() {
                let text = "KEY = \"\(FakeKey.sendGrid(UInt64(number) + 10))\"\n"
                let file = try #require(fopen(bytes: Array((folder + "/").utf8) + name))
                fputs(text, file)
                fclose(file)
            }
            for format in ["human", "json", "sarif"] {
                for options in [["-v"], []] {
                    let outcome = try await Program.run(["scan", folder, "-f", format] + options)
                    #expect(outcome.status == 1)
                    let bad = outcome.text.unicodeScalars.filter {
                        ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
                            || (format == "human" && [0x202E, 0x2066].contains($0.value))
                    }
                    #expect(bad.isEmpty, "\(format): \(bad.map { String($0.value, radix: 16) })")
                    #expect(String(validating: outcome.output, as: UTF8.self) != nil)
                }
            }
            let report = try await Program.run(["scan", folder, "-f", "json"]).report()
            #expect(report.findings.count == names.count)
            let missing = try await Program.run(["scan", folder + "/no\u{1B}[31m\u{202E}such"])
            #expect(missing.status == 3)
            #expect(!missing.errors.contains(0x1B) && !missing.errorText.unicodeScalars.contains("\u{202E}"))
        }
    }

    private func fopen(bytes: [UInt8]) -> UnsafeMutablePointer<FILE>? {
        Foundation.fopen(bytes.map { CChar(bitPattern: $0) } + [0], "w")
    }

    @Test func `a git folder in the place of its repository hides nothing`() async throws {
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        for path in ["/.git", "/.git/", "/.git/objects"] {
            #expect(try await Program.run(["scan", repository + path]).status == 1)
        }
    }

    @Test func `a repository with SHA-256 names is refused, and the way round is told`() async throws {
        let repository = try await Git.repository(["a.py": "a = 1\n"], options: ["--object-format=sha256"])
        let outcome = try await Program.run(["scan", repository])
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorText.contains("SHA-256") && outcome.errorText.contains("\nhint: "))
    }

    @Test(
        .enabled(if: Scratch.isRoot, "only root can give a repository to somebody else"),
        arguments: ["", "[safe]\n\tdirectory = /nowhere\n"])
    func `a repository of somebody else is refused, and safe.directory is told`(settings: String) async throws {
        let repository = try await Git.repository(["key.py": "KEY = \"\(FakeKey.sendGrid())\"\n"])
        _ = try await Program.shell("chown -R 12345 \(repository)")
        let home = try Scratch.folder("home")
        try Scratch.write(settings, to: home + "/.gitconfig")
        let outcome = try await Program.run(["scan", repository], changes: ["HOME": home])
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errorText.contains("hint: if you trust it: git config --global --add safe.directory \(repository)"))
        try Scratch.write("[safe]\n\tdirectory = \(repository)\n", to: home + "/.gitconfig")
        #expect(try await Program.run(["scan", repository], changes: ["HOME": home]).status == 1)
    }
}
