// `migrate hook install|uninstall|status` as a person runs them, with the real git and the real check behind it.

import Foundation
import TestRepositories
import TestServers
import Testing

/// A person with a home and a repository.
struct HookPlace {
    let repository: TemporaryRepository
    let home: String
    var changes: [String: String?]

    init() throws {
        repository = try TemporaryRepository()
        home = repository.folder + "/home"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        changes = ["HOME": home]
    }

    func migrate(_ words: String..., at folder: String? = nil, more: [String: String] = [:]) async throws -> Outcome {
        try await Program.run(
            words, in: folder ?? repository.path, changes: changes.merging(more.mapValues { $0 }) { $1 })
    }

    /// A shell's line in the repository, with git set up.
    func shell(_ line: String) async throws -> Outcome {
        let names = [
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
        ]
        return try await Program.shell(
            line, in: repository.path, changes: changes.merging(names.mapValues { $0 }) { $1 })
    }

    var hooks: String { repository.path + "/.git/hooks" }

    func script(_ name: String, _ text: String, mode: mode_t = 0o755) throws {
        try Scratch.write("#!/bin/sh\n\(text)\n", to: hooks + "/" + name)
        Scratch.setPermissions(mode, hooks + "/" + name)
    }

    /// Names, modes and bytes.
    func everything(in folder: String? = nil) -> [String: String] {
        let folder = folder ?? hooks
        return Dictionary(
            uniqueKeysWithValues: Scratch.names(in: folder).map { name in
                let path = folder + "/" + name
                return (name, "\(Scratch.permissions(path)) \(Data(Scratch.bytes(path)).base64EncodedString())")
            })
    }
}

@Suite struct HookInstallTests {
    private struct Status: Decodable {
        struct Hook: Decodable {
            struct Program: Decodable {
                var path: String
                var present, isThis: Bool
                var version: String?
            }

            struct Kept: Decodable {
                var path: String
                var runs: Bool
            }

            var name, path, owner: String
            var active: Bool
            var obstacle: String?
            var program: Program?
            var kept: Kept?
        }

        struct Manager: Decodable { var name, settings: String }
        struct Global: Decodable { var state: String; var checks: [String] }

        var schema, worktree, folder: String
        var active: Bool
        var obstacle: String?
        var hooks: [Hook]
        var manager: Manager?
        var global: Global?
    }

    private func status(_ place: HookPlace) async throws -> Status {
        let outcome = try await place.migrate("hook", "status", "--format", "json")
        let status = try JSONDecoder().decode(Status.self, from: Data(outcome.output))
        #expect(status.schema == "migrate.hook-status/1")
        #expect(outcome.status == (status.active ? 0 : 1))
        return status
    }

    @Test func `a leak is refused from the installation on, and the hook from before runs for what is not`()
        async throws
    {
        let place = try HookPlace()
        try place.script("pre-commit", "echo theirs >> log", mode: 0o750)
        let before = place.everything()
        let nothing = try await place.migrate("hook", "status")
        #expect(
            nothing.status == 1 && nothing.text.contains("Commits are not checked. To install: migrate hook install"))

        try place.repository.write("src/x", "1\n")
        let installed = try await place.migrate("hook", "install", at: place.repository.path + "/src")
        #expect(installed.status == 0 && installed.errors.isEmpty)
        #expect(installed.text.contains(".git/hooks/pre-commit  installed; the hook that was there runs after it"))
        let again = try await place.migrate("hook", "install")
        #expect(again.text == ".git/hooks/pre-commit  is installed already\n")

        let hook = try #require(try await status(place).hooks.first)
        #expect(hook.active && hook.owner == "ours" && hook.program?.path == Program.path)
        #expect(hook.program?.isThis == true && hook.program?.version?.isEmpty == false)
        #expect(hook.kept?.runs == true)

        #expect(try await place.shell("git add src && cd src && git commit --quiet -m Start").status == 0)
        try place.repository.write("key.py", "key = \"\(FakeKey.sendGrid())\"\n")
        let refused = try await place.shell("git add key.py && git commit --quiet -m Leak")
        #expect(refused.status == 1 && refused.errorText.contains("key.py"))
        #expect(String(decoding: Scratch.bytes(place.repository.path + "/log"), as: UTF8.self) == "theirs\n")

