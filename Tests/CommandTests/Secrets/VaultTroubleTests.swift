// A vault that is locked, damaged, swapped or full: told in a line, and what was there stays readable.

import Foundation
import TestServers
import Testing

@Suite struct VaultTroubleTests {
    private func filled() async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare([("KEY", "value-1")])
        return place
    }

    private func sealedFile(_ place: Workplace) throws -> String {
        try #require(Scratch.files(below: place.vault).first { $0.hasSuffix(".sealed") })
    }

    @Test(arguments: ["another", "missing", "short", "empty", "readable by others", "a folder"])
    func `a vault is not opened with a key file that is wrong`(kind: String) async throws {
        let place = try await filled()
        let before = Scratch.bytes(try sealedFile(place))
        let key = String(decoding: Scratch.bytes(place.keyFile), as: UTF8.self)
        try FileManager.default.removeItem(atPath: place.keyFile)
        switch kind {
        case "another":
            try Scratch.write(String(key.map { $0 == "a" ? "b" : $0 == "b" ? "a" : $0 }), to: place.keyFile)
        case "short": try Scratch.write(String(key.prefix(10)), to: place.keyFile)
        case "empty": try Scratch.write("", to: place.keyFile)
        case "readable by others": try Scratch.write(key, to: place.keyFile)
        case "a folder":
            try FileManager.default.createDirectory(atPath: place.keyFile, withIntermediateDirectories: true)
        default: break
        }
        Scratch.setPermissions(kind == "readable by others" ? 0o644 : 0o600, place.keyFile)
        for words in [["secret", "get", place.secret], ["secret", "set", place.secret, "KEY", "--yes"]] {
            let outcome = try await place.migrate(words, bytes: Array("new".utf8))
            expectOneLine(outcome, status: 3)
            #expect(!outcome.errorText.contains(key.prefix(12)))
        }
        #expect(Scratch.bytes(try sealedFile(place)) == before)
        // With the right key all is as it was.
        try? FileManager.default.removeItem(atPath: place.keyFile)
        try Scratch.write(key, to: place.keyFile)
        Scratch.setPermissions(0o600, place.keyFile)
        #expect(try await place.value("KEY") == "value-1")
    }

    @Test(arguments: ["flipped", "short", "empty", "text", "swapped", "huge"])
    func `a damaged file of the vault is told with its path and left alone; other secrets stay readable`(kind: String)
        async throws
    {
        let place = try await filled()
        let file = try sealedFile(place)
        try expectDone(await place.migrate("secret", "create", "shop/other"))
        try expectDone(await place.migrate("secret", "set", "shop/other", "KEY", input: "value-2"))
        var bytes = Scratch.bytes(file)
        switch kind {
        case "flipped": bytes[bytes.count / 2] ^= 1
        case "short": bytes.removeLast(20)
        case "empty": bytes = []
        case "text": bytes = Array("KEY=value\n".utf8)
        case "huge": bytes += [UInt8](repeating: 0, count: 30 << 20)
        default: bytes = Scratch.bytes((file as NSString).deletingLastPathComponent + "/shop%2fother.sealed")
        }
        #expect(kind == "empty" || !bytes.isEmpty)
        try Scratch.write(bytes, to: file)
        for words in [
            ["secret", "get", place.secret], ["secret", "set", place.secret, "KEY", "--yes"],
            ["secret", "history", place.secret], ["run", "-s", place.secret, "--", "true"],
        ] {
            let outcome = try await place.migrate(words, bytes: Array("new".utf8))
            expectOneLine(outcome, status: 3, ".sealed")
        }
        #expect(Scratch.bytes(file) == bytes)
        #expect(try await place.migrate("secret", "get", "shop/other", "KEY", "--show").text == "value-2")
    }

    @Test func `an old copy of a vault's file is refused or read, and never mixed`() async throws {
        let place = try await filled()
        let file = try sealedFile(place)
        let old = Scratch.bytes(file)
        try expectDone(await place.migrate("secret", "set", place.secret, "KEY", "--yes", input: "value-2"))
        try Scratch.write(old, to: file)
        #expect(try await place.value("KEY") == "value-1")
        try expectDone(await place.migrate("secret", "set", place.secret, "NEXT", input: "n"))
        #expect(try await place.value("KEY") == "value-1")
    }

    @Test(.enabled(if: Scratch.isRoot, "mounting takes root"))
    func `on a full disk nothing is torn`() async throws {
        let place = try await filled()
        let outcome = try await place.shell(
            """
            mkdir disk && exec unshare -m sh -c '
            mount -t tmpfs -o size=64k tmpfs disk && cp -R "$HOME/.local/share/migrate/vault" disk/vault || exit 99
            dd if=/dev/zero of=disk/filler bs=1k count=200 2>/dev/null
            head -c 20000 /dev/zero | tr "\\0" x |
                "$MIGRATE" secret set \(place.secret) LONG --store local --vault disk/vault
            echo "status $?"
            "$MIGRATE" secret get \(place.secret) KEY --show --store local --vault disk/vault
            echo; ls -A disk/vault/secrets'
            """)
        try #require(outcome.status != 99, "no tmpfs here")
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.first == "status 3", "\(outcome.text) \(outcome.errorText)")
        #expect(lines.dropFirst().first == "value-1")
        #expect(lines.dropFirst(2).allSatisfy { $0.hasSuffix(".sealed") }, "\(lines)")
        #expect(outcome.errorText.contains("No space left"), "\(outcome.errorText)")
        #expect(outcome.errorLines.filter { $0.hasPrefix("migrate: ") }.count == 1)
    }

    @Test func `a limit on file sizes ends a write with an error, not with a signal or half a file`() async throws {
        let place = try await filled()
        let outcome = try await place.shell(
            """
            ulimit -f 8; head -c 20000 /dev/zero | tr '\\0' x | "$MIGRATE" secret set \(place.secret) LONG $STORE
            echo "status $?"
            """)
        #expect(outcome.text == "status 3\n", "\(outcome.text) \(outcome.errorText)")
        #expect(outcome.errorText.contains("File too large"), "\(outcome.errorText)")
        #expect(try await place.value("KEY") == "value-1")
        #expect(try await place.value("LONG") == nil)
    }

    @Test(.enabled(if: !Scratch.isRoot, "root may write anywhere"))
    func `a vault without permission to write is told in a line`() async throws {
        let place = try await filled()
        Scratch.setPermissions(0o500, place.vault + "/secrets")
        defer { Scratch.setPermissions(0o700, place.vault + "/secrets") }
        let outcome = try await place.migrate("secret", "set", place.secret, "NEW", input: "v")
        #expect(outcome.status == 3 && !outcome.isCrash)
        #expect(try await place.value("KEY") == "value-1")
    }
}
