// One secret: its keys with masked values, or its versions; and lists of secrets.

package import Stores
import World

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The keys of one version of a secret.
package struct SecretReport: Sendable {
    package var name: String
    package var place: String
    package var versionID: String
    package var stages: [String]
    /// Seconds since 1970.
    package var created: Int64?
    package var keys: [(key: String, value: ShownValue)]

    package init(
        name: String, place: String, versionID: String, stages: [String], created: Int64?,
        keys: [(key: String, value: ShownValue)]
    ) {
        self.name = name
        self.place = place
        self.versionID = versionID
        self.stages = stages
        self.created = created
        self.keys = keys
    }

    /// Without the labels of writes that were cut short, which say nothing of the values.
    private var shownStages: [String] { stages.filter { !StagingLabel.isOne($0) }.sorted() }

    package func text(_ style: TerminalStyle, now: Int64) -> String {
        var page = style.page()
        page.line(Piece(name, .strong), Piece("  " + place, .faint))
        var table = TextTable()
        for (key, value) in keys { table.add(Piece(key, .strong), value.piece) }
        table.write(to: &page)
        if table.isEmpty {
            page.line(Piece("  no keys yet: migrate secret set KEY, or migrate secret import FILE", .faint))
        }
        let age = created.flatMap { Timestamp($0).age(at: Timestamp(now)) }
        page.line(
            Piece(
                Wording.count(keys.count, "key") + "; version \(versionID.prefix(8))"
                    + (shownStages.isEmpty ? "" : " (\(shownStages.joined(separator: ", ")))")
                    + (age.map { ", written \($0)" } ?? ""), .faint))
        return page.text
    }

    /// `migrate.secret/1`
    package func json() throws -> [UInt8] {
        struct Key: Encodable {
            var key: String
            var type: String
            var state: String
            var mask: String
        }
        struct Document: Encodable {
            var schema = "migrate.secret/1"
            var name: String
            var version: String
            var stages: [String]
            var created: String?
            var keys: [Key]
        }
        return try JSONText.bytes(
            Document(
                name: name, version: versionID, stages: stages.sorted(),
                created: created.map { Timestamp($0).iso8601 },
                keys: keys.map {
                    Key(key: $0.key, type: $0.value.kind, state: $0.value.state.rawValue, mask: $0.value.mask)
                }))
    }
}

/// The versions of a secret, newest first.
package struct VersionsReport: Sendable {
    package var name: String
    package var place: String
    package var versions: [VersionSummary]

    package init(name: String, place: String, versions: [VersionSummary]) {
        self.name = name
        self.place = place
        self.versions = versions
    }

    package func text(_ style: TerminalStyle, now: Int64) -> String {
        var page = style.page()
        page.line(Piece(name, .strong), Piece("  " + place, .faint))
        var table = TextTable()
        for version in versions {
            let time = version.created.map { Timestamp($0.wholeSeconds) }
            table.add(
                Piece(version.versionID), Piece(time?.iso8601 ?? "?"),
                Piece(time?.age(at: Timestamp(now)) ?? "", .faint),
                Piece(
                    version.stages.sorted().map { StagingLabel.isOne($0) ? "\($0) (a write that was cut short)" : $0 }
                        .joined(separator: ", "),
                    version.stages.contains(Stage.current) ? .good : .plain))
        }
        table.write(to: &page)
        page.line(Piece(Wording.count(versions.count, "version"), .faint))
        return page.text
    }

    /// `migrate.secret-versions/1`
    package func json() throws -> [UInt8] {
        struct Version: Encodable {
            var version: String
            var created: String?
            var stages: [String]
        }
        struct Document: Encodable {
            var schema = "migrate.secret-versions/1"
            var name: String
            var versions: [Version]
        }
        return try JSONText.bytes(
            Document(
                name: name,
                versions: versions.map {
                    Version(version: $0.versionID, created: $0.created?.iso8601, stages: $0.stages.sorted())
                }))
    }
}

/// What secrets there are.
package struct SecretListReport: Sendable {
    package var place: String
    package var secrets: [SecretDescription]

    package init(place: String, secrets: [SecretDescription]) {
        self.place = place
        self.secrets = secrets
    }

    package func text(_ style: TerminalStyle, now: Int64) -> String {
        var page = style.page()
        page.line(Piece(place, .strong))
        var table = TextTable()
        for secret in secrets {
            let changed = (secret.changed ?? secret.created).flatMap {
                Timestamp($0.wholeSeconds).age(at: Timestamp(now))
            }
            var note = secret.description ?? ""
            if secret.deleted != nil {
                note =
                    "scheduled for deletion"
                    + (secret.deletionDate.map { " on " + Timestamp($0.wholeSeconds).day } ?? "")
            }
            table.add(
                Piece(secret.name, .strong), Piece(changed.map { "changed " + $0 } ?? ""),
                Piece(note, secret.deleted == nil ? .faint : .medium))
        }
        table.write(to: &page)
        page.line(Piece(Wording.count(secrets.count, "secret"), .faint))
        return page.text
    }

    /// `migrate.secrets/1`
    package func json() throws -> [UInt8] {
        struct Secret: Encodable {
            var name: String
            var arn: String?
            var description: String?
            var created: String?
            var changed: String?
            var accessed: String?
            var deletion: String?
            var tags: [String: String]
        }
        struct Document: Encodable {
            var schema = "migrate.secrets/1"
            var place: String
            var secrets: [Secret]
        }
        return try JSONText.bytes(
            Document(
                place: place,
                secrets: secrets.map {
                    Secret(
                        name: $0.name, arn: $0.arn, description: $0.description, created: $0.created?.iso8601,
                        changed: $0.changed?.iso8601, accessed: $0.accessed?.iso8601,
                        deletion: $0.deletionDate?.iso8601, tags: $0.tags)
                }))
    }
}
