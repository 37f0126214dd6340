// Stand-ins for real values: what templates, documentation and tests put where a secret goes.

/// Recognises stand-ins by their content alone.
package enum Placeholder {
    /// Whether `value` (a whole value or a whole vendor token) stands in for a real one:
    /// `changeme`, `<your-key>`, `xxxx`, `sk_test_your_key_here`, a documented example key.
    /// Reads at most 4096 bytes.
    package static func isPlaceholder(_ value: Span<UInt8>) -> Bool {
        guard value.count <= 4096 else { return false }
        if value.isEmpty { return true }
        return isBracketed(value) || isWholeWord(value) || hasPhrase(value) || isMonotonous(value)
            || isSequential(value) || isMadeOfStandIns(value)
    }

    /// `<…>`, `[…]`, `{{…}}`, `__…__`, `%…%`, `@…@`, `#{…}#`: a hole to fill in.
    static func isBracketed(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 3 else { return false }
        if value.opens(with: "{{"), value.closes(with: "}}") { return true }
        let inside = value.extracting(1..<(value.count - 1))
        let isName = inside.allBytes { $0.isAlphanumeric || $0.isBlank || $0 >= 0x80 || "_-./,:'|".utf8.contains($0) }
        guard isName, inside.anyByte({ $0.isLetter || $0 == UInt8(ascii: ".") }) else { return false }
        switch (Unicode.Scalar(value[0]), Unicode.Scalar(value[value.count - 1])) {
        case ("<", ">"), ("[", "]"), ("{", "}"): return true
        case ("@", "@"), ("%", "%"):
            return inside.allBytes { $0.isUpperLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
        case ("_", "_"): return value.opens(with: "__") && value.closes(with: "__")
        default: return false
        }
    }

    /// Words that are placeholders when they are the whole value.
    private static let words = WordSet(
        """
        changeme changeit changethis change_me change-me change_this change-this change.me replaceme replace_me
        replace-me replacethis fixme todo tbd tba none null nil undefined nan n/a na empty unset blank example
        examples sample dummy fake mock stub placeholder redacted removed hidden masked censored secret password
        passwd pwd token apikey api_key api-key foo bar baz qux foobar foobarbaz foo-bar foo_bar test tests testing
        tester string text value your insert here something whatever anything xxx yyy zzz asdf asdfasdf qwer key
        secretkey secret_key secret-key mysecret mypassword mytoken mykey my_secret my_password my_token my-secret
        my-password my-token thepassword a_secret password_here token_here the_secret credentials invalid unknown
        default not-set notset not_set unused ignored private confidential keyboardcat
        """)

    static func isWholeWord(_ value: Span<UInt8>) -> Bool { words.contains(value) }

    /// Phrases that no random value holds: long enough that chance is out of the question.
    private static let phrases: [StaticString] = [
        "changeme", "change-me", "change_me", "changethis", "change_this", "change-this", "change me", "change this",
        "replaceme", "replace_me", "replace-me", "replace_with", "replace-with", "replace with", "replace this",
        "placeholder", "redacted", "your-", "your_", "yourapi", "yourkey", "yoursecret", "yourpassword", "yourtoken",
        "your ", "_here", "-here", "insert_", "insert-", "insert your", "example", "dummy", "goes_here", "goes-here",
        "goeshere", "paste_", "paste-your", "enter_your", "enter your", "put_your", "put-your", "fill_in", "fill-me",
        "fillme", "notareal", "not_a_real", "not-a-real", "not-real", "not_real", "fake_", "fake-", "_fake", "-fake",
        "fakekey", "faketoken", "fakesecret", "mock_", "mock-", "sample_", "sample-", "todo:", "todo_", "to-be-",
        "insecure-", "insecure_", "keyboard cat", "deadbeefdeadbeef", "cafebabecafebabe", "xxxxxx", "secret-key-goes",
        "supersecretkey", "super-secret", "super_secret", "my-secret", "my_secret", "some-secret", "some_secret",
        "somesecret", "not-a-secret", "not_a_secret", "notasecret", "test-secret", "test_secret", "secret_test",
        "test-token", "test_token", "testtoken", "test-key", "test_key", "testkey", "test-api", "test_api",
        "unit-test", "for-testing", "for_testing", "dev-secret", "dev_secret", "do-not-use", "do_not_use",
        "donotuse", "lorem ipsum", "loremipsum", "<your", "<my",
        // "John Doe" in base64, at its three offsets: the web token of every manual.
        "ikpvag4grg9l", "sm9obibeb2u", "kb2huierv",
    ]

    /// The phrases by their first byte, so that a value is read once.
    private static let phrasesByOpening: [[StaticString]] = {
        var table = [[StaticString]](repeating: [], count: 128)
        for phrase in phrases { table[Int(phrase.withUTF8Buffer { $0[0] })].append(phrase) }
        return table
    }()

    /// Whether a phrase occurs in the first 512 bytes.
    static func hasPhrase(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 4 else { return false }
        for index in 0..<min(value.count, 512) {
            let byte = value[index].folded
            guard byte < 128 else { continue }
            for phrase in phrasesByOpening[Int(byte)] where value.matches(phrase, at: index) { return true }
        }
        return false
    }

    /// One byte, or a few, over and over: `xxxx-xxxx`, `****`, `000000`, `sk_live_XXXXXXXX`, `abcabcabc`.
    static func isMonotonous(_ value: Span<UInt8>) -> Bool {
        let count = value.count
        guard count >= 3 else { return false }
        var longest = 1
        var run = 1
        var fill = 0
        for index in value.indices {
            if index > 0 {
                run = value[index].folded == value[index - 1].folded ? run + 1 : 1
                longest = max(longest, run)
            }
            switch value[index] {
            case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "*"), UInt8(ascii: "."), UInt8(ascii: "#"),
                UInt8(ascii: "?"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                fill += 1
            default: break
            }
        }
        if longest >= 6, longest * 2 >= count { return true }
        if fill == count { return true }
        if longest == count { return true }
        return isPeriodic(value)
    }

    /// Whether the value, or what follows its vendor prefix, repeats itself with a period of at
    /// most 20 bytes, at least twice and over at least 12 bytes.
    private static func isPeriodic(_ value: Span<UInt8>) -> Bool {
        let start = bodyStart(value)
        let length = value.count - start
        guard length >= 12 else { return false }
        for period in 1...min(20, length / 2) {
            var index = start + period
            while index < value.count, value[index] == value[index - period] { index += 1 }
            if index == value.count { return true }
        }
        return false
    }

    /// Where the text after the last `_`, `-` or `.` within the first 12 bytes starts.
    private static func bodyStart(_ value: Span<UInt8>) -> Int {
        var start = 0
        for index in 0..<min(12, value.count) {
            switch value[index] {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): start = index + 1
            default: break
            }
        }
        return start
    }

    /// Mostly the alphabet or the digits in order: `1234567890`, `abcdef123456`, `glpat-abcdefghijklmnopqrst`.
    ///
    /// Steps of one up, down, or from `9` to `0`, in runs of at least four bytes (three in a
    /// short value), must cover three quarters of what follows the prefix. Six random bytes in
    /// a row step so once in 10^8.
    static func isSequential(_ value: Span<UInt8>) -> Bool {
        let start = bodyStart(value)
        let length = value.count - start
        guard length >= 5 else { return false }
        var covered = 0
        var run = 1
        var step = 0
        for index in (start + 1)...value.count {
            let next = index < value.count ? Int(value[index].folded) - Int(value[index - 1].folded) : 99
            let wraps =
                index < value.count && value[index] == UInt8(ascii: "0") && value[index - 1] == UInt8(ascii: "9")
            let isStep = next == 1 || next == -1 || wraps || (next == 0 && run > 2 && step == 0)
            if isStep, run == 1 || next == step || (wraps && step == 1) {
                step = wraps ? 1 : next
                run += 1
            } else {
                if run >= 4 || (run == 3 && length <= 8) { covered += run }
                run = 1
            }
        }
        if covered * 4 >= length * 3 { return true }
        return isKeyboardRow(value)
    }

    private static func isKeyboardRow(_ value: Span<UInt8>) -> Bool {
        value.reads("qwertyuiop") || value.reads("asdfghjkl") || value.reads("zxcvbnm") || value.reads("1q2w3e4r5t")
            || value.reads("qwertyuiopasdfgh")
    }

    /// Words that only make stand-ins, whatever joins them: `my-test-secret`, `fooBar2`, `some_token_1`.
    private static let standIns = WordSet(
        """
        my your our the a an some any test tests testing tester foo bar baz qux quux foobar example sample dummy fake
        mock stub temp tmp default secret secrets password passwd pass pwd token tokens key keys apikey api access
        auth client app user username value string here super very not real change me this that replace with insert is
        invalid valid wrong bad good correct incorrect new old another other first second one two three for of in to
        and or no private public shared id name text data hidden unit integration dev local placeholder hello world
        credential credentials random long type enter service site bearer basic jwt refresh session abc xyz xxx xx
        """)

    /// Whether every word of letters is a stand-in, at least one is no mere article, and digits are few.
    static func isMadeOfStandIns(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 3, value.count <= 64 else { return false }
        var word = PackedWord()
        var words = 0
        var digits = 0
        for index in 0...value.count {
            let byte = index < value.count ? value[index] : 0
            let isHump =
                index > 0 && index < value.count && byte.isUpperLetter && value[index - 1].isLowerLetter
            if word.count > 0, isHump || !byte.isLetter {
                guard standIns.contains(word) else { return false }
                words += 1
                word = PackedWord()
            }
            if byte.isLetter {
                word.append(byte)
            } else if byte.isDigit {
                digits += 1
            } else if index < value.count, !"_-. :/".utf8.contains(byte) {
                return false
            }
        }
        return words >= 1 && digits <= 4 && digits < value.count / 2
    }
}
