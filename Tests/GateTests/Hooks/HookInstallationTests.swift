// A hook of ours in a real repository: git runs it, what was there before runs after it, and all of it can be taken back.

import Foundation
import TestRepositories
import Testing

@testable import Gate

@Suite struct HookInstallationTests {
    @Test func `git asks the check before each commit, wherever it is started and whatever it commits`() throws {
        let scene = try HookScene()
        try scene.install()
        try scene.repository.write("src/a", "1\n").commit("Start")
        #expect(try scene.asked() == ["3", "hook", "run", "pre-commit"])
        try scene.repository.write("src/a", "2\n")
        try scene.repository.git("-C", "src", "commit", "--quiet", "--all", "--message", "From a folder")
        #expect(try scene.asked() == ["3", "hook", "run", "pre-commit"])
        try scene.repository.write("src/a", "3\n").write("b", "1\n").stage()
        try scene.repository.git("commit", "--quiet", "--message", "One of two", "src/a")
        try scene.repository.git("commit", "--quiet", "--amend", "--message", "Both")
        #expect(try scene.asked().count == 8)

        try scene.refuse()
        let head = try scene.repository.id()
        try scene.repository.write("c", "1\n").stage()
        #expect(throws: TemporaryRepository.Failure.self) { try scene.repository.git("commit", "--message", "No") }
        #expect(try scene.repository.id() == head)
        try scene.repository.git("commit", "--quiet", "--no-verify", "--message", "All the same")
        #expect(try scene.repository.id() != head)
    }

    @Test func `installing twice changes nothing, and taking it away leaves nothing`() throws {
        let scene = try HookScene()
        let before = try scene.hooks()
        try scene.install(.preCommit, .commitMessage, .prePush)
        let installed = try scene.hooks()
        #expect(installed.keys.sorted() == ["commit-msg", "pre-commit", "pre-push"])
        #expect(try scene.install(.preCommit, .commitMessage, .prePush).allSatisfy { $0.action == .none })
        #expect(try scene.hooks() == installed)
        #expect(try scene.uninstall().map(\.action) == [.remove, .remove, .remove])
        #expect(try scene.hooks() == before)
        #expect(try scene.uninstall() == [])
    }

    @Test func `a program that has moved is found again by installing again`() throws {
        let scene = try HookScene()
        try scene.install()
        let other = try HookInstallation(at: scene.repository.path, program: "/elsewhere/migrate", world: scene.world)
        let change = try other.installing(.preCommit)
        #expect(change.action == .renew)
        try other.apply(change)
        #expect(try scene.status()[.preCommit]?.program?.path == "/elsewhere/migrate")
    }

    @Test func `the hook that is there runs after ours with the same words, and its refusal counts`() throws {
        let scene = try HookScene()
        let theirs = "echo \"theirs $*\" >> '\(scene.repository.folder)/log'\n[ ! -f '\(scene.repository.folder)/no' ]"
        try scene.script(scene.hook("commit-msg"), theirs, mode: 0o751)
        try scene.script(scene.hook(), theirs, mode: 0o700)
        let before = try scene.hooks()
        #expect(try scene.install(.preCommit, .commitMessage).map(\.action) == [.keep(runs: true), .keep(runs: true)])
        try scene.repository.write("a", "1\n").commit("Start")
        #expect(try scene.log("log") == ["theirs ", "theirs .git/COMMIT_EDITMSG"])
        #expect(
            try scene.asked() == [
                "3", "hook", "run", "pre-commit", "4", "hook", "run", "commit-msg", ".git/COMMIT_EDITMSG",
            ])

        try TemporaryRepository.write(scene.repository.folder + "/no", [])
        #expect(throws: TemporaryRepository.Failure.self) { try scene.repository.write("a", "2\n").commit("No") }
        #expect(try scene.log("log") == ["theirs "])
        try scene.refuse()
        #expect(throws: TemporaryRepository.Failure.self) { try scene.repository.commit("No") }
        #expect(try scene.log("log") == [], "after a refusal of ours, theirs is not asked")

