// The SendGrid keys that a rotation has replaced.

import Checklist
import Secrets
import SendGrid
import Stores
import World

/// A key that the secret held before a new one took its place. It did not leak, and the repository does not have it.
struct ReplacedSendGridKey: Sendable {
    let id: String
    /// From an earlier version of the secret; nil where none of those that are left holds it.
    let value: SharedSecret?

    /// How many of the secret's versions are read in search of a value.
    private static let mostVersions = 20

    /// What becomes of such a key.
    enum Fate: Sendable, Equatable {
        /// The key itself is refused: HTTP 401.
        case refused
        /// The account has no key of this id: HTTP 404. The key itself could not be asked.
        case missing
        /// It was deleted, and is still let in here and there.
        case spreading
        case live
        case unknown(reason: String, remedy: String)
    }

    /// The ids, oldest first, and the version that each was in; nil when no rotation has made a key yet.
    static func ids(_ workbench: Workbench) async -> [(id: String, versionID: String?)]? {
        let records = await workbench.records(SendGridSteps.createKeyName)
        let effects = records.flatMap(\.effects).filter { $0.facts.list(SendGridCreateKeyStep.replacesFact) != nil }
        guard !effects.isEmpty else { return nil }
        var ids: [(id: String, versionID: String?)] = []
        for effect in effects {
            for id in effect.facts.list(SendGridCreateKeyStep.replacesFact) ?? []
            where !ids.contains(where: { $0.id == id }) {
                ids.append((id, effect.facts.text("previous-version-id")))
            }
        }
        return ids
    }

    /// - Throws: what the store throws, but for a version that is gone.
    static func find(_ id: String, versionID: String?, in held: HeldSendGridKeys) async throws -> ReplacedSendGridKey {
        guard let store = held.store else { return ReplacedSendGridKey(id: id, value: nil) }
        var versions = versionID.map { [$0] } ?? []
        for attempt in 0..<2 {
            for version in versions.prefix(mostVersions) {
                if let value = try await value(of: id, in: version, held.secret, store) {
                    return ReplacedSendGridKey(id: id, value: value)
                }
            }
            if attempt == 0 { versions = try await store.versions(held.secret).map(\.versionID) }
        }
        return ReplacedSendGridKey(id: id, value: nil)
    }

    private static func value(
        of id: String, in version: String, _ secret: String, _ store: any SecretStore
    ) async throws -> SharedSecret? {
        do {
            let content = try SecretContent(
                parsing: try await store.read(secret, VersionSelector(id: version)).content, name: secret)
            for name in content.keys {
                guard let text = content.value(of: name)?.text() else { continue }
                let value = HeldSendGridKeys.trimmed(text)
                if SendGridKey.publicID(of: value) == id { return value }
            }
            return nil
        } catch StoreError.noSuchVersion {
            return nil
        }
    }

    /// - Parameters:
    ///   - since: an answer of SendGrid that was asked for earlier does not count; nil for any.
    ///   - isDeleted: whether one of the steps has deleted the key a short while ago.
    func fate(
        _ workbench: Workbench, _ admin: SendGridClient?, since: Instant? = nil, isDeleted: Bool
    ) async throws -> Fate {
        guard let value else {
            guard let admin else {
                return .unknown(
                    reason:
                        "no version of the secret holds the replaced key \(id) any more, so that it cannot be asked",
                    remedy: "set SENDGRID_ADMIN_KEY: the account tells whether it has such a key")
            }
            return try await SendGridAdmin.calling { try await admin.key(id) == nil ? .missing : .live }
        }
        switch try await workbench.liveness(of: value, since: since).liveness {
        case .dead: return .refused
        case .live, .scoped:
            if isDeleted { return .spreading }
            // An admin key that may not look is no reason to know nothing.
            guard let admin else { return .live }
            do { return try await admin.key(id) == nil ? .spreading : .live } catch is SendGridError { return .live }
        case .elsewhere(let host):
            return .unknown(
                reason: "the replaced key \(id) is live at \(host), not where the settings say",
                remedy: "set `sendgrid: region:` in .migrate/config.yml")
        case .unknown(let reason):
            return .unknown(
                reason: "SendGrid does not say whether the replaced key \(id) is live: \(reason)",
                remedy: "try again in a while")
        }
    }

    /// Whether this checklist has deleted the key so lately that some of SendGrid's machines may still let it in.
    static func wasDeleted(_ id: String, _ workbench: Workbench) async -> Bool {
        let effects = await workbench.records(SendGridSteps.revokeName).flatMap(\.effects)
        guard let deleted = effects.last(where: { $0.effect == SendGridRevokeStep.deleteEffect + id }) else {
            return false
        }
        // A clock that was set back does not make it younger than new.
        return abs(workbench.world.now() - deleted.at) < SendGridRevokeStep.longestPropagation
    }
}
