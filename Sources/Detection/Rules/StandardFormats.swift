// Formats that many issuers share: JSON Web Tokens and private keys.

extension Rule {
    static let standardFormats: [Rule] = [
        Rule(
            id: "json-web-token", title: "JSON Web Token", provider: "", severity: .medium,
            // Base64 of `{"`; of `{ "` and of `{` with a line break it is another.
            anchors: ["eyJ", "eyAi", "ewog"],
            // Open-ended, since Vectorscan cannot bound repeats of characters that a match may begin with.
            confirmation: .expression(
                #"e(?:yJ|yAi|wog)[0-9A-Za-z_-]{8,}\.e[wy][0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}"#,
                before: .base64URL, after: .base64URL),
            minimumEntropy: 3,
            check: TokenStructure.jsonWebToken,
            // The header, which only tells how it is signed.
            publicPart: { value in
                value.indices.first { value[$0] == UInt8(ascii: ".") }.map { 0..<$0 }
            },
            revocation: "Rotate the signing key, or let the issuer revoke the session; many such tokens expire soon.",
            references: ["https://www.rfc-editor.org/rfc/rfc7519"],
            examples: {
                [
                    "Authorization: Bearer «\(Fake.jsonWebToken(seed: 1))»\r\n",
                    "\"access\": \"«\(Fake.jsonWebToken(seed: 2))»\",",
                    "https://app.example.org/verify?t=«\(Fake.jsonWebToken(seed: 3))»&next=/",
                ]
            },
            counterexamples: {
                [
                    // A source map, two parts only, and a signature that is cut off.
                    "//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0=",
                    "token = " + Fake.base64URL(of: #"{"alg":"HS256","typ":"JWT"}"#) + "."
                        + Fake.base64URL(of: #"{"sub":"1234567890"}"#),
                    "token = \(Fake.jsonWebToken(seed: 4).dropLast(30))",
                ]
            }
        ),
        Rule(
            id: "private-key", title: "Private key", provider: "", severity: .high,
            anchors: ["-----BEGIN "],
            confirmation: .privateKeyBlock,
            revocation:
                "Make a new key pair, put the public half where the old one is trusted, and take the old one out.",
            references: [
                "https://www.rfc-editor.org/rfc/rfc7468",
                "https://www.rfc-editor.org/rfc/rfc9580#name-forming-ascii-armor",
            ],
            examples: {
                [
                    "RSA", "EC", "DSA", "OPENSSH", "ENCRYPTED", "",
                ].enumerated().map { index, kind in
                    let label = kind.isEmpty ? "PRIVATE KEY" : kind + " PRIVATE KEY"
                    return "«\(Fake.pem(label, seed: UInt64(index * 10)))»\n"
                } + [
                    "«\(Fake.pem("PGP PRIVATE KEY BLOCK", seed: 70))»\n",
                    // One line of JSON, as in the key file of a Google service account.
                    #"{"private_key": "«\#(Fake.pem("PRIVATE KEY", newline: #"\n"#, seed: 80))»\n"}"#,
                    "«\(Fake.pem("RSA PRIVATE KEY", newline: "\r\n", seed: 90))»\r\n",
                ]
            },
            counterexamples: {
                [
                    Fake.pem("PUBLIC KEY", seed: 100) + "\n",
                    Fake.pem("CERTIFICATE", seed: 110) + "\n",
                    "if text.startswith(\"-----BEGIN RSA \" \"PRIVATE KEY-----\"): pass\n",
                    "The PRIVATE KEY is kept elsewhere.\n",
                ]
            }
        ),
    ]
}
