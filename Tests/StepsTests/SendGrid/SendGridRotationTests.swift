// Regular rotation: a new key although the old one is good, and the end of the old one.

import Checklist
import Secrets
import Settings
import Stores
import TestServers
import Testing
import World

@testable import Steps

@Suite("Rotation of a SendGrid key", .serialized)
struct SendGridRotationTests {
    /// The three steps of one checklist, which know of each other.
    private struct Rotation {
        let scene: SendGridScene
        let create, revoke, proof: Rehearsal

        init(_ scene: SendGridScene, hasAdmin: Bool = true, kill: MemoryJournal? = nil) throws {
            let bench = scene.bench
            let journals = [
                "sendgrid-create-key": kill ?? MemoryJournal(now: { bench.world.now() }),
                "sendgrid-revoke": MemoryJournal(now: { bench.world.now() }),
                "sendgrid-proof": MemoryJournal(now: { bench.world.now() }),
            ]
            self = try Rotation(scene, hasAdmin: hasAdmin, journals)
        }

        private init(_ scene: SendGridScene, hasAdmin: Bool, _ journals: [String: MemoryJournal]) throws {
            self.scene = scene
            var workbench = scene.workbench(admin: hasAdmin ? scene.adminKey : nil)
            workbench.records = { kind in
                guard let journal = journals[kind] else { return [] }
                return [await journal.record]
            }
            let bench = workbench
            func rehearsal(_ kind: String, _ parameters: [String: SettingValue]) throws -> Rehearsal {
                Rehearsal(try Bench.kind(kind, parameters, on: bench), journals[kind] ?? MemoryJournal())
            }
            create = try rehearsal("sendgrid-create-key", ["rotate": .flag(true), "days": .number(90)])
            revoke = try rehearsal("sendgrid-revoke", ["which": .text("replaced")])
            proof = try rehearsal("sendgrid-proof", ["which": .text("replaced"), "seconds-apart": .number(5)])
        }

        /// The same steps for somebody who has no admin key.
        func withoutAdmin() throws -> Rotation {
            try Rotation(
                scene, hasAdmin: false,
                [
                    "sendgrid-create-key": create.journal, "sendgrid-revoke": revoke.journal,
                    "sendgrid-proof": proof.journal,
                ])
        }

        /// Goes through all of it.
        /// - Returns: the id of the new key.
        func run() async throws -> String {
            let evidence = try #require(try await create.run().evidence)
            #expect(try await revoke.run().evidence != nil)
            guard case .waiting = try await proof.run() else {
                Issue.record("dead once is no proof")
                return ""
            }
            scene.bench.advance(seconds: 6)
            let proved = try #require(try await proof.observe().evidence)
            await proof.journal.note(.verified, facts: proved.facts)
            return try #require(evidence.facts.text("key-id"))
        }
    }

    /// A scene in which nothing has leaked, and the secret holds a good key.
    private func withGoodKey(
        _ body: (SendGridScene, SendGridAccountKey) async throws -> Void
    ) async throws {
        try await withScene(leaks: 0, secret: nil) { scene in
            let old = scene.account.add("in use", scopes: ["mail.send"])
            try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(old.text)", "PORT": "8080"}"#)
            try await body(scene, old)
        }
    }

