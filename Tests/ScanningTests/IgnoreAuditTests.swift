// Whether the ignore files would stop the next dotenv file, and whether the lines that are proposed would.

import Git
import TestRepositories
import Testing

@testable import Scanning

@Suite("Ignore rules")
struct IgnoreAuditTests {
    private func audit(_ repository: TemporaryRepository) async throws -> IgnoreAudit {
        try #require(try await repository.scan().ignoreAudit)
    }

    /// Appends the proposed lines, and audits again.
    private func auditMended(_ repository: TemporaryRepository, _ ignored: String, _ fix: [String]) async throws
        -> IgnoreAudit
    {
        try await audit(repository.write(".gitignore", ignored + "\n" + fix.joined(separator: "\n") + "\n"))
    }

    @Test("Without ignore rules every name gets through, and the lines that are proposed stop them all")
    func none() async throws {
        let repository = try TemporaryRepository().write("backend/app.py", "x\n").commit("base")
        let before = try await audit(repository)
        #expect(before.openNames.count == 2 * IgnoreAuditor.realNames.count)
        #expect(before.openNames.contains("backend/.env.local"))
        #expect(!before.isSound)
        #expect(before.obstacles.isEmpty)
        let after = try await auditMended(repository, "", before.fix)
        #expect(after.isSound, "\(after)")
        #expect(after.fix.isEmpty)
    }

    @Test("Three names alone leave the others open")
    func threeNames() async throws {
        let rules = ".env\n.env.development\n.env.production\n"
        let repository = try TemporaryRepository().write(".gitignore", rules).commit("base")
        let before = try await audit(repository)
        #expect(
            Set(before.openNames)
                == Set(IgnoreAuditor.realNames).subtracting([".env", ".env.development", ".env.production"]))
        #expect(try await auditMended(repository, rules, before.fix).isSound)
    }

    @Test("A pattern for all of them hides the templates too, until they are let in again")
    func templates() async throws {
        let repository = try TemporaryRepository().write(".gitignore", ".env*\n").commit("base")
        let before = try await audit(repository)
        #expect(before.openNames.isEmpty)
        #expect(before.ignoredTemplates == [".env.example"])
        #expect(try await auditMended(repository, ".env*\n", before.fix).isSound)
    }

    @Test("A later line that lets a name in again is noticed, and overruled")
    func negation() async throws {
        let rules = ".env\n.env.*\n!.env.example\n!.env.local\n"
        let repository = try TemporaryRepository().write(".gitignore", rules).commit("base")
        let before = try await audit(repository)
        #expect(before.openNames == [".env.local"])
        #expect(try await auditMended(repository, rules, before.fix).isSound)
    }

    @Test("An ignore file in a folder that lets a name in again is an obstacle to every line at the root")
    func nested() async throws {
        let rules = ".env\n.env.*\n!.env.example\n"
        let repository = try TemporaryRepository().write(".gitignore", rules).write("backend/.gitignore", "!.env\n")
            .commit("base")
        let before = try await audit(repository)
        #expect(before.openNames == ["backend/.env"])
        #expect(before.obstacles.contains { $0.hasPrefix("backend/.env would still get through") })
        #expect(try await auditMended(repository, rules, before.fix).openNames == ["backend/.env"])
    }

    @Test("A folder far down with an ignore file of its own is asked too")
    func deep() async throws {
        let repository = try TemporaryRepository().write(".gitignore", ".env\n.env.*\n!.env.example\n")
            .write("apps/web/src/.gitignore", "!.env.local\n").commit("base")
        #expect(try await audit(repository).openNames == ["apps/web/src/.env.local"])
    }

    @Test("Folders beyond those that are asked are counted in a note")
    func manyFolders() async throws {
        let repository = try TemporaryRepository()
        for number in 0..<45 { try repository.write("f\(number)/app.py", "x\n") }
        try repository.write("f44/.gitignore", "!.env\n").write(".gitignore", ".env\n.env.*\n!.env.example\n")
        let report = try await repository.commit("base").scan()
        #expect(report.ignoreAudit?.openNames == ["f44/.env"])
        #expect(report.notes.contains { $0.contains("6 further folders") })
    }

    @Test(
        "What protects this machine alone does not count, and that is said",
        arguments: ["info/exclude", "core.excludesFile"])
    func thisMachine(place: String) async throws {
        let repository = try TemporaryRepository().commit("base")
        if place == "info/exclude" {
            try repository.write(".git/info/exclude", ".env\n.env.*\n")
        } else {
            try TemporaryRepository.write(repository.folder + "/ignore", Array(".env\n.env.*\n".utf8))
            try repository.git("config", "core.excludesFile", repository.folder + "/ignore")
        }
        let audit = try await audit(repository)
        #expect(audit.openNames.count == IgnoreAuditor.realNames.count)
        #expect(audit.privatelyIgnored == audit.openNames)
        #expect(audit.obstacles.isEmpty)
    }

    @Test("Files that are tracked although ignored are named, templates not")
    func tracked() async throws {
        let repository = try TemporaryRepository().write(".env", "PORT=1\n").write(".env.example", "PORT=\n").commit(
            "base"
        )
        .write(".gitignore", ".env*\n").commit("ignore")
        #expect(try await audit(repository).trackedThoughIgnored == [".env"])
    }

    @Test("Names of other shapes that were seen are covered by the lines")
    func otherShapes() async throws {
        let rules = ".env\n.env.*\n!.env.example\n"
        let repository = try TemporaryRepository().write(".gitignore", rules).write("ops/prod.env", "PORT=1\n").commit(
            "base")
        let before = try await audit(repository)
        #expect(before.openNames == ["ops/prod.env"])
        #expect(try await auditMended(repository, rules, before.fix).openNames.isEmpty)
    }

    @Test("Sound rules are called sound")
    func sound() async throws {
        let repository = try TemporaryRepository().write(".gitignore", ".env\n.env.*\n!.env.example\n").commit("base")
        let audit = try await audit(repository)
        #expect(audit.isSound)
        #expect(audit.fix.isEmpty)
        #expect(audit.obstacles.isEmpty)
    }
}
