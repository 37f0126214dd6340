// Where a value can stand in a repository: each place is found, and named for what it is.

import Detection
import Git
import TestRepositories
import Testing

@testable import Scanning

@Suite("Places")
struct PlaceTests {
    @Test("A committed file is in the worktree, the index, HEAD and its branch")
    func committed() async throws {
        let repository = try TemporaryRepository().write("a/app.py", Value.line()).commit("add")
        try repository.age()
        let report = try await repository.scan()
        let key = try report.key()
        #expect(key.reaches == ["a/app.py": [.worktree, .index, .head, .branch]])
        #expect(key.occurrences.map(\.line) == [1])
        #expect(key.occurrences.map(\.column) == [8])
        #expect(key.occurrences.map { $0.range } == [7..<76])
        #expect(report.isComplete)
    }

    @Test("A file that was removed later is on the branch alone")
    func removed() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add")
            .remove("app.py").commit("remove")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.branch]])
        #expect(!key.history.isInHead)
    }

    @Test("What only another branch has is found there")
    func otherBranch() async throws {
        let repository = try TemporaryRepository().commit("empty").checkOut("-b", "side")
            .write("app.py", Value.line()).commit("add").checkOut("main")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.branch]])
        #expect(key.history.references == ["refs/heads/side"])
    }

    @Test("What only a tag has is found there", arguments: [["tag", "v1"], ["tag", "-a", "-m", "release", "v1"]])
    func tag(command: [String]) async throws {
        let repository = try TemporaryRepository().commit("empty").checkOut("--detach")
            .write("app.py", Value.line()).commit("add")
        _ =
            command.count == 2
            ? try repository.git("tag", "v1") : try repository.git("tag", "-a", "-m", "release", "v1")
        try repository.checkOut("main")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.tag]])
        #expect(key.history.references == ["refs/tags/v1"])
    }

    @Test("What only a merge commit brought in is found")
    func mergeBorn() async throws {
        let repository = try TemporaryRepository().write("a", "1\n").commit("base").checkOut("-b", "side")
            .write("b", "2\n").commit("side").checkOut("main").write("c", "3\n").commit("main")
        try repository.git("merge", "--no-commit", "--no-ff", "side")
        try repository.write("app.py", Value.line()).commit("merge")
        let key = try await repository.scan().key()
        #expect(key.reaches["app.py"]?.isSuperset(of: [.index, .head, .branch]) == true)
        #expect(key.history.introduced?.subject == "merge")
        #expect(key.history.commitCount == 1)
    }

    @Test("A stash's tracked part is in the stash")
    func stash() async throws {
        let repository = try TemporaryRepository().write("app.py", "x = 1\n").commit("base").write(
            "app.py", Value.line())
        try repository.git("stash")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.stash]])
        #expect(key.history.references == ["refs/stash"])
    }

    @Test("A stash's untracked part is in the stash")
    func untrackedStash() async throws {
        let repository = try TemporaryRepository().commit("base").write("new/app.py", Value.line())
        try repository.git("stash", "-u")
        #expect(try await repository.scan().key().reaches == ["new/app.py": [.stash]])
    }

    @Test("An older stash, which only the stash's reflog remembers, is in the stash")
    func olderStash() async throws {
        let repository = try TemporaryRepository().write("app.py", "x = 1\n").commit("base").write(
            "app.py", Value.line())
        try repository.git("stash")
        try repository.write("app.py", "x = 2\n").git("stash")
        #expect(try await repository.scan().key().reaches == ["app.py": [.stash]])
    }

    @Test("What an amended commit had is in the reflog alone")
    func amended() async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).commit("add")
            .write("app.py", "key = read()\n").commit("add", "--amend")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.reflog]])
        #expect(key.history.references == ["reflog of HEAD", "reflog of refs/heads/main"])
    }

    @Test("A blob that nothing names is unreachable, and has no path")
    func danglingBlob() async throws {
        let repository = try TemporaryRepository().commit("base")
        let id = try repository.git("hash-object", "-w", "--stdin", input: Array(Value.line().utf8))
        let key = try await repository.scan().key()
        #expect(key.reaches == ["": [.unreachable]])
        #expect(key.occurrences.map(\.source) == [.blob(try #require(ObjectID(hexadecimal: id)), path: nil)])
        #expect(key.history.introduced == nil)
    }

    @Test("A commit that nothing names any more is unreachable, and its paths are known")
    func danglingCommit() async throws {
        let repository = try TemporaryRepository().commit("base").checkOut("-b", "side")
            .write("deep/er/app.py", Value.line()).commit("add").checkOut("main")
        try repository.git("branch", "-D", "side")
        try repository.expireReflogs()
        let key = try await repository.scan().key()
        #expect(key.reaches == ["deep/er/app.py": [.unreachable]])
        #expect(key.history.introduced?.subject == "add")
        #expect(key.history.references == [])
    }

    @Test("What is staged and not committed is in the index")
    func staged() async throws {
        let repository = try TemporaryRepository().commit("base").write("app.py", Value.line()).stage()
        try repository.age()
        #expect(try await repository.scan().key().reaches == ["app.py": [.index, .worktree]])
    }

    @Test("Before the first commit, what is staged is in the index, and nothing is amiss")
    func unborn() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).write(".env", "PORT=1\n").stage()
        try repository.age()
        let report = try await repository.scan()
        #expect(try report.key().reaches == ["app.py": [.index, .worktree]])
        #expect(report.dotenvFile(".env")?.standing == .tracked)
        #expect(report.isComplete)
        #expect(report.target.head == nil)
    }

    @Test("A modification that is not staged is in the worktree alone")
    func modified() async throws {
        let repository = try TemporaryRepository().write("app.py", "x = 1\n").commit("base").write(
            "app.py", Value.line())
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.worktree]])
        #expect(key.occurrences.map(\.source) == [.file(path: "app.py")])
    }

    @Test("A file that git neither tracks nor ignores is untracked")
    func untracked() async throws {
        let repository = try TemporaryRepository().commit("base").write("new/app.py", Value.line())
        #expect(try await repository.scan().key().reaches == ["new/app.py": [.untracked]])
    }

    @Test("An ignored dotenv file is listed, and no finding")
    func ignoredDotenv() async throws {
        let repository = try TemporaryRepository().write(".gitignore", ".env\n").commit("base")
            .write("backend/.env", "SENDGRID_API_KEY=\(Value.sendGrid())\n")
        let report = try await repository.scan()
        #expect(report.findings.isEmpty)
        let file = try #require(report.dotenvFile("backend/.env"))
        #expect(file.standing == .ignored)
        #expect(file.versionCount == 0)
        #expect(file.entries.map(\.key) == ["SENDGRID_API_KEY"])
        #expect(file.entries.map(\.valueClass) == [.secret])
    }

    @Test("A dotenv file that the ignore file of a subfolder lets in again is no ignored one")
    func letInAgain() async throws {
        let repository = try TemporaryRepository().write(".gitignore", ".env*\n")
            .write("backend/.gitignore", "!.env.local\n").commit("base")
            .write("backend/.env.local", "SENDGRID_API_KEY=\(Value.sendGrid())\n")
        let report = try await repository.scan()
        #expect(report.dotenvFile("backend/.env.local")?.standing == .untracked)
        #expect(try report.key().reach == [.untracked])
    }

    @Test("A dotenv file in Git LFS is read as what it is, not as its pointer", arguments: [".env", ".env.example"])
    func dotenvInLFS(name: String) async throws {
        let password = Value.password()
        let content = "SENDGRID_API_KEY=\(Value.sendGrid())\nDB_PASSWORD=\(password)\n"
        let repository = try TemporaryRepository().write(name, LFS.pointer(to: content)).commit("add")
            .write(LFS.file(of: content), content)
        let report = try await repository.scan { $0.scope = .history }
        #expect(try report.key().paths == [name])
        #expect(report.finding(password, "generic-secret")?.paths == [name])
        #expect(report.dotenvFile(name)?.entries.map(\.key) == ["SENDGRID_API_KEY", "DB_PASSWORD"])
        #expect(report.isComplete)
    }

    @Test("A value in an ignored dotenv file and in history is one finding with both places")
    func ignoredAndCommitted() async throws {
        let repository = try TemporaryRepository().write("app.py", Value.line()).commit("add").remove("app.py")
            .write(".gitignore", ".env\n").commit("remove").write(".env", "SENDGRID_API_KEY=\(Value.sendGrid())\n")
        let key = try await repository.scan().key()
        #expect(key.reaches == ["app.py": [.branch], ".env": [.ignored]])
    }

    @Test("A commit's message is a place")
    func commitMessage() async throws {
        let repository = try TemporaryRepository().commit("use \(Value.sendGrid()) for mail")
        let key = try await repository.scan().key()
        #expect(key.occurrences.map(\.source) == [.commitMessage(try #require(ObjectID(hexadecimal: repository.id())))])
        #expect(key.reach == [.commitMessage])
        #expect(key.history.references == ["refs/heads/main"])
        #expect(key.history.introduced?.subject == "(hidden: the message holds a secret)")
    }

    @Test("An annotated tag's message is a place")
    func tagMessage() async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("tag", "-a", "-m", "sent with \(Value.sendGrid())", "v1")
        let key = try await repository.scan().key()
        #expect(
            key.occurrences.map(\.source) == [.tagMessage(try #require(ObjectID(hexadecimal: repository.id("v1"))))])
        #expect(key.reach == [.tagMessage, .tag])
        #expect(key.history.references == ["refs/tags/v1"])
    }

    @Test("A note is a place")
    func note() async throws {
        let repository = try TemporaryRepository().commit("base")
        try repository.git("notes", "add", "-m", "the key was \(Value.sendGrid())")
        let key = try await repository.scan().key()
        #expect(key.reach == [.note])
        #expect(key.history.references == ["refs/notes/commits"])
    }

    @Test("What a pull request's reference has is found there")
    func otherReference() async throws {
        let repository = try TemporaryRepository().commit("base").checkOut("--detach").write("app.py", Value.line())
            .commit("add")
        try repository.git("update-ref", "refs/pull/1/head", "HEAD")
        try repository.checkOut("main")
        try repository.expireReflogs()
        #expect(try await repository.scan().key().reaches == ["app.py": [.otherReference]])
    }

    @Test("A reference may name a blob or a tree itself")
    func referenceToBlob() async throws {
        let repository = try TemporaryRepository().commit("base")
        let blob = try repository.git("hash-object", "-w", "--stdin", input: Array(Value.line(1).utf8))
        try repository.git("update-ref", "refs/tags/blob", blob)
        let other = try repository.git("hash-object", "-w", "--stdin", input: Array(Value.line(2).utf8))
        let tree = try repository.git("mktree", input: Array("100644 blob \(other)\tapp.py\n".utf8))
        try repository.git("update-ref", "refs/tags/tree", tree)
        let report = try await repository.scan()
        #expect(report.finding(Value.sendGrid(1))?.reaches == ["": [.tag]])
        #expect(report.finding(Value.sendGrid(2))?.reaches == ["app.py": [.tag]])
    }

    @Test(
        "Attributes hide nothing: files without diff, binary ones, exported or not",
        arguments: ["-diff", "binary", "export-ignore"])
    func attributes(attribute: String) async throws {
        let repository = try TemporaryRepository().write(".gitattributes", "*.dat \(attribute)\n")
            .write("a.dat", [0, 1, 2, 0xFF] + Array(Value.line().utf8)).commit("add")
        #expect(try await repository.scan().key().paths == ["a.dat"])
    }

    @Test("No program that the repository's settings name is run")
    func programs() async throws {
        let repository = try TemporaryRepository()
            .write(".gitattributes", "* filter=evil diff=evil merge=evil text working-tree-encoding=UTF-8\n")
            .write("app.py", "x = 1\n").commit("base")
        let marker = repository.folder + "/ran"
        let program = "touch \(marker); cat"
        for name in [
            "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv",
            "diff.evil.command", "merge.evil.driver", "core.fsmonitor", "core.pager", "core.sshCommand",
            "core.alternateRefsCommand",
        ] {
            try repository.git("config", name, program)
        }
        for hook in ["post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"] {
            try repository.write(".git/hooks/\(hook)", "#!/bin/sh\ntouch \(marker)\n")
            try repository.setMode(".git/hooks/\(hook)", 0o755)
        }
        try repository.write("app.py", Value.line()).write("new.py", Value.line(2))
        let report = try await repository.scan()
        #expect(report.keys.count == 2)
        #expect(!TemporaryRepository.exists(marker))
    }

    @Test("UTF-16 text is read as text, and offsets are those of the file", arguments: [true, false])
    func utf16(isBigEndian: Bool) async throws {
        let text = "\u{FEFF}name = \"é😀\"\r\n" + Value.line()
        let bytes = text.utf16.flatMap {
            isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
        let repository = try TemporaryRepository().write("app.txt", bytes).commit("add")
        let occurrence = try #require(try await repository.scan().key().occurrences.first)
        #expect(occurrence.line == 2)
        #expect(occurrence.column == 8)
        let found = bytes[occurrence.range]
        #expect(String(decoding: found.filter { $0 != 0 }, as: UTF8.self) == Value.sendGrid())
        #expect(found.count == 2 * Value.sendGrid().utf8.count)
    }

    @Test("A symbolic link's target is a blob like any other, and the link is not followed")
    func symbolicLink() async throws {
        let repository = try TemporaryRepository()
        try TemporaryRepository.write(repository.folder + "/outside.py", Array(Value.line(2).utf8))
        try repository.link("link.py", to: "../outside.py").link("odd", to: "mailto:" + Value.sendGrid(1))
        let report = try await repository.commit("add").scan()
        #expect(report.finding(Value.sendGrid(1))?.paths == ["odd"])
        #expect(report.finding(Value.sendGrid(2)) == nil)
        #expect(report.isComplete)
    }
}
