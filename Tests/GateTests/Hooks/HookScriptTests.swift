// Whatever the program's path is, the shell runs exactly that, and we read it back.

import Foundation
import TestRepositories
import Testing

@testable import Gate

@Suite struct HookScriptTests {
    /// Seeded, so that a failure can be seen again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let pieces = [
        "'", "\"", "\\", "\n", "$(x)", "`x`", " ", "a", "é", "\r\n", ";", "&", "#", "*", "~", "'\\''", "%s", "\t", "!",
    ]

    @Test func `any path comes back, from the file and from the shell`() throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        var generator = Generator(state: 7)
        for _ in 0..<200 {
            let path =
                "/"
                + (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                    Self.pieces.randomElement(using: &generator) ?? ""
                }.joined()
            let script = HookScript(
                name: HookKind.allNames.randomElement(using: &generator) ?? "pre-commit", program: path,
                isGlobal: Bool.random(using: &generator))
            #expect(HookScript.recognise(script.bytes) == .ours(script))
        }
        for _ in 0..<20 {
            let path = "/" + (0..<6).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined()
            try TemporaryRepository.write(
                folder + "/print", Array("printf %s \(HookScript.quote(path)) > '\(folder)/out'".utf8))
            try TemporaryRepository.execute(["/bin/sh", folder + "/print"], environment: [], output: nil)
            #expect(try TemporaryRepository.read(folder + "/out") == Array(path.utf8))
        }
    }

    @Test func `every hook is a script that the shell can read`() throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        for name in HookKind.allNames {
            for (isGlobal, checks) in [(false, true), (true, true), (true, false)] {
                let script = HookScript(name: name, program: "/x y", isGlobal: isGlobal, checks: checks)
                try TemporaryRepository.write(folder + "/hook", script.bytes)
                let status = try TemporaryRepository.execute(
                    ["/bin/sh", "-n", folder + "/hook"], environment: [], output: folder + "/out")
                let said = String(decoding: try TemporaryRepository.read(folder + "/out"), as: UTF8.self)
                #expect(status == 0, "\(name): \(said)")
            }
        }
    }

    @Test(arguments: [
        ("python manage.py migrate\n", false), ("bin/rails db:migrate\n", false), ("# migrate scan\n", false),
        ("migrate up\n", false), ("immigrate scan\n", false), ("migrate scan --staged\n", true),
        ("/usr/local/bin/migrate hook run\n", true), ("exec \"migrate\" 'ci'\n", true),
        ("a && migrate  scan\n", true),
    ])
    func `frameworks have commands of that name too`(text: String, isOurs: Bool) {
        #expect(Mention.runs(text) == isOurs)
    }

    @Test func `a line for one hook is none for another`() {
        #expect(Mention.runs("migrate hook run pre-push \"$@\"", .prePush))
        #expect(!Mention.runs("migrate hook run pre-push \"$@\"", .preCommit))
        #expect(Mention.runs("migrate hook run", .preCommit))
        #expect(Mention.runs("run: {entry: [migrate, hook, run, pre-commit]}", .preCommit))
        #expect(!Mention.runs("migrate hook status", .preCommit))
    }
}
