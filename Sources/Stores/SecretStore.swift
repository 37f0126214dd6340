// What every store can do: the calls of AWS Secrets Manager, their meaning and their errors.

package import Secrets
package import World

/// A place that keeps secrets, each with versions and stage labels.
///
/// The meaning is that of AWS Secrets Manager: the first version has the label AWSCURRENT; labels move and never stand
/// on two versions; when AWSCURRENT moves, the version that had it gets AWSPREVIOUS; a deleted secret can be restored
/// within its window and cannot be read until then. Every call throws `StoreError` or `CancellationError`.
package protocol SecretStore: Sendable {
    /// For people: "AWS Secrets Manager in eu-west-1", "the local vault at ~/.local/share/migrate/vault".
    var place: String { get }

    /// Everything about the secret but its values.
    func describe(_ name: String) async throws -> SecretDescription
    /// One version: by id, by stage, or by both, which then must agree.
    func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion
    /// Several secrets at once, in the order asked for, each with its own error. AWSCURRENT of each.
    func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>]
    /// Makes the secret with its first version, which gets AWSCURRENT. The same token with the same content again is
    /// the same success.
    func create(_ name: String, _ content: SharedSecret, token: String, options: CreationOptions) async throws
        -> VersionReference
    /// Adds a version. Without stages it gets AWSCURRENT. The same token with the same content again is the same success.
    func put(_ name: String, _ content: SharedSecret, stages: [String], token: String) async throws -> VersionReference
    /// Moves a label: `from` must have it (nil: nobody has it), else `conflict`. `to` nil takes it away.
    func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws
    /// Newest first; deprecated ones (without a label) included.
    func versions(_ name: String) async throws -> [VersionSummary]
    /// Secrets whose names begin with `prefix`, in the order of their names, one page after the other.
    func list(prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void)
        async throws
    /// Schedules the deletion in `days` (7 to 30). Says when.
    func delete(_ name: String, days: Int) async throws -> Instant?
    func restore(_ name: String) async throws
    func tag(_ name: String, _ tags: [String: String]) async throws
    /// Takes tags away by their keys. A key that is not there is no error.
    func untag(_ name: String, _ keys: [String]) async throws
}

extension SecretStore {
    package func read(_ name: String) async throws -> SecretVersion { try await read(name, .current) }
}

package enum Stage {
    package static let current = "AWSCURRENT"
    package static let previous = "AWSPREVIOUS"
    package static let pending = "AWSPENDING"
}

package struct VersionSelector: Sendable, Equatable {
    package var id: String?
    package var stage: String?

    package init(id: String? = nil, stage: String? = nil) {
        self.id = id
        self.stage = stage
    }

    /// Asked for by name: some emulators give something else without it.
    package static let current = VersionSelector(stage: Stage.current)
}

package struct CreationOptions: Sendable {
    package var description: String?
    /// Id, ARN or alias of a KMS key; nil for the store's own.
    package var kmsKey: String?
    package var tags: [String: String]

    package init(description: String? = nil, kmsKey: String? = nil, tags: [String: String] = [:]) {
        self.description = description
        self.kmsKey = kmsKey
        self.tags = tags
    }
}

package struct VersionReference: Sendable, Equatable {
    package var name: String
    /// Nil in the local vault.
    package var arn: String?
    package var versionID: String

    package init(name: String, arn: String?, versionID: String) {
        self.name = name
        self.arn = arn
        self.versionID = versionID
    }
}

package struct SecretVersion: Sendable {
    package var name: String
    package var arn: String?
    package var versionID: String
    package var stages: [String]
    package var created: Instant?
    /// The bytes of SecretString.
    package var content: SharedSecret

    package init(
        name: String, arn: String?, versionID: String, stages: [String], created: Instant?, content: SharedSecret
    ) {
        self.name = name
        self.arn = arn
        self.versionID = versionID
        self.stages = stages
        self.created = created
        self.content = content
    }
}

package struct VersionSummary: Sendable, Equatable {
    package var versionID: String
    package var stages: [String]
    package var created: Instant?

    package init(versionID: String, stages: [String], created: Instant?) {
        self.versionID = versionID
        self.stages = stages
        self.created = created
    }
}

package struct SecretDescription: Sendable, Equatable {
    package var name: String
    package var arn: String?
    package var description: String?
    package var kmsKey: String?
    /// When it was scheduled for deletion; nil for a live one.
    package var deleted: Instant?
    /// When it goes for good, if it is scheduled for deletion.
    package var deletionDate: Instant?
    package var created: Instant?
    package var changed: Instant?
    /// To the day.
    package var accessed: Instant?
    package var rotates: Bool
    /// A service of AWS that manages this secret; nil for none.
    package var owningService: String?
    package var tags: [String: String]
    /// Labels by version id.
    package var stages: [String: [String]]

    package init(name: String) {
        self.name = name
        rotates = false
        tags = [:]
        stages = [:]
    }

    /// The version that has the label.
    package func version(with stage: String) -> String? { stages.first { $0.value.contains(stage) }?.key }
}
