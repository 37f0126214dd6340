// A command shows that something works, or a person answers for it.

import Checklist
import Foundation
import Secrets
import Settings
import Stores
import TestServers
import Testing
import World

@testable import Steps

@Suite struct CommandStepTests {
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

    private static func rehearsal(
        _ bench: Bench, _ parameters: [String: SettingValue], _ journal: MemoryJournal = MemoryJournal()
    ) throws -> Rehearsal {
        let workbench = bench.workbench {
            $0.world.environment = ["PATH": Self.path, "COLOR": "red", "KEPT": "yes"]
        }
        return Rehearsal(try Bench.kind("command", parameters, on: workbench), journal)
    }

    private static func shell(_ script: String) -> SettingValue { .list(["sh", "-c", script]) }

    @Test func `a command that succeeds is the evidence, with its time`() async throws {
        let bench = try Bench()
        let step = try Self.rehearsal(bench, ["run": Self.shell("exit 0")])
        #expect(try await step.observe().reason == "sh -c 'exit 0' has not run yet")
        #expect(try await step.preview().text.contains("run sh -c 'exit 0'"))
        let evidence = try #require(try await step.run().evidence)
        #expect(evidence.facts.number("exit-status") == 0)
        #expect((evidence.facts.number("milliseconds") ?? -1) >= 0)
        #expect(try await step.observe().evidence != nil)
    }

