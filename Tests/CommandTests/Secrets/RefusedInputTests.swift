// Input that a store cannot take, or must not: one clear line, and nothing is written.

import Foundation
import TestServers
import Testing

@Suite struct RefusedInputTests {
    /// Runs commands that must be refused, on a secret that must stay as it is.
    private func expectUnchanged(
        _ kind: StoreKind, _ check: (Workplace) async throws -> Void
    ) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare([("BEFORE", "there")])
        let before = try await place.versions()
        try await check(place)
        #expect(try await place.versions() == before)
        #expect(try await place.value("BEFORE") == "there")
    }

    // moto has no such limit.
    @Test(arguments: [StoreKind.vault, .double])
    func `a secret of 65,536 bytes is kept, one byte more is refused before anything is sent`(kind: StoreKind)
        async throws
    {
        // {"BEFORE":"there","LONG":"…"}
        let frame = "{\"BEFORE\":\"there\",\"LONG\":\"\"}".utf8.count
        try await expectUnchanged(kind) { place in
            let outcome = try await place.migrate(
                ["secret", "set", place.secret, "LONG"], bytes: [UInt8](repeating: 0x78, count: 65_537 - frame))
            expectOneLine(outcome, status: 3, "65,537 bytes", "65,536 is the limit", "nothing was written")
        }
        let place = try await Workplace.on(kind)
        try await place.prepare([("BEFORE", "there")])
        let longest = [UInt8](repeating: 0x78, count: 65_536 - frame)
        try expectDone(await place.migrate(["secret", "set", place.secret, "LONG"], bytes: longest))
        #expect(try await place.value("LONG")?.utf8.count == longest.count)
    }

    @Test(
        arguments: [
            ([0x61, 0x00, 0x62], "NUL"), ([0x61, 0xFF, 0x62], "UTF-8"), ([0xC3], "UTF-8"),
            ([0xED, 0xA0, 0x80], "UTF-8"),
        ] as [([UInt8], String)])
    func `a value that no environment can hold is refused`(bytes: [UInt8], word: String) async throws {
        try await expectUnchanged(.vault) { place in
            expectOneLine(
                try await place.migrate(["secret", "set", place.secret, "KEY"], bytes: bytes), status: 3, word)
            let file = Array("KEY='".utf8) + bytes + Array("'\n".utf8)
            let imported = try await place.migrate(
                ["secret", "import", "-", "--secret", place.secret, "--yes"], bytes: file)
            expectOneLine(imported, status: 3, "KEY")
        }
    }

    @Test(arguments: ["{", "nonsense", "{\"a\":1,\"a\":2}", "1 2", "[1,]", "\"\\ud800\"", "NaN", "01", ""])
    func `a value that is called JSON and is none is refused without being repeated`(text: String) async throws {
        try await expectUnchanged(.vault) { place in
            let outcome = try await place.migrate(
                "secret", "set", place.secret, "KEY", "--json", input: text)
            expectOneLine(outcome, status: 3)
            if text.utf8.count > 4 { #expect(!outcome.errorText.contains(text)) }
        }
    }

    @Test(
        arguments: [
            ("", [], "no values"), ("# only a comment\n\n", [], "no values"), ("BARE\n", [], "no values"),
            ("K=p@ss#word\n", [], "--dialect"), ("K='p@ss\n", [], "--dialect"),
            ("K=p@ss${OTHER}\n", ["--dialect", "compose"], "--keep-references"),
            ("K=p@ss$(date)\n", ["--dialect", "shell"], "--keep-references"),
        ] as [(String, [String], String)])
    func `a dotenv file that says nothing, or two things at once, is refused`(
        text: String, options: [String], word: String
    ) async throws {
        try await expectUnchanged(.vault) { place in
            try place.write(text, to: "a.env")
            let outcome = try await place.migrate(
                ["secret", "import", "a.env", "--secret", place.secret, "--yes"] + options)
            #expect(outcome.status == 3, "\(outcome.text)")
            #expect(outcome.errorText.contains(word), "\(outcome.errorText)")
            #expect(outcome.output.isEmpty && !outcome.isCrash)
            #expect(!outcome.errorText.contains("p@ss"))
        }
    }

    @Test func `an import of what is not there, of a folder or of too much is refused`() async throws {
        try await expectUnchanged(.vault) { place in
            try place.write("K=1\n", to: "a.env")
            try Scratch.write([UInt8](repeating: 0x41, count: 5 << 20), to: place.folder + "/huge.env")
            for words in [["absent.env"], ["."], ["huge.env"], ["a.env", "--keys", "OTHER"]] {
                expectOneLine(
                    try await place.migrate(["secret", "import"] + words + ["--secret", place.secret, "--yes"]),
                    status: 3)
            }
        }
    }

    @Test(
        arguments: [
            "with space", "shop/production-AbCdEf", "ünicode", "semi;colon", "a\nb",
            String(repeating: "x", count: 513),
        ], [StoreKind.vault, .double])
    func `a name that AWS does not take is refused before it is asked`(name: String, kind: StoreKind) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = kind == .double ? try Workplace.on(double) : try Workplace.local()
        expectOneLine(try await place.migrate("secret", "create", name), status: 3, "name")
        try place.write("K=1\n", to: "a.env")
        expectOneLine(
            try await place.migrate("secret", "import", "a.env", "--create", "--yes", "--secret", name), status: 3)
        #expect(double.requests(for: "CreateSecret").isEmpty)
        #expect(!Scratch.files(below: place.home).contains { $0.hasSuffix(".sealed") })
        await double.stop()
    }

    @Test(arguments: ["../../escape", "..", "/absolute", ".", "a//b", "%2e%2e/x"])
    func `a name is never a way out of the vault`(name: String) async throws {
        let place = try Workplace.local()
        let outcome = try await place.migrate("secret", "create", name)
        #expect([0, 3].contains(outcome.status), "\(outcome.errorText)")
        let outside = Scratch.files(below: place.root).filter {
            !$0.hasPrefix(place.vault + "/") && $0 != place.keyFile
        }
        #expect(outside.isEmpty)
        if outcome.status == 0 {
            #expect(try await place.migrate("secret", "list").text.contains(name))
        }
    }

    // MARK: Values on the command line

    @Test(
        arguments: [
            ["secret", "set", "shop/x", "KEY", "CANARY"], ["secret", "set", "shop/x", "KEY=CANARY"],
            ["secret", "set", "KEY", "CANARY/with/slash="], ["secret", "set", "shop/x", "KEY", "--value=CANARY"],
            ["secret", "set", "shop/x", "KEY", "--value", "CANARY"], ["secret", "set", "shop/x", "--KEY=CANARY"],
            ["secret", "set", "shop/x", "KEY", "--json=CANARY"], ["secret", "set", "shop/x", "KEY", "--fd", "CANARY"],
            ["secret", "set", "shop/x", "KEY", "--json", "{\"a\":\"CANARY\"}"],
            ["secret", "set", "shop/x", "KEY", "--finding", "CANARY"],
            ["secret", "generate", "shop/x", "KEY", "CANARY"], ["secret", "get", "shop/x", "KEY", "CANARY!"],
            ["secret", "unset", "shop/x", "KEY=CANARY"], ["secret", "history", "shop/x", "CANARY"],
            ["secret", "import", "a.env", "KEY=CANARY"], ["run", "KEY=CANARY", "--", "true"],
        ])
    func `a value on the command line is refused and not repeated`(words: [String]) async throws {
        let place = try Workplace.local()
        let canary = "hunter2!Xy9"
        try expectDone(await place.migrate("secret", "create", "shop/x"))
        let files = Scratch.files(below: place.vault)
        let outcome = try await place.migrate(
            words.map { $0.replacingOccurrences(of: "CANARY", with: canary) }, bytes: Array("unused".utf8))
        #expect(outcome.status == 64, "\(outcome.errorText)")
        #expect(!outcome.isCrash && outcome.output.isEmpty && !outcome.errors.isEmpty)
        #expect(!outcome.errorText.contains("hunter2"), "\(outcome.errorText)")
        #expect(Scratch.files(below: place.vault) == files)
    }

    @Test(arguments: [0, 1] as [UInt64])
    func `a key of a provider is no name of a key, though it has the letters of one`(seed: UInt64) async throws {
        let place = try Workplace.local()
        try expectDone(await place.migrate("secret", "create", "shop/x"))
        for value in [FakeKey.sendGrid(seed + 3), "ghp_" + String(repeating: "a1", count: 18)] {
            for words in [["secret", "set", "shop/x", value], ["secret", "set", value]] {
                let outcome = try await place.migrate(words, bytes: Array("v".utf8))
                expectOneLine(outcome, status: 64, "does not belong on the command line")
                #expect(!outcome.errorText.contains(value))
            }
        }
    }

    @Test(arguments: [["--secret", ""], ["--vault", ""], ["--region", "x", "--store", "local"]])
    func `options that make no sense are wrong usage`(options: [String]) async throws {
        let place = try Workplace.bare()
        #expect(try await place.migrate(["secret", "history"] + options).status == 64)
    }

    @Test func `which secret is meant must be said`() async throws {
        let place = try Workplace.local()
        try await place.prepare()
        for words in [["secret", "get"], ["secret", "history"], ["export", "-f", "json"]] {
            expectOneLine(try await place.migrate(words), status: 64, "--secret NAME")
        }
    }
}
