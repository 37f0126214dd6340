// The shared files: what is read, what is refused, and that nothing crashes.

import HTTP
import Secrets
import Testing

@testable import AWS

@Suite("The shared config and credentials files") struct SharedConfigTests {
    @Test("Profiles, SSO sessions and services are told apart, and other sections are left alone")
    func sections() throws {
        let config = try ChainTest.config(
            """
            [default]
            region = eu-west-1
            [profile work]
            region=eu-central-1
            [profile "two words"]
            region = us-east-2
            [sso-session corp]
            sso_region = eu-north-1
            [services local]
            secrets_manager =
              endpoint_url = http://localhost:4566
            [work]
            region = not-a-profile-here
            [plugins]
            cli = x
            """)
        #expect(Set(config.profiles.keys) == ["default", "work", "two words"])
        #expect(config.profiles["work"]?.text("region") == "eu-central-1")
        #expect(config.profiles["two words"]?.text("region") == "us-east-2")
        #expect(config.ssoSessions["corp"]?.text("sso_region") == "eu-north-1")
        #expect(
            config.services["local"]?.nested("secrets_manager") == ["endpoint_url": "http://localhost:4566"])
    }

    @Test("In the credentials file every section is a profile, and its settings win")
    func credentialsWin() throws {
        let config = try ChainTest.config(
            "[profile a]\nregion = one\noutput = json\n", credentials: "[a]\nregion = two\n[b]\nregion = three\n")
        #expect(config.profiles["a"]?.text("region") == "two")
        #expect(config.profiles["a"]?.text("output") == "json")
        #expect(config.profiles["b"]?.text("region") == "three")
        #expect(config.profiles["a"]?.settings["region"]?.isFromCredentialsFile == true)
    }

    @Test("[profile default] counts rather than [default], in either order")
    func namedDefault() throws {
        let texts = ["[default]\nregion = a\n", "[profile default]\nregion = b\n"]
        for text in [texts.joined(), texts.reversed().joined()] {
            #expect(try ChainTest.config(text).profiles["default"]?.text("region") == "b")
        }
    }

    @Test(
        "A value is what stands after the first delimiter, without the spaces around it",
        arguments: [
            ("region=x", "x"), ("region = x", "x"), ("REGION =\tx  ", "x"), ("region : x", "x"),
            ("region = a=b", "a=b"), ("region = a # b", "a # b"), ("region = x\r", "x"), ("  region = x", "x"),
            ("region = one\nregion = two", "two"), ("; c\n# c\n\nregion = x\n# region = y", "x"),
            ("region = a\n  b", "a\nb"), ("region = \u{FC}", "\u{FC}"),
        ] as [(String, String)])
    func values(_ line: String, _ value: String) throws {
        #expect(try ChainTest.config("[default]\n\(line)\n").profiles["default"]?.text("region") == value)
    }

    @Test("A byte order mark, CRLF and a missing last line end are no matter", arguments: ["\n", "\r\n"])
    func lineEnds(_ end: String) throws {
        let text = "\u{FEFF}[default]\(end)s3 =\(end)    a = b\(end)\(end)    c = d=e\(end)region = x"
        let config = try ChainTest.config(text)
        #expect(config.profiles["default"]?.text("region") == "x")
        #expect(config.profiles["default"]?.nested("s3") == ["a": "b", "c": "d=e"])
    }

    @Test("Secret access keys and session tokens never become text")
    func secretsStaySecret() throws {
        let config = try ChainTest.config(
            "", credentials: "[x]\naws_secret_access_key = \(ChainTest.secret("x"))\naws_session_token = abc\n")
        let section = try #require(config.profiles["x"])
        #expect(section.text("aws_secret_access_key") == nil)
        #expect(section.secret("aws_secret_access_key")?.unprotectedText == ChainTest.secret("x"))
        #expect(section.secret("aws_session_token")?.unprotectedText == "abc")
        var dumped = ""
        dump(config, to: &dumped)
        #expect(!dumped.contains(ChainTest.secret("x")))
        #expect(!dumped.contains("abc"))
    }

    @Test(
        "What cannot be understood is an error with file and line and nothing of the content",
        arguments: [
            ("hidden = 1\n", 1), ("[default]\nhidden\n", 2), ("[]\n", 1), ("[default]\n= hidden\n", 2),
            ("[default]\n\nregion = hidden\u{1}\n", 3), ("[default]\ns3 =\n  hidden\n", 3),
            ("[default]\naws_secret_access_key = hidden\n  hidden\n", 3),
            ("[default]\ns3 =\n  aws_secret_access_key = hidden\n", 3), ("[default]\ns3 =\n  = hidden\n", 3),
        ] as [(String, Int)])
    func errors(_ text: String, _ line: Int) throws {
        let error = #expect(throws: AWSConfigurationError.self) { try ChainTest.config(text) }
        #expect(error?.place == "config, line \(line)")
        #expect(!String(describing: error).contains("hidden"))
    }

    @Test("Text that is not UTF-8 is an error, not a crash")
    func notUTF8() {
        var config = SharedConfig()
        let bytes = Array("[default]\nregion = ".utf8) + [0xFF, 0xFE, 0x0A]
        #expect(throws: AWSConfigurationError("c, line 2", "it is not UTF-8")) {
            try config.addConfig(SharedSecret(copying: bytes), name: "c")
        }
    }

    @Test("Files are found where the variables say, and one that does not exist is warned of")
    func locations() throws {
        let home = try HomeFolder(config: "[default]\nregion = usual\n")
        let other = try home.write("[default]\nregion = other\n", "elsewhere/config")
        #expect(
            try SharedConfig.load(world: ChainTest.world(home: home)).profiles["default"]?.text("region") == "usual")
        let moved = try SharedConfig.load(world: ChainTest.world(["AWS_CONFIG_FILE": other], home: home))
        #expect(moved.profiles["default"]?.text("region") == "other")
        let tilde = try SharedConfig.load(
            world: ChainTest.world(["AWS_CONFIG_FILE": "~/elsewhere/config"], home: home))
        #expect(tilde.profiles["default"]?.text("region") == "other")
        let missing = try SharedConfig.load(world: ChainTest.world(["AWS_CONFIG_FILE": "/nowhere/c"], home: home))
        #expect(missing.profiles.isEmpty)
        #expect(missing.warnings == ["AWS_CONFIG_FILE names /nowhere/c, which does not exist"])
    }

    @Test("A folder in the place of a file is an error")
    func folder() throws {
        let home = try HomeFolder()
        #expect(throws: AWSConfigurationError.self) {
            try SharedConfig.load(world: ChainTest.world(["AWS_CONFIG_FILE": home.path], home: home))
        }
    }

    @Test("Any bytes are read or refused, and a secret never shows in the refusal", arguments: 0..<40)
    func fuzz(_ seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let marker = "m4rker"
        let pieces =
            [
                "[", "]", "profile ", "default", "=", ":", "\n", "\r\n", "  ", "\t", "#", ";", "\"", "'", "\\",
                "s3 =\n",
                "aws_secret_access_key = ", marker, "region", "[profile a]\n", "[services x]\n", "\u{0}", "\u{FEFF}",
                "\u{7F}", "=\n  ",
            ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                bytes += pieces.randomElement(using: &generator) ?? []
            }
            do {
                var config = SharedConfig()
                try config.addConfig(SharedSecret(copying: bytes), name: "c")
                try config.addCredentials(SharedSecret(copying: bytes), name: "d")
                for profile in config.profiles.values {
                    // A secret setting is never text, however it came about.
                    #expect(profile.text("aws_secret_access_key") == nil)
                }
            } catch {
                #expect(!String(describing: error).contains(marker))
                #expect(error is AWSConfigurationError)
            }
        }
    }

    @Test(
        "Words are split as a shell splits them, and nothing is expanded",
        arguments: [
            ("a b", ["a", "b"]), ("  a\t b\n", ["a", "b"]), ("'a b' c", ["a b", "c"]), ("\"a b\"c", ["a bc"]),
            ("a\\ b", ["a b"]), ("'' x", ["", "x"]), ("\"a\\\"b\"", ["a\"b"]), ("\"a\\nb\"", ["a\\nb"]),
            ("'a\\b'", ["a\\b"]), ("$HOME `x` *", ["$HOME", "`x`", "*"]), ("a#b #c", ["a#b", "#c"]), ("", []),
        ] as [(String, [String])])
    func words(_ text: String, _ words: [String]) throws {
        #expect(try CommandWords.split(text) == words)
    }

    @Test("A quote that is not closed is an error", arguments: ["'a", "\"a", "a\\", "\"a\\"])
    func openQuotes(_ text: String) {
        #expect(throws: CommandWords.UnfinishedQuote.self) { try CommandWords.split(text) }
    }
}
