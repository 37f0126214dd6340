// The store and the providers, as options, settings and environment describe them.

import AWS
import HTTP
import Secrets
import SendGrid
import Settings
import Steps
import Stores
import World

/// What is on the other end of a wire, or in a vault.
struct OutsideOpening: Sendable {
    let options: ChecklistOptions
    let settings: LocalSettings
    let world: World

    /// An open store, and the AWS behind it.
    struct Store: Sendable {
        let access: StoreAccess
        /// Nil for the local vault.
        let aws: AWSContext?
        let world: World

        /// CloudTrail of the store's account; nil for the local vault.
        func accessHistory() throws -> CloudTrailClient? {
            try aws.map { CloudTrailClient(client: try $0.client(.cloudTrail), world: world) }
        }
    }

    /// The account is checked here, once and for every step: what a step then reads or writes is the right secret's.
    /// - Throws: `NoSecretNamed`, `AccountMismatch`, and what opening throws.
    func store() async throws -> Store {
        let name = try NamedSecret.resolve(
            options.secret.secret, word: nil, settings: settings.store, world: world
        ).name
        switch options.store.store ?? settings.store.kind ?? .aws {
        case .local:
            let vault = try VaultOnDemand(options.store, settings, world: world)
            let access = StoreAccess(store: vault, name: name, region: nil, expectedAccount: nil, account: { nil })
            return Store(access: access, aws: nil, world: world)
        case .aws:
            let session = try await StoreSession.open(options.store, settings, secret: name, world: world)
            let account = Once<String?> {
                guard let aws = session.aws else { return nil }
                return try await STSClient(client: aws.client(.sts)).getCallerIdentity().account
            }
            if let expected = settings.store.expectedAccount, let found = try await account.value(), found != expected {
                throw AccountMismatch(expected: expected, found: found)
            }
            let access = StoreAccess(
                store: session.store, name: name, region: session.aws?.settings.region?.value,
                expectedAccount: settings.store.expectedAccount, account: { try await account.value() })
            return Store(access: access, aws: session.aws, world: world)
        }
    }
}
