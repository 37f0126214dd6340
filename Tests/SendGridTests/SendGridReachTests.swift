// A SendGrid that cannot be reached costs little, and the same trouble is not gone through twice.

import HTTP
import Secrets
import Synchronization
import TestServers
import Testing
import World

@testable import SendGrid

@Suite("SendGrid that is out of reach")
struct SendGridReachTests {
    @Test("is tried once more after a moment, and then not at all by others who know of it")
    func shared() async throws {
        try await OnDouble.run { scene in
            let reach = SendGridReach()
            var clients = [try scene.client(), try scene.client("SG.another")]
            for index in clients.indices { clients[index].reach = reach }
            await scene.double.stop()

            let first = await #expect(throws: SendGridError.self) { try await clients[0].keys() }
            #expect(first?.kind == .unreachable && first?.attempts == 2)
            #expect(scene.waits.withLock(\.count) == 1)
            #expect(scene.waits.withLock { $0.allSatisfy { $0 <= 0.2 } })

            let second = await #expect(throws: SendGridError.self) { try await clients[1].keys() }
            #expect(second?.kind == .unreachable && second?.attempts == 0)
            #expect(second?.message == first?.message && first?.message.isEmpty == false)
            let liveness = try await clients[1].liveness()
            #expect(liveness.isLive == nil, "nothing is known, and nothing is called dead")
        }
    }

    @Test("is looked for again after half a minute, by a clock that was set back too", arguments: [31.0, -31])
    func memory(seconds: Double) {
        let reach = SendGridReach()
        let now = Instant(seconds: 1_763_974_743)
        reach.lost("api.sendgrid.com", reason: "nothing listens there", at: now)
        #expect(reach.loss(of: "api.sendgrid.com", now: now + 29) == "nothing listens there")
        #expect(reach.loss(of: "api.eu.sendgrid.com", now: now) == nil)
        #expect(reach.loss(of: "api.sendgrid.com", now: now + seconds) == nil)
    }

    @Test("and that answers again is no longer out of reach")
    func back() async throws {
        try await OnDouble.run { scene in
            let reach = SendGridReach()
            var client = try scene.client()
            client.reach = reach
            let now = World.real().now()
            reach.lost(client.place, reason: "nothing listens there", at: now + -60)
            #expect(try await client.keys().count == 1)
            #expect(reach.loss(of: client.place, now: now + -60) == nil)
        }
    }
}
