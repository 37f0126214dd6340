// What the reports on one fleet must have in common before they are one report.

package import Scanning

/// Who scanned which list how, and which part of it.
package struct FleetHeader: Sendable, Equatable {
    /// The document's name and version.
    package static let schema = "migrate.fleet/1"

    /// The version of `migrate`.
    package var version: String
    /// A digest of the rules, in hexadecimal.
    package var rules: String
    /// Repositories in the whole list.
    package var repositoryCount: Int
    /// `RepositoryList.digest` of the whole list.
    package var listDigest: String
    /// What else decides what is found, by the names of the options.
    package var settings: [String: String]
    package var shard: Shard

    package init(
        version: String, rules: String, repositoryCount: Int, listDigest: String, settings: [String: String],
        shard: Shard
    ) {
        self.version = version
        self.rules = rules
        self.repositoryCount = repositoryCount
        self.listDigest = listDigest
        self.settings = settings
        self.shard = shard
    }

    /// The first line of a document, up to the list of repositories. It is the same for the same run.
    package func line() throws -> [UInt8] {
        var line = try JSONText.line(Mirror(self))
        // The closing brace and the line break: what follows is written as it comes.
        line.removeLast(2)
        return line + Array(",\"repositories\":[\n".utf8)
    }

    struct Mirror: Encodable {
        let schema = FleetHeader.schema
        let tool: [String: String]
        let list: List
        let settings: [String: String]
        let shard: [String: Int]

        struct List: Encodable {
            let repositories: Int
            let digest: String
        }

        init(_ header: FleetHeader) {
            tool = ["name": "migrate", "version": header.version, "rules": header.rules]
            list = List(repositories: header.repositoryCount, digest: header.listDigest)
            settings = header.settings
            shard = ["index": header.shard.index, "count": header.shard.count]
        }
    }
}
