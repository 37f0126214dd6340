// Parts of a fleet's report into the whole.

package import Scanning

extension FleetDocument {
    /// Joins the parts of one run. What comes out is what a run over all without parts would have written.
    ///
    /// A part that is there twice must be the same twice: a retried shard gives the same document again, and one that
    /// does not is about other repositories than those that were there before.
    ///
    /// - Throws: `FleetError`.
    package static func merging(_ files: [(name: String, document: FleetDocument)]) throws(FleetError) -> FleetDocument
    {
        guard let first = files.first else { throw .missing([1], count: 1) }
        var parts: [Int: (name: String, document: FleetDocument)] = [:]
        for file in files {
            try requireSame(first, file)
            let index = file.document.header.shard.index
            if let known = parts[index] {
                guard known.document.entries.map(\.text) == file.document.entries.map(\.text) else {
                    throw .overlapping(shard: index, first: known.name, second: file.name)
                }
                continue
            }
            let strangers = file.document.entries.filter { !file.document.header.shard.holds($0.path) }
            if let stranger = strangers.first {
                throw .notFleet(
                    file: file.name, reason: "\(stranger.path) does not belong to shard \(file.document.header.shard)")
            }
            parts[index] = file
        }
        let count = first.document.header.shard.count
        let missing = (1...count).filter { parts[$0] == nil }
        if !missing.isEmpty { throw .missing(missing, count: count) }

        let entries = parts.values.flatMap(\.document.entries).sorted { $0.position < $1.position }
        let total = first.document.header.repositoryCount
        let positions = Set(entries.map(\.position))
        let uncovered = (1...total).filter { !positions.contains($0) }
        if !uncovered.isEmpty { throw .uncovered(uncovered) }
        guard entries.count == total, RepositoryList.digest(of: entries.map(\.path)) == first.document.header.listDigest
        else { throw .notFleet(file: first.name, reason: "its repositories are not those of its list") }
        var header = first.document.header
        header.shard = .whole
        return FleetDocument(header: header, entries: entries)
    }

    private static func requireSame(
        _ first: (name: String, document: FleetDocument), _ second: (name: String, document: FleetDocument)
    ) throws(FleetError) {
        let (left, right) = (first.document.header, second.document.header)
        let differences: [(String, Bool)] = [
            ("list", left.listDigest == right.listDigest && left.repositoryCount == right.repositoryCount),
            ("version", left.version == right.version), ("rules", left.rules == right.rules),
            ("settings", left.settings == right.settings), ("shards", left.shard.count == right.shard.count),
        ]
        if let difference = differences.first(where: { !$0.1 }) {
            throw .different(difference.0, first: first.name, second: second.name)
        }
    }
}
