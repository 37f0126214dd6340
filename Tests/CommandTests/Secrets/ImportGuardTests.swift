// What an import refuses or leaves out, because what it would store is not what anybody means.

import Foundation
import TestServers
import Testing

@Suite struct ImportGuardTests {
    private func place(_ values: [(key: String, value: String)] = []) async throws -> Workplace {
        let place = try Workplace.local()
        try await place.prepare(values)
        return place
    }

    private func importing(_ place: Workplace, _ file: String, _ options: String...) async throws -> Outcome {
        try await place.migrate(["secret", "import", file, "--secret", place.secret, "--yes"] + options)
    }

    @Test func `a value from the repository's history does not take another one's place`() async throws {
        let leaked = FakeKey.sendGrid(31)
        let place = try await place([("SENDGRID_API_KEY", FakeKey.sendGrid(32))])
        try await Git.run(["init", "--quiet", "--template="], in: place.folder)
        try await Git.commit([".env": "SENDGRID_API_KEY=\(leaked)\nPORT=8080\n"], in: place.folder)
        let refused = try await importing(place, ".env")
        #expect(refused.status == 3 && refused.output.isEmpty)
        #expect(refused.errorText.contains("SENDGRID_API_KEY (finding "), "\(refused.errorText)")
        #expect(refused.errorText.contains("in git history: replace it"))
        #expect(!refused.errorText.contains(leaked.suffix(30)))
        #expect(try await place.value("PORT") == nil)
        try expectDone(await importing(place, ".env", "--keep-existing"))
        #expect(try await place.value("SENDGRID_API_KEY") == FakeKey.sendGrid(32))
        #expect(try await place.value("PORT") == "8080")
        try expectDone(await importing(place, ".env", "--allow-leaked"))
        #expect(try await place.value("SENDGRID_API_KEY") == leaked)
    }

    @Test func `a private key over several lines without quotes is refused, not cut`() async throws {
        let place = try await place()
        let body = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
        let (begin, end) = ("-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----")
        try place.write("A=1\nPEM=\(begin)\n\(body)\n\(end)\n", to: ".env")
        expectOneLine(try await importing(place, ".env", "--dialect", "node"), status: 3, ".env:2", "private key")
        #expect(try await place.value("A") == nil)
        try place.write("PEM=\"\(begin)\n\(body)\n\(end)\"\n", to: ".env")
        try expectDone(await importing(place, ".env", "--dialect", "node"))
        #expect(try await place.value("PEM") == "\(begin)\n\(body)\n\(end)")
    }

    @Test func `Windows line ends are no reason to ask who reads the file`() async throws {
        let place = try await place()
        try place.write("A=one\r\nB=two\r\n", to: ".env")
        try expectDone(await importing(place, ".env"))
        #expect(try await place.value("A") == "one")
        #expect(try await place.value("B") == "two")
    }

    @Test func `a byte-order mark is named as the cause where it is one`() async throws {
        let place = try await place()
        try place.write("\u{feff}A=one\n", to: ".env")
        expectOneLine(try await importing(place, ".env", "--dialect", "python"), status: 3, "byte-order mark")
    }

    @Test func `the file beside it tells who reads it`() async throws {
        let place = try await place()
        try place.write("{}", to: "package.json")
        try place.write("PASSWORD=p@ss#word\n", to: ".env")
        let outcome = try await importing(place, ".env")
        try expectDone(outcome)
        #expect(outcome.errorText.contains("read as node"))
        #expect(try await place.value("PASSWORD") == "p@ss")
    }

    @Test func `the secret's own name is left out`() async throws {
        let place = try await place()
        try place.write("AWS_SECRET_NAME=\(place.secret)\nA=1\n", to: ".env")
        try expectDone(await importing(place, ".env"))
        #expect(try await place.value("A") == "1")
        #expect(try await place.value("AWS_SECRET_NAME") == nil)
    }

    @Test func `many refused entries are told in one line that fits a screen`() async throws {
        let place = try await place()
        try place.write((1...40).map { "KEY_\($0)=a#b\n" }.joined(), to: ".env")
        let outcome = try await importing(place, ".env")
        expectOneLine(outcome, status: 3, ".env:1: KEY_1 is read in different ways", "more")
        #expect(outcome.errorText.utf8.count < 1_500)
    }

    @Test func `a command's output can be imported and compared`() async throws {
        let place = try await place()
        let outcome = try await place.shell(
            """
            exec bash -c '"$MIGRATE" secret import <(sleep 0.2; echo A=piped) --secret \(place.secret) --yes $STORE \
            && "$MIGRATE" secret diff <(echo A=piped) --secret \(place.secret) $STORE'
            """)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try await place.value("A") == "piped")
    }

    @Test func `a secret that nobody has given a value takes its first one`() async throws {
        let moto = try await Moto.shared()
        let place = try Workplace.aws(moto.url, keyID: moto.accessKeyID, key: moto.secretAccessKey, region: moto.region)
        // As infrastructure code makes it: by another client, without a value.
        let boto = BotoClient(
            url: moto.url, region: moto.region, accessKeyID: moto.accessKeyID, secretAccessKey: moto.secretAccessKey)
        #expect(try await boto.call("create_secret", ["Name": place.secret]).code == nil)
        expectOneLine(
            try await place.migrate("secret", "get", "--secret", place.secret), status: 3, "has no value yet")
        try expectDone(await place.migrate("secret", "set", place.secret, "A", "--yes", input: "first"))
        #expect(try await place.value("A") == "first")
    }
}
