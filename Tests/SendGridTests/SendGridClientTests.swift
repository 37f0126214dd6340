// The client, on a real HTTP server that plays SendGrid.

import HTTP
import Secrets
import Synchronization
import TestServers
import Testing
import World

@testable import SendGrid

@Suite("SendGrid's client")
struct SendGridClientTests {
    @Test("makes, lists, reads, changes and deletes a key; the answer's list form and plain form read alike")
    func life() async throws {
        try await OnDouble.run { scene in
            let client = try scene.client()
            let made = try await client.createKey("mail", scopes: ["mail.send"])
            #expect(made.key.textForTest == scene.double.keys.last?.text)
            #expect(SendGridKey.publicID(of: made.key) == made.id)
            #expect(try await client.keys().map(\.name) == ["admin", "mail"])
            #expect(try await client.key(made.id) == KeyDetail(id: made.id, name: "mail", scopes: ["mail.send"]))
            scene.double.setAnswersWithList(false)
            #expect(try await client.key(made.id)?.scopes == ["mail.send"])
            try await client.setScopes(made.id, name: "mail", scopes: ["alerts.read"])
            #expect(try await scene.client(made.key.textForTest).scopes() == ["alerts.read"])
            #expect(try await client.deleteKey(made.id))
            #expect(try await client.deleteKey(made.id) == false)
            #expect(try await client.key(made.id) == nil)
            let failure = await #expect(throws: SendGridError.self) {
                try await client.setScopes(made.id, name: "mail", scopes: ["alerts.read"])
            }
            #expect(failure?.kind == .notFound && failure?.keyID == made.id)
        }
    }

    @Test("A key without scopes would be one with all: it is not asked for")
    func noScopes() async throws {
        try await OnDouble.run { scene in
            await #expect(throws: SendGridError.self) { try await scene.client().createKey("all", scopes: []) }
            #expect(scene.double.requests.isEmpty)
        }
    }

    @Test("tells what a key is: live, scoped, dead, or unknown")
    func liveness() async throws {
        try await OnDouble.run { scene in
            let mail = scene.double.add("mail")
            let shy = scene.double.add("shy", mayReadScopes: false)
            #expect(try await scene.client(mail.text).liveness() == .live(scopes: ["mail.send"]))
            #expect(try await scene.client(shy.text).liveness() == .scoped)
            scene.double.setPropagationDelay(requests: 1)
            try await scene.client().deleteKey(mail.id)
            #expect(try await scene.client(mail.text).liveness().isLive == true)
            #expect(try await scene.client(mail.text).liveness() == .dead)
            let other = scene.double.add("other")
            for fault in [SendGridFault.html, .status(404), .status(418), .halfJSON] {
                scene.double.failNext(fault)
                #expect(try await scene.client(other.text).liveness().isLive == nil)
            }
            #expect(try await scene.client("SG.with a space").liveness().isLive == nil)
        }
    }

    @Test("A key that another region knows is not dead")
    func elsewhere() async throws {
        try await OnDouble.run { here in
            try await OnDouble.run { there in
                let key = there.double.add("european")
                let other = try SendGridEndpoint(there.double.url)
                #expect(try await here.client(key.text).liveness() == .dead)
                let found = try await here.client(key.text, elsewhere: other).liveness()
                #expect(found == .elsewhere(host: other.authority))
                there.double.remove(key.id)
                #expect(try await here.client(key.text, elsewhere: other).liveness() == .dead)
                // A host that does not answer tells nothing; whoever has named the region needs no second word.
                there.double.add("back again", text: key.text)
                for fault in [SendGridFault.status(500), .status(403), .html, .closeBefore] {
                    there.double.failNext(fault, times: 4)
                    #expect(try await here.client(key.text, elsewhere: other).liveness() != .dead)
                    there.double.removeFaults()
                }
                there.double.failNext(.status(500), times: 4)
                var client = try here.client(key.text, elsewhere: other)
                client.isRegionCertain = true
                #expect(try await client.liveness() == .dead)
            }
        }
    }

    @Test("What may be done twice is tried again, with growing waits; a fourth failure is the last")
    func retries() async throws {
        try await OnDouble.run { scene in
            for fault in [SendGridFault.closeBefore, .status(500), .status(503), .closeAfter, .status(429)] {
                scene.double.failNext(fault, times: 3)
                let keys = try await scene.client().keys()
                #expect(keys.count == 1)
            }
            scene.double.failNext(.status(503, "over capacity"), times: 4)
            let failure = await #expect(throws: SendGridError.self) { try await scene.client().keys() }
            #expect(failure?.kind == .serverFault && failure?.status == 503 && failure?.attempts == 4)
            #expect(failure?.message == "over capacity")
            let waits = scene.waits.withLock { $0 }
            #expect(waits.allSatisfy { (0.25...60).contains($0) })
        }
    }

    @Test("429 is waited for as SendGrid asks, up to a minute; more than that is for another time")
    func throttled() async throws {
        try await OnDouble.run { scene in
            scene.double.failNext(.status(429, headers: [("Retry-After", "7")]))
            _ = try await scene.client().keys()
            #expect(scene.waits.withLock { $0 } == [7])
            scene.double.failNext(.status(429, headers: [("Retry-After", "3600")]))
            let failure = await #expect(throws: SendGridError.self) { try await scene.client().keys() }
            #expect(failure?.kind == .throttled && failure?.retryAfter == 3600)
            // A clock of SendGrid's that is far from ours does no harm: the reset counts from its own.
            scene.double.setClock { 4_000_000_000 }
            scene.double.failNext(.status(429, headers: [("X-RateLimit-Reset", "4000000009")]))
            _ = try await scene.client().keys()
            #expect(scene.waits.withLock { $0.last } == 9)
        }
    }

    @Test(
        "Making a key is never sent twice once it may have arrived",
        arguments: [
            SendGridFault.closeAfter, .closeMidBody, .halfJSON, .status(500), .html,
        ])
    func creation(fault: SendGridFault) async throws {
        try await OnDouble.run { scene in
            scene.double.failNext(fault)
            let failure = await #expect(throws: SendGridError.self) {
                try await scene.client().createKey("mail", scopes: ["mail.send"])
            }
            #expect(failure?.kind == .lostAnswer || (failure?.kind == .unexpectedAnswer))
            #expect(scene.double.lines == ["POST /v3/api_keys"])
        }
    }

    @Test("Errors say what the key may not do, and hold no part of it")
    func errors() async throws {
        try await OnDouble.run { scene in
            let mail = scene.double.add("mail")
            let failure = await #expect(throws: SendGridError.self) {
                try await scene.client(mail.text).createKey("more", scopes: ["mail.send"])
            }
            #expect(failure?.kind == .forbidden && failure?.operation.permission == "api_keys.create")
            for number in 0..<98 { scene.double.add("key \(number)") }
            let limit = await #expect(throws: SendGridError.self) {
                try await scene.client().createKey("more", scopes: ["mail.send"])
            }
            #expect(limit?.kind == .keyLimit)
            // A server that repeats the key in its message is not quoted; nor are its line ends.
            scene.double.failNext(.status(400, "bad key \(scene.double.adminKey.text)"))
            let echo = await #expect(throws: SendGridError.self) { try await scene.client().keys() }
            #expect(echo?.message == "")
            scene.double.failNext(.status(400, "two\nlines\u{1B}[31m"))
            let lines = await #expect(throws: SendGridError.self) { try await scene.client().keys() }
            #expect(lines?.message == "two lines [31m")
        }
    }

    @Test("The key goes into one header, and nowhere else")
    func privacy() async throws {
        try await OnDouble.run { scene in
            let client = try scene.client()
            _ = try await client.createKey("mail", scopes: ["mail.send"])
            _ = try await client.keys()
            #expect(!"\(client)".contains(scene.double.adminKey.text))
            for recorded in scene.double.requests {
                let holding = recorded.request.headers.filter { $0.value.contains(scene.double.adminKey.text) }
                #expect(holding.map { $0.name.lowercased() } == ["authorization"])
                #expect(!recorded.request.path.contains("SG."))
            }
        }
    }
}
