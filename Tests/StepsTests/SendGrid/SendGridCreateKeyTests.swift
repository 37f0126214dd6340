// The step that makes a new SendGrid key.

import Checklist
import Secrets
import Settings
import TestServers
import Testing

@testable import Steps

@Suite("sendgrid-create-key", .serialized)
struct SendGridCreateKeyTests {
    private static let kind = "sendgrid-create-key"

    @Test("makes a key of least privilege and puts it into the secret, beside what is there; nobody sees it")
    func makes() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind, ["name": .text("fluxion mail")])
            #expect(try await step.observe().reason == "fluxion/production has no SENDGRID_API_KEY yet")
            let preview = try await step.preview()
            #expect(preview.questions.isEmpty)
            #expect(preview.text.contains("scopes: mail.send"))
            let evidence = try #require(try await step.run().evidence)

            let made = try #require(scene.account.keys.last)
            #expect(made.scopes == ["mail.send"])
            #expect(made.name.hasPrefix("fluxion mail ") && made.name.count == 21)
            #expect(try await scene.storedKey() == made.text)
            #expect(try await scene.bench.storedText().hasPrefix(#"{"PORT": "8080","#))
            #expect(evidence.facts.text("key-id") == made.id)
            #expect(evidence.facts.number("http-status") == 200)
            #expect(scene.leaks(into: await step.journal.texts + [preview.text, evidence.summary]) == [])
            #expect(await step.journal.record.openIntents == [])
        }
    }

    @Test("The leaked key in the secret does not count, and is shown by its public id only")
    func replacesLeaked() async throws {
        try await withScene(secret: #"{"SENDGRID_API_KEY": "LEAKED", "A": 1}"#) { scene in
            let step = try scene.rehearsal(Self.kind)
            let id = scene.leaked[0].id
            #expect(
                try await step.observe().reason
                    == "SENDGRID_API_KEY of fluxion/production still holds the leaked key \(id)")
            let preview = try await step.preview()
            #expect(preview.text.contains("removed: SENDGRID_API_KEY: SG.\(id).********"))
            #expect(try await step.run().evidence != nil)
            #expect(try await scene.storedKey() == scene.account.keys.last?.text)
            // The old one lives on: to revoke it is another step's.
            #expect(scene.account.key(id) != nil)
        }
    }

    @Test("A key that somebody else has stored is good enough, if SendGrid knows it and it may send")
    func foreignKey() async throws {
        try await withScene(secret: nil) { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            #expect(try await step.observe().reason == "there is no secret fluxion/production yet")
            await #expect(throws: StepFailure.self) { try await step.preview() }
            let good = scene.account.add("by hand", scopes: ["mail.send", "2fa_required"])
            try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(good.text)"}"#)
            #expect(try await step.observe().evidence?.warnings == [])
        }
        try await withScene(secret: nil) { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            let other = scene.account.add("reads", scopes: ["alerts.read"])
            try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(other.text)"}"#)
            #expect(try await step.observe().reason == "the SendGrid key \(other.id) lacks mail.send")
            scene.account.remove(other.id)
            #expect(try await step.observe().reason?.contains("(HTTP 401)") == true)
        }
    }

    @Test("Without an admin key: the exact page, and the key that was made by hand goes straight into the secret")
    func byHand() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            let preview = try await step.preview()
            #expect(preview.changes.isEmpty)
            #expect(preview.questions.map(\.id) == ["sendgrid-admin-key", "sendgrid-new-key"])
            #expect(preview.questions.allSatisfy { !$0.isRequired && $0.kind == .secret })
            #expect(preview.byHand.joined().contains("https://app.sendgrid.com/settings/api_keys"))

            for bad in [
                "SG.short", scene.leaked[0].text,
                "SG." + String(repeating: "a", count: 22) + "." + String(repeating: "b", count: 43),
            ] {
                let answers = ["sendgrid-new-key": Answer.secret(SharedSecret(copying: bad.utf8))]
                await #expect(throws: StepFailure.self) { try await step.preview(answers) }
            }
            let made = scene.account.add("by hand")
            let answers = ["sendgrid-new-key": Answer.secret(SharedSecret(copying: (made.text + "\n").utf8))]
            #expect(try await step.run(answers).evidence?.facts.text("key-id") == made.id)
            #expect(try await scene.storedKey() == made.text)
            #expect(scene.leaks(into: await step.journal.texts) == [])
            // Taking it back leaves the key, which the person may use elsewhere.
            #expect(try await step.kind.undoPreview(step.journal.record).text.contains("made by hand and stays"))
            try await step.undo()
            #expect(try await scene.storedKey() == nil)
            #expect(scene.account.key(made.id) != nil)
        }
    }

    @Test("The admin key may come from a question as well")
    func askedAdmin() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            let answers = ["sendgrid-admin-key": Answer.secret(SharedSecret(copying: scene.adminKey.utf8))]
            #expect(try await step.run(answers).evidence != nil)
        }
    }

    @Test("An admin key that may not make keys, or is unknown, is refused before anything is done")
    func weakAdmin() async throws {
        try await withScene { scene in
            let weak = scene.account.add("mail only")
            let gone = scene.account.add("gone")
            scene.account.remove(gone.id)
            for (key, word) in [(weak, "lacks api_keys.create"), (gone, "HTTP 401")] {
                let step = Rehearsal(try Bench.kind(Self.kind, on: scene.workbench(admin: key.text)))
                let failure = await #expect(throws: StepFailure.self) { try await step.preview() }
                #expect(failure?.reason.contains(word) == true)
                #expect(failure?.kind == .refused)
            }
            #expect(!scene.account.lines.contains("POST /v3/api_keys"))
        }
    }

    @Test("100 keys: one clear line, and nothing is announced as done")
    func limit() async throws {
        try await withScene { scene in
            for number in 0..<98 { scene.account.add("key \(number)") }
            let step = try scene.rehearsal(Self.kind)
            let preview = try await step.preview()
            let failure = await #expect(throws: StepFailure.self) { try await step.apply(agreedTo: preview) }
            #expect(failure?.reason.contains("its 100 keys") == true)
            #expect(try await scene.storedKey() == nil)
        }
    }

    @Test("Undo deletes the key that was made, after putting back what the secret had")
    func undo() async throws {
        try await withScene(secret: nil) { scene in
            let old = scene.account.add("reads", scopes: ["alerts.read"])
            try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(old.text)", "A": 1}"#)
            let before = try await scene.bench.storedText()
            let step = try scene.rehearsal(Self.kind)
            try await step.run()
            let made = try #require(scene.account.keys.last)
            let preview = try await step.kind.undoPreview(await step.journal.record)
            #expect(preview.text.contains("delete the SendGrid key \(made.id)"))
            #expect(preview.text.contains("never comes back"))
            try await step.undo()
            #expect(scene.account.key(made.id) == nil)
            #expect(try await scene.bench.storedText() == before)
        }
    }

    @Test("Undo does not delete a key that somebody has given another name")
    func undoRenamed() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            try await step.run()
            let made = try #require(scene.account.keys.last)
            scene.account.remove(made.id)
            scene.account.add("somebody else's", text: made.text)
            await #expect(throws: StepFailure.self) { try await step.undo() }
            #expect(scene.account.key(made.id) != nil)
        }
    }

    @Test("Killed at any write of the journal, and run again: one new key, in the secret, and no other")
    func kills() async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            try await withScene { scene in
                let step = try scene.rehearsal(Self.kind, journal: journal)
                do { try await step.run() } catch is MemoryJournal.Killed {
                    await journal.revive()
                    // As the runner does: what is done, and written down, is not done again.
                    let hasOpen = await !journal.record.openIntents.isEmpty
                    let isDone = try await step.observe().evidence != nil
                    if hasOpen || !isDone {
                        try await step.run()
                    }
                }
                let new = scene.ids.filter { id in !scene.leaked.contains { $0.id == id } }
                #expect(new.count == 1)
                #expect(try await scene.storedKey() == scene.account.keys.last?.text)
                #expect(await journal.record.openIntents == [])
                #expect(await journal.record.effects.last?.facts.text("key-id") == new.first)
                #expect(scene.leaks(into: await journal.texts) == [])
            }
        }
        #expect(kills == 4)
    }

    /// Each request of a whole run, met by each fault; the run may fail, and the next one ends the same.
    @Test(
        "Every remote call lost before or after it took effect, then run again: one new key",
        arguments: 1...6, [SendGridFault.closeBefore, .closeAfter, .halfJSON, .status(500), .status(429)])
    func faults(number: Int, fault: SendGridFault) async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            scene.account.fail(request: number, fault)
            do { try await step.run() } catch is StepFailure {
                try await step.run()
            }
            let new = scene.ids.filter { id in !scene.leaked.contains { $0.id == id } }
            #expect(new.count == 1)
            #expect(try await scene.storedKey() == scene.account.keys.last?.text)
            // A fault that no request of the run has met is not for the check.
            scene.account.removeFaults()
            #expect(try await step.observe().evidence != nil)
            #expect(await step.journal.record.openIntents == [])
        }
    }

    @Test(
        "A run that died between making and storing leaves a key that nobody can use: the next one shows and deletes it"
    )
    func orphan() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            let intent = try await step.journal.intend("create-key", ["name": "fluxion/production"])
            let made = try #require(step.kind as? SendGridCreateKeyStep)
            let orphan = scene.account.add("fluxion/production " + (try made.suffix(of: intent)))
            // What a state file that was made up could point to: its token is anybody's.
            let forged = scene.account.add("fluxion/production " + intent.token.prefix(8))
            let bystander = scene.account.add("fluxion/production 00000000")
            let preview = try await step.preview()
            #expect(preview.text.contains("delete the SendGrid key \(orphan.id)"))
            #expect(!preview.text.contains(forged.id))
            try await step.run()
            #expect(scene.account.key(orphan.id) == nil)
            #expect(scene.account.key(bystander.id) != nil)
            #expect(scene.account.key(forged.id) != nil)
            #expect(scene.account.keys.count == 5)
        }
    }

    @Test("Undo puts no dead key, and none that leaked, back over one that works")
    func undoOverWorking() async throws {
        for leaks in [true, false] {
            try await withScene(secret: nil) { scene in
                let old = leaks ? scene.leaked[0] : scene.account.add("old", scopes: ["alerts.read"])
                try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(old.text)"}"#)
                let step = try scene.rehearsal(Self.kind)
                try await step.run()
                let made = try #require(scene.account.keys.last)
                if !leaks { scene.account.remove(old.id) }
                let shown = await #expect(throws: StepFailure.self) {
                    try await step.kind.undoPreview(await step.journal.record)
                }
                #expect(shown?.kind == .refused)
                #expect(shown?.reason.contains(leaks ? "has leaked" : "is dead") == true)
                await #expect(throws: StepFailure.self) { try await step.undo() }
                #expect(scene.account.key(made.id) != nil)
                #expect(try await scene.storedKey() == made.text)
            }
        }
    }
}
