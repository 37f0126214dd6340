// Two branches change the ignore file, and git, the real one, puts them together.

import Settings
import TestRepositories
import Testing
import World

@testable import Scanning

@Suite struct IgnoreFileMergeTests {
    /// A repository in which `main` has `before`, and two branches have each put something onto that.
    private static func repository(
        before: [Acceptance]?, _ ours: @escaping (inout IgnoreFileEditor) throws -> Void,
        _ theirs: @escaping (inout IgnoreFileEditor) throws -> Void
    ) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        let base = try before.map { try written($0) }
        try repository.write("README", "x\n")
        if let base { try repository.write(acceptancePath, base) }
        try repository.commit("Before")
        try repository.checkOut("-b", "theirs")
        for (branch, change) in [("theirs", theirs), ("main", ours)] {
            try repository.checkOut(branch)
            var editor = try IgnoreFileEditor(base, path: acceptancePath)
            try change(&editor)
            try repository.write(acceptancePath, editor.bytes).commit("On \(branch)")
        }
        return repository
    }

    /// What the file has after `git merge theirs`; nil for a conflict, which stays in the worktree.
    private static func merged(_ repository: TemporaryRepository) throws -> Acceptances? {
        guard (try? repository.git("merge", "--quiet", "--no-edit", "theirs")) != nil else { return nil }
        return try Acceptances.load(root: repository.path)
    }

    @Test func `entries that both branches add to a file merge without a conflict`() throws {
        let before = ["2", "5", "9", "d"].map { entry(fingerprint($0)) }
        let repository = try Self.repository(before: before) {
            try $0.put([entry(fingerprint("3"), "ours"), entry(fingerprint("a"), "ours")])
        } _: {
            try $0.put([entry(fingerprint("4"), "theirs"), entry(fingerprint("b"), "theirs")])
        }
        let all = try #require(try Self.merged(repository))
        #expect(all.entries.map(\.fingerprint) == ["2", "3", "4", "5", "9", "a", "b", "d"].map(fingerprint))
    }

    @Test func `so they do in a file that has no entries yet`() throws {
        let repository = try Self.repository(before: []) {
            try $0.put([entry(fingerprint("7"))])
        } _: {
            try $0.put([entry(fingerprint("8"))])
        }
        #expect(try #require(try Self.merged(repository)).entries.map(\.fingerprint) == ["7", "8"].map(fingerprint))
    }

    @Test func `one branch adds where the other takes away`() throws {
        let before = ["2", "5", "51", "9"].map { entry(fingerprint($0)) }
        let repository = try Self.repository(before: before) {
            try $0.remove([fingerprint("51")])
        } _: {
            try $0.put([entry(fingerprint("8"))])
        }
        #expect(
            try #require(try Self.merged(repository)).entries.map(\.fingerprint)
                == ["2", "5", "8", "9"].map(fingerprint))
    }

    @Test func `the same entry on both branches is one`() throws {
        let repository = try Self.repository(before: [entry(fingerprint("2"))]) {
            try $0.put([entry(fingerprint("7"))])
        } _: {
            try $0.put([entry(fingerprint("7"))])
        }
        #expect(try #require(try Self.merged(repository)).entries.count == 2)
    }

    @Test func `a conflict between neighbours is told, and taking both sides resolves it`() throws {
        let repository = try Self.repository(before: [entry(fingerprint("2"))]) {
            try $0.put([entry(fingerprint("70"), "ours")])
        } _: {
            try $0.put([entry(fingerprint("71"), "theirs")])
        }
        #expect(try Self.merged(repository) == nil)
        do {
            _ = try Acceptances.load(root: repository.path)
            Issue.record("a file with marks was read")
        } catch { #expect(error.reason.contains("merge conflict")) }
        let bytes = Array(try repository.read(acceptancePath))
        let union = try #require(try MergeConflict.union(bytes, path: acceptancePath))
        #expect(union.acceptances.entries.map(\.fingerprint) == ["2", "70", "71"].map(fingerprint))
        #expect(union.acceptances.entries.map(\.reason) == ["used in tests", "ours", "theirs"])
        #expect(try Acceptances.parse(union.bytes, path: acceptancePath) == union.acceptances)
        #expect(union.disputed.isEmpty)
    }

    @Test(arguments: ["merge", "diff3", "zdiff3"])
    func `two files that were made apart are joined, whatever style of marks git has`(style: String) throws {
        let repository = try Self.repository(before: nil) {
            try $0.put([entry(fingerprint("3"), "ours"), entry(fingerprint("8"), "shared", until: "2027-05-05")])
        } _: {
            try $0.put([entry(fingerprint("8"), "shared", until: "2027-03-03"), entry(fingerprint("c"), "theirs")])
        }
        try repository.git("config", "merge.conflictStyle", style)
        #expect(try Self.merged(repository) == nil)
        let union = try #require(
            try MergeConflict.union(Array(try repository.read(acceptancePath)), path: acceptancePath))
        #expect(union.acceptances.entries.map(\.fingerprint) == ["3", "8", "c"].map(fingerprint))
        // Of two ends the first.
        #expect(union.acceptances.entries[1].until?.day == "2027-03-03")
        #expect(union.disputed == [fingerprint("8")])
    }

    @Test func `comments of both sides are kept, each once`() throws {
        let text = """
            # for all
            <<<<<<< HEAD
            # ours
            - {fingerprint: 1555555555555555, reason: a, owner: b, until: never}
            =======
            # theirs
            # for all
            >>>>>>> theirs

            """
        let union = try #require(try MergeConflict.union(Array(text.utf8), path: acceptancePath))
        let lines = String(decoding: union.bytes, as: UTF8.self).split(separator: "\n")
        for remark in ["# for all", "# ours", "# theirs"] { #expect(lines.count { $0 == remark } == 1) }
    }

    @Test(arguments: [
        "<<<<<<< a\n", "<<<<<<< a\n=======\n", ">>>>>>> b\n", "<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> b\n",
        "<<<<<<< a\nkey: value\n=======\n>>>>>>> b\n",
    ])
    func `marks without their counterparts are refused`(text: String) {
        #expect(throws: ConfigurationError.self) { try MergeConflict.union(Array(text.utf8), path: acceptancePath) }
    }

    @Test func `a file without a conflict is left alone, one with a fingerprint twice is not`() throws {
        let bytes = try written([entry(fingerprint("1"))])
        #expect(try MergeConflict.union(bytes, path: acceptancePath) == nil)
        let twice =
            bytes + Array(IgnoreFileText.lines(of: entry(fingerprint("1"), "again")).joined(separator: "\n").utf8)
        let union = try #require(try MergeConflict.union(twice, path: acceptancePath))
        #expect(union.acceptances.entries.count == 1 && union.disputed == [fingerprint("1")])
    }

    /// How often two people who each add two entries get a conflict, as measured with git's own three-way merge.
    @Test func `conflicts are rare in a file with a few entries`() throws {
        var dice = Dice(state: 0x3A6E)
        var conflicts = 0
        let rounds = 40
        for _ in 0..<rounds {
            let before = (0..<30).map { _ in entry(dice.fingerprint()) }
            let ours = (0..<2).map { _ in entry(dice.fingerprint(), "ours") }
            let theirs = (0..<2).map { _ in entry(dice.fingerprint(), "theirs") }
            let repository = try Self.repository(before: before) {
                try $0.put(ours)
            } _: {
                try $0.put(theirs)
            }
            guard let all = try Self.merged(repository) else {
                conflicts += 1
                continue
            }
            let expected = Set((before + ours + theirs).map(\.fingerprint))
            #expect(Set(all.entries.map(\.fingerprint)) == expected)
        }
        // Four of about 46 places are taken by chance: one in ten, or so.
        #expect(conflicts <= rounds / 4, "\(conflicts) of \(rounds)")
    }
}

extension TemporaryRepository {
    fileprivate func read(_ name: String) throws -> [UInt8] { try Self.read(path + "/" + name) }
}
