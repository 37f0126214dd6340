// The hooks of `.pre-commit-hooks.yaml`, run by the pre-commit framework itself.

import Foundation
import TestRepositories
import Testing

@Suite struct PreCommitFrameworkTests {
    /// A place in which the framework works, and `migrate` is in the PATH.
    private func place() throws -> HookPlace {
        var place = try HookPlace()
        let bin = place.repository.folder + "/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: bin + "/migrate", withDestinationPath: Program.path)
        try FileManager.default.createSymbolicLink(
            atPath: bin + "/pre-commit", withDestinationPath: try PreCommitFramework.program())
        place.changes["PATH"] = bin + ":" + (Program.environment["PATH"] ?? "/usr/bin:/bin")
        place.changes["PRE_COMMIT_HOME"] = place.repository.folder + "/framework"
        return place
    }

    private static let types = ["pre-commit", "commit-msg", "pre-push"]

    private func checkAll(_ place: HookPlace) async throws {
        let install = "pre-commit install " + Self.types.map { "--hook-type \($0)" }.joined(separator: " ")
        let installed = try await place.shell(install)
        #expect(installed.status == 0, "\(installed.text)\(installed.errorText)")
        let active = try await place.migrate("hook", "status")
        #expect(active.status == 0, "\(active.text)")

        let first = try await place.shell("git add --all && git commit --quiet -m Start")
        #expect(first.status == 0, "\(first.text)\(first.errorText)")
        // Partly staged: the framework puts the rest aside, and the index is what counts.
        try place.repository.write("key.py", "key = \"\(FakeKey.sendGrid())\"\n")
        let refused = try await place.shell("git add key.py && echo >> key.py && git commit --quiet -m Leak")
        #expect(refused.status == 1)
        #expect((refused.text + refused.errorText).contains("key.py:1"), "\(refused.text)\(refused.errorText)")
        let message = try await place.shell(
            "git reset -q && git commit --quiet --allow-empty -m 'key \(FakeKey.sendGrid(2))'")
        #expect(message.status == 1, "\(message.text)\(message.errorText)")

        // A push: what got in without the hook does not get out.
        let remote = place.repository.folder + "/remote.git"
        let clean = try await place.shell(
            "git init -q --bare '\(remote)' && git push -q '\(remote)' HEAD:refs/heads/main")
        #expect(clean.status == 0, "\(clean.text)\(clean.errorText)")
        let leak = try await place.shell(
            "git add key.py && git commit -q --no-verify -m Leak && git push -q '\(remote)' HEAD:refs/heads/main")
        #expect(leak.status != 0)
        #expect((leak.text + leak.errorText).contains("key.py"), "\(leak.text)\(leak.errorText)")
        let fresh = try await place.shell("git push -q '\(remote)' HEAD:refs/heads/other")
        #expect(fresh.status != 0, "a new branch: \(fresh.text)\(fresh.errorText)")
    }

    @Test func `the framework runs the hooks that this repository offers`() async throws {
        let place = try place()
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let source = try TemporaryRepository()
        try source.write(
            ".pre-commit-hooks.yaml", Scratch.bytes(root.appendingPathComponent(".pre-commit-hooks.yaml").path))
        try source.commit("Hooks")
        let ids = Self.types.map { "  - id: migrate-\($0)\n" }.joined()
        try place.repository.write(
            ".pre-commit-config.yaml", "repos:\n- repo: \(source.path)\n  rev: \(try source.id())\n  hooks:\n\(ids)")
        try await checkAll(place)
    }

    @Test func `the lines that an installation asks for do the same`() async throws {
        let place = try place()
        try place.repository.write(".pre-commit-config.yaml", "repos: []\n")
        let asked = try await place.migrate("hook", "install", "--commit-msg", "--pre-push")
        #expect(asked.status == 1 && asked.text.contains("the pre-commit framework owns the hooks here"))
        let lines = asked.text.split(separator: "\n").filter { $0.hasPrefix("    ") }.joined(separator: "\n")
        try place.repository.write(".pre-commit-config.yaml", "repos:\n\(lines)\n")
        let valid = try await place.shell("pre-commit validate-config")
        #expect(valid.status == 0, "\(valid.text)\(valid.errorText)")
        try await checkAll(place)
    }
}
