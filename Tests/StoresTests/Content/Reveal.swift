// Secrets in and out, for tests only: what they hold is made up.

import JSON
import Secrets
import Stores

enum Reveal {
    static func secret(_ text: String) -> SharedSecret { SharedSecret(copying: text.utf8) }

    static func bytes(_ secret: SharedSecret) -> [UInt8] {
        secret.withBytes { span in span.indices.map { span[$0] } }
    }

    static func text(_ secret: SharedSecret) -> String { String(decoding: bytes(secret), as: UTF8.self) }

    static func content(_ text: String) throws -> SecretContent {
        try SecretContent(parsing: secret(text), name: "app/test")
    }
}

extension Change {
    /// A change to a string.
    static func text(_ key: String, _ text: String) -> Change { .set(key, .text(Reveal.secret(text))) }
    static func json(_ key: String, _ json: String) -> Change { .set(key, .json(Reveal.secret(json))) }
}
