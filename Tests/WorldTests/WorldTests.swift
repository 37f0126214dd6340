// The world as it is, and as a test sets it.

import Foundation
import Testing

@testable import World

@Suite("The world")
struct WorldTests {
    private func world(_ environment: [String: String]) -> World {
        World(
            now: { Instant(seconds: 0) }, environment: environment, randomBytes: { Array(repeating: 7, count: $0) },
            jitter: { 0.5 }, sleep: { _ in })
    }

    @Test("A variable that is empty counts as one that is not there")
    func emptyVariable() {
        let world = world(["EMPTY": "", "SET": "x"])
        #expect(world.variable("EMPTY") == nil)
        #expect(world.variable("ABSENT") == nil)
        #expect(world.variable("SET") == "x")
    }

    @Test("The home folder is HOME, else what the user table says")
    func homeFolder() {
        #expect(world(["HOME": "/home/ann"]).homeFolder == "/home/ann")
        #expect(world([:]).homeFolder == world(["HOME": ""]).homeFolder)
        #expect(world([:]).homeFolder?.hasPrefix("/") == true)
    }

    @Test("The real environment is what Foundation sees of it")
    func realEnvironment() {
        #expect(World.real().environment == ProcessInfo.processInfo.environment)
    }

    @Test("The real clock is the system's, the real random bytes are as many as asked for and never the same")
    func realClockAndRandomness() {
        let world = World.real()
        #expect(abs(world.now().seconds - Date().timeIntervalSince1970) < 60)
        #expect(world.randomBytes(0).isEmpty)
        let first = world.randomBytes(32)
        #expect(first.count == 32)
        #expect(first != world.randomBytes(32))
        #expect((0..<200).allSatisfy { _ in (0..<1).contains(world.jitter()) })
    }

    @Test("A sleep ends early when its task is cancelled")
    func cancelledSleep() async {
        let sleeper = Task { try await World.real().sleep(.seconds(3_600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
