// What every secret store must do: making secrets, adding versions, reading them back.

import Stores
import Testing

extension StoreConformance {
    static let creating = [
        StoreConformance("A new secret has one version, the current one, which is the token's") { test in
            let (name, token) = (test.name(), Case.token())
            let made = try await test.store.create(
                name, test.content(#"{"A":"é"}"#), token: token, options: CreationOptions())
            #expect(made.name == name && made.versionID == token)
            let read = try await test.store.read(name)
            #expect(StoreConformance.text(of: read.content) == #"{"A":"é"}"#)
            #expect(read.versionID == token && read.stages == [Stage.current] && read.name == name)
            #expect(try await test.store.versions(name).map(\.versionID) == [token])
        },
        StoreConformance("The same creation again is the same success, and makes no second version") { test in
            let (name, token) = (test.name(), Case.token())
            for _ in 0..<3 {
                let made = try await test.store.create(
                    name, test.content("{}"), token: token, options: CreationOptions())
                #expect(made.versionID == token)
            }
            #expect(try await test.store.versions(name).count == 1)
        },
        StoreConformance("A name that is taken is not made again, and keeps its content") { test in
            let name = test.name()
            _ = try await test.make(name, "{}")
            #expect(await StoreConformance.errorName { _ = try await test.make(name, "[]") } == "alreadyExists")
            #expect(try await test.text(name) == "{}")
        },
        StoreConformance("Another content under the token of a creation is refused") { test in
            let (name, token) = (test.name(), Case.token())
            _ = try await test.store.create(name, test.content("{}"), token: token, options: CreationOptions())
            let error = await StoreConformance.errorName {
                _ = try await test.store.create(name, test.content("[]"), token: token, options: CreationOptions())
            }
            // AWS has one error for both.
            #expect(error == "conflict" || error == "alreadyExists")
            #expect(try await test.text(name) == "{}")
        },
        StoreConformance("Description and tags are kept, and tags are added to") { test in
            let name = test.name()
            _ = try await test.store.create(
                name, test.content("{}"), token: Case.token(),
                options: CreationOptions(description: "of the \"app\"", tags: ["team": "a", "env": "x"]))
            try await test.store.tag(name, ["env": "y", "new": ""])
            let described = try await test.store.describe(name)
            #expect(described.name == name)
            #expect(described.description == "of the \"app\"")
            #expect(described.tags == ["team": "a", "env": "y", "new": ""])
            #expect(described.deletionDate == nil && !described.rotates && described.owningService == nil)
            #expect(described.created != nil)
        },
        StoreConformance("Tags are taken away by their keys; those that are not there are no error") { test in
            let name = test.name()
            _ = try await test.store.create(
                name, test.content("{}"), token: Case.token(),
                options: CreationOptions(tags: ["team": "a", "env": "x", "kept": ""]))
            for _ in 0..<2 { try await test.store.untag(name, ["env", "team", "never there"]) }
            #expect(try await test.store.describe(name).tags == ["kept": ""])
            #expect(try await test.text(name) == "{}")
            #expect(await StoreConformance.errorName { try await test.store.untag(name, [""]) } == "invalid")
        },
        StoreConformance("What is not there is not found, whatever is asked of it") { test in
            let (name, store) = (test.name("absent"), test.store)
            #expect(await StoreConformance.errorName { _ = try await store.read(name) } == "notFound")
            #expect(await StoreConformance.errorName { _ = try await store.describe(name) } == "notFound")
            #expect(await StoreConformance.errorName { _ = try await store.versions(name) } == "notFound")
            #expect(await StoreConformance.errorName { _ = try await test.put(name, "{}") } == "notFound")
            #expect(await StoreConformance.errorName { try await store.tag(name, ["a": "b"]) } == "notFound")
            #expect(await StoreConformance.errorName { try await store.untag(name, ["a"]) } == "notFound")
            #expect(await StoreConformance.errorName { _ = try await store.delete(name, days: 7) } == "notFound")
            #expect(await StoreConformance.errorName { try await store.restore(name) } == "notFound")
            #expect(
                await StoreConformance.errorName {
                    try await store.moveStage(name, Stage.current, from: Case.token(), to: Case.token())
                } == "notFound")
        },
    ]

    static let putting = [
        StoreConformance("A new version is the current one, and the one before it the previous") { test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, #"{"A":1}"#)
            let third = try await test.put(name, #"{"A":2}"#)
            #expect(try await test.holder(of: Stage.current, name) == third)
            #expect(try await test.holder(of: Stage.previous, name) == second)
            #expect(try await test.text(name) == #"{"A":2}"#)
            #expect(try await test.text(name, VersionSelector(stage: Stage.previous)) == #"{"A":1}"#)
            #expect(try await test.text(name, VersionSelector(id: second)) == #"{"A":1}"#)
            #expect(Set(try await test.store.versions(name).map(\.versionID)) == [first, second, third])
        },
        StoreConformance("A version with a label of its own leaves the current one in place") { test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]", stages: ["candidate"])
            #expect(try await test.holder(of: Stage.current, name) == first)
            #expect(try await test.holder(of: "candidate", name) == second)
            #expect(try await test.holder(of: Stage.previous, name) == nil)
            #expect(try await test.text(name) == "{}")
            #expect(try await test.text(name, VersionSelector(stage: "candidate")) == "[1]")
        },
        StoreConformance("The same version again is the same success, and changes nothing") { test in
            let (name, token) = (test.name(), Case.token())
            _ = try await test.make(name, "{}")
            for _ in 0..<3 {
                let put = try await test.store.put(name, test.content("[1]"), stages: [], token: token)
                #expect(put.versionID == token)
            }
            #expect(try await test.store.versions(name).count == 2)
            let last = try await test.put(name, "[2]")
            _ = try await test.store.put(name, test.content("[1]"), stages: [], token: token)
            #expect(try await test.holder(of: Stage.current, name) == last)
            #expect(try await test.text(name) == "[2]")
        },
        StoreConformance("Another content under a token that is used is a conflict, and changes nothing") { test in
            let (name, token) = (test.name(), Case.token())
            _ = try await test.make(name, "{}")
            _ = try await test.store.put(name, test.content("[1]"), stages: [], token: token)
            let error = await StoreConformance.errorName {
                _ = try await test.store.put(name, test.content("[2]"), stages: [], token: token)
            }
            #expect(error == "conflict")
            #expect(try await test.text(name) == "[1]")
            #expect(try await test.store.versions(name).count == 2)
        },
    ]

    static let reading = [
        StoreConformance("An id and a stage that disagree match no version") { test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]")
            #expect(try await test.text(name, VersionSelector(id: second, stage: Stage.current)) == "[1]")
            #expect(
                await StoreConformance.errorName {
                    _ = try await test.store.read(name, VersionSelector(id: first, stage: Stage.current))
                } == "noSuchVersion")
            #expect(
                await StoreConformance.errorName {
                    _ = try await test.store.read(name, VersionSelector(stage: "nobody"))
                }
                    == "noSuchVersion")
            #expect(
                await StoreConformance.errorName {
                    _ = try await test.store.read(name, VersionSelector(id: Case.token()))
                }
                    == "noSuchVersion")
        },
        StoreConformance("Several secrets are read at once, in order, each with its own error") { test in
            let names = (0..<25).map { test.name("s\($0)") }
            for (number, name) in names.enumerated() where number != 7 { _ = try await test.make(name, "[\(number)]") }
            let asked = Array(names.reversed())
            let results = try await test.store.readAll(asked)
            #expect(results.count == 25)
            for (name, result) in zip(asked, results) {
                switch result {
                case .success(let version):
                    #expect(
                        version.name == name
                            && StoreConformance.text(of: version.content) == "[\(name.dropFirst(test.name("s").count))]"
                    )
                case .failure(let error):
                    #expect(name == names[7])
                    if case .notFound = error {} else { Issue.record("\(error)") }
                }
            }
            #expect(try await test.store.readAll([]).isEmpty)
        },
        StoreConformance("Any text comes back byte for byte", needs: .basics) { test in
            let text = "{\"k\": \"\u{0}\u{1F}\u{7F}\\n \\u00e9 é😀\u{2028}\" , \"n\": 1.50e+3}\r\n\t"
            let name = test.name()
            _ = try await test.make(name, text)
            #expect(try await test.text(name) == text)
        },
    ]

    static let limits = [
        StoreConformance("65,536 bytes are taken, one more is not", needs: .limits) { test in
            let most = String(repeating: "x", count: 65_534)
            let name = test.name()
            _ = try await test.make(name, "\"\(most)\"")
            #expect(await StoreConformance.errorName { _ = try await test.put(name, "\"\(most)x\"") } == "tooLarge")
            #expect(
                await StoreConformance.errorName { _ = try await test.make(test.name("b"), "\"\(most)x\"") }
                    == "tooLarge")
            // Bytes are counted, not characters.
            let accented = "\"" + String(repeating: "é", count: 32_768) + "\""
            #expect(await StoreConformance.errorName { _ = try await test.put(name, accented) } == "tooLarge")
            #expect(try await test.text(name).utf8.count == 65_536)
        },
        StoreConformance("A name that AWS does not take is refused before anything is done", needs: .limits) { test in
            let names = [
                "", "a b", "a:b", "é", "a\n", "a%2Fb", "a\u{0}", "~", "app-abc123", String(repeating: "a", count: 513),
                "a\\b", "a*",
            ]
            for name in names {
                #expect(await StoreConformance.errorName { _ = try await test.make(name) } == "invalid", "\(name)")
            }
            for name in ["-", "..", "a/../b", "app-abc1234", "a--bcde", "/a", "A/b_c+d=e.f@g-h"] {
                let name = test.name(name)
                _ = try await test.make(name, "[]")
                #expect(try await test.text(name) == "[]", "\(name)")
            }
            let longest = test.prefix + String(repeating: "Z", count: 512 - test.prefix.utf8.count)
            _ = try await test.make(longest, "[]")
            #expect(try await test.text(longest) == "[]")
        },
        StoreConformance("An empty content is refused", needs: .limits) { test in
            #expect(await StoreConformance.errorName { _ = try await test.make(test.name(), "") } == "invalid")
            let name = test.name("b")
            _ = try await test.make(name)
            #expect(await StoreConformance.errorName { _ = try await test.put(name, "") } == "invalid")
        },
    ]
}
