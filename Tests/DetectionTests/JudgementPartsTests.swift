// The parts of the judgement, one table each.

import Testing

@testable import Detection

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func text(_ bytes: [UInt8], _ range: Range<Int>?) -> String? {
    range.map { String(decoding: bytes[$0], as: UTF8.self) }
}

// `#expect` cannot hold a span, so each part is asked through an array.

private func place(of literal: StaticString, in bytes: [UInt8]) -> Int? { bytes.span.place(of: literal) }

private func isPlaceholder(_ value: String) -> Bool { Placeholder.isPlaceholder(bytes(value).span) }

private func assignment(_ hit: Range<Int>, in bytes: [UInt8]) -> Assignment.Parsed? {
    Assignment.parse(name: hit, in: bytes.span)
}

private func urlPassword(_ hit: Range<Int>, in bytes: [UInt8]) -> URLPassword.Parsed? {
    URLPassword.parse(anchor: hit, in: bytes.span)
}

private func keyBlock(_ hit: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
    PrivateKeyBlock.parse(header: hit, in: bytes.span)
}

private func entropy(_ bytes: [UInt8]) -> Double { Detection.Entropy.bitsPerByte(bytes.span) }

private func reading(_ name: String) -> KeyReading { KeyReading(bytes(name).span) }

private func hasSecretFormat(_ value: String) -> Bool { KnownFormat.isSecret(bytes(value).span) }

@Suite struct `Known formats` {
    @Test func `an id of AWS's needs no digit`() {
        #expect(hasSecretFormat("AK" + "IAQWERTZUIOPLKJHGF") && hasSecretFormat("AS" + "IAQ2ERTZUIOPLKJHGF"))
        #expect(!hasSecretFormat("AK" + "IAQWERTZUIOPLKJHG") && !hasSecretFormat("AK" + "IAQWERTZUIOPLKJHG9"))
        #expect(!hasSecretFormat("AK" + "IAQwertzuioplkjhgf"))
    }
}

@Suite struct `Placeholders` {
    @Test(arguments: [
        "changeme", "CHANGE-ME", "<your-key>", "[token]", "{{ token }}", "xxxx", "XXXX-XXXX", "****", "....", "todo",
        "TBD",
        "example", "dummy", "replace_me", "none", "null", "nil", "undefined", "aaaaaaaa", "1234567890", "abcdefghijkl",
        "abc123", "0123456789abcdef0123456789abcdef", "sk_" + "test_your_key_here", "gh" + "p_XXXXXXXXXXXXXXXXXXXX",
        "gl" + "pat-abcdefghijklmnopqrst", "AK" + "IAIOSFODNN7EXAMPLE",
        "S" + "G.xxxxxxxxxxxxxxxxxxxxxx.yyyyyyyyyyyyyyyyyyyy",
        "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY", "my-test-secret", "fooBar1", "%PASSWORD%", "__TOKEN__",
        "@TOKEN@",
        "deadbeefdeadbeefdeadbeef", "insert your key", "your api key", "",
    ])
    func `are told by their content`(value: String) {
        #expect(isPlaceholder(value))
    }

    @Test(arguments: 1..<60)
    func `are never random tokens`(seed: UInt64) {
        var values = FakeValues(seed: seed)
        for hole in ["hex:32", "hex:40", "an:24", "an:40", "b64:64", "url:43", "low:20", "num:12"] as [Substring] {
            let value = values.value(hole) ?? ""
            #expect(!isPlaceholder(value), "\(value)")
            #expect(!isPlaceholder("sk_" + "live_" + value), "\(value)")
        }
    }
}

