// What a vault is unlocked with.

package import Secrets

/// How a vault is unlocked.
package enum VaultUnlock: Sendable {
    /// By the key in this file: see `VaultKeyFile`.
    case keyFile(String)
    /// By a passphrase, through scrypt.
    case passphrase(SharedSecret)
}
