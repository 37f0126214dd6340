// The step that proves that the SendGrid keys that leaked are dead.

import Checklist
import Secrets
import Settings
import TestServers
import Testing
import World

@testable import Steps

@Suite("sendgrid-proof", .serialized)
struct SendGridProofTests {
    private static let kind = "sendgrid-proof"

    @Test("Refused twice, a minute apart, and gone: days may lie in between")
    func twice() async throws {
        try await withScene { scene in
            let id = scene.leaked[0].id
            let step = try scene.rehearsal(Self.kind)
            scene.account.remove(id)
            let first = scene.bench.world.now()
            guard case .waiting(_, let until, let facts) = try await step.observe() else {
                Issue.record("refused once is no proof")
                return
            }
            #expect(until == first + 60)
            #expect(facts.list("first-seen") == ["\(id) \(first.iso8601)"])
            await step.journal.note(.waiting, facts: facts)
            scene.bench.advance(seconds: 59)
            guard case .waiting(_, let again, let more) = try await step.observe() else {
                Issue.record("59 seconds are no minute")
                return
            }
            #expect(again == first + 60)
            await step.journal.note(.waiting, facts: more)
            scene.bench.advance(seconds: 3 * 86_400)
            let evidence = try #require(try await step.observe().evidence)
            let now = scene.bench.world.now()
            #expect(
                evidence.facts.list("proved") == ["\(id) HTTP 401 \(first.iso8601) HTTP 401 \(now.iso8601) HTTP 404"])
            #expect(evidence.warnings == [])
            // Once proved, the proof stays the same, so that the file does not change with every look.
            await step.journal.note(.verified, facts: evidence.facts)
            scene.bench.advance(seconds: 1_000)
            #expect(try await step.observe().evidence?.facts == evidence.facts)
            #expect(scene.leaks(into: await step.journal.texts) == [])
        }
    }

    @Test("A key that opens something in between begins the row anew, and shows as not done")
    func interrupted() async throws {
        try await withScene { scene in
            let key = scene.leaked[0]
            let step = try scene.rehearsal(Self.kind, ["seconds-apart": .number(5)], hasAdmin: false)
            scene.account.remove(key.id)
            guard case .waiting(_, _, let facts) = try await step.observe() else { return }
            await step.journal.note(.waiting, facts: facts)
            scene.account.add("back again", text: key.text)
            let reason = try #require(try await step.observe().reason)
            #expect(reason == "the leaked SendGrid key \(key.id) still opens something")
            await step.journal.note(.failed, summary: reason)
            scene.account.remove(key.id)
            scene.bench.advance(seconds: 10)
            guard case .waiting = try await step.observe() else {
                Issue.record("the first sight before the interruption must not count")
                return
            }
        }
    }

    @Test("A clock that was set back does not shorten the wait")
    func clockSetBack() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            scene.account.remove(scene.leaked[0].id)
            guard case .waiting(_, _, let facts) = try await step.observe() else { return }
            await step.journal.note(.waiting, facts: facts)
            scene.bench.advance(seconds: -86_400)
            guard case .waiting(_, let until, let next) = try await step.observe() else {
                Issue.record("refused once, by any clock")
                return
            }
            #expect(until == scene.bench.world.now() + 60)
            await step.journal.note(.waiting, facts: next)
            scene.bench.advance(seconds: 61)
            let evidence = try #require(try await step.observe().evidence)
            #expect(evidence.warnings.count == 1)
        }
    }

    @Test("What was only reduced is deleted for the proof, never what the secret holds")
    func deletesReduced() async throws {
        try await withScene { scene in
            let id = scene.leaked[0].id
            let step = try scene.rehearsal(Self.kind, ["seconds-apart": .number(1)])
            let preview = try await step.preview()
            #expect(preview.text.contains("delete the SendGrid key \(id)") && preview.irreversible.count == 1)
            guard case .waiting(_, _, _) = try await step.run() else {
                Issue.record("refused once is no proof")
                return
            }
            #expect(scene.ids == [])
            scene.bench.advance(seconds: 2)
            #expect(try await step.observe().evidence != nil)
        }
        try await withScene(secret: #"{"SENDGRID_API_KEY": "LEAKED"}"#) { scene in
            let step = try scene.rehearsal(Self.kind)
            await #expect(throws: StepFailure.self) { try await step.preview() }
            _ = try? await step.kind.apply(
                StepRun(record: step.journal.record, answers: Answers(), journal: step.journal, basis: ""))
            #expect(scene.ids == [scene.leaked[0].id])
        }
    }

    @Test("Killed at any write of the journal, and run again: the same end")
    func kills() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            try await withScene(leaks: 2) { scene in
                let step = try scene.rehearsal(Self.kind, ["seconds-apart": .number(1)], journal: journal)
                do { try await step.run() } catch is MemoryJournal.Killed {
                    await journal.revive()
                    try await step.run()
                }
                #expect(scene.ids == [])
                scene.bench.advance(seconds: 2)
                #expect(try await step.observe().evidence != nil)
                #expect(await journal.record.openIntents == [])
            }
        }
        #expect(kills == 8)
    }

    /// Ids are public: a made-up text with the id of a key that is good must not be the end of that key.
    @Test("A key whose leaked text was never let in is not deleted unless a person says so, and may be left")
    func madeUp() async throws {
        for choice in ["leave", "delete"] {
            try await withScene(leaks: 0) { scene in
                let billing = scene.account.add("billing mailer")
                var secret = Array(billing.text.split(separator: ".")[2])
                secret.reverse()
                scene.bench.advance(seconds: 1)
                try scene.bench.repository.write(
                    "old.env", "SENDGRID_API_KEY=SG.\(billing.id).\(String(secret))\n"
                ).commit("Add")
                let step = try scene.rehearsal(Self.kind, ["seconds-apart": .number(1)])
                #expect(try await step.observe().reason?.contains("whether it is that key's is not known") == true)
                let asked = try await step.preview()
                #expect(asked.irreversible.isEmpty)
                guard case .choice(let choices, nil)? = asked.questions.first?.kind else {
                    Issue.record("nothing must be suggested")
                    return
                }
                #expect(asked.questions.first?.isRequired == true && choices.map(\.id) == ["leave", "delete"])
                await #expect(throws: StepFailure.self) { try await step.apply(agreedTo: asked) }
                #expect(scene.ids == [billing.id])
                _ = try await step.run(["refused/\(billing.id)": .text(choice)])
                #expect(scene.ids == (choice == "leave" ? [billing.id] : []))
                scene.bench.advance(seconds: 2)
                let evidence = try #require(try await step.observe().evidence)
                #expect(evidence.facts.list("proved")?.first?.hasSuffix("404") == (choice == "delete"))
            }
        }
    }

    @Test("A key of another step's record that was reduced there needs no question")
    func reducedByRevoke() async throws {
        try await withScene { scene in
            let id = scene.leaked[0].id
            let revoke = MemoryJournal()
            let intent = try await revoke.intend("reduce-key/\(id)", Facts())
            try await revoke.effected(intent, Facts())
            var workbench = scene.workbench(admin: scene.adminKey)
            workbench.records = { $0 == "sendgrid-revoke" ? [await revoke.record] : [] }
            // The key exists, and the leaked text is refused.
            let text = scene.leaked[0].text
            scene.account.remove(id)
            scene.account.add("same id", text: String(text.dropLast(2)) + (text.hasSuffix("aa") ? "bb" : "aa"))
            let step = Rehearsal(try Bench.kind(Self.kind, on: workbench))
            let preview = try await step.preview()
            #expect(preview.questions.isEmpty && preview.irreversible.count == 1)
        }
    }
}
