// `.migrate/ignore.yml`: what it may say, and what is told of what it may not.

import Settings
import TestRepositories
import Testing
import World

@testable import Scanning

@Suite struct IgnoreFileTests {
    private static let good = """
        - fingerprint: 0123456789abcdef
          reason: a fixture
          owner: Ada
          until: 2027-01-31
          note: sendgrid-api-key in tests/key.py
        - fingerprint: "F123456789abcdef"
          reason: 'cannot be changed: the partner''s'
          owner: Team Blue <blue@example.com>
          until: never

        """

    @Test func `entries are read in the order of the file, and digits are lowered`() throws {
        let entries = try parsed(Self.good).entries
        #expect(entries.map(\.fingerprint) == ["0123456789abcdef", "f123456789abcdef"])
        #expect(entries.map(\.reason) == ["a fixture", "cannot be changed: the partner's"])
        #expect(entries.map(\.owner) == ["Ada", "Team Blue <blue@example.com>"])
        #expect(entries.map { $0.until?.iso8601 } == ["2027-01-31T23:59:59Z", nil])
        #expect(entries.map(\.note) == ["sendgrid-api-key in tests/key.py", nil])
    }

    @Test(arguments: ["", "\n\n", "# nothing yet\n", "---\n", "[]\n", "# 0\n# 1\n# f\n"])
    func `a file without entries accepts nothing`(text: String) throws {
        #expect(try parsed(text).entries.isEmpty)
    }

    @Test func `without a file nothing is accepted, and half of one is refused`() throws {
        let repository = try TemporaryRepository()
        #expect(try Acceptances.load(root: repository.path).entries.isEmpty)
        try repository.write(acceptancePath, Self.good)
        #expect(try Acceptances.load(root: repository.path).entries.count == 2)
        try repository.write(acceptancePath, Self.good + "- fingerprint: 12\n")
        #expect(throws: ConfigurationError.self) { try Acceptances.load(root: repository.path) }
        // A folder of that name is no file, and no reason to scan as if nothing were there.
        let other = try TemporaryRepository()
        try other.write(acceptancePath + "/file", "")
        #expect(throws: ConfigurationError.self) { try Acceptances.load(root: other.path) }
    }

    @Test(arguments: [
        ("resaon: x", "did you mean `reason`?"),
        ("until: 2027-02-30", "`until` must be a day such as 2027-01-31, or `never`"),
        ("until: 90d", "`until` must be a day"),
        ("until: 2027-01-31T00:00:00Z", "`until` must be a day"),
        ("until:", "`until` must be a day"),
        ("reason: ", "`reason` must be a text"),
        ("reason: '  '", "`reason` must be a text"),
        ("reason: [a]", "`reason` must be a text"),
        ("reason: \"a\\nb\"", "must not hold control characters"),
        ("owner: ~", "`owner` must be a text"),
        ("fingerprint: 123", "`fingerprint` must be the sixteen digits"),
        ("fingerprint: +123456789abcdef", "`fingerprint` must be the sixteen digits"),
        ("fingerprint: [1]", "`fingerprint` must be the sixteen digits"),
    ])
    func `what is wrong is told with its line`(line: String, reason: String) throws {
        let key = line.prefix { $0 != ":" }
        let lines = [
            "- fingerprint: 0123456789abcdef", "  reason: x", "  owner: y", "  until: 2027-01-31",
        ].map { $0.dropFirst(2).hasPrefix(key + ":") ? String($0.prefix(2)) + line : $0 }
        let isNew = !lines.contains { $0.hasSuffix(line) }
        let text = (["# one line before"] + lines + (isNew ? ["  " + line] : [])).joined(separator: "\n") + "\n"
        let error = try #require(refusal(text))
        #expect(error.reason.contains(reason), "\(error.reason)")
        let expected = 1 + (text.split(separator: "\n").firstIndex { $0.hasSuffix(line) } ?? -2)
        #expect(error.line == expected)
        #expect(error.path == acceptancePath)
    }

    @Test(arguments: ["fingerprint", "reason", "owner", "until"])
    func `every entry needs all four`(key: String) throws {
        let lines = ["fingerprint: 0123456789abcdef", "reason: x", "owner: y", "until: never"]
            .filter { !$0.hasPrefix(key) }
        let error = try #require(refusal("- " + lines.joined(separator: "\n  ") + "\n"))
        #expect(error.reason.contains("`\(key)`"))
        #expect(error.line == 1)
    }

    @Test func `a fingerprint that stands twice is refused with both lines`() throws {
        let error = try #require(refusal(Self.good + Self.good))
        #expect(error.line == 10)
        #expect(error.reason.contains("0123456789abcdef stands in line 1 already"))
    }

    @Test func `marks of a merge conflict are told as such, with the way out`() throws {
        let text = "<<<<<<< HEAD\n\(Self.good)=======\n>>>>>>> other\n"
        let error = try #require(refusal("# 0\n" + text))
        #expect(error.line == 2)
        #expect(error.reason.contains("migrate ignore merge"))
    }

    @Test(arguments: [
        "key: value\n", "text\n", "- text\n", "- [a]\n", "- - a\n", "\t- a\n", "- a: &x y\n  b: *x\n", "\u{0}",
    ])
    func `what is no list of entries is refused`(text: String) {
        #expect(refusal(text) != nil)
    }

