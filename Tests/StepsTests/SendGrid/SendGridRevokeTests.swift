// The step that revokes the SendGrid keys that leaked.

import Checklist
import Secrets
import Settings
import TestServers
import Testing
import World

@testable import Steps

@Suite("sendgrid-revoke", .serialized)
struct SendGridRevokeTests {
    private static let kind = "sendgrid-revoke"

    private static func all(_ how: String, _ scene: SendGridScene) -> [String: Answer] {
        Dictionary(uniqueKeysWithValues: scene.leaked.map { ("how/\($0.id)", Answer.text(how)) })
    }

    @Test("deletes exactly the keys that leaked, after showing their names and scopes, and waits until they are dead")
    func deletes() async throws {
        try await withScene(leaks: 2) { scene in
            scene.account.setPropagationDelay(seconds: 90)
            let other = scene.account.add("another application")
            let step = try scene.rehearsal(Self.kind)
            #expect(try await step.observe().reason?.contains("and 1 more is live") == true)
            let asked = try await step.preview()
            #expect(asked.questions.map(\.id) == scene.leaked.map { "how/\($0.id)" })
            #expect(asked.text.contains("name: production") && asked.text.contains("scopes: mail.send, alerts.read"))
            let answers = Self.all("delete", scene)
            let preview = try await step.preview(answers)
            #expect(preview.questions.isEmpty && preview.irreversible.count == 2)

            guard case .waiting(_, let until, _) = try await step.run(answers) else {
                Issue.record("a deleted key that is still let in is a matter of waiting")
                return
            }
            #expect(try #require(until) > scene.bench.world.now())
            #expect(scene.ids == [other.id])
            scene.bench.advance(seconds: 100)
            let evidence = try #require(try await step.observe().evidence)
            #expect(evidence.facts.list("dead") == scene.leaked.map(\.id))
            #expect(scene.leaks(into: await step.journal.texts + [preview.text, asked.text]) == [])
            #expect(await step.journal.record.effects.first?.facts.text("name")?.hasPrefix("production") == true)
            #expect(try await step.kind.undoPreview(step.journal.record).cannot.count == 2)
        }
    }

    @Test("Never the key that the secret holds, under whatever name it holds it")
    func held() async throws {
        for secret in [
            #"{"SENDGRID_API_KEY": "LEAKED"}"#, #"{"MAIL_KEY": " LEAKED\n"}"#,
            #"{"SMTP_URL": "smtp://apikey:LEAKED@smtp.sendgrid.net:587"}"#, #"{"AUTHORIZATION": "Bearer LEAKED"}"#,
            #"{"MAIL": {"sendgrid": {"key": "LEAKED"}}}"#,
        ] {
            try await withScene(secret: secret) { scene in
                let step = try scene.rehearsal(Self.kind)
                #expect(try await step.observe().reason?.contains("still holds the leaked key") == true)
                let failure = await #expect(throws: StepFailure.self) { try await step.preview() }
                #expect(failure?.kind == .refused)
                try await step.kind.apply(
                    StepRun(
                        record: step.journal.record, answers: Answers(Self.all("delete", scene)),
                        journal: step.journal, basis: ""))
                #expect(scene.ids == scene.leaked.map(\.id))
                #expect(!scene.account.lines.contains { $0.hasPrefix("DELETE") })
            }
        }
    }

    @Test("Of two that leaked, the one that the secret holds is left, and named")
    func partlyHeld() async throws {
        try await withScene(leaks: 2, secret: #"{"SENDGRID_API_KEY": "LEAKED"}"#) { scene in
            let step = try scene.rehearsal(Self.kind)
            let answers = ["how/\(scene.leaked[1].id)": Answer.text("delete")]
            #expect(try await step.preview(answers).byHand.joined().contains(scene.leaked[0].id))
            #expect(try await step.run(answers).reason?.contains(scene.leaked[0].id) == true)
            #expect(scene.ids == [scene.leaked[0].id])
        }
    }

