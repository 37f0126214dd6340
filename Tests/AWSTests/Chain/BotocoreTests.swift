// The same files, asked of botocore: the same keys and the same region must come out.

import Foundation
import TestServers
import Testing
import World

@testable import AWS

/// A home folder, variables and a profile, made up at random.
private struct RandomSetting {
    var environment: [String: String] = [:]
    var profileFlag: String?
    var config = ""
    var credentials = ""

    init(_ generator: inout SplitMix) {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        var serial = 0
        func keys(_ place: String) -> [String] {
            serial += 1
            var lines = [
                "aws_access_key_id = \(ChainTest.id("\(place)\(serial)"))",
                "aws_secret_access_key\(chance(50) ? "=" : " = ")\(ChainTest.secret("\(place)\(serial)"))=",
            ]
            if chance(40) { lines.append("AWS_SESSION_TOKEN: \(place)-token-\(serial)") }
            lines.shuffle(using: &generator)
            return lines
        }
        func noise() -> [String] {
            // Names of their own: botocore refuses a setting that stands twice.
            serial += 1
            return [
                ["# comment = 1"], ["; x"], [""], ["s\(serial) =", "  a = b", "", "    c = d"], ["o\(serial) = json"],
                ["p\(serial) ="],
            ].randomElement(using: &generator) ?? []
        }
        let names = ["default", "a", "b c"]
        for name in names {
            var lines: [String] = []
            if chance(50) { lines += keys("conf") }
            if chance(50) {
                lines += ["region = \(["eu-west-1", "us-east-2", "ap-south-1"].randomElement(using: &generator) ?? "")"]
            }
            if chance(30) { lines += ["credential_process = cat \"HOME/\(name).json\""] }
            if chance(70) { lines = noise() + lines + noise() }
            if name != "default" || chance(70) {
                let heading = name == "default" ? "default" : name == "a" ? "profile a" : "profile \"\(name)\""
                config += "[\(heading)]\n" + lines.joined(separator: "\n") + "\n"
            }
            if chance(40) {
                credentials += "[\(name)]\n" + (noise() + keys("cred") + noise()).joined(separator: "\n") + "\n"
            }
        }
        if chance(30) {
            environment["AWS_ACCESS_KEY_ID"] = ChainTest.id("env")
            environment["AWS_SECRET_ACCESS_KEY"] = ChainTest.secret("env")
            if chance(50) { environment["AWS_SESSION_TOKEN"] = "env-token" }
        }
        if chance(30) { environment["AWS_DEFAULT_REGION"] = "sa-east-1" }
        if chance(40) { environment["AWS_PROFILE"] = names.randomElement(using: &generator) }
        if chance(30) { profileFlag = names.randomElement(using: &generator) }
        if chance(30) {
            config = config.replacing("\n", with: "\r\n")
            credentials = credentials.replacing("\n", with: "\r\n")
        }
    }

    /// Puts files into a home folder of their own.
    func makeHome() throws -> HomeFolder {
        let home = try HomeFolder()
        try home.write(config.replacing("HOME", with: home.path), ".aws/config")
        try home.write(credentials, ".aws/credentials")
        for name in ["default", "a", "b c"] {
            try home.write(
                ChainTest.answer("process" + name.replacing(" ", with: ""), token: "SessionToken"), "\(name).json")
        }
        return home
    }
}

/// What botocore says.
private enum Botocore {
    private static let script = """
        import json, os, sys
        import botocore.session, botocore.exceptions
        answers = []
        for case in json.load(sys.stdin):
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                del os.environ[name]
            os.environ.update(case["environment"])
            try:
                session = botocore.session.Session(profile=case["profile"])
                found = session.get_credentials()
                region = session.get_config_variable("region")
                parts = found and [found.access_key, found.secret_key, found.token or "-"]
                answers.append((parts or ["none"]) + [region or "-"])
            except botocore.exceptions.ProfileNotFound:
                answers.append(["no profile"])
        json.dump(answers, sys.stdout)
        """

    /// The Python of the test servers: moto brings botocore along.
    static let python = try? PythonEnvironment.python()

    static func answers(_ cases: [[String: Any]]) throws -> [[String]] {
        let input = try JSONSerialization.data(withJSONObject: cases)
        let run = try runProgram(try #require(python), ["-c", script], input: Array(input))
        try #require(run.status == 0, "\(run.errors.suffix(400))")
        return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String]])
    }
}

@Suite("Compared with botocore") struct BotocoreTests {
    @Test(
        "Random files and variables give the same keys and the same region as botocore",
        .enabled(if: Botocore.python != nil, "python3 with botocore is not installed"), .timeLimit(.minutes(2)))
    func sameAnswers() async throws {
        var generator = SplitMix(state: 20_251_124)
        var cases: [[String: Any]] = []
        var ours: [[String]] = []
        var settings: [RandomSetting] = []
        var homes: [HomeFolder] = []
        for _ in 0..<150 {
            let setting = RandomSetting(&generator)
            let home = try setting.makeHome()
            var environment = setting.environment
            environment["AWS_EC2_METADATA_DISABLED"] = "true"
            let world = ChainTest.world(environment, home: home)
            settings.append(setting)
            homes.append(home)
            cases.append([
                "environment": world.environment, "profile": setting.profileFlag.map { $0 as Any } ?? NSNull(),
            ])
            do {
                let context = try AWSContext.make(
                    overrides: AWSOverrides(profile: setting.profileFlag.map { .init($0, "--profile") }), world: world,
                    transport: ChainTransport.dead)
                let found = try? await context.credentials.credentials(refreshing: false)
                ours.append((found?.parts ?? ["none"]) + [context.settings.region?.value ?? "-"])
            } catch is AWSConfigurationError { ours.append(["no profile"]) }
        }
        let theirs = try Botocore.answers(cases)
        #expect(theirs.count == ours.count)
        #expect(Set(theirs.map { $0[0] }).count > 8)
        for (index, (our, their)) in zip(ours, theirs).enumerated() where our != their {
            Issue.record("\(our) here, \(their) there, for \(settings[index])")
        }
    }
}
