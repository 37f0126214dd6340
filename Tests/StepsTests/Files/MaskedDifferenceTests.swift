// What a preview shows of a file: the change, and no value.

import Checklist
import Testing

@testable import Steps

@Suite("Masked differences")
struct MaskedDifferenceTests {
    private func shown(_ before: String?, _ after: String?, _ form: MaskedText.Form) -> [String] {
        MaskedDifference.lines(from: before.map { Array($0.utf8) }, to: after.map { Array($0.utf8) }, as: form)
            .map { "\($0.mark.rawValue) \($0.text)" }
    }

    @Test("Lines that come and go, with two lines around them")
    func lines() {
        let before = (1...9).map { "line\($0)\n" }.joined()
        #expect(
            shown(before, before.replacing("line5\n", with: "LINE\n"), .plain) == [
                "note 2 unchanged lines", "context line3", "context line4", "removed line5", "added LINE",
                "context line6", "context line7", "note 2 unchanged lines",
            ])
        #expect(shown(nil, "a\n", .plain) == ["added a", "note the file is new"])
        #expect(shown("a\n", nil, .plain) == ["removed a", "note the file is removed"])
        #expect(shown("a\n", "a\n", .plain) == ["note 1 unchanged line"])
    }

    @Test("Of a dotenv line the key is shown, and of the value only a stand-in")
    func dotenv() {
        let text = """
            # a comment
            PORT=8080
            JWT_SECRET_KEY=c2VjcmV0LXZhbHVlLWZvci10ZXN0cw # rotate
            export API_KEY='changeme'
            PEM="-----BEGIN X-----
            abcdef
            -----END X-----"
            EMPTY=
            no entry at all c2VjcmV0
            # OLD_TOKEN=c2VjcmV0LXZhbHVlLWZvci10ZXN0cw
            """
        #expect(
            shown(nil, text, .dotenv) == [
                "added # a comment", "added PORT=********", "added JWT_SECRET_KEY=******** # rotate",
                "added export API_KEY='changeme'", "added PEM=********", "added EMPTY=", "added ********",
                "added # OLD_TOKEN=********", "note the file is new",
            ])
        #expect(shown("A_KEY=c2VjcmV0LXZhbHV1\n", "A_KEY=c2VjcmV0LXZhbHV2\n", .dotenv) == ["changed A_KEY=********"])
    }

    @Test("A line of a repository cannot speak to the terminal, and a long one is cut")
    func control() {
        let lines = shown(nil, "a\u{1B}[31mb\u{202E}c\r\n" + String(repeating: "x", count: 300), .plain)
        #expect(lines[0] == "added a\\u{1b}[31mb\\u{202e}c")
        #expect(lines[1] == "added " + String(repeating: "x", count: 200) + "…")
    }

    @Test("Ordinary ignore patterns and prose are shown as they are")
    func ordinary() {
        for line in [
            "!.env.example", "*.env", "/build-2024/", "node_modules/",
            "See https://app.sendgrid.com/settings/api_keys.",
            "Rotated by Ada Lovelace on 2026-11-24, next on 2027-02-22", "| JWT_SECRET_KEY | every 90 days |",
        ] {
            #expect(shown(nil, line, .plain).first == "added " + line)
        }
    }

    @Test("No value of a dotenv file is ever shown, whatever the file looks like", .timeLimit(.minutes(1)))
    func fuzz() {
        var generator = SeededSource(state: 7)
        for _ in 0..<300 {
            var canaries: [String] = []
            var text = ""
            for number in 0..<Int.random(in: 1...8, using: &generator) {
                let canary = "zq" + (0..<14).map { _ in "\(Int.random(in: 0...9, using: &generator))" }.joined() + "Wv"
                canaries.append(canary)
                let key = "KEY_\(number)"
                text +=
                    [
                        "\(key)=\(canary)", "\(key)='\(canary)'", "\(key)=\"a\n\(canary)\nb\"",
                        "export \(key)=\(canary) # c",
                        "\(key): \(canary)", "# \(key)=\(canary)", "\(canary) stands alone", " \(key) = `\(canary)`",
                        "\(key)=\"\(canary)", "  # was \(canary), once",
                    ].randomElement(using: &generator) ?? ""
                text += ["\n", "\r\n", "\n\n", ""].randomElement(using: &generator) ?? ""
            }
            let cut = String(text.prefix(Int.random(in: 0...text.count, using: &generator)))
            let lines = shown(cut, text, .dotenv) + shown(text, nil, .dotenv)
            for canary in canaries {
                #expect(!lines.contains { $0.contains(canary) }, "\(text.debugDescription)")
            }
        }
    }
}

/// SplitMix64, so that a failure can be run again.
struct SeededSource: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
