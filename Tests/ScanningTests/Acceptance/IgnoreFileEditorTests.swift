// Single entries are changed, and every other line stays.

import Settings
import Testing

@testable import Scanning

@Suite struct IgnoreFileEditorTests {
    @Test func `a new file has a section for each first digit, and is sorted`() throws {
        let bytes = try written([entry(fingerprint("b2")), entry(fingerprint("0")), entry(fingerprint("b1"))])
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.wholeMatch(of: /# [0-9a-f]/) != nil }.count == 16)
        let order = lines.filter { $0.hasPrefix("# b") || $0.hasPrefix("# c") || $0.hasPrefix("- ") }
        #expect(
            order == [
                "- fingerprint: \"\(fingerprint("0"))\"", "# b", "- fingerprint: \"\(fingerprint("b1"))\"",
                "- fingerprint: \"\(fingerprint("b2"))\"", "# c",
            ])
        #expect(bytes.last == 0x0A)
    }

    @Test func `one after the other or all at once gives the same bytes`() throws {
        var dice = Dice(state: 77)
        let entries = (0..<60).map { _ in entry(dice.fingerprint()) }
        var bytes: [UInt8]?
        for entry in entries { bytes = try written([entry], onto: bytes) }
        #expect(try written(entries) == bytes)
        #expect(try written(entries.reversed()) == bytes)
    }

    @Test func `what people have written stays, line by line`() throws {
        let text = """
            # Our own heading.

            # Until the partner moves: TICKET-12
            - fingerprint: 2555555555555555
              reason: old   # remark
              owner: Grace
              until: never

            - fingerprint: 8555555555555555
              owner: Grace
              reason: >-
                folded over
                two lines
              until: 2027-01-01
            # the end
            """
        let added = String(decoding: try written([entry(fingerprint("4"))], onto: Array(text.utf8)), as: UTF8.self)
        let block = """
            - fingerprint: "4555555555555555"
              reason: "used in tests"
              owner: "Ada <ada@example.com>"
              until: 2027-02-22


            """
        #expect(added == text.replacing("- fingerprint: 8555", with: block + "- fingerprint: 8555") + "\n")

        var editor = try IgnoreFileEditor(Array(added.utf8), path: acceptancePath)
        try editor.remove([fingerprint("4")])
        #expect(String(decoding: editor.bytes, as: UTF8.self) == text + "\n")
        // A comment right above an entry is about it, and goes with it.
        try editor.remove([fingerprint("2")])
        #expect(!String(decoding: editor.bytes, as: UTF8.self).contains("TICKET-12"))
        #expect(String(decoding: editor.bytes, as: UTF8.self).hasPrefix("# Our own heading.\n\n- fingerprint: 8555"))
        #expect(String(decoding: editor.bytes, as: UTF8.self).contains("# the end"))
        #expect(!editor.isRewritten)
    }

    @Test func `an entry that is there is replaced where it stands`() throws {
        let bytes = try written([entry(fingerprint("1")), entry(fingerprint("2")), entry(fingerprint("3"))])
        let longer = entry(fingerprint("2"), "for longer", until: nil)
        let changed = try written([longer], onto: bytes)
        #expect(try Acceptances.parse(changed, path: acceptancePath).byFingerprint[fingerprint("2")] == longer)
        let before = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let after = String(decoding: changed, as: UTF8.self).split(separator: "\n")
        #expect(before.count == after.count && zip(before, after).filter { $0 != $1 }.count == 2)
    }

    @Test func `ends of lines stay as they are`() throws {
        let text = "- fingerprint: 2555555555555555\r\n  reason: a\r\n  owner: b\r\n  until: never\r\n"
        let added = try written([entry(fingerprint("4"))], onto: Array(text.utf8))
        #expect(added.count { $0 == 0x0D } == added.count { $0 == 0x0A })
        #expect(try Acceptances.parse(added, path: acceptancePath).entries.count == 2)
    }

    @Test(arguments: [
        "[{fingerprint: 2555555555555555, reason: a, owner: b, until: never}] # in a line\n",
        "# mine\n-\n  fingerprint: 2555555555555555\n  reason: a\n  owner: b\n  until: never\n",
        "  - fingerprint: 2555555555555555\n    reason: a\n    owner: b\n    until: never\n",
        "---\n- fingerprint: 2555555555555555\n  reason: a\n  owner: b\n  until: never\n...\n",
    ])
    func `another layout is edited too, and no entry is lost`(text: String) throws {
        var editor = try IgnoreFileEditor(Array(text.utf8), path: acceptancePath)
        try editor.put([entry(fingerprint("1")), entry(fingerprint("4"))])
        #expect(Set(try editor.acceptances().entries.map(\.fingerprint)) == Set(["1", "2", "4"].map(fingerprint)))
        if text.contains("# mine") { #expect(String(decoding: editor.bytes, as: UTF8.self).contains("# mine")) }
        try editor.remove([fingerprint("2")])
        #expect(try editor.acceptances().entries.map(\.fingerprint) == ["1", "4"].map(fingerprint))
    }

    @Test(arguments: [
        "plain", "with \"quotes\" and \\ backslash", "R&D *star &amp *x", "- list", "# no comment", "key: value",
        "a 'b' c",
        "ünïcödé → 文字 👩‍💻", "true", "~", "{x}", "[y", "%", "@at", "`tick`", "!tag", " spaces inside  ", "1e5",
    ])
    func `any one line can be a reason`(text: String) throws {
        #expect(Acceptances.isText(text))
        var entry = entry(fingerprint("1"), text)
        entry.owner = text
        entry.note = text
        #expect(try Acceptances.parse(written([entry]), path: acceptancePath).entries == [entry])
    }

    @Test(arguments: ["", "  ", "a\nb", "a\u{1B}[2J", "a\u{202E}b", "a\u{2028}b", "\u{85}"])
    func `what is not one line is no text`(text: String) {
        #expect(!Acceptances.isText(text))
    }

    @Test func `a file does not grow beyond its limits, and then stays as it was`() throws {
        var dice = Dice(state: 9)
        let few = try written([entry(fingerprint("1"))])
        let long = String(repeating: "why ", count: 120)
        let many = (0..<3_000).map { _ in entry(dice.fingerprint(), long) }
        var editor = try IgnoreFileEditor(few, path: acceptancePath)
        #expect(throws: ConfigurationError.self) { try editor.put(many) }
        #expect(editor.bytes == few)
    }

    @Test func `random changes keep the file sorted, sound and small in difference`() throws {
        var dice = Dice(state: 0xED17)
        var bytes: [UInt8]?
        var expected: [String: Acceptance] = [:]
        for round in 0..<150 {
            var editor = try IgnoreFileEditor(bytes, path: acceptancePath)
            if dice.below(3) == 0, let victim = expected.keys.sorted().randomElement(using: &dice) {
                try editor.remove([victim])
                expected[victim] = nil
            } else {
                let count = dice.below(4) == 0 ? 12 : 1
                let fresh = (0..<count).map { _ in entry(dice.fingerprint(), "round \(round)") }
                try editor.put(fresh)
                for entry in fresh { expected[entry.fingerprint] = entry }
            }
            bytes = editor.bytes
            #expect(!editor.isRewritten)
            let read = try editor.acceptances()
            #expect(read.byFingerprint == expected)
            #expect(read.entries.map(\.fingerprint) == expected.keys.sorted())
        }
        // What is left is what a file written at once would be: no trace of how it came to be.
        #expect(try written(Array(expected.values)) == bytes)
    }
}

extension Dice: RandomNumberGenerator {}
