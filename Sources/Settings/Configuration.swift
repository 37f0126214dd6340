// `.migrate/config.yml`: what a team has agreed on for its repository.

package import Detection
import Files
import Yams

/// The settings of a repository.
package struct Configuration: Sendable, Equatable {
    /// Paths that are not reported, relative to the root: a file, or a folder with all below it.
    package var excludedPaths: [String] = []
    /// Findings below this severity do not fail a scan.
    package var failOn: Severity?
    /// Findings below this severity are not reported.
    package var severity: Severity?
    /// Where secrets are kept, and under which name.
    package var store = StoreSettings()
    package var sendGrid = SendGridSettings()
    /// Nil for the one that is meant where nothing is said: `aws-secrets-manager`.
    package var checklist: ChecklistReference?
    /// Parameters of steps, which come before those of the checklist; in the order of the file.
    package var steps: [StepSettings] = []

    package init() {}

    /// The name of the file, relative to a repository's root.
    package static let path = ".migrate/config.yml"
    private static let largest = 1 << 20
}

/// Why a configuration file cannot be used.
package struct ConfigurationError: Error, Sendable, Equatable {
    package var path: String
    /// From 1; 0 when no line is to blame.
    package var line: Int
    package var reason: String

    package init(path: String, line: Int, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }
}

extension Configuration {
    /// Reads the configuration of the repository or folder at `root`; without a file, the defaults.
    ///
    /// - Throws: `ConfigurationError`: nothing is scanned under half a configuration.
    package static func load(root: String) throws(ConfigurationError) -> Configuration {
        let path = root + "/" + Self.path
        let bytes: [UInt8]?
        do { bytes = try FileContent.read(path, limit: largest) } catch {
            throw ConfigurationError(path: path, line: 0, reason: error.reason)
        }
        guard let bytes else { return Configuration() }
        return try parse(bytes, path: path)
    }

    /// Parses the text of a configuration file. An unknown key is an error: it is most likely a misspelt one.
    package static func parse(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> Configuration {
        let root = try YAMLReader(path: path).root(of: bytes, limit: largest)
        guard let root else { return Configuration() }
        var reader = ConfigurationReader(path: path)
        try reader.readRoot(root)
        return reader.configuration
    }
}

/// Walks the nodes of a configuration file.
struct ConfigurationReader {
    private static let topKeys = ["version", "scan"] + StoreSettings.topKeys + ["sendgrid", "checklist", "steps"]
    let yaml: YAMLReader
    var configuration = Configuration()

    init(path: String) { yaml = YAMLReader(path: path) }

    mutating func readRoot(_ root: Node) throws(ConfigurationError) {
        for (key, value) in try yaml.pairs(root, "the file") {
            switch key.scalar?.string {
            case "version":
                guard value.int == 1 else { throw yaml.failure(value, "`version` must be 1") }
            case "scan":
                for (key, value) in try yaml.pairs(value, "`scan`") { try readScan(key, value) }
            default:
                if try readStore(key, value) { continue }
                if try readChecklist(key, value) { continue }
                throw yaml.unknownKey(key, known: Self.topKeys)
            }
        }
    }

    private mutating func readScan(_ key: Node, _ value: Node) throws(ConfigurationError) {
        switch key.scalar?.string {
        case "exclude":
            guard let items = value.sequence else {
                throw yaml.failure(value, "`scan.exclude` must be a list of paths")
            }
            for item in items {
                guard let text = item.scalar?.string, !text.isEmpty else {
                    throw yaml.failure(item, "`scan.exclude` must be a list of paths")
                }
                guard Self.isPath(text) else {
                    throw yaml.failure(
                        item,
                        "`scan.exclude` takes paths from the root on (`tests/fixtures`), no patterns, no leading `/` or `./`"
                    )
                }
                configuration.excludedPaths.append(text)
            }
        case "fail-on": configuration.failOn = try severity(value, "scan.fail-on")
        case "severity": configuration.severity = try severity(value, "scan.severity")
        default: throw yaml.unknownKey(key, prefix: "scan.", known: ["exclude", "fail-on", "severity"])
        }
    }

    /// Whether the text can name a path in the repository: one that never could would exclude nothing in silence.
    private static func isPath(_ text: String) -> Bool {
        !text.hasPrefix("/") && !text.hasPrefix("./") && !text.hasPrefix("../") && text != "."
            && !text.contains { "*?[]".contains($0) }
    }

    private func severity(_ node: Node, _ name: String) throws(ConfigurationError) -> Severity {
        guard let severity = node.scalar.flatMap({ Severity(name: $0.string) }) else {
            throw yaml.failure(
                node, "`\(name)` must be one of " + Severity.allCases.map(\.name).joined(separator: ", "))
        }
        return severity
    }
}
