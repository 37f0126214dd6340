// Secrets that no vendor's format tells: a name that speaks of a secret, and a value that looks like one.

extension Rule {
    /// A value assigned to a name that speaks of a secret.
    ///
    /// The anchors are the fewest texts that cover such names: `pass` for password, passphrase and DB_PASS, `auth` for
    /// the header of HTTP and the `"auth"` of a container registry, `secret` for JWT_SECRET_KEY. Measured over 190 MB
    /// of source code, all of them together occur some 490 times per megabyte, so their confirmations are cheap.
    /// `key` alone is left out: too many keys are no secrets.
    package static let genericAssignment = Rule(
        id: "generic-secret", title: "Secret value", provider: "", severity: .medium,
        anchors: [
            "pass", "pwd", "rootpw", "bindpw", "identified by", "auth", "secret", "token", "credential",
            "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "private_key", "privatekey",
            "private-key", "encryption_key", "encryptionkey", "encryption-key", "signing_key", "signingkey",
            "master_key", "masterkey", "master-key", "app_key", "account_key", "accountkey",
            "service_key", "servicekey", "license_key", "licensekey", "shared_key", "sharedkey", "storage_key",
            "cookie_key", "session_key", "crypt_key", "cipher_key", "hmac_key", "jwt_key", "webhook_url",
            "_salt", "logged_in_key", "nonce_key",
        ].map { Anchor($0, ignoresCase: true) },
        confirmation: .genericAssignment,
        revocation: "Find out who issued it, replace it there, and keep the new one in a secret store.",
        references: ["https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"],
        examples: {
            [
                "DB_PASSWORD = \"«\(Fake.alphanumeric(18, seed: 1))»\"\n",
                "  \"apiKey\": \"«\(Fake.alphanumeric(32, seed: 2))»\",\n",
                "JWT_SECRET_KEY = '«\(Fake.base64(40, seed: 3))»'\n",
                "secret_key_base: \"«\(Fake.hex(64, seed: 4))»\"\n",
                "const authToken = \"«\(Fake.base64URL(40, seed: 5))»\";\n",
                "SECRET_KEY = \"«\(Fake.alphanumeric(15, seed: 6))}\(Fake.alphanumeric(15, seed: 7))»\"\n",
                "#API_KEY=«\(Fake.alphanumeric(32, seed: 8))»\n",
                "curl -H \"Authorization: Bearer «\(Fake.alphanumeric(40, seed: 9))»\" https://host.io\n",
                "  \"auth\": \"«\(Fake.alphanumeric(40, seed: 10))»\"\n",
                "pass = \"«\(Fake.alphanumeric(14, seed: 11))»\"\n",
                "requirepass «\(Fake.alphanumeric(20, seed: 12))»\n",
                "ALTER USER app IDENTIFIED BY '«\(Fake.alphanumeric(16, seed: 13))»';\n",
                "    \"api_key = \\\"«\(Fake.alphanumeric(32, seed: 14))»\\\"\\n\",\n",
                "define('NONCE_KEY', '«\(Fake.alphanumeric(32, seed: 15))»');\n",
            ]
        },
        counterexamples: {
            [
                "password = getpass.getpass()\n",
                "DB_PASSWORD = os.environ[\"DB_PASSWORD\"]\n",
                "token = \"identifier\"\n",
                "api_key: ${API_KEY}\n",
                "password: \"changeme\"\n",
                "Authorization: Bearer ${TOKEN}\n",
                "pass = \"first\"\n",
                "const TOKEN_MINT = \"\(Fake.alphanumeric(44, seed: 16))\"\n",
                "#password { color: red }\n",
                "// The secret of a good token is its length.\n",
            ]
        }
    )
}
