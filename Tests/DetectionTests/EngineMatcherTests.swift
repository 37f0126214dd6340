// What the engine reports of a text, and that nothing but the text decides it.

import Testing

@testable import Detection

@Suite("Matcher")
struct EngineMatcherTests {
    // MARK: - Overlaps

    @Test("A SendGrid key that is the password of a mail server's URL is one SendGrid key")
    func tokenInURL() throws {
        let key = Fake.sendGrid(seed: 1)
        let found = try EngineSample.matcher().found(in: "MAIL_URL=smtp://apikey:\(key)@smtp.sendgrid.net:587\n")
        #expect(found == ["sendgrid-api-key: \(key)"])
    }

    @Test("A GitHub token that is assigned to a secret's name is one GitHub token")
    func tokenInAssignment() throws {
        let token = Fake.gitHub("ghp" + "_", seed: 1)
        for text in ["password = \"\(token)\"\n", "access_token: \(token)\n", "{\"secret\": \"\(token)\"}"] {
            #expect(try EngineSample.matcher().found(in: text) == ["github-personal-access-token: \(token)"])
        }
    }

    @Test("A URL with a password that is assigned to a secret's name is the password, under the URL's own rule")
    func urlInAssignment() throws {
        let password = Fake.alphanumeric(14, seed: 1)
        let found = try EngineSample.matcher().found(
            in: "SECRET_DB = \"postgres://app:\(password)@db.acme.io/shop\"\n")
        #expect(found == ["postgres-url: \(password)"])
    }

    @Test("Of rules that say equally much, the longer match counts, then the rule that stands first")
    func equalRules() throws {
        let short = EngineSample.rule(named: "short", .expression("KEY[0-9]{4}", before: nil, after: nil))
        let long = EngineSample.rule(named: "long", .expression("KEY[0-9]{8}", before: nil, after: nil))
        let same = EngineSample.rule(named: "same", .expression("KEY[0-7]{8}", before: nil, after: nil))
        #expect(try EngineSample.matcher([short, long, same]).found(in: "KEY27112645") == ["long: KEY27112645"])
        #expect(try EngineSample.matcher([same, long, short]).found(in: "KEY27112645") == ["same: KEY27112645"])
        #expect(try EngineSample.matcher([short, long, same]).found(in: "KEY2718") == ["short: KEY2718"])
    }

