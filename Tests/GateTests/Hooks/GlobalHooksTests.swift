// One folder of hooks for all repositories of a user: it checks, and every hook of a repository still runs.

import Foundation
import TestRepositories
import Testing
import World

@testable import Gate

/// A user with a home of their own, whose settings git and we read alike.
private final class User {
    let scene: HookScene
    let home: String
    let world: World

    init(settings: String? = nil) throws {
        scene = try HookScene()
        home = scene.repository.folder + "/home of \"Ada\""
        try TemporaryRepository.write(home + "/x", [])
        var world = World.real()
        world.environment = ["HOME": home, "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"]
        self.world = world
        if let settings { try TemporaryRepository.write(home + "/.gitconfig", Array(settings.utf8)) }
    }

    var hooks: GlobalHooks { get throws { try GlobalHooks(in: world) } }

    func install(_ kinds: Set<HookKind> = [.preCommit]) throws -> Bool {
        try hooks.install(kinds, program: scene.program)
    }

    var settings: [UInt8]? {
        let path = home + "/.gitconfig"
        return TemporaryRepository.exists(path) ? try? TemporaryRepository.read(path) : nil
    }

    /// Git with nothing but this user's settings.
    @discardableResult
    func git(_ arguments: String..., in place: String? = nil) throws -> (status: Int32, text: String) {
        let output = scene.repository.folder + "/output"
        let status = try TemporaryRepository.execute(
            ["git", "-C", place ?? scene.repository.path, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
                + arguments,
            environment: ["HOME=\(home)", "PATH=/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C"], output: output)
        return (status, String(decoding: try TemporaryRepository.read(output), as: UTF8.self))
    }
}

@Suite struct GlobalHooksTests {
    @Test(arguments: [
        nil, "", "[user]\n\tname = Ada\n", "[user]\n\tname = Ada", "[core]\r\n\teditor = vi\r\n", "# nothing\n\n\n",
    ])
    func `the user's settings come back to the byte`(settings: String?) throws {
        let user = try User(settings: settings)
        #expect(try user.install())
        #expect(try user.git("config", "core.hooksPath").text == user.hooks.folder + "\n")
        #expect(try user.hooks.state() == .installed([.preCommit]))
        #expect(try !user.install(), "installing twice changes nothing")
        let names = try TemporaryRepository.names(in: user.hooks.folder)
        #expect(names == HookKind.allNames.sorted())
        #expect(try user.hooks.uninstall())
        #expect(user.settings == settings.map { Array($0.utf8) })
        #expect(try !TemporaryRepository.exists(user.hooks.folder))
        #expect(try user.hooks.state() == .absent)
        #expect(try !user.hooks.uninstall())
    }

    @Test func `what else comes into the settings stays there`() throws {
        let user = try User(settings: "[user]\n\tname = Ada\n")
        _ = try user.install()
        try user.git("config", "--global", "alias.st", "status")
        _ = try user.hooks.uninstall()
        #expect(try user.git("config", "--global", "alias.st").text == "status\n")
        #expect(try user.git("config", "--global", "core.hooksPath").status == 1)
    }

    @Test func `a core.hooksPath of somebody else's is not overwritten`() throws {
        let settings = "[core]\n\thooksPath = /elsewhere\n"
        let user = try User(settings: settings)
        #expect(throws: HookRefusal.self) { try user.install() }
        #expect(user.settings == Array(settings.utf8))
        #expect(try !TemporaryRepository.exists(user.hooks.folder))
        #expect(try user.hooks.state() == .taken("/elsewhere"))
    }

    @Test func `what git writes into our section stays in it`() throws {
        let user = try User(settings: "[user]\n\tname = Ada")
        _ = try user.install()
        try user.git("config", "--global", "core.editor", "vi")
        #expect(try user.hooks.uninstall())
        #expect(
            user.settings.map { String(decoding: $0, as: UTF8.self) } == "[user]\n\tname = Ada\n[core]\n\teditor = vi\n"
        )
    }

    @Test func `our lines, changed by hand, are left alone`() throws {
        let user = try User()
        _ = try user.install()
        try user.git("config", "--global", "core.hooksPath", try user.hooks.folder)
        let changed = String(decoding: user.settings ?? [], as: UTF8.self).replacing("\thooksPath", with: "  hooksPath")
        try TemporaryRepository.write(user.home + "/.gitconfig", Array(changed.utf8))
        #expect(throws: HookRefusal.self) { try user.hooks.uninstall() }
        #expect(user.settings == Array(changed.utf8))
        #expect(try user.hooks.state() == .installed([.preCommit]))
    }