@Suite struct `Names` {
    @Test(arguments: [
        ("password", KeyKind.password), ("DB_PASSWORD", .password), ("dbPassword", .password),
        ("PGPASSWORD", .password),
        ("spring.datasource.password", .password), ("MYSQL_ROOT_PASSWORD", .password), ("smtp-pass", .password),
        ("userpass", .password), ("passphrase", .password), ("password2", .password), ("DB_PASSWORD_PROD", .password),
        ("apiKey", .token), ("API_KEY", .token), ("x-api-key", .token), ("APIKey", .token), ("SECRET_KEY_BASE", .token),
        ("clientSecret", .token), ("AWS_SECRET_ACCESS_KEY", .token), ("authToken", .token), ("jwtSecret", .token),
        ("accountKey", .token), ("auth", .weak), ("key", .weak), ("SENDER_KEY", .weak),
        ("token_url", .about), ("TOKEN_TTL", .about), ("password_length", .about), ("PASSWORD_FILE", .about),
        ("secretName", .about), ("token_id", .about), ("passwordField", .about), ("passwordLabel", .about),
        ("max_tokens", .about), ("primary_key", .about), ("cacheKey", .about), ("csrf_token", .about),
        ("tokenizer", .about), ("secretary", .about), ("usePassword", .about), ("bypass", .innocent),
        ("keyboard", .innocent), ("monkey", .innocent), ("author", .innocent), ("compass", .innocent),
        ("HOST", .innocent),
        ("DATABASE_URL", .connection), ("SENTRY_DSN", .connection),
    ])
    func `are read word by word`(name: String, kind: KeyKind) {
        let reading = reading(name)
        #expect(
            reading.kind == kind || (kind == .innocent && reading.kind == .about)
                || (kind == .connection && reading.isAbout),
            "\(reading.kind)")
    }

    @Test(arguments: ["NEXT_PUBLIC_API_KEY", "VITE_KEY", "STRIPE_PUBLISHABLE_KEY", "publicKey", "RECAPTCHA_SITE_KEY"])
    func `say when their value is meant to be seen`(name: String) {
        #expect(reading(name).isOpen)
    }
}

