// A report on many repositories: read, merged, written.

package import JSON
package import Scanning

/// A whole document, by position of its repositories.
package struct FleetDocument: Sendable {
    package var header: FleetHeader
    package var entries: [FleetEntry]

    package init(header: FleetHeader, entries: [FleetEntry]) {
        self.header = header
        self.entries = entries
    }

    /// Reads a document.
    ///
    /// - Parameter file: its name, for the message.
    /// - Throws: `FleetError`.
    package init(parsing bytes: [UInt8], file: String) throws(FleetError) {
        let document: JSON.JSONDocument
        do { document = try JSON.JSONDocument(parsing: bytes) } catch {
            throw .notFleet(
                file: file,
                reason: bytes.isEmpty
                    ? "it is empty" : "line \(error.line), column \(error.column) is no JSON: it may be cut short")
        }
        let root = document.root
        guard let schema = root["schema"]?.string else { throw .notFleet(file: file, reason: "it has no schema") }
        guard schema == FleetHeader.schema else {
            throw .notFleet(file: file, reason: "its schema is \(schema), not \(FleetHeader.schema)")
        }
        guard let header = FleetHeader(root), let list = root["repositories"], list.kind == .array,
            root["summary"]?.kind == .object
        else { throw .notFleet(file: file, reason: "members of \(FleetHeader.schema) are missing or wrong") }
        self.header = header
        entries = []
        for value in list.elements {
            guard let entry = FleetEntry(value, text: Array(bytes[value.range])) else {
                throw .notFleet(file: file, reason: "repository \(entries.count + 1) in it is none that migrate wrote")
            }
            entries.append(entry)
        }
    }

    /// The whole text: what a run writes piece by piece.
    package func bytes() throws -> [UInt8] {
        var bytes = try header.line()
        for (number, entry) in entries.enumerated() { bytes += Self.line(entry, isFirst: number == 0) }
        return bytes + (try Self.end(FleetSummary(entries)))
    }

    /// An entry's line. The comma stands in front, so that a line that is there is whole.
    package static func line(_ entry: FleetEntry, isFirst: Bool) -> [UInt8] {
        (isFirst ? [] : [UInt8(ascii: ",")]) + entry.text + [UInt8(ascii: "\n")]
    }

    /// The last line.
    package static func end(_ summary: FleetSummary) throws -> [UInt8] {
        Array("],\"summary\":".utf8) + (try JSONText.line(summary.document)).dropLast() + Array("}\n".utf8)
    }
}

extension FleetHeader {
    /// From a document; nil when a member is missing or of another kind.
    init?(_ root: JSONValue) {
        guard let version = root["tool"]?["version"]?.string, let rules = root["tool"]?["rules"]?.string,
            let count = root["list"]?["repositories"]?.int, count > 0,
            let digest = root["list"]?["digest"]?.string,
            let index = root["shard"]?["index"]?.int, let shards = root["shard"]?["count"]?.int,
            let shard = Shard(index: index, count: shards), let options = root["settings"], options.kind == .object
        else { return nil }
        var settings: [String: String] = [:]
        for (name, value) in options.members {
            guard let text = value.string else { return nil }
            settings[name] = text
        }
        self.init(
            version: version, rules: rules, repositoryCount: count, listDigest: digest, settings: settings,
            shard: shard)
    }
}
