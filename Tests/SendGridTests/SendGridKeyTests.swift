// What can be told of a key from its text, and where SendGrid is.

import Secrets
import Testing
import World

@testable import SendGrid

@Suite("SendGrid's keys and hosts")
struct SendGridKeyTests {
    private static let id = String(repeating: "aZ9-_", count: 4) + "xy"
    private static let secret = String(repeating: "b", count: 43)

    @Test("The id stands in the key's text")
    func publicID() {
        #expect(SendGridKey.publicID(of: SharedSecret(copying: "SG.\(Self.id).\(Self.secret)".utf8)) == Self.id)
    }

    @Test(
        "Other texts have none",
        arguments: [
            "", "SG", "SG.", "SG..", "SG.\(id)", "SG.\(id).", "sg.\(id).\(secret)", "SG.\(id).\(secret)\n",
            "SG.\(id).\(secret).more", "SG.short.\(secret)", "SG.\(id).short", "SG.\(id)!.\(secret)",
            "SG_\(id).\(secret)",
        ])
    func none(text: String) {
        #expect(SendGridKey.publicID(of: SharedSecret(copying: text.utf8)) == nil)
    }

    @Test("Any bytes are taken without a crash")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            var bytes = Array("SG.\(Self.id).\(Self.secret)".utf8)
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
            let id = SendGridKey.publicID(of: SharedSecret(copying: bytes))
            if let id { #expect((20...24).contains(id.utf8.count)) }
        }
    }

    @Test("The environment may name another host: https, or this machine")
    func endpoint() throws {
        var world = World.real()
        world.environment = [:]
        #expect(try SendGridEndpoint.resolve(.global, in: world).authority == "api.sendgrid.com")
        #expect(try SendGridEndpoint.resolve(.eu, in: world).authority == "api.eu.sendgrid.com")
        world.environment[SendGridEndpoint.variable] = "http://127.0.0.1:8080"
        #expect(try SendGridEndpoint.resolve(.eu, in: world).authority == "127.0.0.1:8080")
        for bad in ["http://sendgrid.example", "ftp://127.0.0.1", "https://user:hush@host", "nonsense"] {
            world.environment[SendGridEndpoint.variable] = bad
            let failure = #expect(throws: SendGridEndpoint.Failure.self) {
                try SendGridEndpoint.resolve(.global, in: world)
            }
            #expect(failure?.reason.hasPrefix("MIGRATE_SENDGRID_URL cannot be used: ") == true)
            #expect(failure?.reason.contains("hush") == false)
        }
    }
}