    @Test(
        "A good key is replaced, the old one deleted and proved dead; nothing else is touched, and nobody sees either")
    func whole() async throws {
        try await withGoodKey { scene, old in
            let bystander = scene.account.add("another service's")
            let rotation = try Rotation(scene)
            #expect(
                try await rotation.create.observe().reason
                    == "SENDGRID_API_KEY of fluxion/production holds the SendGrid key \(old.id), "
                    + "which has not been replaced yet")
            #expect(try await rotation.revoke.observe().reason == "no rotation has made a new SendGrid key yet")
            #expect(try await rotation.proof.observe().reason == "no rotation has made a new SendGrid key yet")

            let start = scene.bench.world.now()
            let preview = try await rotation.create.preview()
            #expect(preview.text.contains("removed: SENDGRID_API_KEY: SG.\(old.id).********"))
            let made = try #require(try await rotation.create.run().evidence)
            #expect(made.due == start + 90 * 86_400)
            let new = try #require(made.facts.text("key-id"))
            #expect(new != old.id)
            #expect(try await scene.storedKey()?.split(separator: ".")[1] == new[...])
            #expect(await rotation.create.journal.record.effects.last?.facts.list("replaces") == [old.id])
            // Until everybody has the new one, the old one works.
            #expect(scene.account.key(old.id) != nil)
            #expect(try await rotation.revoke.observe().reason == "the replaced SendGrid key \(old.id) is live")
            #expect(
                try await rotation.proof.observe().reason == "the replaced SendGrid key \(old.id) still opens something"
            )