    @Test func `the check runs in every repository, and the repository's own hooks after it`() throws {
        let user = try User()
        _ = try user.install([.preCommit, .prePush])
        let (scene, folder) = (user.scene, user.scene.repository.folder)
        for name in [
            "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction", "pre-push",
        ] {
            try scene.script(scene.hook(name), "echo \(name) \"$@\" >> '\(folder)/log'; cat >> '\(folder)/log'")
        }
        #expect(try user.git("commit", "--quiet", "--allow-empty", "--message", "One").status == 0)
        #expect(try scene.asked() == ["3", "hook", "run", "pre-commit"])
        let log = try scene.log("log")
        #expect(log.first == "pre-commit")
        #expect(log.contains("commit-msg .git/COMMIT_EDITMSG") && log.last == "post-commit")
        #expect(log.contains("reference-transaction committed"))
        #expect(log.contains { $0.hasSuffix(" refs/heads/main") }, "standard input reaches it")

        try user.git("init", "--quiet", "--bare", folder + "/remote.git")
        #expect(try user.git("push", "--quiet", folder + "/remote.git", "main").status == 0)
        #expect(try scene.asked().last?.hasPrefix("refs/heads/main ") == true)
        #expect(try scene.log("log").contains { $0.hasPrefix("refs/heads/main ") })

        // In a linked worktree, from a folder of it.
        try user.git("worktree", "add", "--quiet", "-b", "linked", folder + "/linked")
        _ = (try scene.asked(), try scene.log("log"))
        #expect(
            try user.git("commit", "--quiet", "--allow-empty", "--message", "Two", in: folder + "/linked").status == 0)
        #expect(try scene.asked().count == 4)
        #expect(try scene.log("log").first == "pre-commit")

        try scene.refuse()
        #expect(try user.git("commit", "--quiet", "--allow-empty", "--message", "No").status == 1)
        #expect(try scene.log("log") == [])

        var world = user.world
        world.environment["GIT_CONFIG_GLOBAL"] = user.home + "/.gitconfig"
        let status = try HookStatus(at: scene.repository.path, running: nil, world: world)
        #expect(status.isGlobal && status.isActive)
        #expect(status[.preCommit]?.kept == scene.hook() && status[.preCommit]?.keptRuns == true)
        #expect(status[.commitMessage]?.owner == HookStatus.Owner.none)
    }

    @Test func `a push into a worktree brings it up to date as before, and not over changes`() throws {
        let user = try User()
        _ = try user.install()
        try user.scene.repository.write("a", "1\n")
        try user.git("add", "a")
        try user.git("commit", "--quiet", "--message", "One")
        try user.git("config", "receive.denyCurrentBranch", "updateInstead")
        let clone = user.scene.repository.folder + "/clone"
        try user.git("clone", "--quiet", user.scene.repository.path, clone)
        try TemporaryRepository.write(clone + "/a", Array("2\n".utf8))
        try user.git("commit", "--quiet", "--all", "--message", "Two", in: clone)
        #expect(try user.git("push", "--quiet", in: clone).status == 0)
        #expect(try TemporaryRepository.read(user.scene.repository.path + "/a") == Array("2\n".utf8))

        try user.scene.repository.write("a", "mine\n")
        try user.git("commit", "--quiet", "--allow-empty", "--message", "Three", in: clone)
        let refused = try user.git("push", "--quiet", in: clone)
        #expect(refused.status != 0 && refused.text.contains("Working directory has unstaged changes"))
        try user.git("add", "a")
        #expect(try user.git("push", "--quiet", in: clone).text.contains("Working directory has staged changes"))
        #expect(try TemporaryRepository.read(user.scene.repository.path + "/a") == Array("mine\n".utf8))

        // Into a repository without a commit.
        let empty = user.scene.repository.folder + "/empty"
        try user.git("init", "--quiet", "--initial-branch=main", empty)
        try user.git("config", "receive.denyCurrentBranch", "updateInstead", in: empty)
        #expect(try user.git("push", "--quiet", empty, "main", in: clone).status == 0)
        #expect(TemporaryRepository.exists(empty + "/a"))
    }

    @Test func `without the program, a commit is blocked and everything else goes on`() throws {
        let user = try User()
        _ = try user.install()
        try FileManager.default.removeItem(atPath: user.scene.program)
        let blocked = try user.git("commit", "--quiet", "--allow-empty", "--message", "No")
        #expect(blocked.status == 1)
        #expect(blocked.text.contains("to pass: git commit --no-verify"))
        #expect(try user.git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", "Yes").status == 0)
    }

    @Test func `somebody who writes the settings at this moment is waited for by a person, not overwritten`() throws {
        let user = try User(settings: "")
        try TemporaryRepository.write(user.home + "/.gitconfig.lock", [])
        #expect(throws: HookRefusal.settingsLocked(lock: user.home + "/.gitconfig.lock")) { try user.install() }
        #expect(user.settings == [])
    }
}
