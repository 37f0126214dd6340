// What a terminal would obey, hide or reorder is written out.

import Testing

@testable import Reporting

@Suite("Sanitizer")
struct SanitizerTests {
    @Test(
        "escapes what a terminal would obey, hide or reorder",
        arguments: [
            ("a\u{1b}[31mb", "a\\x1b[31mb"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{0}\u{7}\u{7f}", "\\x00\\x07\\x7f"),
            ("\u{85}\u{9b}", "\\x85\\x9b"), ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"),
            ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            ("a\u{a0}b\u{3000}", "a\\xa0b\\u{3000}"), ("\u{3164}\u{115f}", "\\u{3164}\\u{115f}"),
            ("\u{e000}\u{e0041}", "\\u{e000}\\u{e0041}"), ("a\u{fe0f}", "a\\u{fe0f}"), ("\u{2800}", "\\u{2800}"),
            ("\u{61c}", "\\u{061c}"), ("\u{ad}", "\\xad"),
        ])
    func escapes(text: String, expected: String) {
        #expect(Sanitizer().clean(text) == expected)
        #expect(!Sanitizer().isClean(text))
    }

    @Test(
        "leaves what can be seen",
        arguments: [
            "", "backend/.env:3:18", "José Núñez", "日本語/設定.env", "Привет", "e\u{301}", "caf\u{fffd}", "⚠️ 👩‍💻",
            "a\\nb", "עברית",
        ])
    func leaves(text: String) {
        #expect(Sanitizer().clean(text) == text)
        #expect(Sanitizer().isClean(text))
    }

    @Test("writes nothing but ASCII where the locale has no more")
    func ascii() {
        let clean = Sanitizer(unicode: false).clean("Núñez … 日\u{1b}")
        #expect(clean == "N\\xfa\\xf1ez ... \\u{65e5}\\x1b")
    }

    @Test("no single scalar below U+3000 reaches a terminal as a control, in any form")
    func sweep() {
        for value in UInt32(0)..<0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let clean = Sanitizer().clean(String(scalar))
            #expect(
                clean.unicodeScalars.allSatisfy {
                    ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
                }, "U+\(String(value, radix: 16))")
        }
    }
}

@Suite("Shell words")
struct ShellWordTests {
    @Test(
        "quotes so that a shell gives the same argument back",
        arguments: [
            ("backend/.env", "backend/.env"), ("my file", "'my file'"), ("it's", "'it'\\''s'"), ("", "''"),
            ("$HOME", "'$HOME'"), ("a*", "'a*'"), ("données", "'données'"), ("a\nb", "$'a\\012b'"),
            ("\u{1b}'\\", "$'\\033\\'\\\\'"), ("~root", "'~root'"),
        ])
    func quotes(argument: String, expected: String) {
        #expect(ShellWord.quote(argument, sanitizer: Sanitizer()) == expected)
    }

    @Test("writes bytes beyond ASCII as octal digits for an ASCII terminal")
    func ascii() {
        #expect(ShellWord.quote("é7", sanitizer: Sanitizer(unicode: false)) == "$'\\303\\2517'")
    }
}
