// A local vault that is made when something is written, and not before.

import Secrets
import Settings
import Stores
import World

/// The vault of a checklist. Looking at the list must not make a vault, and a checklist begins without one: it comes
/// into being with the first secret.
actor VaultOnDemand: SecretStore {
    private let vaultPlace: VaultPlace
    private var opened: LocalVault
    /// Whether there is a vault, or may be one by now.
    private var isReady: Bool
    nonisolated let place: String

    /// - Throws: what opening throws.
    init(_ options: StoreOptions, _ settings: LocalSettings, world: World) throws {
        vaultPlace = try VaultPlace(options, settings, world: world)
        isReady = try VaultInspection.exists(folder: vaultPlace.folder)
        opened = try vaultPlace.open(creating: false, isToBeExpected: true)
        place = opened.place
    }

    private func forWriting() throws -> LocalVault {
        if !isReady {
            opened = try vaultPlace.open(creating: true)
            isReady = true
        }
        return opened
    }

    /// Another process may have made the vault since we looked.
    private func forReading() throws -> LocalVault {
        if !isReady, try VaultInspection.exists(folder: vaultPlace.folder) {
            opened = try vaultPlace.open(creating: false, isToBeExpected: true)
            isReady = true
        }
        return opened
    }

    func describe(_ name: String) async throws -> SecretDescription { try await forReading().describe(name) }

    func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        try await forReading().read(name, selector)
    }

    func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] {
        try await forReading().readAll(names)
    }

    func create(
        _ name: String, _ content: SharedSecret, token: String, options: CreationOptions
    ) async throws -> VersionReference {
        try await forWriting().create(name, content, token: token, options: options)
    }

    func put(_ name: String, _ content: SharedSecret, stages: [String], token: String) async throws -> VersionReference
    {
        try await forWriting().put(name, content, stages: stages, token: token)
    }

    func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws {
        try await forReading().moveStage(name, stage, from: from, to: to)
    }

    func versions(_ name: String) async throws -> [VersionSummary] { try await forReading().versions(name) }

    func list(
        prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void
    ) async throws {
        try await forReading().list(prefix: prefix, includingDeleted: includingDeleted, page: page)
    }

    func delete(_ name: String, days: Int) async throws -> Instant? {
        try await forReading().delete(name, days: days)
    }

    func restore(_ name: String) async throws { try await forReading().restore(name) }

    func tag(_ name: String, _ tags: [String: String]) async throws { try await forReading().tag(name, tags) }

    func untag(_ name: String, _ keys: [String]) async throws { try await forReading().untag(name, keys) }
}
