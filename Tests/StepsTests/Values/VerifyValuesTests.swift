// Reading back: what is missing, empty, a stand-in or leaked is told by its key, and by nothing else.

import Checklist
import Secrets
import Settings
import Stores
import Testing

@testable import Steps

@Suite("Verifying the values")
struct VerifyValuesTests {
    static func bench(_ content: String) async throws -> Bench {
        let bench = try Bench()
        try bench.repository.write(
            ".env", "JWT_SECRET_KEY=\(Canary.jwt)\nDB_PASSWORD=\(Canary.password)\nPORT=1\n"
        ).commit("Start")
        try await bench.storeSecret(content)
        return bench
    }

    static func step(
        _ bench: Bench, _ parameters: [String: SettingValue] = [:], records: [StepRecord] = []
    ) throws -> Rehearsal {
        let workbench = bench.workbench { $0.records = { $0 == "store-values" ? records : [] } }
        return Rehearsal(try Bench.kind("verify-values", parameters, on: workbench))
    }

    static let good = #"{"JWT_SECRET_KEY":"\#(Canary.session)","DB_PASSWORD":"\#(Canary.otherPassword)"}"#

    @Test("A complete secret verifies, with its version as evidence")
    func good() async throws {
        let bench = try await Self.bench(Self.good)
        let step = try Self.step(bench)
        let evidence = try #require(try await step.observe().evidence)
        #expect(evidence.facts.number("keys") == 2)
        let version = try await bench.vault.read(Bench.secret).versionID
        #expect(evidence.facts.text("version-id") == version)
        #expect(try await step.preview().byHand.isEmpty)
        expectNoCanary(["\(evidence)"])
    }

    @Test(
        "What is wrong is told by key",
        arguments: [
            (#"{"JWT_SECRET_KEY":"\#(Canary.session)"}"#, "missing: DB_PASSWORD"),
            (#"{"JWT_SECRET_KEY":"\#(Canary.session)","DB_PASSWORD":""}"#, "empty: DB_PASSWORD"),
            (#"{"JWT_SECRET_KEY":"\#(Canary.session)","DB_PASSWORD":null}"#, "empty: DB_PASSWORD"),
            (#"{"JWT_SECRET_KEY":"\#(Canary.session)","DB_PASSWORD":"changeme"}"#, "placeholders: DB_PASSWORD"),
            (
                #"{"JWT_SECRET_KEY":"\#(Canary.jwt)","DB_PASSWORD":"\#(Canary.otherPassword)"}"#,
                "values that are in git: JWT_SECRET_KEY"
            ),
            (
                #"{"JWT_SECRET_KEY":["\#(Canary.session)"],"DB_PASSWORD":"\#(Canary.otherPassword)"}"#,
                "no strings: JWT_SECRET_KEY"
            ),
            ("{}", "the secret holds no values"),
            (#"["\#(Canary.session)"]"#, "holds no JSON object"),
        ])
    func wrong(content: String, reason: String) async throws {
        let bench = try await Self.bench(content)
        let step = try Self.step(bench)
        let told = try #require(try await step.observe().reason)
        #expect(told.contains(reason))
        let preview = try await step.preview()
        #expect(preview.byHand.first == told && preview.changes.isEmpty)
        expectNoCanary([told, preview.text])
    }

    @Test("A leaked value is allowed by name, and warned of all the same")
    func allowed() async throws {
        let bench = try await Self.bench(
            #"{"JWT_SECRET_KEY":"\#(Canary.jwt)","DB_PASSWORD":"\#(Canary.otherPassword)"}"#)
        let evidence = try await Self.step(bench, ["allow-leaked": .list(["JWT_SECRET_KEY"])]).observe().evidence
        #expect(evidence?.warnings.count == 1)
        #expect(evidence?.facts.list("allowed-leaked") == ["JWT_SECRET_KEY"])
    }

    @Test("The checklist can say what is required; what a person left out is not")
    func required() async throws {
        let bench = try await Self.bench(#"{"JWT_SECRET_KEY":"\#(Canary.session)"}"#)
        #expect(try await Self.step(bench, ["required": .list(["JWT_SECRET_KEY"])]).observe().evidence != nil)
        #expect(
            try await Self.step(bench, ["required": .list(["STRIPE_KEY"])]).observe().reason == "missing: STRIPE_KEY")
        let journal = MemoryJournal()
        let intent = try await journal.intend("store-values", ["skipped": ["DB_PASSWORD"]])
        try await journal.effected(intent, Facts())
        #expect(try await Self.step(bench, records: [await journal.record]).observe().evidence != nil)
    }

    @Test("Without a secret, and with one that is about to go, there is nothing to verify")
    func absent() async throws {
        let bench = try await Self.bench(Self.good)
        _ = try await bench.vault.delete(Bench.secret, days: 7)
        #expect(try await Self.step(bench).observe().reason?.contains("is scheduled for deletion") == true)
        let other = try Bench()
        try other.repository.write("a", "").commit("Start")
        #expect(try await Self.step(other).observe().reason?.contains("there is no fluxion/production") == true)
    }
}
