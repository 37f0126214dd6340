// The parts under the step that stores values: files by purpose, candidates from any bytes, forms of new values.

import Dotenv
import Secrets
import Stores
import Testing

@testable import Steps

@Suite("Where values come from, and what new ones look like")
struct ValueSourceTests {
    @Test(
        "A file's name tells what it is for",
        arguments: [
            (".env.production", DotenvPurpose.production), ("backend/.env.production.local", .production),
            ("prod.env", .production), (".env", .unnamed), ("a/b/.env", .unnamed), (".env.local", .local),
            (".env.staging", .staging), (".env.bak", .copy), (".env.development", .development),
            (".env.test.local", .development), (".dev.vars", .development), ("tests/fixtures/.env", .development),
            (".env.customer", .other),
        ])
    func purposes(path: String, purpose: DotenvPurpose) {
        #expect(DotenvPurpose(path: path) == purpose)
    }

    @Test("Any bytes are read to an end, each key once, and only names of variables come out")
    func fuzz() {
        var generator = SeededGenerator(seed: 4)
        let pieces = [
            "KEY", "A_B", "=", "\n", "\r\n", "'", "\"", "`", "#", " ", "${X}", "$(y)", "export ", "\\", "*", "?", ": ",
            "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "s3cr3tV4lu3", "\u{feff}", "\0", "é",
        ]
        for _ in 0..<1_500 {
            var bytes = (0..<Int.random(in: 0..<30, using: &generator)).flatMap { _ in
                Array((pieces.randomElement(using: &generator) ?? "").utf8)
            }
            if Bool.random(using: &generator), !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let source = DotenvSource(path: ".env", origin: .worktree, rank: 0, bytes: bytes, stamp: "")
            let found = DotenvCandidates(source, root: "/nonexistent", dialect: nil, known: nil)
            #expect(Set(found.items.map(\.key)).count == found.items.count)
            #expect(found.items.allSatisfy { ContentKey.isEnvironmentName($0.key) })
        }
    }

    @Test("What a scan has not taken for a key is not shown as one")
    func unknownKeys() {
        let bytes = Array("KNOWN=\(Canary.token)\nOTHER=\(Canary.password)\n".utf8)
        let source = DotenvSource(path: ".env", origin: .worktree, rank: 0, bytes: bytes, stamp: "")
        let found = DotenvCandidates(source, root: "/nonexistent", dialect: nil, known: ["KNOWN"])
        #expect(found.items.map(\.key) == ["KNOWN"] && found.oddLines == [2])
    }

    @Test(
        "A new value is like the old one, and never weaker than 32 random bytes",
        arguments: [
            (Canary.text(1, 64, of: "0123456789abcdef"), GeneratedForm(format: .hex, bytes: 32)),
            (Canary.text(1, 128, of: "0123456789ABCDEF"), GeneratedForm(format: .hex, bytes: 64)),
            (Canary.text(1, 32, of: "0123456789abcdef"), GeneratedForm(format: .hex, bytes: 32)),
            (Canary.text(1, 60) + "+/==", GeneratedForm(format: .base64, bytes: 48)),
            (Canary.text(1, 63) + "_", GeneratedForm(format: .base64url, bytes: 48)),
            (Canary.text(1, 40), GeneratedForm(format: .alnum, bytes: 32)),
            ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", GeneratedForm(format: .uuid, bytes: 16)),
            ("hunter2", .standard), ("a sentence with spaces, of any length at all", .standard),
        ])
    func forms(old: String, form: GeneratedForm) {
        #expect(GeneratedForm(like: SharedSecret(copying: old.utf8)) == form)
    }

    @Test("Signing keys and session secrets can be any value; passwords, tokens and encryption keys cannot")
    func fitting() {
        for key in [
            "JWT_SECRET", "JWT_SECRET_KEY", "SESSION_SECRET", "SECRET_KEY", "DJANGO_SECRET_KEY", "NEXTAUTH_SECRET",
        ] {
            #expect(GeneratedForm.fits(key), "\(key)")
        }
        for key in ["DB_PASSWORD", "SENDGRID_API_KEY", "ENCRYPTION_KEY", "AWS_SECRET_ACCESS_KEY", "STRIPE_SECRET_KEY"] {
            #expect(!GeneratedForm.fits(key), "\(key)")
        }
    }
}
