// Values that vendors print in their documentation or ship in their emulators.

/// Example credentials that everybody knows.
package enum KnownExample {
    /// Whether `value` is one of them, to the last byte.
    package static func contains(_ value: Span<UInt8>) -> Bool {
        values.contains { example in
            example.count == value.count && value.indices.allSatisfy { example[$0] == value[$0] }
        }
    }

    /// Written in parts, so that this file holds no text that looks like a credential.
    private static let values: [[UInt8]] = [
        // AWS: the key pairs of its documentation.
        ["AKIA", "IOSFODNN7", "EXAMPLE"],
        ["AKIA", "I44QH8DHB", "EXAMPLE"],
        ["ASIA", "IOSFODNN7", "EXAMPLE"],
        ["wJalrXUtnFEMI", "/K7MDENG/", "bPxRfiCYEXAMPLEKEY"],
        ["je7MtGbClwBF", "/2Zp9Utk", "/h3yCo8nvbEXAMPLEKEY"],
        // SendGrid: the key of its API reference.
        ["SG.", "ngeVfQFYQlKU0ufo8x5d1A", ".TwL2iGABf9DHoTf", "-09kqeF8tAmbihYzrnopKc-1s5cr"],
        // Stripe: the test key of its documentation.
        ["sk_", "test_", "4eC39HqLyjWDar", "jtT1zdp7dc"],
        ["pk_", "test_", "TYooMQauvdED", "q54NiTphI7jx"],
        // Azure: the accounts of the storage and Cosmos DB emulators.
        ["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6", "IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw", "=="],
        ["C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2n", "Q9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw", "=="],
        // JSON Web Tokens: the one that jwt.io opens with, old and new.
        [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi",
            "aWF0IjoxNTE2MjM5MDIyfQ.", "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        ],
        [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi",
            "YWRtaW4iOnRydWV9.", "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ",
        ],
    ].map { Array($0.joined().utf8) }
}
