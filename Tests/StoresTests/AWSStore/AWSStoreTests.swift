// The store on real servers: what is promised of any store, kept on both.

import AWS
import Foundation
import Secrets
import TestServers
import Testing
import World

@testable import Stores

@Suite("AWS Secrets Manager as a store")
struct AWSStoreTests {
    @Test("What is created is read back byte for byte", arguments: AWSPeer.allCases)
    func createAndRead(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, token) = (freshName(), freshToken())
        let text = "{\"a\":\"\\u00e9 é 🔑 \\\" \\\\\", \"n\": 1.0e5, \"x\":null}\n\t"
        let made = try await stand.store.create(
            name, sample(text), token: token,
            options: CreationOptions(description: "of a test", tags: ["migrate:run": "1", "b": ""]))
        #expect(made.name == name && made.versionID == token && made.arn?.contains(name) == true)
        let version = try await stand.store.read(name)
        #expect(version.content.awsText == text)
        #expect(version.versionID == token && version.stages == [Stage.current] && version.name == name)
        let about = try await stand.store.describe(name)
        #expect(about.description == "of a test" && about.tags == ["migrate:run": "1", "b": ""])
        #expect(about.version(with: Stage.current) == token && about.deleted == nil && !about.rotates)
        #expect(about.arn == made.arn && about.owningService == nil)
        await stand.stop()
    }

    @Test("The same creation again is the same success; another one finds the name taken", arguments: AWSPeer.allCases)
    func createTwice(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, token) = (freshName(), freshToken())
        for _ in 0..<2 {
            let made = try await stand.store.create(name, sample("{}"), token: token, options: CreationOptions())
            #expect(made.versionID == token)
        }
        for (text, token) in [("{}", freshToken()), (#"{"a":"1"}"#, token)] {
            let error = await refusal {
                _ = try await stand.store.create(name, sample(text), token: token, options: CreationOptions())
            }
            #expect(caseName(error) == "alreadyExists")
        }
        #expect(try await stand.store.versions(name).count == 1)
        await stand.stop()
    }

    @Test(
        "The same put again is the same success; the same token for another content is a conflict",
        arguments: AWSPeer.allCases)
    func putTwice(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, first, second) = (freshName(), freshToken(), freshToken())
        _ = try await stand.store.create(name, sample("{}"), token: first, options: CreationOptions())
        for _ in 0..<2 {
            let put = try await stand.store.put(name, sample(#"{"a":"1"}"#), stages: [], token: second)
            #expect(put.versionID == second)
        }
        let error = await refusal {
            _ = try await stand.store.put(name, sample(#"{"a":"2"}"#), stages: [], token: second)
        }
        #expect(caseName(error) == "conflict")
        let about = try await stand.store.describe(name)
        #expect(about.stages == [second: [Stage.current], first: [Stage.previous]])
        await stand.stop()
    }

    @Test(
        "A version under a private label goes live when AWSCURRENT moves, and not before", arguments: AWSPeer.allCases)
    func stagedVersion(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, old, new) = (freshName(), freshToken(), freshToken())
        _ = try await stand.store.create(name, sample("old"), token: old, options: CreationOptions())
        _ = try await stand.store.put(name, sample("new"), stages: ["migrate-1"], token: new)
        #expect(try await stand.store.read(name).content.awsText == "old")
        #expect(try await stand.store.read(name, VersionSelector(id: new)).content.awsText == "new")
        #expect(try await stand.store.read(name, VersionSelector(stage: "migrate-1")).versionID == new)
        try await stand.store.moveStage(name, Stage.current, from: old, to: new)
        try await stand.store.moveStage(name, "migrate-1", from: new, to: nil)
        #expect(try await stand.store.read(name).content.awsText == "new")
        let about = try await stand.store.describe(name)
        #expect(about.stages == [new: [Stage.current], old: [Stage.previous]])
        // And back, as a roll-back does.
        try await stand.store.moveStage(name, Stage.current, from: new, to: old)
        #expect(try await stand.store.read(name).versionID == old)
        #expect(try await stand.store.describe(name).version(with: Stage.previous) == new)
        await stand.stop()
    }

    @Test("A label that somebody else has moved is a conflict, and stays where it is", arguments: AWSPeer.allCases)
    func staleMove(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, base, theirs, ours) = (freshName(), freshToken(), freshToken(), freshToken())
        _ = try await stand.store.create(name, sample("base"), token: base, options: CreationOptions())
        _ = try await stand.store.put(name, sample("ours"), stages: ["migrate-2"], token: ours)
        _ = try await stand.store.put(name, sample("theirs"), stages: [], token: theirs)
        for from in [base, nil] {
            let error = await refusal {
                try await stand.store.moveStage(name, Stage.current, from: from, to: ours)
            }
            #expect(caseName(error) == "conflict", "from \(from ?? "nobody")")
        }
        #expect(try await stand.store.describe(name).version(with: Stage.current) == theirs)
        await stand.stop()
    }

    @Test(
        "A move to a version that is not there, or from nowhere to nowhere, moves nothing", arguments: AWSPeer.allCases)
    func impossibleMoves(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, only) = (freshName(), freshToken())
        _ = try await stand.store.create(name, sample("x"), token: only, options: CreationOptions())
        let nowhere = await refusal { try await stand.store.moveStage(name, "x", from: nil, to: freshToken()) }
        #expect(caseName(nowhere) == "noSuchVersion")
        let nothing = await refusal { try await stand.store.moveStage(name, "x", from: nil, to: nil) }
        #expect(caseName(nothing) == "invalid")
        let missing = await refusal { try await stand.store.moveStage(freshName(), "x", from: nil, to: only) }
        #expect(caseName(missing) == "notFound")
        #expect(try await stand.store.describe(name).stages == [only: [Stage.current]])
        await stand.stop()
    }

    @Test("All versions are listed, those without a label too", arguments: AWSPeer.allCases)
    func versions(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let name = freshName()
        let tokens = (0..<4).map { _ in freshToken() }
        _ = try await stand.store.create(name, sample("0"), token: tokens[0], options: CreationOptions())
        for index in 1..<4 {
            _ = try await stand.store.put(name, sample("\(index)"), stages: [], token: tokens[index])
        }
        let versions = try await stand.store.versions(name)
        #expect(Set(versions.map(\.versionID)) == Set(tokens))
        let labels = Dictionary(uniqueKeysWithValues: versions.map { ($0.versionID, $0.stages) })
        #expect(labels == [tokens[0]: [], tokens[1]: [], tokens[2]: [Stage.previous], tokens[3]: [Stage.current]])
        // moto gives all of them the time of the call.
        if peer == .double { #expect(versions.map(\.versionID) == tokens.reversed()) }
        await stand.stop()
    }

    @Test(
        "A deleted secret says until when it can be restored, cannot be read, and comes back",
        arguments: AWSPeer.allCases)
    func deleteAndRestore(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let name = freshName()
        _ = try await stand.store.create(name, sample("x"), token: freshToken(), options: CreationOptions())
        let due = try #require(try await stand.store.delete(name, days: 7))
        let week = due - Instant.systemNow()
        #expect((6.9 * 86_400...7.1 * 86_400).contains(week))
        let about = try await stand.store.describe(name)
        #expect(about.deleted != nil && abs((about.deletionDate ?? due + 1e9) - due) < 2)
        let read = await refusal { _ = try await stand.store.read(name) }
        guard case .scheduledForDeletion(name, let until) = read else { throw try #require(read) }
        #expect(until == about.deletionDate)
        try await stand.store.restore(name)
        #expect(try await stand.store.read(name).content.awsText == "x")
        #expect(try await stand.store.describe(name).deleted == nil)
        await stand.stop()
    }

    @Test("Secrets are listed by the beginning of their names, deleted ones on request", arguments: AWSPeer.allCases)
    func list(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let prefix = freshName("list") + "/"
        let names = ["b", "a", "c/d"].map { prefix + $0 }
        for name in names + [freshName("other")] {
            _ = try await stand.store.create(name, sample("x"), token: freshToken(), options: CreationOptions())
        }
        _ = try await stand.store.delete(prefix + "a", days: 30)
        func listed(deleted: Bool) async throws -> [String] {
            let collected = Collected()
            try await stand.store.list(prefix: prefix, includingDeleted: deleted) { await collected.add($0) }
            return await collected.names
        }
        #expect(try await listed(deleted: false) == [prefix + "b", prefix + "c/d"])
        #expect(try await listed(deleted: true) == [prefix + "a", prefix + "b", prefix + "c/d"])
        await stand.stop()
    }

    @Test("Many secrets are read in the order asked for, each with its own error", arguments: AWSPeer.allCases)
    func readAll(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let names = (0..<23).map { freshName("many-\($0)x") }
        for (index, name) in names.enumerated() where index != 5 {
            _ = try await stand.store.create(
                name, sample("value \(index)"), token: freshToken(), options: CreationOptions())
        }
        let asked = names + ["not a name", names[0]]
        let results = try await stand.store.readAll(asked)
        #expect(results.count == asked.count)
        for (index, result) in results.enumerated() {
            switch (index, result) {
            case (5, .failure(let error)): #expect(caseName(error) == "notFound")
            case (23, .failure(let error)): #expect(caseName(error) == "invalid")
            case (_, .success(let version)):
                #expect(version.content.awsText == "value \(index == 24 ? 0 : index)" && version.name == asked[index])
            case (_, .failure(let error)): Issue.record("\(index): \(error)")
            }
        }
        await stand.stop()
    }

    @Test("A name that is not there is not found, whatever is done with it", arguments: AWSPeer.allCases)
    func notFound(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (store, name) = (stand.store, freshName("missing"))
        var calls: [(String, () async throws -> Void)] = [
            ("describe", { _ = try await store.describe(name) }),
            ("read", { _ = try await store.read(name) }),
            ("read a version", { _ = try await store.read(name, VersionSelector(id: freshToken())) }),
            ("put", { _ = try await store.put(name, sample("x"), stages: [], token: freshToken()) }),
            ("delete", { _ = try await store.delete(name, days: 7) }),
            ("restore", { try await store.restore(name) }),
            ("tag", { try await store.tag(name, ["a": "b"]) }),
        ]
        // moto falls over here.
        if peer == .double { calls.append(("versions", { _ = try await store.versions(name) })) }
        for (call, body) in calls {
            let error = await refusal(body)
            #expect(caseName(error) == "notFound", "\(call): \(String(describing: error))")
        }
        await stand.stop()
    }

    @Test("A version that is not there is told apart from a secret that is not", arguments: AWSPeer.allCases)
    func noSuchVersion(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, id) = (freshName(), freshToken())
        _ = try await stand.store.create(name, sample("x"), token: id, options: CreationOptions())
        var selectors = [VersionSelector(id: id, stage: "nobody-has-it")]
        // To moto, a version that is not there is a secret that is not.
        if peer == .double {
            selectors += [VersionSelector(stage: "nobody-has-it"), VersionSelector(id: freshToken())]
        }
        for selector in selectors {
            let error = await refusal { _ = try await stand.store.read(name, selector) }
            #expect(caseName(error) == "noSuchVersion", "\(selector)")
        }
        await stand.stop()
    }

    @Test("Tags are added to those that are there", arguments: AWSPeer.allCases)
    func tag(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let name = freshName()
        _ = try await stand.store.create(
            name, sample("x"), token: freshToken(), options: CreationOptions(tags: ["a": "1", "b": "2"]))
        try await stand.store.tag(name, ["b": "3", "c": "4"])
        #expect(try await stand.store.describe(name).tags == ["a": "1", "b": "3", "c": "4"])
        await stand.stop()
    }

    @Test("A secret answers to its ARN as to its name", arguments: AWSPeer.allCases)
    func byARN(peer: AWSPeer) async throws {
        let stand = try await peer.stand()
        let (name, token) = (freshName(), freshToken())
        let made = try await stand.store.create(name, sample("x"), token: token, options: CreationOptions())
        let arn = try #require(made.arn)
        #expect(try await stand.store.read(arn).content.awsText == "x")
        #expect(try await stand.store.describe(arn).name == name)
        let results = try await stand.store.readAll([arn, name])
        #expect(try results.map { try $0.get().content.awsText } == ["x", "x"])
        let elsewhere = arn.replacing(stand.region, with: "us-east-1")
        let error = await refusal { _ = try await stand.store.read(elsewhere) }
        #expect(caseName(error) == "invalid")
        await stand.stop()
    }
}

private actor Collected {
    var names: [String] = []
    func add(_ page: [SecretDescription]) { names += page.map(\.name) }
}
