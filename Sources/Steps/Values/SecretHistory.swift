// When each value of a secret was last changed, told by its versions.

import Checklist
import Stores
import World

enum SecretHistory {
    /// Versions that are looked at, newest first: a store keeps a hundred, and a change further back is long ago.
    private static let mostVersions = 20

    /// By key, the day since which it has the value of `current`, as far back as the store can tell.
    /// - Throws: whatever the store throws, but for versions that are gone meanwhile.
    static func changed(
        _ secret: SecretPlace, since current: (version: SecretVersion, content: SecretContent), today: Instant
    )
        async throws -> [String: String]
    {
        let start = current.version.created ?? today
        var days = Dictionary(current.content.keys.map { ($0, start.day) }) { first, _ in first }
        var open = Set(current.content.keys)
        let older = try await secret.store.versions(secret.name).filter { version in
            version.versionID != current.version.versionID && (version.created ?? start) <= start
        }
        for summary in older.prefix(mostVersions) where !open.isEmpty {
            let content: SecretContent
            do {
                let version = try await secret.store.read(secret.name, VersionSelector(id: summary.versionID))
                content = try SecretContent(parsing: version.content, name: secret.name)
            } catch StoreError.noSuchVersion {
                continue
            } catch StoreError.notAnObject {
                break
            }
            for key in open {
                guard let now = current.content.value(of: key), let then = content.value(of: key), now.isSame(as: then)
                else {
                    open.remove(key)
                    continue
                }
                if let created = summary.created { days[key] = created.day }
            }
        }
        return days
    }
}
