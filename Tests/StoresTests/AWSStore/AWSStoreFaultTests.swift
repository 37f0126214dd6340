// The store when answers get lost and others write meanwhile. On the double, which can fail.

import AWS
import Foundation
import Secrets
import TestServers
import Testing
import World

@testable import Stores

@Suite("AWS Secrets Manager as a store, when answers get lost")
struct AWSStoreFaultTests {
    /// Ways for an answer to get lost once the service has done what was asked.
    enum Loss: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case closed, reset, cutShort, halfJSON

        var testDescription: String { rawValue }
        var fault: Fault {
            switch self {
            case .closed: .closeAfterHandling
            case .reset: .resetAfterHandling
            case .cutShort: .closeMidBody
            case .halfJSON: .halfJSON
            }
        }
    }

    @Test("An answer that is lost once makes no second write, and no failure", arguments: [Loss.closed, .reset])
    func lostOnce(loss: Loss) async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        for operation in [
            "CreateSecret", "PutSecretValue", "UpdateSecretVersionStage", "TagResource", "UntagResource",
            "DeleteSecret",
            "RestoreSecret",
        ] { double.inject(loss.fault, on: operation) }
        let made = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        #expect(made.versionID == first)
        let put = try await store.put(name, sample("2"), stages: ["migrate-1"], token: second)
        #expect(put.versionID == second)
        try await store.moveStage(name, Stage.current, from: first, to: second)
        try await store.tag(name, ["a": "1", "b": "2"])
        try await store.untag(name, ["b"])
        let due = try await store.delete(name, days: 8)
        #expect(abs((due ?? Instant(seconds: 0)) - Instant.systemNow() - 8 * 86_400) < 60)
        try await store.restore(name)
        #expect(double.faultsLeft == 0)
        for operation in [
            "CreateSecret", "PutSecretValue", "UpdateSecretVersionStage", "DeleteSecret", "RestoreSecret",
        ] {
            #expect(double.writes(of: operation).count == 1, "\(operation)")
        }
        #expect(double.versions(of: name).map(\.id) == [first, second])
        #expect(double.value(of: name) == "2" && double.tags(of: name) == ["a": "1"])
        await stand.stop()
    }

    @Test(
        "When every answer is lost, a move, a deletion and a restoration are found done by looking",
        arguments: Loss.allCases)
    func lostToTheEnd(loss: Loss) async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        _ = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        _ = try await store.put(name, sample("2"), stages: ["migrate-1"], token: second)
        double.inject(loss.fault, on: "UpdateSecretVersionStage", times: 3)
        double.inject(loss.fault, on: "DeleteSecret", times: 3)
        try await store.moveStage(name, Stage.current, from: first, to: second)
        #expect(double.versionID(of: name) == second)
        let due = try await store.delete(name, days: 8)
        #expect(due != nil && double.isScheduledForDeletion(name))
        double.inject(loss.fault, on: "RestoreSecret", times: 3)
        try await store.restore(name)
        #expect(!double.isScheduledForDeletion(name))
        #expect(double.writes(of: "UpdateSecretVersionStage").count == 1)
        await stand.stop()
    }

    @Test("When every answer is lost, a write says so; the same again is the same success", arguments: Loss.allCases)
    func lostWrites(loss: Loss) async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        let create = { @Sendable in
            _ = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        }
        let put = { @Sendable in _ = try await store.put(name, sample("2"), stages: [], token: second) }
        for (operation, write) in [("CreateSecret", create), ("PutSecretValue", put)] {
            double.inject(loss.fault, on: operation, times: 3)
            while double.faultsLeft > 0 {
                let error = await refusal(write)
                #expect(mayHaveBeenApplied(error), "\(operation): \(String(describing: error))")
            }
            try await write()
        }
        #expect(double.writes(of: "CreateSecret").count == 1 && double.writes(of: "PutSecretValue").count == 1)
        #expect(double.versions(of: name).map(\.id) == [first, second] && double.value(of: name) == "2")
        await stand.stop()
    }

    private func mayHaveBeenApplied(_ error: StoreError?) -> Bool {
        switch error {
        case .unreachable(let cause), .aws(let cause): cause.mayHaveBeenApplied
        default: false
        }
    }

    @Test("Requests that did not arrive are sent again, and a move that never happened is no success")
    func neverArrived() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        double.inject(.closeBeforeHandling, on: "CreateSecret")
        double.inject(.resetBeforeHandling, on: "PutSecretValue")
        double.inject(.throttle(), on: "PutSecretValue")
        _ = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        _ = try await store.put(name, sample("2"), stages: ["migrate-1"], token: second)
        double.inject(.closeBeforeHandling, on: "UpdateSecretVersionStage", times: 3)
        let error = await refusal { try await store.moveStage(name, Stage.current, from: first, to: second) }
        #expect(caseName(error) == "unreachable" && error?.isTransient == true)
        double.inject(.closeBeforeHandling, on: "DeleteSecret", times: 3)
        #expect(caseName(await refusal { _ = try await store.delete(name, days: 7) }) == "unreachable")
        #expect(double.versionID(of: name) == first && !double.isScheduledForDeletion(name))
        await stand.stop()
    }

    @Test("A foreign write between a reading and a move makes the move a conflict")
    func foreignWrite() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        _ = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        _ = try await store.put(name, sample("2"), stages: ["migrate-1"], token: second)
        double.before("UpdateSecretVersionStage") { _ in _ = try? double.setValue(of: name, "theirs") }
        let error = await refusal { try await store.moveStage(name, Stage.current, from: first, to: second) }
        #expect(caseName(error) == "conflict")
        #expect(double.value(of: name) == "theirs")
        await stand.stop()
    }

    @Test("A move whose answer was lost, and that somebody has moved on from, is a conflict")
    func lostThenOvertaken() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (store, name) = (stand.store, freshName())
        let (first, second) = (freshToken(), freshToken())
        _ = try await store.create(name, sample("1"), token: first, options: CreationOptions())
        _ = try await store.put(name, sample("2"), stages: ["migrate-1"], token: second)
        double.inject(.closeAfterHandling, on: "UpdateSecretVersionStage")
        double.after("UpdateSecretVersionStage") { _ in
            double.removeHooks()
            _ = try? double.setValue(of: name, "theirs")
        }
        let error = await refusal { try await store.moveStage(name, Stage.current, from: first, to: second) }
        #expect(caseName(error) == "conflict")
        #expect(double.value(of: name) == "theirs" && double.value(of: name, stage: Stage.previous) == "2")
        await stand.stop()
    }

    @Test("A batch that gets no answer fails as a whole, and is not tried one by one")
    func batchUnreachable() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        double.inject(.closeBeforeHandling, on: "BatchGetSecretValue", times: 3)
        let error = await refusal { _ = try await stand.store.readAll(["a", "b"]) }
        #expect(caseName(error) == "unreachable" && double.requests(for: "GetSecretValue").isEmpty)
        await stand.stop()
    }

    @Test("A service that throttles or fails to the end is unreachable, which is transient")
    func transient() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let faults: [Fault] = [
            .throttle(), .throttle(status: 429), .internalServiceError, .status(503), .html(status: 502),
        ]
        for fault in faults {
            double.inject(fault, on: "GetSecretValue", times: 3)
            let error = await refusal { _ = try await stand.store.read("n") }
            #expect(caseName(error) == "unreachable" && error?.isTransient == true, "\(String(describing: error))")
        }
        #expect(double.faultsLeft == 0)
        await stand.stop()
    }
}
