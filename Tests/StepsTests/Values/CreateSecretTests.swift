// The secret is made once, in the right place, and goes only where nothing is lost.

import AWS
import Checklist
import Secrets
import Settings
import Stores
import Testing

@testable import Steps

@Suite("Creating the secret")
struct CreateSecretTests {
    static func step(
        _ bench: Bench, _ parameters: [String: SettingValue] = [:], _ journal: MemoryJournal = MemoryJournal()
    ) throws -> Rehearsal {
        Rehearsal(try Bench.kind("create-secret", parameters, on: bench.workbench()), journal)
    }

    static let tags: [String: SettingValue] = [
        "tags": .map([.init(key: "team", value: "web"), .init(key: "env", value: "")])
    ]

    @Test("A secret that is not there is made, empty, with its tags")
    func makes() async throws {
        let bench = try Bench()
        let step = try Self.step(bench, Self.tags)
        #expect(try await step.observe().reason?.contains("there is no fluxion/production in the local vault") == true)
        let preview = try await step.preview()
        #expect(preview.text.contains("added: tag team: web"))
        let evidence = try #require(try await step.run().evidence)
        #expect(evidence.facts.text("name") == Bench.secret && evidence.facts.text("created") != nil)
        #expect(try await bench.storedText() == "{}")
        #expect(try await bench.vault.describe(Bench.secret).tags == ["team": "web", "env": ""])
    }

    @Test("A secret that is there already is taken as it is; only missing tags are added, after a preview")
    func adopts() async throws {
        let bench = try Bench()
        try await bench.storeSecret(#"{"A":"\#(Canary.token)"}"#)
        try await bench.vault.tag(Bench.secret, ["team": "ops", "theirs": "1"])
        #expect(try await Self.step(bench).observe().evidence != nil)
        let step = try Self.step(bench, Self.tags)
        #expect(try await step.observe().reason?.contains("lacks the tags env and team") == true)
        let preview = try await step.preview()
        #expect(preview.text.contains("changed: tag team: web (now ops)") && preview.text.contains("added: tag env: "))
        expectNoCanary([preview.text])
        _ = try await step.run()
        #expect(try await bench.vault.describe(Bench.secret).tags == ["team": "web", "env": "", "theirs": "1"])
        // It is not ours: taking the step back takes back the tags, and nothing else.
        #expect(try await step.kind.undoPreview(await step.journal.record).text.contains("was not made by this step"))
        try await step.undo()
        #expect(try await bench.vault.describe(Bench.secret).tags == ["team": "ops", "theirs": "1"])
        #expect(try await bench.storedText() == #"{"A":"\#(Canary.token)"}"#)
    }

    @Test("A secret that waits for its deletion is restored, or another name is needed: a person says which")
    func deleted() async throws {
        let bench = try Bench()
        try await bench.storeSecret(#"{"A":"1"}"#)
        _ = try await bench.vault.delete(Bench.secret, days: 7)
        let step = try Self.step(bench)
        #expect(try await step.observe().reason?.contains("is scheduled for deletion on 2025-12-01") == true)
        let preview = try await step.preview()
        #expect(preview.questions.first?.choices == ["restore", "cancel"])
        await #expect(throws: StepFailure.self) { try await step.apply(agreedTo: preview) }
        #expect(try await step.preview(["deleted": .text("cancel")]).byHand.count == 1)
        #expect(try await step.run(["deleted": .text("restore")]).evidence != nil)
        #expect(try await bench.storedText() == #"{"A":"1"}"#)
    }

    @Test("Credentials of another account than the expected one make nothing")
    func otherAccount() async throws {
        let bench = try Bench()
        let vault = bench.vault
        let workbench = bench.workbench {
            $0.store = {
                StoreAccess(
                    store: vault, name: Bench.secret, region: "eu-west-1", expectedAccount: "111122223333",
                    account: { "444455556666" })
            }
        }
        let step = Rehearsal(try Bench.kind("create-secret", on: workbench))
        let failure = await #expect(throws: StepFailure.self) { try await step.preview() }
        #expect(failure?.kind == .refused && failure?.reason.contains("444455556666") == true)
        await #expect(throws: StepFailure.self) { try await step.apply(agreedTo: Preview(basis: "absent")) }
        await #expect(throws: StoreError.self) { try await bench.storedText() }
    }

    @Test("Killed at any write of the journal or call of the store, one secret is made, and known for ours")
    func kills() async throws {
        func check(_ bench: Bench, _ journal: MemoryJournal) async throws {
            let step = try Self.step(bench, Self.tags, journal)
            if try await step.observe().evidence == nil { _ = try await step.run() }
            #expect(try await bench.vault.versions(Bench.secret).count == 1)
            try await step.undo()
            #expect(try await bench.vault.describe(Bench.secret).deleted != nil)
        }
        let journalKills = try await Rehearsal.withEveryKill { journal in
            let bench = try Bench()
            do { _ = try await Self.step(bench, Self.tags, journal).run() } catch is MemoryJournal.Killed {}
            guard await journal.wasKilled else { return }
            await journal.revive()
            try await check(bench, journal)
        }
        #expect(journalKills == 4)
        let storeKills = try await withEveryStoreKill { killer in
            let bench = try Bench()
            let journal = MemoryJournal()
            let doomed = Rehearsal(
                try Bench.kind("create-secret", Self.tags, on: bench.workbench(killedBy: killer)), journal)
            do { _ = try await doomed.run() } catch is StoreKiller.Killed {}
            try await check(bench, journal)
        }
        #expect(storeKills >= 6)
    }

    @Test("A secret that has got values is not deleted with the step")
    func undoRefused() async throws {
        let bench = try Bench()
        let step = try Self.step(bench)
        _ = try await step.run()
        #expect(try await step.kind.undoPreview(await step.journal.record).text.contains("schedule the deletion"))
        _ = try await bench.vault.put(
            Bench.secret, SharedSecret(copying: #"{"A":"1"}"#.utf8), stages: [],
            token: "0123456789abcdef0123456789abcdef")
        #expect(try await step.kind.undoPreview(await step.journal.record).text.contains("holds 1 key by now"))
        await #expect(throws: StepFailure.self) { try await step.undo() }
        #expect(try await bench.storedText() == #"{"A":"1"}"#)
    }
}