@Suite struct `Assignments` {
    /// The line, the name that is expected, the value that is expected.
    @Test(arguments: [
        ("self.password = 'abc def'", "self.password", "abc def"),
        (#"{"password": "a\"b"}"#, "password", #"a\"b"#),
        (#""{\"password\": \"abc\"}""#, "password", "abc"),
        ("--db-password=abc", "db-password", "abc"),
        ("$this->password = 'abc';", "password", "abc"),
        ("password: String = \"abc\"", "password", "abc"),
        ("if password == \"abc\" {", "password", "abc"),
        ("password: abc # a comment", "password", "abc"),
        ("password =\n    \"abc\"", "password", "abc"),
        ("password = \"\"\"abc\"\"\"", "password", "abc"),
        ("getenv('DB_PASSWORD', 'abc')", "DB_PASSWORD", "abc"),
        ("Password=abc;Database=x", "Password", "abc"),
        ("https://h/?password=abc&x=1", "password", "abc"),
        ("<password><![CDATA[abc]]></password>", "password", "abc"),
        (#"curl -H "X-Password: abc" h"#, "X-Password", "abc"),
        ("Authorization_password: Bearer abc", "Authorization_password", "abc"),
    ])
    func `give the name and the value inside the quotes`(line: String, name: String, value: String) throws {
        let line = bytes(line)
        let start = try #require(place(of: "password", in: line))
        let parsed = try #require(assignment(start..<(start + 8), in: line))
        #expect(text(line, parsed.key) == name)
        #expect(text(line, parsed.value) == value)
    }

    @Test(arguments: [
        "password: String;", "password = getPassword()", "password = None;", "password", "password:", "password = ",
        "func f(password: String, x: Int)", "password = other.password;", "<password/>", "password = \"",
        "password::new()",
        "password->value", "password.length > 8", "password)", "(password, \"x\")", "password => { return 1 }",
    ])
    func `are not seen where nothing is assigned`(line: String) throws {
        let line = bytes(line)
        let start = try #require(place(of: "password", in: line))
        let parsed = assignment(start..<(start + 8), in: line)
        #expect(parsed == nil, "\(text(line, parsed?.value) ?? "")")
    }

    @Test func `stay within their bounds`() {
        let long = bytes("password = \"" + String(repeating: "a", count: Assignment.valueLimit + 1) + "\"")
        #expect(assignment(0..<8, in: long) == nil)
        let name = bytes(String(repeating: "x", count: 100) + "password = \"abc\"")
        #expect(assignment(100..<108, in: name) == nil)
    }

    @Test(arguments: 1..<7)
    func `hold whatever the bytes around are`(seed: UInt64) {
        var values = FakeValues(seed: seed)
        let samples = [codeLeaks, codeLookAlikes].flatMap { SampleLine.lines(of: $0, seeds: seed..<(seed + 1)) }
        for line in samples {
            var mangled = line.bytes
            for _ in 0..<3 {
                let place = values.next(below: mangled.count)
                switch values.next(below: 4) {
                case 0: mangled[place] = UInt8(values.next(below: 256))
                case 1: mangled.remove(at: place)
                case 2: mangled.removeSubrange(place...)
                default: mangled.insert(bytes("\"'\\=:<> \n{$(")[values.next(below: 11)], at: place)
                }
                if mangled.isEmpty { mangled = [0x22] }
            }
            let span = mangled.span
            for start in mangled.indices {
                let hit = start..<min(start + 4, mangled.count)
                if let parsed = Assignment.parse(name: hit, in: span) {
                    #expect(parsed.value.upperBound <= mangled.count && !parsed.value.isEmpty)
                    _ = Assignment.judge(parsed, in: span)
                }
                if start >= 3, let url = URLPassword.parse(anchor: (start - 3)..<start, in: span) {
                    #expect(url.host.upperBound <= mangled.count && !url.password.isEmpty)
                    _ = URLPassword.judge(url, in: span, context: .dotenv)
                }
                _ = PrivateKeyBlock.parse(header: hit, in: span)
            }
            for context in [ValueContext.dotenv, .quoted, .unquoted] {
                _ = ValueJudge.judge(key: bytes("password").span, value: span, in: context)
                _ = ValueJudge.judge(key: span, value: span, in: context)
            }
        }
    }
}

@Suite struct `URL passwords` {
    @Test(arguments: [
        ("postgres§app:pw1@host:5432/db", "app", "pw1", "host:5432"),
        ("redis§:pw1@host", "", "pw1", "host"),
        ("mysql§app:p@w#1@host/db", "app", "p@w#1", "host"),
        ("jdbc:postgresql§app:pw/1@host/db", "app", "pw/1", "host"),
        ("x=\"amqp§a:b%40c@h.io\" ", "a", "b%40c", "h.io"),
        ("mongodb§a:b@h1:27017,h2:27017/x", "a", "b", "h1:27017,h2:27017"),
        ("git+https§a:b@[::1]:80/x", "a", "b", "[::1]:80"),
    ])
    func `are cut out exactly`(line: String, user: String, password: String, host: String) throws {
        // `§` stands for `://`, so that this file holds no URL with a password.
        let line = bytes(line.replacing("§", with: "://"))
        let start = try #require(place(of: "://", in: line))
        let parsed = try #require(urlPassword(start..<(start + 3), in: line))
        #expect(text(line, parsed.user) == user)
        #expect(text(line, parsed.password) == password)
        #expect(text(line, parsed.host) == host)
    }

    @Test(arguments: [
        "https://host.io", "https://host.io:8080/a@b", "https://user@host.io", "https://user:@host.io", "a://b:c d@e",
        "https://github.com/@scope/x", "://a:b@c", "https://host.io/path:x@y",
    ])
    func `are not seen in other URLs`(line: String) throws {
        let line = bytes(line)
        let start = try #require(place(of: "://", in: line))
        #expect(urlPassword(start..<(start + 3), in: line) == nil)
    }
}

@Suite struct `Private key blocks` {
    private static func block(_ kind: String, lines: Int, end: String = "\n", cut: Bool = false) -> String {
        var values = FakeValues(seed: 7)
        let dashes = "-----"
        let body = (0..<lines).map { _ in values.text(FakeValues.alphanumeric + "+/", 64) }.joined(separator: end)
        let head = dashes + "BEGIN " + kind + dashes + end + body
        return cut ? head : head + end + dashes + "END " + kind + dashes
    }

    @Test(arguments: [
        "RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
    ])
    func `are taken from header to footer`(kind: String) {
        for end in ["\n", "\r\n", "\\n", "\n    ", "\\n\" +\n  \""] {
            let block = Self.block(kind, lines: 4, end: end)
            let line = bytes("key: \"" + block + "\" # x")
            #expect(text(line, keyBlock(6..<16, in: line)) == block)
        }
    }

    @Test func `count when they are cut off`() {
        let line = bytes(Self.block("RSA PRIVATE KEY", lines: 3, cut: true))
        #expect(keyBlock(0..<10, in: line) == 0..<line.count)
    }

    @Test func `do not count without a body or when public`() {
        for block in [
            Self.block("PUBLIC KEY", lines: 4), Self.block("CERTIFICATE", lines: 4),
            Self.block("RSA PRIVATE KEY", lines: 0),
            Self.block("RSA PRIVATE KEY", lines: 0, end: " ... "),
        ] {
            #expect(keyBlock(0..<10, in: bytes(block)) == nil)
        }
    }
}

@Suite struct `Entropy` {
    @Test func `is that of the distribution of bytes`() {
        #expect(entropy(bytes("")) == 0)
        #expect(entropy(bytes("aaaa")) == 0)
        #expect(abs(entropy(bytes("abab")) - 1) < 1e-9)
        #expect(abs(entropy(bytes("abcdefgh")) - 3) < 1e-9)
        #expect(abs(entropy(Array(0...255)) - 8) < 1e-9)
        #expect(abs(entropy(bytes("aab")) - 0.918_295_834_054_49) < 1e-9)
    }
}
