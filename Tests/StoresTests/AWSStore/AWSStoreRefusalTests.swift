// The store when it is refused: permissions, keys, limits, what is scheduled for deletion. On the double.

import AWS
import Foundation
import Secrets
import TestServers
import Testing
import World

@testable import Stores

@Suite("AWS Secrets Manager as a store, when it is refused")
struct AWSStoreRefusalTests {
    /// Every call of a store, by the action it needs.
    static let calls: [(action: String, call: @Sendable (AWSStore, String) async throws -> Void)] = [
        ("DescribeSecret", { _ = try await $0.describe($1) }),
        ("GetSecretValue", { _ = try await $0.read($1) }),
        (
            "CreateSecret",
            { store, _ in
                _ = try await store.create(freshName(), sample("x"), token: freshToken(), options: CreationOptions())
            }
        ),
        ("PutSecretValue", { _ = try await $0.put($1, sample("x"), stages: [], token: freshToken()) }),
        ("UpdateSecretVersionStage", { try await $0.moveStage($1, "x", from: nil, to: freshToken()) }),
        ("ListSecretVersionIds", { _ = try await $0.versions($1) }),
        ("ListSecrets", { store, name in try await store.list(prefix: name, includingDeleted: false) { _ in } }),
        ("DeleteSecret", { _ = try await $0.delete($1, days: 7) }),
        ("RestoreSecret", { try await $0.restore($1) }),
        ("TagResource", { try await $0.tag($1, ["a": "b"]) }),
        ("UntagResource", { try await $0.untag($1, ["a"]) }),
    ]

    @Test("What is not allowed is named by its action, and is not transient", arguments: 0..<calls.count)
    func accessDenied(index: Int) async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let name = freshName()
        _ = try await stand.store.create(name, sample("x"), token: freshToken(), options: CreationOptions())
        let (action, call) = Self.calls[index]
        double.deny("secretsmanager:\(action)")
        let error = await refusal { try await call(stand.store, name) }
        guard case .accessDenied("secretsmanager:\(action)", _, let cause) = error else { throw try #require(error) }
        #expect(cause?.identity?.contains(double.accessKeyID) == true)
        #expect(error?.isTransient == false)
        await stand.stop()
    }

