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
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(path: path, line: 0, reason: "it is not UTF-8")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            let yaml = error as? YamlError
            throw ConfigurationError(path: path, line: yaml?.line ?? 0, reason: yaml?.problem ?? "it is not YAML")
        }
        guard let root else { return Configuration() }
        var reader = ConfigurationReader(path: path)
        try reader.readRoot(root)
        return reader.configuration
    }
}

/// Walks the nodes of a configuration file.
struct ConfigurationReader {
    private static let topKeys = ["`version`", "`scan`"] + StoreSettings.topKeys.map { "`\($0)`" }
    let path: String
    var configuration = Configuration()

    mutating func readRoot(_ root: Node) throws(ConfigurationError) {
        for (key, value) in try pairs(root, "the file") {
            switch key.string {
            case "version":
                guard value.int == 1 else { throw failure(value, "`version` must be 1") }
            case "scan":
                for (key, value) in try pairs(value, "`scan`") { try readScan(key, value) }
            default:
                if try readStore(key, value) { continue }
                throw failure(
                    key, "unknown key `\(key.string ?? "?")`; known are " + Self.topKeys.joined(separator: ", "))
            }
        }
    }

    private mutating func readScan(_ key: Node, _ value: Node) throws(ConfigurationError) {
        switch key.string {
        case "exclude":
            guard let items = value.sequence else { throw failure(value, "`scan.exclude` must be a list of paths") }
            for item in items {
                guard let text = item.string, !text.isEmpty else {
                    throw failure(item, "`scan.exclude` must be a list of paths")
                }
                guard Self.isPath(text) else {
                    throw failure(
                        item,
                        "`scan.exclude` takes paths from the root on (`tests/fixtures`), no patterns, no leading `/` or `./`"
                    )
                }
                configuration.excludedPaths.append(text)
            }
        case "fail-on": configuration.failOn = try severity(value, "scan.fail-on")
        case "severity": configuration.severity = try severity(value, "scan.severity")
        default:
            throw failure(key, "unknown key `scan.\(key.string ?? "?")`; known are `exclude`, `fail-on` and `severity`")
        }
    }

    /// Whether the text can name a path in the repository: one that never could would exclude nothing in silence.
    private static func isPath(_ text: String) -> Bool {
        !text.hasPrefix("/") && !text.hasPrefix("./") && !text.hasPrefix("../") && text != "."
            && !text.contains { "*?[]".contains($0) }
    }

    private func severity(_ node: Node, _ name: String) throws(ConfigurationError) -> Severity {
        guard let severity = node.string.flatMap({ Severity(name: $0) }) else {
            throw failure(node, "`\(name)` must be one of " + Severity.allCases.map(\.name).joined(separator: ", "))
        }
        return severity
    }

    func pairs(_ node: Node, _ what: String) throws(ConfigurationError) -> [(Node, Node)] {
        guard let mapping = node.mapping else { throw failure(node, "\(what) must hold `key: value` lines") }
        return mapping.map { ($0.key, $0.value) }
    }

    func failure(_ node: Node, _ reason: String) -> ConfigurationError {
        ConfigurationError(path: path, line: node.mark?.line ?? 0, reason: reason)
    }
}

extension YamlError {
    /// The line of the first problem, from 1.
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var problem: String? {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping: "a key stands twice"
        case .reader(let problem, _, _, _): problem
        default: nil
        }
    }
}
