// From names to records and back: reading, changing under a lock, letting go of what is due.

import Secrets
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension LocalVault {
    /// What is kept of the secret now.
    /// - Throws: `StoreError.notFound`, also for a secret whose deletion is due; `.damaged`, `.wrongKey`, `.file`.
    func record(of name: String) throws(StoreError) -> VaultRecord {
        try Self.check(name)
        guard let key = try keyring.key(), let record = try load(name, key) else { throw .notFound(name: name) }
        guard !record.isGone(at: world.now()) else {
            purge(name, key)
            throw .notFound(name: name)
        }
        return record
    }

    /// Changes the secret, or makes it, under its lock. Nothing is written when `change` leaves it as it is.
    func changing<Result>(
        _ name: String, _ key: VaultKey, _ change: (inout VaultRecord?) throws(StoreError) -> Result
    ) async throws -> Result {
        // A backup that leaves out empty folders must not make the vault read-only.
        try folder.make()
        return try await FileLock.holding(folder.lock(of: name)) { () throws(StoreError) in
            var record = try load(name, key)
            if record?.isGone(at: world.now()) == true { record = nil }
            let before = record?.encoded()
            let result = try change(&record)
            guard let record else { return result }
            let after = record.encoded()
            if let before, before.isSame(as: after) { return result }
            folder.removeLeftovers(of: name)
            try VaultFile.write(VaultSeal.seal(after, name: name, key: key), to: folder.secret(name))
            return result
        }
    }

    /// The same for a secret that must be there.
    func changingExisting<Result>(
        _ name: String, _ change: (inout VaultRecord) throws(StoreError) -> Result
    ) async throws -> Result {
        // Without a file there is nothing to lock, and no lock file to leave behind.
        guard let key = try keyring.key(), VaultFile.exists(folder.secret(name)) else {
            throw StoreError.notFound(name: name)
        }
        return try await changing(name, key) { record throws(StoreError) in
            guard var existing = record else { throw .notFound(name: name) }
            let result = try change(&existing)
            record = existing
            return result
        }
    }

    func load(_ name: String, _ key: VaultKey) throws(StoreError) -> VaultRecord? {
        let path = folder.secret(name)
        guard let file = try VaultFile.read(path) else { return nil }
        return try VaultRecord(
            decoding: VaultSeal.open(file, name: name, key: key, path: path), name: name, path: path)
    }

    /// Removes the file of a secret whose deletion is due. Whoever fails at it leaves it to the next: the secret counts
    /// as gone anyway.
    func purge(_ name: String, _ key: VaultKey) {
        try? FileLock.ifFree(folder.lock(of: name)) { () throws(StoreError) in
            // Looked at again under the lock: it may have been made anew.
            guard let record = try load(name, key), record.isGone(at: world.now()) else { return }
            folder.removeLeftovers(of: name)
            unlink(folder.secret(name))
        }
    }
}
