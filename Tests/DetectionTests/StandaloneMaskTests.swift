// What is shown of a value that stands alone.

import Testing

@testable import Detection

@Suite("Masks of values that stand alone")
struct StandaloneMaskTests {
    private func mask(_ text: String) -> String { Mask.ofStandalone(Array(text.utf8).span) }

    @Test("A SendGrid key shows its public id and nothing of its secret")
    func sendGrid() {
        let key = Fake.sendGrid(seed: 3)
        #expect(mask(key) == key.prefix(25) + "********")
        #expect(mask(String(key.dropLast())) == "********")
        #expect(mask(key + "A") == "********")
    }

    @Test("An AWS key id is public whole")
    func awsKeyID() {
        let id = "AKI" + "A" + Fake.text(.base32, 16, seed: 4)
        #expect(mask(id) == id)
        #expect(mask("B" + id.dropFirst()) == "********")
    }

    @Test(
        "Of a URL, scheme and host are shown",
        arguments: [
            (
                "postgres://app:hunter2@db.example.com:5432/shop?sslmode=on",
                "postgres://********@db.example.com:5432/********"
            ),
            ("redis://:pass@cache", "redis://********@cache"),
            ("amqp+ssl://u:p@[::1]:5671", "amqp+ssl://********@[::1]:5671"),
            ("https://hooks.example.com/services/T0/B0/XYZ", "https://hooks.example.com/********"),
            ("https://example.com", "https://example.com"),
            // A slash in a password that nobody encoded.
            ("postgres://app:pa/ss@db", "postgres://********@db"),
            ("https://0123456789abcdef@o1.ingest.example.io/42", "https://********@o1.ingest.example.io/********"),
            ("https://word/x", "https://********"),
            ("a://b", "********"),
            ("http:/x", "********"),
            ("http://", "********"),
        ])
    func url(value: String, shown: String) {
        #expect(mask(value) == shown)
    }

    @Test(
        "Nothing else gives away anything, not even its length",
        arguments: ["", "x", "hunter2", "sk_live_abcdef", "SG."])
    func others(value: String) {
        #expect(mask(value) == "********")
    }

    @Test(
        "A URL is a placeholder by its password, not by its host",
        arguments: [
            ("postgres://app:S3cretPassw0rd9@db.example.org:5432/shop", false),
            ("postgres://app:changeme@db.internal:5432/shop", true), ("postgres://user:<password>@host/db", true),
            ("changeme", true), ("https://example.com", true), ("S3cretPassw0rd9", false),
        ])
    func placeholder(value: String, isOne: Bool) {
        #expect(StandaloneValue.isPlaceholder(Array(value.utf8).span) == isOne)
    }
}
