// Entries leave the index and come back; the real git is asked what it makes of it.

import Files
import Foundation
import Testing

@testable import Git

@Suite("Editing the index")
struct IndexEditingTests {
    private func bytes(_ path: String) -> [UInt8] { Array(path.utf8) }

    @Test(
        "What is taken out is gone from the index alone, and comes back exactly",
        arguments: ["backend/.env", "with space/.env.local", "größe/日本.env", "a\"b\\c/.env", "line\nbreak/.env"])
    func roundTrip(path: String) throws {
        let sample = try GitSample()
        try sample.write(path, "A=1\n")
        try sample.write("other.txt", "other\n")
        try sample.commit()
        let before = try sample.index()
        let repository = try Repository(discovering: sample.path)

        let removed = try repository.removeFromIndex([bytes(path)])
        #expect(removed.map(\.path) == [bytes(path)])
        #expect(try sample.index().count == 1)
        #expect(sample.bytes(path) == bytes("A=1\n"))
        #expect(try sample.git("fsck", "--no-dangling") == "")

        // Through the line of text that a backup keeps.
        let records = removed.compactMap { IndexRecord(line: $0.line) }
        #expect(records == removed)
        try repository.restoreToIndex(records)
        #expect(try sample.index() == before)
        #expect(try sample.git("status", "--porcelain") == "")
    }

    @Test("Mode and flags come back: an executable, a link, assume-unchanged, skip-worktree, intent-to-add")
    func flags() throws {
        let sample = try GitSample()
        for name in ["run.env", "kept.env", "skipped.env"] { try sample.write(name, name) }
        try sample.git("add", "--all")
        try sample.git("update-index", "--chmod=+x", "run.env")
        try sample.git("commit", "--quiet", "--message", "Start")
        try sample.git("update-index", "--assume-unchanged", "kept.env")
        try sample.git("update-index", "--skip-worktree", "skipped.env")
        try FileManager.default.createSymbolicLink(atPath: sample.path + "/link.env", withDestinationPath: "run.env")
        try sample.git("add", "link.env")
        try sample.write("later.env", "later")
        try sample.git("add", "--intent-to-add", "later.env")
        let before = try sample.index()
        #expect(before.count == 5)

        let repository = try Repository(discovering: sample.path)
        let paths = try repository.indexRecords { _ in true }.map(\.path)
        let removed = try repository.removeFromIndex(paths)
        #expect(try sample.index() == [])
        // `git add --intent-to-add` names the empty blob, which is not in the database.
        try repository.restoreToIndex(removed.filter { !$0.isIntentToAdd })
        #expect(try sample.index() == before.filter { !$0.contains("later.env") })
    }

