// Where the local vault is, and what opens it.

import Files
import Secrets
import Settings
import Stores
import World

/// The vault that options and settings name. A vault that a passphrase unlocks takes it from MIGRATE_VAULT_PASSPHRASE
/// or asks for it.
struct VaultPlace {
    let folder: String
    let keyFile: String
    private let world: World
    static let passphraseVariable = "MIGRATE_VAULT_PASSPHRASE"

    /// - Throws: `NoHomeFolder` when a default is needed and there is none.
    init(_ options: StoreOptions, _ settings: LocalSettings, world: World) throws {
        func place(_ option: String?, _ setting: String?, _ standard: String?) throws -> String {
            if let option { return option }
            if let setting {
                if setting.hasPrefix("~/") {
                    guard let home = world.homeFolder else { throw NoHomeFolder() }
                    return home + setting.dropFirst(1)
                }
                return setting.hasPrefix("/") ? setting : settings.root + "/" + setting
            }
            guard let standard else { throw NoHomeFolder() }
            return standard
        }
        folder = try place(options.vaultFolder, settings.store.vaultFolder, LocalVault.defaultFolder(in: world))
        keyFile = try place(options.vaultKeyFile, settings.store.vaultKeyFile, VaultKeyFile.defaultPath(in: world))
        self.world = world
    }

    /// - Parameters:
    ///   - creating: whether a vault that is not there yet may get its key file now.
    ///   - isToBeExpected: whether it is no wonder that there is none.
    func open(creating: Bool, isToBeExpected: Bool = false) throws -> LocalVault {
        LocalVault(folder: folder, unlockedBy: try unlock(creating, isToBeExpected), world: world)
    }

    private func unlock(_ creating: Bool, _ isToBeExpected: Bool) throws -> VaultUnlock {
        let passphrase = world.variable(Self.passphraseVariable).map { VaultUnlock.passphrase(.init(copying: $0.utf8)) }
        if try VaultInspection.exists(folder: folder) {
            // The vault itself says what opens it; a passphrase or a key file that is around may be another one's.
            guard try VaultInspection.needsPassphrase(folder: folder) else { return .keyFile(keyFile) }
            if let passphrase { return passphrase }
            return .passphrase(
                try Prompt.secret(
                    "Passphrase of the vault: ", need: "the passphrase of the vault at \(folder)",
                    remedy: "set \(Self.passphraseVariable)"))
        }
        if let passphrase {
            if creating {
                Diagnostics.note(
                    "made a new vault at \(folder); the passphrase in \(Self.passphraseVariable) opens it.")
            }
            return passphrase
        }
        if !creating, !isToBeExpected { Diagnostics.note("note: there is no vault at \(folder) yet.") }
        if FileStatus(at: keyFile) == nil {
            // There is nothing to open yet, and nothing is to be made.
            guard creating else { return .passphrase(.init(copying: world.randomBytes(32))) }
            guard try WorktreePlace.of(keyFile) == .safe else { throw KeyFileInWorktree(path: keyFile) }
            do {
                try VaultKeyFile.create(at: keyFile, world: world)
                Diagnostics.note(
                    "made a new vault at \(folder); its key is in \(keyFile). Without that file nobody can read it: "
                        + "keep a copy.")
            } catch {
                // Another process may have been first.
                if FileStatus(at: keyFile) == nil { throw error }
            }
        }
        return .keyFile(keyFile)
    }
}

/// The next commit would take the vault's key along.
struct KeyFileInWorktree: Error {
    let path: String
}

/// A default place is needed, and the user has no home folder.
struct NoHomeFolder: Error {}