    @Test("Where no batch is allowed, secrets are read one by one, and one that is forbidden fails alone")
    func batchDenied() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let names = (0..<3).map { freshName("n\($0)x") }
        for name in names {
            _ = try await stand.store.create(name, sample(name), token: freshToken(), options: CreationOptions())
        }
        double.deny("secretsmanager:GetSecretValue", on: names[1])
        for isDenied in [false, true] {
            if isDenied { double.deny("secretsmanager:BatchGetSecretValue") }
            double.forgetRequests()
            let results = try await stand.store.readAll(names)
            #expect(try results[0].get().content.awsText == names[0])
            #expect(try results[2].get().content.awsText == names[2])
            if case .failure(let error) = results[1] {
                #expect(caseName(error) == "accessDenied")
            } else {
                Issue.record("read")
            }
            #expect(double.requests(for: "GetSecretValue").count == (isDenied ? 3 : 0))
        }
        await stand.stop()
    }

    /// Faults by the error they must become.
    static let meanings: [(fault: Fault, kind: String)] = [
        (.decryptionFailure, "encryption"), (.encryptionFailure, "encryption"), (.quota, "quota"),
        (.error("AccessDeniedException", "Access to KMS is not allowed"), "encryption"),
        (
            .error(
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for deletion."),
            "scheduledForDeletion"
        ),
        (.error("InvalidParameterException", "Something is not right."), "invalid"),
        (.error("SomethingNew", "?"), "aws"),
    ]

    @Test(
        "An error that does not go away by itself is sent once, and called by its meaning", arguments: 0..<7)
    func meaning(index: Int) async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let name = freshName()
        _ = try await stand.store.create(name, sample("x"), token: freshToken(), options: CreationOptions())
        double.inject(Self.meanings[index].fault, on: "GetSecretValue")
        let error = await refusal { _ = try await stand.store.read(name) }
        #expect(caseName(error) == Self.meanings[index].kind && error?.isTransient == false)
        #expect(double.requests(for: "GetSecretValue").count == 1)
        await stand.stop()
    }

    @Test("65,536 bytes go in; one more, none, and what is no text are refused before anything is sent")
    func sizes() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let name = freshName()
        let largest = SharedSecret(copying: Array(repeating: UInt8(ascii: "\""), count: 65_536))
        _ = try await stand.store.create(name, largest, token: freshToken(), options: CreationOptions())
        #expect(try await stand.store.read(name).content.isSame(as: largest))
        double.forgetRequests()
        let refused: [([UInt8], String)] = [
            (Array(repeating: 0x61, count: 65_537), "tooLarge"), ([], "invalid"), ([0x61, 0xFF], "invalid"),
        ]
        for (bytes, meaning) in refused {
            let content = SharedSecret(copying: bytes)
            let put = await refusal {
                _ = try await stand.store.put(name, content, stages: [], token: freshToken())
            }
            let made = await refusal {
                _ = try await stand.store.create(freshName(), content, token: freshToken(), options: CreationOptions())
            }
            #expect(caseName(put) == meaning && caseName(made) == meaning)
        }
        #expect(double.requests.isEmpty)
        await stand.stop()
    }

    @Test("A secret that is scheduled for deletion is neither written, tagged nor made anew, and says until when")
    func scheduled() async throws {
        let (stand, _) = try await AWSStand.onDouble()
        let (store, name, token) = (stand.store, freshName(), freshToken())
        _ = try await store.create(name, sample("x"), token: token, options: CreationOptions())
        let due = try #require(try await store.delete(name, days: 30))
        let calls: [() async throws -> Void] = [
            { _ = try await store.read(name) },
            { _ = try await store.put(name, sample("y"), stages: [], token: freshToken()) },
            { try await store.tag(name, ["a": "b"]) },
            { try await store.moveStage(name, "x", from: nil, to: token) },
            { _ = try await store.create(name, sample("y"), token: freshToken(), options: CreationOptions()) },
            { _ = try await store.delete(name, days: 7) },
        ]
        for (index, call) in calls.enumerated() {
            let error = await refusal(call)
            guard case .scheduledForDeletion(name, let until?) = error else {
                Issue.record("\(index): \(String(describing: error))")
                continue
            }
            #expect(abs(until - due) < 2)
        }
        for days in [0, 6, 31] {
            #expect(caseName(await refusal { _ = try await store.delete(name, days: days) }) == "invalid")
        }
        await stand.stop()
    }

    @Test("Binary data is told as what it is, singly and in a batch")
    func binary() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (name, other) = (freshName(), freshName())
        let json = #"{"Name":"\#(name)","SecretBinary":"AAEC","ClientRequestToken":"\#(freshToken())"}"#
        try double.perform("CreateSecret", json: json)
        try double.setValue(of: other, "text")
        #expect(caseName(await refusal { _ = try await stand.store.read(name) }) == "notAnObject")
        let results = try await stand.store.readAll([name, other])
        if case .failure(let error) = results[0] {
            #expect(caseName(error) == "notAnObject")
        } else {
            Issue.record("read")
        }
        #expect(try results[1].get().content.awsText == "text")
        await stand.stop()
    }

    @Test("Rotation and an owning service are told")
    func managed() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let name = freshName()
        try double.setValue(of: name, "x")
        double.mark(name, rotated: true, owningService: "rds")
        let about = try await stand.store.describe(name)
        #expect(about.rotates && about.owningService == "rds")
        await stand.stop()
    }

    @Test("Names that cannot be one are not sent, whatever is done with them")
    func invalidNames() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        for (_, call) in Self.calls {
            let error = await refusal { try await call(stand.store, "not a name") }
            // Creation makes up its own name.
            #expect(error == nil || caseName(error) == "invalid")
        }
        let new = await refusal {
            _ = try await stand.store.create(
                "app/looks-AbCdEf", sample("x"), token: freshToken(), options: CreationOptions())
        }
        #expect(caseName(new) == "invalid")
        #expect(double.requests.allSatisfy { $0.operation == "CreateSecret" } && double.secretNames.count == 1)
        await stand.stop()
    }

    @Test("No value and no key is seen in a request line, a header or an error")
    func nothingLeaks() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (name, value) = (freshName(), "canary-\(UUID().uuidString)")
        _ = try await stand.store.create(
            name, sample(#"{"K":"\#(value)"}"#), token: freshToken(), options: CreationOptions())
        double.inject(.closeMidBody, on: "GetSecretValue", times: 3)
        double.inject(.halfJSON, on: "PutSecretValue", times: 3)
        double.inject(.error("InvalidParameterException", "bad"), on: "CreateSecret")
        let errors = [
            await refusal { _ = try await stand.store.read(name) },
            await refusal {
                _ = try await stand.store.put(name, sample(value), stages: [], token: freshToken())
            },
            await refusal {
                _ = try await stand.store.create(
                    freshName(), sample(value), token: freshToken(), options: CreationOptions())
            },
        ]
        #expect(errors.allSatisfy { $0 != nil })
        #expect(!errors.contains { "\($0 as Any)".contains(value) || "\($0 as Any)".contains(double.secretAccessKey) })
        #expect(double.requests.count >= 4)
        #expect(!double.requests.contains { $0.visibleText.contains(value) })
        #expect(!double.requests.contains { $0.visibleText.contains(double.secretAccessKey) })
        await stand.stop()
    }
}