    @Test func `a file is not larger than its limits`() throws {
        let large = String(repeating: "# a comment of a line that is not short at all, no\n", count: 21_000)
        #expect(large.utf8.count > Acceptances.largest)
        #expect(refusal(large)?.reason.contains("1024 KiB") == true)
        var dice = Dice(state: 3)
        let many = (0...Acceptances.mostEntries).map { _ in "- {fingerprint: \(dice.fingerprint()), until: never}\n" }
        #expect(refusal(many.joined())?.reason.contains("10001 entries") == true)
        let repository = try TemporaryRepository()
        try repository.write(acceptancePath, large)
        #expect(throws: ConfigurationError.self) { try Acceptances.load(root: repository.path) }
    }

    @Test func `an entry counts until the end of its last day`() throws {
        let entry = entry(fingerprint("1"), until: "2026-11-24")
        #expect(!entry.isExpired(at: today))
        #expect(entry.isExpiring(at: today))
        #expect(!entry.isExpired(at: try #require(Instant(iso8601: "2026-11-24T23:59:58Z"))))
        #expect(entry.isExpired(at: try #require(Instant(iso8601: "2026-11-25T00:00:00Z"))))
        #expect(!sample(until: "2026-12-09").isExpiring(at: today))
        #expect(sample(until: "2026-12-07").isExpiring(at: today))
        #expect(!sample(until: nil).isExpiring(at: today) && !sample(until: nil).isExpired(at: today))
    }

    private func sample(until day: String?) -> Acceptance { entry(fingerprint("1"), until: day) }

    @Test(arguments: [
        ("90d", "2027-02-22"), ("1d", "2026-11-25"), ("2w", "2026-12-08"), ("2027-01-31", "2027-01-31"),
    ])
    func `an end can be given as a day or as a time from now`(text: String, day: String) throws {
        #expect(AcceptanceEnd.given(text, now: today)?.instant?.day == day)
    }

    @Test(arguments: ["", "d", "0d", "-1d", "+5d", "5", "99999d", "tomorrow", "2027-13-01", "2027-1-1", "Never"])
    func `what is no end is none`(text: String) {
        #expect(AcceptanceEnd.given(text, now: today) == nil)
    }

    @Test func `what is written is read the short way, with the same lines`() throws {
        let entries = (0..<16).map { entry(fingerprint(String($0, radix: 16)), "R&D \\ \"x\" a*b", until: nil) }
        let bytes = try written(entries)
        let short = try #require(IgnoreFileLayout.entries(of: bytes))
        #expect(short.map(\.acceptance) == entries)
        #expect(try IgnoreFileReader(path: acceptancePath).entriesOfYAML(bytes) == short)
        // One text with an anchor and another with an alias are no trouble for each other.
        let both = try written([entry(fingerprint("1"), "see &x"), entry(fingerprint("2"), "and *x *y")])
        #expect(
            try IgnoreFileReader(path: acceptancePath).entriesOfYAML(both).map(\.acceptance.reason) == [
                "see &x", "and *x *y",
            ])
    }

    @Test func `the short way reads nothing that the parser of all YAML would read otherwise`() throws {
        var dice = Dice(state: 0x5407)
        let seed = try written([entry(fingerprint("1"), "a \\ \"b\" x *y"), entry(fingerprint("e"), until: nil)])
        var short = 0
        for _ in 0..<6_000 {
            var bytes = seed
            for _ in 0...dice.below(3) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] = UInt8(dice.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("-:#&*\"'\n\t 0\\xaé".utf8)[dice.below(16)], at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(dice.below(60)), at: dice.below(bytes.count))
                }
            }
            guard let entries = IgnoreFileLayout.entries(of: bytes) else { continue }
            short += 1
            #expect(
                (try? IgnoreFileReader(path: acceptancePath).entriesOfYAML(bytes)) == entries,
                "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(short > 500)
    }

    @Test func `mutated files are read or refused, and nothing else`() {
        var dice = Dice(state: 0x1D0_1E5)
        let seeds = [Self.good, "- {fingerprint: 0123456789abcdef, reason: a, owner: b, until: never}\n"]
        var refused = 0
        for _ in 0..<3_000 {
            var bytes = Array(seeds[dice.below(2)].utf8)
            for _ in 0...dice.below(4) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] = UInt8(dice.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("-:#<>=|&*[]{}'\"\n\t 0\\".utf8)[dice.below(20)], at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(dice.below(40)), at: dice.below(bytes.count))
                }
            }
            do throws(ConfigurationError) {
                let read = try Acceptances.parse(bytes, path: acceptancePath)
                // What is read is sound, and can be written and read again.
                #expect(Set(read.entries.map(\.fingerprint)).count == read.entries.count)
                let again = try Acceptances.parse(
                    Array(IgnoreFileText.lines(of: read.entries).joined(separator: "\n").utf8), path: acceptancePath)
                #expect(again.byFingerprint == read.byFingerprint)
            } catch {
                refused += 1
                #expect(!error.reason.contains("\n"))
            }
        }
        #expect(refused > 500 && refused < 3_000)
    }
}
