// Hooks go where git looks for them.

import Foundation
import Git
import TestRepositories
import Testing
import World

@testable import Gate

@Suite struct HookFolderTests {
    private func commits(_ repository: TemporaryRepository, _ scene: HookScene) throws -> Bool {
        _ = try scene.asked()
        try repository.write("file-\(UUID().uuidString)", "1\n").commit("Change")
        return try scene.asked() == ["3", "hook", "run", "pre-commit"]
    }

    @Test func `a relative core.hooksPath begins at the root of the worktree`() throws {
        let scene = try HookScene()
        try scene.repository.write("tools/hooks/README", "x\n")
        try scene.repository.git("config", "core.hooksPath", "tools/hooks/")
        try scene.repository.write("deep/down/x", "x\n")
        try scene.install(at: scene.repository.path + "/deep/down")
        #expect(try HookScene.everything(in: scene.repository.path + "/tools/hooks").keys.contains("pre-commit"))
        #expect(try commits(scene.repository, scene))
        let status = try scene.status()
        #expect(status.isActive && status.folder.isInWorktree)
        #expect(status.folder.setting == HooksPathSetting(value: "tools/hooks/", scope: .local))
    }

    @Test func `~ is the home folder`() throws {
        let scene = try HookScene()
        try TemporaryRepository.write(scene.repository.folder + "/my hooks/x", [])
        try scene.repository.git("config", "core.hooksPath", "~/my hooks")
        try scene.install()
        #expect(TemporaryRepository.exists(scene.repository.folder + "/my hooks/pre-commit"))
        #expect(try commits(scene.repository, scene))
        try scene.uninstall()
        #expect(try TemporaryRepository.names(in: scene.repository.folder + "/my hooks") == ["x"])
    }

    @Test(arguments: ["~/not there", "~nobody-has-this-name/hooks", "%(prefix)/hooks", "", "/dev/null"])
    func `a core.hooksPath that leads nowhere is told, and nothing is written`(value: String) throws {
        let scene = try HookScene()
        try scene.repository.git("config", "core.hooksPath", value)
        let setting = HooksPathSetting(value: value, scope: .local)
        let expected: HookRefusal =
            switch value {
            case "~/not there": .noFolder(path: scene.repository.folder + "/not there", setting: setting)
            case "", "/dev/null": .hooksOff(setting: setting)
            default: .unknownHome(setting: setting)
            }
        #expect(throws: expected) { try scene.install() }
        #expect(try scene.hooks() == [:])
    }

    @Test func `a setting of the user counts, and one of the worktree comes before it`() throws {
        let scene = try HookScene()
        var world = scene.world
        let (user, own) = (scene.repository.folder + "/user", scene.repository.folder + "/own")
        try TemporaryRepository.write(user + "/x", [])
        try TemporaryRepository.write(own + "/x", [])
        try TemporaryRepository.write(
            scene.repository.folder + "/config", Array("[core]\n\thooksPath = \(user)\n".utf8))
        world.environment["GIT_CONFIG_GLOBAL"] = scene.repository.folder + "/config"
        let shared = try HookFolder.find(scene.repository.path, world: world)
        #expect(shared.path == user && shared.isShared)
        try scene.repository.git("config", "extensions.worktreeConfig", "true")
        try scene.repository.git("config", "--worktree", "core.hooksPath", own)
        let narrow = try HookFolder.find(scene.repository.path, world: world)
        #expect(narrow.path == own && narrow.setting?.scope == .worktree && !narrow.isShared)
    }

    @Test func `linked worktrees share the hooks of their repository`() throws {
        let scene = try HookScene()
        try scene.repository.write("a", "1\n").commit("Start")
        let linked = try TemporaryRepository(beside: scene.repository, named: "linked") {
            ["worktree", "add", "--quiet", "-b", "linked", $0]
        }
        try scene.install(at: linked.path)
        #expect(TemporaryRepository.exists(scene.hook()))
        #expect(try commits(linked, scene))
        #expect(try commits(scene.repository, scene))
        #expect(try scene.status(at: linked.path).isActive)
        try scene.uninstall(at: linked.path)
        #expect(try scene.hooks() == [:])
    }

    @Test func `a submodule has hooks of its own`() throws {
        let scene = try HookScene()
        try scene.repository.write("a", "1\n").commit("Start")
        let outer = try HookScene()
        try outer.repository.write("a", "1\n").commit("Start")
        try outer.repository.git("submodule", "--quiet", "add", scene.repository.path, "part")
        try outer.install(at: outer.repository.path + "/part")
        #expect(TemporaryRepository.exists(outer.repository.path + "/.git/modules/part/hooks/pre-commit"))
        #expect(!TemporaryRepository.exists(outer.hook()))
        try outer.repository.git("-C", "part", "commit", "--quiet", "--allow-empty", "--message", "Inner")
        #expect(try outer.asked() == ["3", "hook", "run", "pre-commit"])
        #expect(try outer.status(at: outer.repository.path + "/part").isActive)
        #expect(try !outer.status().isActive)
    }

    @Test func `in a bare repository nobody commits`() throws {
        let scene = try HookScene(try TemporaryRepository("--bare"))
        #expect(throws: HookRefusal.self) { try scene.install() }
    }

    @Test func `a template without a folder of hooks is no hindrance, and samples are no hooks`() throws {
        let scene = try HookScene()
        #expect(!TemporaryRepository.exists(scene.repository.path + "/.git/hooks"))
        try scene.repository.write(".git/hooks/pre-commit.sample", "#!/bin/sh\nexit 1\n")
        try scene.install()
        #expect(try scene.status()[.preCommit]?.kept == nil)
        #expect(try commits(scene.repository, scene))
    }

    @Test func `hooks of ours that a setting hides are shown, and taken away with the others`() throws {
        let scene = try HookScene()
        try scene.install()
        try scene.repository.write("tools/x", "")
        try scene.repository.git("config", "core.hooksPath", "tools")
        let status = try scene.status()
        #expect(!status.isActive && status.hidden == [scene.hook()])
        try scene.install()
        #expect(try scene.uninstall().count == 2)
        #expect(try scene.hooks() == [:])
    }

    @Test func `a hook that is not executable does not count as installed, and installing again mends it`() throws {
        let scene = try HookScene()
        try scene.install()
        try scene.repository.setMode(".git/hooks/pre-commit", 0o644)
        #expect(try scene.status()[.preCommit]?.obstacle == .notExecutable)
        #expect(try scene.install().map(\.action) == [.renew])
        #expect(try scene.status().isActive)
    }
}
