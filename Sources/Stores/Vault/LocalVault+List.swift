// Everything in a vault, in the order of names, with what is wrong in it.

import Files
import World

extension LocalVault {
    private static let pageSize = 50

    /// As `SecretStore` has it. Secrets that cannot be read are left out of the pages, and told by an error after the
    /// last page: that of the one that cannot be read, or, for several, the first one's with their number.
    package func list(
        prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void
    ) async throws {
        let problems = try await listReadable(prefix: prefix, includingDeleted: includingDeleted, page: page)
        guard let first = problems.first else { return }
        guard problems.count > 1 else { throw first }
        let more = "; \(problems.count - 1) more files of the vault cannot be read"
        switch first {
        case .damaged(let path, let reason): throw StoreError.damaged(path: path, reason: reason + more)
        case .file(let path, let reason): throw StoreError.file(path: path, reason: reason + more)
        case .wrongKey(let path): throw StoreError.damaged(path: path, reason: "it has another key" + more)
        default: throw first
        }
    }

    /// The same, with one error for each file that cannot be read, in the order of their names.
    /// - Throws: `StoreError` when the vault as a whole cannot be read, and what `page` throws.
    package func listReadable(
        prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void
    ) async throws -> [StoreError] {
        guard let key = try keyring.key() else { return [] }
        var (names, problems) = try names(withPrefix: prefix)
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var next: [SecretDescription] = []
        for name in names {
            try Task.checkCancellation()
            do throws(StoreError) {
                // Nil when it was deleted since the folder was read.
                guard let record = try load(name, key) else { continue }
                guard !record.isGone(at: world.now()) else {
                    purge(name, key)
                    continue
                }
                if includingDeleted || record.deletion == nil { next.append(record.summary) }
            } catch {
                problems.append(error)
            }
            if next.count == Self.pageSize {
                try await page(next)
                next = []
            }
        }
        if !next.isEmpty { try await page(next) }
        return problems
    }

    /// The names that the folder's files stand for, and files that stand for none.
    private func names(withPrefix prefix: String) throws(StoreError) -> ([String], [StoreError]) {
        var (names, problems): ([String], [StoreError]) = ([], [])
        for entry in try folder.entries() where entry.name.hasSuffix(VaultFolder.fileEnding) {
            let path = folder.secrets + "/" + entry.name
            do throws(StoreError) {
                switch VaultFolder.naming(of: entry.name) {
                case .name(let name): names.append(name)
                case .digest:
                    // Nil when it was deleted since the folder was read.
                    guard let file = try VaultFile.read(path) else { continue }
                    guard let name = VaultSeal.claimedName(of: file), VaultFolder.fileName(of: name) == entry.name
                    else {
                        throw .damaged(path: path, reason: "it names no secret that belongs there")
                    }
                    names.append(name)
                case .none: throw .damaged(path: path, reason: "no secret has a file of that name")
                }
            } catch {
                problems.append(error)
            }
        }
        return (names.filter { $0.utf8.starts(with: prefix.utf8) }, problems)
    }
}
