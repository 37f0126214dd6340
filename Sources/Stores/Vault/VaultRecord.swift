// What one sealed file holds: a secret with all its versions, as JSON.

import JSON
import Secrets
import World

struct VaultRecord: Sendable {
    struct Version: Sendable {
        var id: String
        var created: Instant
        var stages: [String]
        var content: SharedSecret
    }

    var name: String
    var created: Instant
    var changed: Instant
    var description: String?
    var kmsKey: String?
    var tags: [String: String] = [:]
    /// When it was scheduled for deletion, and when it goes.
    var deletion: (scheduled: Instant, due: Instant)?
    /// Oldest first.
    var versions: [Version]

    /// Times are kept to the millisecond.
    static func rounded(_ instant: Instant) -> Instant { Instant(seconds: Double(milliseconds(instant)) / 1_000) }

    private static func milliseconds(_ instant: Instant) -> Int {
        Int(exactly: (instant.seconds * 1_000).rounded()) ?? Int(instant.wholeSeconds) * 1_000
    }

    func encoded() -> SecretValue {
        var writer = JSONWriter(capacity: versions.reduce(512) { $0 + $1.content.count + 256 })
        func time(_ name: String, _ instant: Instant, _ writer: inout JSONWriter) {
            writer.key(name)
            writer.number(Self.milliseconds(instant))
        }
        writer.beginObject()
        time("created", created, &writer)
        time("changed", changed, &writer)
        writer.member("description", description)
        writer.member("kmsKey", kmsKey)
        writer.key("tags")
        writer.beginObject()
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
        writer.endObject()
        if let deletion {
            time("scheduled", deletion.scheduled, &writer)
            time("due", deletion.due, &writer)
        }
        writer.key("versions")
        writer.beginArray()
        for version in versions {
            writer.beginObject()
            writer.member("id", version.id)
            time("created", version.created, &writer)
            writer.key("stages")
            writer.beginArray()
            for stage in version.stages { writer.string(stage) }
            writer.endArray()
            writer.key("content")
            writer.string(version.content)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    /// - Throws: `StoreError.damaged`.
    init(decoding text: consuming SecretValue, name: String, path: String) throws(StoreError) {
        let root: JSONValue
        do { root = try JSONDocument(parsing: text).root } catch {
            throw .damaged(path: path, reason: "what is sealed in it is no JSON")
        }
        func time(_ value: JSONValue?) -> Instant? {
            value?.int.map { Instant(seconds: Double($0) / 1_000) }
        }
        guard let created = time(root["created"]), let changed = time(root["changed"]),
            let list = root["versions"], list.kind == .array
        else { throw .damaged(path: path, reason: "what is sealed in it is incomplete") }
        self.name = name
        self.created = created
        self.changed = changed
        description = root["description"]?.string
        kmsKey = root["kmsKey"]?.string
        for (key, value) in root["tags"]?.members ?? [] { tags[key] = value.string }
        if let scheduled = time(root["scheduled"]), let due = time(root["due"]) { deletion = (scheduled, due) }
        versions = []
        for value in list.elements {
            guard let id = value["id"]?.string, let created = time(value["created"]), let stages = value["stages"],
                let content = value["content"]?.secret()
            else { throw .damaged(path: path, reason: "a version in it is incomplete") }
            versions.append(
                Version(id: id, created: created, stages: stages.elements.compactMap(\.string), content: content))
        }
        let labels = versions.flatMap(\.stages)
        guard labels.contains(Stage.current) else {
            throw .damaged(path: path, reason: "no version in it is the current one")
        }
        guard Set(labels).count == labels.count, Set(versions.map(\.id)).count == versions.count else {
            throw .damaged(path: path, reason: "two versions in it have the same id or the same label")
        }
    }

    func version(with stage: String) -> Version? { versions.first { $0.stages.contains(stage) } }
    func version(_ id: String) -> Version? { versions.first { $0.id == id } }

    var summary: SecretDescription {
        var summary = SecretDescription(name: name)
        summary.description = description
        summary.kmsKey = kmsKey
        summary.created = created
        summary.changed = changed
        summary.deleted = deletion?.scheduled
        summary.deletionDate = deletion?.due
        summary.tags = tags
        for version in versions where !version.stages.isEmpty { summary.stages[version.id] = version.stages }
        return summary
    }
}
