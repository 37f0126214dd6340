// The key of one vault, found when it is first needed.

import Files
import Secrets
import Synchronization
import World

/// Finds the key, checks it against the vault's header, and writes that header with the first secret.
final class VaultKeyring: Sendable {
    private let folder: VaultFolder
    private let unlock: VaultUnlock
    private let world: World
    /// Of a new vault; 2^15 to 2^20.
    private let scryptRounds: Int
    // Held while scrypt runs, so that many callers make one key.
    private let found = Mutex<(key: VaultKey, header: VaultHeader)?>(nil)

    init(_ folder: VaultFolder, _ unlock: VaultUnlock, world: World, scryptRounds: Int) {
        self.folder = folder
        self.unlock = unlock
        self.world = world
        self.scryptRounds = scryptRounds
    }

    /// The key to read with; nil when the vault was never written to, and so holds nothing.
    /// - Throws: `StoreError.wrongKey`, `.damaged`, `.file`, `.invalid`.
    func key() throws(StoreError) -> VaultKey? {
        try found.withLock { found throws(StoreError) in
            if let found { return found.key }
            guard let header = try VaultHeader.read(folder.header) else {
                // The key file says by itself that it is usable.
                if case .keyFile(let path) = unlock { _ = try VaultKeyFile.read(path) }
                try requireNoSecrets()
                return nil
            }
            let key = try key(for: header)
            found = (key, header)
            return key
        }
    }

    /// The key to write with. Makes the vault when there is none.
    func keyForWriting() async throws -> VaultKey {
        if let key = try key(), VaultFile.exists(folder.header) { return key }
        try folder.make()
        return try await FileLock.holding(folder.lock) { () throws(StoreError) in
            try found.withLock { found throws(StoreError) in
                // Another process may have been first.
                if let header = try VaultHeader.read(folder.header) {
                    let key = try key(for: header)
                    found = (key, header)
                    return key
                }
                try requireNoSecrets()
                // What a run left that was killed while it made the vault. The lock says that nobody is at it now.
                AtomicFile.removeLeftovers(of: folder.header)
                let made = try newKey()
                try made.header.write(to: folder.header)
                found = made
                return made.key
            }
        }
    }

    private func newKey() throws(StoreError) -> (key: VaultKey, header: VaultHeader) {
        switch unlock {
        case .keyFile(let path):
            let key = try VaultKeyFile.read(path)
            return (key, VaultHeader(keyID: key.id, scrypt: nil))
        case .passphrase(let passphrase):
            let scrypt = VaultHeader.Scrypt(
                salt: world.randomBytes(VaultHeader.Scrypt.saltByteCount), rounds: scryptRounds, blockSize: 8,
                parallelism: 1)
            let key = try scrypt.key(from: passphrase)
            return (key, VaultHeader(keyID: key.id, scrypt: scrypt))
        }
    }

    private func key(for header: VaultHeader) throws(StoreError) -> VaultKey {
        let key: VaultKey
        switch (unlock, header.scrypt) {
        case (.keyFile(let path), nil): key = try VaultKeyFile.read(path)
        case (.passphrase(let passphrase), let scrypt?): key = try scrypt.key(from: passphrase)
        case (.keyFile, _?):
            throw .invalid(what: "the key file", reason: "the vault at \(folder.path) is unlocked by a passphrase")
        case (.passphrase, nil):
            throw .invalid(what: "the passphrase", reason: "the vault at \(folder.path) is unlocked by a key file")
        }
        guard key.id == header.keyID else { throw .wrongKey(path: folder.header) }
        return key
    }

    /// Secrets without a header were written under a key that nobody knows: a new header must not hide that.
    private func requireNoSecrets() throws(StoreError) {
        if try folder.hasSecrets() {
            throw .damaged(path: folder.header, reason: "it is missing, and the vault holds secrets")
        }
    }
}