    @Test("A match that gives way to a better one hides no third")
    func hiddenHidesNothing() {
        let rules = [
            EngineSample.rule(named: "generic", .genericAssignment), EngineSample.rule(named: "url", .urlPassword),
            EngineSample.rule(named: "token", .expression("KEY", before: nil, after: nil)),
        ]
        func match(_ rule: Int, _ value: Range<Int>) -> Match { Match(rule: rule, value: value, verdict: .wellFormed) }
        // In the first, `url` beats `generic` and loses to `token`, which leaves room for `generic`.
        #expect(
            Overlaps.resolved([match(0, 0..<10), match(1, 8..<20), match(2, 18..<30)], of: rules).map(\.rule) == [0, 2])
        #expect(
            Overlaps.resolved([match(0, 0..<100), match(0, 10..<20), match(2, 50..<90)], of: rules)
                .map(\.value) == [10..<20, 50..<90])
        #expect(Overlaps.resolved([match(1, 5..<9), match(1, 0..<5)], of: rules).map(\.value) == [0..<5, 5..<9])
        #expect(Overlaps.resolved([], of: rules).isEmpty)
    }

    @Test("Matches are in order, disjoint, and inside the bytes", arguments: 0..<60)
    func orderedAndDisjoint(seed: UInt64) throws {
        var generator = EngineGenerator(state: seed)
        let bytes = generator.denseText(pieces: 60)
        let matches = try EngineSample.matcher().matches(in: bytes)
        var end = 0
        for match in matches {
            #expect(match.value.lowerBound >= end && !match.value.isEmpty && match.value.upperBound <= bytes.count)
            if let key = match.key { #expect(0 <= key.lowerBound && key.upperBound <= bytes.count && !key.isEmpty) }
            end = match.value.upperBound
        }
    }

    // MARK: - Places

    /// The end of a portion, whose neighbourhood is where hits could be lost or doubled.
    private static let border = 4 << 20

    @Test("A key is found once at every place around the border of two portions", arguments: -72...3)
    func aroundBorder(offset: Int) throws {
        let key = Array(Fake.sendGrid(seed: 1).utf8)
        var bytes = [UInt8](repeating: UInt8(ascii: " "), count: Self.border + 200)
        let start = Self.border + offset
        bytes.replaceSubrange(start..<start + key.count, with: key)
        let matches = try EngineSample.matcher().matches(in: bytes)
        #expect(matches.map(\.value) == [start..<start + key.count])
    }

    @Test(
        "What reaches from one portion into the next is found once, whatever confirms it",
        arguments: [-300, -40, -9, 0])
    func everyConfirmationAcrossBorder(offset: Int) throws {
        let password = Fake.alphanumeric(18, seed: 1)
        let pem = Fake.pem("RSA PRIVATE KEY", seed: 2)
        let texts = [
            ("db_password = \"\(password)\"\n", password), ("postgres://app:\(password)@db.acme.io/x\n", password),
            (pem + "\n", pem), (Fake.jsonWebToken(seed: 3) + "\n", Fake.jsonWebToken(seed: 3)),
        ]
        let matcher = try EngineSample.matcher()
        for (text, value) in texts {
            var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: Self.border + offset)
            bytes += Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 500)
            let found = try matcher.matches(in: bytes).map { String(decoding: bytes[$0.value], as: UTF8.self) }
            #expect(found == [value])
        }
    }

    @Test("Keys of every portion of a large text are found")
    func manyPortions() throws {
        let key = Array(Fake.sendGrid(seed: 1).utf8)
        var bytes = [UInt8](repeating: UInt8(ascii: " "), count: 3 * Self.border + 1_000)
        let starts = [0, Self.border / 2, Self.border + 1, 2 * Self.border - 3, 3 * Self.border + 1_000 - key.count]
        for start in starts { bytes.replaceSubrange(start..<start + key.count, with: key) }
        let matches = try EngineSample.matcher().matches(in: bytes)
        #expect(matches.map(\.value.lowerBound) == starts)
    }

    @Test("A key may be all there is, and open or close the text")
    func startAndEnd() throws {
        let key = Fake.sendGrid(seed: 1)
        let matcher = try EngineSample.matcher()
        for (text, start) in [(key, 0), (key + " x", 0), ("x " + key, 2), (key + "\n" + key, 0)] {
            let matches = try matcher.matches(in: text)
            #expect(matches.first?.value == start..<start + key.utf8.count)
            #expect(matches.last?.value.upperBound == (text.hasSuffix(key) ? text.utf8.count : start + key.utf8.count))
        }
    }

    @Test("A text that breaks off anywhere is no trouble", arguments: 0..<6)
    func everyPrefix(seed: UInt64) throws {
        var generator = EngineGenerator(state: 1_000 + seed)
        let bytes = generator.denseText(pieces: 12)
        let matcher = try EngineSample.matcher()
        for length in 0...bytes.count {
            let matches = try matcher.matches(in: Array(bytes.prefix(length)))
            #expect(matches.allSatisfy { $0.value.upperBound <= length })
        }
    }

    @Test("An empty text has no matches, and neither has one without anchors")
    func empty() throws {
        let matcher = try EngineSample.matcher()
        #expect(try matcher.matches(in: [UInt8]()).isEmpty)
        #expect(try matcher.matches(in: UnsafeRawBufferPointer(start: nil, count: 0)).isEmpty)
        #expect(try matcher.matches(in: "nothing of note\n").isEmpty)
        #expect(matcher.confirmationCount == 0)
    }

    // MARK: - Bytes

    @Test("Bytes that are no UTF-8 around a key change nothing")
    func notUTF8() throws {
        let key = Array(Fake.sendGrid(seed: 1).utf8)
        let junk: [UInt8] = [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0xFE]
        let matches = try EngineSample.matcher().matches(in: junk + key + junk)
        #expect(matches.map(\.value) == [junk.count..<junk.count + key.count])
    }

    @Test("Binary data gets no guesses by names, but its tokens are found", arguments: [0, 7_000])
    func binary(firstNUL: Int) throws {
        let key = Fake.sendGrid(seed: 1)
        let password = Fake.alphanumeric(18, seed: 2)
        var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: 9_000)
        bytes += Array("password = \"\(password)\"\n\(key)\n".utf8)
        let matcher = try EngineSample.matcher()
        #expect(try matcher.matches(in: bytes).count == 2)
        for place in 0..<20 { bytes[firstNUL + place * 10] = 0 }
        let found = try matcher.matches(in: bytes).map { String(decoding: bytes[$0.value], as: UTF8.self) }
        #expect(found == [key])
    }

    @Test("A NUL or two do not hide a password", arguments: [0, 5, 7_999, 8_000])
    func aFewNULs(place: Int) throws {
        var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: 8_010)
        bytes[place] = 0
        bytes[place + 3] = 0
        bytes += Array("\npassword = \"\(Fake.alphanumeric(18, seed: 2))\"\n".utf8)
        #expect(try EngineSample.matcher().matches(in: bytes).count == 1)
    }

    // MARK: - Conditions of rules

    @Test("`before` and `after` name the bytes that may not adjoin; the ends of the text adjoin nothing")
    func adjoiningBytes() throws {
        let rule = EngineSample.rule(.expression("KEY[0-9]{4}", before: .word, after: .digits))
        let matcher = try EngineSample.matcher([rule])
        for (text, count) in [
            ("KEY2718", 1), ("-KEY2718-", 1), ("aKEY2718", 0), ("_KEY2718", 0), ("KEY27182", 0), ("KEY2718a", 1),
            (" KEY2718\u{0}", 1),
        ] {
            #expect(try matcher.matches(in: text).count == count, "\(text)")
        }
    }

    @Test("Without such bytes a match may stand inside a word")
    func anyAdjoiningBytes() throws {
        let matcher = try EngineSample.matcher([EngineSample.rule(.expression("KEY[0-9]{4}", before: nil, after: nil))])
        #expect(try matcher.found(in: "aKEY27182") == ["test: KEY2718"])
    }

    @Test("The longest match from the leftmost start counts")
    func longestMatch() throws {
        let rule = EngineSample.rule(.expression("KEY[0-9]{4,12}", before: nil, after: nil))
        let matcher = try EngineSample.matcher([rule])
        #expect(try matcher.found(in: "x KEY27182845 KEY2718") == ["test: KEY27182845", "test: KEY2718"])
        #expect(try matcher.found(in: "KEY2718281828459045") == ["test: KEY271828182845"])
    }

    @Test("Two keys side by side are two")
    func sideBySide() throws {
        let matcher = try EngineSample.matcher([EngineSample.rule(.expression("KEY[0-9]{4}", before: nil, after: nil))])
        #expect(try matcher.found(in: "KEY2718KEY3141") == ["test: KEY2718", "test: KEY3141"])
    }

    @Test("A value of too little entropy is no match")
    func minimumEntropy() throws {
        let rule = EngineSample.rule(
            .expression("KEY[0-9a-z]{16}", before: nil, after: nil), minimumEntropy: 3)
        let matcher = try EngineSample.matcher([rule])
        #expect(try matcher.matches(in: "KEYababcdcdababcdcd").isEmpty)
        #expect(try matcher.matches(in: "KEY" + Fake.hex(16, seed: 3)).count == 1)
    }

    @Test("Stand-ins are graded as such before the rule's own check is asked")
    func placeholders() throws {
        let rule = EngineSample.rule(
            .expression("KEY[0-9a-zA-Z-]{16}", before: nil, after: nil), minimumEntropy: 4.5,
            check: { _ in .checked })
        let matcher = try EngineSample.matcher([rule])
        #expect(try matcher.matches(in: "KEY" + "your-secret-here").map(\.verdict) == [.placeholder])
        #expect(try matcher.matches(in: "KEY" + String(repeating: "x", count: 16)).map(\.verdict) == [.placeholder])
    }

    @Test("The rule's check grades what it sees: the value alone")
    func check() throws {
        let rule = EngineSample.rule(
            .expression("KEY[0-9]{4}", before: nil, after: nil),
            check: { $0.count == 7 && $0[3] == UInt8(ascii: "2") ? .checked : .checkFailed })
        let matches = try EngineSample.matcher([rule]).matches(in: "x KEY2718 KEY3141 y")
        #expect(matches.map(\.verdict) == [.checked, .checkFailed])
    }

    @Test("An assigned value has to have the shape, and comes with its name")
    func assigned() throws {
        let rule = EngineSample.rule(anchors: ["acme_key"], .assigned(Shape(.lowerHexadecimal, 32)))
        let matcher = try EngineSample.matcher([rule])
        let value = Fake.hex(32, seed: 1)
        let text = "export MY_acme_key=\(value)\n"
        let match = try #require(try matcher.matches(in: text).first)
        #expect(String(decoding: Array(text.utf8)[match.value], as: UTF8.self) == value)
        let key = try #require(match.key)
        #expect(String(decoding: Array(text.utf8)[key], as: UTF8.self) == "MY_acme_key")
        for other in [value.uppercased(), String(value.dropLast()), value + "0"] {
            #expect(try matcher.matches(in: "acme_key=\(other)\n").isEmpty)
        }
    }

    // MARK: - Reuse

    @Test("A matcher keeps nothing of one text for the next")
    func reuse() throws {
        let used = try EngineSample.matcher()
        for seed in 0..<12 as Range<UInt64> {
            var generator = EngineGenerator(state: 5_000 + seed)
            let bytes = generator.denseText(pieces: Int(seed) * 5)
            #expect(try used.matches(in: bytes) == EngineSample.matcher().matches(in: bytes))
            #expect(try used.matches(in: [UInt8]()).isEmpty)
        }
    }

    @Test("Matchers of one rule set agree when they work at once")
    func atOnce() async throws {
        let compiled = try CompiledRules()
        let texts = (0..<15 as Range<UInt64>).map { seed in
            var generator = EngineGenerator(state: 9_000 + seed)
            return generator.denseText(pieces: 80)
        }
        let alone = try Matcher(compiled)
        let expected = try texts.map { try alone.matches(in: $0) }
        try await withThrowingTaskGroup(of: [[Match]].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let matcher = try Matcher(compiled)
                    return try texts.map { try matcher.matches(in: $0) }
                }
            }
            for try await found in group { #expect(found == expected) }
        }
    }
}