    @Test("An index that git has locked is left alone, and the lock is named")
    func locked() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.commit()
        let lock = sample.path + "/.git/index.lock"
        FileManager.default.createFile(atPath: lock, contents: nil)
        let before = sample.bytes(".git/index")
        let repository = try Repository(discovering: sample.path)
        #expect(throws: IndexError.locked(lock)) { try repository.removeFromIndex([bytes(".env")]) }
        #expect(sample.bytes(".git/index") == before)
        #expect(FileManager.default.fileExists(atPath: lock), "a lock of somebody else's is not ours to remove")
    }

    @Test("What another git staged after the repository was opened stays staged")
    func stagedMeanwhile() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.commit()
        let repository = try Repository(discovering: sample.path)
        _ = try repository.indexEntries()
        try sample.write("new.txt", "new\n")
        try sample.git("add", "new.txt")
        try repository.removeFromIndex([bytes(".env")])
        #expect(try sample.git("ls-files") == "new.txt")
    }

    @Test("A file that was changed in the very moment in which it was staged still shows as changed")
    func racilyClean() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.write("data.txt", "one\n")
        try sample.commit()
        // As on file systems where it says nothing.
        try sample.git("config", "core.trustctime", "false")
        // The same size and the same time: git only looks again because the index is no younger than the file.
        let file = sample.path + "/data.txt"
        func age(_ path: String) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)], ofItemAtPath: path)
        }
        try age(file)
        try sample.git("add", "data.txt")
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.write(contentsOf: Data("two\n".utf8))
        try handle.close()
        try age(file)
        try age(sample.path + "/.git/index")

        try Repository(discovering: sample.path).removeFromIndex([bytes(".env")])
        #expect(try sample.git("diff", "--name-only") == "data.txt")
    }

    @Test("A path in the middle of a merge is refused, and nothing is written")
    func conflict() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.commit()
        try sample.git("switch", "--quiet", "--create", "other")
        try sample.write(".env", "A=2\n")
        try sample.commit()
        try sample.git("switch", "--quiet", "main")
        try sample.write(".env", "A=3\n")
        try sample.commit()
        _ = try sample.git(in: sample.path, ["merge", "other"], mayFail: true)
        let before = sample.bytes(".git/index")
        let repository = try Repository(discovering: sample.path)
        #expect(repository.operationInProgress() == "merge")
        #expect(throws: IndexError.conflict(path: ".env")) { try repository.removeFromIndex([bytes(".env")]) }
        #expect(sample.bytes(".git/index") == before)
        #expect(!FileManager.default.fileExists(atPath: sample.path + "/.git/index.lock"))
    }

    @Test("What has been staged since in an entry's place is not overwritten")
    func occupied() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.commit()
        let repository = try Repository(discovering: sample.path)
        let removed = try repository.removeFromIndex([bytes(".env")])
        try sample.write(".env", "A=2\n")
        try sample.git("add", ".env")
        #expect(throws: IndexError.occupied(path: ".env")) { try repository.restoreToIndex(removed) }
        let gone = IndexRecord(path: bytes("b.env"), id: .zero, mode: 0o100644)
        #expect(throws: IndexError.contentMissing(path: "b.env")) { try repository.restoreToIndex([gone]) }
    }

    @Test("Indexes of version 4 and those with extensions stay whole; a split one is refused in one line")
    func forms() throws {
        let sample = try GitSample()
        for number in 0..<50 { try sample.write("folder/\(number).txt", "\(number)") }
        try sample.write("folder/.env", "A=1\n")
        try sample.commit()
        try sample.git("update-index", "--index-version", "4", "--untracked-cache")
        let repository = try Repository(discovering: sample.path)
        try repository.removeFromIndex([bytes("folder/.env")])
        #expect(try sample.index().count == 50)
        #expect(try sample.git("status", "--porcelain") == "D  folder/.env\n?? folder/.env")

        try sample.git("reset", "--quiet")
        try sample.git("update-index", "--split-index")
        let before = sample.bytes(".git/index")
        let fresh = try Repository(discovering: sample.path)
        let error = #expect(throws: IndexError.self) { try fresh.removeFromIndex([bytes("folder/.env")]) }
        if case .unsupported? = error {} else { Issue.record("not told as unsupported: \(String(describing: error))") }
        #expect(sample.bytes(".git/index") == before)
    }

    @Test("Linked worktrees and submodules have an index of their own, and a bare repository has none")
    func otherPlaces() throws {
        let sample = try GitSample()
        try sample.write(".env", "A=1\n")
        try sample.commit()
        let linked = sample.folder + "/linked"
        try sample.git("worktree", "add", "--quiet", linked, "-b", "side")
        try Repository(discovering: linked).removeFromIndex([bytes(".env")])
        #expect(try sample.git(in: linked, ["ls-files"]) == "")
        #expect(try sample.git("ls-files") == ".env")

        let outer = try GitSample()
        try outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sample.path, "inner")
        try Repository(discovering: outer.path + "/inner").removeFromIndex([bytes(".env")])
        #expect(try outer.git(in: outer.path + "/inner", ["ls-files"]) == "")
        #expect(try outer.git("ls-files") == ".gitmodules\ninner")

        let bare = try GitSample("--bare")
        let repository = try Repository(discovering: bare.path)
        #expect(throws: IndexError.bare) { try repository.removeFromIndex([bytes(".env")]) }
    }

    @Test("Lines of records are read back or refused, whatever the path", .timeLimit(.minutes(1)))
    func lines() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let path = (0..<Int.random(in: 1...12)).map { _ in UInt8.random(in: 1...255, using: &generator) }
            let record = IndexRecord(
                path: path, id: .zero, mode: 0o100755, isAssumedUnchanged: Bool.random(), isIntentToAdd: Bool.random())
            #expect(IndexRecord(line: record.line) == record, "path \(path)")
            #expect(record.line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
        for text in ["", "100644", "x \(ObjectID.zero) - a", "100644 12 - a", "100644 \(ObjectID.zero) q a", "1 2 3 4"]
        {
            #expect(IndexRecord(line: text) == nil)
        }
    }
}
