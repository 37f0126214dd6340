// Our reading of git's index against git's own, in every form that git writes.

import Git
import TestRepositories
import Testing

@testable import Gate

@Suite struct StagedIndexTests {
    enum Form: String, CaseIterable {
        case two = "2", three = "3", four = "4", split, untracked, sparse, withoutTrees
    }

    /// Random numbers that can be drawn again.
    struct Draw: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// What git says that a commit would add or change.
    private func expected(_ repository: TemporaryRepository) throws -> Set<String> {
        let text = try repository.git(
            "diff-index", "--cached", "--ita-invisible-in-index", "--no-renames", "--diff-filter=ACMT", "--raw",
            "--abbrev=40", "HEAD")
        var found: Set<String> = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            let words = parts[0].split(separator: " ")
            // A change of mode alone brings nothing in; a submodule is no file.
            if words[2] == words[3] && words[0].dropFirst().prefix(3) == words[1].prefix(3) { continue }
            if words[1] == "160000" { continue }
            found.insert("\(words[3]) \(parts[1])")
        }
        return found
    }

    private func actual(_ repository: TemporaryRepository) throws -> Set<String> {
        let surroundings = HookSurroundings(environment: [:], folder: repository.path)
        let opened = try Repository.open(for: surroundings)
        let changes = try opened.changes(
            of: opened.stagedIndex(surroundings), since: opened.parentTrees(surroundings))
        return Set(changes.added.map { "\($0.id) \($0.shownPath)" })
    }

    @Test(arguments: Form.allCases, [1, 2, 3] as [UInt64])
    func `what is new is what git says is new`(form: Form, seed: UInt64) throws {
        let repository = try TemporaryRepository()
        var draw = Draw(state: seed &* 7_919 &+ 13)
        let names = (0..<60).map { number -> String in
            let folders = ["", "a/", "a/b/", "a.b/", "a-b/", "z/y/x/", "a0/"]
            return folders[number % folders.count] + ["n", "n.c", "n-", "n0"][number % 4] + "\(number)"
        }
        for name in names where Bool.random(using: &draw) { try repository.write(name, "one \(name)\n") }
        try repository.write("a/keep", "1\n").write("z/keep", "1\n").commit("One")
        switch form {
        case .two, .three, .four:
            try repository.git("update-index", "--index-version", form.rawValue)
        case .split:
            try repository.git("config", "splitIndex.maxPercentChange", "100")
            try repository.git("update-index", "--split-index")
        case .untracked: try repository.git("update-index", "--untracked-cache")
        case .sparse:
            try repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "a/b")
        case .withoutTrees: try repository.git("read-tree", "HEAD")
        }
        for _ in 0..<3 {
            for _ in 0..<8 {
                let name = names.randomElement(using: &draw) ?? "n"
                if form == .sparse, name.contains("/"), !name.hasPrefix("a/b/"), !name.hasPrefix("a/n") { continue }
                switch Int.random(in: 0..<4, using: &draw) {
                case 0:
                    _ = try? repository.git("rm", "--quiet", "--force", "--ignore-unmatch", "--", name)
                case 1:
                    try repository.write(name, "intent\n")
                    _ = try? repository.git("add", "--intent-to-add", "--", name)
                default:
                    try repository.write(name, "\(draw.next())\n")
                    try repository.git("add", "--", name)
                }
            }
            #expect(try actual(repository) == expected(repository))
            // As `git commit` does before it calls the hook.
            _ = try? repository.git("write-tree")
            #expect(try actual(repository) == expected(repository))
        }
    }

    @Test func `a folder in the place of a file, and a file in the place of a folder`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a", "1\n").write("b/c", "1\n").write("a.x", "1\n").commit("One")
        try repository.git("rm", "--quiet", "-r", "a", "b")
        try repository.write("a/d", "2\n").write("b", "2\n").stage()
        #expect(try actual(repository) == expected(repository))
    }

    @Test func `bytes that are no index are refused, and none brings it down`() throws {
        let repository = try TemporaryRepository()
        for number in 0..<30 { try repository.write("d\(number % 5)/f\(number)", "\(number)\n") }
        try repository.stage()
        try repository.git("write-tree")
        for version in ["2", "4"] {
            try repository.git("update-index", "--index-version", version)
            let bytes = try TemporaryRepository.read(repository.path + "/.git/index")
            #expect(try StagedIndex(bytes, shared: { _ in nil }).entries.count == 30)
            for length in stride(from: 0, to: bytes.count, by: 37) {
                #expect(throws: IndexFormatError.self) {
                    // Without its last bytes, which no reader of ours looks at, it would still be whole.
                    try StagedIndex(Array(bytes[..<min(length, bytes.count - 60)]), shared: { _ in nil })
                }
            }
            var draw = Draw(state: 99)
            for _ in 0..<400 {
                var damaged = bytes
                for _ in 0..<3 {
                    damaged[Int.random(in: 0..<damaged.count, using: &draw)] = UInt8.random(in: 0...255, using: &draw)
                }
                guard let index = try? StagedIndex(damaged, shared: { _ in nil }) else { continue }
                let surroundings = HookSurroundings(environment: [:], folder: repository.path)
                let opened = try Repository.open(for: surroundings)
                _ = try? opened.changes(of: index, since: [])
            }
        }
    }

    @Test func `a split index without its shared part is refused`() throws {
        let repository = try TemporaryRepository()
        try repository.write("a", "1\n").commit("One")
        try repository.git("update-index", "--split-index")
        for name in try TemporaryRepository.names(in: repository.path + "/.git") where name.hasPrefix("sharedindex.") {
            try repository.delete(repository.path + "/.git/" + name)
        }
        #expect(throws: IndexFormatError.self) { try repository.check() }
    }
}