            let deletion = try await rotation.revoke.preview()
            #expect(deletion.text.contains("delete the SendGrid key \(old.id)") && deletion.irreversible.count == 1)
            #expect(try await rotation.revoke.run().evidence?.facts.list("dead") == [old.id])
            #expect(Set(scene.ids) == [new, bystander.id])
            guard case .waiting(_, let until, _) = try await rotation.proof.run() else {
                Issue.record("dead once is no proof")
                return
            }
            #expect(until == scene.bench.world.now() + 5)
            let first = scene.bench.world.now()
            scene.bench.advance(seconds: 6)
            let proof = try #require(try await rotation.proof.observe().evidence)
            let second = scene.bench.world.now()
            #expect(
                proof.facts.list("proved") == ["\(old.id) HTTP 401 \(first.iso8601) HTTP 401 \(second.iso8601)"])
            var texts = [preview.text, deletion.text, proof.summary, made.summary]
            for step in [rotation.create, rotation.revoke, rotation.proof] { texts += await step.journal.texts }
            #expect(scene.leaks(into: texts) == [])
            #expect(!texts.contains { $0.contains(old.text.split(separator: ".")[2]) })
        }
    }

    @Test(
        "When the key is due, the next rotation begins: it ends the key before, and asks nobody about those long gone")
    func rounds() async throws {
        try await withGoodKey { scene, old in
            let rotation = try Rotation(scene)
            let second = try await rotation.run()
            scene.bench.advance(seconds: 91 * 86_400)
            let due = try #require(try await rotation.create.observe().evidence?.due)
            #expect(due < scene.bench.world.now())
            let third = try await rotation.run()
            #expect(scene.ids == [third] && third != second)
            let next = try #require(try await rotation.create.observe().evidence?.due)
            #expect(next > scene.bench.world.now())
            let effects = await rotation.create.journal.record.effects
            #expect(effects.map { $0.facts.list("replaces") } == [[old.id], [second]])
            #expect(await rotation.revoke.journal.record.last(.verified)?.facts.list("dead") == [old.id, second])
            let requests = scene.account.requests.count
            #expect(try await rotation.revoke.observe().evidence != nil)
            #expect(try await rotation.proof.observe().evidence != nil)
            #expect(scene.account.requests.count == requests)
        }
    }

    @Test("The key that the secret holds is never revoked, also when somebody has put the old one back")
    func putBack() async throws {
        try await withGoodKey { scene, old in
            let rotation = try Rotation(scene)
            try await rotation.create.run()
            let preview = try await rotation.revoke.preview()
            _ = try await scene.bench.vault.put(
                Bench.secret, SharedSecret(copying: #"{"SENDGRID_API_KEY": "\#(old.text)"}"#.utf8), stages: [],
                token: "00000000-0000-4000-8000-000000000001")
            await #expect(throws: StepFailure.self) { try await rotation.revoke.preview() }
            await #expect(throws: StepFailure.self) { try await rotation.revoke.apply(agreedTo: preview) }
            #expect(scene.account.key(old.id) != nil)
            #expect(
                try await rotation.revoke.observe().reason
                    == "SENDGRID_API_KEY of fluxion/production holds the replaced key \(old.id) again")
            #expect(try await rotation.create.observe().reason?.contains("not the key") == true)
        }
    }

    @Test("Without an admin key: the page and the id for the person, and the old key's own 401 as proof")
    func byHand() async throws {
        try await withGoodKey { scene, old in
            let rotation = try Rotation(scene, hasAdmin: false)
            let made = scene.account.add("by hand")
            let answers = ["sendgrid-new-key": Answer.secret(SharedSecret(copying: made.text.utf8))]
            #expect(try await rotation.create.run(answers).evidence?.facts.text("key-id") == made.id)
            let preview = try await rotation.revoke.preview()
            #expect(preview.changes.isEmpty && preview.byHand.joined().contains("whose API key id is \(old.id)"))
            scene.account.remove(old.id)
            #expect(try await rotation.revoke.observe().evidence?.facts.list("dead") == [old.id])
        }
    }

    @Test(
        "Where no version holds the old key any more, the account's 404 is the proof, and that is said; else nothing is"
    )
    func valueGone() async throws {
        try await withGoodKey { scene, old in
            let rotation = try Rotation(scene)
            // As if the secret had been made anew since: its versions know nothing of the old key.
            let intent = try await rotation.create.journal.intend(
                "create-key", ["name": "x", "replaces": ["AAAAAAAAAAAAAAAAAAAAAA"]])
            try await rotation.create.journal.effected(intent, ["key-id": .text(old.id)])
            #expect(try await rotation.revoke.observe().evidence?.facts.list("dead") == ["AAAAAAAAAAAAAAAAAAAAAA"])
            guard case .waiting = try await rotation.proof.run() else {
                Issue.record("gone once is no proof")
                return
            }
            scene.bench.advance(seconds: 6)
            let evidence = try #require(try await rotation.proof.observe().evidence)
            #expect(evidence.facts.list("proved")?.first?.contains(" HTTP 404 ") == true)
            #expect(evidence.warnings.count == 1 && evidence.warnings[0].contains("HTTP 404"))
            guard case .unknowable(_, let remedy) = try await rotation.withoutAdmin().proof.observe() else {
                Issue.record("nobody can know")
                return
            }
            #expect(remedy?.contains("SENDGRID_ADMIN_KEY") == true)
        }
    }

    @Test("Undo puts the old key back and deletes the new one; once the old one is dead, it refuses")
    func undo() async throws {
        try await withGoodKey { scene, old in
            let rotation = try Rotation(scene)
            try await rotation.create.run()
            try await rotation.create.undo()
            #expect(try await scene.storedKey() == old.text)
            #expect(scene.ids == [old.id])
            let new = try await rotation.run()
            await #expect(throws: StepFailure.self) { try await rotation.create.undo() }
            #expect(scene.ids == [new])
            #expect(try await scene.storedKey()?.contains(new) == true)
        }
    }

    @Test(
        "Killed at any write of the journal, and run again: one new key, and what it replaces is known")
    func kills() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            try await withGoodKey { scene, old in
                let rotation = try Rotation(scene, kill: journal)
                do { try await rotation.create.run() } catch is MemoryJournal.Killed {
                    await journal.revive()
                    // As the runner does: what is done, and written down, is not done again.
                    let hasOpen = await !journal.record.openIntents.isEmpty
                    let isDone = try await rotation.create.observe().evidence != nil
                    if hasOpen || !isDone { try await rotation.create.run() }
                }
                let new = scene.ids.filter { $0 != old.id }
                #expect(new.count == 1 && scene.account.key(old.id) != nil)
                #expect(try await scene.storedKey() == scene.account.keys.last?.text)
                let record = await journal.record
                #expect(record.openIntents == [])
                #expect(record.effects.map { $0.facts.text("key-id") } == [new.first])
                #expect(record.effects.last?.facts.list("replaces") == [old.id])
            }
        }
        #expect(kills == 4)
    }
}
