// Several steps look at the same keys: SendGrid is asked about each once, and again whenever that matters.

import Checklist
import HTTP
import Secrets
import SendGrid
import Settings
import Synchronization
import TestServers
import Testing
import World

@testable import Steps

@Suite("What SendGrid has said of keys", .serialized)
struct LivenessMemoTests {
    private static func workbench(_ scene: SendGridScene) -> Workbench {
        var workbench = scene.workbench(admin: nil)
        workbench.livenesses = LivenessMemo()
        return workbench
    }

    private static func asked(_ scene: SendGridScene) -> Int {
        scene.account.lines.count { $0 == "GET /v3/scopes" }
    }

    @Test("is asked once for all steps, side by side or one after the other")
    func once() async throws {
        try await withScene(leaks: 3) { scene in
            let workbench = Self.workbench(scene)
            let kinds = try ["sendgrid-revoke", "sendgrid-proof", "history"].map { try Bench.kind($0, on: workbench) }
            await withTaskGroup(of: Void.self) { group in
                for kind in kinds { group.addTask { _ = try? await kind.observe(StepRecord()) } }
            }
            for kind in kinds {
                guard case .unsatisfied = try await kind.observe(StepRecord()) else {
                    Issue.record("the keys are live")
                    return
                }
            }
            #expect(Self.asked(scene) == 3)
            // Somebody revokes one by hand: it is seen as soon as something was changed, or a while has passed.
            scene.account.remove(scene.leaked[0].id)
            await workbench.livenesses?.forget()
            _ = try await kinds[0].observe(StepRecord())
            #expect(Self.asked(scene) == 6)
            scene.bench.advance(seconds: LivenessMemo.memory + 1)
            _ = try await kinds[1].observe(StepRecord())
            #expect(Self.asked(scene) == 9)
        }
    }

    @Test("is asked anew for the second half of a proof, however near to another step's question")
    func proof() async throws {
        try await withScene { scene in
            let workbench = Self.workbench(scene)
            let journal = MemoryJournal(now: { scene.bench.world.now() })
            let step = Rehearsal(
                try Bench.kind("sendgrid-proof", ["seconds-apart": .number(2)], on: workbench), journal)
            let revoke = try Bench.kind("sendgrid-revoke", on: workbench)
            scene.account.remove(scene.leaked[0].id)
            guard case .waiting(_, _, let facts) = try await step.observe() else {
                Issue.record("refused once is no proof")
                return
            }
            await journal.note(.waiting, facts: facts)
            scene.bench.advance(seconds: 1)
            _ = try await revoke.observe(StepRecord())
            #expect(Self.asked(scene) == 1)
            scene.bench.advance(seconds: 1)
            // It opens again: an answer from before must not count as the second refusal.
            scene.account.add("back again", text: scene.leaked[0].text)
            #expect(try await step.observe().reason?.contains("still opens something") == true)
            #expect(Self.asked(scene) == 2)
        }
    }

    @Test("is asked anew when keys are revoked, right before")
    func beforeRevoking() async throws {
        try await withScene(leaks: 2) { scene in
            var workbench = scene.workbench(admin: scene.adminKey)
            workbench.livenesses = LivenessMemo()
            let step = Rehearsal(
                try Bench.kind("sendgrid-revoke", on: workbench), MemoryJournal(now: { scene.bench.world.now() }))
            let answers = Dictionary(uniqueKeysWithValues: scene.leaked.map { ("how/\($0.id)", Answer.text("delete")) })
            let preview = try await step.preview(answers)
            // Somebody else was faster with one of them: it is not deleted a second time.
            scene.account.remove(scene.leaked[0].id)
            try await step.apply(answers, agreedTo: preview)
            #expect(
                scene.account.lines.filter { $0.hasPrefix("DELETE") } == ["DELETE /v3/api_keys/\(scene.leaked[1].id)"])
        }
    }

    @Test("is remembered of no question that failed")
    func failure() async throws {
        struct Trouble: Error {}
        let memo = LivenessMemo()
        let (key, now) = (SharedSecret(copying: "SG.a.b".utf8), Instant(seconds: 1_000))
        await #expect(throws: Trouble.self) {
            try await memo.liveness(of: key, since: nil, now: now) { throw Trouble() }
        }
        let answer = try await memo.liveness(of: key, since: nil, now: now) { .dead }
        #expect(answer == AskedLiveness(liveness: .dead, at: now))
    }

    @Test("is asked of many keys a few at a time, and told in their order")
    func width() async throws {
        let bench = try Bench()
        let transport = CountingTransport()
        let workbench = bench.workbench { workbench in
            workbench.sendGrid = { key in
                SendGridClient(
                    key: key, endpoint: try SendGridEndpoint("http://127.0.0.1:9"), transport: transport,
                    world: World.real())
            }
        }
        let keys = (0..<20).map { SharedSecret(copying: "SG.\($0)".utf8) }
        let answers = try await workbench.liveness(of: keys)
        #expect(answers.map(\.liveness) == (0..<20).map { .live(scopes: ["SG.\($0)"]) })
        #expect(transport.most.withLock(\.self) == 4)
    }
}

/// Answers with the key itself as its scope, after a moment, and counts how many wait.
private final class CountingTransport: Transport {
    private let open = Mutex(0)
    let most = Mutex(0)

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let count = open.withLock { count in
            count += 1
            return count
        }
        most.withLock { $0 = max($0, count) }
        try await Task.sleep(for: .milliseconds(Int64.random(in: 5...30)))
        open.withLock { $0 -= 1 }
        let key = request.headers.first { $0.name == "Authorization" }?.value.dropFirst("Bearer ".count) ?? ""
        return HTTPResponse(status: 200, headers: [], body: SharedSecret(copying: #"{"scopes": ["\#(key)"]}"#.utf8))
    }
}
