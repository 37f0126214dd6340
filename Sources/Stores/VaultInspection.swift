// What can be told of a vault without opening it.

package enum VaultInspection {
    /// Whether anything was ever written to the vault in this folder.
    /// - Throws: `StoreError.damaged`, `.file`.
    package static func exists(folder: String) throws(StoreError) -> Bool {
        try VaultHeader.read(VaultFolder(folder).header) != nil
    }

    /// Whether the vault was made with a passphrase instead of a key file.
    /// - Throws: `StoreError.damaged`, `.file`.
    package static func needsPassphrase(folder: String) throws(StoreError) -> Bool {
        try VaultHeader.read(VaultFolder(folder).header)?.scrypt != nil
    }
}