        let removed = try await place.migrate("hook", "uninstall")
        #expect(removed.text == ".git/hooks/pre-commit  taken away; the hook from before is back\n")
        #expect(place.everything() == before)
        #expect(try await place.migrate("hook", "uninstall").text == "No hook of migrate's is installed here.\n")
    }

    @Test func `other hooks are installed when they are named, and taken away alone when they are named`() async throws
    {
        let place = try HookPlace()
        let words = ["--commit-msg", "--pre-push", "--pre-merge-commit"]
        #expect(
            try await Program.run(["hook", "install"] + words, in: place.repository.path, changes: place.changes).status
                == 0)
        #expect(try await status(place).hooks.map(\.active) == [true, true, true, true])
        #expect(try await place.migrate("hook", "uninstall", "--pre-push").status == 0)
        #expect(Scratch.names(in: place.hooks) == ["commit-msg", "pre-commit", "pre-merge-commit"])
        let message = try await place.shell("git commit --allow-empty --quiet -m 'key \(FakeKey.sendGrid())'")
        #expect(message.status == 1)
        #expect(try await place.migrate("hook", "uninstall").status == 0)
        #expect(Scratch.names(in: place.hooks) == [])
    }

    @Test func `a dry run shows what would change, and changes nothing`() async throws {
        let place = try HookPlace()
        try place.script("pre-commit", "true")
        let before = place.everything()
        let outcome = try await place.migrate("hook", "install", "--dry-run")
        #expect(outcome.status == 0 && outcome.text.contains("would be installed"))
        #expect(outcome.text.hasSuffix("Nothing was changed.\n"))
        #expect(place.everything() == before)
    }

    // MARK: Bad input

    @Test(arguments: ["/dev/null", "~/gone/hooks", "~nobody-has-this-name/x", "%(prefix)/x"])
    func `a core.hooksPath that leads nowhere is one clear line, and nothing is written`(value: String) async throws {
        let place = try HookPlace()
        try place.repository.git("config", "core.hooksPath", value)
        let outcome = try await place.migrate("hook", "install")
        #expect(outcome.status == 3 && outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorText.contains("core.hooksPath") && outcome.errorText.contains("nothing was installed"))
        #expect(outcome.errorText.contains("git config --local --unset core.hooksPath"))
        #expect(Scratch.names(in: place.hooks) == [])
        let status = try await place.migrate("hook", "status")
        #expect([1, 3].contains(status.status) && !status.isCrash)
    }

    @Test func `where there is no repository, or no worktree, that is told`() async throws {
        let folder = try Scratch.folder("no-repository")
        for verb in ["install", "uninstall", "status"] {
            let none = try await Program.run(["hook", verb], in: folder)
            #expect(none.status == 3 && none.errorText.contains("repository"), "\(none.errorText)")
            let bare = try TemporaryRepository("--bare")
            let outcome = try await Program.run(["hook", verb], in: bare.path)
            #expect(outcome.status == 3 && outcome.errorText.contains("bare repository"), "\(outcome.errorText)")
        }
    }

    @Test func `a hook that somebody has changed is left as it is, and that is said`() async throws {
        let place = try HookPlace()
        _ = try await place.migrate("hook", "install")
        try place.script(
            "pre-commit",
            String(decoding: Scratch.bytes(place.hooks + "/pre-commit").dropFirst(10), as: UTF8.self) + "echo more")
        let before = place.everything()
        for verb in ["install", "uninstall"] {
            let outcome = try await place.migrate("hook", verb)
            #expect(outcome.status == 3 && outcome.errorText.contains("has been changed since migrate wrote it"))
        }
        #expect(place.everything() == before)
        #expect(try await status(place).hooks.first?.owner == "changed")
    }

    @Test func `options that contradict each other are usage`() async throws {
        let place = try HookPlace()
        #expect(try await place.migrate("hook", "install", "--global", "--write").status == 64)
        #expect(try await place.migrate("hook", "install", "--program", "relative").status == 64)
    }

    // MARK: Managers

    @Test func `lefthook gets its lines by hand`() async throws {
        let place = try HookPlace()
        try place.repository.write("lefthook.yml", "pre-push: {}\n")
        let outcome = try await place.migrate("hook", "install", "--pre-push")
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("lefthook owns the hooks here; nothing was changed."))
        #expect(
            outcome.text.contains("        run: migrate hook run pre-commit\n")
                || outcome.text.contains("          run: migrate hook run pre-commit\n"))
        #expect(outcome.text.contains("use_stdin: true") && outcome.text.contains("lefthook install"))
        #expect(Scratch.names(in: place.hooks) == [])
        #expect(try await status(place).manager?.name == "lefthook")
        #expect(try await place.migrate("hook", "install", "--no-manager").status == 0)
        #expect(try await status(place).active)
    }

    @Test func `husky gets its line, where that is asked for`() async throws {
        let place = try HookPlace()
        try place.repository.write(".husky/pre-commit", "npm test\n")
        try place.repository.write(".husky/_/pre-commit", "#!/bin/sh\nexec sh -e .husky/pre-commit\n")
        try place.repository.setMode(".husky/_/pre-commit", 0o755).git("config", "core.hooksPath", ".husky/_")
        let told = try await place.migrate("hook", "install")
        #expect(told.status == 1 && told.text.contains("migrate hook install --write"))
        #expect(Scratch.bytes(place.repository.path + "/.husky/pre-commit") == Array("npm test\n".utf8))
        #expect(try await place.migrate("hook", "install", "--write").status == 0)
        #expect(try await status(place).active)
        #expect(try await place.migrate("hook", "uninstall").text.contains("our line is taken out"))
        #expect(Scratch.bytes(place.repository.path + "/.husky/pre-commit") == Array("npm test\n".utf8))
    }

    // MARK: All repositories

    @Test func `one installation for all repositories checks each, and goes without a trace`() async throws {
        let place = try HookPlace()
        try Scratch.write("[user]\n\tname = Ada", to: place.home + "/.gitconfig")
        let before = Scratch.bytes(place.home + "/.gitconfig")
        try place.script("pre-commit", "echo theirs >> log")
        let installed = try await place.migrate("hook", "install", "--global")
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(try await place.shell("git config core.hooksPath").text == place.home + "/.local/share/migrate/hooks\n")
        #expect(try await place.migrate("hook", "install", "--global").text.hasSuffix("is installed already\n"))
        let status = try await status(place)
        #expect(status.active && status.global?.state == "installed" && status.global?.checks == ["pre-commit"])
        #expect(status.hooks.first?.kept?.path == place.hooks + "/pre-commit")
        #expect(try await place.migrate("hook", "install").text.contains("cover this one"))

        #expect(try await place.shell("git commit --allow-empty --quiet -m Start").status == 0)
        #expect(Scratch.bytes(place.repository.path + "/log") == Array("theirs\n".utf8))
        try place.repository.write("key.py", "key = \"\(FakeKey.sendGrid())\"\n")
        #expect(try await place.shell("git add key.py && git commit --quiet -m Leak").status == 1)

        #expect(try await place.migrate("hook", "uninstall").text.contains("migrate hook uninstall --global"))
        #expect(try await place.migrate("hook", "uninstall", "--global").status == 0)
        #expect(Scratch.bytes(place.home + "/.gitconfig") == before)
        #expect(Scratch.names(in: place.home + "/.local/share/migrate") == [])
    }

    @Test func `a setting of somebody else's stands`() async throws {
        let place = try HookPlace()
        try Scratch.write("[core]\n\thooksPath = ~/mine\n", to: place.home + "/.gitconfig")
        let outcome = try await place.migrate("hook", "install", "--global")
        #expect(
            outcome.status == 3 && outcome.errorText.contains("core.hooksPath is '~/mine'")
                || outcome.errorText.contains("core.hooksPath is ~/mine"))
        #expect(Scratch.names(in: place.home) == [".gitconfig"])
    }

    // MARK: Killed

    @Test(.enabled(if: KillPoint.isAvailable))
    func `killed at any instant, no hook is lost, and the next run goes on or clears away`() async throws {
        let place = try HookPlace()
        try place.script("pre-commit", "echo theirs", mode: 0o751)
        let before = place.everything()
        let log = place.repository.folder + "/calls"
        _ = try await place.migrate("hook", "install", more: try KillPoint.environment(log: log))
        let points = KillPoint.calls(in: log).count * 2
        #expect(points >= 8, "a second name, a new file, its name")
        let installed = place.everything()
        _ = try await place.migrate("hook", "uninstall")
        for point in 0..<points {
            for verb in ["install", "uninstall"] {
                let killed = try await place.migrate("hook", "install", more: try KillPoint.environment(point: point))
                #expect(killed.status == 137, "\(point)")
                // Whatever is in the hook's place, it is one of the two, whole.
                let now = place.everything()
                #expect([before["pre-commit"], installed["pre-commit"]].contains(now["pre-commit"]), "\(point)")
                if verb == "install" {
                    #expect(try await place.migrate("hook", "install").status == 0)
                    #expect(place.everything() == installed, "\(point)")
                }
                #expect(try await place.migrate("hook", "uninstall").status == 0)
                #expect(place.everything() == before, "\(point) \(verb)")
            }
        }
        // And the removal.
        _ = try await place.migrate("hook", "install")
        for point in 0..<2 {
            let killed = try await place.migrate("hook", "uninstall", more: try KillPoint.environment(point: point))
            #expect(killed.status == 137)
            #expect(try await place.migrate("hook", "uninstall").status == 0)
            #expect(place.everything() == before)
            _ = try await place.migrate("hook", "install")
        }
    }

    @Test(.enabled(if: KillPoint.isAvailable))
    func `an installation for all repositories, killed anywhere, leaves git at work and can be taken back`()
        async throws
    {
        let place = try HookPlace()
        try Scratch.write("[user]\n\tname = Ada\n", to: place.home + "/.gitconfig")
        let before = Scratch.bytes(place.home + "/.gitconfig")
        let log = place.repository.folder + "/calls"
        _ = try await place.migrate("hook", "install", "--global", more: try KillPoint.environment(log: log))
        let points = KillPoint.calls(in: log).count * 2
        _ = try await place.migrate("hook", "uninstall", "--global")
        for point in stride(from: 0, to: points, by: 37) + Array((points - 8)..<points) {
            let killed = try await place.migrate(
                "hook", "install", "--global", more: try KillPoint.environment(point: point))
            #expect(killed.status == 137, "\(point)")
            #expect(try await place.shell("git commit --allow-empty --quiet -m Change").status == 0, "\(point)")
            if point % 2 == 0 { #expect(try await place.migrate("hook", "install", "--global").status == 0) }
            let removed = try await place.migrate("hook", "uninstall", "--global")
            #expect(removed.status == 0, "\(point): \(removed.errorText)")
            #expect(Scratch.bytes(place.home + "/.gitconfig") == before, "\(point)")
            #expect(Scratch.names(in: place.home) == [".gitconfig", ".local"], "\(point)")
        }
    }
}
