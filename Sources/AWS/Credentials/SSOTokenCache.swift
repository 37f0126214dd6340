// The file in which `aws sso login` keeps a session's token.

import Files
import JSON
import Secrets
import World

/// `~/.aws/sso/cache/<SHA-1 of the session's name or start URL>.json`, shared with the AWS CLI and the SDKs.
struct SSOTokenCache {
    let path: String?
    /// For messages.
    let shownPath: String

    /// A sign-in as the file has it.
    struct Kept {
        let document: JSONDocument
        let token: SharedSecret
        let expiration: Instant

        /// What a new token is asked for with; nil when the file lacks it or the registration has ended.
        func renewal(at time: Instant) -> Renewal? {
            let root = document.root
            guard let refresh = root["refreshToken"]?.secret(), let id = root["clientId"]?.string,
                let secret = root["clientSecret"]?.secret(),
                let end = root["registrationExpiresAt"]?.string.flatMap({ Instant(iso8601: $0) }), end > time
            else { return nil }
            return Renewal(refreshToken: refresh, clientID: id, clientSecret: secret)
        }
    }

    struct Renewal {
        let refreshToken: SharedSecret
        let clientID: String
        let clientSecret: SharedSecret
    }

    struct Renewed {
        let token: SharedSecret
        /// Nil when the old one stays good.
        let refreshToken: SharedSecret?
        let expiration: Instant
    }

    /// - Parameter name: the session's, or the start URL of the older form.
    init(name: String, world: World) {
        let file = SSOTokenFileName.of(name)
        path = world.homeFolder.map { "\($0)/.aws/sso/cache/\(file)" }
        shownPath = "~/.aws/sso/cache/\(file)"
    }

    /// Nil when there is no such file.
    /// - Throws: `CredentialError`.
    func read(for provider: some CredentialProvider) throws -> Kept? {
        guard let path else { return nil }
        let text: SharedSecret
        do {
            guard var bytes = try FileContent.read(path, limit: 256 << 10) else { return nil }
            text = SharedSecret(copying: bytes)
            bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) }
        } catch {
            throw provider.failure("\(shownPath) cannot be read: \(error.reason)")
        }
        guard let document = try? text.withBytes({ try JSONDocument(parsing: SecretValue(copying: $0)) }),
            let token = document.root["accessToken"]?.secret(),
            let end = document.root["expiresAt"]?.string.flatMap({ Instant(iso8601: $0) })
        else { throw provider.failure("\(shownPath) holds no sign-in that can be read") }
        return Kept(document: document, token: token, expiration: end)
    }

    /// Replaces the file as a whole, readable by its owner alone; members not known here stay.
    /// - Throws: `FileError`.
    func write(_ renewed: Renewed, over kept: Kept) throws {
        guard let path else { return }
        var json = JSONWriter()
        json.beginObject()
        for (key, value) in kept.document.root.members {
            json.key(key)
            switch key {
            case "accessToken": json.string(renewed.token)
            case "expiresAt": json.string(renewed.expiration.iso8601)
            case "refreshToken": json.string(renewed.refreshToken ?? value.secret() ?? SharedSecret(copying: []))
            default: json.literal(value.literal())
            }
        }
        json.endObject()
        var bytes = json.finish().withBytes { span in span.indices.map { span[$0] } }
        defer { bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        try AtomicFile.write(bytes, to: path, isPrivate: true)
    }
}
