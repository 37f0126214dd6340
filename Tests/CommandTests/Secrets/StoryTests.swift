// A secret's whole life through the commands, the same on every store.

import Foundation
import TestServers
import Testing

@Suite struct StoryTests {
    @Test(arguments: StoreKind.allCases)
    func `a secret is created, filled, compared, changed, taken back, deleted and restored`(kind: StoreKind)
        async throws
    {
        let place = try await Workplace.on(kind)
        let name = place.secret

        let created = try await place.migrate("secret", "create", name)
        #expect(created.status == 0)
        #expect(created.text.hasPrefix("\(name): created in "))
        expectOneLine(try await place.migrate("secret", "create", name), status: 3, "a secret \(name) already")

        let set = try await place.migrate("secret", "set", name, "DB_PASSWORD", input: "p@ss\\ \"word\"#1\n")
        #expect(set.status == 0)
        #expect(set.errorText.contains("+  DB_PASSWORD"))
        #expect(set.text.contains("1 key written as version "))
        #expect(try await place.value("DB_PASSWORD") == "p@ss\\ \"word\"#1")

        try place.write("DB_HOST=db.internal\nJWT_SECRET='a b=c'\nUNWANTED=1\n", to: ".env.production")
        let imported = try await place.migrate(
            "secret", "import", ".env.production", "--secret", name, "--keys", "DB_*,JWT_SECRET", "--yes")
        #expect(imported.status == 0)
        #expect(imported.text.contains("2 keys written"))
        #expect(try await place.value("JWT_SECRET") == "a b=c")

        let shown = try await place.migrate("secret", "get", name)
        #expect(shown.status == 0)
        for key in ["DB_PASSWORD", "DB_HOST", "JWT_SECRET"] { #expect(shown.text.contains("  \(key)")) }
        for value in ["p@ss", "db.internal", "a b=c", "UNWANTED"] { #expect(!shown.text.contains(value)) }

        let differs = try await place.migrate("secret", "diff", ".env.production", "--secret", name)
        #expect(differs.status == 1)
        #expect(differs.text.contains("-  DB_PASSWORD") && differs.text.contains("+  UNWANTED"))
        let same = try await place.migrate(
            "secret", "diff", ".env.production", "--secret", name, "--keys", "DB_HOST,JWT_SECRET")
        #expect(same.status == 0)

        try expectDone(await place.migrate("secret", "generate", name, "SESSION_KEY", "--bytes", "24"))
        let generated = try #require(try await place.value("SESSION_KEY"))
        #expect(generated.utf8.count == 48 && generated.allSatisfy(\.isHexDigit))

        try expectDone(await place.migrate("secret", "unset", name, "DB_HOST", "--yes"))
        #expect(try await place.value("DB_HOST") == nil)

        let versions = try await place.versions()
        #expect(versions.filter { $0.contains("AWSCURRENT") }.count == 1)
        #expect(versions.filter { $0.contains("AWSPREVIOUS") }.count == 1)
        // AWS need not list versions without a stage.
        #expect(versions.count >= (kind == .vault ? 5 : 2))
        let between = try await place.migrate(
            "secret", "diff", "--versions", "AWSPREVIOUS", "AWSCURRENT", "--secret", name)
        #expect(between.status == 1 && between.text.contains("-  DB_HOST"))

        try expectDone(await place.migrate("secret", "rollback", name, "--yes"))
        #expect(try await place.value("DB_HOST") == "db.internal")
        // The next write starts from what is current now.
        try expectDone(await place.migrate("secret", "set", name, "AFTER", input: "1"))
        #expect(try await place.value("DB_HOST") == "db.internal")

        let listed = try await place.migrate("secret", "list")
        #expect(listed.status == 0 && listed.text.contains(name))
        expectOneLine(
            try await place.migrate("secret", "delete", name, "--confirm", "another"), status: 3, "nothing was deleted")
        #expect(try await place.value("AFTER") == "1")
        let deleted = try await place.migrate("secret", "delete", name, "--window", "7", "--confirm", name)
        #expect(deleted.status == 0 && deleted.text.contains("will be gone on "))
        expectOneLine(try await place.migrate("secret", "get", name), status: 3, "migrate secret restore \(name)")
        // moto alone says that such a secret is there, and not that it waits for its end.
        if kind != .moto {
            expectOneLine(
                try await place.migrate("secret", "create", name), status: 3, "migrate secret restore \(name)")
        }
        try expectDone(await place.migrate("secret", "restore", name))
        #expect(try await place.value("AFTER") == "1")
    }

    @Test(arguments: StoreKind.allCases)
    func `what a secret holds besides texts comes through a change as it was`(kind: StoreKind) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare()
        for (key, value) in [("PORT", "5432"), ("NESTED", #"{"a": [1, 2.50, null]}"#), ("NOTHING", "null")] {
            try expectDone(await place.migrate("secret", "set", place.secret, key, "--json", input: value))
        }
        try expectDone(await place.migrate("secret", "set", place.secret, "TEXT", input: "x"))
        try expectDone(await place.migrate("secret", "set", place.secret, "PORT", "--yes", input: "5433"))
        let exported = try await place.migrate("export", "--format", "json", "--secret", place.secret)
        #expect(exported.status == 0)
        #expect(try await place.value("NESTED")?.filter { $0 != " " } == #"{"a":[1,2.50,null]}"#)
        let shown = try await place.migrate("secret", "get", place.secret, "--format", "json")
        #expect(shown.text.contains("\"number\"") && shown.text.contains("\"null\""))
    }

    @Test(arguments: StoreKind.allCases)
    func `absent, empty and present are three things`(kind: StoreKind) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare([("EMPTY", ""), ("PRESENT", "x1")])
        #expect(try await place.value("EMPTY")?.isEmpty == true)
        #expect(try await place.value("PRESENT") == "x1")
        expectOneLine(
            try await place.migrate("secret", "get", place.secret, "ABSENT", "--show"), status: 3,
            "no key ABSENT", "EMPTY", "PRESENT")
        expectOneLine(try await place.migrate("secret", "unset", place.secret, "ABSENT", "--yes"), status: 3, "ABSENT")
        #expect(try await place.migrate("secret", "get", place.secret).text.contains("(empty)"))
    }

    @Test(arguments: StoreKind.allCases)
    func `a dry run and a change of nothing write nothing`(kind: StoreKind) async throws {
        let place = try await Workplace.on(kind)
        try await place.prepare([("KEY", "one")])
        let before = try await place.versions()
        let dry = try await place.migrate("secret", "set", place.secret, "KEY", "--dry-run", input: "two")
        #expect(dry.status == 0 && dry.text.contains("~  KEY"))
        let same = try await place.migrate("secret", "set", place.secret, "KEY", input: "one")
        #expect(same.status == 0)
        #expect(try await place.versions() == before)
    }

    @Test func `the local vault does not need a word of AWS, and AWS is never taken in its place`() async throws {
        let double = try await SecretsManagerDouble.start()
        let local = try Workplace.local()
        let changes: [String: String?] = [
            "AWS_ENDPOINT_URL": double.url, "AWS_ACCESS_KEY_ID": double.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": double.secretAccessKey, "AWS_REGION": double.region,
        ]
        let created = try await local.migrate(["secret", "create", local.secret], changes: changes)
        #expect(created.status == 0)
        expectOneLine(
            try await local.migrate(["secret", "get", "shop/absent"], changes: changes), status: 3, "no secret")
        #expect(double.requests.isEmpty)
        await double.stop()
    }
}
