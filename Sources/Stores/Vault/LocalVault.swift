// A secret store in a folder: one sealed file per secret, for laptops and tests, with the meaning of AWS Secrets Manager.

package import Secrets
package import World

/// A folder of encrypted files that behaves as AWS Secrets Manager does.
///
/// Each secret is one file with all its versions, sealed by AES-256-GCM together with its name: a file that was changed,
/// cut or put in another's place is told as `damaged`, one of another key as `wrongKey`. What cannot be told is an old
/// file of the same secret that was put back. A write takes the secret's lock, reads, checks, and replaces the file as a
/// whole, so a process that is killed leaves the old secret or the new one. Reads take no lock.
package final class LocalVault: SecretStore {
    let folder: VaultFolder
    let keyring: VaultKeyring
    let world: World
    package let place: String

    /// 128 MiB and some tenths of a second: what OWASP's Password Storage Cheat Sheet asks for at least.
    package static let defaultScryptRounds = 1 << 17

    /// Opens nothing yet: the first call does, and says what is wrong with the key.
    /// - Parameters:
    ///   - folder: made by the first write.
    ///   - scryptRounds: of a new vault that a passphrase unlocks: a power of two from 2^15 to 2^20.
    package init(
        folder: String, unlockedBy unlock: VaultUnlock, world: World,
        scryptRounds: Int = LocalVault.defaultScryptRounds
    ) {
        self.folder = VaultFolder(folder)
        self.world = world
        keyring = VaultKeyring(self.folder, unlock, world: world, scryptRounds: scryptRounds)
        let path = self.folder.path
        if let home = world.homeFolder, path.hasPrefix(home + "/") {
            place = "the local vault at ~" + path.dropFirst(home.count)
        } else {
            place = "the local vault at \(path)"
        }
    }

    /// `$XDG_DATA_HOME/migrate/vault`, by default `~/.local/share/migrate/vault`. Nil when the user has no home.
    package static func defaultFolder(in world: World) -> String? {
        if let folder = world.variable("XDG_DATA_HOME"), folder.hasPrefix("/") { return folder + "/migrate/vault" }
        return world.homeFolder.map { $0 + "/.local/share/migrate/vault" }
    }

    /// Finds the key and checks it against the vault, which a passphrase makes slow (some tenths of a second).
    /// - Returns: whether there is a vault yet.
    /// - Throws: `StoreError`.
    @discardableResult
    package func unlock() throws(StoreError) -> Bool { try keyring.key() != nil }

    // MARK: SecretStore

    package func describe(_ name: String) async throws -> SecretDescription { try record(of: name).summary }

    package func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        try version(name, selector)
    }

    package func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] {
        names.map { name in
            do throws(StoreError) { return .success(try version(name, .current)) } catch { return .failure(error) }
        }
    }

    package func create(
        _ name: String, _ content: SharedSecret, token: String, options: CreationOptions
    ) async throws -> VersionReference {
        _ = try SecretName(new: name)
        try SecretLimits.check(token: token)
        try SecretLimits.check(tags: options.tags)
        try SecretLimits.check(content: content, of: name)
        let key = try await keyring.keyForWriting()
        return try await changing(name, key) { record throws(StoreError) in
            if let existing = record {
                try existing.requireLive()
                guard let version = existing.version(token) else { throw .alreadyExists(name: name) }
                guard version.content.isSame(as: content) else { throw .conflict(name: name) }
            } else {
                record = VaultRecord(name: name, content: content, token: token, options: options, now: world.now())
            }
            return VersionReference(name: name, arn: nil, versionID: token)
        }
    }

    package func put(
        _ name: String, _ content: SharedSecret, stages: [String], token: String
    ) async throws -> VersionReference {
        try Self.check(name)
        try SecretLimits.check(token: token)
        try SecretLimits.check(stages: stages)
        try SecretLimits.check(content: content, of: name)
        return try await changingExisting(name) { record throws(StoreError) in
            _ = try record.put(content, stages: stages, token: token, now: world.now())
            return VersionReference(name: name, arn: nil, versionID: token)
        }
    }

    package func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws {
        try Self.check(name)
        try SecretLimits.check(stages: [stage])
        try await changingExisting(name) { record throws(StoreError) in
            _ = try record.move(stage, from: from, to: to, now: world.now())
        }
    }

    package func versions(_ name: String) async throws -> [VersionSummary] {
        try record(of: name).versions.reversed().map {
            VersionSummary(versionID: $0.id, stages: $0.stages, created: $0.created)
        }
    }

    package func delete(_ name: String, days: Int) async throws -> Instant? {
        try Self.check(name)
        try SecretLimits.check(recoveryDays: days)
        return try await changingExisting(name) { record throws(StoreError) in
            try record.scheduleDeletion(days: days, now: world.now())
        }
    }

    package func restore(_ name: String) async throws {
        try Self.check(name)
        try await changingExisting(name) { record throws(StoreError) in
            if record.deletion != nil { record.changed = VaultRecord.rounded(world.now()) }
            record.deletion = nil
        }
    }

    package func tag(_ name: String, _ tags: [String: String]) async throws {
        try Self.check(name)
        try SecretLimits.check(tags: tags)
        try await changingExisting(name) { record throws(StoreError) in
            try record.requireLive()
            let merged = record.tags.merging(tags) { $1 }
            try SecretLimits.check(tags: merged)
            record.tags = merged
            record.changed = VaultRecord.rounded(world.now())
        }
    }

    package func untag(_ name: String, _ keys: [String]) async throws {
        try Self.check(name)
        try SecretLimits.check(tagKeys: keys)
        try await changingExisting(name) { record throws(StoreError) in
            try record.requireLive()
            let left = record.tags.filter { !keys.contains($0.key) }
            guard left.count < record.tags.count else { return }
            record.tags = left
            record.changed = VaultRecord.rounded(world.now())
        }
    }

    /// - Throws: `StoreError.invalid` for what is no name.
    static func check(_ name: String) throws(StoreError) {
        guard try SecretName(name).arn == nil else {
            throw .invalid(what: "the secret's name", reason: "it is an ARN, and secrets of a local vault have none")
        }
    }

    private func version(_ name: String, _ selector: VersionSelector) throws(StoreError) -> SecretVersion {
        let record = try record(of: name)
        try record.requireLive()
        let version = try record.selected(selector)
        return SecretVersion(
            name: name, arn: nil, versionID: version.id, stages: version.stages, created: version.created,
            content: version.content)
    }
}
