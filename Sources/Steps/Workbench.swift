// What the steps work on, opened when it is first needed.

package import AWS
package import Checklist
import Detection
package import Dotenv
package import HTTP
package import Scanning
package import Secrets
package import SendGrid
package import Settings
package import Stores
import Synchronization
package import World

/// The repository, its settings, the store, the providers: everything outside that a step touches. A test replaces it
/// one piece at a time.
package struct Workbench: Sendable {
    /// The root of the worktree, absolute and without links; no `/` at the end.
    package var root: String
    package var settings: Configuration
    package var world: World
    /// Who does it: "Ada Lovelace <ada@example.com>".
    package var identity: String
    /// `.migrate/local`, absolute: backups, caches, run keys; ignored by git, and private.
    package var localFolder: String
    /// Whether leaked credentials of other providers may be tried at these: off unless asked for.
    package var probesProviders: Bool
    /// Whether what a command of the team's prints goes to standard error; otherwise it goes nowhere.
    package var showsCommandOutput = false
    /// The store and the secret's name; opened once, and the same from then on.
    /// - Throws: what opening throws; `NoSecretNamed` where nothing names a secret.
    package var store: @Sendable () async throws -> StoreAccess
    /// A client of SendGrid that speaks with this key.
    package var sendGrid: @Sendable (_ key: SharedSecret) throws -> SendGridClient
    /// What SendGrid has said of keys; nil to ask each time.
    package var livenesses: LivenessMemo?
    /// A key that may manage keys, from the environment; nil for none. A step then asks for one.
    package var sendGridAdminKey: @Sendable () -> SharedSecret?
    /// The repository's findings, from the cache where nothing has changed.
    package var findings: @Sendable () async throws -> RepositoryFindings
    /// CloudTrail of the store's account; nil for the local vault.
    package var accessHistory: @Sendable () async throws -> CloudTrailClient?
    /// Sends requests to providers other than SendGrid and AWS.
    package var transport: @Sendable () throws -> any Transport
    /// What is remembered of the checklist's steps of a kind, in their order: what another step decided counts here too.
    package var records: @Sendable (_ kind: String) async -> [StepRecord]

    package init(
        root: String, settings: Configuration, world: World, identity: String, localFolder: String,
        probesProviders: Bool = false,
        store: @escaping @Sendable () async throws -> StoreAccess,
        sendGrid: @escaping @Sendable (_ key: SharedSecret) throws -> SendGridClient,
        sendGridAdminKey: @escaping @Sendable () -> SharedSecret?,
        findings: @escaping @Sendable () async throws -> RepositoryFindings,
        accessHistory: @escaping @Sendable () async throws -> CloudTrailClient?,
        transport: @escaping @Sendable () throws -> any Transport,
        records: @escaping @Sendable (_ kind: String) async -> [StepRecord] = { _ in [] }
    ) {
        self.root = root
        self.settings = settings
        self.world = world
        self.identity = identity
        self.localFolder = localFolder
        self.probesProviders = probesProviders
        self.store = store
        self.sendGrid = sendGrid
        self.sendGridAdminKey = sendGridAdminKey
        self.findings = findings
        self.accessHistory = accessHistory
        self.transport = transport
        self.records = records
    }
}

/// An open store, and the secret that the checklist is about.
package struct StoreAccess: Sendable {
    package var store: any SecretStore
    /// The name, or the ARN, of the secret.
    package var name: String
    /// Nil for the local vault.
    package var region: String?
    /// Twelve digits, from the settings; nil when they expect none.
    package var expectedAccount: String?
    /// The account of the credentials; nil for the local vault.
    package var account: @Sendable () async throws -> String?

    package init(
        store: any SecretStore, name: String, region: String?, expectedAccount: String?,
        account: @escaping @Sendable () async throws -> String?
    ) {
        self.store = store
        self.name = name
        self.region = region
        self.expectedAccount = expectedAccount
        self.account = account
    }
}

/// Nothing says which secret is meant: neither an option, nor the environment, nor the settings.
package struct NoSecretNamed: Error {
    /// A word of the command line that was taken for a key; nil for none.
    package var key: String?

    package init(key: String? = nil) { self.key = key }
}

/// A scan of the whole repository, and what can be done with it.
package struct RepositoryFindings: Sendable {
    package var report: ScanReport
    /// Tells whether a value is one of the findings.
    package var leaked: LeakedValues
    /// Lends the value that a finding points to.
    package var lender: ValueLender

    package init(report: ScanReport, leaked: LeakedValues, lender: ValueLender) {
        self.report = report
        self.leaked = leaked
        self.lender = lender
    }

    /// The value of a finding, from the first of its places that still has it; read once.
    package func value(of finding: Finding) -> SharedSecret? {
        lent.values.withLock { values in
            if let known = values[finding.fingerprint] { return known }
            for occurrence in finding.occurrences {
                guard let value = lender.value(at: occurrence) else { continue }
                let shared = SharedSecret(value)
                values[finding.fingerprint] = shared
                return shared
            }
            return nil
        }
    }

    /// Several steps look at the same values, and each look opens the repository.
    private final class Lent: Sendable {
        let values = Mutex<[Fingerprint: SharedSecret]>([:])
    }

    private let lent = Lent()
}
