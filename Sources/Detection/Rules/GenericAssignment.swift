// Secrets that no vendor's format tells: a name that speaks of a secret, and a value that looks like one.

extension Rule {
    /// A value assigned to a name that speaks of a secret.
    ///
    /// The anchors are the fewest texts that cover such names: `passw` for password and passwd, `secret` for
    /// JWT_SECRET_KEY and SECRET_KEY_BASE, `_pass` for DB_PASS. Measured over 120 MB of source code, all of
    /// them together occur some 230 times per megabyte, so their confirmations are cheap. `key` alone is
    /// left out: too many keys are no secrets.
    package static let genericAssignment = Rule(
        id: "generic-secret", title: "Secret value", provider: "", severity: .medium,
        anchors: [
            "passw", "passphrase", "passcode", "rootpw", "bindpw", "_pass", "dbpass", "pwd", "secret", "token",
            "credential",
            "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "private_key", "privatekey",
            "private-key", "encryption_key", "encryptionkey", "encryption-key", "signing_key", "signingkey",
            "auth_key", "authkey", "auth-key", "master_key", "masterkey", "master-key", "app_key", "account_key",
            "accountkey",
            "service_key", "servicekey", "license_key", "licensekey", "shared_key", "sharedkey", "storage_key",
            "cookie_key", "session_key", "crypt_key", "cipher_key", "hmac_key", "jwt_key", "webhook_url",
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
            ]
        },
        counterexamples: {
            [
                "password = getpass.getpass()\n",
                "DB_PASSWORD = os.environ[\"DB_PASSWORD\"]\n",
                "token = \"identifier\"\n",
                "api_key: ${API_KEY}\n",
                "password: \"changeme\"\n",
                "// The secret of a good token is its length.\n",
            ]
        }
    )
}
