// What every secret store must do: labels, deletion, lists.

import Stores
import Testing

extension StoreConformance {
    static let moving = [
        StoreConformance(
            "The current label moves, and the version that had it gets the previous one", needs: .stageMoves
        ) {
            test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]", stages: ["candidate"])
            try await test.store.moveStage(name, Stage.current, from: first, to: second)
            #expect(try await test.text(name) == "[1]")
            #expect(try await test.holder(of: Stage.current, name) == second)
            #expect(try await test.holder(of: Stage.previous, name) == first)
            // And back, as a rollback does.
            try await test.store.moveStage(name, Stage.current, from: second, to: first)
            #expect(try await test.text(name) == "{}")
            #expect(try await test.holder(of: Stage.previous, name) == second)
            let third = try await test.put(name, "[3]")
            #expect(try await test.holder(of: Stage.current, name) == third)
            #expect(try await test.holder(of: Stage.previous, name) == first)
        },
        StoreConformance("A label is moved only from the version that has it") { test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]")
            let third = try await test.put(name, "[2]", stages: ["candidate"])
            #expect(
                await StoreConformance.errorName {
                    try await test.store.moveStage(name, Stage.current, from: first, to: third)
                }
                    == "conflict")
            #expect(
                await StoreConformance.errorName {
                    try await test.store.moveStage(name, Stage.current, from: nil, to: third)
                }
                    == "conflict")
            #expect(try await test.holder(of: Stage.current, name) == second)
            #expect(try await test.text(name) == "[1]")
        },
        StoreConformance(
            "A label of one's own comes, moves and goes, and never stands on two versions", needs: .stageMoves
        ) {
            test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]")
            try await test.store.moveStage(name, "mine", from: nil, to: first)
            #expect(try await test.holder(of: "mine", name) == first)
            try await test.store.moveStage(name, "mine", from: first, to: second)
            #expect(try await test.store.describe(name).stages.values.count { $0.contains("mine") } == 1)
            #expect(try await test.holder(of: "mine", name) == second)
            try await test.store.moveStage(name, "mine", from: second, to: nil)
            #expect(try await test.holder(of: "mine", name) == nil)
            #expect(try await test.holder(of: Stage.current, name) == second)
        },
        StoreConformance("A version without a label can still be read by its id, and says so", needs: .stageMoves) {
            test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            _ = try await test.put(name, "[1]")
            _ = try await test.put(name, "[2]")
            let read = try await test.store.read(name, VersionSelector(id: first))
            #expect(StoreConformance.text(of: read.content) == "{}" && read.stages.isEmpty)
            let summary = try await test.store.versions(name).first { $0.versionID == first }
            #expect(summary?.stages == [])
        },
        StoreConformance("Of ten who move the current label from one version, one succeeds", needs: .stageMoves) {
            test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            var candidates: [String] = []
            for number in 0..<10 {
                candidates.append(try await test.put(name, "[\(number)]", stages: ["candidate-\(number)"]))
            }
            let results = await withTaskGroup(of: String.self) { group in
                for candidate in candidates {
                    group.addTask {
                        await StoreConformance.errorName {
                            try await test.store.moveStage(name, Stage.current, from: first, to: candidate)
                        }
                    }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(results.count { $0 == "none" } == 1)
            #expect(results.count { $0 == "conflict" } == 9)
            #expect(try await test.holder(of: Stage.previous, name) == first)
        },
    ]

    static let deleting = [
        StoreConformance("A secret that is scheduled for deletion says so, and comes back whole", needs: .deletion) {
            test in
            let name = test.name()
            let first = try await test.make(name, "{}")
            let due = try await test.store.delete(name, days: 7)
            #expect(try await test.store.describe(name).deletionDate != nil)
            #expect(due != nil)
            try await test.store.restore(name)
            #expect(try await test.store.describe(name).deletionDate == nil)
            #expect(try await test.text(name) == "{}")
            #expect(try await test.holder(of: Stage.current, name) == first)
        },
        StoreConformance("Until it is restored it can be neither read, written nor made anew", needs: .deletion) {
            test in
            let (name, store) = (test.name(), test.store)
            let first = try await test.make(name, "{}")
            let second = try await test.put(name, "[1]")
            _ = try await store.delete(name, days: 30)
            let expected = "scheduledForDeletion"
            #expect(await StoreConformance.errorName { _ = try await store.read(name) } == expected)
            #expect(
                await StoreConformance.errorName { _ = try await store.read(name, VersionSelector(id: first)) }
                    == expected)
            #expect(await StoreConformance.errorName { _ = try await test.put(name, "[2]") } == expected)
            #expect(await StoreConformance.errorName { _ = try await test.make(name) } == expected)
            #expect(
                await StoreConformance.errorName {
                    try await store.moveStage(name, Stage.current, from: second, to: first)
                } == expected)
            let all = try await store.readAll([name])
            if case .failure(.scheduledForDeletion) = try #require(all.first) {} else { Issue.record("\(all)") }
            try await store.restore(name)
            #expect(try await test.text(name) == "[1]")
        },
        StoreConformance("A deletion window is 7 to 30 days") { test in
            let name = test.name()
            _ = try await test.make(name, "{}")
            for days in [6, 31, 0, -1] {
                #expect(
                    await StoreConformance.errorName { _ = try await test.store.delete(name, days: days) } == "invalid")
            }
            #expect(try await test.text(name) == "{}")
        },
    ]

    static let listing = [
        StoreConformance("Secrets are listed by prefix, each once, page after page") { test in
            let ends = (0..<120).map { "n\($0)" } + ["a/b/c", "A", "z.z", "z-z", "=", "@x"]
            for end in ends.shuffled() { _ = try await test.make(test.name(end)) }
            _ = try await test.make(test.prefix.dropLast() + "-other")
            let collected = Collected()
            try await test.store.list(prefix: test.prefix, includingDeleted: false) { await collected.add($0) }
            #expect(Set(await collected.all.map(\.name)) == Set(ends.map { test.name($0) }))
            #expect(await collected.all.count == ends.count)
            #expect(await collected.pages > 1)
        },
        StoreConformance("Secrets that are scheduled for deletion are listed only when asked for", needs: .deletion) {
            test in
            _ = try await test.make(test.name("kept"))
            _ = try await test.make(test.name("gone"))
            _ = try await test.store.delete(test.name("gone"), days: 7)
            for (isAsked, names) in [(false, ["kept"]), (true, ["gone", "kept"])] {
                let collected = Collected()
                try await test.store.list(prefix: test.prefix, includingDeleted: isAsked) { await collected.add($0) }
                #expect(await collected.all.map(\.name).sorted() == names.map { test.name($0) })
            }
        },
        StoreConformance("Secrets are listed in the order of their names", needs: .order) { test in
            let ends = ["b", "a", "a/c", "B", "a-b", "_", "a.b", "10", "9"]
            for end in ends { _ = try await test.make(test.name(end)) }
            let collected = Collected()
            try await test.store.list(prefix: test.prefix, includingDeleted: false) { await collected.add($0) }
            let expected = ["10", "9", "B", "_", "a", "a-b", "a.b", "a/c", "b"]
            #expect(await collected.all.map(\.name) == expected.map { test.name($0) })
        },
        StoreConformance("A list of nothing has no page with a secret") { test in
            let collected = Collected()
            try await test.store.list(prefix: test.prefix, includingDeleted: true) { await collected.add($0) }
            #expect(await collected.all.isEmpty)
        },
    ]

    /// Pages of a list.
    private actor Collected {
        private(set) var all: [SecretDescription] = []
        private(set) var pages = 0

        func add(_ page: [SecretDescription]) {
            all += page
            pages += 1
        }
    }
}
