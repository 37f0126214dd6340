// Sources that ask nobody else: environment, access keys in files, a program.

import Foundation
import Secrets
import Testing
import World

@testable import AWS

@Suite("Credentials from the environment") struct EnvironmentCredentialsTests {
    private let id = ChainTest.id("env")
    private let secret = ChainTest.secret("env")

    @Test("Key, secret and token are taken as they are")
    func taken() async throws {
        let world = ChainTest.world([
            "AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "token",
        ])
        #expect(try await EnvironmentCredentials(world: world).loadedParts() == [id, secret, "token"])
    }

    @Test("No variables mean that it is not set up, and an explicit profile passes them over")
    func notConfigured() async throws {
        #expect(try await EnvironmentCredentials(world: ChainTest.world()).loadedParts() == nil)
        let world = ChainTest.world(["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret])
        #expect(try await EnvironmentCredentials(world: world, isSkipped: true).loadedParts() == nil)
    }

    @Test(
        "Half a pair, a line end in a value and an end that has passed are failures, without the values",
        arguments: [
            ["AWS_ACCESS_KEY_ID": "I"], ["AWS_SECRET_ACCESS_KEY": "hidden"],
            ["AWS_ACCESS_KEY_ID": "I\r\nX: hidden", "AWS_SECRET_ACCESS_KEY": "hidden"],
            ["AWS_ACCESS_KEY_ID": "I", "AWS_SECRET_ACCESS_KEY": "hidden\n"],
            ["AWS_ACCESS_KEY_ID": "I", "AWS_SECRET_ACCESS_KEY": "hidden", "AWS_SESSION_TOKEN": "hidden\n"],
            [
                "AWS_ACCESS_KEY_ID": "I", "AWS_SECRET_ACCESS_KEY": "hidden",
                "AWS_CREDENTIAL_EXPIRATION": "2001-01-01T00:00:00Z",
            ],
            ["AWS_ACCESS_KEY_ID": "I", "AWS_SECRET_ACCESS_KEY": "hidden", "AWS_CREDENTIAL_EXPIRATION": "hidden"],
        ])
    func failures(_ environment: [String: String]) async {
        let error = await EnvironmentCredentials(world: ChainTest.world(environment)).failureOfLoading()
        #expect(error?.kind == .sourceFailed)
        #expect(error.map { String(describing: $0).contains("hidden") } == false)
    }
}

@Suite("Access keys in a profile") struct StaticProfileCredentialsTests {
    private let pair = "aws_access_key_id = \(ChainTest.id("a"))\naws_secret_access_key = \(ChainTest.secret("a"))\n"

    @Test("Each file has its own turn, and the source names the one they came from")
    func files() async throws {
        let inConfig = try ChainTest.config("[profile a]\n" + pair)
        let inCredentials = try ChainTest.config("", credentials: "[a]\n" + pair)
        for (config, file, isFound) in [
            (inConfig, StaticProfileCredentials.File.config, true), (inConfig, .credentials, false),
            (inCredentials, .credentials, true), (inCredentials, .config, false), (inConfig, .either, true),
        ] {
            let provider = StaticProfileCredentials(config: config, profile: "a", file: file)
            #expect(
                try await provider.loadedParts() == (isFound ? [ChainTest.id("a"), ChainTest.secret("a"), "-"] : nil))
        }
        guard
            case .found(let found) = try await StaticProfileCredentials(
                config: inCredentials, profile: "a", file: .either
            ).load()
        else { return #expect(Bool(false), "they are there") }
        #expect(found.source == "profile `a` in ~/.aws/credentials")
    }

    @Test("Keys of one file are not joined with a token of the other")
    func tokenOfTheOtherFile() async throws {
        let config = try ChainTest.config(
            "[profile a]\n" + pair + "aws_session_token = old\n", credentials: "[a]\n" + pair)
        let provider = StaticProfileCredentials(config: config, profile: "a", file: .credentials)
        #expect(try await provider.loadedParts() == [ChainTest.id("a"), ChainTest.secret("a"), "-"])
    }

    @Test("Half a pair is a failure", arguments: ["aws_access_key_id = x", "aws_secret_access_key = hidden"])
    func half(_ line: String) async throws {
        let config = try ChainTest.config("", credentials: "[a]\n\(line)\n")
        let error = await StaticProfileCredentials(config: config, profile: "a", file: .credentials).failureOfLoading()
        #expect(error?.kind == .sourceFailed)
        #expect(error?.reason.contains("hidden") == false)
    }
}

@Suite("credential_process") struct CredentialProcessTests {
    private let home: HomeFolder

    init() throws { home = try HomeFolder() }

    /// A provider whose program is a shell script.
    private func provider(
        _ script: String, arguments: String = "", limit: Duration = .seconds(60), environment: [String: String] = [:]
    ) throws -> CredentialProcess {
        let file = try home.write("#!/bin/sh\n\(script)\n", "a program/run")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        let config = try ChainTest.config("[profile p]\ncredential_process = \"\(file)\" \(arguments)\n")
        return CredentialProcess(
            config: config, profile: "p", world: ChainTest.world(environment, home: home), limit: limit)
    }

    @Test("The program's answer is used, and its arguments reach it as words and not through a shell")
    func answer() async throws {
        let text = ChainTest.answer("proc", token: "SessionToken")
        let provider = try provider(
            "[ \"$1\" = 'a b' ] && [ \"$2\" = '$HOME;' ] && [ $# = 2 ] && [ \"$MARK\" = here ] && cat <<'X'\n\(text)\nX",
            arguments: "'a b' $HOME;", environment: ["MARK": "here"])
        #expect(
            try await provider.loadedParts()
                == [ChainTest.id("proc"), ChainTest.secret("proc"), "proc-session"])
    }

    @Test("A program is found by its name on the PATH")
    func byName() async throws {
        let file = try home.write(ChainTest.answer("n", token: "SessionToken"), "answer.json")
        let config = try ChainTest.config("[profile p]\ncredential_process = cat \(file)\n")
        let provider = CredentialProcess(config: config, profile: "p", world: ChainTest.world(home: home))
        #expect(try await provider.loadedParts()?.first == ChainTest.id("n"))
    }

    @Test(
        "What it may do wrong is one line that does not repeat its output",
        arguments: [
            ("echo hidden; exit 3", "it ended with exit code 3"),
            (
                "echo hidden; echo one >&2; printf 'two\\033[31m words\\n' >&2; exit 1",
                "it ended with exit code 1: two [31m words"
            ),
            ("echo 'hidden but long'; echo '+ echo hidden but long' >&2; exit 1", "it ended with exit code 1"),
            ("echo 'x SecretAccessKey=hidden' >&2; exit 1", "it ended with exit code 1"),
            ("set -x; AWS_SESSION_TOKEN=hidden; exit 1", "it ended with exit code 1: + exit 1"),
            ("kill -9 $$", "it was ended by a signal"), ("echo hidden", "the answer is no JSON (line 1, column 1)"),
            ("true", "the answer is no JSON (line 1, column 1)"),
            ("echo '{\"hidden\":1}'", "its answer is not of Version 1"),
            ("echo '{\"Version\":2,\"AccessKeyId\":\"hidden\"}'", "its answer is not of Version 1"),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"hidden\"}'",
                "the answer lacks `AccessKeyId` or `SecretAccessKey`"
            ),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\",\"Expiration\":\"soon\"}'",
                "the answer's `Expiration` is no time"
            ),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hidden\",\"Expiration\":\"2001-01-01T00:00:00Z\"}'",
                "the credentials expired at 2001-01-01T00:00:00Z"
            ),
            ("head -c 100000 /dev/zero", "it writes more than 65536 bytes"),
        ] as [(String, String)])
    func failures(_ script: String, _ reason: String) async throws {
        let error = await (try provider(script)).failureOfLoading()
        #expect(error?.reason == reason)
        #expect(error?.source == "credential_process of profile `p`")
    }

    @Test("A program that does not exist, and a quote that is not closed, are failures")
    func notRunnable() async throws {
        for command in ["/nowhere/program", "no-such-program-anywhere"] {
            let config = try ChainTest.config("[profile p]\ncredential_process = \(command)\n")
            let provider = CredentialProcess(config: config, profile: "p", world: ChainTest.world(home: home))
            #expect(await provider.failureOfLoading()?.reason == "its program does not exist")
        }
        let config = try ChainTest.config("[profile p]\ncredential_process = 'hidden\n")
        let provider = CredentialProcess(config: config, profile: "p", world: ChainTest.world(home: home))
        #expect(await provider.failureOfLoading()?.reason.hasSuffix("a quote is not closed") == true)
    }

    @Test("A program that does not end is ended", .timeLimit(.minutes(1)))
    func tooLong() async throws {
        let provider = try provider("echo $$ > \"$HOME/pid\"; exec sleep 600", limit: .seconds(1))
        #expect(await provider.failureOfLoading()?.reason == "it did not end within 1 s")
        let pid = try #require(Int32(try home.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) == -1)
    }
}