    @Test func `a command that fails says how, and runs again when asked to`() async throws {
        let bench = try Bench()
        let step = try Self.rehearsal(bench, ["run": Self.shell("test -e ready || exit 7")])
        await #expect(
            throws: StepFailure(
                "sh -c 'test -e ready || exit 7' ended with exit status 7",
                remedy: "mend what it complains about, then run the step again")
        ) { try await step.run() }
        #expect(try await step.observe().reason?.contains("exit status 7") == true)
        try bench.repository.write("ready", "")
        #expect(try await step.run().evidence != nil)
    }

    @Test func `it gets the values of the dotenv file over the environment, in its folder`() async throws {
        let bench = try Bench()
        try bench.repository.write(".env.development", "COLOR='blue green'\nPORT=8080\n").write("sub/here", "")
        let script = #"test -e here && printf '%s,%s,%s' "$COLOR" "$PORT" "$KEPT" > ../seen"#
        let step = try Self.rehearsal(
            bench,
            ["run": Self.shell(script), "env-file": .text(".env.development"), "folder": .text("sub")])
        let preview = try await step.preview()
        #expect(preview.text.contains("with 2 values of .env.development, for it alone"))
        #expect(!preview.text.contains("blue"))
        #expect(try await step.run().evidence != nil)
        #expect(bench.repository.text("seen") == "blue green,8080,yes")
        #expect(await !step.journal.texts.contains { $0.contains("blue") || $0.contains("8080") })
    }

    @Test func `what it prints goes nowhere near the record`() async throws {
        let bench = try Bench()
        try bench.repository.write(".env", "TOKEN=zebra\n")
        let step = try Self.rehearsal(
            bench, ["run": Self.shell("echo $TOKEN; echo $TOKEN >&2"), "env-file": .text(".env")])
        #expect(try await step.run().evidence != nil)
        #expect(await !step.journal.texts.contains { $0.contains("zebra") })
    }

    @Test func `a dotenv file that is missing or ambiguous stops it before it runs`() async throws {
        let bench = try Bench()
        let step = try Self.rehearsal(bench, ["run": Self.shell("touch ran"), "env-file": .text(".env.development")])
        await #expect(throws: StepFailure.self) { try await step.preview() }
        try bench.repository.write(".env.development", "A=$OTHER\n")
        let failure = await #expect(throws: StepFailure.self) { try await step.preview() }
        #expect(failure?.reason.contains(".env.development: A (line 1)") == true)
        #expect(bench.repository.text("ran") == nil)
    }

    @Test func `a command without end is ended, and so is all that it started`() async throws {
        let bench = try Bench()
        // Deaf to the polite signal, with a child in the background that would write a file later.
        let script = "trap '' TERM; (sleep 30; touch late) & echo $! > child; sleep 30"
        let step = try Self.rehearsal(bench, ["run": Self.shell(script), "seconds": .number(1)])
        let start = ContinuousClock.now
        await #expect(throws: StepFailure.self) { try await step.run() }
        #expect(ContinuousClock.now - start < .seconds(25))
        #expect(try await step.observe().reason?.contains("took too long") == true)
        let child = try #require(bench.repository.text("child").flatMap { pid_t($0.filter(\.isNumber)) })
        #expect(await Self.isGone(child))
    }

    @Test func `what a command leaves in the background ends with it`() async throws {
        let bench = try Bench()
        let step = try Self.rehearsal(bench, ["run": Self.shell("sleep 60 & echo $! > child")])
        let start = ContinuousClock.now
        #expect(try await step.run().evidence != nil)
        #expect(ContinuousClock.now - start < .seconds(30))
        let child = try #require(bench.repository.text("child").flatMap { pid_t($0.filter(\.isNumber)) })
        #expect(await Self.isGone(child))
    }

    /// Nobody may have buried it yet: a zombie runs no more.
    private static func isGone(_ process: pid_t) async -> Bool {
        for _ in 0..<100 {
            if kill(process, 0) != 0 { return true }
            let state = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.split(separator: " ")
            if state.map({ $0.count > 2 && $0[2] == "Z" }) ?? false { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test func `a program that is not there is named`() async throws {
        let step = try Self.rehearsal(try Bench(), ["run": .list(["no-such-program-here"])])
        await #expect(
            throws: StepFailure(
                "there is no program `no-such-program-here`",
                remedy: "correct `run` of the step, or install the program")
        ) { try await step.run() }
    }

    @Test func `another command than the one that ran has not run`() async throws {
        let bench = try Bench()
        let first = try Self.rehearsal(bench, ["run": Self.shell("true")])
        #expect(try await first.run().evidence != nil)
        let other = try Self.rehearsal(bench, ["run": Self.shell("exit 0")], first.journal)
        #expect(try await other.observe().reason?.contains("another one") == true)
    }

    @Test func `killed at any instant, it runs again and ends the same`() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            let bench = try Bench()
            let step = try Self.rehearsal(bench, ["run": Self.shell("echo ran >> log")], journal)
            _ = try? await step.run()
            await journal.revive()
            #expect(try await step.run().evidence != nil)
            #expect(await journal.record.openIntents.isEmpty)
        }
        #expect(kills > 0)
    }

    @Test func `without a command a person answers, with name and day`() async throws {
        let bench = try Bench()
        let step = try Self.rehearsal(bench, ["attest": .text("Which services were restarted?")])
        #expect(try await step.observe().reason == "nobody has answered for it yet")
        let question = try #require(try await step.preview().questions.first)
        #expect(question.id == "attest" && question.text == "Which services were restarted?" && question.isRequired)
        #expect(try await step.preview(["attest": .text("  \n ")]).questions.count == 1)
        let evidence = try #require(
            try await step.run(["attest": .text("all\nof \u{1B}[31mthem")]).evidence)
        #expect(evidence.summary.hasPrefix("attested by Ada Lovelace on "))
        #expect(!evidence.summary.contains("\u{1B}") && !evidence.summary.contains("\n"))
        #expect(evidence.facts.text("by") == Bench.identity)
    }

    @Test(arguments: [true, false])
    func `what was done for an earlier version counts no more`(hasCommand: Bool) async throws {
        let bench = try Bench()
        try await bench.storeSecret(#"{"A": "1"}"#)
        var parameters: [String: SettingValue] = ["after-version": .flag(true)]
        if hasCommand { parameters["run"] = Self.shell("true") }
        let step = try Self.rehearsal(bench, parameters)
        let evidence = try #require(try await step.run(hasCommand ? [:] : ["attest": .text("all")]).evidence)
        #expect(evidence.facts.text("version-id") != nil)
        _ = try await bench.vault.put(
            Bench.secret, .init(copying: #"{"A": "2"}"#.utf8), stages: [], token: UUID().uuidString.lowercased())
        #expect(try await step.observe().reason?.contains("since, and this was done for") == true)
        #expect(try await step.run(hasCommand ? [:] : ["attest": .text("again")]).evidence != nil)
    }

    // MARK: What is agreed to

    @Test func `consent shows every word of a long command, quoted as a shell would read it`() async throws {
        let bench = try Bench()
        let script = "echo " + String(repeating: "harmless ", count: 40) + "; echo 'the tail'; touch tail"
        let step = try Self.rehearsal(bench, ["run": .list(["sh", "-c", script, "a;b", ""])])
        let change = try #require(try await step.preview().changes.first)
        #expect(change.subject == "run this command of 5 words")
        #expect(
            change.lines.prefix(5).map(\.text) == [
                "sh", "-c", "'" + script.replacing("'", with: #"'\''"#) + "'", "'a;b'", "''",
            ])
        // What a terminal would obey is written out, not left out.
        let odd = try Self.rehearsal(bench, ["run": .list(["printf", "it's\n\u{1B}[2J\u{202E}é\\"])])
        #expect(
            try await odd.preview().changes.first?.subject
                == #"run printf $'it\'s\n\x1b[2J\xe2\x80\xaeé\\'"#)
    }

    @Test func `a command that differs in its last word only has not run`() async throws {
        let bench = try Bench()
        let long = String(repeating: "echo harmless; ", count: 30)
        let first = try Self.rehearsal(bench, ["run": Self.shell(long + "true")])
        #expect(try await first.run().evidence != nil)
        let other = try Self.rehearsal(bench, ["run": Self.shell(long + "touch evil")], first.journal)
        #expect(try await other.observe().reason?.contains("another one") == true)
        #expect(try await first.preview().basis != other.preview().basis)
        // The same letters, cut into other words, are another command as well.
        let cut = try Self.rehearsal(bench, ["run": .list(["sh", "-c " + long + "true"])], first.journal)
        #expect(try await cut.observe().evidence == nil)
    }

    @Test(arguments: ["env-file", "folder"])
    func `the same command with another file or folder has not run`(parameter: String) async throws {
        let bench = try Bench()
        try bench.repository.write("one/.env", "A=1\n").write("two/.env", "A=1\n")
        func value(_ folder: String) -> SettingValue { .text(parameter == "folder" ? folder : folder + "/.env") }
        let first = try Self.rehearsal(bench, ["run": Self.shell("true"), parameter: value("one")])
        #expect(try await first.run().evidence != nil)
        let other = try Self.rehearsal(bench, ["run": Self.shell("true"), parameter: value("two")], first.journal)
        #expect(try await other.observe().reason?.contains("in another place") == true)
    }

    // MARK: What a cloned checklist may not do

    @Test func `its file and its folder do not lead out of the repository`() async throws {
        let bench = try Bench()
        let outside = bench.repository.folder + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try Data("A=1\n".utf8).write(to: URL(fileURLWithPath: outside + "/.env"))
        try FileManager.default.createSymbolicLink(
            atPath: bench.repository.path + "/linked", withDestinationPath: outside)
        try bench.repository.write("a.txt", "")
        for parameters: [String: SettingValue] in [
            ["env-file": .text("../outside/.env")], ["env-file": .text(outside + "/.env")],
            ["env-file": .text("linked/.env")], ["folder": .text("../outside")], ["folder": .text("linked")],
            ["folder": .text("no/such")], ["folder": .text("a.txt")],
        ] {
            let step = try Self.rehearsal(
                bench, parameters.merging(["run": Self.shell("touch \(bench.repository.path)/ran")]) { $1 })
            await #expect(throws: StepFailure.self, "\(parameters)") { try await step.preview() }
            await #expect(throws: StepFailure.self, "\(parameters)") {
                try await step.apply(agreedTo: Preview())
            }
            #expect(await step.journal.record.events.isEmpty)
        }
        #expect(bench.repository.text("ran") == nil)
    }

    @Test func `its file does not decide which program runs`() async throws {
        let bench = try Bench()
        let bad = bench.repository.path + "/bad"
        try bench.repository.write("bad/sh", "#!/bin/sh\n/bin/touch \(bench.repository.path)/taken-over\n")
            .write(".env.development", "PATH=\(bad)\nLD_PRELOAD=\(bad)/x.so\nCOLOR=blue\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bad + "/sh")
        let script = #"printf '%s %s' "$COLOR" "$LD_PRELOAD" > seen; printf '%s' "$PATH" > path"#
        let step = try Self.rehearsal(
            bench, ["run": Self.shell(script), "env-file": .text(".env.development")])
        let preview = try await step.preview()
        #expect(preview.text.contains("with 1 value of .env.development"))
        #expect(preview.text.contains("without PATH and LD_PRELOAD of .env.development"))
        #expect(try await step.run().evidence != nil)
        #expect(bench.repository.text("taken-over") == nil)
        #expect(bench.repository.text("seen") == "blue " && bench.repository.text("path") == Self.path)
    }
}