    @Test("A key that got into the secret after the preview is not deleted")
    func storedMeanwhile() async throws {
        try await withScene(secret: nil) { scene in
            let step = try scene.rehearsal(Self.kind)
            let answers = Self.all("delete", scene)
            let preview = try await step.preview(answers)
            try await scene.bench.storeSecret(#"{"SENDGRID_API_KEY": "\#(scene.leaked[0].text)"}"#)
            _ = try? await step.apply(answers, agreedTo: preview)
            #expect(scene.ids == [scene.leaked[0].id])
        }
    }

    @Test("A key can be reduced instead, and given its permissions back")
    func reduces() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            let id = scene.leaked[0].id
            let evidence = try #require(try await step.run(Self.all("reduce", scene)).evidence)
            #expect(evidence.facts.list("reduced") == [id])
            #expect(scene.account.key(id)?.scopes == ["user.timezone.read"])
            #expect(scene.account.key(id)?.name == "production 0")
            // Somebody gives it back its permissions by hand: it is live.
            try await step.undo()
            #expect(scene.account.key(id)?.scopes == ["mail.send", "alerts.read"])
            #expect(try await step.observe().reason?.contains("is live") == true)
        }
    }

    @Test("Without an admin key: the page and the id; the same proof when it was done by hand")
    func byHand() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind, hasAdmin: false)
            let preview = try await step.preview()
            let id = scene.leaked[0].id
            #expect(preview.changes.isEmpty)
            #expect(
                preview.byHand == [
                    "open https://app.sendgrid.com/settings/api_keys and delete the key whose API key id is \(id) "
                        + "(it stands in backend/.env.0)"
                ])
            scene.account.remove(id)
            #expect(try await step.observe().evidence?.facts.list("dead") == [id])
        }
    }

    @Test("An admin key without permission is one clear line, and nothing is deleted")
    func forbidden() async throws {
        try await withScene { scene in
            let reader = scene.account.add("reader", scopes: ["api_keys.read"])
            let step = Rehearsal(try Bench.kind(Self.kind, on: scene.workbench(admin: reader.text)))
            let failure = await #expect(throws: StepFailure.self) {
                try await step.preview(Self.all("delete", scene))
            }
            #expect(failure?.reason == "the SendGrid admin key may not delete a key: it lacks api_keys.delete")
            #expect(scene.account.key(scene.leaked[0].id) != nil)
        }
    }

    @Test("An answer that tells nothing is no death")
    func unknown() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            scene.account.failNext(.status(500), times: 4)
            guard case .unknowable(let reason, _) = try await step.observe() else {
                Issue.record("HTTP 500 tells nothing of the key")
                return
            }
            #expect(reason.contains("HTTP 500"))
            scene.account.failNext(.html)
            guard case .unknowable = try await step.observe() else {
                Issue.record("a web page tells nothing of the key")
                return
            }
        }
    }

    @Test("A key that stands only in files that git does not have has not leaked")
    func untracked() async throws {
        try await withScene(leaks: 0) { scene in
            let key = scene.account.add("fresh")
            try scene.bench.repository.write("local.env", "SENDGRID_API_KEY=\(key.text)\n")
            let step = try scene.rehearsal(Self.kind)
            #expect(try await step.observe().evidence != nil)
        }
    }

    @Test("Killed at any write of the journal, and run again: the same end", arguments: ["delete", "reduce"])
    func kills(how: String) async throws {
        let kills = try await Rehearsal.withEveryKill { journal in
            try await withScene(leaks: 2) { scene in
                let step = try scene.rehearsal(Self.kind, journal: journal)
                do { try await step.run(Self.all(how, scene)) } catch is MemoryJournal.Killed {
                    await journal.revive()
                    try await step.run(Self.all(how, scene))
                }
                #expect(try await step.observe().evidence != nil)
                #expect(scene.ids.count == (how == "delete" ? 0 : 2))
                #expect(await journal.record.openIntents == [])
                #expect(await journal.record.effects.count == 2)
                // What was there before can be given back, whenever the run died.
                let scopes = await journal.record.effects.compactMap { $0.facts.list("scopes") }
                #expect(scopes == [["mail.send", "alerts.read"], ["mail.send", "alerts.read"]])
            }
        }
        #expect(kills == 8)
    }

    @Test(
        "Every remote call lost before or after it took effect, then run again: the same end",
        arguments: 1...9, [SendGridFault.closeBefore, .closeAfter, .status(500), .status(403)])
    func faults(number: Int, fault: SendGridFault) async throws {
        try await withScene { scene in
            let other = scene.account.add("another application")
            let step = try scene.rehearsal(Self.kind)
            scene.account.fail(request: number, fault)
            var tries = 0
            while tries < 3 {
                tries += 1
                do {
                    try await step.run(Self.all("delete", scene))
                    if try await step.observe().evidence != nil { break }
                } catch is StepFailure {}
            }
            #expect(scene.ids == [other.id])
            scene.account.removeFaults()
            #expect(try await step.observe().evidence != nil)
        }
    }

    @Test("An admin key of another account knows nothing of a live key: that is no deletion")
    func otherAccount() async throws {
        try await withScene { scene in
            try await withScene(leaks: 0) { other in
                let id = scene.leaked[0].id
                let workbench = scene.workbench(admin: other.adminKey)
                let client = workbench.sendGrid
                let foreign = other.workbench(admin: nil).sendGrid
                var mixed = workbench
                let admin = SharedSecret(copying: other.adminKey.utf8)
                mixed.sendGrid = { key in key.isSame(as: admin) ? try foreign(key) : try client(key) }
                let step = Rehearsal(try Bench.kind(Self.kind, on: mixed))
                let reason = "the leaked SendGrid key \(id) is live, and unknown to the account of the admin key"
                guard case .unsatisfied(reason) = try await step.observe() else {
                    Issue.record("a live key is not done")
                    return
                }
                let preview = try await step.preview(Self.all("delete", scene))
                #expect(preview.changes.isEmpty && preview.byHand.joined().contains(id))
            }
        }
    }

    @Test("Undo gives permissions to no key that did not leak, or that has others than it was left with")
    func undoForged() async throws {
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            let billing = scene.account.add("billing", scopes: ["user.timezone.read"])
            let intent = try await step.journal.intend(
                "reduce-key/\(billing.id)", ["scopes": .list(["api_keys.create"])])
            try await step.journal.effected(intent, ["http-status": 200])
            let shown = await #expect(throws: StepFailure.self) {
                try await step.kind.undoPreview(await step.journal.record)
            }
            #expect(shown?.kind == .refused)
            await #expect(throws: StepFailure.self) { try await step.undo() }
            #expect(scene.account.key(billing.id)?.scopes == ["user.timezone.read"])
        }
        try await withScene { scene in
            let step = try scene.rehearsal(Self.kind)
            let scopes = (0..<9).map { "scope.\($0)" }
            let intent = try await step.journal.intend("reduce-key/\(scene.leaked[0].id)", ["scopes": .list(scopes)])
            try await step.journal.effected(intent, ["http-status": 200])
            await #expect(throws: StepFailure.self) { try await step.undo() }
            #expect(scene.account.key(scene.leaked[0].id)?.scopes == ["mail.send", "alerts.read"])
            scene.account.remove(scene.leaked[0].id)
            scene.account.add("reduced", scopes: ["user.timezone.read"], text: scene.leaked[0].text)
            let preview = try await step.kind.undoPreview(await step.journal.record)
            #expect(scopes.allSatisfy { preview.text.contains($0) })
        }
    }
}
