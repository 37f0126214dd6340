// The JSON in which containers, instances, programs and STS hand out credentials.

import JSON
import Secrets
import World

/// Reads one answer. Member names differ between sources.
struct CredentialAnswer {
    var id = "AccessKeyId"
    var secret = "SecretAccessKey"
    var token = "SessionToken"
    var expiration = "Expiration"

    /// - Throws: `CredentialError`.
    func read(_ value: JSONValue, for provider: some CredentialProvider, now: Instant) throws -> AWSCredentials {
        guard let id = value[id]?.string, let secret = value[secret]?.secret() else {
            throw provider.failure("the answer lacks `\(id)` or `\(secret)`")
        }
        var end: Instant?
        if let member = value[expiration], !member.isNull {
            // SSO gives milliseconds since 1970, all others ISO 8601.
            end = member.double.map { Instant(seconds: $0 / 1_000) } ?? member.string.flatMap { Instant(iso8601: $0) }
            guard let end else { throw provider.failure("the answer's `\(expiration)` is no time") }
            guard end > now else { throw provider.failure("the credentials expired at \(end.iso8601)") }
        }
        return try provider.checked(id: id, secret: secret, token: value[token]?.secret(), expiration: end)
    }

    /// The answer as JSON. Nothing of it is repeated in the error.
    static func document(_ text: SharedSecret, for provider: some CredentialProvider) throws -> JSONDocument {
        do {
            return try text.withBytes { bytes throws(JSONError) in
                try JSONDocument(parsing: SecretValue(copying: bytes))
            }
        } catch {
            throw provider.failure("the answer is no JSON (line \(error.line), column \(error.column))")
        }
    }
}
