// SendGrid.

extension Rule {
    static let sendGrid: [Rule] = [
        Rule(
            id: "sendgrid-api-key", title: "SendGrid API key", provider: "SendGrid", severity: .high,
            anchors: ["SG."],
            // 69 characters: `SG.`, an id of 22, `.`, a secret of 43. No left boundary: a key often follows an
            // escape (`\n`) or a percent code (`%22`), whose last byte would look like part of a word.
            confirmation: .expression(
                #"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"#, before: nil, after: .base64URL),
            minimumEntropy: 3,
            check: TokenStructure.sendGrid,
            // The id names the key in SendGrid's own API and pages: it is what to delete.
            publicPart: { $0.count == 69 ? 0..<25 : nil },
            revocation: "https://app.sendgrid.com/settings/api_keys",
            references: [
                "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
                "https://www.twilio.com/docs/sendgrid/api-reference/api-keys/delete-api-keys",
            ],
            examples: {
                let surroundings: [(before: String, after: String)] = [
                    ("SENDGRID_API_KEY=", "\n"), ("apiKey: \"", "\","), ("Authorization: Bearer ", "\r\n"),
                    ("setApiKey(", ")"), ("[1, ", ", 2]"), ("<key>", "</key>"), ("?key=", "&to=1"), ("{key:", "}"),
                    ("[", "]"), ("| ", "|"), ("The key is ", "."), (#"{\"key\": \""#, #"\"}"#),
                    ("x", " "), ("key=%22", "%22"), (#"a line\n"#, #"\nanother"#),
                ]
                return surroundings.enumerated().map { index, around in
                    "\(around.before)«\(Fake.sendGrid(seed: UInt64(index)))»\(around.after)"
                }
            },
            counterexamples: {
                let key = Fake.sendGrid(seed: 50)
                return [
                    // Longer than a key, in either direction that matters, or shorter.
                    "SENDGRID_API_KEY=\(key)A\n",
                    "SENDGRID_API_KEY=\(key)-\n",
                    "SENDGRID_API_KEY=\(key.dropLast())\n",
                    "SENDGRID_API_KEY=SG.\(Fake.base64URL(23, seed: 51)).\(Fake.base64URL(43, seed: 52))\n",
                    "SENDGRID_API_KEY=SG_\(Fake.base64URL(22, seed: 53)).\(Fake.base64URL(43, seed: 54))\n",
                    // A stand-in.
                    "SENDGRID_API_KEY=SG.\(String(repeating: "x", count: 22)).\(String(repeating: "x", count: 43))\n",
                    "See MSG.SG.Parameters and SG.Configuration.\n",
                ]
            }
        )
    ]
}