        #expect(try scene.uninstall().map(\.action) == [.restore, .restore])
        #expect(try scene.hooks() == before)
    }

    @Test func `what git says of a push reaches both, though it says it once`() throws {
        let scene = try HookScene()
        try scene.script(
            scene.hook("pre-push"),
            "cat >> '\(scene.repository.folder)/log'; echo \"$@\" >> '\(scene.repository.folder)/log'")
        try scene.install(.prePush)
        try scene.repository.write("a", "1\n").commit("Start")
        try scene.repository.git("branch", "other")
        let remote = scene.repository.folder + "/remote.git"
        try scene.repository.git("init", "--quiet", "--bare", remote)
        try scene.repository.git("push", "--quiet", remote, "main", "other")
        let id = try scene.repository.id()
        let none = String(repeating: "0", count: 40)
        let lines = ["main", "other"].map { "refs/heads/\($0) \(id) refs/heads/\($0) \(none)" }
        #expect(try scene.asked() == ["5", "hook", "run", "pre-push", remote, remote] + lines)
        #expect(try scene.log("log") == lines + ["\(remote) \(remote)"])
        try scene.refuse()
        try scene.repository.commit("Next")
        #expect(throws: TemporaryRepository.Failure.self) {
            try scene.repository.git("push", "--quiet", remote, "main")
        }
        #expect(try scene.log("log") == [])
    }

    @Test func `a hook that is not executable is kept and, as by git, not run`() throws {
        let scene = try HookScene()
        try scene.script(scene.hook(), "echo theirs >> '\(scene.repository.folder)/log'", mode: 0o644)
        let before = try scene.hooks()
        #expect(try scene.install().map(\.action) == [.keep(runs: false)])
        try scene.repository.write("a", "1\n").commit("Start")
        #expect(try scene.log("log") == [])
        #expect(try scene.asked().count == 4)
        #expect(try scene.status()[.preCommit]?.keptRuns == false)
        try scene.uninstall()
        #expect(try scene.hooks() == before)
    }

    @Test(arguments: ["../../tools/hook", "nowhere"])
    func `a hook that is a link stays one, and what it leads to is not touched`(target: String) throws {
        let scene = try HookScene()
        let tool = scene.repository.path + "/tools/hook"
        try scene.script(tool, "echo theirs >> '\(scene.repository.folder)/log'")
        let bytes = try TemporaryRepository.read(tool)
        try TemporaryRepository.write(scene.hook("x"), [])
        try FileManager.default.removeItem(atPath: scene.hook("x"))
        try scene.repository.link(".git/hooks/pre-commit", to: target)
        let before = try scene.hooks()
        try scene.install()
        #expect(try TemporaryRepository.read(tool) == bytes)
        try scene.repository.write("a", "1\n").commit("Start")
        #expect(try scene.log("log") == (target == "nowhere" ? [] : ["theirs"]))
        #expect(try scene.asked().count == 4)
        try scene.uninstall()
        #expect(try scene.hooks() == before)
    }

    @Test func `a hook of ours that somebody has changed is left alone`() throws {
        let scene = try HookScene()
        try scene.install()
        let bytes = try TemporaryRepository.read(scene.hook())
        try scene.script(scene.hook(), String(decoding: bytes.dropFirst(10), as: UTF8.self) + "echo more")
        let before = try scene.hooks()
        #expect(throws: HookRefusal.changed(path: scene.hook())) { try scene.uninstall() }
        #expect(throws: HookRefusal.changed(path: scene.hook())) { try scene.install() }
        #expect(try scene.hooks() == before)
        let hook = try #require(try scene.status()[.preCommit])
        #expect(hook.owner == .changed && !hook.isActive)
    }

    @Test func `every byte of the hook that is changed is noticed`() throws {
        let bytes = HookScript(name: "pre-commit", program: "/usr/bin/migrate").bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x01
            if case .ours = HookScript.recognise(changed) { Issue.record("byte \(index)") }
        }
    }

    @Test func `two hooks under one name are told, not chosen from`() throws {
        let scene = try HookScene()
        try scene.script(scene.hook(), "true")
        try scene.install()
        try scene.script(scene.hook(), "echo another")
        let before = try scene.hooks()
        let refusal = HookRefusal.twoHooks(path: scene.hook(), kept: scene.hook("pre-commit.migrate-kept"))
        #expect(throws: refusal) { try scene.install() }
        #expect(throws: refusal) { try scene.uninstall() }
        #expect(try scene.hooks() == before)
    }

    @Test func `a folder in the place of a hook is told`() throws {
        let scene = try HookScene()
        try TemporaryRepository.write(scene.hook() + "/x", [])
        #expect(throws: HookRefusal.noFile(path: scene.hook())) { try scene.install() }
    }

    @Test func `what an installation that was cut short has left is gone on from, or cleared away`() throws {
        for isCopy in [false, true] {
            for goesOn in [true, false] {
                let scene = try HookScene()
                try scene.script(scene.hook(), "echo theirs >> '\(scene.repository.folder)/log'", mode: 0o755)
                let before = try scene.hooks()
                let kept = scene.hook("pre-commit.migrate-kept")
                if isCopy {
                    try FileManager.default.copyItem(atPath: scene.hook(), toPath: kept)
                } else {
                    try FileManager.default.linkItem(atPath: scene.hook(), toPath: kept)
                }
                try TemporaryRepository.write(scene.hook("pre-commit.migrate-new"), Array("half".utf8))
                try TemporaryRepository.write(scene.hook("pre-commit.migrate-new.1.2.tmp"), Array("half".utf8))
                if goesOn {
                    #expect(try scene.install().map(\.action) == [.keep(runs: true)])
                    try scene.repository.write("a", "1\n").commit("Start")
                    #expect(try scene.log("log") == ["theirs"])
                    #expect(try scene.uninstall().map(\.action) == [.restore])
                } else {
                    #expect(try scene.uninstall().map(\.action) == [.forgetKept])
                }
                #expect(try scene.hooks() == before)
            }
        }
    }

    @Test func `a hook of ours that was deleted by hand gives the one from before back`() throws {
        let scene = try HookScene()
        try scene.script(scene.hook(), "true")
        let before = try scene.hooks()
        try scene.install()
        try FileManager.default.removeItem(atPath: scene.hook())
        #expect(try scene.uninstall().map(\.action) == [.restore])
        #expect(try scene.hooks() == before)
    }

    @Test func `a hook that changes between the look and the change is not lost`() throws {
        let scene = try HookScene()
        try scene.script(scene.hook(), "true")
        let installation = try scene.installation()
        let change = try installation.installing(.preCommit)
        try FileManager.default.removeItem(atPath: scene.hook())
        try scene.script(scene.hook(), "echo another one")
        let before = try scene.hooks()
        #expect(throws: HookRefusal.raced(path: scene.hook())) { try installation.apply(change) }
        #expect(try scene.hooks() == before)
    }

    @Test func `without a program, the hook blocks and says how to pass`() throws {
        let scene = try HookScene()
        try scene.install()
        try FileManager.default.removeItem(atPath: scene.program)
        let failure = #expect(throws: TemporaryRepository.Failure.self) {
            try scene.repository.write("a", "1\n").commit("No")
        }
        let said = failure?.description.split(separator: "\n").map(String.init) ?? []
        #expect(said.count == 1)
        #expect(said.first?.contains("to pass: git commit --no-verify") == true, "\(said)")
        #expect(try scene.status()[.preCommit]?.obstacle == .noProgram)
        #expect(try scene.status().isActive == false)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func `a folder that cannot be written is told`() throws {
        let scene = try HookScene()
        try scene.script(scene.hook("x"), "true")
        let folder = scene.repository.path + "/.git/hooks"
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
        #expect(throws: (any Error).self) { try scene.install() }
        #expect(try scene.hooks().keys.sorted() == ["x"])
    }
}
