// Random values with marks amid them, entries that are commented out, and names that only look like secrets'.

import Testing

@testable import Detection

/// The class of the value that the first word of `name` in `line` is given; nil when it is given none.
private func judgement(of name: StaticString, in line: String) -> ValueClass? {
    let bytes = Array(line.utf8)
    guard let start = bytes.span.place(of: name) else { return nil }
    let hit = start..<(start + name.utf8CodeUnitCount)
    guard let parsed = Assignment.parse(name: hit, in: bytes.span) else { return nil }
    return Assignment.judge(parsed, in: bytes.span).valueClass
}

/// How many of `lines` hold a secret under `name`, and some that do not.
private func recall(of name: StaticString, in lines: [String]) -> (share: Double, missed: String) {
    let missed = lines.filter { judgement(of: name, in: $0) != .secret }
    let share = 1 - Double(missed.count) / Double(lines.count)
    return (share, missed.prefix(8).joined(separator: "\n"))
}

private let seeds: Range<UInt64> = 1..<101

@Suite struct `Random values with marks` {
    @Test(arguments: ["{", "}", "(", ")", "[", "]", "<", ">", ";", "~", "`", " ", "!", "@", "%", "^", "&", "*", "?"])
    func `hold one mark and are keys all the same`(mark: String) {
        let lines = seeds.map { seed in
            var values = FakeValues(seed: seed)
            let text = values.text(FakeValues.alphanumeric, 15) + mark + values.text(FakeValues.alphanumeric, 15)
            return "SECRET_KEY = \"\(text)\""
        }
        let found = recall(of: "secret", in: lines)
        #expect(found.share >= 0.95, "\(found.missed)")
    }

    @Test(arguments: ["+", "/", ";", "`", " ", "(", "}", "<", "'"], ["password = \"", "  \"db_password\": \""])
    func `hold one mark and are passwords all the same`(mark: String, opening: String) {
        let lines = seeds.map { seed in
            var values = FakeValues(seed: seed)
            // A digit in each half, as generators promise.
            let half = { (values: inout FakeValues) in
                values.text(FakeValues.alphanumeric, 5) + values.text(FakeValues.digits, 1)
            }
            return opening + half(&values) + mark + half(&values) + "\","
        }
        let found = recall(of: "password", in: lines)
        #expect(found.share >= 0.9, "\(found.missed)")
    }

    @Test(arguments: [
        ("SECRET_KEY = 'django-" + "insecure-", FakeValues.digits + FakeValues.lower + "!@#$%^&*(-_=+)", 50, "'"),
        ("SECRET_KEY = '", FakeValues.digits + FakeValues.lower + "!@#$%^&*(-_=+)", 50, "'"),
        ("secret: '", FakeValues.alphanumeric + "!@#$%^&*()-_[]{}<>~+=,.;:/?|", 24, "'"),
        ("define('SECRET_SALT', '", FakeValues.alphanumeric + "!@#$%^&*()-_ []{}<>~`+=,.;:/?|", 64, "');"),
    ])
    func `are found as frameworks and password managers draw them`(
        opening: String, alphabet: String, count: Int, end: String
    ) {
        let lines = (1..<301).map { seed in
            var values = FakeValues(seed: UInt64(seed))
            return opening + values.text(alphabet, count) + end
        }
        let found = recall(of: "secret", in: lines)
        #expect(found.share >= (count > 30 ? 0.97 : 0.85), "\(found.missed)")
    }

    @Test(arguments: [
        "SECRET_KEY = 'django-insecure-change-me'", "SECRET_KEY = 'django-insecure-my-local-development-key-only'",
        "secret: 'a{0} of {1:x} in v2(b1)[c2]'", "secret = \"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==)?$\"",
        "secret = '${PREFIX}-k8s-${NAME}-v2'", "secret = \"getSecret(name1, version2)\"",
        "secret: \"items[0].value(secret2)\"", "secret = 'The 2 keys (and 1 token) are read here'",
        "secret = '<div class=\"h2\">Your secret {name}</div>'", "secret = \"a1b2; c3d4; e5f6\"",
    ])
    func `are not formats, code, prose or stand-ins`(line: String) {
        #expect(judgement(of: "secret", in: line) != .secret)
    }
}

@Suite struct `Entries that are commented out` {
    @Test(arguments: ["#", "##", "  #", ";", "# ", "; "], ["password=", "password = "])
    func `are read`(mark: String, name: String) {
        var values = FakeValues(seed: 7)
        let line = "x\n" + mark + name + "9" + values.text(FakeValues.alphanumeric, 15) + "\ny"
        #expect(judgement(of: "password", in: line) == .secret)
    }

    @Test func `are read in YAML`() {
        var values = FakeValues(seed: 8)
        let line = "#password: 9" + values.text(FakeValues.alphanumeric, 15)
        #expect(judgement(of: "password", in: line) == .secret)
    }

    @Test(arguments: ["#password { color: red }", "#password:hover", "#password-list a { width: 12px }"])
    func `are not selectors`(line: String) {
        #expect(judgement(of: "password", in: line) != .secret)
    }
}

@Suite struct `Headers and statements` {
    @Test(arguments: [
        ("Authorization: Bearer ", ""), ("-H \"Authorization: Bearer ", "\""), ("'Authorization': 'Token ", "',"),
        ("\"auth\": \"", "\""), ("_auth=", ""), ("authorization: \"Basic ", "\""),
    ])
    func `carry a credential`(opening: String, end: String) {
        var values = FakeValues(seed: 9)
        let line = opening + "9z" + values.text(FakeValues.alphanumeric, 38) + end
        #expect(judgement(of: "auth", in: line) == .secret)
    }

    @Test(arguments: ["ALTER USER app IDENTIFIED BY '", "CREATE USER 'a'@'%' identified by '"])
    func `of SQL set a password`(opening: String) {
        var values = FakeValues(seed: 10)
        let line = opening + "9z" + values.text(FakeValues.alphanumeric, 10) + "';"
        #expect(judgement(of: "identified by", in: line) == .secret)
        #expect(judgement(of: "identified by", in: opening + "password';") == .placeholder)
    }
}

@Suite struct `Names of public addresses` {
    @Test(arguments: ["TOKEN_MINT", "tokenAddress", "TOKEN_PUBKEY", "TOKEN_CONTRACT", "MINT_TOKEN"])
    func `speak of no secret`(name: String) {
        var values = FakeValues(seed: 11)
        let line = "const \(name) = \"" + values.text(FakeValues.alphanumeric, 44) + "\""
        let judged = judgement(of: "token", in: line)
        #expect(judged == .configuration || judged == .publicByDesign)
    }
}
