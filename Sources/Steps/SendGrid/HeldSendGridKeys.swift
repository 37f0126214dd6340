// What the secret holds now: what must not be revoked.

import HTTP
import Secrets
import SendGrid
import Stores

/// The SendGrid keys within the secret's current version.
struct HeldSendGridKeys: Sendable {
    struct Key: Sendable {
        let name: String
        let id: String
        let value: SharedSecret
    }

    /// The secret's name.
    let secret: String
    /// Nil when there is no secret.
    let store: (any SecretStore)?
    /// Nil when the secret has no version, or is not there.
    let versionID: String?
    /// The value under the name asked for, whatever it is; nil for none.
    let value: SharedSecret?
    let keys: [Key]
    /// Every top-level value under its name, and last the whole text: a key may stand within another value.
    var texts: [(name: String, text: SharedSecret)] = []

    /// - Parameter name: of the key in the secret.
    /// - Throws: whatever opening and reading throw, but for a secret that is not there.
    static func read(_ workbench: Workbench, _ name: String) async throws -> HeldSendGridKeys {
        let access = try await workbench.store()
        do {
            let version = try await access.store.read(access.name, .current)
            let content = try SecretContent(parsing: version.content, name: access.name)
            let keys = content.keys.compactMap { name -> Key? in
                guard let value = content.value(of: name)?.text(), let id = SendGridKey.publicID(of: trimmed(value))
                else { return nil }
                return Key(name: name, id: id, value: trimmed(value))
            }
            return HeldSendGridKeys(
                secret: access.name, store: access.store, versionID: version.versionID,
                value: content.value(of: name)?.text(), keys: keys,
                texts: content.keys.compactMap { name in content.value(of: name).map { (name, $0.text()) } }
                    + [("a value", version.content)])
        } catch StoreError.notFound {
            return HeldSendGridKeys(secret: access.name, store: nil, versionID: nil, value: nil, keys: [])
        } catch StoreError.noSuchVersion {
            return HeldSendGridKeys(secret: access.name, store: access.store, versionID: nil, value: nil, keys: [])
        }
    }

    /// The same for whoever only has to know what must be left alone: where no secret is named, there is nothing.
    static func readIfNamed(_ workbench: Workbench, _ name: String) async throws -> HeldSendGridKeys {
        do { return try await read(workbench, name) } catch is NoSecretNamed {
            return HeldSendGridKeys(secret: "the secret", store: nil, versionID: nil, value: nil, keys: [])
        }
    }

    /// The key of the secret that is this one, by its bytes or by its id, or the one that has it within its value: in
    /// the address of a mail server, say.
    func holding(_ leaked: LeakedSendGridKey) -> Key? {
        if let key = keys.first(where: { $0.value.isSame(as: leaked.value) }) { return key }
        if let key = holding(id: leaked.id) { return key }
        let found = texts.first { Self.contains($0.text, leaked.value) }
        return found.map { Key(name: OneLine.of($0.name), id: leaked.id, value: leaked.value) }
    }

    /// The same where only the id is known.
    func holding(id: String) -> Key? {
        if let key = keys.first(where: { $0.id == id }) { return key }
        let mark = SharedSecret(copying: "SG.\(id).".utf8)
        return texts.first { Self.contains($0.text, mark) }.map {
            Key(name: OneLine.of($0.name), id: id, value: $0.text)
        }
    }

    private static func contains(_ text: SharedSecret, _ part: SharedSecret) -> Bool {
        text.withBytes { bytes in
            part.withBytes { part in
                guard !part.isEmpty, bytes.count >= part.count else { return false }
                return (0...(bytes.count - part.count)).contains { start in
                    part.indices.allSatisfy { bytes[start + $0] == part[$0] }
                }
            }
        }
    }

    /// Without white space around it.
    static func trimmed(_ value: SharedSecret) -> SharedSecret {
        value.withBytes { bytes in
            func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) }
            var (start, end) = (0, bytes.count)
            while start < end, isSpace(start) { start += 1 }
            while end > start, isSpace(end - 1) { end -= 1 }
            if start == 0, end == bytes.count { return value }
            return SharedSecret(SecretValue(copying: bytes.extracting(start..<end)))
        }
    }
}
